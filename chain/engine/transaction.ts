// One transaction from its validity rules to its fees, around the message that the interpreter runs.
// Everything it reads and changes goes through the journal; it knows nothing of blocks, workers or commits.

import {
  EXCLUDED_BASE_FEE, EXCLUDED_BLOB_COUNT, EXCLUDED_BLOB_CREATE, EXCLUDED_BLOB_FEE, EXCLUDED_BLOB_VERSION,
  EXCLUDED_FLOOR_GAS, EXCLUDED_FUNDS, EXCLUDED_GAS_MAXIMUM, EXCLUDED_INITCODE_SIZE, EXCLUDED_INTRINSIC_GAS,
  EXCLUDED_NONCE_IS_MAX, EXCLUDED_NO_AUTHORIZATIONS, EXCLUDED_NO_BLOBS, EXCLUDED_PRIORITY_FEE, EXCLUDED_SENDER_CODE,
  EXCLUDED_SET_CODE_CREATE, EXCLUDED_TYPE,
} from "./control";
import { createAddress } from "./addresses";
import { scratch } from "./instance";
import { gasLeft, outputLength, outputStart, precompileId, runMessage } from "./interpreter";
import {
  account, addBalance, balanceAtLeast, code, deleteDestructed, isEmpty, nonce, presetNonce, setCode, setNonce,
  subBalance, touch, warmAccount,
} from "./account-views";
import {
  addRefund, currentContext, endJournal, env, fork, isStopped, journalAllocate, refundCounter, setReadSite, tx,
} from "./journal";
import { slot, warmSlot } from "./slot-views";
import {
  AUTHORIZATION_ADDRESS, AUTHORIZATION_AUTHORITY, AUTHORIZATION_CHAIN_ID, AUTHORIZATION_NONCE, AUTHORIZATION_SIZE,
  AUTHORIZATION_VALID, CODE_DELEGATE, CODE_DELEGATED, CODE_LENGTH, CONTEXT_BLOB_GAS, CONTEXT_BLOOM, CONTEXT_CONTRACT,
  CONTEXT_EXCLUSION, CONTEXT_GAS_PRICE, CONTEXT_GAS_REFUNDED, CONTEXT_GAS_USED, CONTEXT_HAS_CONTRACT, CONTEXT_LOGS,
  CONTEXT_LOGS_END, CONTEXT_OUTCOME, CONTEXT_OUTPUT, CONTEXT_OUTPUT_LENGTH, CONTEXT_STOPPED, ENV_BASE_FEE, ENV_BLOB_BASE_FEE,
  ENV_CHAIN_ID, ENV_COINBASE, ENV_FLAGS, ENV_FLAG_NO_BASE_FEE, ENV_FLAG_UNLIMITED_CODE_SIZE, ENV_MAX_BLOBS_PER_TX,
  FORK_OSAKA, FORK_PRAGUE, MESSAGE_CALLER, MESSAGE_CODE, MESSAGE_GAS, MESSAGE_INPUT, MESSAGE_INPUT_LENGTH,
  MESSAGE_IS_CREATE, MESSAGE_PRECOMPILE, MESSAGE_SELF, MESSAGE_SIZE, MESSAGE_VALUE, OUTCOME_REVERT, OUTCOME_SUCCESS,
  STOPPED, TX_ACCESS_LIST_COUNT, TX_ACCESS_LIST_OFFSET, TX_AUTHORIZATIONS_COUNT, TX_AUTHORIZATIONS_OFFSET,
  TX_BLOB_HASHES_COUNT, TX_BLOB_HASHES_OFFSET, TX_DATA_LENGTH, TX_DATA_OFFSET, TX_FLAGS, TX_FLAG_CALL,
  TX_FLAG_HAS_TO, TX_FLAG_IMPERSONATED, TX_FLAG_KEEP_OUTPUT, TX_FLAG_NO_FUNDS_CHECK, TX_FLAG_SYSTEM, TX_GAS_LIMIT,
  TX_MAX_BLOB_FEE, TX_MAX_FEE, TX_MAX_PRIORITY_FEE, TX_NONCE, TX_SENDER, TX_TO, TX_TYPE, TX_VALUE,
} from "./layout";
import { addLogsToBloom } from "./receipt";
import { addCarry, copy, eq, isZero, lt, mulOverflows, mulU64, setU64, storeBE, sub, zero } from "./u256";

