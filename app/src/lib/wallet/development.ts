// The development wallet: an account that the node itself has unlocked. There is no key here; the node signs, and only a
// development chain has such accounts.

import { type Address, getAddress, numberToHex, SwitchChainError } from "viem";
import { createConnector } from "wagmi";

export const DEVELOPMENT_WALLET = "development";

/** What the accounts of a development chain do, by their index: the same as `scripts/lib/deployment.ts` gives out. */
export type DevelopmentRole =
  | "deployer"
  | "guardian"
  | "registrar"
  | "agent"
  | "voter"
  | "servicer"
  | "keeper"
  | "free";

export function roleOf(index: number): DevelopmentRole {
  if (index >= 4 && index <= 6) return "voter";
  if (index >= 10 && index <= 17) return "keeper";
  return (
    ({ 0: "deployer", 1: "guardian", 2: "registrar", 3: "agent", 7: "servicer" } as const)[index] ?? "free"
  );
}

const KEPT = "polder.development.account";

/** Which account the next connection takes; the last one chosen is kept. */
export function chooseDevelopmentAccount(account: Address): void {
  localStorage.setItem(KEPT, account);
}

export function developmentWallet({ rpcUrl, chainId }: { rpcUrl: string; chainId: number }) {
  const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
    if (method === "eth_requestAccounts" || method === "eth_accounts") return [await account()];
    const response = await fetch(rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: params ?? [] }),
    });
    const answer = (await response.json()) as { result?: unknown; error?: { code: number; message: string } };
    if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
    return answer.result;
  };
  const unlocked = async (): Promise<Address[]> => {
    const response = await fetch(rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_accounts", params: [] }),
    });
    return ((await response.json()) as { result: Address[] }).result.map((each) => getAddress(each));
  };
  const account = async (): Promise<Address> => {
    const accounts = await unlocked();
    const kept = localStorage.getItem(KEPT)?.toLowerCase();
    const found = accounts.find((each) => each.toLowerCase() === kept) ?? accounts[0];
    if (found === undefined) throw new Error("the node has no unlocked accounts");
    return found;
  };
  const provider = { request };
  let connected = false;

  return createConnector<typeof provider>((config) => ({
    id: DEVELOPMENT_WALLET,
    name: "Development wallet",
    type: DEVELOPMENT_WALLET,
    async connect() {
      connected = true;
      // biome-ignore lint/suspicious/noExplicitAny: wagmi's type depends on an option that this wallet does not have
      return { accounts: [await account()] as any, chainId };
    },
    async disconnect() {
      connected = false;
    },
    async getAccounts() {
      return [await account()];
    },
    async getChainId() {
      return chainId;
    },
    async getProvider() {
      return provider;
    },
    async isAuthorized() {
      return connected || localStorage.getItem(KEPT) !== null;
    },
    async switchChain({ chainId: wanted }) {
      const chain = config.chains.find(({ id }) => id === wanted);
      if (chain === undefined || wanted !== chainId) {
        throw new SwitchChainError(
          new Error(`the development wallet is on chain ${numberToHex(chainId)} alone`),
        );
      }
      return chain;
    },
    onAccountsChanged() {},
    onChainChanged() {},
    onDisconnect() {
      connected = false;
    },
  }));
}
