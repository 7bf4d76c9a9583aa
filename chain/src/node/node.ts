// The node: puts requests in one queue, holds the keys, makes blocks when they are due and tells listeners. It must
// not know JSON-RPC or threads.

import type { Engine } from "../engine/types.ts";
import type { WriteRecord } from "../store/records.ts";
import { parseTransaction } from "../transaction/decode.ts";
import { withImpersonation } from "../transaction/encode.ts";
import type { Transaction } from "../transaction/types.ts";
import { Accounts } from "./accounts.ts";
import { admit, asRejection, complete, leftOut } from "./admission.ts";
import { ChainCore } from "./core.ts";
import { ChainError } from "./errors.ts";
import { Events } from "./events.ts";
import { blockView } from "./history.ts";
import { Impersonation } from "./impersonation.ts";
import { Ingest } from "./ingest.ts";
import { IntervalMiner } from "./interval.ts";
import { Mutex } from "./mutex.ts";
import { checkGasLimit, resolveOptions } from "./options.ts";
import { ChainReader } from "./reader.ts";
import type {
  Address,
  Block,
  ChainDescription,
  ChainEvent,
  ChainNode,
  ChainOptions,
  Hash,
  Hex,
  KeptChain,
  NodeInfo,
  PoolContent,
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
  const accounts = new Accounts(config.mnemonic, config.accounts);
  const events = new Events(onError);
  const core = new ChainCore(engine, config, accounts, (event) => events.emit(event));
  return new DevchainNode(core, accounts, events, onError);
}

export class DevchainNode extends ChainReader implements ChainNode {
  readonly #accounts: Accounts;
  readonly #mutex = new Mutex();
  readonly #ingest: Ingest;
  readonly #interval: IntervalMiner;
  readonly #events: Events;
  readonly #impersonation: Impersonation;
  readonly #kept: KeptChain | null;
  #automine: boolean;

  constructor(
    core: ChainCore,
    accounts: Accounts,
    events: Events,
    onError: (error: unknown) => void,
    impersonation = new Impersonation(),
    kept: KeptChain | null = null,
  ) {
    super(core);
    const { mining } = core.config;
    this.#accounts = accounts;
    this.#events = events;
    this.#impersonation = impersonation;
    this.#kept = kept;
    this.#automine = mining.auto;
    this.#ingest = new Ingest(core.engine, this.#mutex, (transaction) => this.#accept(transaction, false));
    this.#interval = new IntervalMiner(() => this.exclusive(() => core.mine()), onError);
    this.#interval.set(mining.interval);
  }

