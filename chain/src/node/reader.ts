// The reading half of the node: history, state, execution without effect, fees and reports. What touches the engine
// waits its turn in `exclusive`. It must not change the chain.

import type { AccessSets, AccountProof, CallOptions, Engine, Version } from "../engine/types.ts";
import { bytesToHex } from "../protocol/bytes.ts";
import { encodeHeader } from "../protocol/header.ts";
import { DEFAULT_PRIORITY_FEE } from "./admission.ts";
import { type CallContext, call, createAccessList, estimateGas } from "./calls.ts";
import type { ChainCore } from "./core.ts";
import { ChainError } from "./errors.ts";
import { feeHistoryOf, MAX_FEE_HISTORY_BLOCKS } from "./fee-history.ts";
import {
  accessesOf,
  blockView,
  encodeBlock,
  encodeReceipt,
  minedTransaction,
  receiptView,
  receiptViews,
  reportOf,
  type StoredBlock,
} from "./history.ts";
import { simulate } from "./simulate.ts";
import { sequenceUntil, traceCall, traceTransactions } from "./tracing.ts";
import type {
  AccessListResult,
  Address,
  Block,
  BlockReference,
  BlockReport,
  BlockSummary,
  CallParameters,
  ChainEvent,
  FeeHistory,
  Hash,
  Hex,
  LogEntry,
  LogFilter,
  MinedTransaction,
  Receipt,
  SimulatedBlock,
  SimulateParameters,
  TraceCallParameters,
  TracerFactory,
  TransactionOutcome,
} from "./types.ts";

export abstract class ChainReader {
  readonly chainId: bigint;
  protected readonly core: ChainCore;

  constructor(core: ChainCore) {
    this.chainId = core.config.chainId;
    this.core = core;
  }

  /** Runs `work` when all that was asked for before has ended. */
  protected abstract exclusive<T>(work: () => T | Promise<T>): Promise<T>;

  abstract subscribe(listener: (event: ChainEvent) => void): () => void;

  get head(): Block {
    return blockView(this.core.head);
  }

  /* HISTORY */

  async getBlock(reference: BlockReference): Promise<Block | null> {
    return this.view(reference, (block) => blockView(block));
  }

  async getRawBlock(reference: BlockReference): Promise<Hex | null> {
    return this.view(reference, (block) => bytesToHex(encodeBlock(block)));
  }

  async getRawHeader(reference: BlockReference): Promise<Hex | null> {
    return this.view(reference, ({ header }) => bytesToHex(encodeHeader(header)));
  }

  async getRawReceipts(reference: BlockReference): Promise<Hex[] | null> {
    return this.view(reference, ({ results, transactions }) =>
      results.map((result, i) => bytesToHex(encodeReceipt(transactions[i]!.type, result))),
    );
  }

  async getTransaction(hash: Hash): Promise<MinedTransaction | null> {
    const { history, pool } = this.core;
    const mined = history.find(hash);
    if (mined) return minedTransaction(mined.block, mined.index);
    const waiting = pool.get(hash)?.transaction;
    if (!waiting) return null;
    return {
      transaction: waiting,
      blockHash: null,
      blockNumber: null,
      blockTimestamp: null,
      index: null,
      effectiveGasPrice: waiting.maxFeePerGas ?? waiting.gasPrice!,
    };
  }

  async getTransactionByIndex(reference: BlockReference, index: number): Promise<MinedTransaction | null> {
    return this.view(reference, (block) =>
      index < block.transactions.length ? minedTransaction(block, index) : null,
    );
  }

  async getReceipt(hash: Hash): Promise<Receipt | null> {
    const mined = this.core.history.find(hash);
    return mined && receiptView(mined.block, mined.index);
  }

  async getBlockReceipts(reference: BlockReference): Promise<Receipt[] | null> {
    const block = this.core.find(reference);
    return block && receiptViews(block);
  }

