// Instructions that read or write state through the journal: accounts, storage, transient storage, logs, SELFDESTRUCT.
// They take the frame, the stack's end before the instruction (`sp`, operands below it) and the gas left after the base gas,
// leave the result in the operands' place, and return the gas left or ENDED. They know nothing of the loop around them.

import { maskAddress } from "./addresses";
import {
  COLD_ACCOUNT,
  COLD_ACCOUNT_SURCHARGE,
  COLD_SLOT_SURCHARGE,
  COPY_WORD,
  end,
  ENDED,
  LOG_BYTE,
  NEW_ACCOUNT,
  SSTORE_COLD,
  SSTORE_SENTRY,
  sstoreGas,
  sstoreRefund,
} from "./gas";
import { FRAME_SELF, FRAME_STATIC } from "./frame";
import { addressOf, copyPadded, useRange } from "./frame-memory";
import {
  account, balance, burnBalance, code, isCreated, isEmpty, selfDestruct, touch, transfer, warmAccount,
} from "./account-views";
import { addRefund, beginLog, isStopped } from "./journal";
import { setSlot, slot, transientLoad, transientStore, warmSlot } from "./slot-views";
import { SLOT_CURRENT, SLOT_ORIGINAL } from "./views";
import {
  CODE_BYTES,
  CODE_HASH,
  CODE_LENGTH,
  HALT_OUT_OF_GAS,
  HALT_STATIC_VIOLATION,
  LOG_TOPICS,
} from "./layout";
import { copy, isZero, low, saturate, setU64, storeBE, zero } from "./u256";

/** The view of the account that the word names; its upper bytes are cleared. */
@inline
function accountAt(word: usize): usize {
  maskAddress(word);
  return account(word);
}

/** Warms the account and takes the surcharge if it was cold. */
@inline
function chargeAccess(view: usize, gas: u64): u64 {
  if (!warmAccount(view)) return gas;
  return gas < COLD_ACCOUNT_SURCHARGE ? end(HALT_OUT_OF_GAS) : gas - COLD_ACCOUNT_SURCHARGE;
}

export function balanceOf(sp: usize, gas: u64): u64 {
  const view = accountAt(sp - 32);
  gas = chargeAccess(view, gas);
  if (gas == ENDED) return ENDED;
  const amount = balance(view);
  if (isStopped()) return end(isStopped());
  copy(sp - 32, amount);
  return gas;
}

/** EXTCODESIZE; of a delegated account it sees the designation itself (EIP-7702), as do the two below. */
export function codeSizeOf(sp: usize, gas: u64): u64 {
  const view = accountAt(sp - 32);
  gas = chargeAccess(view, gas);
  if (gas == ENDED) return ENDED;
  const record = code(view);
  if (isStopped()) return end(isStopped());
  setU64(sp - 32, load<u32>(record, CODE_LENGTH));
  return gas;
}

export function codeHashOf(sp: usize, gas: u64): u64 {
  const view = accountAt(sp - 32);
  gas = chargeAccess(view, gas);
  if (gas == ENDED) return ENDED;
  const record = code(view);
  // Code alone shows that the account exists; only without it must the rest be read.
  const exists = load<u32>(record, CODE_LENGTH) != 0 || !isEmpty(view);
  if (isStopped()) return end(isStopped());
  if (exists) copy(sp - 32, record + CODE_HASH);
  else zero(sp - 32);
  return gas;
}

/** EXTCODECOPY: address, memory offset, code offset, length. */
export function copyCodeOf(frame: usize, sp: usize, gas: u64): u64 {
  gas = useRange(frame, gas, sp - 64, sp - 128, COPY_WORD);
  if (gas == ENDED) return ENDED;
  const view = accountAt(sp - 32);
  gas = chargeAccess(view, gas);
  if (gas == ENDED) return ENDED;
  const record = code(view);
  if (isStopped()) return end(isStopped());
  const length = <u32>low(sp - 128);
  if (length != 0) {
    const dst = addressOf(frame, sp - 64);
    copyPadded(dst, load<u32>(record, CODE_BYTES), load<u32>(record, CODE_LENGTH), saturate(sp - 96), length);
  }
  return gas;
}

/** SELFBALANCE; the account is warm. */
export function selfBalance(frame: usize, sp: usize, gas: u64): u64 {
  const amount = balance(load<u32>(frame, FRAME_SELF));
  if (isStopped()) return end(isStopped());
  copy(sp, amount);
  return gas;
}