  info(): NodeInfo {
    const { config, settings, clock, engine, history } = this.core;
    return {
      chainId: this.chainId,
      hardfork: this.core.rules().hardfork,
      workers: engine.workers,
      coinbase: settings.coinbase,
      blockGasLimit: settings.blockGasLimit,
      mining: { auto: this.#automine, interval: this.#interval.value, order: config.mining.order },
      instanceId: this.core.instanceId,
      genesisHash: history.at(0n)!.hash!,
      timeOffset: clock.offset,
    };
  }

  /** For a banner; holds the private keys. */
  describe(): ChainDescription {
    const { config, history } = this.core;
    return {
      info: this.info(),
      mnemonic: config.mnemonic,
      accounts: this.#accounts.addresses.map((address) => ({
        address,
        privateKey: this.#accounts.privateKey(address),
        balance: config.accountBalance,
      })),
      genesisTimestamp: history.at(0n)!.header.timestamp,
      kept: this.#kept,
    };
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
    return this.exclusive(async () => {
      const from = this.#senderOf(request);
      this.#accounts.privateKey(from);
      return (await this.#prepare(request)).transaction;
    });
  }

  /* SENDING */

  sendTransaction(request: TransactionRequest): Promise<Hash> {
    return this.exclusive(async () => {
      const { transaction, impersonated } = await this.#prepare(request);
      return this.#accept(transaction, impersonated);
    });
  }

  sendRawTransaction(raw: Hex): Promise<Hash> {
    return this.#ingest.add(raw);
  }

  /* POOL */

  async pendingTransactions(): Promise<Transaction[]> {
    return [...this.core.pool.content().pending.values()].flat();
  }

  async poolContent(): Promise<PoolContent> {
    return this.core.pool.content();
  }

  dropTransaction(hash: Hash): Promise<boolean> {
    return this.exclusive(() => this.core.drop(hash, "dropped on request"));
  }

  dropAllTransactions(): Promise<void> {
    return this.#dropEach(() => this.core.pool.snapshot());
  }

  dropTransactionsOf(sender: Address): Promise<void> {
    return this.#dropEach(() => this.core.pool.of(sender));
  }

  /* MAKING BLOCKS */

  mine(options: { blocks?: bigint; interval?: bigint; timestamp?: bigint } = {}): Promise<bigint> {
    return this.exclusive(async () => {
      const core = this.core;
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
    return this.exclusive(() => {
      this.#automine = enabled;
    });
  }

  setIntervalMining(interval: number | readonly [number, number]): Promise<void> {
    return this.exclusive(() => this.#interval.set(interval));
  }

  setBlockGasLimit(limit: bigint): Promise<void> {
    return this.exclusive(() => {
      checkGasLimit(limit);
      this.core.settings.blockGasLimit = limit;
    });
  }

  setCoinbase(address: Address): Promise<void> {
    return this.exclusive(() => {
      this.core.settings.coinbase = address;
    });
  }

  setNextBlockBaseFeePerGas(fee: bigint): Promise<void> {
    return this.exclusive(() => {
      this.core.settings.nextBaseFee = fee;
    });
  }

  setPrevRandao(value: Hash): Promise<void> {
    return this.exclusive(() => {
      this.core.settings.nextPrevRandao = value;
    });
  }

  importBlock(rlp: Uint8Array): Promise<Block> {
    return this.exclusive(async () => blockView(await this.core.import(rlp)));
  }

  /* TIME */

  increaseTime(seconds: bigint): Promise<bigint> {
    return this.exclusive(() => this.core.clock.increase(seconds));
  }

  setNextBlockTimestamp(timestamp: bigint): Promise<void> {
    return this.exclusive(() => this.core.clock.setNext(timestamp, this.core.head.header.timestamp));
  }

  setTime(timestamp: bigint): Promise<bigint> {
    return this.exclusive(() => this.core.clock.setTime(timestamp, this.core.head.header.timestamp));
  }

  setBlockTimestampInterval(seconds: bigint | null): Promise<boolean> {
    return this.exclusive(() => this.core.clock.setInterval(seconds));
  }

  /* CHANGING STATE */

  setBalance(address: Address, balance: bigint): Promise<void> {
    return this.#write({ kind: "balance", address, value: balance });
  }

  setNonce(address: Address, nonce: bigint): Promise<void> {
    return this.exclusive(() => {
      const present = this.core.engine.getNonce(address);
      if (nonce < present) {
        throw new ChainError(
          "invalid-input",
          `New nonce (${nonce}) must not be smaller than the existing nonce (${present})`,
        );
      }
      this.core.write({ kind: "nonce", address, value: nonce });
    });
  }

  setCode(address: Address, code: Hex): Promise<void> {
    return this.#write({ kind: "code", address, code });
  }

  setStorage(address: Address, slot: Hash, value: Hash): Promise<void> {
    return this.#write({ kind: "storage", address, slot, value });
  }

  async impersonate(address: Address): Promise<void> {
    this.#impersonate(address, true);
  }

  async stopImpersonating(address: Address): Promise<boolean> {
    return this.#impersonate(address, false);
  }

  async setAutoImpersonate(enabled: boolean): Promise<void> {
    this.#impersonate(null, enabled);
  }

  /* GOING BACK */

  snapshot(): Promise<bigint> {
    return this.exclusive(() => this.core.snapshot());
  }

  revert(snapshot: bigint): Promise<boolean> {
    return this.exclusive(() => this.core.revert(snapshot));
  }

  rollback(depth: bigint): Promise<void> {
    return this.exclusive(() => {
      this.core.rollback(depth);
    });
  }

  reorganise(
    depth: bigint,
    items: readonly { transaction: Hex | TransactionRequest; block: number }[],
  ): Promise<void> {
    return this.exclusive(async () => {
      const core = this.core;
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
    return this.exclusive(() => {
      const { auto, interval } = this.core.config.mining;
      this.core.reset();
      this.#automine = auto;
      this.#interval.set(interval);
      this.#impersonation.clear();
    });
  }

  /* EVENTS */

  override subscribe(listener: (event: ChainEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#interval.set(0);
    await this.exclusive(() => this.core.engine.close());
    this.#events.clear();
  }

  /* PARTS */

  /** Waits its turn; sends that come later go into a later batch. */
  protected override exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    this.#ingest.seal();
    const { core } = this;
    if (core.journal === null) return this.#mutex.run(work);
    return this.#mutex.run(async () => {
      try {
        return await work();
      } finally {
        // Whatever was set for later blocks, by whichever method.
        core.journal?.note(core.circumstances);
      }
    });
  }

  #write(write: WriteRecord): Promise<void> {
    return this.exclusive(() => this.core.write(write));
  }

  #impersonate(address: Address | null, enabled: boolean): boolean {
    const changed = this.#impersonation.set(address, enabled);
    if (changed) this.core.journal?.write({ kind: "impersonation", address, enabled });
    return changed;
  }

  #dropEach(list: () => readonly { transaction: Transaction }[]): Promise<void> {
    return this.exclusive(() => {
      for (const { transaction } of list()) this.core.drop(transaction.hash, "dropped on request");
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
    const impersonated = !this.#accounts.has(from) && this.#impersonation.has(from);
    if (!impersonated) this.#accounts.privateKey(from);
    const unsigned = complete(this.core, request, from);
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
    const core = this.core;
    const { executable } = admit(core, transaction, { impersonated, forNextBlock: this.#automine });
    for (const entry of executable)
      this.#events.emit({ type: "pendingTransaction", transaction: entry.transaction });
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
}