const GAS_TRANSACTION: u64 = 21000;
const GAS_CREATE: u64 = 32000;
const GAS_TOKEN: u64 = 4; // per calldata token: a zero byte is one, any other four (EIP-2028 in EIP-7623's terms)
const GAS_FLOOR_TOKEN: u64 = 10; // EIP-7623
const GAS_INITCODE_WORD: u64 = 2; // EIP-3860
const GAS_ACCESS_ADDRESS: u64 = 2400; // EIP-2930
const GAS_ACCESS_KEY: u64 = 1900;
const GAS_AUTHORIZATION: u64 = 25000; // EIP-7702, PER_EMPTY_ACCOUNT_COST
const REFUND_AUTHORIZATION: i64 = 12500; // PER_EMPTY_ACCOUNT_COST - PER_AUTH_BASE_COST
const GAS_PER_BLOB: u64 = 131072; // EIP-4844
const MAX_TRANSACTION_GAS: u64 = 16777216; // EIP-7825
const MAX_INITCODE: u32 = 49152; // EIP-3860
const MAX_REFUND_QUOTIENT: u64 = 5; // EIP-3529
/** Revert data beyond this is cut when it is kept for the sender; receipts don't hold it. */
const KEPT_OUTPUT: u32 = 65536;

/* Scratch of this file: the words live between calls of the journal, which uses bytes 2048 to 2111. */
@inline function cost(): usize { return scratch + 2112; }
@inline function term(): usize { return scratch + 2144; }
@inline function addressWord(): usize { return scratch + 2176; }
@inline function message(): usize { return scratch + 2208; } // MESSAGE_SIZE
@inline function bytes(): usize { return scratch + 2304; } // 64

/* GAS BEFORE EXECUTION */

let intrinsicGas: u64 = 0;
let floorGas: u64 = 0;

function computeIntrinsicGas(t: usize): void {
  const length = load<u32>(t, TX_DATA_LENGTH);
  const data = t + load<u32>(t, TX_DATA_OFFSET);
  let zeros: u64 = 0;
  for (let i: u32 = 0; i < length; i++) zeros += u64(load<u8>(data + i) == 0);
  const tokens = zeros + ((<u64>length - zeros) << 2);
  let gas = GAS_TRANSACTION + tokens * GAS_TOKEN;
  if ((load<u8>(t, TX_FLAGS) & TX_FLAG_HAS_TO) == 0) {
    gas += GAS_CREATE + ((<u64>length + 31) >> 5) * GAS_INITCODE_WORD;
  }
  let entry = t + load<u32>(t, TX_ACCESS_LIST_OFFSET);
  for (let n = load<u32>(t, TX_ACCESS_LIST_COUNT); n > 0; n--) {
    const keys = load<u32>(entry, 32);
    gas += GAS_ACCESS_ADDRESS + <u64>keys * GAS_ACCESS_KEY;
    entry += 40 + (<usize>keys << 5);
  }
  gas += <u64>load<u32>(t, TX_AUTHORIZATIONS_COUNT) * GAS_AUTHORIZATION;
  intrinsicGas = gas;
  floorGas = fork() >= <u32>FORK_PRAGUE ? GAS_TRANSACTION + tokens * GAS_FLOOR_TOKEN : 0;
}

/* VALIDITY: what depends on the transaction and the block alone */

