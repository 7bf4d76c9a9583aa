// The block header from Cancun on: its RLP codec and hash, and the RLP of withdrawals. It must not know how a header's
// values come about (Yellow Paper 4.4, EIP-1559, 4399, 4895, 4844, 4788, 7685).

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Address, Hash, Hex } from "../engine/types.ts";
import { bigintToBytes, bytesToHex, hexToBytes } from "./bytes.ts";
import { asBytes, asFixed, asInteger, asList, encodeRlp, RlpError, type RlpItem } from "./rlp.ts";

export interface BlockHeader {
  parentHash: Hash;
  /** EMPTY_OMMERS_HASH since the merge. */
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

/** keccak256(rlp([])). */
export const EMPTY_OMMERS_HASH: Hash = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
/** keccak256(rlp("")): the root of an empty trie. */
export const EMPTY_ROOT: Hash = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
export const EMPTY_BLOOM: Hex = `0x${"00".repeat(256)}`;
export const ZERO_HEADER_NONCE: Hex = "0x0000000000000000";

/** The fields as RLP items, in order. */
export function headerItems(header: BlockHeader): RlpItem[] {
  const items: RlpItem[] = [
    hexToBytes(header.parentHash),
    hexToBytes(header.ommersHash),
    hexToBytes(header.coinbase),
    hexToBytes(header.stateRoot),
    hexToBytes(header.transactionsRoot),
    hexToBytes(header.receiptsRoot),
    hexToBytes(header.logsBloom),
    bigintToBytes(header.difficulty),
    bigintToBytes(header.number),
    bigintToBytes(header.gasLimit),
    bigintToBytes(header.gasUsed),
    bigintToBytes(header.timestamp),
    hexToBytes(header.extraData),
    hexToBytes(header.prevRandao),
    hexToBytes(header.nonce),
    bigintToBytes(header.baseFeePerGas),
    hexToBytes(header.withdrawalsRoot),
    bigintToBytes(header.blobGasUsed),
    bigintToBytes(header.excessBlobGas),
    hexToBytes(header.parentBeaconBlockRoot),
  ];
  if (header.requestsHash !== undefined) items.push(hexToBytes(header.requestsHash));
  return items;
}

export function encodeHeader(header: BlockHeader): Uint8Array {
  return encodeRlp(headerItems(header));
}

export function hashHeader(header: BlockHeader): Hash {
  return bytesToHex(keccak_256(encodeHeader(header)));
}

/** Of a decoded list; 20 fields for Cancun, 21 from Prague on. Throws RlpError. */
export function headerFromItems(item: RlpItem | undefined): BlockHeader {
  const fields = asList(item, "header");
  if (fields.length !== 20 && fields.length !== 21) {
    throw new RlpError(
      `header has ${fields.length} fields; from Cancun on there are 20 or, with the requests hash, 21`,
    );
  }
  const header: BlockHeader = {
    parentHash: asFixed(fields[0], "parentHash", 32),
    ommersHash: asFixed(fields[1], "ommersHash", 32),
    coinbase: asFixed(fields[2], "coinbase", 20),
    stateRoot: asFixed(fields[3], "stateRoot", 32),
    transactionsRoot: asFixed(fields[4], "transactionsRoot", 32),
    receiptsRoot: asFixed(fields[5], "receiptsRoot", 32),
    logsBloom: asFixed(fields[6], "logsBloom", 256),
    difficulty: asInteger(fields[7], "difficulty"),
    number: asInteger(fields[8], "number", 8),
    gasLimit: asInteger(fields[9], "gasLimit", 8),
    gasUsed: asInteger(fields[10], "gasUsed", 8),
    timestamp: asInteger(fields[11], "timestamp", 8),
    extraData: bytesToHex(asBytes(fields[12], "extraData")),
    prevRandao: asFixed(fields[13], "prevRandao", 32),
    nonce: asFixed(fields[14], "nonce", 8),
    baseFeePerGas: asInteger(fields[15], "baseFeePerGas"),
    withdrawalsRoot: asFixed(fields[16], "withdrawalsRoot", 32),
    blobGasUsed: asInteger(fields[17], "blobGasUsed", 8),
    excessBlobGas: asInteger(fields[18], "excessBlobGas", 8),
    parentBeaconBlockRoot: asFixed(fields[19], "parentBeaconBlockRoot", 32),
  };
  if (fields.length === 21) header.requestsHash = asFixed(fields[20], "requestsHash", 32);
  return header;
}

export function withdrawalItems(withdrawal: Withdrawal): RlpItem[] {
  return [
    bigintToBytes(withdrawal.index),
    bigintToBytes(withdrawal.validatorIndex),
    hexToBytes(withdrawal.address),
    bigintToBytes(withdrawal.amount),
  ];
}

/** Throws RlpError. */
export function withdrawalFromItems(item: RlpItem | undefined): Withdrawal {
  const fields = asList(item, "withdrawal", 4);
  return {
    index: asInteger(fields[0], "withdrawal index", 8),
    validatorIndex: asInteger(fields[1], "validator index", 8),
    address: asFixed(fields[2], "withdrawal address", 20),
    amount: asInteger(fields[3], "withdrawal amount", 8),
  };
}
