// Brings the tries up to date with the committed state. Every trie is split by top nibble: one
// job updates one nibble of one trie, so that one hot token hashes in parallel too. Only what changed since the last root is
// touched; values popped by a revert are changes like any other.

import {
  DIRTY_ACCOUNTS, DIRTY_FROM, JOB_COUNT, JOB_ITEMS, JOB_NEXT, LOCATION_BALANCE, LOCATION_CODE, LOCATION_NONCE,
  LOCATION_STORAGE, STALE_LIST, STALE_TOP, STATE_TRIE, UNDO_BLOCK_START, UNDO_TOP,
} from "./control";
import { meeting } from "./hooks";
import { scratch } from "./instance";
import { keccak256 } from "./keccak";
import { CODE_HASH, CODE_LENGTH } from "./layout";
import { allocate, release } from "./memory";
import { encodeAccount, encodeStorageValue } from "./receipt";
import {
  ACCOUNT_DIRTY, ACCOUNT_DIRTY_SLOTS, ACCOUNT_FLAGS, ACCOUNT_HASHED, ACCOUNT_SLOTS, ACCOUNT_STORAGE_TRIE, CELL_CODE, CELL_VALUE,
  FLAG_HASHED, LIST_END, STORAGE_ACCOUNT, STORAGE_DIRTY, STORAGE_FLAGS, STORAGE_HASHED, STORAGE_NEXT, emptyCode, firstAccount, headOf, location, nextAccount,
  undoEntry,
} from "./state";
import { createTrie, trieHashNibble, trieIsEmpty, trieProve, trieRoot, trieSet } from "./trie";
import { isZero, storeBE, zero } from "./u256";
import { writeRawAddress } from "./rlp";

/* TRIE JOB: one nibble of one trie */

const JOB_ACCOUNT: usize = 0; // u32, whose storage trie; 0 for the state trie
const JOB_NIBBLE: usize = 4; // u32
const JOB_SIZE: u32 = 8;

/** Storage tries with fewer changes than this are one job instead of sixteen. */
const WHOLE: u32 = 16;

/* CHANGED RECORDS, collected from the undo log into lists through the records themselves */

let dirtyAccounts: u32 = LIST_END;
let dirtyCount: u32 = 0;

/** Bytes: keccak of addresses and keys need their big-endian form; scratch bytes 2112 to 2303 are this file's. */
@inline function raw(): usize { return scratch + 2112; }
@inline function leaf(): usize { return scratch + 2144; }

function markDirty(place: u32): void {
  const record = <usize>(place & ~15);
  let account = record;
  if ((place & 15) == LOCATION_STORAGE) {
    account = load<u32>(record, STORAGE_ACCOUNT);
    if (load<u32>(record, STORAGE_DIRTY) == 0) {
      if ((load<u32>(record, STORAGE_FLAGS) & FLAG_HASHED) == 0) {
        storeBE(raw(), record);
        keccak256(record + STORAGE_HASHED, raw(), 32);
        store<u32>(record, FLAG_HASHED, STORAGE_FLAGS);
      }
      const first = load<u32>(account, ACCOUNT_DIRTY_SLOTS);
      store<u32>(record, first == 0 ? LIST_END : first, STORAGE_DIRTY);
      store<u32>(account, <u32>record, ACCOUNT_DIRTY_SLOTS);
    }
  }
  if (load<u32>(account, ACCOUNT_DIRTY) != 0) return;
  if ((load<u32>(account, ACCOUNT_FLAGS) & FLAG_HASHED) == 0) {
    writeRawAddress(raw(), account);
    keccak256(account + ACCOUNT_HASHED, raw(), 20);
    store<u32>(account, load<u32>(account, ACCOUNT_FLAGS) | FLAG_HASHED, ACCOUNT_FLAGS);
  }
  store<u32>(account, dirtyAccounts, ACCOUNT_DIRTY);
  dirtyAccounts = <u32>account;
  dirtyCount++;
}

/** Collects what changed since the last root. Returns the number of accounts. */
export function collectDirty(): u32 {
  dirtyAccounts = LIST_END;
  dirtyCount = 0;
  const top = load<u32>(UNDO_TOP);
  // A location has one entry per block, so those of the open block may have changed again since the last root.
  const from = min<u32>(load<u32>(DIRTY_FROM), load<u32>(UNDO_BLOCK_START));
  for (let i = from; i < top; i++) markDirty(load<u32>(undoEntry(i)));
  const stale = load<u32>(STALE_LIST);
  const staleTop = load<u32>(STALE_TOP);
  for (let i: u32 = 0; i < staleTop; i++) markDirty(load<u32>(stale + (i << 2)));
  store<u32>(DIRTY_FROM, top);
  store<u32>(STALE_TOP, 0);
  return dirtyCount;
}

/* JOBS */

let jobs: usize = 0;
let jobCapacity: u32 = 0;