function invalidity(t: usize, e: usize): u32 {
  const flags = load<u8>(t, TX_FLAGS);
  const type = load<u8>(t, TX_TYPE);
  const creates = (flags & TX_FLAG_HAS_TO) == 0;
  const gasLimit = load<u64>(t, TX_GAS_LIMIT);
  if (type > 4 || (type == 4 && fork() < <u32>FORK_PRAGUE)) return EXCLUDED_TYPE;
  if (type == 4 && creates) return EXCLUDED_SET_CODE_CREATE;
  if (type == 4 && load<u32>(t, TX_AUTHORIZATIONS_COUNT) == 0) return EXCLUDED_NO_AUTHORIZATIONS;
  if ((flags & TX_FLAG_CALL) == 0) {
    if (fork() >= <u32>FORK_OSAKA && gasLimit > MAX_TRANSACTION_GAS) return EXCLUDED_GAS_MAXIMUM;
    if (load<u64>(t, TX_NONCE) == u64.MAX_VALUE) return EXCLUDED_NONCE_IS_MAX;
  }
  if (gasLimit < intrinsicGas) return EXCLUDED_INTRINSIC_GAS;
  if (gasLimit < floorGas) return EXCLUDED_FLOOR_GAS;
  if (creates && load<u32>(t, TX_DATA_LENGTH) > MAX_INITCODE && (load<u32>(e, ENV_FLAGS) & ENV_FLAG_UNLIMITED_CODE_SIZE) == 0) {
    return EXCLUDED_INITCODE_SIZE;
  }
  if (lt(t + TX_MAX_FEE, t + TX_MAX_PRIORITY_FEE)) return EXCLUDED_PRIORITY_FEE;
  if ((load<u32>(e, ENV_FLAGS) & ENV_FLAG_NO_BASE_FEE) == 0 && lt(t + TX_MAX_FEE, e + ENV_BASE_FEE)) return EXCLUDED_BASE_FEE;
  if (type == 3) {
    const blobs = load<u32>(t, TX_BLOB_HASHES_COUNT);
    if (creates) return EXCLUDED_BLOB_CREATE;
    if (blobs == 0) return EXCLUDED_NO_BLOBS;
    if (blobs > load<u32>(e, ENV_MAX_BLOBS_PER_TX)) return EXCLUDED_BLOB_COUNT;
    const hashes = t + load<u32>(t, TX_BLOB_HASHES_OFFSET);
    for (let i: u32 = 0; i < blobs; i++) {
      if (load<u8>(hashes + (<usize>i << 5), 31) != 1) return EXCLUDED_BLOB_VERSION; // words: the first byte is the last
    }
    if ((load<u32>(e, ENV_FLAGS) & ENV_FLAG_NO_BASE_FEE) == 0 && lt(t + TX_MAX_BLOB_FEE, e + ENV_BLOB_BASE_FEE)) {
      return EXCLUDED_BLOB_FEE;
    }
  }
  return 0;
}

/** min(max fee, base fee + max priority fee), EIP-1559. */
function computeGasPrice(t: usize, e: usize, price: usize): void {
  if (addCarry(price, e + ENV_BASE_FEE, t + TX_MAX_PRIORITY_FEE) || lt(t + TX_MAX_FEE, price)) copy(price, t + TX_MAX_FEE);
}

/** The most that the transaction may take from its sender, in wei, at cost(); false when that exceeds 256 bits. */
function upfrontCost(t: usize): bool {
  const total = cost();
  setU64(term(), load<u64>(t, TX_GAS_LIMIT));
  if (mulOverflows(total, t + TX_MAX_FEE, term())) return false;
  if (load<u8>(t, TX_TYPE) == 3) {
    setU64(term(), <u64>load<u32>(t, TX_BLOB_HASHES_COUNT) * GAS_PER_BLOB);
    if (mulOverflows(term(), t + TX_MAX_BLOB_FEE, term())) return false;
    if (addCarry(total, total, term())) return false;
  }
  return !addCarry(total, total, t + TX_VALUE);
}

