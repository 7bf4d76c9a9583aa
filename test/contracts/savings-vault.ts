// Savings: what a payment makes of the price, that it is always covered, and who bears a loss.
import { expect } from "chai";
import { type AnyContract, deploy } from "../../contracts/deployment/protocol.ts";
import { model } from "../../contracts/index.ts";
import { ethers, isSimulated, networkHelpers } from "./support/network.ts";
import { below, seeded } from "./support/random.ts";
import { as, DAY, deployed, open, type Setup, units } from "./support/setup.ts";
import { storageAccess } from "./support/storage-trace.ts";

const { loadFixture, time } = networkHelpers;
const MIN_CAP = units(100_000);
const HEADROOM_BPS = 2_500n;
const GAS = { gasLimit: 3_000_000 };

type SavingsSetup = Setup & { vault: AnyContract };

/** A vault whose surplus is the deployer; everybody holds pUSD. */
async function fixture(): Promise<SavingsSetup> {
  const s = await deployed();
  const vault = await deploy(s.deployer, "SavingsVault", [
    s.accessManager.target,
    s.stablecoin.target,
    s.deployer.address,
    DAY,
    MIN_CAP,
    HEADROOM_BPS,
  ]);
  for (const who of [s.alice, s.bob, s.carol]) {
    await open(s, who, 5_000n, 200_000n);
    await as(s.stablecoin, who).approve(vault, ethers.MaxUint256);
  }
  await as(s.stablecoin, s.carol).transfer(s.deployer, units(100_000));
  await s.stablecoin.approve(vault, ethers.MaxUint256);
  return { ...s, vault };
}

async function cash({ vault }: SavingsSetup): Promise<bigint> {
  const lanes: bigint[] = await Promise.all(Array.from({ length: 32 }, (_, lane) => vault.cashOf(lane)));
  return lanes.reduce((sum, each) => sum + each, 0n);
}

/** The cash covers the shares at today's price, and at the price at the end of the vesting. */
async function expectCovered(s: SavingsSetup): Promise<void> {
  const [held, shares, { index, growth }] = await Promise.all([
    cash(s),
    s.vault.totalSupply(),
    s.vault.vesting(),
  ]);
  expect(held * model.RAY >= shares * (index + growth), "covered until the end").to.equal(true);
  for (const lane of [0, 8, 28]) {
    expect(await s.stablecoin.balanceOf(await s.vault.custodian(lane))).to.be.at.least(
      await s.vault.cashOf(lane),
    );
  }
}

