// Attacks from within a liquidation's callback, when the collateral is out and the repayment is not in yet.
import { expect } from "chai";
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { deployHarness } from "../support/harness.ts";
import { ethers, networkHelpers } from "../support/network.ts";
import { busyPool } from "../support/pool.ts";
import { as, DAY, dropNav, NAV, NETHERLANDS, TIERS, units } from "../support/setup.ts";
import { type Surrounded, surrounded } from "../support/surroundings.ts";
import { wealthOf } from "../support/wealth.ts";

const { loadFixture, time } = networkHelpers;

type Call = { target: unknown; data: string };
type Outcome = { succeeded: boolean; returned: string };

function call(target: AnyContract, method: string, args: readonly unknown[] = []): Call {
  return { target: target.target, data: target.interface.encodeFunctionData(method, args) };
}

/** An attacker on record as a liquidator of `s.market`, with `funds` of pUSD to repay with. */
async function attackerOf(
  s: Pick<Surrounded, "market" | "registry" | "stablecoin">,
  funds: bigint,
  from: Surrounded["carol"],
): Promise<AnyContract> {
  const attacker = await deployHarness("CallbackAttacker", s.market);
  await s.registry.setPerson(attacker, TIERS.liquidator, NETHERLANDS, (await time.latest()) + 60 * DAY);
  await as(s.stablecoin, from).transfer(attacker, funds);
  return attacker;
}

async function outcomesOf(attacker: AnyContract): Promise<Outcome[]> {
  const [succeeded, returned] = await attacker.outcomes();
  return [...succeeded].map((ok: boolean, i: number) => ({ succeeded: ok, returned: returned[i] }));
}

/** The name of the custom error that `returned` carries. */
function errorIn(contract: AnyContract, { returned }: Outcome): string | undefined {
  return contract.interface.parseError(returned)?.name;
}

/** Savers and a backstop with capital, a small surplus, and Alice unhealthy but for no loss. */
async function unhealthy(): Promise<Surrounded> {
  const s = await surrounded();
  await as(s.savings, s.bob).deposit(units(60_000), s.bob);
  await as(s.backstop, s.bob).deposit(units(20_000), s.bob);
  await s.market.checkpoint();
  await dropNav(s.oracle, (NAV * 90n) / 100n);
  await time.increase(60);
  return s;
}

describe("Attack: read-only re-entrancy", () => {
  it("a loss that is none is covered while a repayment is under way: savers and backstop lose nothing", async () => {
    const s = await loadFixture(unhealthy);
    const attacker = await attackerOf(s, units(145_000), s.carol);
    await s.market.checkpoint();
    expect(await s.facility.shortfall()).to.equal(0n);
    const before = [await s.savings.totalAssets(), await s.backstop.totalAssets()];
    const own = await wealthOf(s, [attacker], { nav: (NAV * 90n) / 100n });

    await attacker.attack(s.alice, ethers.MaxUint256, [call(s.surplus, "coverLoss", [s.facility.target])]);
    expect((await s.market.queryFilter("Liquidated")).length, "the liquidation itself passes").to.equal(1);
    expect([await s.savings.totalAssets(), await s.backstop.totalAssets()]).to.deep.equal(before);
    const [covered] = await outcomesOf(attacker);
    expect(covered?.succeeded).to.equal(false);
    // What the attacker has gained is the bonus of any liquidation: at most 4% of what he repaid.
    const gained = (await wealthOf(s, [attacker], { nav: (NAV * 90n) / 100n })) - own;
    expect(gained).to.be.lessThan(units(145_000) / 25n);
    await s.market.checkpoint();
    expect(await s.facility.shortfall()).to.equal(0n);
  });

  it("no state of the market changes in a callback, and no total that is half done can be read", async () => {
    const s = await loadFixture(unhealthy);
    const attacker = await attackerOf(s, units(145_000), s.carol);
    await attacker.attack(s.alice, ethers.MaxUint256, [
      call(s.market, "checkpoint"),
      call(s.market, "repay", [s.alice.address, 0, units(1)]),
      call(s.market, "addCollateral", [s.alice.address, 0, units(1)]),
      call(s.market, "impair", [s.bob.address, 0]),
      call(s.market, "liquidate", [s.alice.address, 0, units(1), 0, attacker.target, "0x"]),
      call(s.market, "totalDebt"),
      call(s.facility, "shortfall"),
    ]);
    for (const outcome of await outcomesOf(attacker)) {
      expect(outcome.succeeded).to.equal(false);
      expect(errorIn(s.market, outcome)).to.equal("ReentrancyGuardReentrantCall");
    }
  });

  it("a pool's prices and withdrawals are the same in the middle of a liquidation as before it", async () => {
    const s = await loadFixture(busyPool);
    await dropNav(s.oracle, (NAV * 65n) / 100n);
    await time.increase(60);
    const attacker = await attackerOf(s, units(70_000), s.alice);
    const shares = await s.pool.balanceOf(s.dora);
    const worth = await s.pool.previewRedeem(shares);
    await attacker.attack(s.alice, ethers.MaxUint256, [
      call(s.pool, "prices"),
      call(s.pool, "totalAssets"),
      call(s.pool, "previewRedeem", [shares]),
      call(s.pool, "previewDeposit", [units(1)]),
    ]);
    const [prices, total, redeem, deposit] = await outcomesOf(attacker);
    expect((await s.market.queryFilter("Liquidated")).length).to.equal(1);
    const [issue, redemption] = await s.pool.prices();
    const decoded = s.pool.interface.decodeFunctionResult("prices", prices?.returned ?? "0x");
    expect([...decoded]).to.deep.equal([issue, redemption]);
    expect(total?.succeeded, "assets are not told while a repayment is under way").to.equal(false);
    expect(BigInt(redeem?.returned ?? 0)).to.equal(worth);
    expect(BigInt(deposit?.returned ?? 0)).to.equal(await s.pool.previewDeposit(units(1)));
  });
});
