// The chain itself: engine, history, pool and clock moving together, one step at a time. Its caller sees to it that
// one step ends before the next begins. It must not know requests, keys or timers.

import type { BlockEnvironment, Engine, Exclusion, Hash, Version } from "../engine/types.ts";
import { bytesToHex } from "../protocol/bytes.ts";
import { blobBaseFee, nextBaseFee, nextExcessBlobGas } from "../protocol/fees.ts";
import type { BlockHeader } from "../protocol/header.ts";
import type { BlockRecord, Circumstances, GenesisRecord, WriteRecord } from "../store/records.ts";
import { describeFault } from "../transaction/errors.ts";
import { toMessage } from "../transaction/message.ts";
import type { Transaction } from "../transaction/types.ts";
import { intrinsicGas } from "../transaction/validity.ts";
import type { Accounts } from "./accounts.ts";
import { Clock, type ClockState } from "./clock.ts";
import { ChainError } from "./errors.ts";
import { createGenesis } from "./genesis.ts";
import { blockView, History, logsOf, type StoredBlock } from "./history.ts";
import { keptOptions } from "./identity.ts";
import { executeAsWritten, type ImportContext, importBlock } from "./importer.ts";
import type { Journal } from "./journal.ts";
import { makeBlock, nextHeader, type Settings } from "./next-block.ts";
import { type ChainConfig, rulesAt } from "./options.ts";
import { Pool, type PoolEntry } from "./pool.ts";
import { blockEnvironment } from "./producer.ts";
import { Snapshots } from "./snapshots.ts";
import type { BlockReference, ChainEvent, ForkActivation } from "./types.ts";
import { applyWrite } from "./writes.ts";

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
  /** Changes with reset(): tells tools that the chain began anew. */
  instanceId: Hash;
  readonly #accounts: Accounts;
  readonly #emit: (event: ChainEvent) => void;
  readonly #snapshots = new Snapshots();
  /** Counts reorganisations. */
  #generation = 0n;
  readonly #dropped = new Map<Hash, string>();
  #journal: Journal | null = null;

  /** On an empty engine. `kept`: how the chain began that is to be restored. */
  constructor(
    engine: Engine,
    config: ChainConfig,
    accounts: Accounts,
    emit: (event: ChainEvent) => void,
    kept: GenesisRecord | null = null,
  ) {
    this.engine = engine;
    this.config = config;
    this.#accounts = accounts;
    this.#emit = emit;
    this.settings = this.#initialSettings();
    this.instanceId = kept?.instanceId ?? randomWord();
    this.#begin(kept?.timestamp);
    if (kept) this.circumstances = kept.circumstances;
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

  /* MAKING BLOCKS */

  /** What the next block would try, in order. */
  select(): PoolEntry[] {
    if (this.pool.size === 0) return [];
    return this.pool.select(this.nextBaseFee(), this.settings.blockGasLimit, this.config.mining.order);
  }

  /** Into the pool. Throws InvalidTransactionError where that refuses. */
  take(
    transaction: Transaction,
    impersonated: boolean,
  ): { replaced: PoolEntry | null; executable: PoolEntry[] } {
    const { gas, floor } = intrinsicGas(transaction, this.rules().hardfork);
    const packed = this.engine.pack(toMessage(transaction, impersonated));
    const nonce = this.engine.getNonce(transaction.from);
    const taken = this.pool.add(transaction, packed, gas > floor ? gas : floor, nonce);
    if (taken.replaced) this.#noteDropped(taken.replaced.transaction.hash, `replaced by ${transaction.hash}`);
    this.#journal?.write({ kind: "pooled", transaction, impersonated });
    return taken;
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
    await this.#journal?.room();
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
    const block = await importBlock(this.engine, rlp, this.#importContext());
    this.clock.advance(block.header.timestamp);
    this.#append(block);
    return block;
  }

  /** Makes a block again from its record. Throws InvalidBlockError where it comes out differently. */
  async repeat({ header, transactions, withdrawals, circumstances }: BlockRecord): Promise<void> {
    const entries = transactions.map((item) => {
      if (typeof item !== "string") return { transaction: item, packed: this.engine.pack(toMessage(item)) };
      const entry = this.pool.get(item);
      if (entry) return entry;
      throw new ChainError("storage", `transaction ${item} is nowhere`);
    });
    const body = {
      header,
      transactions: entries.map(({ transaction }) => transaction),
      packed: entries.map(({ packed }) => packed),
      withdrawals,
    };
    this.#append(await executeAsWritten(this.engine, body, this.#importContext(), false));
    this.circumstances = circumstances;
  }

  /* CHANGING STATE WITHOUT A BLOCK */

  /** What it changes counts as the newest block's state. */
  write(write: WriteRecord): void {
    applyWrite(this.engine, write);
    this.head.version = this.engine.head;
    this.#refreshPool();
    this.#journal?.write(write);
  }

  #refreshPool(): void {
    if (this.pool.size === 0) return;
    for (const { transaction } of this.pool.refresh((sender) => this.engine.getNonce(sender))) {
      this.#noteDropped(transaction.hash, describeFault("nonce-too-low"));
    }
  }

  /** True when it was in the pool. */
  drop(hash: Hash, reason: string): boolean {
    const entry = this.pool.remove(hash);
    if (!entry) return false;
    this.#noteDropped(hash, reason);
    this.#journal?.write({ kind: "dropped", hash, reason });
    return true;
  }

  /* GOING BACK */

  snapshot(clock: ClockState = this.clock.snapshot()): bigint {
    const id = this.#snapshots.add({
      height: Number(this.head.header.number),
      version: this.engine.head,
      pool: this.pool.snapshot(),
      clock,
      settings: { ...this.settings },
    });
    this.#journal?.write({ kind: "snapshot", id, now: clock.now });
    return id;
  }

  revert(id: bigint): boolean {
    const snapshot = this.#snapshots.take(id);
    if (!snapshot) return false;
    this.#truncate(snapshot.height, snapshot.version);
    this.clock.restore(snapshot.clock);
    this.settings = { ...snapshot.settings };
    this.pool.restore(snapshot.pool, (sender) => this.engine.getNonce(sender));
    this.#journal?.write({ kind: "reverted", id, circumstances: this.circumstances });
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
    this.#refreshPool();
    this.#journal?.write({ kind: "rollback", depth, circumstances: this.circumstances });
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
    this.#snapshots.clear();
    this.#dropped.clear();
    this.instanceId = randomWord();
    this.#begin();
    this.#journal?.write(this.#genesisRecord());
    this.#announceRemoved(removed);
  }

  /* KEEPING */

  /** From now on every step is told to the journal; the beginning too, where the chain has just begun. */
  keep(journal: Journal, begun: boolean): void {
    this.#journal = journal;
    if (begun) journal.write(this.#genesisRecord());
  }

  get journal(): Journal | null {
    return this.#journal;
  }

  get circumstances(): Circumstances {
    return {
      ...this.settings,
      clock: this.clock.setting,
      generation: this.#generation,
      lastSnapshot: this.#snapshots.last,
    };
  }

  set circumstances({ clock, generation, lastSnapshot, ...settings }: Circumstances) {
    this.settings = settings;
    this.clock.setting = clock;
    this.#generation = generation;
    this.#snapshots.last = lastSnapshot;
  }

  /* PARTS */

  /** `time`: that of a genesis block that was made before; seconds. */
  #begin(time?: bigint): void {
    const { timestamp } = this.config;
    this.clock.setting = { offset: 0n, next: null, interval: null };
    if (timestamp !== null) this.clock.setNow(timestamp);
    const genesis = createGenesis(this.engine, this.config, this.#accounts, time ?? this.clock.now());
    this.history.append(genesis);
  }

  #genesisRecord(): GenesisRecord {
    const { hash, header } = this.history.at(0n)!;
    return {
      kind: "genesis",
      options: keptOptions(this.config, this.#accounts.addresses),
      timestamp: header.timestamp,
      hash: hash!,
      instanceId: this.instanceId,
      circumstances: this.circumstances,
    };
  }

  /** Keeps the reason for whoever asks; the newest ten thousand. */
  #noteDropped(hash: Hash, reason: string): void {
    this.#dropped.set(hash, reason);
    if (this.#dropped.size > MAX_REASONS) this.#dropped.delete(this.#dropped.keys().next().value!);
  }

  #importContext(): ImportContext {
    return {
      chainId: this.config.chainId,
      forks: this.config.forks,
      parent: this.head,
      ancestorHashes: this.history.ancestorHashes(this.head),
      unlimitedCodeSize: this.config.allowUnlimitedContractSize,
    };
  }

  #initialSettings(): Settings {
    const { coinbase, blockGasLimit } = this.config;
    return { coinbase, blockGasLimit, nextBaseFee: null, nextPrevRandao: null };
  }

  #nextHeader(timestamp: bigint = this.clock.peek(this.head.header.timestamp)): BlockHeader {
    return nextHeader(this.head, timestamp, this.rules(timestamp), this.settings, this.#generation);
  }

  #environment(header: BlockHeader, ancestorHashes: readonly Hash[]): BlockEnvironment {
    return blockEnvironment(header, this.rules(header.timestamp), {
      chainId: this.config.chainId,
      ancestorHashes,
      unlimitedCodeSize: this.config.allowUnlimitedContractSize,
    });
  }

  #build(entries: readonly PoolEntry[], timestamp?: bigint): ReturnType<typeof makeBlock> {
    const header = this.#nextHeader(timestamp);
    const environment = this.#environment(header, this.history.ancestorHashes(this.head));
    return makeBlock(this.engine, environment, header, entries);
  }

  #append(block: StoredBlock): void {
    const { header, transactions, withdrawals } = block;
    this.#journal?.write({
      kind: "block",
      header,
      transactions: transactions.map((item) =>
        this.pool.get(item.hash)?.transaction === item ? item.hash : item,
      ),
      withdrawals,
      circumstances: this.circumstances,
    });
    this.history.append(block);
    for (const { hash } of block.transactions) this.pool.remove(hash);
    this.#refreshPool();
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
    this.#snapshots.truncate(height, version);
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

function randomWord(): Hash {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)));
}
