"use client";
// Follows the transactions that were sent until they are in a block, replaced or dropped - those of before a reload too -
// and has read again what each declared to change.
import { useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { PublicClient } from "viem";
import { useChainClient } from "../chain/client.tsx";
import { useHead } from "../chain/head.ts";
import { type ArgumentFormat, failure } from "../errors.ts";
import { useSettings } from "../settings.tsx";
import { type Transaction, TransactionStore } from "./store.ts";
import { whyReverted } from "./why-reverted.ts";

const Context = createContext<TransactionStore | undefined>(undefined);

export function TransactionsProvider({ children }: { children: ReactNode }) {
  const { chainId, record } = useSettings();
  const [store] = useState(() => new TransactionStore(chainId, record?.genesisHash ?? "unknown"));
  return (
    <Context value={store}>
      <Watch store={store} />
      {children}
    </Context>
  );
}

export function useTransactionStore(): TransactionStore {
  const store = useContext(Context);
  if (store === undefined) throw new Error("outside of TransactionsProvider");
  return store;
}

const NONE: readonly Transaction[] = [];

/** How often in a row the node must not have a transaction until it counts as gone: a wallet's own node may be ahead. */
const MISSES = 4;

/** Newest first. */
export function useTransactions(): readonly Transaction[] {
  const store = useTransactionStore();
  return useSyncExternalStore(store.subscribe, store.list, () => NONE);
}

function Watch({ store }: { store: TransactionStore }) {
  const client = useChainClient();
  const queries = useQueryClient();
  const { data: head, dataUpdatedAt } = useHead();
  const all = useSyncExternalStore(store.subscribe, store.list, () => NONE);
  const pending = all.filter(({ status }) => status === "pending");
  const waiting = pending.map(({ hash }) => hash).join();
  const misses = useRef(new Map<string, number>());

  useEffect(() => {
    addEventListener("storage", store.reload);
    return () => removeEventListener("storage", store.reload);
  }, [store]);

  useEffect(() => {
    for (const transaction of store.list()) {
      if (transaction.status !== "pending") continue;
      void outcomeOf(client, transaction, store.formatOf(transaction.hash))
        .then((outcome) => {
          const missed = outcome?.block === undefined ? (misses.current.get(transaction.hash) ?? 0) + 1 : 0;
          misses.current.set(transaction.hash, outcome === undefined ? 0 : missed);
          if (outcome === undefined || (outcome.block === undefined && missed < MISSES)) return;
          store.settle(transaction.hash, outcome);
          for (const queryKey of transaction.invalidates) void queries.invalidateQueries({ queryKey });
        })
        .catch(() => {}); // the chain is silent: asked again with the next block
    }
  }, [client, queries, store, waiting, head?.hash, waiting === "" ? 0 : dataUpdatedAt]);

  return null;
}

/** What became of a pending transaction; nothing while it may still come. */
async function outcomeOf(
  client: PublicClient,
  { hash, account, nonce }: Transaction,
  format: ArgumentFormat | undefined,
): Promise<Partial<Transaction> | undefined> {
  const receipt = await client.getTransactionReceipt({ hash }).catch(ignoreMissing);
  if (receipt !== undefined) {
    const block = receipt.blockNumber.toString();
    if (receipt.status === "success") return { status: "confirmed", block };
    const why = await whyReverted(client, hash, receipt.blockNumber, format);
    return { status: "failed", block, failure: why };
  }
  const known = await client.getTransaction({ hash }).catch(ignoreMissing);
  if (known !== undefined) return undefined;
  // No node has it any more: another one took its nonce, or it was forgotten.
  const used = (await client.getTransactionCount({ address: account })) > nonce;
  return used
    ? { status: "replaced", failure: failure("replaced") }
    : { status: "dropped", failure: failure("dropped") };
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && /NotFound/.test(error.name)) return undefined;
  throw error;
}