/* PARTS OF THE EXECUTION */

function warmAccessList(t: usize): void {
  let entry = t + load<u32>(t, TX_ACCESS_LIST_OFFSET);
  for (let n = load<u32>(t, TX_ACCESS_LIST_COUNT); n > 0; n--) {
    const view = account(entry);
    if (isStopped()) return;
    warmAccount(view);
    let key = entry + 40;
    for (let k = load<u32>(entry, 32); k > 0; k--) {
      const slotView = slot(view, key);
      if (isStopped()) return;
      warmSlot(slotView);
      key += 32;
    }
    entry = key;
  }
}

/** EIP-7702: applies the valid authorisations; invalid ones are skipped. */
function applyAuthorizations(t: usize, e: usize): void {
  let a = t + load<u32>(t, TX_AUTHORIZATIONS_OFFSET);
  for (let n = load<u32>(t, TX_AUTHORIZATIONS_COUNT); n > 0; n--, a += AUTHORIZATION_SIZE) {
    if (!isZero(a + AUTHORIZATION_CHAIN_ID) && !eq(a + AUTHORIZATION_CHAIN_ID, e + ENV_CHAIN_ID)) continue;
    const expected = load<u64>(a, AUTHORIZATION_NONCE);
    if (expected == u64.MAX_VALUE || load<u32>(a, AUTHORIZATION_VALID) == 0) continue;
    const authority = account(a + AUTHORIZATION_AUTHORITY);
    if (isStopped()) return;
    warmAccount(authority);
    const present = code(authority);
    if (load<u32>(present, CODE_LENGTH) != 0 && load<u32>(present, CODE_DELEGATED) == 0) continue;
    if (nonce(authority) != expected) continue;
    if (!isEmpty(authority)) addRefund(REFUND_AUTHORIZATION);
    if (isZero(a + AUTHORIZATION_ADDRESS)) {
      setCode(authority, 0, 0);
    } else {
      // 0xef0100 || address; the address' 20 bytes are the last of the word's big-endian form.
      storeBE(bytes() + 8, a + AUTHORIZATION_ADDRESS);
      store<u8>(bytes() + 17, 0xef);
      store<u8>(bytes() + 18, 0x01);
      store<u8>(bytes() + 19, 0x00);
      copyDown(bytes(), bytes() + 17, 23);
      setCode(authority, bytes(), 23);
    }
    setNonce(authority, expected + 1);
    if (isStopped()) return;
  }
}

@inline
function copyDown(dst: usize, src: usize, length: usize): void {
  memory.copy(dst, src, length);
}

/**
 * Runs the transaction that beginJournal() was called for, and leaves the result in its context: an exclusion (nothing
 * changed), or an outcome with gas, logs and output.
 */
export function runTransaction(): void {
  const t = tx();
  const e = env();
  const context = currentContext();
  const flags = load<u8>(t, TX_FLAGS);
  const price = context + CONTEXT_GAS_PRICE;
  store<u32>(context, 0, CONTEXT_EXCLUSION);
  store<u32>(context, OUTCOME_SUCCESS, CONTEXT_OUTCOME);
  store<u32>(context, 0, CONTEXT_HAS_CONTRACT);
  store<u32>(context, 0, CONTEXT_OUTPUT_LENGTH);
  store<u64>(context, 0, CONTEXT_GAS_USED);
  store<u64>(context, 0, CONTEXT_GAS_REFUNDED);
  store<u64>(context, 0, CONTEXT_BLOB_GAS);
  memory.fill(context + CONTEXT_BLOOM, 0, 256);
  setReadSite(0, 0);

  const isSystem = (flags & TX_FLAG_SYSTEM) != 0;
  const sender = account(t + TX_SENDER);
  if (isSystem) {
    intrinsicGas = 0;
    floorGas = 0;
    copy(price, e + ENV_BASE_FEE);
  } else {
    const reason = begin(t, e, sender, flags, price);
    if (reason != 0 || isStopped()) {
      store<u32>(context, reason, CONTEXT_EXCLUSION);
      endJournal();
      return;
    }
  }

  const outcome = runTop(t, sender, flags);
  if (outcome >= <u32>STOPPED || isStopped()) {
    endJournal();
    if (load<u32>(context, CONTEXT_STOPPED) == 0) store<u32>(context, outcome, CONTEXT_STOPPED);
    return;
  }
  store<u32>(context, outcome, CONTEXT_OUTCOME);
  settle(t, e, sender, flags, price, context);
  keepOutput(context, outcome, flags);
  endJournal();
  const logs = load<u32>(context, CONTEXT_LOGS);
  const logsEnd = load<u32>(context, CONTEXT_LOGS_END);
  if (logs != logsEnd) addLogsToBloom(context + CONTEXT_BLOOM, logs, logsEnd);
}

