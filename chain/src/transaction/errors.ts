// Why a transaction cannot be taken, as a stable reason and in the words that geth uses and viem's error classes match.
// It must not know who asks.

import type { Exclusion } from "../engine/types.ts";

/** Faults found before execution, on top of the engine's. */
export type TransactionFault =
  | Exclusion
  | "malformed" // not the encoding of a transaction
  | "invalid-signature"
  | "wrong-chain-id"
  | "invalid-blob-sidecar"
  | "already-known"
  | "replacement-underpriced"
  | "pool-full";

export class InvalidTransactionError extends Error {
  override readonly name = "InvalidTransactionError";
  readonly reason: TransactionFault;
  constructor(reason: TransactionFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

const WORDS: Record<TransactionFault, string> = {
  "nonce-too-low": "nonce too low",
  "nonce-too-high": "nonce too high",
  "nonce-is-max": "nonce has max value",
  "insufficient-funds": "insufficient funds for gas * price + value",
  "intrinsic-gas-too-low": "intrinsic gas too low",
  "gas-below-floor": "intrinsic gas too low: insufficient gas for floor data gas cost",
  "gas-limit-exceeds-maximum": "transaction gas limit too high",
  "block-gas-exceeded": "exceeds block gas limit",
  "blob-gas-exceeded": "blob gas limit of the block reached",
  "max-fee-below-base-fee": "max fee per gas less than block base fee",
  "priority-fee-above-max-fee": "max priority fee per gas higher than max fee per gas",
  "max-blob-fee-below-base-fee": "max fee per blob gas less than block blob gas fee",
  "sender-not-eoa": "sender not an eoa",
  "initcode-too-large": "max initcode size exceeded",
  "type-not-supported": "transaction type not supported",
  "blob-creates-contract": "input string too short for common.Address: blob transaction of type create",
  "no-blobs": "blob transaction missing blob hashes",
  "too-many-blobs": "blob transaction has too many blobs",
  "blob-hash-version": "blob has invalid hash version",
  "set-code-creates-contract": "EIP-7702 transaction cannot be used to create contract",
  "no-authorizations": "EIP-7702 transaction with empty auth list",
  "out-of-memory": "the transaction needs more memory than the node has",
  malformed: "rlp: malformed transaction",
  "invalid-signature": "invalid sender",
  "wrong-chain-id": "invalid chain id for signer",
  "invalid-blob-sidecar": "invalid blob sidecar",
  "already-known": "already known",
  "replacement-underpriced": "replacement transaction underpriced",
  "pool-full": "txpool is full",
};

/** The field's words for a reason; `detail` follows after a colon. */
export function describeFault(reason: TransactionFault, detail?: string): string {
  return detail ? `${WORDS[reason]}: ${detail}` : WORDS[reason];
}

export function transactionError(
  reason: TransactionFault,
  detail?: string,
  cause?: unknown,
): InvalidTransactionError {
  return new InvalidTransactionError(reason, describeFault(reason, detail), { cause });
}
