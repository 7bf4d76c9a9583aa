"use client";
// The connected account and what was sent from this browser.
import { useConnection, useDisconnect } from "wagmi";
import { useTransactionStore, useTransactions } from "../lib/transactions/TransactionsProvider.tsx";
import { Address } from "../parts/Address.tsx";
import { Button } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { words } from "../words.ts";
import { TransactionRow } from "./TransactionRow.tsx";

type Props = { open: boolean; onOpenChange(open: boolean): void; onChange(): void };

export function WalletPanel({ open, onOpenChange, onChange }: Props) {
  const { address, connector } = useConnection();
  const { mutate: disconnect } = useDisconnect();
  const transactions = useTransactions();
  const store = useTransactionStore();
  const { wallet } = words;
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={wallet.connected} side>
      <div className="flex flex-col gap-8">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <div>
            <p className="font-semibold">{connector?.name}</p>
            {address !== undefined && <Address value={address} />}
          </div>
          <div className="flex flex-wrap gap-2">
            <Button small look="secondary" onClick={onChange}>
              {wallet.change}
            </Button>
            <Button
              small
              look="secondary"
              onClick={() => {
                onOpenChange(false);
                disconnect();
              }}
            >
              {wallet.disconnect}
            </Button>
          </div>
        </div>
        <section className="flex flex-col gap-3">
          <div className="flex items-baseline justify-between">
            <h3 className="font-semibold">{words.transactions.title}</h3>
            {transactions.length > 0 && (
              <Button small look="quiet" className="-mr-3" onClick={() => store.clear()}>
                {words.transactions.clear}
              </Button>
            )}
          </div>
          {transactions.length === 0 ? (
            <p className="text-muted">{words.transactions.none}</p>
          ) : (
            <ul>
              {transactions.map((transaction) => (
                <li key={transaction.hash} className="border-t border-line py-3">
                  <TransactionRow transaction={transaction} />
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
    </Dialog>
  );
}
