// Checks a block made elsewhere against its parent and against what its execution gives, as a peer would (Yellow Paper
// 4.4, EIP-1559, 4844, 4895, 7685, 7934). Refuses with InvalidBlockError and leaves the engine as it was.

import type { BlockExecution, Engine, Hash, PackedMessage } from "../engine/types.ts";
import { bytesToHex } from "../protocol/bytes.ts";
import { nextBaseFee, nextExcessBlobGas } from "../protocol/fees.ts";
import {
  GAS_LIMIT_BOUND_DIVISOR,
  GAS_PER_BLOB,
  isAtLeast,
  MAX_RLP_BLOCK_SIZE,
  MIN_GAS_LIMIT,
} from "../protocol/forks.ts";
import {
  type BlockHeader,
  EMPTY_OMMERS_HASH,
  hashHeader,
  headerFromItems,
  type Withdrawal,
  withdrawalFromItems,
  ZERO_HEADER_NONCE,
} from "../protocol/header.ts";
import { asBytes, asList, decodeRlp, encodeRlp, RlpError, type RlpItem } from "../protocol/rlp.ts";
import { type DecodedTransaction, decodeTransaction, withSender } from "../transaction/decode.ts";
import { describeFault, InvalidTransactionError } from "../transaction/errors.ts";
import { toMessage } from "../transaction/message.ts";
import type { Transaction } from "../transaction/types.ts";
import { InvalidBlockError } from "./errors.ts";
import type { StoredBlock } from "./history.ts";
import { rulesAt } from "./options.ts";
import { blockEnvironment, executeBlock, maxBlobGas, traceOf, withdrawalsRoot } from "./producer.ts";
import type { ForkActivation } from "./types.ts";

const MAX_EXTRA_DATA = 32;

export interface ImportContext {
  chainId: bigint;
  forks: readonly ForkActivation[];
  parent: StoredBlock;
  /** Of the child of `parent`, the parent's hash first. */
  ancestorHashes: readonly Hash[];
  unlimitedCodeSize: boolean;
}

/** A block with what the engine takes of each of its transactions. */
export interface WrittenBlock {
  header: BlockHeader;
  transactions: readonly Transaction[];
  packed: readonly PackedMessage[];
  withdrawals: readonly Withdrawal[];
}

/** Executes and seals the block on top of `context.parent`, which must be the engine's newest state. */
export async function importBlock(
  engine: Engine,
  rlp: Uint8Array,
  context: ImportContext,
): Promise<StoredBlock> {
  const { header, transactions: decoded, withdrawals } = decodeBlock(rlp);
  const rules = rulesAt(context.forks, header.timestamp);
  if (isAtLeast(rules.hardfork, "osaka") && rlp.length > MAX_RLP_BLOCK_SIZE) {
    throw new InvalidBlockError("rlp-size", `${rlp.length} bytes; EIP-7934 allows ${MAX_RLP_BLOCK_SIZE}`);
  }
  checkHeader(header, context.parent, rules);
  requireEqual("withdrawals-root", header.withdrawalsRoot, withdrawalsRoot(engine, withdrawals));
  const transactions = await recoverAll(engine, decoded);
  requireEqual(
    "transactions-root",
    header.transactionsRoot,
    engine.orderedRoot(decoded.map(({ raw }) => raw)),
  );
  for (const { chainId } of transactions) {
    if (chainId !== undefined && chainId !== context.chainId) {
      throw new InvalidBlockError(
        "wrong-chain-id",
        describeFault("wrong-chain-id", `have ${chainId} want ${context.chainId}`),
      );
    }
  }

  const packed: PackedMessage[] = transactions.map((transaction) => engine.pack(toMessage(transaction)));
  return executeAsWritten(engine, { header, transactions, packed, withdrawals }, context, true);
}

/**
 * Executes and seals a block and holds what comes out to its header. `strict`: as for executeBlock(). Throws
 * InvalidBlockError and leaves the engine as it was.
 */
export async function executeAsWritten(
  engine: Engine,
  { header, transactions, packed, withdrawals }: WrittenBlock,
  context: ImportContext,
  strict: boolean,
): Promise<StoredBlock> {
  requireEqual("parent-hash", header.parentHash, context.parent.hash!);
  const environment = blockEnvironment(header, rulesAt(context.forks, header.timestamp), context);
  const before = engine.head;
  const startedAt = performance.now();
  const refuseExclusion = ({ excluded }: BlockExecution) => {
    const first = excluded[0];
    if (!first) return;
    const { hash } = transactions[first.position]!;
    throw new InvalidBlockError(
      first.reason,
      `transaction ${first.position} (${hash}): ${describeFault(first.reason)}`,
    );
  };
  const executed = await executeBlock(
    engine,
    environment,
    header,
    packed,
    withdrawals,
    strict,
    refuseExclusion,
  );
  const { execution } = executed;
  try {
    requireEqual("gas-used", header.gasUsed, execution.gasUsed);
    requireEqual("blob-gas-used", header.blobGasUsed, execution.blobGasUsed);
    requireEqual("transactions-root", header.transactionsRoot, execution.transactionsRoot);
    requireEqual("receipts-root", header.receiptsRoot, execution.receiptsRoot);
    requireEqual("logs-bloom", header.logsBloom, bytesToHex(execution.logsBloom));
    requireEqual("requests-hash", header.requestsHash, executed.requestsHash);
    requireEqual("state-root", header.stateRoot, executed.stateRoot);
  } catch (error) {
    engine.revertTo(before);
    throw error;
  }
  return {
    header,
    hash: hashHeader(header),
    transactions,
    results: execution.included,
    withdrawals,
    bloom: execution.logsBloom,
    blobBaseFee: environment.blobBaseFee,
    version: executed.version,
    workers: execution.workers,
    milliseconds: performance.now() - startedAt,
    reExecutions: execution.reExecutions,
    trace: traceOf(engine, execution),
  };
}

