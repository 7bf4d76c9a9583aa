// From the bytes of a signed envelope to a transaction: EIP-2718 types 0 (with and without EIP-155), 1 (EIP-2930),
// 2 (EIP-1559), 3 (EIP-4844, also with its sidecar) and 4 (EIP-7702). Strict: one value, one encoding.
// It must not know the chain's state nor which types a fork allows.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { isLowS, recoverAddress } from "../crypto/recover.ts";
import { bigintToBytes, bytesToHex, concatBytes, hexToBytes } from "../protocol/bytes.ts";
import {
  asBytes,
  asFixed,
  asInteger,
  asList,
  decodeRlp,
  encodeRlp,
  RlpError,
  type RlpItem,
} from "../protocol/rlp.ts";
import { transactionError } from "./errors.ts";
import { versionedHashesOf } from "./sidecar.ts";
import type { AccessListEntry, Address, Hex, SignedAuthorization, Transaction } from "./types.ts";

/** What ecrecover takes. */
export interface RecoverableSignature {
  hash: Uint8Array;
  /** 32 bytes each. */
  r: Uint8Array;
  s: Uint8Array;
  yParity: 0 | 1;
}

/** A transaction whose sender is not yet recovered. */
export interface DecodedTransaction {
  fields: Omit<Transaction, "from">;
  signature: RecoverableSignature;
  /** As in `fields`, for those who would only turn the hex back. */
  raw: Uint8Array;
  data: Uint8Array;
}

const FIELD_NAMES: Record<number, readonly string[]> = {
  0: ["nonce", "gasPrice", "gas", "to", "value", "data"],
  1: ["chainId", "nonce", "gasPrice", "gas", "to", "value", "data", "accessList"],
  2: ["chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gas", "to", "value", "data", "accessList"],
  3: [
    ...[
      "chainId",
      "nonce",
      "maxPriorityFeePerGas",
      "maxFeePerGas",
      "gas",
      "to",
      "value",
      "data",
      "accessList",
    ],
    ...["maxFeePerBlobGas", "blobVersionedHashes"],
  ],
  4: [
    ...[
      "chainId",
      "nonce",
      "maxPriorityFeePerGas",
      "maxFeePerGas",
      "gas",
      "to",
      "value",
      "data",
      "accessList",
    ],
    "authorizationList",
  ],
};

/**
 * Reads a signed envelope. A type 3 in its network form (with blobs, commitments and proofs) is checked against its
 * versioned hashes and reduced to what stands in a block; its KZG proofs are not verified.
 * Throws InvalidTransactionError: malformed, type-not-supported, invalid-signature, invalid-blob-sidecar.
 */
export function decodeTransaction(envelope: Uint8Array): DecodedTransaction {
  try {
    return decodeEnvelope(envelope);
  } catch (error) {
    if (error instanceof RlpError) throw transactionError("malformed", error.message, error);
    throw error;
  }
}

/** Its signer's address; throws invalid-signature where there is none. */
export function recoverSender(decoded: DecodedTransaction): Address {
  const { hash, r, s, yParity } = decoded.signature;
  const address = recoverAddress(hash, r, s, yParity);
  if (address === null)
    throw transactionError("invalid-signature", "the signature does not recover to an address");
  return bytesToHex(address);
}

export function withSender(decoded: DecodedTransaction, from: Address): Transaction {
  return { ...decoded.fields, from };
}

/** The signer of an EIP-7702 tuple; null where the EIP has the tuple skipped. */
export function recoverAuthority(authorization: SignedAuthorization): Address | null {
  const { chainId, address, nonce, yParity, r, s } = authorization;
  if (yParity > 1n) return null;
  const sWord = word(bigintToBytes(s));
  if (!isLowS(sWord)) return null;
  const payload = encodeRlp([bigintToBytes(chainId), hexToBytes(address), bigintToBytes(nonce)]);
  const hash = keccak_256(concatBytes(Uint8Array.of(0x05), payload));
  const signer = recoverAddress(hash, word(bigintToBytes(r)), sWord, yParity === 1n ? 1 : 0);
  return signer && bytesToHex(signer);
}

function decodeEnvelope(envelope: Uint8Array): DecodedTransaction {
  const first = envelope[0];
  if (first === undefined) throw transactionError("malformed", "empty typed transaction bytes");
  if (first >= 0xc0) return decodeBody(0, envelope, decodeRlp(envelope));
  if (first < 1 || first > 4)
    throw transactionError("type-not-supported", `transaction type not valid: ${first}`);
  const body = decodeRlp(envelope.subarray(1));
  if (first === 3 && Array.isArray(body) && Array.isArray(body[0])) return decodeNetworkForm(body);
  return decodeBody(first as 1 | 2 | 3 | 4, envelope, body);
}

/** EIP-4844's [body, blobs, commitments, proofs] or EIP-7594's [body, 1, blobs, commitments, cell proofs]. */
function decodeNetworkForm(wrapper: RlpItem[]): DecodedTransaction {
  const envelope = concatBytes(Uint8Array.of(3), encodeRlp(wrapper[0]!));
  const decoded = decodeBody(3, envelope, wrapper[0]!);
  const hashes = versionedHashesOf(wrapper);
  const announced = decoded.fields.blobVersionedHashes!;
  if (hashes.length !== announced.length || hashes.some((hash, i) => hash !== announced[i])) {
    throw transactionError("invalid-blob-sidecar", "the commitments do not match the versioned hashes");
  }
  return decoded;
}

