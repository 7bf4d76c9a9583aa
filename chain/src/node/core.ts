// The chain itself: engine, history, pool and clock moving together, one step at a time. Its caller sees to it that
// one step ends before the next begins. It must not know requests, keys or timers.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Address, BlockEnvironment, Engine, Exclusion, Hash, Version } from "../engine/types.ts";
import { bytesToHex } from "../protocol/bytes.ts";
import { blobBaseFee, nextBaseFee, nextExcessBlobGas } from "../protocol/fees.ts";
import {
  type BlockHeader,
  EMPTY_OMMERS_HASH,
  EMPTY_ROOT,
  hashHeader,
  ZERO_HEADER_NONCE,
} from "../protocol/header.ts";
import { describeFault } from "../transaction/errors.ts";
import type { Accounts } from "./accounts.ts";
import { Clock, type ClockState } from "./clock.ts";
import { ChainError } from "./errors.ts";
import { createGenesis, EXTRA_DATA } from "./genesis.ts";
import { blockView, History, logsOf, type StoredBlock } from "./history.ts";
import { importBlock } from "./importer.ts";
import { type ChainConfig, rulesAt } from "./options.ts";
import { Pool, type PoolEntry } from "./pool.ts";
import { blockEnvironment, executeBlock, traceOf } from "./producer.ts";
import type { BlockReference, ChainEvent, ForkActivation } from "./types.ts";

/** What evm_revert goes back to. */
interface Snapshot {
  id: bigint;
  height: number;
  version: Version;
  pool: readonly PoolEntry[];
  clock: ClockState;
  settings: Settings;
}

/** What later blocks depend on besides the chain. */
interface Settings {
  coinbase: Address;
  blockGasLimit: bigint;
  /** Of the next block only. */
  nextBaseFee: bigint | null;
  nextPrevRandao: Hash | null;
}

/** Left out of a block for now; they may go into a later one. */
const RETRIED: ReadonlySet<Exclusion> = new Set<Exclusion>([
  "block-gas-exceeded",
  "blob-gas-exceeded",
  "nonce-too-high",
  "max-fee-below-base-fee",
  "max-blob-fee-below-base-fee",
]);
/** How many reasons of dropped transactions are kept. */
const MAX_REASONS = 10_000;
/** A reset announces at most so many blocks as removed. */
const MAX_REMOVED_ON_RESET = 256;

export class ChainCore {
  readonly engine: Engine;
  readonly config: ChainConfig;
  readonly pool = new Pool();
  readonly clock = new Clock();
  history = new History();
  settings: Settings;
  readonly #accounts: Accounts;
  readonly #emit: (event: ChainEvent) => void;
  #snapshots: Snapshot[] = [];
  #lastSnapshot = 0n;
  /** Counts reorganisations, so that a replaced block never has its predecessor's hash. */
  #generation = 0;
  readonly #dropped = new Map<Hash, string>();

  /** On an empty engine. */
  constructor(engine: Engine, config: ChainConfig, accounts: Accounts, emit: (event: ChainEvent) => void) {
    this.engine = engine;
    this.config = config;
    this.#accounts = accounts;
    this.#emit = emit;
    this.settings = this.#initialSettings();
    this.#begin();
  }

  get head(): StoredBlock {
    return this.history.head;
  }

  /* FINDING BLOCKS AND STATES */

  /** "pending" counts as the newest; null where there is no such block. */
  find(reference: BlockReference): StoredBlock | null {
    if (reference === "earliest") return this.history.at(0n);
    if (typeof reference === "string") return this.head;
    return typeof reference === "bigint"
      ? this.history.at(reference)
      : this.history.byHash(reference.blockHash);
  }

  require(reference: BlockReference): StoredBlock {
    const block = this.find(reference);
    if (block) return block;
    const name = typeof reference === "object" ? reference.blockHash : reference;
    throw new ChainError(
      "block-not-found",
      `header not found: there is no block ${name}; the newest is ${this.head.header.number}`,
    );
  }

  /** For the engine's `at`: undefined means the newest state, with what setters changed. */
  versionOf(block: StoredBlock): Version | undefined {
    return block === this.head ? undefined : block.version;
  }

  rules(timestamp: bigint = this.clock.peek(this.head.header.timestamp)): ForkActivation {
    return rulesAt(this.config.forks, timestamp);
  }

  /** What a call on a block sees. */
  environmentOf(block: StoredBlock): BlockEnvironment {
    const parent = this.history.at(block.header.number - 1n);
    return this.#environment(block.header, parent ? this.history.ancestorHashes(parent) : []);
  }

  /** What the next block would see. */
  nextEnvironment(): BlockEnvironment {
    return this.#environment(this.#nextHeader(), this.history.ancestorHashes(this.head));
  }

  nextBaseFee(): bigint {
    return this.settings.nextBaseFee ?? nextBaseFee(this.head.header);
  }

