// What the log's records say, and their bytes: each changes the chain by one step, in the order in which it happened. All
// values are RLP. It must not know files, nor how a chain takes these steps.

import { bigintToBytes, bytesToBigint, bytesToHex, hexToBytes } from "../protocol/bytes.ts";
import {
  type BlockHeader,
  headerFromItems,
  headerItems,
  type Withdrawal,
  withdrawalFromItems,
  withdrawalItems,
} from "../protocol/header.ts";
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
import { decodeTransaction, withSender } from "../transaction/decode.ts";
import type { Address, Hash, Hex, Transaction } from "../transaction/types.ts";
import { StoreError } from "./errors.ts";
import type { RawRecord } from "./frames.ts";

/** What later blocks depend on besides the blocks, the state and the pool. */
export interface Circumstances {
  coinbase: Address;
  blockGasLimit: bigint;
  /** Of the next block only. */
  nextBaseFee: bigint | null;
  nextPrevRandao: Hash | null;
  /** Seconds that the chain's time is ahead of the computer's; the next block's time, and the time between blocks, where set. */
  clock: { offset: bigint; next: bigint | null; interval: bigint | null };
  /** Reorganisations so far. */
  generation: bigint;
  /** Number of the newest snapshot ever taken. */
  lastSnapshot: bigint;
}

/** A chain begins, or begins anew; nothing before it counts. */
export interface GenesisRecord {
  kind: "genesis";
  /** The options it was made with, as JSON. */
  options: string;
  /** Seconds. */
  timestamp: bigint;
  hash: Hash;
  instanceId: Hash;
  circumstances: Circumstances;
}

export interface BlockRecord {
  kind: "block";
  header: BlockHeader;
  /** Those that waited in the pool by their hash. */
  transactions: readonly (Hash | Transaction)[];
  withdrawals: readonly Withdrawal[];
  /** After the block. */
  circumstances: Circumstances;
}

/** A setter's change of the newest state. */
export type WriteRecord =
  | { kind: "balance"; address: Address; value: bigint }
  | { kind: "nonce"; address: Address; value: bigint }
  | { kind: "code"; address: Address; code: Hex }
  | { kind: "storage"; address: Address; slot: Hash; value: Hash };

export type ChainRecord =
  | GenesisRecord
  | BlockRecord
  | WriteRecord
  | { kind: "pooled"; transaction: Transaction; impersonated: boolean }
  | { kind: "dropped"; hash: Hash; reason: string }
  | { kind: "circumstances"; circumstances: Circumstances }
  /** `now`: the chain's time, seconds. */
  | { kind: "snapshot"; id: bigint; now: bigint }
  /** All since the snapshot is undone but impersonations. */
  | { kind: "reverted"; id: bigint; circumstances: Circumstances }
  | { kind: "rollback"; depth: bigint; circumstances: Circumstances }
  /** null: whoever sends. */
  | { kind: "impersonation"; address: Address | null; enabled: boolean };

type Kind = ChainRecord["kind"];
type Of<K extends Kind> = Extract<ChainRecord, { kind: K }>;

interface Codec<K extends Kind> {
  /** In the file; never used for anything else. */
  code: number;
  encode(record: Of<K>): RlpItem[];
  /** As many items as encode() gives. */
  decode(items: RlpItem[]): Omit<Of<K>, "kind">;
  length: number;
}

