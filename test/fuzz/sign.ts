// Signs the fuzzer's messages, so that another implementation takes them. It must not know who takes them.

import { createRequire } from "node:module";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Authorization, Hex, Message } from "../../chain/src/engine/types.ts";
import { bigintToBytes, bytesToBigint, concatBytes, hexToBytes } from "../../chain/src/protocol/bytes.ts";
import { encodeRlp } from "../../chain/src/protocol/rlp.ts";
import type { UnsignedTransaction } from "../../chain/src/transaction/encode.ts";
import { signingHash, withSignature } from "../../chain/src/transaction/encode.ts";
import type { SignedAuthorization } from "../../chain/src/transaction/types.ts";

interface Secp256k1 {
  ecdsaSign(hash: Uint8Array, privateKey: Uint8Array): { signature: Uint8Array; recid: number };
}

const { ecdsaSign } = createRequire(import.meta.url)("secp256k1") as Secp256k1;
const CHAIN_ID = 31_337n;

function signatureOf(hash: Uint8Array, privateKey: Hex): { r: bigint; s: bigint; yParity: 0 | 1 } {
  const { signature, recid } = ecdsaSign(hash, hexToBytes(privateKey));
  return {
    r: bytesToBigint(signature.subarray(0, 32)),
    s: bytesToBigint(signature.subarray(32)),
    yParity: (recid & 1) as 0 | 1,
  };
}

/** The raw envelope. Authorisations come signed. */
export function signMessage(
  message: Message,
  authorizationList: readonly SignedAuthorization[] | undefined,
  privateKey: Hex,
): Hex {
  const { type, data } = message;
  const transaction: UnsignedTransaction = {
    type: type as UnsignedTransaction["type"],
    chainId: CHAIN_ID,
    to: message.to,
    nonce: message.nonce,
    gas: message.gasLimit,
    value: message.value,
    data: typeof data === "string" ? data : (`0x${Buffer.from(data).toString("hex")}` as Hex),
    gasPrice: message.maxFeePerGas,
    maxFeePerGas: message.maxFeePerGas,
    maxPriorityFeePerGas: message.maxPriorityFeePerGas,
    accessList: message.accessList,
    authorizationList,
  };
  return withSignature(transaction, message.sender, signatureOf(signingHash(transaction), privateKey)).raw;
}

/** secp256k1's group order: an s from the upper half is what EIP-7702 has skipped. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const NOBODY: Hex = `0x${"42".repeat(32)}`;

/** EIP-7702's tuple; without a key it gets a signature that is not valid. */
export function signAuthorization(tuple: Authorization, privateKey: Hex | null): SignedAuthorization {
  const { chainId, address, nonce } = tuple;
  const payload = encodeRlp([bigintToBytes(chainId), hexToBytes(address), bigintToBytes(nonce)]);
  const { r, s, yParity } = signatureOf(
    keccak_256(concatBytes(Uint8Array.of(5), payload)),
    privateKey ?? NOBODY,
  );
  const signed = { chainId, address, nonce, r };
  return privateKey === null
    ? { ...signed, s: ORDER - s, yParity: BigInt(yParity ^ 1) }
    : { ...signed, s, yParity: BigInt(yParity) };
}
