// The node: puts requests in one queue, holds the keys, makes blocks when they are due and tells listeners. It must
// not know JSON-RPC or threads.

import type { AccountProof, CallOptions, Engine, Version } from "../engine/types.ts";
import { bytesToHex, hexToBytes } from "../protocol/bytes.ts";
import { encodeHeader } from "../protocol/header.ts";
import { parseTransaction } from "../transaction/decode.ts";
import { withImpersonation } from "../transaction/encode.ts";
import type { Transaction } from "../transaction/types.ts";
import { Accounts } from "./accounts.ts";
import { admit, asRejection, complete, DEFAULT_PRIORITY_FEE, leftOut } from "./admission.ts";
import { type CallContext, call, createAccessList, estimateGas } from "./calls.ts";
import { ChainCore } from "./core.ts";
import { ChainError } from "./errors.ts";
import { feeHistoryOf, MAX_FEE_HISTORY_BLOCKS } from "./fee-history.ts";
import {
  blockView,
  encodeBlock,
  encodeReceipt,
  minedTransaction,
  receiptView,
  receiptViews,
  reportOf,
  type StoredBlock,
} from "./history.ts";
import { Ingest } from "./ingest.ts";
import { IntervalMiner } from "./interval.ts";
import { Mutex } from "./mutex.ts";
import { type ChainConfig, checkGasLimit, resolveOptions } from "./options.ts";
import { simulate } from "./simulate.ts";
import type {
  AccessListResult,
  Address,
  Block,
  BlockReference,
  BlockReport,
  BlockSummary,
  CallParameters,
  ChainDescription,
  ChainEvent,
  ChainNode,
  ChainOptions,
  FeeHistory,
  Hash,
  Hex,
  LogEntry,
  LogFilter,
  MinedTransaction,
  NodeInfo,
  PoolContent,
  Receipt,
  SimulatedBlock,
  SimulateParameters,
  TransactionOutcome,
  TransactionRequest,
} from "./types.ts";

/** Blocks that one request may make. */
const MAX_MINED_BLOCKS = 1_000_000n;

/** On an empty engine, which the node owns from now on. `onError` hears of failures that no request waits for. */
export function createNode(
  engine: Engine,
  options: ChainOptions = {},
  onError: (error: unknown) => void = () => {},
): DevchainNode {
  const config = resolveOptions(options);
  return new DevchainNode(engine, config, new Accounts(config.mnemonic, config.accounts), onError);
}

export class DevchainNode implements ChainNode {
  readonly chainId: bigint;
  readonly #core: ChainCore;
  readonly #accounts: Accounts;
  readonly #mutex = new Mutex();
  readonly #ingest: Ingest;
  readonly #interval: IntervalMiner;
  readonly #listeners = new Set<(event: ChainEvent) => void>();
  readonly #onError: (error: unknown) => void;
  #automine: boolean;
  readonly #impersonated = new Set<Address>();
  #autoImpersonate = false;
  #instanceId: Hash = randomWord();

  constructor(engine: Engine, config: ChainConfig, accounts: Accounts, onError: (error: unknown) => void) {
    this.chainId = config.chainId;
    this.#accounts = accounts;
    this.#onError = onError;
    this.#core = new ChainCore(engine, config, accounts, (event) => this.#emit(event));
    this.#automine = config.mining.auto;
    this.#ingest = new Ingest(engine, this.#mutex, (transaction) => this.#accept(transaction, false));
    this.#interval = new IntervalMiner(() => this.#exclusive(() => this.#core.mine()), onError);
    this.#interval.set(config.mining.interval);
  }

