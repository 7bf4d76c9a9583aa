// The roots of a block's body - transactions and receipts - and the union of its blooms. The leaves are hashed in runs by any
// number of threads; who owns the block lists the runs and composes the roots.

import {
  BLOCK_RESULTS, BLOCK_TRANSACTIONS, BODY_COUNT, BODY_POSITIONS, BODY_RECEIPTS, BODY_RECEIPT_LEAVES, BODY_TRANSACTIONS,
  BODY_TRANSACTION_LEAVES, JOB_COUNT, JOB_NEXT, RESULT_BLOOM, RESULT_CUMULATIVE_GAS, RESULT_EXCLUSION, RESULT_LOGS,
  RESULT_LOGS_LENGTH, RESULT_OUTCOME, RESULT_SIZE,
} from "./control";
import { meeting } from "./hooks";
import { TX_RAW_LENGTH, TX_RAW_OFFSET, TX_TYPE } from "./layout";
import { allocate, release } from "./memory";
import { ORDERED_REFERENCE_SIZE, orderedTrieCompose, orderedTrieLeaves } from "./ordered-trie";
import { encodeReceipt, orBloom, receiptLength } from "./receipt";

/** Leaves per run. */
const RUN: u32 = 128;

/* An item of an ordered trie: u32 address, u32 length. */
const ITEM_LENGTH: usize = 4;
const ITEM_SIZE: u32 = 8;

let capacity: u32 = 0; // items that the lists have room for
let buffer: usize = 0; // the encoded receipts
let bufferSize: u32 = 0;

/** For a fresh heap: the lists are gone with the old one. */
export function forgetBody(): void {
  capacity = 0;
  bufferSize = 0;
}

function reserveLists(count: u32): void {
  if (count <= capacity) return;
  if (capacity != 0) {
    release(load<u32>(BODY_POSITIONS), capacity << 2);
    release(load<u32>(BODY_RECEIPTS), capacity * ITEM_SIZE);
    release(load<u32>(BODY_TRANSACTIONS), capacity * ITEM_SIZE);
    release(load<u32>(BODY_RECEIPT_LEAVES), capacity * ORDERED_REFERENCE_SIZE);
    release(load<u32>(BODY_TRANSACTION_LEAVES), capacity * ORDERED_REFERENCE_SIZE);
  }
  capacity = max<u32>(count, 256);
  store<u32>(BODY_POSITIONS, <u32>allocate(capacity << 2));
  store<u32>(BODY_RECEIPTS, <u32>allocate(capacity * ITEM_SIZE));
  store<u32>(BODY_TRANSACTIONS, <u32>allocate(capacity * ITEM_SIZE));
  store<u32>(BODY_RECEIPT_LEAVES, <u32>allocate(capacity * ORDERED_REFERENCE_SIZE));
  store<u32>(BODY_TRANSACTION_LEAVES, <u32>allocate(capacity * ORDERED_REFERENCE_SIZE));
}

@inline
function resultAt(position: u32): usize {
  return <usize>load<u32>(BLOCK_RESULTS) + position * RESULT_SIZE;
}

@inline
function transactionAt(position: u32): usize {
  return load<u32>(<usize>load<u32>(BLOCK_TRANSACTIONS) + (position << 2));
}