const CODECS: { [K in Kind]: Codec<K> } = {
  genesis: {
    code: 1,
    length: 5,
    encode: ({ options, timestamp, hash, instanceId, circumstances }) => [
      Buffer.from(options, "utf8"),
      bigintToBytes(timestamp),
      hexToBytes(hash),
      hexToBytes(instanceId),
      circumstancesItems(circumstances),
    ],
    decode: ([options, timestamp, hash, instanceId, circumstances]) => ({
      options: textOf(options, "options"),
      timestamp: asInteger(timestamp, "timestamp", 8),
      hash: asFixed(hash, "hash", 32),
      instanceId: asFixed(instanceId, "instance id", 32),
      circumstances: circumstancesOf(circumstances),
    }),
  },
  block: {
    code: 2,
    length: 4,
    encode: ({ header, transactions, withdrawals, circumstances }) => [
      headerItems(header),
      transactions.map((item) => (typeof item === "string" ? hexToBytes(item) : transactionItems(item))),
      withdrawals.map(withdrawalItems),
      circumstancesItems(circumstances),
    ],
    decode: ([header, transactions, withdrawals, circumstances]) => ({
      header: headerFromItems(header),
      transactions: asList(transactions, "transactions").map((item) =>
        Array.isArray(item) ? transactionOf(item) : asFixed(item, "transaction hash", 32),
      ),
      withdrawals: asList(withdrawals, "withdrawals").map(withdrawalFromItems),
      circumstances: circumstancesOf(circumstances),
    }),
  },
  pooled: {
    code: 3,
    length: 2,
    encode: ({ transaction, impersonated }) => [transactionItems(transaction), flag(impersonated)],
    decode: ([transaction, impersonated]) => ({
      transaction: transactionOf(transaction),
      impersonated: isSet(impersonated),
    }),
  },
  dropped: {
    code: 4,
    length: 2,
    encode: ({ hash, reason }) => [hexToBytes(hash), Buffer.from(reason, "utf8")],
    decode: ([hash, reason]) => ({ hash: asFixed(hash, "hash", 32), reason: textOf(reason, "reason") }),
  },
  balance: {
    code: 5,
    length: 2,
    encode: ({ address, value }) => [hexToBytes(address), bigintToBytes(value)],
    decode: ([address, value]) => ({ address: addressOf(address), value: asInteger(value, "balance") }),
  },
  nonce: {
    code: 6,
    length: 2,
    encode: ({ address, value }) => [hexToBytes(address), bigintToBytes(value)],
    decode: ([address, value]) => ({ address: addressOf(address), value: asInteger(value, "nonce", 8) }),
  },
  code: {
    code: 7,
    length: 2,
    encode: ({ address, code }) => [hexToBytes(address), hexToBytes(code)],
    decode: ([address, code]) => ({ address: addressOf(address), code: bytesToHex(asBytes(code, "code")) }),
  },
  storage: {
    code: 8,
    length: 3,
    encode: ({ address, slot, value }) => [address, slot, value].map(hexToBytes),
    decode: ([address, slot, value]) => ({
      address: addressOf(address),
      slot: asFixed(slot, "slot", 32),
      value: asFixed(value, "value", 32),
    }),
  },
  circumstances: {
    code: 9,
    length: 1,
    encode: ({ circumstances }) => [circumstancesItems(circumstances)],
    decode: ([circumstances]) => ({ circumstances: circumstancesOf(circumstances) }),
  },
  snapshot: {
    code: 10,
    length: 2,
    encode: ({ id, now }) => [bigintToBytes(id), bigintToBytes(now)],
    decode: ([id, now]) => ({ id: asInteger(id, "id"), now: asInteger(now, "now", 8) }),
  },
  reverted: {
    code: 11,
    length: 2,
    encode: ({ id, circumstances }) => [bigintToBytes(id), circumstancesItems(circumstances)],
    decode: ([id, circumstances]) => ({
      id: asInteger(id, "id"),
      circumstances: circumstancesOf(circumstances),
    }),
  },
  rollback: {
    code: 12,
    length: 2,
    encode: ({ depth, circumstances }) => [bigintToBytes(depth), circumstancesItems(circumstances)],
    decode: ([depth, circumstances]) => ({
      depth: asInteger(depth, "depth", 8),
      circumstances: circumstancesOf(circumstances),
    }),
  },
  impersonation: {
    code: 13,
    length: 2,
    encode: ({ address, enabled }) => [optional(address, hexToBytes), flag(enabled)],
    decode: ([address, enabled]) => ({
      address: optionalOf(address, addressOf),
      enabled: isSet(enabled),
    }),
  },
};

const KIND_OF = new Map(Object.entries(CODECS).map(([kind, { code }]) => [code, kind as Kind]));