/** For a fresh heap: the list of jobs is gone with the old one. */
export function forgetJobs(): void {
  jobs = 0;
  jobCapacity = 0;
}

function addJob(account: u32, nibble: u32): void {
  const count = load<u32>(JOB_COUNT);
  if (count == jobCapacity) {
    const grown = max<u32>(jobCapacity << 1, 256);
    const list = allocate(grown * JOB_SIZE);
    if (jobCapacity != 0) {
      memory.copy(list, jobs, count * JOB_SIZE);
      release(jobs, jobCapacity * JOB_SIZE);
    }
    jobs = list;
    jobCapacity = grown;
    store<u32>(JOB_ITEMS, <u32>list);
  }
  store<u32>(jobs + count * JOB_SIZE, account);
  store<u32>(jobs + count * JOB_SIZE, nibble, JOB_NIBBLE);
  store<u32>(JOB_COUNT, count + 1);
}

const ALL_NIBBLES: u32 = 16;

/** Lists the storage tries' jobs. Returns their number. */
export function listStorageJobs(): u32 {
  store<u32>(JOB_COUNT, 0);
  store<u32>(JOB_ITEMS, <u32>jobs);
  for (let account = dirtyAccounts; account != LIST_END; account = load<u32>(account, ACCOUNT_DIRTY)) {
    let slots: u32 = 0;
    let slot = load<u32>(account, ACCOUNT_DIRTY_SLOTS);
    if (slot == 0) continue;
    if (load<u32>(account, ACCOUNT_STORAGE_TRIE) == 0) store<u32>(account, <u32>createTrie(), ACCOUNT_STORAGE_TRIE);
    for (; slot != LIST_END && slots < WHOLE; slot = load<u32>(slot, STORAGE_DIRTY)) slots++;
    if (slots < WHOLE) {
      addJob(account, ALL_NIBBLES);
    } else {
      for (let nibble: u32 = 0; nibble < 16; nibble++) addJob(account, nibble);
    }
  }
  store<u32>(JOB_NEXT, 0);
  return load<u32>(JOB_COUNT);
}

/** Lists the state trie's jobs. Returns their number. */
export function listAccountJobs(): u32 {
  store<u32>(JOB_COUNT, 0);
  store<u32>(JOB_ITEMS, <u32>jobs);
  if (dirtyCount < WHOLE) addJob(0, ALL_NIBBLES);
  else for (let nibble: u32 = 0; nibble < 16; nibble++) addJob(0, nibble);
  store<u32>(JOB_ITEMS, <u32>jobs);
  store<u32>(JOB_NEXT, 0);
  // Workers find the list of accounts through the control block.
  store<u32>(DIRTY_ACCOUNTS, dirtyAccounts);
  return load<u32>(JOB_COUNT);
}

/** Works on listed jobs until none is left. Any number of threads at once. */
export function workOnTries(): void {
  const count = load<u32>(JOB_COUNT);
  while (true) {
    const i = atomic.add<u32>(JOB_NEXT, 1);
    if (i >= count) return;
    meeting();
    const job = <usize>load<u32>(JOB_ITEMS) + i * JOB_SIZE;
    const account = load<u32>(job);
    const nibble = load<u32>(job, JOB_NIBBLE);
    if (account != 0) updateStorage(account, nibble);
    else updateAccounts(nibble);
  }
}

@inline
function topNibble(hashed: usize): u32 {
  return <u32>load<u8>(hashed) >> 4;
}

function hash(trie: usize, nibble: u32): void {
  if (nibble != ALL_NIBBLES) trieHashNibble(trie, nibble);
  else for (let n: u32 = 0; n < 16; n++) trieHashNibble(trie, n);
}

function updateStorage(account: usize, nibble: u32): void {
  const trie = <usize>load<u32>(account, ACCOUNT_STORAGE_TRIE);
  for (let slot = <usize>load<u32>(account, ACCOUNT_DIRTY_SLOTS); slot != LIST_END; slot = load<u32>(slot, STORAGE_DIRTY)) {
    if (nibble != ALL_NIBBLES && topNibble(slot + STORAGE_HASHED) != nibble) continue;
    const cell = headOf(location(<u32>slot, LOCATION_STORAGE));
    const length: u32 = cell == 0 || isZero(cell + CELL_VALUE) ? 0 : encodeStorageValue(leaf(), cell + CELL_VALUE);
    trieSet(trie, slot + STORAGE_HASHED, leaf(), length);
  }
  hash(trie, nibble);
}

function updateAccounts(nibble: u32): void {
  const trie = <usize>load<u32>(STATE_TRIE);
  for (let account = <usize>load<u32>(DIRTY_ACCOUNTS); account != LIST_END; account = load<u32>(account, ACCOUNT_DIRTY)) {
    if (nibble != ALL_NIBBLES && topNibble(account + ACCOUNT_HASHED) != nibble) continue;
    trieSet(trie, account + ACCOUNT_HASHED, leaf(), encodeLeaf(account));
  }
  hash(trie, nibble);
}