  nextBlobBaseFee(): bigint {
    const { hardfork, blobSchedule } = this.rules();
    return blobBaseFee(nextExcessBlobGas(this.head.header, hardfork, blobSchedule), blobSchedule);
  }

  /** Why a transaction left the pool without a block; in words. */
  reasonDropped(hash: Hash): string | null {
    return this.#dropped.get(hash) ?? null;
  }

  /** Keeps the reason for whoever asks; the newest ten thousand. */
  noteDropped(hash: Hash, reason: string): void {
    this.#dropped.set(hash, reason);
    if (this.#dropped.size > MAX_REASONS) this.#dropped.delete(this.#dropped.keys().next().value!);
  }

  /* MAKING BLOCKS */

  /** What the next block would try, in order. */
  select(): PoolEntry[] {
    if (this.pool.size === 0) return [];
    return this.pool.select(this.nextBaseFee(), this.settings.blockGasLimit, this.config.mining.order);
  }

  /** Makes a block of these, in this order, and appends it. */
  async mine(entries: readonly PoolEntry[] = this.select(), timestamp?: bigint): Promise<StoredBlock> {
    const { block, excluded } = await this.#build(entries, timestamp);
    this.settings.nextBaseFee = null;
    this.settings.nextPrevRandao = null;
    this.clock.advance(block.header.timestamp);
    for (const { position, reason } of excluded) {
      const { transaction } = entries[position]!;
      if (!RETRIED.has(reason)) this.drop(transaction.hash, describeFault(reason));
    }
    this.#append(block);
    return block;
  }

  /** Builds the block that would come next, lets `use` look at it and its state, and takes it back. */
  async withPending<T>(use: (pending: StoredBlock) => T | Promise<T>): Promise<T> {
    const before = this.engine.head;
    try {
      const { block } = await this.#build(this.select());
      return await use({ ...block, hash: null });
    } finally {
      this.engine.revertTo(before);
    }
  }

  /** Throws InvalidBlockError and changes nothing where the block is not valid on the newest one. */
  async import(rlp: Uint8Array): Promise<StoredBlock> {
    const block = await importBlock(this.engine, rlp, {
      chainId: this.config.chainId,
      forks: this.config.forks,
      parent: this.head,
      ancestorHashes: this.history.ancestorHashes(this.head),
      unlimitedCodeSize: this.config.allowUnlimitedContractSize,
    });
    this.clock.advance(block.header.timestamp);
    this.#append(block);
    return block;
  }

  /* CHANGING STATE WITHOUT A BLOCK */

  /** Runs setters; what they change counts as the newest block's state. */
  change(set: (engine: Engine) => void): void {
    set(this.engine);
    this.head.version = this.engine.head;
    this.refreshPool();
  }

  refreshPool(): void {
    if (this.pool.size === 0) return;
    for (const { transaction } of this.pool.refresh((sender) => this.engine.getNonce(sender))) {
      this.noteDropped(transaction.hash, describeFault("nonce-too-low"));
    }
  }

  /** True when it was in the pool. */
  drop(hash: Hash, reason: string): boolean {
    const entry = this.pool.remove(hash);
    if (entry) this.noteDropped(hash, reason);
    return entry !== null;
  }

  /* GOING BACK */

  snapshot(): bigint {
    this.#snapshots.push({
      id: ++this.#lastSnapshot,
      height: Number(this.head.header.number),
      version: this.engine.head,
      pool: this.pool.snapshot(),
      clock: this.clock.snapshot(),
      settings: { ...this.settings },
    });
    return this.#lastSnapshot;
  }

  revert(id: bigint): boolean {
    const index = this.#snapshots.findIndex((snapshot) => snapshot.id === id);
    const snapshot = this.#snapshots[index];
    if (!snapshot) return false;
    this.#snapshots.length = index;
    this.#truncate(snapshot.height, snapshot.version);
    this.clock.restore(snapshot.clock);
    this.settings = { ...snapshot.settings };
    this.pool.restore(snapshot.pool, (sender) => this.engine.getNonce(sender));
    return true;
  }

  /** Drops the newest `depth` blocks and gives them, newest first. */
  rollback(depth: bigint): StoredBlock[] {
    const height = this.head.header.number - depth;
    if (depth < 0n || height < 0n) {
      throw new ChainError(
        "invalid-input",
        `depth ${depth}: give a number from 0 to the newest block's, ${this.head.header.number}`,
      );
    }
    if (depth === 0n) return [];
    const removed = this.#truncate(Number(height), this.history.at(height)!.version);
    this.#generation++;
    this.refreshPool();
    return removed;
  }

  reset(): void {
    const removed: StoredBlock[] = [];
    for (
      let block: StoredBlock | null = this.head;
      block && block.header.number > 0n && removed.length < MAX_REMOVED_ON_RESET;
    ) {
      removed.push(block);
      block = this.history.at(block.header.number - 1n);
    }
    this.pool.clear();
    this.engine.reset();
    this.history = new History();
    this.settings = this.#initialSettings();
    this.#snapshots = [];
    this.#dropped.clear();
    this.#begin();
    this.#announceRemoved(removed);
  }

  /* PARTS */

  #begin(): void {
    const { timestamp } = this.config;
    this.clock.restore({ now: this.clock.now() - this.clock.offset, next: null, interval: null });
    if (timestamp !== null) this.clock.setNow(timestamp);
    const genesis = createGenesis(this.engine, this.config, this.#accounts, this.clock.now());
    this.history.append(genesis);
  }

  #initialSettings(): Settings {
    const { coinbase, blockGasLimit } = this.config;
    return { coinbase, blockGasLimit, nextBaseFee: null, nextPrevRandao: null };
  }

  #nextHeader(timestamp: bigint = this.clock.peek(this.head.header.timestamp)): BlockHeader {
    const parent = this.head;
    const { hardfork, blobSchedule } = this.rules(timestamp);
    const number = parent.header.number + 1n;
    return {
      parentHash: parent.hash!,
      ommersHash: EMPTY_OMMERS_HASH,
      coinbase: this.settings.coinbase,
      stateRoot: EMPTY_ROOT,
      transactionsRoot: EMPTY_ROOT,
      receiptsRoot: EMPTY_ROOT,
      logsBloom: "0x",
      difficulty: 0n,
      number,
      gasLimit: this.settings.blockGasLimit,
      gasUsed: 0n,
      timestamp,
      extraData: EXTRA_DATA,
      prevRandao: this.settings.nextPrevRandao ?? this.#word("prevRandao", number),
      nonce: ZERO_HEADER_NONCE,
      baseFeePerGas: this.nextBaseFee(),
      withdrawalsRoot: EMPTY_ROOT,
      blobGasUsed: 0n,
      excessBlobGas: nextExcessBlobGas(parent.header, hardfork, blobSchedule),
      parentBeaconBlockRoot: this.#word("beacon block root", number),
    };
  }

  /** Stands for what a network draws at random: the same on every run, another in every block. */
  #word(purpose: string, number: bigint): Hash {
    return bytesToHex(
      keccak_256(new TextEncoder().encode(`polder ${purpose} ${number} ${this.#generation}`)),
    );
  }

  #environment(header: BlockHeader, ancestorHashes: readonly Hash[]): BlockEnvironment {
    return blockEnvironment(header, this.rules(header.timestamp), {
      chainId: this.config.chainId,
      ancestorHashes,
      unlimitedCodeSize: this.config.allowUnlimitedContractSize,
    });
  }

  async #build(entries: readonly PoolEntry[], timestamp?: bigint) {
    const header = this.#nextHeader(timestamp);
    const environment = this.#environment(header, this.history.ancestorHashes(this.head));
    const packed = entries.map((entry) => entry.packed);
    const startedAt = performance.now();
    const executed = await executeBlock(this.engine, environment, header, packed, [], false);
    const { execution } = executed;
    header.stateRoot = executed.stateRoot;
    header.transactionsRoot = execution.transactionsRoot;
    header.receiptsRoot = execution.receiptsRoot;
    header.logsBloom = bytesToHex(execution.logsBloom);
    header.gasUsed = execution.gasUsed;
    header.blobGasUsed = execution.blobGasUsed;
    if (executed.requestsHash !== undefined) header.requestsHash = executed.requestsHash;
    const block: StoredBlock = {
      header,
      hash: hashHeader(header),
      transactions: execution.included.map(({ position }) => entries[position]!.transaction),
      results: execution.included,
      withdrawals: [],
      bloom: execution.logsBloom,
      blobBaseFee: environment.blobBaseFee,
      version: executed.version,
      workers: execution.workers,
      reExecutions: execution.reExecutions,
      milliseconds: performance.now() - startedAt,
      trace: traceOf(this.engine, execution),
    };
    return { block, excluded: execution.excluded };
  }

  #append(block: StoredBlock): void {
    this.history.append(block);
    for (const { hash } of block.transactions) this.pool.remove(hash);
    this.refreshPool();
    this.#emit({
      type: "block",
      block: blockView(block),
      get logs() {
        return logsOf(block);
      },
    });
  }

  /** Back to the block at `height` with the state `version`; snapshots of what is gone are void. */
  #truncate(height: number, version: Version): StoredBlock[] {
    this.engine.revertTo(version);
    const removed = this.history.truncate(height);
    this.head.version = version;
    this.#snapshots = this.#snapshots.filter(
      (snapshot) => snapshot.height <= height && snapshot.version <= version,
    );
    this.#announceRemoved(removed);
    return removed;
  }

  #announceRemoved(removed: readonly StoredBlock[]): void {
    if (removed.length === 0) return;
    this.#emit({
      type: "removed",
      blocks: removed.map(blockView),
      get logs() {
        return removed.flatMap((block) => logsOf(block).map((log) => ({ ...log, removed: true })));
      },
    });
  }
}
