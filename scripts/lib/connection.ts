// A connection to a node and the keys that scripts sign with. Keys come from the environment, never from options; the
// well-known development phrase is used on the development chain alone.
import { HDNodeWallet, JsonRpcProvider, Mnemonic, Wallet } from "ethers";

export const DEFAULT_RPC_URL = "http://127.0.0.1:8545";
export const DEVELOPMENT_CHAIN = 31_337;
const DEVELOPMENT_PHRASE = "test test test test test test test test test test test junk";

export type Connection = {
  url: string;
  chainId: number;
  provider: JsonRpcProvider;
  /** Account `index` of the phrase in POLDER_MNEMONIC. */
  wallet(index: number): Wallet;
};

/** Connects to `url`. Throws where nothing answers there, or no key may be used. */
export async function connect(url: string): Promise<Connection> {
  const chainId = await chainIdAt(url).catch((cause: unknown) => {
    throw new Error(
      `nothing answers at ${url}: start the chain with \`npm run chain\`, or name another --rpc-url`,
      { cause },
    );
  });
  const provider = new JsonRpcProvider(url, chainId, {
    staticNetwork: true,
    cacheTimeout: -1, // two reads of the same thing in a row may differ: blocks come at will
    polling: true,
    pollingInterval: 50,
    batchStallTime: 0, // what is asked at once goes together, and waits for nothing else
  });

  const phrase = process.env.POLDER_MNEMONIC ?? DEVELOPMENT_PHRASE;
  if (phrase === DEVELOPMENT_PHRASE && chainId !== DEVELOPMENT_CHAIN) {
    provider.destroy();
    throw new Error(
      `chain ${chainId} is not the development chain (${DEVELOPMENT_CHAIN}), where anybody knows the keys of the ` +
        "development phrase: set POLDER_MNEMONIC",
    );
  }
  const accounts = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), "m/44'/60'/0'/0");
  return {
    url,
    chainId,
    provider,
    wallet: (index) => new Wallet(accounts.deriveChild(index).privateKey, provider),
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
