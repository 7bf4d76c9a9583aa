// Signs the fuzzer's messages, so that another implementation takes them. It must not know who takes them.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Authorization, Hex, Message } from "../../chain/src/engine/types.ts";
import { bigintToBytes, bytesToHex, concatBytes, hexToBytes } from "../../chain/src/protocol/bytes.ts";
import { encodeRlp } from "../../chain/src/protocol/rlp.ts";
import type { UnsignedTransaction } from "../../chain/src/transaction/encode.ts";
import type { SignedAuthorization } from "../../chain/src/transaction/types.ts";
import { sign, signTransaction } from "../support/sign.ts";

const CHAIN_ID = 31_337n;

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
    data: typeof data === "string" ? data : bytesToHex(data),
    gasPrice: message.maxFeePerGas,
    maxFeePerGas: message.maxFeePerGas,
    maxPriorityFeePerGas: message.maxPriorityFeePerGas,
    accessList: message.accessList,
    authorizationList,
  };
  return signTransaction(transaction, message.sender, privateKey);
}

/** secp256k1's group order: an s from the upper half is what EIP-7702 has skipped. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const NOBODY: Hex = `0x${"42".repeat(32)}`;

/** EIP-7702's tuple; without a key it gets a signature that is not valid. */
export function signAuthorization(tuple: Authorization, privateKey: Hex | null): SignedAuthorization {
  const { chainId, address, nonce } = tuple;
  const payload = encodeRlp([bigintToBytes(chainId), hexToBytes(address), bigintToBytes(nonce)]);
  const hash = keccak_256(concatBytes(Uint8Array.of(5), payload));
  const { r, s, yParity } = sign(hash, privateKey ?? NOBODY);
  const signed = { chainId, address, nonce, r };
  return privateKey === null
    ? { ...signed, s: ORDER - s, yParity: BigInt(yParity ^ 1) }
    : { ...signed, s, yParity: BigInt(yParity) };
}
