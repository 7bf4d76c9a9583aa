// Why a transaction that is in a block failed, in words: what its own execution returned where the node traces, else what
// the same call says on the state before its block.
import type { Hash, Hex, PublicClient } from "viem";
import { type ArgumentFormat, decodeRevert, explain, type Failure, failure } from "../errors.ts";

export async function whyReverted(
  client: PublicClient,
  hash: Hash,
  block: bigint,
  format?: ArgumentFormat,
): Promise<Failure> {
  const output = await tracedOutput(client, hash);
  const traced = output === undefined ? undefined : await decodeRevert(output, format);
  if (traced !== undefined) return traced;
  try {
    const { from, to, input, value } = await client.getTransaction({ hash });
    await client.call({ account: from, to, data: input, value, blockNumber: block - 1n });
    return failure("reverted");
  } catch (error) {
    const told = await explain(error, format);
    return told.kind === "reverted" ? told : failure("reverted");
  }
}

/** What the failed execution returned; nothing where the node does not trace, or nothing was returned. */
async function tracedOutput(client: PublicClient, hash: Hash): Promise<Hex | undefined> {
  try {
    const trace = (await client.request({
      method: "debug_traceTransaction" as never,
      params: [hash, { tracer: "callTracer", tracerConfig: { onlyTopCall: true } }] as never,
    })) as { output?: Hex } | undefined;
    return trace?.output !== undefined && trace.output.length >= 10 ? trace.output : undefined;
  } catch {
    return undefined;
  }
}
