// What transactions read and change in storage, and through which slots two depend on each other: on Polder's chain by the
// engine's own committed sets, on Hardhat's simulated network by traces.
import { expect } from "chai";
import { ethers, isSimulated, provider } from "./network.ts";
import { type StorageAccess, storageAccess } from "./storage-trace.ts";

export type Sent = { hash: string; to: string | null };

type AccessSets = {
  locations: { address: string; kind: string; slot?: string }[];
  transactions: { index: number; reads: number[]; writes: number[] }[];
};

/** Whether this network can tell. */
export async function canTellContention(): Promise<boolean> {
  return isSimulated || (await accessSets(0).catch(() => undefined)) !== undefined;
}

/**
 * What each transaction read and changed, in the order sent. On Polder's chain they share one block, which is asserted;
 * where traces tell, each has its own, since a change inside a block shows only at its end. All must succeed.
 */
export async function accessesOf(sending: readonly (() => Promise<Sent>)[]): Promise<StorageAccess[]> {
  if (isSimulated) {
    const accesses: StorageAccess[] = [];
    for (const send of sending) {
      const { hash, to } = await send();
      accesses.push(await storageAccess(hash, to ?? ""));
    }
    return accesses;
  }
  await provider.request({ method: "evm_setAutomine", params: [false] });
  const sent: Sent[] = [];
  try {
    for (const send of sending) sent.push(await send());
    await provider.request({ method: "evm_mine" });
  } finally {
    await provider.request({ method: "evm_setAutomine", params: [true] });
  }
  const receipts = await Promise.all(sent.map(({ hash }) => ethers.provider.getTransactionReceipt(hash)));
  const block = receipts[0]?.blockNumber ?? 0;
  expect(receipts.map((receipt) => [receipt?.blockNumber, receipt?.index, receipt?.status])).to.deep.equal(
    sent.map((_, index) => [block, index, 1]),
  );
  const { locations, transactions } = await accessSets(block);
  const keys = (ids: readonly number[]) =>
    new Set(
      ids.map((id) => {
        const { address, kind, slot } = locations[id] ?? { address: "", kind: "" };
        return `${address}:${slot ?? kind}`;
      }),
    );
  return transactions.map(({ reads, writes }) => ({ read: keys(reads), changed: keys(writes) }));
}

/**
 * `address:slot` of what one changed and the other read or changed, whoever came first. A change of a slot reads it, for
 * gas depends on its value; balances that both only add to are no dependency.
 */
export function shared(one: StorageAccess, other: StorageAccess): string[] {
  const meet = (changed: Set<string>, read: Set<string>) => [...changed].filter((key) => read.has(key));
  return [...new Set([...meet(one.changed, other.read), ...meet(other.changed, one.read)])];
}

function accessSets(number: number): Promise<AccessSets> {
  return provider.request({
    method: "parallel_getAccessSets",
    params: [ethers.toQuantity(number)],
  }) as Promise<AccessSets>;
}