  get head(): Block {
    return blockView(this.#core.head);
  }

  info(): NodeInfo {
    const { config, settings, clock, engine, history } = this.#core;
    return {
      chainId: this.chainId,
      hardfork: this.#core.rules().hardfork,
      workers: engine.workers,
      coinbase: settings.coinbase,
      blockGasLimit: settings.blockGasLimit,
      mining: { auto: this.#automine, interval: this.#interval.value, order: config.mining.order },
      instanceId: this.#instanceId,
      genesisHash: history.at(0n)!.hash!,
      timeOffset: clock.offset,
    };
  }

  /** For a banner; holds the private keys. */
  describe(): ChainDescription {
    const { config, history } = this.#core;
    return {
      info: this.info(),
      mnemonic: config.mnemonic,
      accounts: this.#accounts.addresses.map((address) => ({
        address,
        privateKey: this.#accounts.privateKey(address),
        balance: config.accountBalance,
      })),
      genesisTimestamp: history.at(0n)!.header.timestamp,
    };
  }

  /* HISTORY */

  async getBlock(reference: BlockReference): Promise<Block | null> {
    return this.#view(reference, (block) => blockView(block));
  }

  async getRawBlock(reference: BlockReference): Promise<Hex | null> {
    return this.#view(reference, (block) => bytesToHex(encodeBlock(block)));
  }

  async getRawHeader(reference: BlockReference): Promise<Hex | null> {
    return this.#view(reference, ({ header }) => bytesToHex(encodeHeader(header)));
  }

  async getRawReceipts(reference: BlockReference): Promise<Hex[] | null> {
    return this.#view(reference, ({ results, transactions }) =>
      results.map((result, i) => bytesToHex(encodeReceipt(transactions[i]!.type, result))),
    );
  }

  async getTransaction(hash: Hash): Promise<MinedTransaction | null> {
    const { history, pool } = this.#core;
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
    return this.#view(reference, (block) =>
      index < block.transactions.length ? minedTransaction(block, index) : null,
    );
  }

  async getReceipt(hash: Hash): Promise<Receipt | null> {
    const mined = this.#core.history.find(hash);
    return mined && receiptView(mined.block, mined.index);
  }

  async getBlockReceipts(reference: BlockReference): Promise<Receipt[] | null> {
    const block = this.#core.find(reference);
    return block && receiptViews(block);
  }

  async getLogs(filter: LogFilter): Promise<LogEntry[]> {
    const { history, head } = this.#core;
    if (filter.blockHash !== undefined) {
      const { number } = this.#core.require({ blockHash: filter.blockHash }).header;
      return history.logs(number, number, filter);
    }
    const numberOf = (reference: BlockReference = "latest"): bigint =>
      typeof reference === "bigint" ? reference : this.#core.require(reference).header.number;
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
    if (this.#core.pool.get(hash)) return { status: "pending" };
    const reason = this.#core.reasonDropped(hash);
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
        if (!this.#core.pool.get(hash)) end();
      });
    });
  }

  /* STATE */

  getBalance(address: Address, block?: BlockReference): Promise<bigint> {
    return this.#read(block, (engine, at) => engine.getBalance(address, at));
  }

  getNonce(address: Address, block?: BlockReference): Promise<bigint> {
    if (block !== "pending") return this.#read(block, (engine, at) => engine.getNonce(address, at));
    return this.#exclusive(() => this.#core.pool.nextNonce(address, this.#core.engine.getNonce(address)));
  }

  getCode(address: Address, block?: BlockReference): Promise<Hex> {
    return this.#read(block, (engine, at) => bytesToHex(engine.getCode(address, at)));
  }

  getStorage(address: Address, slot: Hash, block?: BlockReference): Promise<Hash> {
    return this.#read(block, (engine, at) => engine.getStorage(address, slot, at));
  }

  getProof(address: Address, slots: readonly Hash[], block?: BlockReference): Promise<AccountProof> {
    return this.#read(block, (engine, at) => {
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
    return this.#withCall(parameters, (context) => bytesToHex(call(context, parameters.request)));
  }

  estimateGas(parameters: CallParameters): Promise<bigint> {
    return this.#withCall(parameters, (context) => estimateGas(context, parameters.request));
  }

  createAccessList(parameters: CallParameters): Promise<AccessListResult> {
    return this.#withCall(parameters, (context) => createAccessList(context, parameters.request));
  }

  simulate(parameters: SimulateParameters): Promise<SimulatedBlock[]> {
    return this.#exclusive(() => {
      const core = this.#core;
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

  /* FEES */

  async gasPrice(): Promise<bigint> {
    return this.#core.nextBaseFee() + DEFAULT_PRIORITY_FEE;
  }

  async maxPriorityFeePerGas(): Promise<bigint> {
    return DEFAULT_PRIORITY_FEE;
  }

  async blobBaseFee(): Promise<bigint> {
    return this.#core.nextBlobBaseFee();
  }

  async feeHistory(
    blockCount: number,
    newest: BlockReference,
    percentiles?: readonly number[],
  ): Promise<FeeHistory> {
    const core = this.#core;
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

  /* ACCOUNTS */

  accounts(): readonly Address[] {
    return this.#accounts.addresses;
  }

  sign(address: Address, message: Hex): Promise<Hex> {
    return this.#accounts.signMessage(address, message);
  }

  signTypedData(address: Address, typedData: unknown): Promise<Hex> {
    return this.#accounts.signTypedData(address, typedData);
  }

  signTransaction(request: TransactionRequest): Promise<Transaction> {
    return this.#exclusive(async () => {
      const from = this.#senderOf(request);
      this.#accounts.privateKey(from);
      return (await this.#prepare(request)).transaction;
    });
  }

  /* SENDING */

  sendTransaction(request: TransactionRequest): Promise<Hash> {
    return this.#exclusive(async () => {
      const { transaction, impersonated } = await this.#prepare(request);
      return this.#accept(transaction, impersonated);
    });
  }

  sendRawTransaction(raw: Hex): Promise<Hash> {
    return this.#ingest.add(raw);
  }

  /* POOL */

  async pendingTransactions(): Promise<Transaction[]> {
    return [...this.#core.pool.content().pending.values()].flat();
  }

  async poolContent(): Promise<PoolContent> {
    return this.#core.pool.content();
  }

  dropTransaction(hash: Hash): Promise<boolean> {
    return this.#exclusive(() => this.#core.drop(hash, "dropped on request"));
  }

  dropAllTransactions(): Promise<void> {
    return this.#dropEach(() => this.#core.pool.snapshot());
  }

  dropTransactionsOf(sender: Address): Promise<void> {
    return this.#dropEach(() => this.#core.pool.of(sender));
  }

  /* MAKING BLOCKS */

  mine(options: { blocks?: bigint; interval?: bigint; timestamp?: bigint } = {}): Promise<bigint> {
    return this.#exclusive(async () => {
      const core = this.#core;
      const { blocks = 1n, interval, timestamp } = options;
      if (blocks < 0n || blocks > MAX_MINED_BLOCKS) {
        throw new ChainError(
          "invalid-input",
          `blocks ${blocks}: give a number from 0 to ${MAX_MINED_BLOCKS}`,
        );
      }
      if (interval !== undefined && interval < 1n) {
        throw new ChainError("invalid-input", `interval ${interval}: give at least 1 second`);
      }
      if (timestamp !== undefined) core.clock.setNext(timestamp, core.head.header.timestamp);
      for (let i = 0n; i < blocks; i++) {
        const spaced = i > 0n && interval !== undefined;
        await core.mine(core.select(), spaced ? core.head.header.timestamp + interval : undefined);
      }
      return core.head.header.number;
    });
  }

  setAutomine(enabled: boolean): Promise<void> {
    return this.#exclusive(() => {
      this.#automine = enabled;
    });
  }

  setIntervalMining(interval: number | readonly [number, number]): Promise<void> {
    return this.#exclusive(() => this.#interval.set(interval));
  }

  setBlockGasLimit(limit: bigint): Promise<void> {
    return this.#exclusive(() => {
      checkGasLimit(limit);
      this.#core.settings.blockGasLimit = limit;
    });
  }

  setCoinbase(address: Address): Promise<void> {
    return this.#exclusive(() => {
      this.#core.settings.coinbase = address;
    });
  }

  setNextBlockBaseFeePerGas(fee: bigint): Promise<void> {
    return this.#exclusive(() => {
      this.#core.settings.nextBaseFee = fee;
    });
  }

  setPrevRandao(value: Hash): Promise<void> {
    return this.#exclusive(() => {
      this.#core.settings.nextPrevRandao = value;
    });
  }

  importBlock(rlp: Uint8Array): Promise<Block> {
    return this.#exclusive(async () => blockView(await this.#core.import(rlp)));
  }

  /* TIME */

  increaseTime(seconds: bigint): Promise<bigint> {
    return this.#exclusive(() => this.#core.clock.increase(seconds));
  }

  setNextBlockTimestamp(timestamp: bigint): Promise<void> {
    return this.#exclusive(() => this.#core.clock.setNext(timestamp, this.#core.head.header.timestamp));
  }

  setTime(timestamp: bigint): Promise<bigint> {
    return this.#exclusive(() => this.#core.clock.setTime(timestamp, this.#core.head.header.timestamp));
  }

  setBlockTimestampInterval(seconds: bigint | null): Promise<boolean> {
    return this.#exclusive(() => this.#core.clock.setInterval(seconds));
  }

  /* CHANGING STATE */

  setBalance(address: Address, balance: bigint): Promise<void> {
    return this.#change((engine) => engine.setBalance(address, balance));
  }

  setNonce(address: Address, nonce: bigint): Promise<void> {
    return this.#change((engine) => {
      const present = engine.getNonce(address);
      if (nonce < present) {
        throw new ChainError(
          "invalid-input",
          `New nonce (${nonce}) must not be smaller than the existing nonce (${present})`,
        );
      }
      engine.setNonce(address, nonce);
    });
  }

  setCode(address: Address, code: Hex): Promise<void> {
    return this.#change((engine) => engine.setCode(address, hexToBytes(code)));
  }

  setStorage(address: Address, slot: Hash, value: Hash): Promise<void> {
    return this.#change((engine) => engine.setStorage(address, slot, value));
  }

  async impersonate(address: Address): Promise<void> {
    this.#impersonated.add(address);
  }

  async stopImpersonating(address: Address): Promise<boolean> {
    return this.#impersonated.delete(address);
  }

  async setAutoImpersonate(enabled: boolean): Promise<void> {
    this.#autoImpersonate = enabled;
  }

  /* GOING BACK */

  snapshot(): Promise<bigint> {
    return this.#exclusive(() => this.#core.snapshot());
  }

  revert(snapshot: bigint): Promise<boolean> {
    return this.#exclusive(() => this.#core.revert(snapshot));
  }

  rollback(depth: bigint): Promise<void> {
    return this.#exclusive(() => {
      this.#core.rollback(depth);
    });
  }

  reorganise(
    depth: bigint,
    items: readonly { transaction: Hex | TransactionRequest; block: number }[],
  ): Promise<void> {
    return this.#exclusive(async () => {
      const core = this.#core;
      const outside = items.find(
        ({ block }) => !(Number.isInteger(block) && block >= 0 && BigInt(block) < depth),
      );
      if (outside) {
        throw new ChainError(
          "invalid-input",
          `block ${outside.block}: give a number from 0 to ${depth - 1n} (depth - 1)`,
        );
      }
      // Whatever is no transaction is refused before anything is lost.
      const parsed = items.map(({ transaction, block }) =>
        typeof transaction === "string"
          ? { block, signed: this.#parse(transaction), request: {} }
          : { block, signed: null, request: transaction },
      );
      const removed = core.rollback(depth).reverse();
      for (const [offset, old] of removed.entries()) {
        const entries = [];
        for (const { block, signed, request } of parsed) {
          if (block !== offset) continue;
          const prepared = signed
            ? { transaction: signed, impersonated: false }
            : await this.#prepare(request);
          admit(core, prepared.transaction, { impersonated: prepared.impersonated, forNextBlock: true });
          entries.push(core.pool.get(prepared.transaction.hash)!);
        }
        const parentTime = core.head.header.timestamp;
        await core.mine(entries, old.header.timestamp > parentTime ? old.header.timestamp : parentTime + 1n);
      }
    });
  }

  reset(): Promise<void> {
    return this.#exclusive(() => {
      const { auto, interval } = this.#core.config.mining;
      this.#core.reset();
      this.#automine = auto;
      this.#interval.set(interval);
      this.#impersonated.clear();
      this.#autoImpersonate = false;
      this.#instanceId = randomWord();
    });
  }

  /* REPORTS AND EVENTS */

  async getBlockReport(reference: BlockReference): Promise<BlockReport | null> {
    const block = this.#core.find(reference);
    return block && reportOf(block);
  }

  async summarise(reference: BlockReference): Promise<BlockSummary | null> {
    const block = this.#core.find(reference);
    return block && summaryOf(block);
  }

  subscribe(listener: (event: ChainEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#interval.set(0);
    await this.#exclusive(() => this.#core.engine.close());
    this.#listeners.clear();
  }

  /* PARTS */

  /** Waits its turn; sends that come later go into a later batch. */
  #exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    this.#ingest.seal();
    return this.#mutex.run(work);
  }

  async #view<T>(reference: BlockReference, view: (block: StoredBlock) => T): Promise<T | null> {
    if (reference === "pending") return this.#exclusive(() => this.#core.withPending(view));
    const block = this.#core.find(reference);
    return block && view(block);
  }

  #read<T>(
    reference: BlockReference = "latest",
    read: (engine: Engine, at: Version | undefined) => T,
  ): Promise<T> {
    return this.#exclusive(() => {
      const core = this.#core;
      if (reference === "pending" && core.select().length > 0) {
        return core.withPending(() => read(core.engine, undefined));
      }
      return read(core.engine, core.versionOf(core.require(reference)));
    });
  }

  #withCall<T>(parameters: CallParameters, use: (context: CallContext) => T): Promise<T> {
    return this.#exclusive(() => {
      const core = this.#core;
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

  #change(set: (engine: Engine) => void): Promise<void> {
    return this.#exclusive(() => this.#core.change(set));
  }

  #dropEach(list: () => readonly { transaction: Transaction }[]): Promise<void> {
    return this.#exclusive(() => {
      for (const { transaction } of list()) this.#core.drop(transaction.hash, "dropped on request");
    });
  }

  #senderOf(request: TransactionRequest): Address {
    const from = request.from ?? this.#accounts.addresses[0];
    if (from) return from;
    throw new ChainError("invalid-input", "from is missing, and the node has no accounts to choose from");
  }

  /** Fills in and signs, or seals with the mark of impersonation. */
  async #prepare(request: TransactionRequest): Promise<{ transaction: Transaction; impersonated: boolean }> {
    const from = this.#senderOf(request);
    const impersonated = !this.#accounts.has(from) && (this.#autoImpersonate || this.#impersonated.has(from));
    if (!impersonated) this.#accounts.privateKey(from);
    const unsigned = complete(this.#core, request, from);
    const transaction = impersonated
      ? withImpersonation(unsigned, from)
      : await this.#accounts.signTransaction(unsigned, from);
    return { transaction, impersonated };
  }

  #parse(raw: Hex): Transaction {
    try {
      return parseTransaction(raw);
    } catch (error) {
      throw asRejection(error);
    }
  }

  /** Into the pool and, with automine, into blocks until it is in one. */
  async #accept(transaction: Transaction, impersonated: boolean): Promise<Hash> {
    const core = this.#core;
    const { executable } = admit(core, transaction, { impersonated, forNextBlock: this.#automine });
    for (const entry of executable)
      this.#emit({ type: "pendingTransaction", transaction: entry.transaction });
    const { hash } = transaction;
    if (!this.#automine || executable.length === 0) return hash;
    while (core.pool.get(hash)) {
      const entries = core.select();
      if (entries.length === 0) break;
      await core.mine(entries);
    }
    if (!core.history.find(hash)) throw leftOut(core, transaction);
    return hash;
  }

  #emit(event: ChainEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
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

function randomWord(): Hash {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
}
