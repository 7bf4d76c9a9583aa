// The leg that holds the oracle against another implementation: Hardhat's simulated network, in this process, fed with
// the transactions that we included, in our order. It must not know how blocks are made.
// What Hardhat does differently by design is not compared: block hashes, roots, system contracts.

import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type {
  Address,
  Engine,
  Hardfork,
  Hash,
  Hex,
  Location,
  Message,
} from "../../chain/src/engine/types.ts";
import { bytesToHex } from "../../chain/src/protocol/bytes.ts";
import type { SignedAuthorization } from "../../chain/src/transaction/types.ts";
import { personOf } from "./accounts.ts";
import type { Executed } from "./execute.ts";
import { firstDifference } from "./execute.ts";
import type { Leg, LegFactory, StateBefore } from "./legs.ts";
import type { FuzzBlock, GenesisAccount } from "./scenario.ts";
import { signAuthorization, signMessage } from "./sign.ts";

interface Provider {
  request(call: { method: string; params?: unknown[] }): Promise<unknown>;
}

interface RpcReceipt {
  status: Hex;
  gasUsed: Hex;
  cumulativeGasUsed: Hex;
  effectiveGasPrice: Hex;
  contractAddress: Address | null;
  logs: { address: Address; topics: Hash[]; data: Hex }[];
}

const HARDFORKS: readonly Hardfork[] = ["cancun", "prague", "osaka"];
/** Before any fuzzed block. */
const INITIAL_DATE = new Date(1_700_000_000_000);

let runtime: ReturnType<typeof createHardhatRuntimeEnvironment> | null = null;

function hardhat() {
  runtime ??= createHardhatRuntimeEnvironment({
    networks: Object.fromEntries(
      HARDFORKS.map((hardfork) => [
        hardfork,
        {
          type: "edr-simulated" as const,
          chainType: "l1" as const,
          hardfork,
          chainId: 31_337,
          accounts: [],
          initialDate: INITIAL_DATE,
          mining: { auto: false, interval: 0, mempool: { order: "fifo" as const } },
          throwOnTransactionFailures: false,
        },
      ]),
    ),
  });
  return runtime;
}

/** `hardfork` and the number of the first block must be those of the scenario. */
export function hardhatLeg(hardfork: Hardfork): LegFactory {
  return async (genesis) => {
    const connection = await (await hardhat()).network.create(hardfork);
    const provider = (connection as unknown as { provider: Provider }).provider;
    const send = (method: string, ...params: unknown[]) => provider.request({ method, params });
    for (const [address, account] of Object.entries(genesis) as [Address, GenesisAccount][]) {
      await send("hardhat_setBalance", address, quantity(account.balance));
      if (account.code !== "0x") await send("hardhat_setCode", address, account.code);
      if (account.nonce !== 0n) await send("hardhat_setNonce", address, quantity(account.nonce));
      for (const [slot, value] of Object.entries(account.storage)) {
        await send("hardhat_setStorageAt", address, quantity(BigInt(slot)), value);
      }
    }
    let height = 0n;
    const leg: Leg = {
      takes: sendable,
      reExecutions: 0,
      async check(block, expected, oracle) {
        try {
          const { number } = block.environment;
          if (number > height + 1n) await send("hardhat_mine", quantity(number - height - 1n));
          height = number;
          return await checkBlock(send, block, expected, oracle);
        } catch (error) {
          return `threw ${error instanceof Error ? error.message : error}`;
        }
      },
      close: () => connection.close(),
    };
    return leg;
  };
}

/**
 * Leaves out what we included and Hardhat's pool would refuse: blobs without their sidecar, senders that could not pay
 * before the block, nonces that an authorisation or a creation in this block moved.
 */