  async getLogs(filter: LogFilter): Promise<LogEntry[]> {
    const { history, head } = this.core;
    if (filter.blockHash !== undefined) {
      const { number } = this.core.require({ blockHash: filter.blockHash }).header;
      return history.logs(number, number, filter);
    }
    const numberOf = (reference: BlockReference = "latest"): bigint =>
      typeof reference === "bigint" ? reference : this.core.require(reference).header.number;
    const from = numberOf(filter.fromBlock);
    const to = numberOf(filter.toBlock);
    if (from > to && filter.toBlock !== undefined) {
      throw new ChainError(
        "invalid-input",
        `invalid block range params: fromBlock ${from} is above toBlock ${to}`,
      );
    }
    return history.logs(from, to < head.header.number ? to : head.header.number, filter);
  }

  async getOutcome(hash: Hash): Promise<TransactionOutcome> {
    const receipt = await this.getReceipt(hash);
    if (receipt) return { status: "mined", receipt };
    if (this.core.pool.get(hash)) return { status: "pending" };
    const reason = this.core.reasonDropped(hash);
    return reason === null ? { status: "unknown" } : { status: "dropped", reason };
  }

  async waitForTransaction(hash: Hash, milliseconds: number): Promise<TransactionOutcome> {
    const outcome = await this.getOutcome(hash);
    if (outcome.status !== "pending") return outcome;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        unsubscribe();
        resolve(this.getOutcome(hash));
      };
      const timer = setTimeout(end, milliseconds);
      const unsubscribe = this.subscribe(() => {
        if (!this.core.pool.get(hash)) end();
      });
    });
  }

  /* STATE */

  getBalance(address: Address, block?: BlockReference): Promise<bigint> {
    return this.read(block, (engine, at) => engine.getBalance(address, at));
  }

  getNonce(address: Address, block?: BlockReference): Promise<bigint> {
    if (block !== "pending") return this.read(block, (engine, at) => engine.getNonce(address, at));
    return this.exclusive(() => this.core.pool.nextNonce(address, this.core.engine.getNonce(address)));
  }

  getCode(address: Address, block?: BlockReference): Promise<Hex> {
    return this.read(block, (engine, at) => bytesToHex(engine.getCode(address, at)));
  }

  getStorage(address: Address, slot: Hash, block?: BlockReference): Promise<Hash> {
    return this.read(block, (engine, at) => engine.getStorage(address, slot, at));
  }

  getProof(address: Address, slots: readonly Hash[], block?: BlockReference): Promise<AccountProof> {
    return this.read(block, (engine, at) => {
      if (at !== undefined) {
        throw new ChainError(
          "unsupported",
          "proofs are made for the newest block only: older tries are not kept",
        );
      }
      return engine.getProof(address, slots);
    });
  }

  /* EXECUTION WITHOUT EFFECT */

  call(parameters: CallParameters): Promise<Hex> {
    return this.withCall(parameters, (context) => bytesToHex(call(context, parameters.request)));
  }

  estimateGas(parameters: CallParameters): Promise<bigint> {
    return this.withCall(parameters, (context) => estimateGas(context, parameters.request));
  }

  createAccessList(parameters: CallParameters): Promise<AccessListResult> {
    return this.withCall(parameters, (context) => createAccessList(context, parameters.request));
  }

  simulate(parameters: SimulateParameters): Promise<SimulatedBlock[]> {
    return this.exclusive(() => {
      const core = this.core;
      if (core.require(parameters.block ?? "latest") !== core.head) {
        throw new ChainError("unsupported", "blocks are simulated on the newest one only");
      }
      return simulate(
        {
          engine: core.engine,
          history: core.history,
          forks: core.config.forks,
          chainId: this.chainId,
          unlimitedCodeSize: core.config.allowUnlimitedContractSize,
        },
        parameters,
      );
    });
  }

  /* EXECUTION AGAIN */

  traceTransaction<T>(hash: Hash, trace: TracerFactory<T>): Promise<T> {
    return this.exclusive(() => {
      const mined = this.core.history.find(hash);
      if (!mined) throw new ChainError("not-found", "transaction not found");
      const { block, index } = mined;
      return traceTransactions(this.core, block, trace, index, index + 1)[0]!.result;
    });
  }

  traceBlock<T>(
    reference: BlockReference,
    trace: TracerFactory<T>,
  ): Promise<{ transactionHash: Hash; result: T }[]> {
    return this.exclusive(() => {
      const core = this.core;
      return reference === "pending"
        ? core.withPending((block) => traceTransactions(core, block, trace))
        : traceTransactions(core, core.require(reference), trace);
    });
  }

  traceCall<T>(parameters: TraceCallParameters, trace: TracerFactory<T>): Promise<T> {
    const { request, transactionIndex, block = "latest" } = parameters;
    return this.withCall(parameters, (context) => {
      const before =
        transactionIndex === undefined
          ? undefined
          : sequenceUntil(this.core, this.core.require(block), transactionIndex);
      return traceCall(context, request, trace, before);
    });
  }

  /* FEES */

  async gasPrice(): Promise<bigint> {
    return this.core.nextBaseFee() + DEFAULT_PRIORITY_FEE;
  }

  async maxPriorityFeePerGas(): Promise<bigint> {
    return DEFAULT_PRIORITY_FEE;
  }

  async blobBaseFee(): Promise<bigint> {
    return this.core.nextBlobBaseFee();
  }

  async feeHistory(
    blockCount: number,
    newest: BlockReference,
    percentiles?: readonly number[],
  ): Promise<FeeHistory> {
    const core = this.core;
    const last = core.require(newest);
    const count = Math.min(Math.max(blockCount, 0), MAX_FEE_HISTORY_BLOCKS, Number(last.header.number) + 1);
    const blocks = Array.from(
      { length: count },
      (_, i) => core.history.at(last.header.number - BigInt(count - 1 - i))!,
    );
    const following = core.history.at(last.header.number + 1n);
    const next = following
      ? { baseFeePerGas: following.header.baseFeePerGas, blobBaseFee: following.blobBaseFee }
      : { baseFeePerGas: core.nextBaseFee(), blobBaseFee: core.nextBlobBaseFee() };
    return feeHistoryOf(blocks, next, core.config.forks, percentiles);
  }

  /* REPORTS */

  async getBlockReport(reference: BlockReference): Promise<BlockReport | null> {
    const block = this.core.find(reference);
    return block && reportOf(block);
  }

  async getAccessSets(reference: BlockReference): Promise<AccessSets | null> {
    const block = this.core.find(reference);
    return block && accessesOf(block);
  }

  async summarise(reference: BlockReference): Promise<BlockSummary | null> {
    const block = this.core.find(reference);
    return block && summaryOf(block);
  }

  /* PARTS */

  private async view<T>(reference: BlockReference, view: (block: StoredBlock) => T): Promise<T | null> {
    if (reference === "pending") return this.exclusive(() => this.core.withPending(view));
    const block = this.core.find(reference);
    return block && view(block);
  }

  private read<T>(
    reference: BlockReference = "latest",
    read: (engine: Engine, at: Version | undefined) => T,
  ): Promise<T> {
    return this.exclusive(() => {
      const core = this.core;
      if (reference === "pending" && core.select().length > 0) {
        return core.withPending(() => read(core.engine, undefined));
      }
      return read(core.engine, core.versionOf(core.require(reference)));
    });
  }

  private withCall<T>(parameters: CallParameters, use: (context: CallContext) => T): Promise<T> {
    return this.exclusive(() => {
      const core = this.core;
      const { block: reference = "latest", stateOverrides, blockOverrides } = parameters;
      const options: CallOptions = stateOverrides ? { overrides: stateOverrides } : {};
      const run = (environment: CallContext["environment"], at?: Version): T =>
        use({
          engine: core.engine,
          environment: { ...environment, ...blockOverrides },
          options: at === undefined ? options : { ...options, at },
        });
      if (reference === "pending") {
        const environment = core.nextEnvironment();
        return core.select().length === 0 ? run(environment) : core.withPending(() => run(environment));
      }
      const block = core.require(reference);
      return run(core.environmentOf(block), core.versionOf(block));
    });
  }
}

function summaryOf(block: StoredBlock): BlockSummary {
  const { header, hash, results, workers, reExecutions, milliseconds } = block;
  return {
    number: header.number,
    hash: hash!,
    timestamp: header.timestamp,
    transactions: results.length,
    failed: results.filter(({ success }) => !success).length,
    gasUsed: header.gasUsed,
    gasLimit: header.gasLimit,
    baseFeePerGas: header.baseFeePerGas,
    workers,
    reExecutions,
    milliseconds,
  };
}