/** The account's RLP at leaf(), length 0 when it does not exist: empty (EIP-161) and without storage. */
function encodeLeaf(account: usize): u32 {
  const balanceCell = headOf(location(<u32>account, LOCATION_BALANCE));
  const nonceCell = headOf(location(<u32>account, LOCATION_NONCE));
  const codeCell = headOf(location(<u32>account, LOCATION_CODE));
  const nonce: u64 = nonceCell == 0 ? 0 : load<u64>(nonceCell, CELL_VALUE);
  const code = codeCell == 0 ? emptyCode() : <usize>load<u32>(codeCell, CELL_CODE);
  const trie = <usize>load<u32>(account, ACCOUNT_STORAGE_TRIE);
  const balance = raw();
  if (balanceCell == 0) zero(balance);
  const balanceAt = balanceCell == 0 ? balance : balanceCell + CELL_VALUE;
  const hasStorage = trie != 0 && !trieIsEmpty(trie);
  if (nonce == 0 && load<u32>(code, CODE_LENGTH) == 0 && isZero(balanceAt) && !hasStorage) return 0;
  const root = scratch + 2272;
  storageRoot(account, root);
  return encodeAccount(leaf(), nonce, balanceAt, root, code + CODE_HASH);
}

/** The root of the account's storage trie, raw; keccak256(rlp("")) when it has none. */
export function storageRoot(account: usize, dst: usize): void {
  const trie: usize = account == 0 ? 0 : load<u32>(account, ACCOUNT_STORAGE_TRIE);
  if (trie != 0) {
    trieRoot(trie, dst);
    return;
  }
  store<u8>(dst, 0x80);
  keccak256(dst, dst, 1);
}

/** Clears the lists and gives the root of the state, raw. */
export function finishRoot(dst: usize): void {
  let account = dirtyAccounts;
  while (account != LIST_END) {
    const next = load<u32>(account, ACCOUNT_DIRTY);
    store<u32>(account, 0, ACCOUNT_DIRTY);
    let slot = load<u32>(account, ACCOUNT_DIRTY_SLOTS);
    store<u32>(account, 0, ACCOUNT_DIRTY_SLOTS);
    while (slot != 0 && slot != LIST_END) {
      const following = load<u32>(slot, STORAGE_DIRTY);
      store<u32>(slot, 0, STORAGE_DIRTY);
      slot = following;
    }
    account = next;
  }
  dirtyAccounts = LIST_END;
  trieRoot(load<u32>(STATE_TRIE), dst);
}

/* REPAIR */

/**
 * Forgets all tries and marks everything changed: a thread died inside a trie. collectDirty()'s lists begin anew, so that the
 * jobs can be listed and done again.
 */
export function rebuildTries(): void {
  store<u32>(STATE_TRIE, <u32>createTrie());
  for (let account = firstAccount(); account != 0; account = nextAccount()) {
    store<u32>(account, 0, ACCOUNT_STORAGE_TRIE);
    store<u32>(account, 0, ACCOUNT_DIRTY);
    store<u32>(account, 0, ACCOUNT_DIRTY_SLOTS);
    for (let slot = <usize>load<u32>(account, ACCOUNT_SLOTS); slot != 0; slot = load<u32>(slot, STORAGE_NEXT)) {
      store<u32>(slot, 0, STORAGE_DIRTY);
    }
  }
  dirtyAccounts = LIST_END;
  dirtyCount = 0;
  for (let account = firstAccount(); account != 0; account = nextAccount()) {
    markDirty(location(<u32>account, LOCATION_BALANCE));
    for (let slot = <usize>load<u32>(account, ACCOUNT_SLOTS); slot != 0; slot = load<u32>(slot, STORAGE_NEXT)) {
      markDirty(location(<u32>slot, LOCATION_STORAGE));
    }
  }
}

/* PROOFS, on tries that are up to date */

/** Nodes from the root to the account at `address` (a word), each after its u32 length. */
export function proveAccount(address: usize, out: usize, capacity: u32): u32 {
  writeRawAddress(raw(), address);
  keccak256(leaf(), raw(), 20);
  return trieProve(load<u32>(STATE_TRIE), leaf(), out, capacity);
}

/** Likewise for one slot of an account record; no nodes when the account has no storage. */
export function proveStorage(account: usize, key: usize, out: usize, capacity: u32): u32 {
  const trie: usize = account == 0 ? 0 : load<u32>(account, ACCOUNT_STORAGE_TRIE);
  if (trie == 0) return 0;
  storeBE(raw(), key);
  keccak256(leaf(), raw(), 32);
  return trieProve(trie, leaf(), out, capacity);
}
