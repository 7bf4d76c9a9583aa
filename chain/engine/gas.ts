// Gas that depends on operands or state (Yellow Paper, appendices G and H; the EIPs named below), and how an instruction
// ends its frame. Amounts are units of gas. It reads no state: callers say what is cold, empty or current.

import { eq, isZero } from "./u256";

/* ENDING A FRAME */

/** What instructions return in place of the gas left when their frame goes no further. No transaction has so much gas. */
export const ENDED: u64 = u64.MAX_VALUE;

/** Why the running frame went no further: an outcome of layout.ts, or RESUME of calls.ts. */
export let ending: u32 = 0;

/** Notes why the running frame goes no further; returns ENDED. */
export function end(outcome: u32): u64 {
  ending = outcome;
  return ENDED;
}

/* ACCESS (EIP-2929); the warm part is every such opcode's base gas */

export const COLD_ACCOUNT: u64 = 2600;
export const WARM_ACCESS: u64 = 100;
export const COLD_ACCOUNT_SURCHARGE: u64 = COLD_ACCOUNT - WARM_ACCESS;
const COLD_SLOT: u64 = 2100;
export const COLD_SLOT_SURCHARGE: u64 = COLD_SLOT - WARM_ACCESS;

/* CALLS AND CREATIONS */

export const CALL_VALUE: u64 = 9000;
export const CALL_STIPEND: u64 = 2300;
export const NEW_ACCOUNT: u64 = 25000;
export const KECCAK_WORD: u64 = 6;
export const COPY_WORD: u64 = 3;
export const INITCODE_WORD: u64 = 2; // EIP-3860
export const CODE_DEPOSIT_BYTE: u64 = 200;
export const LOG_BYTE: u64 = 8;
const EXP_BYTE: u64 = 50; // EIP-160

/** The most that a call may pass on: all but one 64th (EIP-150). */
@inline
export function allButOne64th(gas: u64): u64 {
  return gas - (gas >> 6);
}

/** EXP beyond its base, for an exponent of `bytes` significant bytes. */
@inline
export function expGas(bytes: u32): u64 {
  return EXP_BYTE * <u64>bytes;
}

/** Words that `bytes` fill, the last one perhaps in part. */
@inline
export function wordsOf(bytes: u64): u64 {
  return (bytes + 31) >> 5;
}

/** A memory of `bytes` below 2^32, from nothing. */
@inline
export function memoryGas(bytes: u64): u64 {
  const words = wordsOf(bytes);
  return 3 * words + ((words * words) >> 9);
}

/* SSTORE: EIP-2200 as amended by EIP-2929 and EIP-3529 */

/** SSTORE fails with this much gas or less, so that a stipend cannot write. */
export const SSTORE_SENTRY: u64 = 2300;
export const SSTORE_COLD: u64 = COLD_SLOT;
const SSTORE_SET: u64 = 20000;
const SSTORE_RESET: u64 = 5000 - COLD_SLOT;
const SSTORE_CLEAR_REFUND: i64 = 4800;

/** Gas of writing the word `value` to a slot, without the cold surcharge. */
export function sstoreGas(original: usize, current: usize, value: usize): u64 {
  if (eq(current, value) || !eq(original, current)) return WARM_ACCESS;
  return isZero(original) ? SSTORE_SET : SSTORE_RESET;
}

/** What the same write adds to the refund counter, or takes off. */
export function sstoreRefund(original: usize, current: usize, value: usize): i64 {
  if (eq(current, value)) return 0;
  const wasEmpty = isZero(original);
  if (eq(original, current)) return !wasEmpty && isZero(value) ? SSTORE_CLEAR_REFUND : 0;
  let refund: i64 = 0;
  if (!wasEmpty) {
    if (isZero(current)) refund -= SSTORE_CLEAR_REFUND;
    if (isZero(value)) refund += SSTORE_CLEAR_REFUND;
  }
  if (eq(original, value)) refund += <i64>((wasEmpty ? SSTORE_SET : SSTORE_RESET) - WARM_ACCESS);
  return refund;
}
