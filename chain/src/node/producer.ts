// Runs one block on the engine by the protocol's order: system calls, transactions, withdrawals, requests. Used for
// blocks made here and for blocks checked. It must not know the pool, nor how the block's values were chosen.

import type {
  Address,
  BlockEnvironment,
  BlockExecution,
  Engine,
  Hardfork,
  Hash,
  Log,
  PackedMessage,
  SealedBlock,
} from "../engine/types.ts";
import { bloomBits, bloomMayHold } from "../protocol/bloom.ts";
import { hexToBytes } from "../protocol/bytes.ts";
import { blobBaseFee } from "../protocol/fees.ts";
import { type BlobSchedule, GAS_PER_BLOB, isAtLeast, maxBlobsPerTransaction } from "../protocol/forks.ts";
import { type BlockHeader, EMPTY_ROOT, type Withdrawal, withdrawalItems } from "../protocol/header.ts";
import {
  CONSOLIDATION_REQUEST_TYPE,
  DEPOSIT_REQUEST_TYPE,
  DepositLayoutError,
  depositRequests,
  requestsHash,
  WITHDRAWAL_REQUEST_TYPE,
} from "../protocol/requests.ts";
import { encodeRlp } from "../protocol/rlp.ts";
import {
  BEACON_ROOTS_ADDRESS,
  CONSOLIDATION_REQUESTS_ADDRESS,
  DEPOSIT_CONTRACT_ADDRESS,
  HISTORY_STORAGE_ADDRESS,
  WITHDRAWAL_REQUESTS_ADDRESS,
} from "../protocol/system.ts";
import { InvalidBlockError } from "./errors.ts";
import type { BlockTrace } from "./history.ts";
import type { ForkActivation } from "./types.ts";

/** What of a header the execution depends on. */
export type ExecutionHeader = Pick<
  BlockHeader,
  | "number"
  | "timestamp"
  | "gasLimit"
  | "coinbase"
  | "prevRandao"
  | "baseFeePerGas"
  | "excessBlobGas"
  | "parentHash"
  | "parentBeaconBlockRoot"
>;

export interface ExecutedBlock extends SealedBlock {
  execution: BlockExecution;
  /** From Prague on. */
  requestsHash?: Hash;
}

const WEI_PER_GWEI = 10n ** 9n;
const DEPOSIT_BLOOM_BITS = bloomBits(DEPOSIT_CONTRACT_ADDRESS);

export function blockEnvironment(
  header: Omit<ExecutionHeader, "parentHash" | "parentBeaconBlockRoot">,
  rules: ForkActivation,
  chain: { chainId: bigint; ancestorHashes: readonly Hash[]; unlimitedCodeSize: boolean },
): BlockEnvironment {
  const { hardfork, blobSchedule } = rules;
  return {
    number: header.number,
    timestamp: header.timestamp,
    gasLimit: header.gasLimit,
    coinbase: header.coinbase,
    prevRandao: header.prevRandao,
    baseFeePerGas: header.baseFeePerGas,
    blobBaseFee: blobBaseFee(header.excessBlobGas, blobSchedule),
    maxBlobGas: maxBlobGas(blobSchedule),
    maxBlobsPerTransaction: maxBlobsPerTransaction(hardfork, blobSchedule),
    hardfork,
    ...chain,
  };
}

export function maxBlobGas(schedule: BlobSchedule): bigint {
  return BigInt(schedule.max) * GAS_PER_BLOB;
}

/** What the protocol calls before a block's first transaction: EIP-4788 and, from Prague on, EIP-2935. */
export function openingCalls(
  { parentBeaconBlockRoot, parentHash }: Pick<BlockHeader, "parentBeaconBlockRoot" | "parentHash">,
  hardfork: Hardfork,
): { to: Address; data: Uint8Array }[] {
  const calls = [{ to: BEACON_ROOTS_ADDRESS, data: hexToBytes(parentBeaconBlockRoot) }];
  if (isAtLeast(hardfork, "prague"))
    calls.push({ to: HISTORY_STORAGE_ADDRESS, data: hexToBytes(parentHash) });
  return calls;
}

/**
 * Executes and seals. `strict`: a system contract that is missing or fails, or a deposit event laid out wrongly, makes the
 * block invalid (EIP-7002, 7251, 6110), as it does on a network; a devchain's own blocks pass over it. On any failure
 * the engine stands where it stood.
 */
export async function executeBlock(
  engine: Engine,
  environment: BlockEnvironment,
  header: ExecutionHeader,
  transactions: readonly PackedMessage[],
  withdrawals: readonly Withdrawal[],
  strict: boolean,
  /** Looks at the execution before it is sealed; by throwing it abandons the block. */
  inspect: (execution: BlockExecution) => void = () => {},
): Promise<ExecutedBlock> {
  const fromPrague = isAtLeast(environment.hardfork, "prague");
  engine.beginBlock(environment);
  try {
    for (const { to, data } of openingCalls(header, environment.hardfork)) engine.systemCall(to, data);
    const execution = await engine.executeTransactions(transactions);
    inspect(execution);
    for (const { address, amount } of withdrawals) engine.credit(address, amount * WEI_PER_GWEI);
    const hash = fromPrague ? collectRequests(engine, execution, strict) : undefined;
    return { execution, ...(await engine.seal()), ...(hash === undefined ? {} : { requestsHash: hash }) };
  } catch (error) {
    engine.abandon();
    throw error;
  }
}

function collectRequests(engine: Engine, execution: BlockExecution, strict: boolean): Hash {
  const call = (address: Hash): Uint8Array => {
    const { success, hasCode, output } = engine.systemCall(address, new Uint8Array(0));
    if (strict && !hasCode) throw new InvalidBlockError("system-contract-empty", `no code at ${address}`);
    if (strict && !success)
      throw new InvalidBlockError("system-contract-failed", `the system call to ${address} failed`);
    return hasCode && success ? output : new Uint8Array(0);
  };
  return requestsHash([
    { type: DEPOSIT_REQUEST_TYPE, data: deposits(execution, strict) },
    { type: WITHDRAWAL_REQUEST_TYPE, data: call(WITHDRAWAL_REQUESTS_ADDRESS) },
    { type: CONSOLIDATION_REQUEST_TYPE, data: call(CONSOLIDATION_REQUESTS_ADDRESS) },
  ]);
}

function deposits(execution: BlockExecution, strict: boolean): Uint8Array {
  // Logs are decoded on demand, and hardly any block has a deposit.
  if (!bloomMayHold(execution.logsBloom, DEPOSIT_BLOOM_BITS)) return new Uint8Array(0);
  try {
    return depositRequests(allLogs(execution));
  } catch (error) {
    if (!(error instanceof DepositLayoutError)) throw error;
    if (strict) throw new InvalidBlockError("deposit-event-layout", error.message);
    return new Uint8Array(0);
  }
}

function* allLogs(execution: BlockExecution): Iterable<Log> {
  for (const { logs } of execution.included) yield* logs;
}

export function withdrawalsRoot(engine: Engine, withdrawals: readonly Withdrawal[]): Hash {
  if (withdrawals.length === 0) return EMPTY_ROOT;
  return engine.orderedRoot(withdrawals.map((withdrawal) => encodeRlp(withdrawalItems(withdrawal))));
}

/** What the block that was executed last leaves for its report; decoded when it is asked for. */
export function traceOf(engine: Engine, execution: BlockExecution): BlockTrace {
  const accesses = execution.included.length > 0 ? engine.accessSets() : undefined;
  return {
    get telemetry() {
      return execution.telemetry;
    },
    accesses,
  };
}
