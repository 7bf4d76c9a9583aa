// What the host of the tracing copy may ask while a message runs (host.ts, traceStep and traceMessage) and after it: the state
// as the run sees it, the refund counter, return data. Reading changes nothing that the run could notice.

import { returnStart } from "./arena";
import { returnLength } from "./calls";
import { LOCATION_BALANCE } from "./control";
import { account, balance, code, nonce } from "./account-views";
import { refundCounter } from "./journal";
import { slot } from "./slot-views";
import {
  SLOT_CURRENT, SLOT_ORIGINAL, VIEW_BALANCE, VIEW_BALANCE_READ, VIEW_CODE_READ, VIEW_NONCE_READ,
} from "./views";
import { copy, setU64 } from "./u256";

/** Balance or nonce (LOCATION_*) as a word at `dst`: now, or as the transaction found it. */
export function seenAccount(address: usize, kind: u32, before: bool, dst: usize): void {
  const view = account(address);
  if (kind == LOCATION_BALANCE) {
    balance(view);
    copy(dst, view + (before ? VIEW_BALANCE_READ : VIEW_BALANCE));
  } else {
    const now = nonce(view);
    setU64(dst, before ? load<u64>(view, VIEW_NONCE_READ) : now);
  }
}

/** The code record of an account: now, or as the transaction found it. */
export function seenCode(address: usize, before: bool): usize {
  const view = account(address);
  const now = code(view);
  return before ? <usize>load<u32>(view, VIEW_CODE_READ) : now;
}

/** A storage slot as a word at `dst`: now, or as the transaction found it. */
export function seenStorage(address: usize, key: usize, before: bool, dst: usize): void {
  copy(dst, slot(account(address), key) + (before ? SLOT_ORIGINAL : SLOT_CURRENT));
}

/** The refund counter (EIP-3529), in gas. */
export function refundNow(): f64 {
  return <f64>refundCounter();
}

/** Where the return data of the last message lies that the running one made. */
export function returnDataStart(): usize {
  return returnStart;
}

export function returnDataLength(): u32 {
  return returnLength;
}
