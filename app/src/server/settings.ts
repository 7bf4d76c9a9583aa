// What the app is told about its network, read anew for each page: URLs from the environment, the chain's id from the
// chain, addresses from the deployment's record. Runs on the server alone.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeploymentRecord } from "@polder/contracts/deployment/record.ts";
import type { Settings } from "../lib/settings.tsx";

const DEFAULT_CHAIN = 31_337;
/** Milliseconds that a page waits for the chain to name itself. */
const PATIENCE = 1_500;

export function urls(): { rpcUrl: string; indexUrl: string; walletConnectProjectId: string | undefined } {
  return {
    rpcUrl: process.env.POLDER_RPC_URL ?? "http://127.0.0.1:8545",
    indexUrl: process.env.POLDER_INDEX_URL ?? "http://127.0.0.1:42069",
    walletConnectProjectId: process.env.POLDER_WALLETCONNECT_PROJECT_ID || undefined,
  };
}

export async function readSettings(): Promise<Settings> {
  const { rpcUrl, indexUrl, walletConnectProjectId } = urls();
  const chainId = (await chainIdAt(rpcUrl)) ?? DEFAULT_CHAIN;
  return { chainId, rpcUrl, indexUrl, walletConnectProjectId, record: await readRecord(chainId) };
}

/** The record of a deployment; nothing where none was written. */
export async function readRecord(chainId: number): Promise<DeploymentRecord | undefined> {
  const folder = process.env.POLDER_DEPLOYMENTS;
  if (folder === undefined) throw new Error("POLDER_DEPLOYMENTS is not set: start the app with app/main.ts");
  try {
    return JSON.parse(await readFile(join(folder, `${chainId}.json`), "utf8")) as DeploymentRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const known = new Map<string, number>();

/** A URL keeps its chain: asked until it has answered once. */
async function chainIdAt(url: string): Promise<number | undefined> {
  const before = known.get(url);
  if (before !== undefined) return before;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
      signal: AbortSignal.timeout(PATIENCE),
      cache: "no-store",
    });
    const { result } = (await response.json()) as { result?: unknown };
    const chainId = Number(result);
    if (typeof result !== "string" || !Number.isSafeInteger(chainId)) return undefined;
    known.set(url, chainId);
    return chainId;
  } catch {
    return undefined;
  }
}