/** Validity, upfront payment, nonce, warm addresses and authorisations. Returns an exclusion or 0. */
function begin(t: usize, e: usize, sender: usize, flags: u32, price: usize): u32 {
  computeIntrinsicGas(t);
  const reason = invalidity(t, e);
  if (reason != 0) return reason;
  const isCall = (flags & TX_FLAG_CALL) != 0;
  if (!isCall) {
    const senderCode = code(sender);
    const signed = (flags & TX_FLAG_IMPERSONATED) == 0;
    if (signed && load<u32>(senderCode, CODE_LENGTH) != 0 && load<u32>(senderCode, CODE_DELEGATED) == 0) return EXCLUDED_SENDER_CODE;
    presetNonce(sender, load<u64>(t, TX_NONCE));
  }
  computeGasPrice(t, e, price);
  if ((flags & TX_FLAG_NO_FUNDS_CHECK) != 0) {
    if (!balanceAtLeast(sender, t + TX_VALUE)) return EXCLUDED_FUNDS;
  } else {
    if (!upfrontCost(t) || !balanceAtLeast(sender, cost())) return EXCLUDED_FUNDS;
    mulU64(cost(), price, load<u64>(t, TX_GAS_LIMIT));
    subBalance(sender, cost());
    if (load<u8>(t, TX_TYPE) == 3) {
      const blobGas = <u64>load<u32>(t, TX_BLOB_HASHES_COUNT) * GAS_PER_BLOB;
      store<u64>(currentContext(), blobGas, CONTEXT_BLOB_GAS);
      mulU64(cost(), e + ENV_BLOB_BASE_FEE, blobGas);
      subBalance(sender, cost());
    }
  }
  const n = nonce(sender);
  setNonce(sender, n + 1);
  touch(sender);
  warmAccount(sender);
  const coinbase = account(e + ENV_COINBASE);
  if (isStopped()) return 0;
  warmAccount(coinbase); // EIP-3651
  if ((flags & TX_FLAG_HAS_TO) != 0) {
    const to = account(t + TX_TO);
    if (isStopped()) return 0;
    warmAccount(to);
  }
  warmAccessList(t);
  if (isStopped()) return 0;
  applyAuthorizations(t, e);
  return 0;
}

