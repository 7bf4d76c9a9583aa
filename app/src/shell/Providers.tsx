"use client";
// Everything that pages stand on: the network, the wallet, what was read, what was sent.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { WagmiProvider } from "wagmi";
import { ClientContext } from "../lib/chain/client.tsx";
import { RefreshOnBlocks } from "../lib/chain/refresh.tsx";
import { type Settings, SettingsProvider } from "../lib/settings.tsx";
import { TransactionsProvider } from "../lib/transactions/TransactionsProvider.tsx";
import { createNetwork } from "../lib/wallet/config.ts";

export function Providers({ settings, children }: { settings: Settings; children: ReactNode }) {
  const [network] = useState(() => createNetwork(settings));
  const [queries] = useState(createQueries);
  return (
    <SettingsProvider settings={settings}>
      <WagmiProvider config={network.config}>
        <QueryClientProvider client={queries}>
          <ClientContext value={network.client}>
            <RefreshOnBlocks />
            <TransactionsProvider>{children}</TransactionsProvider>
          </ClientContext>
        </QueryClientProvider>
      </WagmiProvider>
    </SettingsProvider>
  );
}

function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // A chain on this machine answers without an internet connection.
        networkMode: "always",
        // Blocks say when to read again, see RefreshOnBlocks.
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        retry: 1,
      },
      mutations: { networkMode: "always" },
    },
  });
}
