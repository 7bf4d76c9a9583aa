// wagmi's configuration, made at run time for the network that the server named. Wallets that announce themselves
// (EIP-6963) are found by wagmi; WalletConnect is loaded only where a project id is set.
import { createPublicClient, defineChain, http, type PublicClient } from "viem";
import { type CreateConnectorFn, createConfig } from "wagmi";
import { walletConnect } from "wagmi/connectors/walletConnect";
import { words } from "../../words.ts";
import { DEVELOPMENT_CHAIN, type Settings } from "../settings.tsx";
import { developmentWallet } from "./development.ts";

export type Network = { config: ReturnType<typeof createNetwork>["config"]; client: PublicClient };

export function createNetwork({ chainId, rpcUrl, walletConnectProjectId }: Settings) {
  const chain = defineChain({
    id: chainId,
    name: chainId === DEVELOPMENT_CHAIN ? words.network.development : words.network.named(chainId),
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  // What is asked in one turn goes out as one request.
  const transport = http(rpcUrl, { batch: { wait: 4, batchSize: 200 }, retryCount: 0, timeout: 10_000 });
  const connectors: CreateConnectorFn[] = [];
  if (walletConnectProjectId !== undefined) {
    connectors.push(walletConnect({ projectId: walletConnectProjectId, showQrModal: true }));
  }
  if (chainId === DEVELOPMENT_CHAIN) connectors.push(developmentWallet({ rpcUrl, chainId }));
  const config = createConfig({
    chains: [chain],
    connectors,
    transports: { [chainId]: transport },
    multiInjectedProviderDiscovery: true,
    ssr: true,
  });
  const pollingInterval = chainId === DEVELOPMENT_CHAIN ? 1_000 : 4_000;
  const client: PublicClient = createPublicClient({ chain, transport, pollingInterval, cacheTime: 0 });
  return { config, client };
}
