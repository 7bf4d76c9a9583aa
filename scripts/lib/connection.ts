// A connection to a node and the accounts that scripts sign with there. Which keys those are, keys.ts says.
import { JsonRpcProvider, Wallet } from "ethers";
import { accountsOn, DEVELOPMENT_CHAIN, keysOf } from "./keys.ts";
import { networkOf } from "./network.ts";
import type { Role } from "./roles.ts";

export { DEVELOPMENT_CHAIN };
export const DEFAULT_RPC_URL = "http://127.0.0.1:8545";

export type Connection = {
  url: string;
  chainId: number;
  provider: JsonRpcProvider;
  /** Account `index` of the phrase in POLDER_MNEMONIC. Throws where there is none to be used. */
  wallet(index: number): Wallet;
  /** All accounts that hold a role: its own keys where they are set, else the phrase's. */
  signers(role: Role): Promise<Wallet[]>;
};

/** Options that name a node, on a command line. */
export const nodeOptions = { "rpc-url": { type: "string" }, network: { type: "string" } } as const;

/**
 * Connects to the node that options name: a URL, a network of hardhat.config.ts, else POLDER_RPC_URL, else the devchain's
 * own port.
 */
export async function connectBy(options: { "rpc-url"?: string; network?: string }): Promise<Connection> {
  const { "rpc-url": url, network } = options;
  if (network === undefined) return connect(url ?? process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL);
  if (url !== undefined) throw new Error("--rpc-url and --network exclude each other: name one of them");
  const { url: configured, chainId } = await networkOf(network);
  const connection = await connect(configured);
  if (chainId !== undefined && chainId !== connection.chainId) {
    connection.provider.destroy();
    throw new Error(
      `network "${network}" is chain ${chainId} in hardhat.config.ts, but ${configured} is chain ${connection.chainId}`,
    );
  }
  return connection;
}

/** Connects to `url`. Throws where nothing answers there, or the development phrase is set for another chain. */
export async function connect(url: string): Promise<Connection> {
  const chainId = await chainIdAt(url).catch((cause: unknown) => {
    throw new Error(
      `nothing answers at ${url}: start the chain with \`npm run chain\`, or name another --rpc-url`,
      { cause },
    );
  });
  const accounts = await accountsOn(chainId);
  const provider = new JsonRpcProvider(url, chainId, {
    staticNetwork: true,
    cacheTimeout: -1, // two reads of the same thing in a row may differ: blocks come at will
    polling: true,
    pollingInterval: 50,
    batchStallTime: 0, // what is asked at once goes together, and waits for nothing else
  });
  return {
    url,
    chainId,
    provider,
    wallet: (index) => {
      if (accounts === undefined)
        throw new Error(`chain ${chainId} needs keys of your own: set POLDER_MNEMONIC`);
      return new Wallet(accounts(index), provider);
    },
    signers: async (role) => (await keysOf(role, chainId, accounts)).map((key) => new Wallet(key, provider)),
  };
}

/** Asked without ethers, which would go on trying to detect a network in the background. */
async function chainIdAt(url: string): Promise<number> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
  });
  const { result } = (await response.json()) as { result?: unknown };
  if (typeof result !== "string") throw new Error(`eth_chainId answered ${JSON.stringify(result)}`);
  return Number(result);
}
