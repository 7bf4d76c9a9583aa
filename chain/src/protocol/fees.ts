// The fee markets: base fee per gas (EIP-1559) and per blob gas (EIP-4844, 7691, 7918). Pure functions of a parent
// header; wei per gas throughout.

import type { Hardfork } from "../engine/types.ts";
import {
  BASE_FEE_MAX_CHANGE_DENOMINATOR,
  BLOB_BASE_COST,
  type BlobSchedule,
  ELASTICITY_MULTIPLIER,
  GAS_PER_BLOB,
  isAtLeast,
  MIN_BLOB_BASE_FEE,
} from "./forks.ts";

/** The base fee of the child of such a block (EIP-1559). */
export function nextBaseFee(parent: { baseFeePerGas: bigint; gasUsed: bigint; gasLimit: bigint }): bigint {
  const target = parent.gasLimit / ELASTICITY_MULTIPLIER;
  if (parent.gasUsed === target || target === 0n) return parent.baseFeePerGas;
  if (parent.gasUsed > target) {
    const change =
      (parent.baseFeePerGas * (parent.gasUsed - target)) / target / BASE_FEE_MAX_CHANGE_DENOMINATOR;
    return parent.baseFeePerGas + (change > 1n ? change : 1n);
  }
  return (
    parent.baseFeePerGas -
    (parent.baseFeePerGas * (target - parent.gasUsed)) / target / BASE_FEE_MAX_CHANGE_DENOMINATOR
  );
}

/** EIP-4844: factor * e ** (numerator / denominator), by its Taylor series in integers. */
export function fakeExponential(factor: bigint, numerator: bigint, denominator: bigint): bigint {
  let output = 0n;
  let term = factor * denominator;
  for (let i = 1n; term > 0n; i++) {
    output += term;
    term = (term * numerator) / (denominator * i);
  }
  return output / denominator;
}

export function blobBaseFee(excessBlobGas: bigint, schedule: BlobSchedule): bigint {
  return fakeExponential(MIN_BLOB_BASE_FEE, excessBlobGas, schedule.baseFeeUpdateFraction);
}

/** Of the child of such a block; `hardfork` and `schedule` are the child's (EIP-4844, with EIP-7918 from Osaka on). */
export function nextExcessBlobGas(
  parent: { excessBlobGas: bigint; blobGasUsed: bigint; baseFeePerGas: bigint },
  hardfork: Hardfork,
  schedule: BlobSchedule,
): bigint {
  const targetBlobGas = BigInt(schedule.target) * GAS_PER_BLOB;
  const sum = parent.excessBlobGas + parent.blobGasUsed;
  if (sum < targetBlobGas) return 0n;
  const reserveBinds =
    isAtLeast(hardfork, "osaka") &&
    BLOB_BASE_COST * parent.baseFeePerGas > GAS_PER_BLOB * blobBaseFee(parent.excessBlobGas, schedule);
  if (reserveBinds) {
    return (
      parent.excessBlobGas +
      (parent.blobGasUsed * BigInt(schedule.max - schedule.target)) / BigInt(schedule.max)
    );
  }
  return sum - targetBlobGas;
}
