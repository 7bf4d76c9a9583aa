// A kept chain in this process, asked over JSON-RPC's methods, and all that can be asked of it at once.

import { createEngine } from "../../../chain/src/engine/index.ts";
import type { Engine } from "../../../chain/src/engine/types.ts";
import type { DevchainNode } from "../../../chain/src/node/node.ts";
import { openNode } from "../../../chain/src/node/open.ts";
import type { ChainOptions } from "../../../chain/src/node/types.ts";
import { createDispatcher } from "../../../chain/src/rpc/dispatch.ts";
import { DataDirectory } from "../../../chain/src/store/directory.ts";

/** A test's context, or whoever else runs these when all is done. */
export interface Cleanup {
  after(end: () => void | Promise<void>): void;
}

export interface KeptChain {
  node: DevchainNode;
  engine: Engine;
  data: DataDirectory;
  /** The result, once the log is on disk, as the chain thread gives it. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape; what is read of it is asserted
  rpc(method: string, ...params: unknown[]): Promise<any>;
  close(): Promise<void>;
}

/** `engine`: a used one, emptied here; it stays open. Closed when the test ends, if not before. */
export async function openChain(
  context: Cleanup,
  directory: string,
  options: ChainOptions = {},
  engine?: Engine,
): Promise<KeptChain> {
  const workers = options.workers ?? 1;
  const own = engine ?? (await createEngine({ workers }));
  engine?.reset();
  const data = await DataDirectory.open(directory);
  let node: DevchainNode;
  try {
    node = await openNode(own, data, { workers, ...options }, (error) => {
      throw error;
    });
  } catch (error) {
    await data.close();
    if (!engine) await own.close();
    throw error;
  }
  const dispatcher = createDispatcher(node);
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    dispatcher.close();
    if (!engine) await node.close();
    await data.close();
  };
  context.after(close);
  return {
    node,
    engine: own,
    data,
    async rpc(method, ...params) {
      const result = await dispatcher.request({ method, params: params as never[] });
      await data.log.synced();
      return result;
    },
    close,
  };
}

/** All that the chain shows of its blocks, its state at `accounts` and its pool. */
export async function portrait(
  chain: KeptChain,
  accounts: readonly string[],
): Promise<Record<string, unknown>> {
  const { rpc, engine } = chain;
  const head = Number(await rpc("eth_blockNumber"));
  const blocks = [];
  for (let number = 0; number <= head; number++) {
    const tag = `0x${number.toString(16)}`;
    blocks.push({
      block: await rpc("eth_getBlockByNumber", tag, true),
      raw: await rpc("debug_getRawBlock", tag),
      receipts: await rpc("eth_getBlockReceipts", tag),
      balances: await Promise.all(accounts.map((account) => rpc("eth_getBalance", account, tag))),
      storage: await Promise.all(accounts.map((account) => rpc("eth_getStorageAt", account, "0x0", tag))),
    });
  }
  const state = [];
  for (const account of accounts) {
    state.push(await rpc("eth_getProof", account, ["0x0", "0x1"], "latest"));
    state.push(await rpc("eth_getCode", account));
  }
  return {
    stateRoot: engine.stateRoot(),
    blocks,
    state,
    pool: await rpc("txpool_content"),
    waiting: await rpc("eth_pendingTransactions"),
    fees: [
      await rpc("eth_gasPrice"),
      await rpc("eth_blobBaseFee"),
      await rpc("eth_feeHistory", "0x5", "latest", [50]),
    ],
    coinbase: await rpc("eth_coinbase"),
  };
}
