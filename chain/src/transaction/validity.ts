// What can be said of a transaction without the state: intrinsic gas and the static rules of its type and fork. It
// must not know balances, nonces or the pool.

import type { Exclusion, Hardfork } from "../engine/types.ts";
import { isAtLeast, MAX_NONCE, TRANSACTION_GAS_CAP } from "../protocol/forks.ts";
import type { AccessListEntry, Transaction } from "./types.ts";

const TRANSACTION_GAS = 21_000n;
/** EIP-2, with EIP-3860's per word of initcode. */
const CREATE_GAS = 32_000n;
const INITCODE_WORD_GAS = 2n;
/** EIP-2028, in tokens of EIP-7623: a zero byte is one token, another four; 4 gas a token, at least 10. */
const TOKEN_GAS = 4n;
const FLOOR_TOKEN_GAS = 10n;
/** EIP-2930. */
const ACCESS_LIST_ADDRESS_GAS = 2_400n;
const ACCESS_LIST_KEY_GAS = 1_900n;
/** EIP-7702, PER_EMPTY_ACCOUNT_COST. */
const AUTHORIZATION_GAS = 25_000n;
/** EIP-3860: twice EIP-170's limit. */
const MAX_INITCODE_SIZE = 49_152;
const VERSIONED_HASH_PREFIX = "0x01";

/** The fields that intrinsic gas depends on. */
interface Priced {
  to: Transaction["to"];
  data: Transaction["data"];
  accessList?: readonly AccessListEntry[];
  authorizationList?: readonly unknown[];
}

/** Gas that a transaction costs before its first instruction, and EIP-7623's floor (0 before Prague). */
export function intrinsicGas(transaction: Priced, hardfork: Hardfork): { gas: bigint; floor: bigint } {
  const { to, data, accessList = [], authorizationList = [] } = transaction;
  const length = (data.length - 2) / 2;
  let zeros = 0;
  for (let i = 2; i < data.length; i += 2) {
    if (data.charCodeAt(i) === 48 && data.charCodeAt(i + 1) === 48) zeros++;
  }
  const tokens = BigInt(zeros + 4 * (length - zeros));
  let gas = TRANSACTION_GAS + TOKEN_GAS * tokens;
  if (to === null) gas += CREATE_GAS + INITCODE_WORD_GAS * BigInt(Math.ceil(length / 32));
  for (const { storageKeys } of accessList) {
    gas += ACCESS_LIST_ADDRESS_GAS + ACCESS_LIST_KEY_GAS * BigInt(storageKeys.length);
  }
  gas += AUTHORIZATION_GAS * BigInt(authorizationList.length);
  const floor = isAtLeast(hardfork, "prague") ? TRANSACTION_GAS + FLOOR_TOKEN_GAS * tokens : 0n;
  return { gas, floor };
}

export interface StaticRules {
  hardfork: Hardfork;
  chainId: bigint;
  maxBlobsPerTransaction: number;
  unlimitedCodeSize: boolean;
}

/** The first rule that a transaction breaks whatever the state, with a detail for people; null when it keeps them all. */
export function staticFault(
  transaction: Transaction,
  rules: StaticRules,
): { reason: Exclusion | "wrong-chain-id"; detail?: string } | null {
  const { hardfork, chainId, maxBlobsPerTransaction } = rules;
  const { type, gas, to } = transaction;
  if (type === 4 && !isAtLeast(hardfork, "prague")) {
    return { reason: "type-not-supported", detail: `transaction type not valid before prague: ${type}` };
  }
  if (transaction.chainId !== undefined && transaction.chainId !== chainId) {
    return { reason: "wrong-chain-id", detail: `have ${transaction.chainId} want ${chainId}` };
  }
  if (transaction.nonce >= MAX_NONCE) return { reason: "nonce-is-max" };
  const maxFee = transaction.maxFeePerGas ?? transaction.gasPrice!;
  const tip = transaction.maxPriorityFeePerGas ?? maxFee;
  if (tip > maxFee)
    return {
      reason: "priority-fee-above-max-fee",
      detail: `maxPriorityFeePerGas: ${tip}, maxFeePerGas: ${maxFee}`,
    };
  if (isAtLeast(hardfork, "osaka") && gas > TRANSACTION_GAS_CAP) {
    return {
      reason: "gas-limit-exceeds-maximum",
      detail: `cap: ${TRANSACTION_GAS_CAP}, tx: ${gas} (EIP-7825)`,
    };
  }
  if (to === null && !rules.unlimitedCodeSize && (transaction.data.length - 2) / 2 > MAX_INITCODE_SIZE) {
    return {
      reason: "initcode-too-large",
      detail: `code size ${(transaction.data.length - 2) / 2}, limit ${MAX_INITCODE_SIZE}`,
    };
  }
  const intrinsic = intrinsicGas(transaction, hardfork);
  if (gas < intrinsic.gas)
    return { reason: "intrinsic-gas-too-low", detail: `gas ${gas}, minimum needed ${intrinsic.gas}` };
  if (gas < intrinsic.floor)
    return { reason: "gas-below-floor", detail: `gas ${gas}, minimum needed ${intrinsic.floor}` };
  if (type === 3) {
    const hashes = transaction.blobVersionedHashes!;
    if (to === null) return { reason: "blob-creates-contract" };
    if (hashes.length === 0) return { reason: "no-blobs" };
    if (hashes.length > maxBlobsPerTransaction) {
      return {
        reason: "too-many-blobs",
        detail: `have ${hashes.length}, permitted ${maxBlobsPerTransaction}`,
      };
    }
    if (hashes.some((hash) => !hash.startsWith(VERSIONED_HASH_PREFIX)))
      return { reason: "blob-hash-version" };
  }
  if (type === 4) {
    if (to === null) return { reason: "set-code-creates-contract" };
    if (transaction.authorizationList!.length === 0) return { reason: "no-authorizations" };
  }
  return null;
}