describe("SavingsVault", () => {
  it("gives one share for one pUSD before there is yield, as ERC-4626 says", async () => {
    const s = await loadFixture(fixture);
    const vault = as(s.vault, s.alice);
    await expect(vault.deposit(units(1_000), s.alice))
      .to.emit(vault, "Deposit")
      .withArgs(s.alice, s.alice, units(1_000), units(1_000));
    await vault.mint(units(500), s.bob);
    expect(await vault.balanceOf(s.bob)).to.equal(units(500));
    await expect(vault.withdraw(units(100), s.carol, s.alice))
      .to.emit(vault, "Withdraw")
      .withArgs(s.alice, s.carol, s.alice, units(100), units(100));
    await expect(vault.redeem(units(1), s.alice, s.bob)).to.be.revertedWithCustomError(
      vault,
      "ERC20InsufficientAllowance",
    );
    await as(s.vault, s.bob).approve(s.alice, units(400));
    await vault.redeem(units(400), s.alice, s.bob);
    expect([await vault.totalSupply(), await vault.totalAssets(), await cash(s)]).to.deep.equal([
      units(1_000),
      units(1_000),
      units(1_000),
    ]);
    expect(await vault.asset()).to.equal(s.stablecoin.target);
    expect(await vault.maxWithdraw(s.alice)).to.equal(units(900));
    expect(await vault.maxRedeem(s.bob)).to.equal(units(100));
    expect(await vault.maxDeposit(s.bob)).to.equal(MIN_CAP - units(1_000));
    await expect(vault.deposit(0, s.alice)).to.be.revertedWithCustomError(vault, "ZeroAmount");
    await expect(vault.redeem(0, s.alice, s.alice)).to.be.revertedWithCustomError(vault, "ZeroAmount");
  });

  it("lets a payment vest linearly, per share of the cap, as the model says to the last unit", async () => {
    const s = await loadFixture(fixture);
    await as(s.vault, s.alice).deposit(units(90_000), s.alice);
    await s.vault.payYield(units(1_000));
    const cap = units(90_000) + (units(90_000) * HEADROOM_BPS) / 10_000n;
    const [index, growth, start, end] = await s.vault.vesting();
    expect(growth).to.equal(model.savingsGrowth(units(91_000), units(90_000), model.RAY, cap));
    expect([index, end - start]).to.deep.equal([model.RAY, BigInt(DAY)]);
    expect(await s.vault.maxMint(s.bob)).to.equal(cap - units(90_000));
    for (const elapsed of [1n, 40_000n, 86_399n, 86_400n, 200_000n]) {
      await time.increaseTo(start + elapsed);
      expect(await s.vault.index()).to.equal(
        model.savingsIndex({ index, growth, start, end }, start + elapsed),
      );
    }
    // What vested on room that nobody filled vests with the next payment.
    const current = await s.vault.index();
    const left = units(91_000) - (units(90_000) * current + model.RAY - 1n) / model.RAY;
    expect(left).to.be.greaterThan(units(199));
    await expect(s.vault.payYield(units(10)))
      .to.emit(s.vault, "YieldPaid")
      .withArgs(
        units(10),
        left + units(10),
        model.savingsGrowth(units(91_010), units(90_000), current, cap),
        cap,
        (v: bigint) => v > end,
      );
    await expectCovered(s);
  });

  it("gives nothing to who deposits just before a payment and leaves just after", async () => {
    const s = await loadFixture(fixture);
    await as(s.vault, s.alice).deposit(units(20_000), s.alice);
    const before = await s.stablecoin.balanceOf(s.bob);
    await as(s.vault, s.bob).deposit(units(80_000), s.bob);
    await s.vault.payYield(units(1_000));
    const index = await s.vault.index();
    expect(index).to.equal(model.RAY);
    await as(s.vault, s.bob).redeem(units(80_000), s.bob, s.bob);
    // One second of a day's vesting, on his part of the shares, is all that can be in it.
    expect((await s.stablecoin.balanceOf(s.bob)) - before).to.be.at.most(units(1_000) / BigInt(DAY));
    await expectCovered(s);
  });

  it("pays everybody in full, though savers come in while a payment vests", async () => {
    const s = await loadFixture(fixture);
    await as(s.vault, s.alice).deposit(units(80_000), s.alice);
    await s.vault.payYield(units(3_000));
    await time.increase(DAY / 2);
    const room = await s.vault.maxMint(s.bob);
    await as(s.vault, s.bob).mint(room, s.bob);
    await expect(as(s.vault, s.carol).mint(1, s.carol))
      .to.be.revertedWithCustomError(s.vault, "LanesExhausted")
      .withArgs(ethers.encodeBytes32String("share cap"), 1n, 0n);
    await time.increase(DAY);
    await expectCovered(s);
    await as(s.vault, s.bob).transfer(s.carol, room / 3n);
    for (const who of [s.alice, s.bob, s.carol]) {
      await as(s.vault, who).redeem(await s.vault.balanceOf(who), who, who);
    }
    expect(await s.vault.totalSupply()).to.equal(0n);
    expect(await cash(s), "what vested on unfilled room stays").to.be.greaterThan(0n);
    await s.vault.payYield(0);
    await as(s.vault, s.alice).deposit(units(1_000), s.alice);
    await expectCovered(s);
  });

  it("stays covered over 80 random operations, and no round trip profits", async () => {
    const s = await loadFixture(fixture);
    const random = seeded(4_626);
    const people = [s.alice, s.bob, s.carol];
    for (let i = 0; i < 80; i++) {
      const who = people[Number(below(random, 3n))] ?? s.alice;
      const vault = as(s.vault, who);
      const kind = random();
      if (kind < 0.4) {
        const limit = await s.vault.maxDeposit(who);
        const amount = 1n + below(random, 10n ** (3n + below(random, 20n)));
        if (amount <= limit && amount <= (await s.stablecoin.balanceOf(who))) {
          if ((await s.vault.previewDeposit(amount)) > 0n) await vault.deposit(amount, who);
        }
      } else if (kind < 0.75) {
        const shares = await s.vault.balanceOf(who);
        if (shares > 0n) {
          const part = 1n + below(random, shares);
          if ((await s.vault.previewRedeem(part)) > 0n) await vault.redeem(part, who, who);
        }
      } else if (kind < 0.9) {
        await time.increase(Number(below(random, BigInt(DAY))));
      } else {
        if ((await time.latest()) < (await s.vault.nextPaymentAt())) await time.increase(DAY);
        await s.vault.payYield(below(random, units(100)));
      }
      if (i % 5 === 0) await expectCovered(s);
    }
    await expectCovered(s);
    const shares = await s.vault.previewDeposit(12_345n);
    expect(await s.vault.previewRedeem(shares)).to.be.at.most(12_345n);
    expect(await s.vault.previewMint(77n)).to.be.at.least(await s.vault.previewRedeem(77n));
    expect(await s.vault.previewWithdraw(77n)).to.be.at.least(await s.vault.previewDeposit(77n));
  });

  it("is moved by no donation", async () => {
    const s = await loadFixture(fixture);
    await as(s.vault, s.alice).deposit(1n, s.alice);
    for (const target of [s.vault.target, await s.vault.custodian(8)]) {
      await as(s.stablecoin, s.alice).transfer(target, units(50_000));
    }
    expect(await s.vault.index()).to.equal(model.RAY);
    await as(s.vault, s.bob).deposit(units(10), s.bob);
    expect(await s.vault.balanceOf(s.bob)).to.equal(units(10));
    await s.vault.payYield(0);
    await time.increase(DAY);
    expect(await s.vault.index()).to.equal(model.RAY);
  });

  it("bears a loss by unvested yield first, then by the price, until it is closed", async () => {
    const s = await loadFixture(fixture);
    await as(s.vault, s.alice).deposit(units(80_000), s.alice);
    await s.vault.payYield(units(1_000));
    const before = await s.stablecoin.balanceOf(s.deployer);
    await s.vault.absorbLoss(units(900));
    expect((await s.stablecoin.balanceOf(s.deployer)) - before).to.equal(units(900));
    expect(await s.vault.index(), "savers keep what vested").to.be.at.least(model.RAY);
    await expectCovered(s);
    await s.vault.absorbLoss(units(8_100));
    expect(await s.vault.index()).to.equal((units(72_000) * model.RAY) / units(80_000));
    await time.increase(2 * DAY);
    expect(await s.vault.index(), "nothing is left to vest").to.equal((9n * model.RAY) / 10n);
    await expectCovered(s);
    await as(s.vault, s.bob).deposit(units(9_000), s.bob);
    expect(await s.vault.balanceOf(s.bob)).to.equal(units(10_000));
    expect(await s.vault.absorbLoss.staticCall(units(100_000))).to.equal(units(81_000));
    await s.vault.absorbLoss(units(100_000));
    expect([await s.vault.index(), await cash(s)]).to.deep.equal([0n, 0n]);
    await expect(as(s.vault, s.bob).deposit(units(1), s.bob)).to.be.revertedWithCustomError(
      s.vault,
      "Closed",
    );
    await expect(s.vault.payYield(units(1))).to.be.revertedWithCustomError(s.vault, "Closed");
    expect(await s.vault.maxDeposit(s.bob)).to.equal(0n);
  });

  it("takes payments from the surplus alone, one at a time, and a cap from governance", async () => {
    const s = await loadFixture(fixture);
    const vault = as(s.vault, s.bob);
    await expect(vault.payYield(1)).to.be.revertedWithCustomError(vault, "NotTheSurplus");
    await expect(vault.absorbLoss(1)).to.be.revertedWithCustomError(vault, "NotTheSurplus");
    await expect(vault.setShareCap(units(1), 0)).to.be.revertedWithCustomError(
      vault,
      "AccessManagedUnauthorized",
    );
    await s.vault.payYield(1);
    await expect(s.vault.payYield(1)).to.be.revertedWithCustomError(vault, "StillVesting");
    await expect(s.vault.setShareCap(units(1) - 1n, 0)).to.be.revertedWithCustomError(
      vault,
      "InvalidShareCap",
    );
    await expect(s.vault.setShareCap(units(1), 1_000_001)).to.be.revertedWithCustomError(
      vault,
      "InvalidShareCap",
    );
    await s.vault.setShareCap(units(5), 0);
    expect(await s.vault.maxMint(s.bob), "from the next payment on").to.equal(MIN_CAP);
    await time.increase(DAY);
    await s.vault.payYield(1);
    expect(await s.vault.maxMint(s.bob)).to.equal(units(5));
  });

  it("has savers of two lanes share no slot", async function () {
    if (!isSimulated) this.skip();
    const s = await loadFixture(fixture);
    for (const who of [s.alice, s.bob]) await as(s.vault, who).deposit(units(100), who);
    await s.vault.payYield(units(10));
    const operations = {
      deposit: (who: typeof s.alice) => as(s.vault, who).deposit(units(10), who, GAS),
      redeem: (who: typeof s.alice) => as(s.vault, who).redeem(units(5), who, who, GAS),
    };
    for (const first of Object.values(operations)) {
      for (const second of Object.values(operations)) {
        const a = await storageAccess((await first(s.alice)).hash, String(s.vault.target));
        const b = await storageAccess((await second(s.bob)).hash, String(s.vault.target));
        expect(a.changed.size).to.be.greaterThan(4);
        expect([...a.changed].filter((key) => b.read.has(key))).to.deep.equal([]);
        expect([...b.changed].filter((key) => a.read.has(key))).to.deep.equal([]);
      }
    }
  });
});
