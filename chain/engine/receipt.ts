// What the chain publishes about execution, encoded: receipts, blooms, the hash of the logs, and the leaves
// of the state. It reads log records (layout.ts) and values; it knows no transaction, account view or block.

import { bloomCache, scratch } from "./instance";
import { keccak256 } from "./keccak";
import { LOG_ADDRESS, LOG_DATA_LENGTH, LOG_SIZE, LOG_TOPIC_COUNT, LOG_TOPICS } from "./layout";
import { allocate, release } from "./memory";
import {
  ADDRESS_ITEM,
  bytesLength,
  HASH_ITEM,
  headerLength,
  u64Length,
  wordLength,
  writeAddress,
  writeBytes,
  writeHash,
  writeHashWord,
  writeListHeader,
  writeRawAddress,
  writeStringHeader,
  writeU64,
  writeWord,
} from "./rlp";

const BLOOM_SIZE: u32 = 256;

/** No account's RLP is longer, in bytes. */
export const MAX_ACCOUNT_LENGTH: u32 = 2 + 9 + 33 + 2 * 33;

/* SCRATCH, offsets in bytes from `scratch` */

const DIGEST: usize = 2048; // 32 bytes
const RAW_ADDRESS: usize = 2080; // 20 bytes

/* LOGS */

@inline
function logData(log: usize): usize {
  return log + LOG_TOPICS + (load<u32>(log, LOG_TOPIC_COUNT) << 5);
}

/** The items of one log, without the list's header. */
function logPayload(log: usize): u32 {
  const topics = load<u32>(log, LOG_TOPIC_COUNT) * HASH_ITEM;
  const data = bytesLength(logData(log), load<u32>(log, LOG_DATA_LENGTH));
  return ADDRESS_ITEM + headerLength(topics) + topics + data;
}

function logsPayload(logs: usize, logsEnd: usize): u32 {
  let total: u32 = 0;
  for (let log = logs; log < logsEnd; log += load<u32>(log, LOG_SIZE)) {
    const payload = logPayload(log);
    total += headerLength(payload) + payload;
  }
  return total;
}

/** rlp of the list of [address, topics, data]; `payload` is logsPayload of the same. */
function writeLogs(out: usize, logs: usize, logsEnd: usize, payload: u32): usize {
  out = writeListHeader(out, payload);
  for (let log = logs; log < logsEnd; log += load<u32>(log, LOG_SIZE)) {
    out = writeListHeader(out, logPayload(log));
    out = writeAddress(out, log + LOG_ADDRESS);
    out = writeListHeader(out, load<u32>(log, LOG_TOPIC_COUNT) * HASH_ITEM);
    const data = logData(log);
    for (let topic = log + LOG_TOPICS; topic < data; topic += 32) out = writeHash(out, topic);
    out = writeBytes(out, data, load<u32>(log, LOG_DATA_LENGTH));
  }
  return out;
}

/** Writes keccak256(rlp(logs)), 32 raw bytes: what the execution spec's state tests compare. */
export function logsHash(dst: usize, logs: usize, logsEnd: usize): void {
  const payload = logsPayload(logs, logsEnd);
  const length = headerLength(payload) + payload;
  const work = allocate(length);
  writeLogs(work, logs, logsEnd, payload);
  keccak256(dst, work, length);
  release(work, length);
}

/* BLOOM: M3:2048, Yellow Paper section 4.4.1 */

/* Hot contracts log the same address and topics over and over: an entry remembers the digest's first six bytes. */

const CACHED_SOURCE: usize = 0; // up to 32 bytes
const CACHED_LENGTH: usize = 32; // u32, zero while the entry is empty
const CACHED_DIGEST: usize = 40; // u64, its first bytes
const CACHED_SIZE: usize = 48;

/** The address of the digest's first bytes; `source` is 20 or 32 bytes. */
function digestOf(source: usize, length: u32): usize {
  const tail = source + length - 8;
  const slot = <usize>((load<u64>(source) ^ load<u64>(tail)) * 0x9e3779b97f4a7c15 >>> 56);
  const entry = bloomCache + slot * CACHED_SIZE;
  if (load<u32>(entry, CACHED_LENGTH) == length && memory.compare(entry, source, length) == 0) return entry + CACHED_DIGEST;
  keccak256(scratch + DIGEST, source, length);
  memory.copy(entry, source, length);
  store<u32>(entry, length, CACHED_LENGTH);
  store<u64>(entry, load<u64>(scratch + DIGEST), CACHED_DIGEST);
  return entry + CACHED_DIGEST;
}

