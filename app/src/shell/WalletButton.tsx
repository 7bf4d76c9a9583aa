"use client";
// Connects a wallet, and once connected opens account and transactions.
import { usePathname } from "next/navigation";
import { useEffect, useState } from "react";
import { useConnection } from "wagmi";
import { shortHex } from "../lib/format.ts";
import { useTransactions } from "../lib/transactions/TransactionsProvider.tsx";
import { Button } from "../parts/Button.tsx";
import { words } from "../words.ts";
import { ConnectDialog } from "./ConnectDialog.tsx";
import { WalletPanel } from "./WalletPanel.tsx";

/** Opens the dialog from wherever a page asks for a wallet. */
export function openConnectDialog(): void {
  dispatchEvent(new Event("polder:connect"));
}

export function WalletButton() {
  const { address, isConnected } = useConnection();
  const [open, setOpen] = useState<"panel" | "connect">();
  const usual = isConnected ? "panel" : "connect";
  const path = usePathname();
  // What is opened from the panel must not lie behind it.
  useEffect(() => setOpen(undefined), [path]);
  // An account is connected, or another one: the dialog has done its work.
  useEffect(() => {
    if (isConnected) setOpen(undefined);
  }, [isConnected, address]);
  useEffect(() => {
    const show = () => setOpen(usual);
    addEventListener("polder:connect", show);
    return () => removeEventListener("polder:connect", show);
  }, [usual]);
  const whetherOpen = (which: "panel" | "connect") => ({
    open: open === which,
    onOpenChange: (next: boolean) => setOpen(next ? which : undefined),
  });
  const pending = useTransactions().filter(({ status }) => status === "pending").length;
  return (
    <>
      {isConnected && address !== undefined ? (
        <Button small look="secondary" onClick={() => setOpen(usual)} className="min-h-10">
          <span aria-hidden className="size-2 bg-reed" />
          <span className="font-mono">{shortHex(address)}</span>
          {pending > 0 && <span className="text-water">{words.transactions.pending(pending)}</span>}
        </Button>
      ) : (
        <Button small onClick={() => setOpen(usual)} className="min-h-10">
          {words.wallet.connect}
        </Button>
      )}
      {isConnected && <WalletPanel {...whetherOpen("panel")} onChange={() => setOpen("connect")} />}
      <ConnectDialog {...whetherOpen("connect")} />
    </>
  );
}
