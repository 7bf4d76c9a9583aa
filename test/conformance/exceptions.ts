// Which refusals of ours mean which exception of the fixtures (execution-spec-tests, TransactionException and
// BlockException). It must not know how transactions and blocks are executed.

import type { TransactionFault } from "../../chain/src/transaction/errors.ts";

/** Why a transaction was refused: by the engine, or while its envelope was decoded. */
export type Refusal = TransactionFault;

const TRANSACTION_CLASSES: Readonly<Record<string, readonly Refusal[]>> = {
  TYPE_NOT_SUPPORTED: ["type-not-supported"],
  TYPE_1_TX_PRE_FORK: ["type-not-supported"],
  TYPE_2_TX_PRE_FORK: ["type-not-supported"],
  TYPE_3_TX_PRE_FORK: ["type-not-supported"],
  TYPE_3_TX_ZERO_BLOBS_PRE_FORK: ["type-not-supported"],
  TYPE_4_TX_PRE_FORK: ["type-not-supported"],
  NONCE_MISMATCH_TOO_LOW: ["nonce-too-low"],
  NONCE_MISMATCH_TOO_HIGH: ["nonce-too-high"],
  NONCE_IS_MAX: ["nonce-is-max"],
  NONCE_TOO_BIG: ["nonce-is-max", "malformed"],
  NONCE_OVERFLOW: ["nonce-is-max", "malformed"],
  SENDER_NOT_EOA: ["sender-not-eoa"],
  INSUFFICIENT_ACCOUNT_FUNDS: ["insufficient-funds"],
  GASLIMIT_PRICE_PRODUCT_OVERFLOW: ["insufficient-funds", "malformed"],
  INTRINSIC_GAS_TOO_LOW: ["intrinsic-gas-too-low"],
  INTRINSIC_GAS_BELOW_FLOOR_GAS_COST: ["gas-below-floor"],
  INITCODE_SIZE_EXCEEDED: ["initcode-too-large"],
  GAS_ALLOWANCE_EXCEEDED: ["block-gas-exceeded"],
  GAS_LIMIT_EXCEEDS_MAXIMUM: ["gas-limit-exceeds-maximum"],
  INSUFFICIENT_MAX_FEE_PER_GAS: ["max-fee-below-base-fee"],
  PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS: ["priority-fee-above-max-fee"],
  PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS_2: ["priority-fee-above-max-fee"],
  INSUFFICIENT_MAX_FEE_PER_BLOB_GAS: ["max-blob-fee-below-base-fee"],
  TYPE_3_TX_ZERO_BLOBS: ["no-blobs"],
  TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH: ["blob-hash-version"],
  TYPE_3_TX_BLOB_COUNT_EXCEEDED: ["too-many-blobs"],
  TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED: ["blob-gas-exceeded", "too-many-blobs"],
  TYPE_3_TX_CONTRACT_CREATION: ["blob-creates-contract", "malformed"],
  TYPE_3_TX_WITH_FULL_BLOBS: ["malformed", "invalid-blob-sidecar"],
  TYPE_4_TX_CONTRACT_CREATION: ["set-code-creates-contract", "malformed"],
  TYPE_4_EMPTY_AUTHORIZATION_LIST: ["no-authorizations"],
  TYPE_4_INVALID_AUTHORITY_SIGNATURE: ["malformed", "invalid-signature"],
  TYPE_4_INVALID_AUTHORITY_SIGNATURE_S_TOO_HIGH: ["malformed", "invalid-signature"],
  TYPE_4_INVALID_AUTHORIZATION_FORMAT: ["malformed"],
  INVALID_CHAINID: ["wrong-chain-id"],
  INVALID_SIGNATURE_VRS: ["invalid-signature", "malformed"],
  EC_RECOVERY_FAIL: ["invalid-signature"],
  ECDSA_RECOVERY_FAIL: ["invalid-signature"],
  ADDRESS_TOO_SHORT: ["malformed"],
  ADDRESS_TOO_LONG: ["malformed"],
  GASLIMIT_OVERFLOW: ["malformed"],
  VALUE_OVERFLOW: ["malformed"],
  GASPRICE_OVERFLOW: ["malformed"],
  PRIORITY_OVERFLOW: ["malformed"],
};

