// What only a development chain's node does: move its clock, mine, give ether, and send for accounts it has unlocked. No key
// is here; the node signs.
import type { Address, Hash, Hex, PublicClient } from "viem";
import { isAddressEqual, numberToHex } from "viem";

async function ask<T>(client: PublicClient, method: string, params: readonly unknown[] = []): Promise<T> {
  return (await client.request({ method: method as never, params: params as never })) as T;
}

export async function mine(client: PublicClient): Promise<void> {
  await ask(client, "evm_mine");
}

/** Moves the clock by `seconds` and mines a block that has the new time. */
export async function advance(client: PublicClient, seconds: number): Promise<void> {
  await ask(client, "evm_increaseTime", [numberToHex(seconds)]);
  await mine(client);
}

export async function giveEther(client: PublicClient, to: Address, wei: bigint): Promise<void> {
  const balance = await client.getBalance({ address: to });
  await ask(client, "hardhat_setBalance", [to, numberToHex(balance + wei)]);
}

export function unlockedAccounts(client: PublicClient): Promise<readonly Address[]> {
  return ask(client, "eth_accounts");
}

/** The first of `wanted` that the node signs for. */
export function firstUnlocked(unlocked: readonly Address[], wanted: readonly Address[]): Address | undefined {
  return wanted.find((each) => unlocked.some((other) => isAddressEqual(other, each)));
}

/** Of one transaction (EIP-7825). */
const MOST_GAS = 2n ** 24n;

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

/** Sends for an unlocked account and waits for the block. Throws what the contract says before anything is sent. */
export async function sendUnlocked(
  client: PublicClient,
  from: Address,
  to: Address,
  data: Hex,
): Promise<Hash> {
  await client.call({ account: from, to, data });
  const gas = await client.estimateGas({ account: from, to, data });
  const hash = await ask<Hash>(client, "eth_sendTransaction", [
    { from, to, data, gas: numberToHex(least((gas * 14n) / 10n, MOST_GAS)) },
  ]);
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status === "reverted") throw new Error(`transaction ${hash} failed`);
  return hash;
}