export function encodeRecord<K extends Kind>(record: Of<K>): RawRecord {
  const codec = CODECS[record.kind as K];
  return { kind: codec.code, body: encodeRlp(codec.encode(record)) };
}

/** What a record is, without reading what it says. Throws StoreError. */
export function kindOf({ kind: code }: RawRecord): Kind {
  const kind = KIND_OF.get(code);
  if (kind) return kind;
  throw new StoreError(
    `the log has a record of kind ${code}, which this version of Polder does not know; use a newer one`,
  );
}

/** Throws StoreError where the bytes are not what encodeRecord() gives. */
export function decodeRecord(raw: RawRecord): ChainRecord {
  const kind = kindOf(raw);
  const codec = CODECS[kind] as Codec<Kind>;
  try {
    const fields = codec.decode(asList(decodeRlp(raw.body), kind, codec.length));
    return { kind, ...fields } as ChainRecord;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError(
      `a record of the log is no ${kind}: ${words}; another version of Polder may have written it`,
      {
        cause,
      },
    );
  }
}

/* PARTS */

function circumstancesItems(circumstances: Circumstances): RlpItem[] {
  const { coinbase, blockGasLimit, nextBaseFee, nextPrevRandao, clock, generation, lastSnapshot } =
    circumstances;
  return [
    hexToBytes(coinbase),
    bigintToBytes(blockGasLimit),
    optional(nextBaseFee, bigintToBytes),
    optional(nextPrevRandao, hexToBytes),
    // Two's complement: the chain may be behind the computer.
    bigintToBytes(BigInt.asUintN(256, clock.offset)),
    optional(clock.next, bigintToBytes),
    optional(clock.interval, bigintToBytes),
    bigintToBytes(generation),
    bigintToBytes(lastSnapshot),
  ];
}

function circumstancesOf(item: RlpItem | undefined): Circumstances {
  const items = asList(item, "circumstances", 9);
  const seconds = (value: RlpItem) => asInteger(value, "time");
  return {
    coinbase: addressOf(items[0]),
    blockGasLimit: asInteger(items[1], "block gas limit", 8),
    nextBaseFee: optionalOf(items[2], (value) => asInteger(value, "base fee")),
    nextPrevRandao: optionalOf(items[3], (value) => asFixed(value, "prevRandao", 32)),
    clock: {
      offset: BigInt.asIntN(256, asInteger(items[4], "offset")),
      next: optionalOf(items[5], seconds),
      interval: optionalOf(items[6], seconds),
    },
    generation: asInteger(items[7], "generation"),
    lastSnapshot: asInteger(items[8], "snapshot id"),
  };
}

/** With its sender: an impersonated one's signature recovers to nobody, and recovering the others takes time. */
function transactionItems({ raw, from }: Transaction): RlpItem[] {
  return [hexToBytes(raw), hexToBytes(from)];
}

function transactionOf(item: RlpItem | undefined): Transaction {
  const [raw, from] = asList(item, "transaction", 2);
  return withSender(decodeTransaction(asBytes(raw, "envelope")), addressOf(from));
}

function addressOf(item: RlpItem | undefined): Address {
  return asFixed(item, "address", 20);
}

function textOf(item: RlpItem | undefined, name: string): string {
  return Buffer.from(asBytes(item, name)).toString("utf8");
}

function flag(value: boolean): Uint8Array {
  return bigintToBytes(value ? 1n : 0n);
}

function isSet(item: RlpItem | undefined): boolean {
  const value = bytesToBigint(asBytes(item, "flag"));
  if (value > 1n) throw new RlpError(`a flag is ${value}`);
  return value === 1n;
}

/** Absence is the empty list, which no value here is. */
function optional<T>(value: T | null, encode: (value: T) => RlpItem): RlpItem {
  return value === null ? [] : encode(value);
}

function optionalOf<T>(item: RlpItem | undefined, decode: (item: RlpItem) => T): T | null {
  if (item === undefined) throw new RlpError("a field is missing");
  return Array.isArray(item) ? null : decode(item);
}
