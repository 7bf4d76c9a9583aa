// A devchain for the length of one suite: on a free port, and surely ours. It must not know what is tested on it.

import { ROOT, start, stop } from "./child.ts";

const PATIENCE = 60_000;

export interface Devchain {
  url: string;
  /** web3_clientVersion */
  version: string;
  stop(): Promise<void>;
}

/** Starts `polder node`, with further options. Throws, with what the node printed, when it does not answer. */
export async function startDevchain(options: readonly string[] = []): Promise<Devchain> {
  const command = [`${ROOT}/chain/bin/polder.mjs`, "node", "--port", "0", "--log-format", "json"];
  const child = start([...command, ...options]);
  let printed = "";
  child.stderr?.on("data", (text: string) => {
    printed += text;
  });
  try {
    const url = await new Promise<string>((done, fail) => {
      const timer = setTimeout(() => fail(new Error("does not say where it listens")), PATIENCE);
      child.stdout?.on("data", (text: string) => {
        printed = (printed + text).slice(-4_096);
        const found = /"url":"(http:[^"]+)"/.exec(printed)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        done(found);
      });
      child.on("error", fail);
      child.on("exit", (code, signal) => fail(new Error(`ended with ${signal ?? `exit code ${code}`}`)));
    });
    const version = await clientVersion(url);
    if (!version.startsWith("hardhat/polder/")) throw new Error(`${url} is somebody else's: ${version}`);
    return { url, version, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw new Error(`the devchain did not start: ${(error as Error).message}\n${printed}`);
  }
}

async function clientVersion(url: string): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "web3_clientVersion", params: [] }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { result } = (await response.json()) as { result?: unknown };
  return String(result);
}
