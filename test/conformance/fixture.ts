// The published fixture formats as JSON holds them, and how a file's kind is told. It must not know the engine.

import type { Address, Hardfork, Hex } from "../../chain/src/engine/types.ts";
import type { BlobSchedule } from "../../chain/src/protocol/forks.ts";
import { BLOB_SCHEDULES } from "../../chain/src/protocol/forks.ts";

/** A hexadecimal quantity, with or without leading zeros. */
export type Quantity = string;

export interface FixtureAccount {
  balance: Quantity;
  nonce: Quantity;
  code: Hex;
  storage: Record<string, Quantity>;
}

export type FixtureState = Record<Address, FixtureAccount>;

export interface FixtureBlobSchedule {
  target: Quantity;
  max: Quantity;
  baseFeeUpdateFraction: Quantity;
}

export interface FixtureConfig {
  chainid?: Quantity;
  blobSchedule?: Record<string, FixtureBlobSchedule>;
}

export interface FixtureAuthorization {
  chainId: Quantity;
  address: Address;
  nonce: Quantity;
  v?: Quantity;
  yParity?: Quantity;
  r: Quantity;
  s: Quantity;
  /** What the fixture's author signed with; absent where no signature was meant to recover. */
  signer?: Address;
}

export interface StateFixture {
  env: {
    currentCoinbase: Address;
    currentGasLimit: Quantity;
    currentNumber: Quantity;
    currentTimestamp: Quantity;
    currentDifficulty?: Quantity;
    currentRandom?: Quantity;
    currentBaseFee?: Quantity;
    currentExcessBlobGas?: Quantity;
  };
  pre: FixtureState;
  transaction: {
    nonce: Quantity;
    gasPrice?: Quantity;
    maxFeePerGas?: Quantity;
    maxPriorityFeePerGas?: Quantity;
    maxFeePerBlobGas?: Quantity;
    gasLimit: Quantity[];
    /** Empty creates a contract. */
    to: Address | "";
    value: Quantity[];
    data: Hex[];
    /** One per entry of `data`. */
    accessLists?: ({ address: Address; storageKeys: Hex[] }[] | null)[];
    blobVersionedHashes?: Hex[];
    authorizationList?: FixtureAuthorization[];
    sender?: Address;
    secretKey?: Hex;
  };
  post: Record<string, StateExpectation[]>;
  config?: FixtureConfig;
}

/** What one subtest asks for. */
export interface StateExpectation {
  /** Root of the state after the transaction, also after a refused one. */
  hash: Hex;
  /** keccak256(rlp(logs)). */
  logs: Hex;
  indexes: { data: number; gas: number; value: number };
  txbytes?: Hex;
  expectException?: string;
}

export interface BlockchainFixture {
  network: string;
  genesisBlockHeader: Record<string, string>;
  genesisRLP?: Hex;
  pre: FixtureState;
  postState?: FixtureState;
  lastblockhash: Hex;
  blocks: { rlp: Hex; expectException?: string }[];
  config?: FixtureConfig;
}

export type FixtureFile =
  | { format: "state"; tests: Record<string, StateFixture> }
  | { format: "blockchain"; tests: Record<string, BlockchainFixture> }
  /** JSON, but neither format. */
  | { format: "unknown" };

const FORKS: Readonly<Record<string, Hardfork>> = { Cancun: "cancun", Prague: "prague", Osaka: "osaka" };

/** The hardfork that a fixture's fork name means; undefined where it is out of scope. */
export function hardforkOf(name: string): Hardfork | undefined {
  return FORKS[name];
}

/** The fixture's schedule for a fork, or mainnet's where it gives none. */
export function blobScheduleOf(
  config: FixtureConfig | undefined,
  forkName: string,
  hardfork: Hardfork,
): BlobSchedule {
  const schedule = config?.blobSchedule?.[forkName];
  if (schedule === undefined) return BLOB_SCHEDULES[hardfork];
  return {
    target: Number(schedule.target),
    max: Number(schedule.max),
    baseFeeUpdateFraction: quantity(schedule.baseFeeUpdateFraction),
  };
}

/** Reads a fixture file. Throws SyntaxError where it is not JSON. */
export function parseFixtureFile(bytes: Uint8Array): FixtureFile {
  const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return { format: "unknown" };
  const tests = Object.values(parsed);
  if (tests.length === 0) return { format: "unknown" };
  if (tests.every((test) => hasKeys(test, ["env", "pre", "transaction", "post"]))) {
    return { format: "state", tests: parsed as Record<string, StateFixture> };
  }
  if (tests.every((test) => hasKeys(test, ["genesisBlockHeader", "pre", "blocks", "network"]))) {
    return { format: "blockchain", tests: parsed as Record<string, BlockchainFixture> };
  }
  return { format: "unknown" };
}

function hasKeys(value: unknown, keys: readonly string[]): boolean {
  return typeof value === "object" && value !== null && keys.every((key) => key in value);
}

/** "0x" and "" are zero. */
export function quantity(value: Quantity | undefined, fallback = 0n): bigint {
  if (value === undefined) return fallback;
  return value === "0x" || value === "" ? 0n : BigInt(value);
}

/** 32 bytes, lower case. */
export function word(value: Quantity): Hex {
  return `0x${quantity(value).toString(16).padStart(64, "0")}`;
}
