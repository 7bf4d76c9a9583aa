// From the node's values to the JSON of the field (execution-apis, geth's shapes). No state, no decisions.

import type {
  AccessSets,
  AccountProof,
  Block,
  BlockHeader,
  BlockReport,
  FeeHistory,
  Hex,
  LogEntry,
  MinedTransaction,
  Receipt,
  ReportLocation,
  SimulatedBlock,
  Transaction,
} from "../node/types.ts";
import { describeRevert } from "./revert.ts";
import type { Json } from "./types.ts";

export function quantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}

function orNull<T>(value: T | null, encode: (value: T) => Json): Json {
  return value === null ? null : encode(value);
}

/** A header as newHeads shows it. */
export function encodeHeader(header: BlockHeader, hash: Hex | null): { [key: string]: Json } {
  return {
    hash,
    number: quantity(header.number),
    parentHash: header.parentHash,
    nonce: header.nonce,
    mixHash: header.prevRandao,
    sha3Uncles: header.ommersHash,
    logsBloom: header.logsBloom,
    stateRoot: header.stateRoot,
    transactionsRoot: header.transactionsRoot,
    receiptsRoot: header.receiptsRoot,
    miner: header.coinbase,
    difficulty: quantity(header.difficulty),
    extraData: header.extraData,
    gasLimit: quantity(header.gasLimit),
    gasUsed: quantity(header.gasUsed),
    timestamp: quantity(header.timestamp),
    baseFeePerGas: quantity(header.baseFeePerGas),
    withdrawalsRoot: header.withdrawalsRoot,
    blobGasUsed: quantity(header.blobGasUsed),
    excessBlobGas: quantity(header.excessBlobGas),
    parentBeaconBlockRoot: header.parentBeaconBlockRoot,
    ...(header.requestsHash === undefined ? {} : { requestsHash: header.requestsHash }),
  };
}

/** @param full whole transactions instead of their hashes */
export function encodeBlock(block: Block, full: boolean): { [key: string]: Json } {
  return {
    ...encodeHeader(block.header, block.hash),
    size: quantity(block.size),
    uncles: [],
    transactions: block.transactions.map((mined) =>
      full ? encodeTransaction(mined) : mined.transaction.hash,
    ),
    withdrawals: block.withdrawals.map((withdrawal) => ({
      index: quantity(withdrawal.index),
      validatorIndex: quantity(withdrawal.validatorIndex),
      address: withdrawal.address,
      amount: quantity(withdrawal.amount),
    })),
  };
}

export function encodeTransaction(mined: MinedTransaction): Json {
  return {
    blockHash: mined.blockHash,
    blockNumber: orNull(mined.blockNumber, quantity),
    blockTimestamp: orNull(mined.blockTimestamp, quantity),
    transactionIndex: orNull(mined.index, quantity),
    ...encodeSigned(mined.transaction, mined.effectiveGasPrice),
  };
}

/** A transaction that no block holds. */
export function encodeWaiting(transaction: Transaction): Json {
  const price = transaction.gasPrice ?? transaction.maxFeePerGas ?? 0n;
  return {
    blockHash: null,
    blockNumber: null,
    blockTimestamp: null,
    transactionIndex: null,
    ...encodeSigned(transaction, price),
  };
}

/** The fields of the transaction itself. @param price wei per gas: paid, or the cap while pending */
export function encodeSigned(transaction: Transaction, price: bigint): { [key: string]: Json } {
  const t = transaction;
  return {
    from: t.from,
    gas: quantity(t.gas),
    gasPrice: quantity(price),
    ...(t.maxFeePerGas === undefined ? {} : { maxFeePerGas: quantity(t.maxFeePerGas) }),
    ...(t.maxPriorityFeePerGas === undefined
      ? {}
      : { maxPriorityFeePerGas: quantity(t.maxPriorityFeePerGas) }),
    ...(t.maxFeePerBlobGas === undefined ? {} : { maxFeePerBlobGas: quantity(t.maxFeePerBlobGas) }),
    hash: t.hash,
    input: t.data,
    nonce: quantity(t.nonce),
    to: t.to,
    value: quantity(t.value),
    type: quantity(t.type),
    ...(t.accessList === undefined
      ? {}
      : {
          accessList: t.accessList.map(({ address, storageKeys }) => ({
            address,
            storageKeys: [...storageKeys],
          })),
        }),
    ...(t.chainId === undefined ? {} : { chainId: quantity(t.chainId) }),
    ...(t.blobVersionedHashes === undefined ? {} : { blobVersionedHashes: [...t.blobVersionedHashes] }),
    ...(t.authorizationList === undefined
      ? {}
      : {
          authorizationList: t.authorizationList.map((tuple) => ({
            chainId: quantity(tuple.chainId),
            address: tuple.address,
            nonce: quantity(tuple.nonce),
            yParity: quantity(tuple.yParity),
            r: quantity(tuple.r),
            s: quantity(tuple.s),
          })),
        }),
    v: quantity(t.v),
    r: quantity(t.r),
    s: quantity(t.s),
    ...(t.yParity === undefined ? {} : { yParity: quantity(t.yParity) }),
  };
}

