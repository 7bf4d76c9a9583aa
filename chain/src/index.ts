// The library's door: a devchain in this process as an EIP-1193 provider, without a server. It must not know what is
// asked of it.

import { EventEmitter } from "node:events";
import { startChainThread } from "./node/thread.ts";
import type { ChainDescription, ChainOptions, ChainThread } from "./node/types.ts";
import type { Json, RpcRequest } from "./rpc/types.ts";

export type { ChainDescription, ChainOptions } from "./node/types.ts";

/**
 * EIP-1193: `request`, and the events `connect`, `disconnect` and `message` (of eth_subscribe). Errors of requests carry
 * `code`, `message` and, after a revert, `data`.
 */
export interface Devchain extends Pick<EventEmitter, "on" | "removeListener"> {
  request(request: RpcRequest): Promise<Json>;
  /** Accounts with their keys, chain id and the like. */
  readonly description: ChainDescription;
  /** Ends the chain and its threads; nothing can be asked any more. */
  close(): Promise<void>;
}

/** Starts a chain in threads of this process. It lives in memory and ends with the process. */
export async function createDevchain(options: ChainOptions = {}): Promise<Devchain> {
  return new DevchainProvider(await startChainThread(options));
}

class DevchainProvider extends EventEmitter implements Devchain {
  readonly description: ChainDescription;
  readonly #thread: ChainThread;

  constructor(thread: ChainThread) {
    super();
    this.#thread = thread;
    this.description = thread.description;
    thread.onNotification((data) => this.emit("message", { type: "eth_subscription", data }));
    // 1013, try again later: EIP-1193 refers to the close codes of WebSockets.
    thread.onExit((error) => this.emit("disconnect", Object.assign(error, { code: 1013 })));
    const chainId = `0x${thread.description.info.chainId.toString(16)}`;
    queueMicrotask(() => this.emit("connect", { chainId }));
  }

  request(request: RpcRequest): Promise<Json> {
    return this.#thread.request(request);
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}