/** Lists the work for the block of `count` executed transactions. Returns the number of jobs. */
export function listBodyJobs(count: u32): u32 {
  reserveLists(count);
  const positions = <usize>load<u32>(BODY_POSITIONS);
  const receipts = <usize>load<u32>(BODY_RECEIPTS);
  const transactions = <usize>load<u32>(BODY_TRANSACTIONS);
  let included: u32 = 0;
  let total: u32 = 0;
  for (let position: u32 = 0; position < count; position++) {
    const result = resultAt(position);
    if (load<u32>(result, RESULT_EXCLUSION) != 0) continue;
    const transaction = transactionAt(position);
    store<u32>(positions + (included << 2), position);
    const receipt = receipts + included * ITEM_SIZE;
    const logs = <usize>load<u32>(result, RESULT_LOGS);
    const length = receiptLength(load<u8>(transaction, TX_TYPE), load<u64>(result, RESULT_CUMULATIVE_GAS), logs,
      logs + load<u32>(result, RESULT_LOGS_LENGTH));
    store<u32>(receipt, total); // becomes an address once the buffer is there
    store<u32>(receipt, length, ITEM_LENGTH);
    total += length;
    const envelope = transactions + included * ITEM_SIZE;
    store<u32>(envelope, <u32>transaction + load<u32>(transaction, TX_RAW_OFFSET));
    store<u32>(envelope, load<u32>(transaction, TX_RAW_LENGTH), ITEM_LENGTH);
    included++;
  }
  if (total > bufferSize) {
    if (bufferSize != 0) release(buffer, bufferSize);
    bufferSize = total;
    buffer = allocate(total);
  }
  for (let i: u32 = 0; i < included; i++) {
    const receipt = receipts + i * ITEM_SIZE;
    store<u32>(receipt, <u32>buffer + load<u32>(receipt));
  }
  store<u32>(BODY_COUNT, included);
  const runs = ((included + RUN - 1) / RUN) << 1; // receipts in the even ones, transactions in the odd ones
  store<u32>(JOB_COUNT, runs);
  atomic.store<u32>(JOB_NEXT, 0);
  return runs;
}

/** Works on listed runs until none is left. Any number of threads at once; doing a run twice changes nothing. */
export function workOnBody(): void {
  const runs = load<u32>(JOB_COUNT);
  const count = load<u32>(BODY_COUNT);
  while (true) {
    const run = atomic.add<u32>(JOB_NEXT, 1);
    if (run >= runs) return;
    meeting();
    const first = (run >> 1) * RUN;
    const end = min<u32>(first + RUN, count);
    if ((run & 1) != 0) {
      orderedTrieLeaves(load<u32>(BODY_TRANSACTIONS), count, first, end, load<u32>(BODY_TRANSACTION_LEAVES));
    } else {
      encodeReceipts(first, end);
      orderedTrieLeaves(load<u32>(BODY_RECEIPTS), count, first, end, load<u32>(BODY_RECEIPT_LEAVES));
    }
  }
}

function encodeReceipts(first: u32, end: u32): void {
  const positions = <usize>load<u32>(BODY_POSITIONS);
  const receipts = <usize>load<u32>(BODY_RECEIPTS);
  for (let i = first; i < end; i++) {
    const position = load<u32>(positions + (i << 2));
    const result = resultAt(position);
    const item = receipts + i * ITEM_SIZE;
    const logs = <usize>load<u32>(result, RESULT_LOGS);
    encodeReceipt(load<u32>(item), load<u32>(item, ITEM_LENGTH), load<u8>(transactionAt(position), TX_TYPE),
      load<u32>(result, RESULT_OUTCOME) == 0, load<u64>(result, RESULT_CUMULATIVE_GAS), result + RESULT_BLOOM, logs,
      logs + load<u32>(result, RESULT_LOGS_LENGTH));
  }
}

/** Composes both roots (raw) from the leaves and the union of the blooms (256 bytes). */
export function finishBody(transactionsRoot: usize, receiptsRoot: usize, bloom: usize): void {
  const count = load<u32>(BODY_COUNT);
  orderedTrieCompose(load<u32>(BODY_TRANSACTION_LEAVES), count, transactionsRoot);
  orderedTrieCompose(load<u32>(BODY_RECEIPT_LEAVES), count, receiptsRoot);
  memory.fill(bloom, 0, 256);
  const positions = <usize>load<u32>(BODY_POSITIONS);
  for (let i: u32 = 0; i < count; i++) orBloom(bloom, resultAt(load<u32>(positions + (i << 2))) + RESULT_BLOOM);
}
