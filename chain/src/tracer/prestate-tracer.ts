// geth's prestateTracer: the accounts and slots that an execution touches, as it found them; with diffMode, what it changed,
// before and after. It only listens; it must not know blocks or JSON-RPC.

import type { Address, Hash, Hex, TraceMessageBegin, TraceState, TraceStep } from "../engine/types.ts";
import type { Tracer, TraceSubject } from "../node/types.ts";
import { bigintToWord, bytesToHex, ZERO_HASH } from "../protocol/bytes.ts";
import type { TraceBudget } from "./budget.ts";
import { BALANCE, EXTCODECOPY, EXTCODEHASH, EXTCODESIZE, SELFDESTRUCT, SLOAD, SSTORE } from "./opcodes.ts";
import { addressOf } from "./words.ts";

export interface PrestateTracerOptions {
  diffMode?: boolean;
  disableCode?: boolean;
  disableStorage?: boolean;
  /** Shows accounts that did not exist before, too. */
  includeEmpty?: boolean;
}

export interface AccountState {
  balance?: Hex;
  /** Absent where it is zero. */
  nonce?: number;
  code?: Hex;
  storage?: Record<Hash, Hash>;
}

export type Prestate = Record<Address, AccountState>;
export type StateDifference = { pre: Prestate; post: Prestate };

/** Characters of an account's fixed part, and of a slot. */
const ACCOUNT = 150;
const SLOT = 138;
/** EIP-7702's designation: 0xef0100 and the delegate. */
const DESIGNATION = /^0xef0100([0-9a-f]{40})$/;
const NAMES_ACCOUNT: ReadonlySet<number> = new Set([
  BALANCE,
  EXTCODESIZE,
  EXTCODECOPY,
  EXTCODEHASH,
  SELFDESTRUCT,
]);

/** An account before or after, with every slot that was touched. */
interface Snapshot {
  balance: bigint;
  nonce: bigint;
  code: Hex;
  storage: Map<Hash, Hash>;
}

export class PrestateTracer implements Tracer<Prestate | StateDifference> {
  readonly #options: PrestateTracerOptions;
  readonly #budget: TraceBudget;
  /** Accounts that were touched, with their slots that were. */
  readonly #touched = new Map<Address, Set<Hash>>();
  #result: Prestate | StateDifference = {};

  constructor(
    options: PrestateTracerOptions,
    { from, coinbase, authorities }: TraceSubject,
    budget: TraceBudget,
  ) {
    this.#options = options;
    this.#budget = budget;
    for (const address of [from, coinbase, ...authorities]) this.#touch(address);
  }

  onStep(step: TraceStep): void {
    const { opcode, stackHeight } = step;
    if (stackHeight === 0) return;
    if (opcode === SLOAD || opcode === SSTORE) this.#touch(step.self).add(bigintToWord(step.peek(0)));
    else if (NAMES_ACCOUNT.has(opcode)) this.#touch(addressOf(step.peek(0)));
  }

  onMessageBegin({ to }: TraceMessageBegin, state: TraceState): void {
    this.#touch(to);
    const delegate = DESIGNATION.exec(bytesToHex(state.getCode(to)))?.[1];
    if (delegate) this.#touch(`0x${delegate}`);
  }

  onEnd(state: TraceState): void {
    const { diffMode, includeEmpty } = this.#options;
    const pre: Prestate = {};
    const post: Prestate = {};
    for (const [address, slots] of this.#touched) {
      const before = snapshot(state, address, slots, true);
      if (diffMode) {
        const after = snapshot(state, address, slots, false);
        const changes = this.#changes(before, after);
        if (!changes) continue;
        if (includeEmpty || !isEmpty(before))
          pre[address] = this.#show(before, (slot, value) => {
            return value !== ZERO_HASH && value !== after.storage.get(slot);
          });
        // An account that is empty afterwards is gone (EIP-161, 6780).
        if (!isEmpty(after)) post[address] = changes;
      } else if (includeEmpty || !isEmpty(before)) {
        pre[address] = this.#show(before, () => true);
      }
    }
    this.#result = diffMode ? { pre, post } : pre;
  }

  result(): Prestate | StateDifference {
    return this.#result;
  }

  #touch(address: Address): Set<Hash> {
    let slots = this.#touched.get(address);
    if (!slots) {
      slots = new Set();
      this.#touched.set(address, slots);
    }
    return slots;
  }

  #show(
    { balance, nonce, code, storage }: Snapshot,
    wanted: (slot: Hash, value: Hash) => boolean,
  ): AccountState {
    const { disableCode, disableStorage } = this.#options;
    const slots = disableStorage ? [] : [...storage].filter(([slot, value]) => wanted(slot, value));
    this.#budget.spend(ACCOUNT + code.length + SLOT * slots.length);
    return {
      balance: `0x${balance.toString(16)}`,
      ...(nonce === 0n ? {} : { nonce: Number(nonce) }),
      ...(code === "0x" || disableCode ? {} : { code }),
      ...(slots.length === 0 ? {} : { storage: Object.fromEntries(slots) }),
    };
  }

  /** What differs, as it is afterwards; slots that became zero are left out. null where nothing differs. */
  #changes(before: Snapshot, after: Snapshot): AccountState | null {
    const { disableCode, disableStorage } = this.#options;
    const slots = disableStorage
      ? []
      : [...after.storage].filter(([slot, value]) => value !== before.storage.get(slot));
    const kept = slots.filter(([, value]) => value !== ZERO_HASH);
    const balance = after.balance !== before.balance;
    const nonce = after.nonce !== before.nonce;
    const code = after.code !== before.code;
    if (!(balance || nonce || code || slots.length > 0)) return null;
    this.#budget.spend(ACCOUNT + after.code.length + SLOT * kept.length);
    return {
      ...(balance ? { balance: `0x${after.balance.toString(16)}` as Hex } : {}),
      ...(nonce && after.nonce !== 0n ? { nonce: Number(after.nonce) } : {}),
      ...(code && !disableCode ? { code: after.code } : {}),
      ...(kept.length > 0 ? { storage: Object.fromEntries(kept) } : {}),
    };
  }
}

function snapshot(state: TraceState, address: Address, slots: ReadonlySet<Hash>, before: boolean): Snapshot {
  return {
    balance: state.getBalance(address, before),
    nonce: state.getNonce(address, before),
    code: bytesToHex(state.getCode(address, before)),
    storage: new Map([...slots].map((slot) => [slot, state.getStorage(address, slot, before)])),
  };
}

function isEmpty({ balance, nonce, code }: Snapshot): boolean {
  return balance === 0n && nonce === 0n && code === "0x";
}
