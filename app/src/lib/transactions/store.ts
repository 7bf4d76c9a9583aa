// The transactions that were sent from this browser, kept in local storage so that they outlive a reload: hash, account,
// what was done in words, never a key. One list per chain and genesis. Knows no chain; `Watch` brings the outcomes.
import type { QueryKey } from "@tanstack/react-query";
import type { Address, Hash } from "viem";
import type { ArgumentFormat, Failure } from "../errors.ts";

export type TransactionStatus = "pending" | "confirmed" | "failed" | "replaced" | "dropped";

export type Transaction = {
  hash: Hash;
  account: Address;
  nonce: number;
  /** What was done, in words: `Supply 50 pUSD`. */
  title: string;
  status: TransactionStatus;
  /** Seconds, the chain's time when it was sent. */
  sentAt: number;
  /** The block that has it. */
  block?: string;
  /** Of a failed one. */
  failure?: Failure;
  /** What is to be read again once it is in a block. */
  invalidates: readonly QueryKey[];
};

/** How many are kept. */
const KEPT = 40;

type Listener = () => void;

export class TransactionStore {
  readonly #key: string;
  readonly #listeners = new Set<Listener>();
  readonly #formats = new Map<Hash, ArgumentFormat>();
  #all: readonly Transaction[];

  constructor(chainId: number, genesisHash: string) {
    this.#key = `polder.transactions.${chainId}.${genesisHash.slice(0, 18)}`;
    this.#all = this.#load();
  }

  /** Newest first. */
  readonly list = (): readonly Transaction[] => this.#all;

  readonly subscribe = (listener: Listener): Listener => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** `format` gives the arguments of its failure their units, as long as the page lives. */
  add(transaction: Transaction, format?: ArgumentFormat): void {
    if (format !== undefined) this.#formats.set(transaction.hash, format);
    this.#set([transaction, ...this.#all.filter(({ hash }) => hash !== transaction.hash)].slice(0, KEPT));
  }

  formatOf(hash: Hash): ArgumentFormat | undefined {
    return this.#formats.get(hash);
  }

  /** The first outcome stands. */
  settle(hash: Hash, outcome: Partial<Transaction>): void {
    const settled = (each: Transaction) => each.hash === hash && each.status === "pending";
    this.#set(this.#all.map((each) => (settled(each) ? { ...each, ...outcome } : each)));
  }

  clear(): void {
    this.#set(this.#all.filter(({ status }) => status === "pending"));
  }

  /** Resolves once the transaction is no longer pending. */
  outcome(hash: Hash): Promise<Transaction> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.#all.find((each) => each.hash === hash);
        if (found === undefined || found.status === "pending") return;
        stop();
        resolve(found);
      };
      const stop = this.subscribe(look);
      look();
    });
  }

  /** Another tab wrote the list. */
  readonly reload = (event: StorageEvent): void => {
    if (event.key !== this.#key) return;
    this.#all = this.#load();
    this.#tell();
  };

  #set(all: readonly Transaction[]): void {
    this.#all = all;
    try {
      localStorage.setItem(this.#key, JSON.stringify(all));
    } catch {
      // Without storage they live as long as the page.
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #load(): readonly Transaction[] {
    if (typeof localStorage === "undefined") return [];
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.#key) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isTransaction) : [];
    } catch {
      return [];
    }
  }
}

function isTransaction(value: unknown): value is Transaction {
  const { hash, account, title, status } = (value ?? {}) as Partial<Transaction>;
  return (
    /^0x[0-9a-f]{64}$/i.test(hash ?? "") &&
    typeof account === "string" &&
    typeof title === "string" &&
    typeof status === "string"
  );
}
