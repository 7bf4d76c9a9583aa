// A quantity split over lanes that is put into one and taken from another, refilled each period or never: the exact model
// of contracts/src/libraries/LaneStock.sol.
import { ceilDiv, min, mulDivUp } from "./fixed-point.ts";
import { LANES } from "./lanes.ts";

export class LaneStock {
  readonly lanes: bigint[] = new Array(LANES).fill(0n);

  get total(): bigint {
    return this.lanes.reduce((sum, free) => sum + free, 0n);
  }

  /** Spreads `total` evenly in place of what there is; a remainder goes to the first lanes. */
  level(total: bigint): void {
    const count = BigInt(LANES);
    for (let lane = 0; lane < LANES; lane++) {
      this.lanes[lane] = total / count + (BigInt(lane) < total % count ? 1n : 0n);
    }
  }

  put(lane: number, amount: bigint): void {
    this.lanes[lane] = this.#free(lane) + amount;
  }

  /** Throws a RangeError where all lanes together have less than `amount`. */
  take(lane: number, amount: bigint): void {
    if (amount > this.total)
      throw new RangeError(`${amount} requested, all lanes together have ${this.total}`);
    const own = this.#free(lane);
    let gathered = own;
    for (let step = 1; step <= 8 && gathered < amount; step++) {
      gathered += this.#give((lane + step) % LANES, (free) => ceilDiv(free, 2n));
    }
    const missing = amount - gathered;
    if (missing > 0n) {
      const elsewhere = this.total - own;
      for (let step = 1; step < LANES && gathered < amount; step++) {
        gathered += this.#give((lane + step) % LANES, (free) =>
          min(mulDivUp(free, missing, elsewhere), amount - gathered),
        );
      }
    }
    this.lanes[lane] = gathered - amount;
  }

  #give(donor: number, part: (free: bigint) => bigint): bigint {
    const given = part(this.#free(donor));
    this.lanes[donor] = this.#free(donor) - given;
    return given;
  }

  #free(lane: number): bigint {
    return this.lanes[lane] ?? 0n;
  }
}
