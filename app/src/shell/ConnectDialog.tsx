"use client";
// Which wallet: those that announced themselves (EIP-6963), WalletConnect where it is set up, and on a development chain
// the node's unlocked accounts, each with its role.
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { type Address, getAddress } from "viem";
import { type Connector, useConnect, useConnection, useConnectors, useDisconnect } from "wagmi";
import { useChainClient } from "../lib/chain/client.tsx";
import { explain, type Failure } from "../lib/errors.ts";
import { shortHex } from "../lib/format.ts";
import { chooseDevelopmentAccount, DEVELOPMENT_WALLET, roleOf } from "../lib/wallet/development.ts";
import { Dialog } from "../parts/Dialog.tsx";
import { ErrorBox } from "../parts/ErrorBox.tsx";
import { words } from "../words.ts";

/** Why no wallet was connected: what a wallet says is for machines. */
function NotConnected({ error }: { error: Error }) {
  const [why, setWhy] = useState<Failure>();
  useEffect(() => {
    let gone = false;
    void explain(error).then((failure) => !gone && setWhy(failure));
    return () => {
      gone = true;
    };
  }, [error]);
  if (why === undefined) return null;
  const { failed, declined } = words.wallet;
  const title = why.kind === "unknown" ? failed : why.kind === "rejected" ? declined : why.words;
  return <ErrorBox title={title} {...(why.detail !== undefined && { detail: why.detail })} />;
}

type Props = { open: boolean; onOpenChange(open: boolean): void };

export function ConnectDialog({ open, onOpenChange }: Props) {
  const connectors = useConnectors();
  const { mutate: connect, error, isPending, reset } = useConnect();
  const { isConnected } = useConnection();
  const { mutateAsync: disconnect } = useDisconnect();
  /** Who is connected leaves first: so a wallet asks anew which account it shall be. */
  const choose = async (connector: Connector) => {
    if (isConnected) await disconnect().catch(() => {});
    connect({ connector });
  };
  const development = connectors.find(({ id }) => id === DEVELOPMENT_WALLET);
  const remote = connectors.find(({ type }) => type === "walletConnect");
  const injected = connectors.filter(({ type }) => type === "injected");
  const { wallet } = words;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) reset();
        onOpenChange(next);
      }}
      title={wallet.title}
      description={wallet.description}
    >
      <div className="flex flex-col gap-6">
        {error && <NotConnected error={error} />}
        <Group title={wallet.injected}>
          {injected.length === 0 && <p className="text-muted">{wallet.noInjected}</p>}
          {injected.map((connector) => (
            <Choice key={connector.uid} disabled={isPending} onChoose={() => void choose(connector)}>
              {connector.name}
            </Choice>
          ))}
        </Group>
        {remote !== undefined && (
          <Group title={wallet.walletConnect}>
            <Choice disabled={isPending} onChoose={() => void choose(remote)}>
              {remote.name}
            </Choice>
          </Group>
        )}
        {development !== undefined && (
          <Group title={wallet.development} about={wallet.developmentAbout}>
            <DevelopmentAccounts
              onChoose={(account) => {
                chooseDevelopmentAccount(account);
                void choose(development);
              }}
            />
          </Group>
        )}
      </div>
    </Dialog>
  );
}

/** The node's unlocked accounts. */
function DevelopmentAccounts({ onChoose }: { onChoose(account: Address): void }) {
  const client = useChainClient();
  const { data, error, refetch } = useQuery({
    queryKey: ["development-accounts"],
    queryFn: async () => (await client.request({ method: "eth_accounts" as never })) as Address[],
  });
  if (error) return <ErrorBox title={words.status.silent} onRetry={() => void refetch()} />;
  return (
    <div className="-mx-2 flex max-h-72 flex-col overflow-y-auto px-2">
      {data?.map((account, index) => (
        <Choice key={account} onChoose={() => onChoose(getAddress(account))}>
          <span className="flex flex-1 flex-wrap items-baseline justify-between gap-x-4">
            <span>
              {`${words.wallet.index(index)} `}
              <span className="ml-1 font-mono text-small text-muted">{shortHex(account)}</span>
            </span>
            <span className="text-small font-normal text-muted">{words.wallet.roles[roleOf(index)]}</span>
          </span>
        </Choice>
      ))}
    </div>
  );
}

function Group({ title, about, children }: { title: string; about?: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-small font-semibold text-muted">{title}</h3>
      {about !== undefined && <p className="text-small text-muted">{about}</p>}
      {children}
    </section>
  );
}

function Choice({
  onChoose,
  disabled,
  children,
}: {
  onChoose(): void;
  disabled?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      disabled={disabled}
      onClick={onChoose}
      className="flex min-h-11 w-full shrink-0 items-center border-b border-line px-1 py-2 text-left font-semibold hover:bg-wash disabled:text-muted"
    >
      {children}
    </button>
  );
}
