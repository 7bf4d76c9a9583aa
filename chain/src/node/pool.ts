// Transactions that wait for a block: by sender and nonce, replaced by a better price, chosen by tip or arrival. It
// knows of the state only the nonces it is told; whether a sender can pay is asked at admission, elsewhere.

import type { Address, Hash, PackedMessage } from "../engine/types.ts";
import { transactionError } from "../transaction/errors.ts";
import type { Transaction } from "../transaction/types.ts";
import { Heap } from "./heap.ts";

export interface PoolEntry {
  transaction: Transaction;
  packed: PackedMessage;
  /** Grows with each admission. */
  arrival: number;
  /** Gas it uses at the very least. */
  minimumGas: bigint;
}

interface SenderQueue {
  /** The account's nonce. */
  nonce: bigint;
  entries: Map<bigint, PoolEntry>;
}

/** geth's txpool.pricebump, per cent. */
const PRICE_BUMP = 10n;
const MAX_TRANSACTIONS = 131_072;

export class Pool {
  readonly #senders = new Map<Address, SenderQueue>();
  readonly #byHash = new Map<Hash, PoolEntry>();
  #arrivals = 0;
  readonly #capacity: number;

  constructor(capacity: number = MAX_TRANSACTIONS) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byHash.size;
  }

  get(hash: Hash): PoolEntry | undefined {
    return this.#byHash.get(hash);
  }

  /**
   * Takes a transaction whose sender's account has `accountNonce`. Gives the one it replaced and those that can now be
   * executed because of it. Throws already-known, nonce-too-low, replacement-underpriced, pool-full.
   */
  add(
    transaction: Transaction,
    packed: PackedMessage,
    minimumGas: bigint,
    accountNonce: bigint,
  ): { replaced: PoolEntry | null; executable: PoolEntry[] } {
    const { hash, from, nonce } = transaction;
    if (this.#byHash.has(hash)) throw transactionError("already-known");
    if (nonce < accountNonce) {
      throw transactionError("nonce-too-low", `next nonce ${accountNonce}, tx nonce ${nonce}`);
    }
    const queue = this.#senders.get(from) ?? { nonce: accountNonce, entries: new Map() };
    queue.nonce = accountNonce;
    const replaced = queue.entries.get(nonce) ?? null;
    if (replaced && !outbids(transaction, replaced.transaction)) {
      throw transactionError("replacement-underpriced", `raise both fee caps by at least ${PRICE_BUMP} %`);
    }
    if (!replaced && this.#byHash.size >= this.#capacity) {
      throw transactionError("pool-full", `${this.#capacity} transactions wait; mine a block or drop some`);
    }
    const entry: PoolEntry = { transaction, packed, arrival: this.#arrivals++, minimumGas };
    if (replaced) this.#byHash.delete(replaced.transaction.hash);
    this.#byHash.set(hash, entry);
    queue.entries.set(nonce, entry);
    this.#senders.set(from, queue);

    const executable: PoolEntry[] = [];
    if (this.nextNonce(from, accountNonce) > nonce) {
      executable.push(entry);
      // A replacement frees nobody: whoever follows could be executed before.
      for (let n = nonce + 1n; !replaced && queue.entries.has(n); n++) executable.push(queue.entries.get(n)!);
    }
    return { replaced, executable };
  }

  remove(hash: Hash): PoolEntry | null {
    const entry = this.#byHash.get(hash);
    if (!entry) return null;
    this.#byHash.delete(hash);
    const { from, nonce } = entry.transaction;
    const queue = this.#senders.get(from)!;
    queue.entries.delete(nonce);
    if (queue.entries.size === 0) this.#senders.delete(from);
    return entry;
  }

  clear(): PoolEntry[] {
    const entries = [...this.#byHash.values()];
    this.#byHash.clear();
    this.#senders.clear();
    return entries;
  }

  of(sender: Address): PoolEntry[] {
    return [...(this.#senders.get(sender)?.entries.values() ?? [])];
  }

  /** The first nonce of a sender that neither its account nor its executable transactions have used. */
  nextNonce(sender: Address, accountNonce: bigint): bigint {
    const entries = this.#senders.get(sender)?.entries;
    let nonce = accountNonce;
    while (entries?.has(nonce)) nonce++;
    return nonce;
  }

  /** Learns the accounts' nonces anew (after a block, a setter, a revert) and gives what can never be executed, removed. */
  refresh(nonceOf: (sender: Address) => bigint): PoolEntry[] {
    const stale: PoolEntry[] = [];
    for (const [sender, queue] of this.#senders) {
      queue.nonce = nonceOf(sender);
      for (const [nonce, entry] of queue.entries) if (nonce < queue.nonce) stale.push(entry);
    }
    for (const { transaction } of stale) this.remove(transaction.hash);
    return stale;
  }

  /**
   * What a block should try, in order: each sender's run of nonces from its account's on, the senders merged by effective
   * tip and then arrival, or by arrival alone. A sender stops at the first transaction that cannot pay `baseFee`
   * or asks for more than the block has. The list ends where even the least gas of each would fill the block.
   */
  select(baseFee: bigint, blockGasLimit: bigint, order: "priority" | "fifo"): PoolEntry[] {
    const tip = order === "fifo" ? () => 0n : (entry: PoolEntry) => effectiveTip(entry.transaction, baseFee);
    const heap = new Heap<{ entry: PoolEntry; tip: bigint; queue: SenderQueue }>(
      (a, b) => a.tip > b.tip || (a.tip === b.tip && a.entry.arrival < b.entry.arrival),
    );
    const offer = (queue: SenderQueue, nonce: bigint) => {
      const entry = queue.entries.get(nonce);
      if (!entry || maxFee(entry.transaction) < baseFee || entry.transaction.gas > blockGasLimit) return;
      heap.push({ entry, tip: tip(entry), queue });
    };
    for (const queue of this.#senders.values()) offer(queue, queue.nonce);
    const selected: PoolEntry[] = [];
    let gas = 0n;
    for (let top = heap.pop(); top; top = heap.pop()) {
      gas += top.entry.minimumGas;
      if (gas > blockGasLimit) break;
      selected.push(top.entry);
      offer(top.queue, top.entry.transaction.nonce + 1n);
    }
    return selected;
  }

  /** By sender, in nonce order: what can be executed and what waits for an earlier nonce. */
  content(): { pending: Map<Address, Transaction[]>; queued: Map<Address, Transaction[]> } {
    const pending = new Map<Address, Transaction[]>();
    const queued = new Map<Address, Transaction[]>();
    for (const [sender, { nonce, entries }] of this.#senders) {
      const sorted = [...entries.values()]
        .map((entry) => entry.transaction)
        .sort((a, b) => (a.nonce < b.nonce ? -1 : 1));
      const gap = this.nextNonce(sender, nonce);
      const split = sorted.findIndex((transaction) => transaction.nonce > gap);
      const ready = split < 0 ? sorted : sorted.slice(0, split);
      if (ready.length > 0) pending.set(sender, ready);
      if (split >= 0) queued.set(sender, sorted.slice(split));
    }
    return { pending, queued };
  }

  /** The entries, sender by sender as content() has them; they are never changed, so a snapshot may keep them. */
  snapshot(): PoolEntry[] {
    return [...this.#senders.values()].flatMap(({ entries }) => [...entries.values()]);
  }

  restore(entries: readonly PoolEntry[], nonceOf: (sender: Address) => bigint): void {
    this.clear();
    for (const entry of entries) {
      const { hash, from, nonce } = entry.transaction;
      const queue = this.#senders.get(from) ?? { nonce: 0n, entries: new Map() };
      queue.entries.set(nonce, entry);
      this.#senders.set(from, queue);
      this.#byHash.set(hash, entry);
    }
    this.refresh(nonceOf);
  }
}

function maxFee(transaction: Transaction): bigint {
  return transaction.maxFeePerGas ?? transaction.gasPrice!;
}

/** What the block's maker would get per gas, EIP-1559; wei. */
function effectiveTip(transaction: Transaction, baseFee: bigint): bigint {
  const room = maxFee(transaction) - baseFee;
  const tip = transaction.maxPriorityFeePerGas ?? room;
  return tip < room ? tip : room;
}

function outbids(next: Transaction, previous: Transaction): boolean {
  const bumped = (value: bigint) => (value * (100n + PRICE_BUMP)) / 100n;
  const tipOf = (transaction: Transaction) => transaction.maxPriorityFeePerGas ?? maxFee(transaction);
  const higher = maxFee(next) > maxFee(previous) && tipOf(next) > tipOf(previous);
  return higher && maxFee(next) >= bumped(maxFee(previous)) && tipOf(next) >= bumped(tipOf(previous));
}
