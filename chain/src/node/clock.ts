// The chain's time: the computer's plus an offset, or as a developer sets it. Seconds throughout. It must not know
// blocks beyond the time of the newest.

import { ChainError } from "./errors.ts";

/** What a snapshot keeps of the clock. */
export interface ClockState {
  /** The chain's time when it was taken. */
  now: bigint;
  next: bigint | null;
  interval: bigint | null;
}

/** What goes on when the process ends and another takes the chain up: the computer's clock runs meanwhile. */
export interface ClockSetting {
  /** Seconds ahead of the computer's clock. */
  offset: bigint;
  next: bigint | null;
  interval: bigint | null;
}

export class Clock {
  #offset = 0n;
  #next: bigint | null = null;
  #interval: bigint | null = null;
  readonly #wall: () => bigint;

  constructor(wall: () => bigint = () => BigInt(Math.floor(Date.now() / 1_000))) {
    this.#wall = wall;
  }

  get offset(): bigint {
    return this.#offset;
  }

  get setting(): ClockSetting {
    return { offset: this.#offset, next: this.#next, interval: this.#interval };
  }

  set setting({ offset, next, interval }: ClockSetting) {
    this.#offset = offset;
    this.#next = next;
    this.#interval = interval;
  }

  now(): bigint {
    return this.#wall() + this.#offset;
  }

  setNow(timestamp: bigint): void {
    this.#offset = timestamp - this.#wall();
  }

  /** The time a block on top of `parent` would have; changes nothing. */
  peek(parent: bigint): bigint {
    if (this.#next !== null && this.#next > parent) return this.#next;
    if (this.#interval !== null) return parent + this.#interval;
    const now = this.now();
    return now > parent ? now : parent + 1n;
  }

  /** A block with this time was made: one-time wishes are over, and the clock does not fall behind the chain. */
  advance(timestamp: bigint): void {
    const asked = this.#next !== null;
    this.#next = null;
    if (asked || timestamp > this.now()) this.setNow(timestamp);
  }

  increase(seconds: bigint): bigint {
    if (seconds < 0n)
      throw new ChainError("invalid-input", "time cannot go back: increase it by 0 seconds or more");
    this.#offset += seconds;
    return this.#offset;
  }

  /** `parent` is the newest block's time. */
  setNext(timestamp: bigint, parent: bigint): void {
    if (timestamp <= parent) {
      throw new ChainError(
        "invalid-input",
        `Timestamp ${timestamp} is lower than or equal to previous block's timestamp ${parent}`,
      );
    }
    this.#next = timestamp;
  }

  /** Gives the new offset. */
  setTime(timestamp: bigint, parent: bigint): bigint {
    if (timestamp < parent) {
      throw new ChainError(
        "invalid-input",
        `Timestamp ${timestamp} is lower than previous block's timestamp ${parent}`,
      );
    }
    this.#next = null;
    this.setNow(timestamp);
    return this.#offset;
  }

  /** True when there was one before. */
  setInterval(seconds: bigint | null): boolean {
    if (seconds !== null && seconds <= 0n) {
      throw new ChainError("invalid-input", "the block timestamp interval must be at least 1 second");
    }
    const before = this.#interval !== null;
    this.#interval = seconds;
    return before;
  }

  snapshot(): ClockState {
    return { now: this.now(), next: this.#next, interval: this.#interval };
  }

  /** The chain's time goes on from the snapshot's. */
  restore(state: ClockState): void {
    this.setNow(state.now);
    this.#next = state.next;
    this.#interval = state.interval;
  }
}