export function loadStorage(frame: usize, sp: usize, gas: u64): u64 {
  const view = slot(load<u32>(frame, FRAME_SELF), sp - 32);
  if (warmSlot(view)) {
    if (gas < COLD_SLOT_SURCHARGE) return end(HALT_OUT_OF_GAS);
    gas -= COLD_SLOT_SURCHARGE;
  }
  if (isStopped()) return end(isStopped());
  copy(sp - 32, view + SLOT_CURRENT);
  return gas;
}

/** SSTORE: key, value. */
export function storeStorage(frame: usize, sp: usize, gas: u64): u64 {
  if (load<u32>(frame, FRAME_STATIC)) return end(HALT_STATIC_VIOLATION);
  if (gas <= SSTORE_SENTRY) return end(HALT_OUT_OF_GAS);
  const view = slot(load<u32>(frame, FRAME_SELF), sp - 32);
  const original = view + SLOT_ORIGINAL;
  const current = view + SLOT_CURRENT;
  const value = sp - 64;
  const cost = sstoreGas(original, current, value) + (warmSlot(view) ? SSTORE_COLD : 0);
  if (gas < cost) return end(HALT_OUT_OF_GAS);
  const refund = sstoreRefund(original, current, value);
  if (refund != 0) addRefund(refund);
  setSlot(view, value);
  if (isStopped()) return end(isStopped());
  return gas - cost;
}

export function loadTransient(frame: usize, sp: usize, gas: u64): u64 {
  transientLoad(load<u32>(frame, FRAME_SELF), sp - 32, sp - 32);
  return gas;
}

/** TSTORE: key, value. */
export function storeTransient(frame: usize, sp: usize, gas: u64): u64 {
  if (load<u32>(frame, FRAME_STATIC)) return end(HALT_STATIC_VIOLATION);
  transientStore(load<u32>(frame, FRAME_SELF), sp - 32, sp - 64);
  if (isStopped()) return end(isStopped());
  return gas;
}

/** LOG0 to LOG4: memory offset, length, topics. */
export function log(frame: usize, sp: usize, gas: u64, topics: u32): u64 {
  if (load<u32>(frame, FRAME_STATIC)) return end(HALT_STATIC_VIOLATION);
  gas = useRange(frame, gas, sp - 32, sp - 64, 0);
  if (gas == ENDED) return ENDED;
  const length = <u32>low(sp - 64);
  const cost = LOG_BYTE * <u64>length;
  if (gas < cost) return end(HALT_OUT_OF_GAS);
  const record = beginLog(load<u32>(frame, FRAME_SELF), topics, length);
  if (isStopped()) return end(isStopped());
  let to = record + LOG_TOPICS;
  for (let topic = sp - 96; topics != 0; topics--) {
    storeBE(to, topic);
    topic -= 32;
    to += 32;
  }
  if (length != 0) memory.copy(to, addressOf(frame, sp - 32), length);
  return gas - cost;
}

/**
 * SELFDESTRUCT: beneficiary. Always moves the balance; deletes the account only when this transaction created it (EIP-6780),
 * and then burns what it would move to itself.
 */
export function destruct(frame: usize, sp: usize, gas: u64): u64 {
  if (load<u32>(frame, FRAME_STATIC)) return end(HALT_STATIC_VIOLATION);
  const self = <usize>load<u32>(frame, FRAME_SELF);
  const beneficiary = accountAt(sp - 32);
  // Unlike elsewhere the base gas holds no warm access, so a cold one costs the whole.
  if (warmAccount(beneficiary)) {
    if (gas < COLD_ACCOUNT) return end(HALT_OUT_OF_GAS);
    gas -= COLD_ACCOUNT;
  }
  const amount = balance(self);
  if (!isZero(amount) && isEmpty(beneficiary)) {
    if (gas < NEW_ACCOUNT) return end(HALT_OUT_OF_GAS);
    gas -= NEW_ACCOUNT;
  }
  if (isStopped()) return end(isStopped());
  touch(beneficiary);
  if (beneficiary != self) {
    // A copy, since the transfer changes the word that the amount stands in; the operand is not needed any more.
    copy(sp - 32, amount);
    transfer(self, beneficiary, sp - 32);
  }
  if (isCreated(self)) {
    burnBalance(self);
    selfDestruct(self);
  }
  if (isStopped()) return end(isStopped());
  return gas;
}
