// Messages and block environments in the engine's layout (layout.ts: TX_*, ENV_*). Pure functions of their input.

import * as layout from "../../engine/layout.ts";
import type {
  AccessListEntry,
  Address,
  Authorization,
  BlockEnvironment,
  Hardfork,
  Hash,
  Message,
  PackedMessage,
} from "./types.ts";
import { hexToBytes, writeHexWord, writeU64, writeWord } from "./words.ts";

const FORKS: Record<Hardfork, number> = {
  cancun: layout.FORK_CANCUN,
  prague: layout.FORK_PRAGUE,
  osaka: layout.FORK_OSAKA,
};

const SYSTEM_ADDRESS: Address = `0x${"f".repeat(39)}e`;
const SYSTEM_GAS = 30_000_000n;

const pad = (length: number) => (length + 7) & ~7;

/** Lays a message out for the engine; `flags` (TX_FLAG_*) tell what kind of execution it is for. */
export function packMessage(message: Message, flags = 0): PackedMessage {
  const data = typeof message.data === "string" ? hexToBytes(message.data) : message.data;
  const accessList = message.accessList ?? [];
  const blobHashes = message.blobVersionedHashes ?? [];
  const authorizations = message.authorizationList ?? [];
  const raw = message.raw ?? new Uint8Array(0);

  const dataAt = layout.TX_HEADER_SIZE;
  const accessAt = dataAt + pad(data.length);
  const blobsAt =
    accessAt + accessList.reduce((size, { storageKeys }) => size + 40 + 32 * storageKeys.length, 0);
  const authorizationsAt = blobsAt + 32 * blobHashes.length;
  const rawAt = authorizationsAt + layout.AUTHORIZATION_SIZE * authorizations.length;
  const size = pad(rawAt + raw.length);

  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const u32 = (at: number, value: number) => view.setUint32(at, value, true);
  u32(layout.TX_SIZE, size);
  bytes[layout.TX_TYPE] = message.type;
  bytes[layout.TX_FLAGS] =
    flags |
    (message.to === null ? 0 : layout.TX_FLAG_HAS_TO) |
    (message.impersonated ? layout.TX_FLAG_IMPERSONATED : 0) |
    (message.keepsOutput ? layout.TX_FLAG_KEEP_OUTPUT : 0);
  writeU64(view, layout.TX_NONCE, message.nonce, "nonce");
  writeU64(view, layout.TX_GAS_LIMIT, message.gasLimit, "gas limit");
  u32(layout.TX_DATA_OFFSET, dataAt);
  u32(layout.TX_DATA_LENGTH, data.length);
  u32(layout.TX_ACCESS_LIST_OFFSET, accessAt);
  u32(layout.TX_ACCESS_LIST_COUNT, accessList.length);
  u32(layout.TX_BLOB_HASHES_OFFSET, blobsAt);
  u32(layout.TX_BLOB_HASHES_COUNT, blobHashes.length);
  u32(layout.TX_AUTHORIZATIONS_OFFSET, authorizationsAt);
  u32(layout.TX_AUTHORIZATIONS_COUNT, authorizations.length);
  u32(layout.TX_RAW_OFFSET, rawAt);
  u32(layout.TX_RAW_LENGTH, raw.length);
  writeHexWord(bytes, layout.TX_SENDER, message.sender);
  if (message.to !== null) writeHexWord(bytes, layout.TX_TO, message.to);
  writeWord(view, layout.TX_VALUE, message.value);
  writeWord(view, layout.TX_MAX_FEE, message.maxFeePerGas);
  writeWord(view, layout.TX_MAX_PRIORITY_FEE, message.maxPriorityFeePerGas);
  writeWord(view, layout.TX_MAX_BLOB_FEE, message.maxFeePerBlobGas ?? 0n);
  if (message.hash) bytes.set(hexToBytes(message.hash), layout.TX_HASH);

  bytes.set(data, dataAt);
  writeAccessList(bytes, view, accessAt, accessList);
  for (const [i, hash] of blobHashes.entries()) writeHexWord(bytes, blobsAt + 32 * i, hash);
  for (const [i, tuple] of authorizations.entries()) {
    writeAuthorization(bytes, view, authorizationsAt + layout.AUTHORIZATION_SIZE * i, tuple);
  }
  bytes.set(raw, rawAt);
  return bytes;
}

