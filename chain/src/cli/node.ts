// polder node: starts the chain thread and the server, tells the terminal, and stops both in order. It knows nothing of
// how either works.

import { formatGwei } from "viem";
import { startChainThread } from "../node/thread.ts";
import type { BlockSummary, ChainThread } from "../node/types.ts";
import { type ServerOptions, startServer } from "../rpc/server.ts";
import type { RequestHandler, RpcErrorObject } from "../rpc/types.ts";
import { clientVersion } from "../rpc/version.ts";
import { group, renderBanner } from "./banner.ts";
import { createLog, type Log } from "./log.ts";
import { describeOptions, parseNodeOptions } from "./options.ts";

export function nodeHelp(): string {
  return `Runs the devchain: a parallel EVM with Ethereum's JSON-RPC over HTTP and WebSocket.

Usage: polder node [options]

${describeOptions()}

In brackets the default. Stop it with Ctrl-C; without --data-dir nothing is kept.
`;
}

/** Runs until it is told to stop. @returns the exit code */
export async function runNode(args: readonly string[]): Promise<number> {
  const options = parseNodeOptions(args);
  // Whoever read our output may leave (a pipe into head); the chain goes on for those who use it.
  process.stdout.on("error", () => {});
  const log = createLog({ format: options.logFormat, silent: options.silent });
  const thread = await startChainThread(options.chain, ({ block, share }) =>
    log("info", "taking up the chain", { block, done: `${Math.floor(100 * share)}%` }),
  );
  // hardhat_setLoggingEnabled switches the lines below, which the chain thread knows nothing of.
  let enabled = true;
  const handler = watchLogging(thread, (value) => {
    enabled = value;
  });
  const onRequest = createRequestLog((...line) => enabled && log(...line));

  let server: Awaited<ReturnType<typeof startServer>>;
  try {
    server = await startServer({ ...options, handler, onRequest } satisfies ServerOptions);
  } catch (error) {
    await thread.close();
    throw error;
  }
  const { kept } = thread.description;
  if (kept && kept.cutBytes > 0) {
    log("warn", "the end of the chain's log was damaged and has been cut off, as after a crash", {
      directory: kept.directory,
      bytes: kept.cutBytes,
    });
  }
  if (options.logFormat === "json") {
    const { info } = thread.description;
    log("info", "listening", {
      url: server.url,
      chainId: info.chainId,
      hardfork: info.hardfork,
      workers: info.workers,
      ...(kept ? { dataDir: kept.directory, restoredBlocks: kept.restoredBlocks } : {}),
    });
  } else if (!options.silent) {
    const { description } = thread;
    const { allowedOrigins } = options;
    process.stdout.write(
      renderBanner({ url: server.url, version: clientVersion(), description, allowedOrigins }),
    );
    process.stdout.write(`\nListening at ${server.url}\n`);
  }
  thread.onBlock((summary) => enabled && logBlock(log, summary));

  const ending = await untilStopped(thread);
  log("info", "stopping", { reason: ending.reason });
  await server.close();
  if (ending.error === undefined) await thread.close();
  else log("error", `the chain thread ended by itself: ${ending.error.message}`);
  return ending.error === undefined ? 0 : 1;
}

/** A signal, or the end of the chain thread. A second signal ends the process at once. */
function untilStopped(thread: ChainThread): Promise<{ reason: string; error?: Error }> {
  return new Promise((resolve) => {
    let stopping = false;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (stopping) process.exit(130);
        stopping = true;
        resolve({ reason: signal });
      });
    }
    thread.onExit((error) => resolve({ reason: "failure", error }));
  });
}

function watchLogging(thread: ChainThread, set: (enabled: boolean) => void): RequestHandler {
  const look = ({ method, params }: { method: string; params?: unknown }) => {
    if (/^(hardhat|anvil)_setLoggingEnabled$/.test(method) && Array.isArray(params)) set(params[0] === true);
  };
  return {
    request(request) {
      look(request);
      return thread.request(request);
    },
    requestAll(requests) {
      for (const request of requests) look(request);
      return thread.requestAll(requests);
    },
    onNotification: (listener) => thread.onNotification(listener),
  };
}

/** Failures are worth a line; successes, most of them polls, are not. A method nobody has is named once. */
function createRequestLog(
  log: Log,
): (method: string, milliseconds: number, error: RpcErrorObject | undefined) => void {
  const unknown = new Set<string>();
  return (method, _milliseconds, error) => {
    if (error === undefined) return;
    if (error.code === -32601) {
      if (unknown.has(method) || unknown.size >= 100) return;
      unknown.add(method);
    }
    const words = error.message.length > 240 ? `${error.message.slice(0, 240)}...` : error.message;
    log("warn", `${method.slice(0, 60)}: ${words}`, { code: error.code });
  };
}

/** One line for a block that holds transactions. */
function logBlock(log: Log, summary: BlockSummary): void {
  if (summary.transactions === 0) return;
  const share = summary.gasLimit === 0n ? 0n : (100n * summary.gasUsed) / summary.gasLimit;
  log("info", `block ${group(summary.number)}`, {
    transactions: summary.transactions,
    ...(summary.failed > 0 ? { failed: summary.failed } : {}),
    gas: `${group(summary.gasUsed)} (${share}%)`,
    baseFee: `${formatGwei(summary.baseFeePerGas)} gwei`,
    workers: summary.workers,
    reExecutions: summary.reExecutions,
    ms: Math.round(summary.milliseconds * 10) / 10,
    hash: summary.hash,
  });
}
