// Whether bytes are those that a token published. Pure.
import { type Hash, keccak256 } from "viem";

export type Verdict = "same" | "differs" | "unpublished";

/** `published` is the hash that the token has; nothing where it has none of this name. */
export function verdictOf(bytes: Uint8Array, published: Hash | undefined): { verdict: Verdict; hash: Hash } {
  const hash = keccak256(bytes);
  if (published === undefined) return { verdict: "unpublished", hash };
  return { verdict: hash.toLowerCase() === published.toLowerCase() ? "same" : "differs", hash };
}