function sendable({ messages }: FuzzBlock, { outcome }: Executed, before: StateBefore): Message[] {
  const refused = new Set<Message>();
  const sent = new Map<Address, bigint>();
  for (const { position } of outcome.included) {
    const message = messages[position]!;
    const { type, sender, nonce, gasLimit, maxFeePerGas, value } = message;
    const expected = before.getNonce(sender) + (sent.get(sender) ?? 0n);
    const payable = gasLimit * maxFeePerGas + value <= before.getBalance(sender);
    if (type === 3 || !payable || nonce !== expected) refused.add(message);
    else sent.set(sender, (sent.get(sender) ?? 0n) + 1n);
  }
  return messages.filter((message) => !refused.has(message));
}

type Send = (method: string, ...params: unknown[]) => Promise<unknown>;

async function checkBlock(
  send: Send,
  block: FuzzBlock,
  { outcome, written }: Executed,
  oracle: Engine,
): Promise<string | null> {
  const { environment, messages } = block;
  const hashes: Hash[] = [];
  // The pool looks at it.
  await send("evm_setBlockGasLimit", quantity(environment.gasLimit));
  for (const { position } of outcome.included) {
    hashes.push((await send("eth_sendRawTransaction", signed(messages[position]!))) as Hash);
  }
  await send("hardhat_setCoinbase", environment.coinbase);
  await send("hardhat_setPrevRandao", environment.prevRandao);
  await send("hardhat_setNextBlockBaseFeePerGas", quantity(environment.baseFeePerGas));
  await send("evm_setNextBlockTimestamp", quantity(environment.timestamp));
  await send("evm_mine");

  for (const [index, ours] of outcome.included.entries()) {
    const receipt = (await send("eth_getTransactionReceipt", hashes[index]!)) as RpcReceipt | null;
    if (receipt === null) return `included[${index}]: Hardhat did not include it`;
    const difference = firstDifference(
      {
        success: ours.success,
        gasUsed: ours.gasUsed,
        cumulativeGasUsed: ours.cumulativeGasUsed,
        effectiveGasPrice: ours.effectiveGasPrice,
        contractAddress: ours.success ? ours.contractAddress : null,
        logs: ours.logs,
      },
      {
        success: receipt.status === "0x1",
        gasUsed: BigInt(receipt.gasUsed),
        cumulativeGasUsed: BigInt(receipt.cumulativeGasUsed),
        effectiveGasPrice: BigInt(receipt.effectiveGasPrice),
        contractAddress: ours.success ? receipt.contractAddress : null,
        logs: receipt.logs.map(({ address, topics, data }) => ({ address, topics, data })),
      },
      `included[${index}]`,
    );
    if (difference !== null) return difference;
  }
  for (const location of written) {
    const [ours, theirs] = [ourValueOf(oracle, location), await theirValueOf(send, location)];
    if (ours !== theirs)
      return `${location.kind} of ${location.address} ${location.slot ?? ""}: ours ${ours}, theirs ${theirs}`;
  }
  return null;
}

function ourValueOf(oracle: Engine, { address, kind, slot }: Location): string {
  switch (kind) {
    case "balance":
      return quantity(oracle.getBalance(address));
    case "nonce":
      return quantity(oracle.getNonce(address));
    case "code":
      return bytesToHex(oracle.getCode(address));
    case "storage":
      return oracle.getStorage(address, slot!);
  }
}

async function theirValueOf(send: Send, { address, kind, slot }: Location): Promise<unknown> {
  switch (kind) {
    case "balance":
      return send("eth_getBalance", address, "latest");
    case "nonce":
      return send("eth_getTransactionCount", address, "latest");
    case "code":
      return send("eth_getCode", address, "latest");
    case "storage":
      return send("eth_getStorageAt", address, quantity(BigInt(slot!)), "latest");
  }
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}

function signed(message: Message): Hex {
  const person = personOf.get(message.sender);
  if (person === undefined) throw new Error(`no key for ${message.sender}`);
  const authorizations = message.authorizationList?.map((tuple): SignedAuthorization => {
    const key = tuple.authority === null ? null : personOf.get(tuple.authority)?.privateKey;
    if (key === undefined) throw new Error(`no key for ${tuple.authority}`);
    return signAuthorization(tuple, key);
  });
  return signMessage(message, authorizations, person.privateKey);
}
