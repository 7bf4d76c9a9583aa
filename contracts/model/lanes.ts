// Lanes and the escrow of a cap over them: the exact model of contracts/src/libraries/{Lanes,LaneEscrow}.sol.
import { ceilDiv, min, mulDivUp, WAD } from "./fixed-point.ts";

export const LANES = 32;

const NEAR_DONORS = 8;

/** The lane of an account, in [0, 32): the low five bits of its address. */
export function laneOf(owner: string): number {
  return Number(BigInt(owner) & BigInt(LANES - 1));
}

/** A cap split over lanes: sum(used) + sum(free) = cap + overhang, and overhang > 0 implies that nothing is free. */
export class LaneEscrow {
  readonly used: bigint[] = new Array(LANES).fill(0n);
  readonly free: bigint[] = new Array(LANES).fill(0n);
  cap = 0n;
  overhang = 0n;

  /** Uses `amount` in `lane`. Throws a RangeError where all lanes together cannot honour it. */
  take(lane: number, amount: bigint): void {
    const available = sum(this.free);
    if (available < amount) throw new RangeError(`cap exceeded: ${amount} requested, ${available} available`);
    if (this.#free(lane) < amount) this.#gather(lane, amount);
    this.free[lane] = this.#free(lane) - amount;
    this.used[lane] = (this.used[lane] ?? 0n) + amount;
  }

  /** Gives back `amount` that `lane` used. */
  release(lane: number, amount: bigint): void {
    const paid = min(this.overhang, amount);
    this.overhang -= paid;
    this.used[lane] = (this.used[lane] ?? 0n) - amount;
    this.free[lane] = this.#free(lane) + amount - paid;
  }

  raise(amount: bigint): void {
    this.cap += amount;
    const paid = min(this.overhang, amount);
    this.overhang -= paid;
    const rest = amount - paid;
    const count = BigInt(LANES);
    for (let lane = 0; lane < LANES; lane++) {
      this.free[lane] = this.#free(lane) + rest / count + (BigInt(lane) < rest % count ? 1n : 0n);
    }
  }

  /** Throws a RangeError where the cap is less than `amount`. */
  cut(amount: bigint): void {
    if (amount > this.cap) throw new RangeError(`the cap is ${this.cap}, it cannot be cut by ${amount}`);
    this.cap -= amount;
    const total = sum(this.free);
    if (total <= amount) {
      this.free.fill(0n);
      this.overhang += amount - total;
    } else {
      this.#drain(amount, total);
    }
  }

  /** Levels what is free. */
  rebalance(): void {
    this.free.splice(0, LANES, ...levelled(this.free));
  }

  /** The part of what is free that lies above level, wad, rounded down. */
  imbalance(): bigint {
    return imbalanceOf(this.free);
  }

  #free(lane: number): bigint {
    return this.free[lane] ?? 0n;
  }

  #gather(lane: number, amount: bigint): void {
    let gathered = this.#free(lane);
    for (let step = 1; step <= NEAR_DONORS && gathered < amount; step++) {
      const donor = (lane + step) % LANES;
      const half = ceilDiv(this.#free(donor), 2n);
      this.free[donor] = this.#free(donor) - half;
      gathered += half;
    }
    if (gathered < amount) {
      this.free[lane] = 0n;
      this.#drain(amount - gathered, sum(this.free));
      gathered = amount;
    }
    this.free[lane] = gathered;
  }

  #drain(amount: bigint, total: bigint): void {
    let missing = amount;
    for (let lane = 0; lane < LANES && missing > 0n; lane++) {
      const given = min(mulDivUp(this.#free(lane), amount, total), missing);
      this.free[lane] = this.#free(lane) - given;
      missing -= given;
    }
  }
}

/** The same total, even over the lanes, the remainder one each to the first. */
export function levelled(parts: readonly bigint[]): bigint[] {
  const total = sum(parts);
  const count = BigInt(LANES);
  return parts.map((_, lane) => total / count + (BigInt(lane) < total % count ? 1n : 0n));
}

/** The part of `parts` that would have to move to level them, wad, rounded down. */
export function imbalanceOf(parts: readonly bigint[]): bigint {
  const total = sum(parts);
  if (total === 0n) return 0n;
  const levels = levelled(parts);
  return (sum(parts.map((part, lane) => part - min(part, levels[lane] ?? 0n))) * WAD) / total;
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