/** Hands the outermost message to the interpreter. */
function runTop(t: usize, sender: usize, flags: u32): u32 {
  const m = message();
  memory.fill(m, 0, MESSAGE_SIZE);
  store<u32>(m, <u32>sender, MESSAGE_CALLER);
  store<u32>(m, <u32>(t + load<u32>(t, TX_DATA_OFFSET)), MESSAGE_INPUT);
  store<u32>(m, load<u32>(t, TX_DATA_LENGTH), MESSAGE_INPUT_LENGTH);
  store<u64>(m, load<u64>(t, TX_GAS_LIMIT) - intrinsicGas, MESSAGE_GAS);
  copy(m + MESSAGE_VALUE, t + TX_VALUE);
  if ((flags & TX_FLAG_HAS_TO) == 0) {
    // The nonce the sender had before this transaction; a call's own preset is in the view already.
    createAddress(addressWord(), t + TX_SENDER, nonce(sender) - 1);
    const created = account(addressWord());
    if (isStopped()) return isStopped();
    const context = currentContext();
    copy(context + CONTEXT_CONTRACT, addressWord());
    store<u32>(context, 1, CONTEXT_HAS_CONTRACT);
    store<u32>(m, 1, MESSAGE_IS_CREATE);
    store<u32>(m, <u32>created, MESSAGE_SELF);
    return runMessage(m);
  }
  const to = account(t + TX_TO);
  if (isStopped()) return isStopped();
  store<u32>(m, <u32>to, MESSAGE_SELF);
  const precompile = precompileId(t + TX_TO, fork());
  if (precompile != 0) {
    store<u32>(m, precompile, MESSAGE_PRECOMPILE);
  } else {
    let record = code(to);
    if (load<u32>(record, CODE_DELEGATED) != 0) {
      // One level only; a precompile as delegate has no code to run (EIP-7702).
      const delegate = account(record + CODE_DELEGATE);
      if (isStopped()) return isStopped();
      warmAccount(delegate);
      record = code(delegate);
    }
    store<u32>(m, <u32>record, MESSAGE_CODE);
  }
  return runMessage(m);
}

/** Refunds, fees and deletions after the message. */
function settle(t: usize, e: usize, sender: usize, flags: u32, price: usize, context: usize): void {
  const gasLimit = load<u64>(t, TX_GAS_LIMIT);
  let used = gasLimit - gasLeft();
  if ((flags & TX_FLAG_SYSTEM) == 0) {
    const counter = <u64>max<i64>(refundCounter(), 0);
    const refunded = min<u64>(counter, used / MAX_REFUND_QUOTIENT);
    used -= refunded;
    store<u64>(context, refunded, CONTEXT_GAS_REFUNDED);
    if (used < floorGas) used = floorGas;
    if ((flags & TX_FLAG_NO_FUNDS_CHECK) == 0) {
      mulU64(cost(), price, gasLimit - used);
      addBalance(sender, cost());
      sub(term(), price, e + ENV_BASE_FEE);
      if ((load<u32>(e, ENV_FLAGS) & ENV_FLAG_NO_BASE_FEE) != 0 && lt(price, e + ENV_BASE_FEE)) zero(term());
      mulU64(cost(), term(), used);
      const coinbase = account(e + ENV_COINBASE);
      addBalance(coinbase, cost());
      touch(coinbase);
    }
  }
  deleteDestructed();
  store<u64>(context, used, CONTEXT_GAS_USED);
}

/**
 * Calls keep their output where it is; transactions keep revert data, for the sender's error message, and all that they return
 * where it is asked for.
 */
function keepOutput(context: usize, outcome: u32, flags: u32): void {
  const length = outputLength();
  if ((flags & (TX_FLAG_CALL | TX_FLAG_SYSTEM)) != 0) {
    store<u32>(context, <u32>outputStart(), CONTEXT_OUTPUT);
    store<u32>(context, length, CONTEXT_OUTPUT_LENGTH);
    return;
  }
  const all = (flags & TX_FLAG_KEEP_OUTPUT) != 0;
  if (length == 0 || (outcome != OUTCOME_REVERT && !all)) return;
  const kept = all ? length : min<u32>(length, KEPT_OUTPUT);
  const place = journalAllocate(kept);
  if (place == 0) return;
  memory.copy(place, outputStart(), kept);
  store<u32>(context, <u32>place, CONTEXT_OUTPUT);
  store<u32>(context, kept, CONTEXT_OUTPUT_LENGTH);
}