/** By the rule of the node's InvalidBlockError. */
const BLOCK_CLASSES: Readonly<Record<string, readonly string[]>> = {
  INCORRECT_BLOCK_FORMAT: ["rlp", "requests-hash"],
  RLP_STRUCTURES_ENCODING: ["rlp"],
  RLP_WITHDRAWALS_NOT_READ: ["rlp"],
  RLP_INVALID_FIELD_OVERFLOW_64: ["rlp"],
  RLP_BLOCK_LIMIT_EXCEEDED: ["rlp-size"],
  UNKNOWN_PARENT: ["parent-hash"],
  UNKNOWN_PARENT_ZERO: ["parent-hash"],
  INVALID_BLOCK_NUMBER: ["number"],
  INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT: ["timestamp"],
  INVALID_GASLIMIT: ["gas-limit"],
  GASLIMIT_TOO_BIG: ["gas-limit"],
  GASLIMIT_TOO_SMALL: ["gas-limit"],
  INVALID_GAS_USED: ["gas-used"],
  INVALID_GAS_USED_ABOVE_LIMIT: ["gas-used"],
  GAS_USED_OVERFLOW: ["gas-used", "block-gas-exceeded"],
  INVALID_BASEFEE_PER_GAS: ["base-fee"],
  EXTRA_DATA_TOO_BIG: ["extra-data"],
  INVALID_STATE_ROOT: ["state-root"],
  INVALID_RECEIPTS_ROOT: ["receipts-root"],
  INVALID_TRANSACTIONS_ROOT: ["transactions-root"],
  INVALID_WITHDRAWALS_ROOT: ["withdrawals-root"],
  INVALID_LOG_BLOOM: ["logs-bloom"],
  INCORRECT_EXCESS_BLOB_GAS: ["excess-blob-gas"],
  INCORRECT_BLOB_GAS_USED: ["blob-gas-used"],
  BLOB_GAS_USED_ABOVE_LIMIT: ["blob-gas-used", "blob-gas-exceeded"],
  INVALID_REQUESTS: ["requests-hash"],
  INVALID_DEPOSIT_EVENT_LAYOUT: ["deposit-event-layout"],
  SYSTEM_CONTRACT_EMPTY: ["system-contract-empty"],
  SYSTEM_CONTRACT_CALL_FAILED: ["system-contract-failed"],
};

/**
 * Whether `refusal` is of one of the classes in `expected` (`TransactionException.A|TransactionException.B`). RLP_*
 * classes are all malformed. Throws on a class that the table does not know, so that it cannot pass unnoticed.
 */
export function isExpectedRefusal(expected: string, refusal: Refusal): boolean {
  return expected.split("|").some((name) => refusalsOf(name).includes(refusal));
}

/** The same for a block, refused by `rule`: a rule of blocks or the refusal of one of its transactions. */
export function isExpectedBlockRefusal(expected: string, rule: string): boolean {
  return expected
    .split("|")
    .some((name) => refusalsOf(name).includes(rule) || SEEN_IN_HEADER[name]?.includes(rule));
}

/** What a block's header shows before its transactions are looked at. */
const SEEN_IN_HEADER: Readonly<Record<string, readonly string[]>> = {
  "TransactionException.TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED": ["blob-gas-used"],
};

function refusalsOf(name: string): readonly string[] {
  const [kind, short] = name.split(".") as [string, string | undefined];
  const table = kind === "BlockException" ? BLOCK_CLASSES : TRANSACTION_CLASSES;
  const known = table[short ?? kind];
  if (known !== undefined) return known;
  if (kind === "TransactionException" && short?.startsWith("RLP_")) return ["malformed", "invalid-signature"];
  throw new Error(`the runner does not know the exception ${name}; add it to test/conformance/exceptions.ts`);
}
