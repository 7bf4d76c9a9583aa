// Whether votes can be delegated, and what is handed on where that is signed only: issue codes, whose words stand in words.ts.
import { type Address, getAddress, type Hex, isAddress, isAddressEqual, isHex, zeroAddress } from "viem";

export type DelegateState = {
  connected: boolean;
  /** As typed. */
  to: string;
  /** Who votes with it now; nothing while that is being read. */
  current: Address | undefined;
  /** PLDR in its smallest unit. */
  balance: bigint;
};

export type DelegateIssue = "notConnected" | "notAnAddress" | "nobody" | "already" | "holdsNothing";

/** Nothing where it can be done. */
export function delegateIssue({ connected, to, current, balance }: DelegateState): DelegateIssue | undefined {
  if (!connected) return "notConnected";
  if (!isAddress(to.trim())) return "notAnAddress";
  if (BigInt(to.trim()) === 0n) return "nobody";
  if (current !== undefined && isAddressEqual(current, to.trim() as Address)) return "already";
  if (balance === 0n) return "holdsNothing";
  return undefined;
}

/** EIP-712, as `Votes.delegateBySig` of OpenZeppelin hashes it. */
export const DELEGATION = {
  Delegation: [
    { name: "delegatee", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint256" },
  ],
} as const;

/** A signed delegation, to be handed on as text. */
export type SignedDelegation = {
  delegator: Address;
  delegatee: Address;
  nonce: bigint;
  /** Seconds. */
  expiry: bigint;
  signature: Hex;
};

export function toText({ nonce, expiry, ...rest }: SignedDelegation): string {
  return JSON.stringify({ ...rest, nonce: `${nonce}`, expiry: `${expiry}` });
}

/** Nothing where it is none. */
export function fromText(text: string): SignedDelegation | undefined {
  try {
    const { delegator, delegatee, nonce, expiry, signature } = JSON.parse(text);
    if (![delegator, delegatee].every((each) => isAddress(each) && each !== zeroAddress)) return undefined;
    if (![nonce, expiry].every((each) => typeof each === "string" && /^\d{1,78}$/.test(each)))
      return undefined;
    if (!isHex(signature) || signature.length !== 132) return undefined;
    return {
      delegator: getAddress(delegator),
      delegatee: getAddress(delegatee),
      nonce: BigInt(nonce),
      expiry: BigInt(expiry),
      signature,
    };
  } catch {
    return undefined;
  }
}
