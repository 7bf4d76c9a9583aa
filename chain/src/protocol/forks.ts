// Which rules hold when: hardforks, blob schedules and the constants of the protocol. Pure data and look-ups; it must
// not know blocks or state.

import type { Hardfork } from "../engine/types.ts";

/** EIP-7840: the blob parameters of a stretch of time. */
export interface BlobSchedule {
  /** Blobs. */
  target: number;
  max: number;
  baseFeeUpdateFraction: bigint;
}

/** The schedules of mainnet: EIP-4844, EIP-7691 and the blob-parameter-only forks of EIP-7892. */
export const BLOB_SCHEDULES = {
  cancun: { target: 3, max: 6, baseFeeUpdateFraction: 3_338_477n },
  prague: { target: 6, max: 9, baseFeeUpdateFraction: 5_007_716n },
  osaka: { target: 6, max: 9, baseFeeUpdateFraction: 5_007_716n },
  bpo1: { target: 10, max: 15, baseFeeUpdateFraction: 8_346_193n },
  bpo2: { target: 14, max: 21, baseFeeUpdateFraction: 11_684_671n },
} as const satisfies Record<string, BlobSchedule>;

/** What a devchain follows for a hardfork's name: its newest schedule. */
export function newestBlobSchedule(hardfork: Hardfork): BlobSchedule {
  return hardfork === "osaka" ? BLOB_SCHEDULES.bpo2 : BLOB_SCHEDULES[hardfork];
}

/** EIP-4844: blob gas of one blob. */
export const GAS_PER_BLOB = 131_072n;
/** EIP-4844, wei per blob gas. */
export const MIN_BLOB_BASE_FEE = 1n;
/** EIP-7918: gas of one blob's share of execution cost. */
export const BLOB_BASE_COST = 8_192n;
/** EIP-7594: blobs of one transaction from Osaka on. */
const MAX_BLOBS_PER_TRANSACTION = 6;
/** EIP-7825: gas of one transaction from Osaka on. */
export const TRANSACTION_GAS_CAP = 16_777_216n;
/** EIP-7934: bytes of an RLP block from Osaka on (10 MiB less a margin of 2 MiB). */
export const MAX_RLP_BLOCK_SIZE = 8_388_608;
/** EIP-1559. */
export const ELASTICITY_MULTIPLIER = 2n;
export const BASE_FEE_MAX_CHANGE_DENOMINATOR = 8n;
/** Yellow Paper 4.4.4: a header's gas limit may change by less than parent / 1024 and not below this. */
export const MIN_GAS_LIMIT = 5_000n;
export const GAS_LIMIT_BOUND_DIVISOR = 1_024n;
/** EIP-2681: no nonce reaches this. */
export const MAX_NONCE = 2n ** 64n - 1n;

const ORDER: readonly Hardfork[] = ["cancun", "prague", "osaka"];

/** True when `hardfork` is `since` or later. */
export function isAtLeast(hardfork: Hardfork, since: Hardfork): boolean {
  return ORDER.indexOf(hardfork) >= ORDER.indexOf(since);
}

/** Blobs that one transaction may carry: EIP-7594 from Osaka on, before it what the block holds. */
export function maxBlobsPerTransaction(hardfork: Hardfork, schedule: BlobSchedule): number {
  return isAtLeast(hardfork, "osaka") ? Math.min(MAX_BLOBS_PER_TRANSACTION, schedule.max) : schedule.max;
}