export function encodeReceipt(receipt: Receipt): Json {
  const { transaction } = receipt;
  return {
    blockHash: receipt.blockHash,
    blockNumber: quantity(receipt.blockNumber),
    transactionHash: transaction.hash,
    transactionIndex: quantity(receipt.index),
    from: transaction.from,
    to: transaction.to,
    contractAddress: receipt.contractAddress,
    cumulativeGasUsed: quantity(receipt.cumulativeGasUsed),
    gasUsed: quantity(receipt.gasUsed),
    effectiveGasPrice: quantity(receipt.effectiveGasPrice),
    logs: receipt.logs.map(encodeLog),
    logsBloom: receipt.logsBloom,
    status: receipt.success ? "0x1" : "0x0",
    type: quantity(transaction.type),
    ...(receipt.blobGasUsed === undefined ? {} : { blobGasUsed: quantity(receipt.blobGasUsed) }),
    ...(receipt.blobGasPrice === undefined ? {} : { blobGasPrice: quantity(receipt.blobGasPrice) }),
  };
}

export function encodeLog(log: LogEntry): Json {
  return {
    address: log.address,
    topics: [...log.topics],
    data: log.data,
    blockNumber: orNull(log.blockNumber, quantity),
    blockHash: log.blockHash,
    blockTimestamp: orNull(log.blockTimestamp, quantity),
    transactionHash: log.transactionHash,
    transactionIndex: quantity(log.transactionIndex),
    logIndex: quantity(log.logIndex),
    removed: log.removed,
  };
}

export function encodeFeeHistory(history: FeeHistory): Json {
  return {
    oldestBlock: quantity(history.oldestBlock),
    baseFeePerGas: history.baseFeePerGas.map(quantity),
    gasUsedRatio: [...history.gasUsedRatio],
    baseFeePerBlobGas: history.baseFeePerBlobGas.map(quantity),
    blobGasUsedRatio: [...history.blobGasUsedRatio],
    ...(history.reward === undefined ? {} : { reward: history.reward.map((row) => row.map(quantity)) }),
  };
}

/** @param keys storage keys as they were asked for, which is how the field gives them back */
export function encodeProof(address: Hex, proof: AccountProof, keys: readonly string[]): Json {
  return {
    address,
    balance: quantity(proof.balance),
    nonce: quantity(proof.nonce),
    codeHash: proof.codeHash,
    storageHash: proof.storageHash,
    accountProof: proof.accountProof,
    storageProof: proof.storageProof.map((entry, index) => ({
      key: keys[index] ?? entry.key,
      value: quantity(entry.value),
      proof: entry.proof,
    })),
  };
}

export function encodeSimulated(simulated: SimulatedBlock, full: boolean): Json {
  return {
    ...encodeBlock(simulated.block, full),
    calls: simulated.calls.map((call) => ({
      returnData: call.returnData,
      logs: call.logs.map(encodeLog),
      gasUsed: quantity(call.gasUsed),
      status: call.success ? "0x1" : "0x0",
      ...(call.error === undefined
        ? {}
        : {
            error: {
              code: call.error.code,
              message: call.error.code === 3 ? describeRevert(call.returnData) : call.error.message,
              ...(call.error.data === undefined ? {} : { data: call.error.data }),
            },
          }),
    })),
  };
}

function encodeLocation({ address, kind, slot }: ReportLocation): Json {
  return { address, kind, ...(slot === undefined ? {} : { slot }) };
}

/** Reads and writes are indexes into the locations. */
export function encodeAccessSets({ locations, transactions }: AccessSets): Json {
  return {
    locations: locations.map(encodeLocation),
    transactions: transactions.map(({ index, gasUsed, reads, writes }) => ({
      index,
      gasUsed: quantity(gasUsed),
      reads: [...reads],
      writes: [...writes],
    })),
  };
}

/** Numbers stay numbers, gas is a quantity. */
export function encodeReport(report: BlockReport): Json {
  return {
    blockNumber: quantity(report.blockNumber),
    blockHash: report.blockHash,
    workers: report.workers,
    transactions: report.transactions.map((transaction) => ({
      hash: transaction.hash,
      index: transaction.index,
      worker: transaction.worker,
      attempts: transaction.attempts,
      speculativeGas: quantity(transaction.speculativeGas),
      gasUsed: quantity(transaction.gasUsed),
      startedAt: transaction.startedAt,
      finishedAt: transaction.finishedAt,
      conflicts: transaction.conflicts.map((conflict) => ({
        readerIndex: transaction.index,
        writerIndex: conflict.writerIndex,
        location: encodeLocation(conflict.location),
        ...(conflict.codeAddress === undefined ? {} : { codeAddress: conflict.codeAddress }),
        ...(conflict.pc === undefined ? {} : { pc: conflict.pc }),
      })),
    })),
    reExecutions: report.reExecutions,
    wastedGas: quantity(report.wastedGas),
    totalGas: quantity(report.totalGas),
    criticalPath: {
      transactions: [...report.criticalPath.transactions],
      gas: quantity(report.criticalPath.gas),
    },
    parallelism: report.parallelism,
    contended: report.contended.map(({ location: where, readers, writers }) => ({
      location: encodeLocation(where),
      readers,
      writers,
    })),
  };
}
