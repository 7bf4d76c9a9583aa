// From a transaction to what the engine executes. It must not know blocks or state.

import type { Message } from "../engine/types.ts";
import { hexToBytes } from "../protocol/bytes.ts";
import { recoverAuthority } from "./decode.ts";
import type { Transaction } from "./types.ts";

/** `impersonated`: the sender did not sign, so EIP-3607 does not hold for it. Authorities are recovered here. */
export function toMessage(transaction: Transaction, impersonated = false): Message {
  const maxFeePerGas = transaction.maxFeePerGas ?? transaction.gasPrice!;
  return {
    type: transaction.type,
    sender: transaction.from,
    to: transaction.to,
    nonce: transaction.nonce,
    gasLimit: transaction.gas,
    value: transaction.value,
    data: transaction.data,
    maxFeePerGas,
    maxPriorityFeePerGas: transaction.maxPriorityFeePerGas ?? maxFeePerGas,
    maxFeePerBlobGas: transaction.maxFeePerBlobGas,
    accessList: transaction.accessList,
    blobVersionedHashes: transaction.blobVersionedHashes,
    authorizationList: transaction.authorizationList?.map((authorization) => ({
      chainId: authorization.chainId,
      address: authorization.address,
      nonce: authorization.nonce,
      authority: recoverAuthority(authorization),
    })),
    impersonated,
    hash: transaction.hash,
    raw: hexToBytes(transaction.raw),
  };
}
