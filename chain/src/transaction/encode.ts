// From fields to a signed envelope, for accounts whose keys the node holds and for impersonated ones. The inverse of
// decode.ts; it must not know how missing fields are chosen.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { bigintToBytes, bytesToHex, concatBytes, EMPTY_BYTES, hexToBytes } from "../protocol/bytes.ts";
import { encodeRlp, type RlpItem } from "../protocol/rlp.ts";
import type { Address, Transaction } from "./types.ts";

type Signature = { r: bigint; s: bigint; yParity: 0 | 1 };

/** A complete transaction but for its signature. */
export type UnsignedTransaction = Omit<Transaction, "hash" | "from" | "v" | "r" | "s" | "yParity" | "raw">;

/** What is signed: keccak256 of the envelope without signature (EIP-155 where a legacy one names its chain). 32 bytes. */
export function signingHash(transaction: UnsignedTransaction): Uint8Array {
  const items = bodyItems(transaction);
  if (transaction.type === 0 && transaction.chainId !== undefined) {
    items.push(bigintToBytes(transaction.chainId), EMPTY_BYTES, EMPTY_BYTES);
  }
  return keccak_256(envelope(transaction.type, items));
}

export function withSignature(
  transaction: UnsignedTransaction,
  from: Address,
  signature: Signature,
): Transaction {
  const { r, s, yParity } = signature;
  const v = transaction.type === 0 ? legacyV(yParity, transaction.chainId) : BigInt(yParity);
  const items = [...bodyItems(transaction), bigintToBytes(v), bigintToBytes(r), bigintToBytes(s)];
  const raw = envelope(transaction.type, items);
  return {
    ...transaction,
    hash: bytesToHex(keccak_256(raw)),
    from,
    v,
    r,
    s,
    ...(transaction.type === 0 ? {} : { yParity }),
    raw: bytesToHex(raw),
  };
}

/** An impersonated sender's: r and s are its address, as Hardhat has it, so that the hash stays unique. Recovers to nobody. */
export function withImpersonation(transaction: UnsignedTransaction, from: Address): Transaction {
  return withSignature(transaction, from, { r: BigInt(from), s: BigInt(from), yParity: 0 });
}

function legacyV(yParity: 0 | 1, chainId: bigint | undefined): bigint {
  return BigInt(yParity) + (chainId === undefined ? 27n : 35n + 2n * chainId);
}

function envelope(type: number, items: RlpItem[]): Uint8Array {
  const payload = encodeRlp(items);
  return type === 0 ? payload : concatBytes(Uint8Array.of(type), payload);
}

function bodyItems(transaction: UnsignedTransaction): RlpItem[] {
  const { type, accessList = [], blobVersionedHashes = [], authorizationList = [] } = transaction;
  const call: RlpItem[] = [
    bigintToBytes(transaction.gas),
    transaction.to === null ? EMPTY_BYTES : hexToBytes(transaction.to),
    bigintToBytes(transaction.value),
    hexToBytes(transaction.data),
  ];
  const nonce = bigintToBytes(transaction.nonce);
  if (type === 0) return [nonce, bigintToBytes(transaction.gasPrice!), ...call];
  const head = [bigintToBytes(transaction.chainId!), nonce];
  const access: RlpItem = accessList.map(({ address, storageKeys }) => [
    hexToBytes(address),
    storageKeys.map(hexToBytes),
  ]);
  if (type === 1) return [...head, bigintToBytes(transaction.gasPrice!), ...call, access];
  const fees = [bigintToBytes(transaction.maxPriorityFeePerGas!), bigintToBytes(transaction.maxFeePerGas!)];
  const items: RlpItem[] = [...head, ...fees, ...call, access];
  if (type === 3)
    items.push(bigintToBytes(transaction.maxFeePerBlobGas!), blobVersionedHashes.map(hexToBytes));
  if (type === 4) {
    items.push(
      authorizationList.map(({ chainId, address, nonce, yParity, r, s }) => [
        bigintToBytes(chainId),
        hexToBytes(address),
        ...[nonce, yParity, r, s].map(bigintToBytes),
      ]),
    );
  }
  return items;
}