/** A call by the protocol itself (EIP-4788 and its like): free, with 30,000,000 gas, from an address that nobody has. */
export function packSystemCall(to: Address, data: Uint8Array): PackedMessage {
  return packMessage(
    {
      type: 0,
      sender: SYSTEM_ADDRESS,
      to,
      nonce: 0n,
      gasLimit: SYSTEM_GAS,
      value: 0n,
      data,
      maxFeePerGas: 0n,
      maxPriorityFeePerGas: 0n,
    },
    layout.TX_FLAG_SYSTEM | layout.TX_FLAG_CALL | layout.TX_FLAG_NO_FUNDS_CHECK,
  );
}

/** The same message with other flags; the original stays as it is. */
export function withFlags(message: PackedMessage, flags: number): PackedMessage {
  const copy = message.slice();
  copy[layout.TX_FLAGS]! |= flags;
  return copy;
}

function writeAccessList(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  list: readonly AccessListEntry[],
): void {
  let at = start;
  for (const { address, storageKeys } of list) {
    writeHexWord(bytes, at, address);
    view.setUint32(at + 32, storageKeys.length, true);
    at += 40;
    for (const key of storageKeys) {
      writeHexWord(bytes, at, key);
      at += 32;
    }
  }
}

function writeAuthorization(bytes: Uint8Array, view: DataView, at: number, tuple: Authorization): void {
  writeWord(view, at + layout.AUTHORIZATION_CHAIN_ID, tuple.chainId);
  writeHexWord(bytes, at + layout.AUTHORIZATION_ADDRESS, tuple.address);
  if (tuple.authority !== null) writeHexWord(bytes, at + layout.AUTHORIZATION_AUTHORITY, tuple.authority);
  writeU64(view, at + layout.AUTHORIZATION_NONCE, tuple.nonce, "authorisation's nonce");
  view.setUint32(at + layout.AUTHORIZATION_VALID, tuple.authority === null ? 0 : 1, true);
}

/** Lays out a block environment of ENV_SIZE bytes. */
export function packEnvironment(environment: BlockEnvironment): Uint8Array {
  const bytes = new Uint8Array(layout.ENV_SIZE);
  const view = new DataView(bytes.buffer);
  writeU64(view, layout.ENV_NUMBER, environment.number, "block number");
  writeU64(view, layout.ENV_TIMESTAMP, environment.timestamp, "timestamp");
  writeU64(view, layout.ENV_GAS_LIMIT, environment.gasLimit, "block gas limit");
  view.setUint32(layout.ENV_FORK, FORKS[environment.hardfork], true);
  view.setUint32(layout.ENV_MAX_BLOB_GAS, Number(environment.maxBlobGas), true);
  writeHexWord(bytes, layout.ENV_COINBASE, environment.coinbase);
  writeHexWord(bytes, layout.ENV_PREV_RANDAO, environment.prevRandao);
  writeWord(view, layout.ENV_BASE_FEE, environment.baseFeePerGas);
  writeWord(view, layout.ENV_BLOB_BASE_FEE, environment.blobBaseFee);
  writeWord(view, layout.ENV_CHAIN_ID, environment.chainId);
  view.setUint32(layout.ENV_MAX_BLOBS_PER_TX, environment.maxBlobsPerTransaction, true);
  const flags =
    (environment.unlimitedCodeSize ? layout.ENV_FLAG_UNLIMITED_CODE_SIZE : 0) |
    (environment.noBaseFee ? layout.ENV_FLAG_NO_BASE_FEE : 0);
  view.setUint32(layout.ENV_FLAGS, flags, true);
  bytes.set(packAncestors(environment), layout.ENV_BLOCK_HASHES);
  return bytes;
}

const packedAncestors = new WeakMap<readonly Hash[], { number: bigint; bytes: Uint8Array }>();

/** The same list for the same block is laid out once: calls on one block share it. */
function packAncestors({ number, ancestorHashes }: BlockEnvironment): Uint8Array {
  const packed = packedAncestors.get(ancestorHashes);
  if (packed?.number === number) return packed.bytes;
  const bytes = new Uint8Array(256 * 32);
  for (const [i, hash] of ancestorHashes.slice(0, 256).entries()) {
    writeHexWord(bytes, 32 * Number((number - 1n - BigInt(i)) & 255n), hash);
  }
  packedAncestors.set(ancestorHashes, { number, bytes });
  return bytes;
}
