// How parallel a block was, as the node tells it (`parallel_getBlockReport`). On other nodes there is none.
import { isError, type JsonRpcProvider, toQuantity } from "ethers";

export type BlockReport = {
  blockNumber: number;
  workers: number;
  transactions: number;
  gas: bigint;
  /** The longest chain of transactions that had to wait for each other. */
  criticalPath: { transactions: number; gas: bigint };
  /** Total gas / gas of the critical path. */
  parallelism: number;
  reExecutions: number;
  /** Gas of executions that were thrown away. */
  wastedGas: bigint;
  /** From the first start to the last end, microseconds. */
  microseconds: number;
  /** Storage that transactions waited for, most wanted first. */
  contended: { address: string; kind: string; slot: string | undefined; readers: number; writers: number }[];
};

type Quantity = string | number;
type RawReport = {
  blockNumber: Quantity;
  workers: Quantity;
  transactions: { startedAt: Quantity; finishedAt: Quantity }[];
  reExecutions: Quantity;
  wastedGas: Quantity;
  totalGas: Quantity;
  criticalPath: { transactions: unknown[]; gas: Quantity };
  parallelism: number;
  contended: {
    location: { address: string; kind: string; slot?: string };
    readers: Quantity;
    writers: Quantity;
  }[];
};

/** The report of block `number`; undefined where the node keeps none. */
export async function blockReport(
  provider: JsonRpcProvider,
  number: number,
): Promise<BlockReport | undefined> {
  let raw: RawReport | null;
  try {
    raw = (await provider.send("parallel_getBlockReport", [toQuantity(number)])) as RawReport | null;
  } catch (error) {
    if (isMethodMissing(error)) return undefined;
    throw error;
  }
  if (raw === null) return undefined;
  const { transactions } = raw;
  return {
    blockNumber: Number(raw.blockNumber),
    workers: Number(raw.workers),
    transactions: transactions.length,
    gas: BigInt(raw.totalGas),
    criticalPath: { transactions: raw.criticalPath.transactions.length, gas: BigInt(raw.criticalPath.gas) },
    parallelism: raw.parallelism,
    reExecutions: Number(raw.reExecutions),
    wastedGas: BigInt(raw.wastedGas),
    microseconds:
      transactions.length === 0
        ? 0
        : Math.max(...transactions.map(({ finishedAt }) => Number(finishedAt))) -
          Math.min(...transactions.map(({ startedAt }) => Number(startedAt))),
    contended: raw.contended.map(({ location, readers, writers }) => ({
      address: location.address,
      kind: location.kind,
      slot: location.slot,
      readers: Number(readers),
      writers: Number(writers),
    })),
  };
}

/** JSON-RPC -32601, or how nodes without the code word it. */
function isMethodMissing(error: unknown): boolean {
  if (isError(error, "UNSUPPORTED_OPERATION")) return true;
  const inner = (error as { error?: { code?: number; message?: string } }).error;
  return (
    inner?.code === -32_601 || inner?.code === -32_004 || /method .*(not|doesn't)/i.test(inner?.message ?? "")
  );
}
