// What storage a transaction read and changed, from its trace. Needs `debug_traceTransaction` with stack entries, which
// Hardhat's simulated network has; elsewhere callers skip.
import { provider } from "./network.ts";

type Step = { depth: number; op: string; stack: string[] };

export type StorageAccess = {
  /** `address:slot` of each slot that was read, writes included (gas needs the original value). */
  read: Set<string>;
  /** `address:slot` of each slot whose value differs afterwards. */
  changed: Set<string>;
};

const CALLS = new Set(["CALL", "STATICCALL"]);
const BORROWED_CODE = new Set(["DELEGATECALL", "CALLCODE"]);

/** The storage that the mined transaction `hash`, sent to `to`, read and changed. */
export async function storageAccess(hash: string, to: string): Promise<StorageAccess> {
  const [trace, transaction] = await Promise.all([
    provider.request({ method: "debug_traceTransaction", params: [hash, { disableMemory: true }] }),
    provider.request({ method: "eth_getTransactionByHash", params: [hash] }),
  ]);
  const { structLogs } = trace as { structLogs: Step[] };
  const block = Number((transaction as { blockNumber: string }).blockNumber);

  const addresses: string[] = [to.toLowerCase()];
  const read = new Set<string>();
  const written = new Set<string>();
  let next = "";
  let depth = structLogs[0]?.depth ?? 1;
  for (const { depth: current, op, stack } of structLogs) {
    if (current > depth) addresses.push(next);
    else for (; depth > current; depth--) addresses.pop();
    depth = current;
    const top = (index: number): string =>
      BigInt(`0x${(stack.at(-1 - index) ?? "").replace(/^0x/, "")}`).toString(16);
    const here = addresses.at(-1) ?? "";
    if (CALLS.has(op)) next = `0x${top(1).padStart(40, "0").slice(-40)}`;
    else if (BORROWED_CODE.has(op)) next = here;
    else if (op === "SLOAD" || op === "SSTORE") {
      const key = `${here}:0x${top(0).padStart(64, "0")}`;
      read.add(key);
      if (op === "SSTORE") written.add(key);
    }
  }

  const changed = new Set<string>();
  for (const key of written) {
    const [address, slot] = key.split(":");
    const at = (number: number) =>
      provider.request({ method: "eth_getStorageAt", params: [address, slot, `0x${number.toString(16)}`] });
    if ((await at(block - 1)) !== (await at(block))) changed.add(key);
  }
  return { read, changed };
}
