// A pool's cash in lanes, which take from each other: the exact model of contracts/src/pool/LaneCash.sol.
import { min, mulDivUp } from "./fixed-point.ts";
import { imbalanceOf, LANES, levelled } from "./lanes.ts";

const NEAR_DONORS = 8;

type Transfer = { from: number; to: number; amount: bigint };

export class LaneCash {
  readonly lanes: bigint[] = new Array(LANES).fill(0n);

  total(): bigint {
    return this.lanes.reduce((sum, cash) => sum + cash, 0n);
  }

  add(lane: number, amount: bigint): void {
    this.lanes[lane] = this.#cash(lane) + amount;
  }

  /** Pays `amount` from `lane`. Throws a RangeError where all lanes together cannot. */
  pay(lane: number, amount: bigint): void {
    const available = this.total();
    if (available < amount) throw new RangeError(`${amount} requested, ${available} in cash`);
    let gathered = this.#cash(lane);
    for (let step = 1; step <= NEAR_DONORS && gathered < amount; step++) {
      const donor = (lane + step) % LANES;
      const half = (this.#cash(donor) + 1n) / 2n;
      this.add(donor, -half);
      gathered += half;
    }
    if (gathered < amount) {
      const elsewhere = this.total() - this.#cash(lane);
      const wanted = amount - gathered;
      let missing = wanted;
      for (let donor = 0; donor < LANES && missing > 0n; donor++) {
        if (donor === lane) continue;
        const given = min(mulDivUp(this.#cash(donor), wanted, elsewhere), missing);
        this.add(donor, -given);
        missing -= given;
      }
      gathered = amount;
    }
    this.lanes[lane] = gathered - amount;
  }

  /** Levels the cash. Returns the transfers between custodians in order, which are fewer than the lanes that change. */
  rebalance(): Transfer[] {
    const levels = levelled(this.lanes);
    const transfers: Transfer[] = [];
    let to = 0;
    for (let from = 0; from < LANES; from++) {
      while (this.#cash(from) > (levels[from] ?? 0n)) {
        const missing = (levels[to] ?? 0n) - this.#cash(to);
        if (missing <= 0n) {
          to++;
          continue;
        }
        const amount = min(missing, this.#cash(from) - (levels[from] ?? 0n));
        this.add(from, -amount);
        this.add(to, amount);
        transfers.push({ from, to, amount });
      }
    }
    return transfers;
  }

  /** The part of the cash that lies above level, wad, rounded down. */
  imbalance(): bigint {
    return imbalanceOf(this.lanes);
  }

  #cash(lane: number): bigint {
    return this.lanes[lane] ?? 0n;
  }
}
