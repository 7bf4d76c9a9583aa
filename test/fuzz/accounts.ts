// The people of a fuzzed chain: keys that the Hardhat leg signs with, and their addresses. The engine legs need the
// addresses only.

import { createHash } from "node:crypto";
import type { PrivateKeyAccount } from "viem/accounts";
import { privateKeyToAccount } from "viem/accounts";
import type { Address } from "../../chain/src/engine/types.ts";

export interface Person {
  address: Address;
  account: PrivateKeyAccount;
  privateKey: `0x${string}`;
}

const PEOPLE = 32;

/** Always the same ones. */
export const people: readonly Person[] = Array.from({ length: PEOPLE }, (_, index) => {
  const privateKey = `0x${createHash("sha256").update(`polder fuzz ${index}`).digest("hex")}` as const;
  const account = privateKeyToAccount(privateKey);
  return { address: account.address.toLowerCase() as Address, account, privateKey };
});

export const personOf: ReadonlyMap<Address, Person> = new Map(
  people.map((person) => [person.address, person]),
);
