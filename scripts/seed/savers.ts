// Who keeps pUSD in the seed: savers, those who stand behind the protocol with first-loss capital, and those who change it
// back to dollars. Knows no market.
import { MaxUint256 } from "ethers";
import type { AnyContract } from "../../contracts/deployment/contract.ts";
import type { Intent } from "../lib/together.ts";
import type { People } from "./people.ts";
import type { World } from "./world.ts";

type Saver = { account: number; day: number; usd: bigint; into: "savings" | "backstop" | "peg" };

const WAD = 10n ** 18n;
/** Below the accounts of borrowers and lenders. */
const SAVERS: readonly Saver[] = [
  { account: 60, day: 3, usd: 250_000n, into: "savings" },
  { account: 61, day: 5, usd: 12_000n, into: "savings" },
  { account: 62, day: 9, usd: 800n, into: "savings" },
  { account: 63, day: 16, usd: 90_000n, into: "savings" },
  { account: 64, day: 24, usd: 45_000n, into: "savings" },
  { account: 65, day: 41, usd: 2_500n, into: "savings" },
  { account: 66, day: 8, usd: 300_000n, into: "backstop" },
  { account: 67, day: 30, usd: 120_000n, into: "backstop" },
  { account: 68, day: 13, usd: 60_000n, into: "peg" },
  { account: 69, day: 35, usd: 150_000n, into: "peg" },
  { account: 70, day: 71, usd: 20_000n, into: "peg" },
];
/** A fund that saves as much as the vault takes in after each of its weekly payments, up to `most`. */
const FUND = { account: 71, most: 15_000_000n };
/** A saver who takes a part out again. */
const LEAVES = { account: 60, day: 66, usd: 80_000n };

export class Savers {
  readonly #world: World;
  readonly #people: People;

  constructor(world: World, people: People) {
    this.#world = world;
    this.#people = people;
  }

  get accounts(): number[] {
    return [FUND.account, ...SAVERS.map(({ account }) => account)];
  }

  /** What savers do on `day`. */
  async act(day: number, at: number): Promise<void> {
    const { stablecoin, savings } = this.#world.protocol;
    const today = SAVERS.filter((saver) => saver.day === day);
    const target = ({ into }: Saver): AnyContract => this.#world.protocol[into];
    await this.#world.mine("savers are paid", at, [
      ...today.map(({ account, usd }) => this.#people.pay(this.#address(account), usd)),
      ...today.map((saver) =>
        this.#world.intent(saver.account, stablecoin, "approve", [target(saver).target, MaxUint256]),
      ),
    ]);
    const moves = today.map((saver): Intent => {
      const address = this.#address(saver.account);
      const value = saver.usd * WAD;
      return saver.into === "peg"
        ? this.#world.intent(saver.account, target(saver), "swapOut", [value, 0, address])
        : this.#world.intent(saver.account, target(saver), "deposit", [value, address]);
    });
    if (day === LEAVES.day) {
      const address = this.#address(LEAVES.account);
      moves.push(
        this.#world.intent(LEAVES.account, savings, "withdraw", [LEAVES.usd * WAD, address, address]),
      );
    }
    await this.#world.attempt(
      at + 60,
      moves.map((intent) => ({ intent })),
    );
    if (day > 7 && day % 7 === 1) await this.#fund(at + 120);
  }

  async #fund(at: number): Promise<void> {
    const { stablecoin, savings } = this.#world.protocol;
    const address = this.#address(FUND.account);
    const room = ((await savings.maxDeposit(address)) as bigint) / WAD;
    const held = ((await savings.convertToAssets(await savings.balanceOf(address))) as bigint) / WAD;
    const usd = min((room * 9n) / 10n, FUND.most - held);
    if (usd < 1_000n) return;
    await this.#world.mine("the fund is paid", at, [
      this.#people.pay(address, usd),
      this.#world.intent(FUND.account, stablecoin, "approve", [savings.target, usd * WAD]),
    ]);
    const deposit = this.#world.intent(FUND.account, savings, "deposit", [usd * WAD, address]);
    await this.#world.mine("the fund saves", at + 60, [deposit]);
  }

  #address(account: number): string {
    return this.#world.wallet(account).address;
  }
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
