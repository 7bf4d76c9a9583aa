// Through which storage slots two transactions depend on each other: on Polder's chain by its own committed read and write
// sets, on Hardhat's simulated network by traces.
import { expect } from "chai";
import { ethers, isSimulated, provider } from "./network.ts";
import { type StorageAccess, storageAccess } from "./storage-trace.ts";

export type Sent = { hash: string; to: string | null };

/** Whether this network can tell. */
export async function canTellContention(): Promise<boolean> {
  return isSimulated || (await blockReport(0).catch(() => undefined)) !== undefined;
}

async function accessOf({ hash, to }: Sent): Promise<StorageAccess> {
  return storageAccess(hash, to ?? "");
}

function common(a: Set<string>, b: Set<string>): string[] {
  return [...a].filter((key) => b.has(key));
}

/** Storage slots through which the second of two transactions depends on the first. */
export async function contended(first: () => Promise<Sent>, second: () => Promise<Sent>): Promise<string[]> {
  if (isSimulated) {
    const a = await accessOf(await first());
    const b = await accessOf(await second());
    expect(a.changed.size, "the trace shows changes").to.be.greaterThan(1);
    return [...new Set([...common(a.changed, b.read), ...common(b.changed, a.read)])];
  }
  await provider.request({ method: "evm_setAutomine", params: [false] });
  const sent: Sent[] = [];
  try {
    sent.push(await first(), await second());
    await provider.request({ method: "evm_mine" });
  } finally {
    await provider.request({ method: "evm_setAutomine", params: [true] });
  }
  const receipts = await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
  expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 1]);
  expect(receipts[0]?.blockNumber).to.equal(receipts[1]?.blockNumber);
  const report = (await blockReport(receipts[0]?.blockNumber ?? 0)) as {
    contended: { location: { address: string; kind: string; slot?: string } }[];
  };
  return report.contended.map(({ location }) => `${location.address}:${location.slot ?? location.kind}`);
}

function blockReport(number: number): Promise<unknown> {
  return provider.request({ method: "parallel_getBlockReport", params: [ethers.toQuantity(number)] });
}
