// Signs transactions in bulk with libsecp256k1, for tests and benchmarks that send thousands. It must not know who takes
// them.

import { createRequire } from "node:module";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Address, Hex } from "../../chain/src/engine/types.ts";
import { bytesToBigint, bytesToHex, hexToBytes } from "../../chain/src/protocol/bytes.ts";
import type { UnsignedTransaction } from "../../chain/src/transaction/encode.ts";
import { signingHash, withSignature } from "../../chain/src/transaction/encode.ts";

interface Secp256k1 {
  ecdsaSign(hash: Uint8Array, privateKey: Uint8Array): { signature: Uint8Array; recid: number };
  publicKeyCreate(privateKey: Uint8Array, compressed: false): Uint8Array;
}

const secp256k1 = createRequire(import.meta.url)("secp256k1") as Secp256k1;

/** Of a 32-byte digest; s is in the lower half. */
export function sign(hash: Uint8Array, privateKey: Hex): { r: bigint; s: bigint; yParity: 0 | 1 } {
  const { signature, recid } = secp256k1.ecdsaSign(hash, hexToBytes(privateKey));
  return {
    r: bytesToBigint(signature.subarray(0, 32)),
    s: bytesToBigint(signature.subarray(32)),
    yParity: (recid & 1) as 0 | 1,
  };
}

/** The raw envelope. `from` must be the key's address. */
export function signTransaction(transaction: UnsignedTransaction, from: Address, privateKey: Hex): Hex {
  return withSignature(transaction, from, sign(signingHash(transaction), privateKey)).raw;
}

export function addressOf(privateKey: Hex): Address {
  const key = secp256k1.publicKeyCreate(hexToBytes(privateKey), false);
  return bytesToHex(keccak_256(key.subarray(1)).subarray(12));
}
