// Why a transaction that is in a block failed, in words: what its own execution returned where the node traces, else what
// the same call says on the state before its block.
import type { Address, Hash, Hex, PublicClient } from "viem";
import { type ArgumentFormat, decodeRevert, explain, type Failure, failure } from "../errors.ts";

/** `unitsOf` gives the arguments of a contract's errors their units. */
export async function whyReverted(
  client: PublicClient,
  hash: Hash,
  block: bigint,
  unitsOf?: (contract: string) => ArgumentFormat,
): Promise<Failure> {
  const found = await traced(client, hash);
  const told = found && (await decodeRevert(found.output, unitsOf?.(found.contract)));
  if (told !== undefined) return told;
  try {
    const { from, to, input, value } = await client.getTransaction({ hash });
    await client.call({ account: from, to, data: input, value, blockNumber: block - 1n });
    return failure("reverted");
  } catch (error) {
    const told = await explain(error);
    return told.kind === "reverted" ? told : failure("reverted");
  }
}

type Frame = { to?: Address; output?: Hex; error?: string; calls?: Frame[] };

/** What the failed execution returned and who said so first; nothing where the node does not trace, or nothing came back. */
async function traced(
  client: PublicClient,
  hash: Hash,
): Promise<{ output: Hex; contract: string } | undefined> {
  try {
    const top = (await client.request({
      method: "debug_traceTransaction" as never,
      params: [hash, { tracer: "callTracer" }] as never,
    })) as Frame;
    const { output } = top;
    if (output === undefined || output.length < 10) return undefined;
    let frame = top;
    for (let next: Frame | undefined = top; next !== undefined; ) {
      frame = next;
      next = frame.calls?.findLast((call) => call.error !== undefined && call.output === output);
    }
    return { output, contract: frame.to ?? "" };
  } catch {
    return undefined;
  }
}
