"use client";
// Tells wherever the reader is how his transactions go: when one was sent, and how it ended. One found at a page's start
// is told once it ends.
import { Toast } from "radix-ui";
import { useEffect, useRef, useState } from "react";
import type { Transaction } from "../lib/transactions/store.ts";
import { useTransactionStore, useTransactions } from "../lib/transactions/TransactionsProvider.tsx";
import { words } from "../words.ts";
import { TransactionRow } from "./TransactionRow.tsx";

/** Milliseconds that an end is shown. */
const SHOWN = 7_000;

export function Toasts() {
  const transactions = useTransactions();
  const store = useTransactionStore();
  const seen = useRef<ReadonlyMap<string, Transaction["status"]> | undefined>(undefined);
  const [shown, setShown] = useState<readonly string[]>([]);
  useEffect(() => {
    const before = seen.current;
    // At the start the list of before counts as seen, though it is rendered only after the first paint.
    const now = before === undefined ? store.list() : transactions;
    seen.current = new Map(now.map(({ hash, status }) => [hash, status]));
    if (before === undefined) return;
    const news = transactions
      .filter(({ hash, status }) => before.get(hash) !== status)
      .map(({ hash }) => hash);
    if (news.length > 0) setShown((others) => [...new Set([...news, ...others])].slice(0, 3));
  }, [transactions, store]);
  return (
    <Toast.Provider label={words.transactions.title} duration={SHOWN}>
      {transactions
        .filter(({ hash }) => shown.includes(hash))
        .map((transaction) => (
          <Toast.Root
            key={`${transaction.hash}${transaction.status}`}
            duration={transaction.status === "pending" ? Number.POSITIVE_INFINITY : SHOWN}
            onOpenChange={(open) => {
              if (!open) setShown((all) => all.filter((hash) => hash !== transaction.hash));
            }}
            className="rounded-md border border-line-strong bg-paper p-4 text-ink"
          >
            <Toast.Description asChild>
              <div>
                <TransactionRow transaction={transaction} />
              </div>
            </Toast.Description>
          </Toast.Root>
        ))}
      <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-[calc(100vw-2rem)] max-w-sm flex-col gap-2 outline-none" />
    </Toast.Provider>
  );
}
