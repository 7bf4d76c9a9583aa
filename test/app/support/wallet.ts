// A wallet that announces itself to pages as browser extensions do (EIP-6963). It is another program than the page: what it
// decides is decided here, and the page has a wire to it alone. The node signs with the account, which it has unlocked.
import type { BrowserContext } from "playwright-core";

export type WalletOptions = { name: string; rpcUrl: string; account: string; chainId: number };

type Asked = { method: string; params: readonly unknown[] };

/** Milliseconds. */
const PATIENCE = 15_000;
/** What pages call. */
const WIRE = "__testWallet";

export class InjectedWallet {
  /** All that pages asked for, oldest first. */
  readonly asked: Asked[] = [];
  /** The hash that it tells of block 0, where that is not the node's. */
  genesis: string | undefined;
  /** Called between the node's answer to a transaction and the page's. */
  onSent: (() => Promise<void>) | undefined;
  readonly #options: WalletOptions;
  readonly #rejected: string[] = [];
  readonly #networks: Set<number>;
  #chainId: number;
  /** No page is told an account before it was let in. */
  #shown = false;

  private constructor(options: WalletOptions) {
    this.#options = options;
    this.#chainId = options.chainId;
    this.#networks = new Set([options.chainId]);
  }

  /** Into all pages of a context that are opened from now on. */
  static async inject(context: BrowserContext, options: WalletOptions): Promise<InjectedWallet> {
    const wallet = new InjectedWallet(options);
    await context.exposeFunction(WIRE, async (asked: Asked) => {
      try {
        return { result: await wallet.#answer(asked) };
      } catch (error) {
        const { code = -32_603, message, data } = error as { code?: number; message: string; data?: unknown };
        return { error: { code, message, data } };
      }
    });
    await context.addInitScript(announce, { wire: WIRE, name: options.name });
    return wallet;
  }

  /** Its user declines the next call of `method`. */
  reject(method: string): void {
    this.#rejected.push(method);
  }

  /** It is on another network, and does not tell pages. */
  moveSilently(chainId: number): void {
    this.#chainId = chainId;
  }

  /** Resolves once pages have called `method` so often. */
  async asksFor(method: string, times: number): Promise<void> {
    const end = Date.now() + PATIENCE;
    while (this.calls(method).length < times) {
      if (Date.now() > end) throw new Error(`the wallet was not asked for ${method}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  calls(method: string): readonly (readonly unknown[])[] {
    return this.asked.filter((each) => each.method === method).map(({ params }) => params);
  }

  async #answer({ method, params }: Asked): Promise<unknown> {
    this.asked.push({ method, params });
    const { account, rpcUrl } = this.#options;
    const declined = this.#rejected.indexOf(method);
    if (declined >= 0) {
      this.#rejected.splice(declined, 1);
      throw refusal(4001, "User rejected the request.");
    }
    switch (method) {
      case "eth_requestAccounts":
        this.#shown = true;
        return [account];
      case "eth_accounts":
        return this.#shown ? [account] : [];
      case "eth_chainId":
        return hex(this.#chainId);
      case "wallet_requestPermissions":
        throw refusal(4200, "not supported");
      case "wallet_switchEthereumChain":
      case "wallet_addEthereumChain": {
        const { chainId } = params[0] as { chainId: string };
        if (method === "wallet_addEthereumChain") this.#networks.add(Number(chainId));
        if (!this.#networks.has(Number(chainId))) throw refusal(4902, "Unrecognized chain ID");
        this.#chainId = Number(chainId);
        return null;
      }
    }
    if (method === "eth_getBlockByNumber" && params[0] === "0x0" && this.genesis !== undefined) {
      return { number: "0x0", hash: this.genesis };
    }
    const answer = await ask(rpcUrl, method, params);
    if (method === "eth_sendTransaction") await this.onSent?.();
    return answer;
  }
}

async function ask(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = (await response.json()) as {
    result?: unknown;
    error?: { code: number; message: string; data?: unknown };
  };
  if (error !== undefined) throw Object.assign(new Error(error.message), error);
  return result;
}

function refusal(code: number, message: string): Error {
  return Object.assign(new Error(message), { code });
}

function hex(chainId: number): string {
  return `0x${chainId.toString(16)}`;
}

/** Runs in the page, before anything of it. */
function announce({ wire, name }: { wire: string; name: string }): void {
  type Answer = { result?: unknown; error?: { code: number; message: string; data?: unknown } };
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  const provider = {
    request: async ({ method, params = [] }: { method: string; params?: unknown[] }): Promise<unknown> => {
      const call = (globalThis as unknown as Record<string, (asked: unknown) => Promise<Answer>>)[wire];
      const { result, error } = (await call?.({ method, params })) ?? {};
      if (error !== undefined) throw Object.assign(new Error(error.message), error);
      if (/^wallet_(switch|add)EthereumChain$/.test(method)) {
        const [{ chainId }] = params as [{ chainId: string }];
        for (const listener of listeners.get("chainChanged") ?? []) listener(chainId);
      }
      return result;
    },
    on: (event: string, listener: (value: unknown) => void) => {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
    },
    removeListener: (event: string, listener: (value: unknown) => void) => {
      listeners.get(event)?.delete(listener);
    },
  };
  const icon = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>";
  const info = { uuid: "3e2b6d3c-2a4e-4c7b-9d0e-5f0c6f1a2b3d", name, icon, rdns: "org.example.testwallet" };
  const detail = Object.freeze({ info: Object.freeze(info), provider });
  const show = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  addEventListener("eip6963:requestProvider", show);
  show();
}