/** Sets the three bits of `length` bytes at `source`. */
function addToBloom(bloom: usize, source: usize, length: u32): void {
  const digest = digestOf(source, length);
  for (let pair = digest, end = pair + 6; pair < end; pair += 2) {
    const bit = ((u32(load<u8>(pair)) << 8) | load<u8>(pair, 1)) & 2047;
    const byte = bloom + 255 - (bit >> 3);
    store<u8>(byte, u32(load<u8>(byte)) | (1 << (bit & 7)));
  }
}

/** Adds the address and the topics of each log to the 256 bytes at `bloom`. */
export function addLogsToBloom(bloom: usize, logs: usize, logsEnd: usize): void {
  for (let log = logs; log < logsEnd; log += load<u32>(log, LOG_SIZE)) {
    writeRawAddress(scratch + RAW_ADDRESS, log + LOG_ADDRESS);
    addToBloom(bloom, scratch + RAW_ADDRESS, 20);
    const data = logData(log);
    for (let topic = log + LOG_TOPICS; topic < data; topic += 32) addToBloom(bloom, topic, 32);
  }
}

/** dst = dst | source, 256 bytes each. */
export function orBloom(dst: usize, source: usize): void {
  for (let offset: usize = 0; offset < BLOOM_SIZE; offset += 8) {
    store<u64>(dst + offset, load<u64>(dst + offset) | load<u64>(source + offset));
  }
}

/* RECEIPTS */

/** The items of a receipt, without the list's header. */
function receiptPayload(cumulativeGas: u64, logsItems: u32): u32 {
  const bloom = headerLength(BLOOM_SIZE) + BLOOM_SIZE;
  return 1 + u64Length(cumulativeGas) + bloom + headerLength(logsItems) + logsItems;
}

/** Bytes that encodeReceipt needs. */
export function receiptLength(txType: u32, cumulativeGas: u64, logs: usize, logsEnd: usize): u32 {
  const payload = receiptPayload(cumulativeGas, logsPayload(logs, logsEnd));
  return u32(txType != 0) + headerLength(payload) + payload;
}

/**
 * A receipt as the receipts trie holds it (EIP-2718, EIP-658): rlp([status, cumulativeGas, bloom, logs]),
 * behind the type unless that is 0. Gives its length; above `capacity` nothing is written.
 */
export function encodeReceipt(
  out: usize,
  capacity: u32,
  txType: u32,
  status: bool,
  cumulativeGas: u64,
  bloom: usize,
  logs: usize,
  logsEnd: usize,
): u32 {
  const logsItems = logsPayload(logs, logsEnd);
  const payload = receiptPayload(cumulativeGas, logsItems);
  const length = u32(txType != 0) + headerLength(payload) + payload;
  if (length > capacity) return length;
  if (txType != 0) store<u8>(out++, txType);
  out = writeListHeader(out, payload);
  out = writeU64(out, u64(status));
  out = writeU64(out, cumulativeGas);
  out = writeStringHeader(out, BLOOM_SIZE);
  memory.copy(out, bloom, BLOOM_SIZE);
  writeLogs(out + BLOOM_SIZE, logs, logsEnd, logsItems);
  return length;
}

/* STATE */

/**
 * The state trie's value (Yellow Paper, section 4.1): rlp([nonce, balance, storageRoot, codeHash]). Balance
 * and code hash are words, the storage root is raw. Gives the length, at most MAX_ACCOUNT_LENGTH.
 */
export function encodeAccount(
  out: usize,
  nonce: u64,
  balance: usize,
  storageRoot: usize,
  codeHash: usize,
): u32 {
  const payload = u64Length(nonce) + wordLength(balance) + 2 * HASH_ITEM;
  out = writeListHeader(out, payload);
  out = writeU64(out, nonce);
  out = writeWord(out, balance);
  out = writeHash(out, storageRoot);
  writeHashWord(out, codeHash);
  return headerLength(payload) + payload;
}

/**
 * A storage trie's value: the slot's word as an integer. Gives the length, at most 33; a slot of zero is not
 * stored.
 */
export function encodeStorageValue(out: usize, word: usize): u32 {
  return u32(writeWord(out, word) - out);
}