interface DecodedBlock {
  header: BlockHeader;
  transactions: DecodedTransaction[];
  withdrawals: Withdrawal[];
}

/** rlp([header, transactions, ommers, withdrawals]); throws InvalidBlockError. */
export function decodeBlock(rlp: Uint8Array): DecodedBlock {
  try {
    const [header, transactions, ommers, withdrawals] = asList(decodeRlp(rlp), "block", 4);
    if (asList(ommers, "ommers").length > 0)
      throw new InvalidBlockError("ommers", "there are no ommers since the merge");
    return {
      header: headerFromItems(header),
      transactions: asList(transactions, "transactions").map(decodeItem),
      withdrawals: asList(withdrawals, "withdrawals").map(withdrawalFromItems),
    };
  } catch (error) {
    if (error instanceof RlpError) throw new InvalidBlockError("rlp", error.message);
    if (error instanceof InvalidTransactionError) throw new InvalidBlockError(error.reason, error.message);
    throw error;
  }
}

function decodeItem(item: RlpItem): DecodedTransaction {
  if (Array.isArray(item)) return decodeTransaction(encodeRlp(item));
  const bytes = asBytes(item, "transaction");
  // A legacy transaction stands in a block as a list, and a sidecar has no place in it.
  if (bytes.length === 0 || bytes[0]! >= 0x80)
    throw new RlpError("a transaction's byte string is not a typed envelope");
  const decoded = decodeTransaction(bytes);
  if (decoded.raw.length !== bytes.length) throw new RlpError("a blob sidecar inside a block");
  return decoded;
}

async function recoverAll(engine: Engine, decoded: readonly DecodedTransaction[]): Promise<Transaction[]> {
  const senders = await engine.recoverSenders(decoded.map(({ signature }) => signature));
  return decoded.map((transaction, i) => {
    const sender = senders[i];
    if (!sender)
      throw new InvalidBlockError(
        "invalid-signature",
        `transaction ${i}: ${describeFault("invalid-signature")}`,
      );
    return withSender(transaction, sender);
  });
}

/** The header against its parent and the rules of its time; roots of the execution are checked later. */
function checkHeader(header: BlockHeader, parent: StoredBlock, rules: ForkActivation): void {
  const { hardfork, blobSchedule } = rules;
  const refuseUnless = (holds: boolean, rule: string, message: string): void => {
    if (!holds) throw new InvalidBlockError(rule, message);
  };
  requireEqual("parent-hash", header.parentHash, parent.hash!);
  requireEqual("number", header.number, parent.header.number + 1n);
  refuseUnless(
    header.timestamp > parent.header.timestamp,
    "timestamp",
    `time ${header.timestamp} is not after the parent's ${parent.header.timestamp}`,
  );
  requireEqual("ommers-hash", header.ommersHash, EMPTY_OMMERS_HASH);
  requireEqual("difficulty", header.difficulty, 0n);
  requireEqual("nonce", header.nonce, ZERO_HEADER_NONCE);
  const extra = (header.extraData.length - 2) / 2;
  refuseUnless(
    extra <= MAX_EXTRA_DATA,
    "extra-data",
    `${extra} bytes of extra data; ${MAX_EXTRA_DATA} are allowed`,
  );
  const bound = parent.header.gasLimit / GAS_LIMIT_BOUND_DIVISOR;
  const change = header.gasLimit - parent.header.gasLimit;
  refuseUnless(
    change < bound && -change < bound && header.gasLimit >= MIN_GAS_LIMIT && header.gasLimit < 2n ** 63n,
    "gas-limit",
    `gas limit ${header.gasLimit} is too far from the parent's ${parent.header.gasLimit}`,
  );
  refuseUnless(header.gasUsed <= header.gasLimit, "gas-used", "more gas is used than the limit allows");
  requireEqual("base-fee", header.baseFeePerGas, nextBaseFee(parent.header));
  requireEqual(
    "excess-blob-gas",
    header.excessBlobGas,
    nextExcessBlobGas(parent.header, hardfork, blobSchedule),
  );
  refuseUnless(
    header.blobGasUsed <= maxBlobGas(blobSchedule) && header.blobGasUsed % GAS_PER_BLOB === 0n,
    "blob-gas-used",
    `blob gas used ${header.blobGasUsed} is above ${maxBlobGas(blobSchedule)} or no multiple of ${GAS_PER_BLOB}`,
  );
  refuseUnless(
    (header.requestsHash !== undefined) === isAtLeast(hardfork, "prague"),
    "requests-hash",
    `the header ${header.requestsHash ? "has" : "lacks"} a requests hash at ${hardfork}`,
  );
}

function requireEqual(rule: string, given: unknown, expected: unknown): void {
  if (given !== expected) throw new InvalidBlockError(rule, `${rule}: have ${given}, want ${expected}`);
}