function decodeBody(type: 0 | 1 | 2 | 3 | 4, envelope: Uint8Array, body: RlpItem): DecodedTransaction {
  const names = FIELD_NAMES[type]!;
  const items = asList(body, "transaction", names.length + 3);
  const at = (name: string) => items[names.indexOf(name)];
  const data = asBytes(at("data"), "data");
  const to = asBytes(at("to"), "to");
  if (to.length !== 0 && to.length !== 20)
    throw new RlpError(`to has ${to.length} bytes instead of 20 or none`);
  const v = asInteger(items[names.length], type === 0 ? "v" : "yParity");
  const r = asInteger(items[names.length + 1], "r");
  const s = asInteger(items[names.length + 2], "s");
  const { yParity, chainId: legacyChainId } =
    type === 0 ? parityOfLegacy(v) : { yParity: parityOf(v), chainId: undefined };

  const fields: Omit<Transaction, "from"> = {
    hash: bytesToHex(keccak_256(envelope)),
    type,
    to: to.length === 0 ? null : bytesToHex(to),
    nonce: asInteger(at("nonce"), "nonce", 8),
    gas: asInteger(at("gas"), "gas", 8),
    value: asInteger(at("value"), "value"),
    data: bytesToHex(data),
    v,
    r,
    s,
    raw: bytesToHex(envelope),
  };
  if (type === 0) {
    if (legacyChainId !== undefined) fields.chainId = legacyChainId;
  } else {
    fields.chainId = asInteger(at("chainId"), "chainId");
    fields.yParity = yParity;
    fields.accessList = accessListOf(at("accessList"));
  }
  if (type < 2) {
    fields.gasPrice = asInteger(at("gasPrice"), "gasPrice");
  } else {
    fields.maxPriorityFeePerGas = asInteger(at("maxPriorityFeePerGas"), "maxPriorityFeePerGas");
    fields.maxFeePerGas = asInteger(at("maxFeePerGas"), "maxFeePerGas");
  }
  if (type === 3) {
    fields.maxFeePerBlobGas = asInteger(at("maxFeePerBlobGas"), "maxFeePerBlobGas");
    fields.blobVersionedHashes = asList(at("blobVersionedHashes"), "blobVersionedHashes").map((item) =>
      asFixed(item, "blob versioned hash", 32),
    );
  }
  if (type === 4)
    fields.authorizationList = asList(at("authorizationList"), "authorizationList").map(authorizationOf);

  const signature = {
    hash: keccak_256(signedBytes(type, envelope, items, legacyChainId)),
    r: word(asBytes(items[names.length + 1], "r")),
    s: word(asBytes(items[names.length + 2], "s")),
    yParity,
  };
  if (!isLowS(signature.s)) throw transactionError("invalid-signature", "s is in the upper half (EIP-2)");
  return { fields, signature, raw: envelope, data };
}

/** What the signature is over: the envelope's list without its last three items; EIP-155 puts the chain id there. */
function signedBytes(
  type: number,
  envelope: Uint8Array,
  items: RlpItem[],
  legacyChainId: bigint | undefined,
): Uint8Array {
  const unsigned = items.slice(0, -3);
  if (legacyChainId !== undefined)
    unsigned.push(bigintToBytes(legacyChainId), new Uint8Array(0), new Uint8Array(0));
  const payload = encodeRlp(unsigned);
  return type === 0 ? payload : concatBytes(envelope.subarray(0, 1), payload);
}

function parityOf(v: bigint): 0 | 1 {
  if (v > 1n) throw transactionError("invalid-signature", `yParity is ${v} instead of 0 or 1`);
  return v === 1n ? 1 : 0;
}

/** 27 and 28 are unprotected; 2 * chainId + 35 and 36 are EIP-155's. */
function parityOfLegacy(v: bigint): { yParity: 0 | 1; chainId?: bigint } {
  if (v === 27n || v === 28n) return { yParity: v === 28n ? 1 : 0 };
  if (v < 35n)
    throw transactionError("invalid-signature", `v is ${v} instead of 27, 28 or 2 * chainId + 35 or 36`);
  return { yParity: v % 2n === 0n ? 1 : 0, chainId: (v - 35n) / 2n };
}

function accessListOf(item: RlpItem | undefined): AccessListEntry[] {
  return asList(item, "accessList").map((entry) => {
    const [address, keys] = asList(entry, "access list entry", 2);
    return {
      address: asFixed(address, "access list address", 20),
      storageKeys: asList(keys, "storage keys").map((key) => asFixed(key, "storage key", 32)),
    };
  });
}

function authorizationOf(item: RlpItem): SignedAuthorization {
  const [chainId, address, nonce, yParity, r, s] = asList(item, "authorization", 6);
  return {
    chainId: asInteger(chainId, "authorization chainId"),
    address: asFixed(address, "authorization address", 20),
    nonce: asInteger(nonce, "authorization nonce", 8),
    yParity: asInteger(yParity, "authorization yParity", 1),
    r: asInteger(r, "authorization r"),
    s: asInteger(s, "authorization s"),
  };
}

function word(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(32);
  padded.set(bytes, 32 - bytes.length);
  return padded;
}

/** Decodes and recovers in one go. */
export function parseTransaction(envelope: Uint8Array | Hex): Transaction {
  const decoded = decodeTransaction(typeof envelope === "string" ? hexToBytes(envelope) : envelope);
  return withSender(decoded, recoverSender(decoded));
}
