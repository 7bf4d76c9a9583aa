// The block header from Cancun on: its RLP codec and hash, and the RLP of a whole block. It must not know how a
// header's values come about (Yellow Paper 4.4, EIP-1559, 4399, 4895, 4844, 4788, 7685).

import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Address, Hash, Hex } from "../engine/types.ts";
import { bytesToBigint, bytesToHex, bigintToBytes, hexToBytes } from "./bytes.ts";

export interface BlockHeader {
  parentHash: Hash;
  /** keccak256(rlp([])) since the merge. */
  ommersHash: Hash;
  coinbase: Address;
  stateRoot: Hash;
  transactionsRoot: Hash;
  receiptsRoot: Hash;
  /** 256 bytes. */
  logsBloom: Hex;
  /** 0 since the merge. */
  difficulty: bigint;
  number: bigint;
  gasLimit: bigint;
  gasUsed: bigint;
  /** Seconds. */
  timestamp: bigint;
  extraData: Hex;
  /** EIP-4399; the header's mixHash. */
  prevRandao: Hash;
  /** 8 bytes, zero since the merge. */
  nonce: Hex;
  /** Wei per gas. */
  baseFeePerGas: bigint;
  withdrawalsRoot: Hash;
  blobGasUsed: bigint;
  excessBlobGas: bigint;
  parentBeaconBlockRoot: Hash;
  /** EIP-7685, from Prague on. */
  requestsHash?: Hash;
}

/** EIP-4895. */
export interface Withdrawal {
  index: bigint;
  validatorIndex: bigint;
  address: Address;
  /** Gwei. */
  amount: bigint;
}
