// Supplying a lenders' pool: shares at the issue price, lanes, the supply cap, rounding.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import {
  addPool,
  busyPool,
  cashOf,
  deployedWithPool,
  expectSound,
  priceOf,
  SUPPLY_CAP,
} from "./support/pool.ts";
import { addressInLane, as, DAY, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

describe("LendingPool.deposit and mint", () => {
  it("gives shares to the receiver and keeps the cash in his lane", async () => {
    const s = await loadFixture(deployedWithPool);
    const receiver = addressInLane(21);
    await expect(as(s.pool, s.dora).deposit(units(1_000), receiver))
      .to.emit(s.pool, "Deposit")
      .withArgs(s.dora, receiver, units(1_000), units(1_000));
    expect(await s.pool.balanceOf(receiver)).to.equal(units(1_000));
    expect(await s.stablecoin.balanceOf(s.dora)).to.equal(units(149_000));
    const [cash, shares, free] = await s.pool.laneOf(21);
    expect([cash, shares, free]).to.deep.equal([units(1_000), units(1_000), units(99_000)]);
    expect((await cashOf(s)).filter((amount) => amount > 0n)).to.have.length(1);
    expect(await s.pool.totalSupply()).to.equal(units(1_000));
    expect(await s.pool.totalAssets()).to.equal(units(1_000));
  });

  it("is at the issue price, vested or not, rounded for the pool", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(30 * DAY);
    await s.market.checkpoint();
    const price = await priceOf(s);
    expect(price.unvested).to.be.greaterThan(0n);
    for (const assets of [1n, 7n, units(3) + 1n]) {
      const shares = model.sharesForDeposit(price, assets);
      if (shares === 0n) {
        await expect(as(s.pool, s.frits).deposit(assets, s.frits)).to.be.revertedWithCustomError(
          s.pool,
          "ZeroAmount",
        );
        continue;
      }
      expect(await s.pool.previewDeposit(assets)).to.equal(shares);
      const before = await s.pool.balanceOf(s.frits);
      await as(s.pool, s.frits).deposit(assets, s.frits);
      expect((await s.pool.balanceOf(s.frits)) - before).to.equal(shares);
    }
    const shares = units(5) + 3n;
    const cost = (shares * model.issuePrice(price) + model.RAY - 1n) / model.RAY;
    expect(await s.pool.previewMint(shares)).to.equal(cost);
    await expect(as(s.pool, s.frits).mint(shares, s.frits))
      .to.emit(s.pool, "Deposit")
      .withArgs(s.frits, s.frits, cost, shares);
    await expectSound(s);
  });

  it("is never refused while the supply cap has room anywhere, and never above it", async () => {
    const s = await loadFixture(deployedWithPool);
    // A lane's part is 100,000: these take from neighbours.
    await as(s.pool, s.dora).deposit(units(150_000), s.dora);
    await as(s.pool, s.emil).deposit(units(150_000), s.dora);
    await expectSound(s);
    await s.pool.cutSupplyCap(SUPPLY_CAP - units(310_000));
    expect(await s.pool.maxDeposit(s.frits)).to.equal(units(10_000));
    expect(await s.pool.maxMint(s.frits)).to.equal(units(10_000));
    await expect(as(s.pool, s.frits).deposit(units(10_000) + 1n, s.frits)).to.be.revertedWithCustomError(
      s.pool,
      "CapExceeded",
    );
    await as(s.pool, s.frits).deposit(units(10_000), s.frits);
    await expectSound(s);
    await s.pool.cutSupplyCap(units(60_000));
    await as(s.pool, s.frits).redeem(units(10_000), s.frits, s.frits);
    expect(await s.pool.maxDeposit(s.frits)).to.equal(0n);
    await s.pool.raiseSupplyCap(units(60_000));
    expect(await s.pool.maxDeposit(s.frits)).to.equal(units(10_000));
    await expectSound(s);
  });

  it("moves shares with their holder from lane to lane", async () => {
    const s = await loadFixture(busyPool);
    await as(s.pool, s.dora).transfer(s.emil, units(40_000));
    expect((await s.pool.laneOf(6))[1]).to.equal(units(60_000));
    expect((await s.pool.laneOf(5))[1]).to.equal(units(140_000));
    await as(s.pool, s.dora).transfer(s.dora, units(1_000));
    expect((await s.pool.laneOf(6))[1]).to.equal(units(60_000));
    await expectSound(s);
  });

  it("refuses nothing, the zero receiver, and tokens that take a fee", async () => {
    const s = await loadFixture(deployedWithPool);
    const pool = as(s.pool, s.dora);
    await expect(pool.deposit(0, s.dora)).to.be.revertedWithCustomError(pool, "ZeroAmount");
    await expect(pool.mint(0, s.dora)).to.be.revertedWithCustomError(pool, "ZeroAmount");
    await expect(pool.deposit(1, ethers.ZeroAddress)).to.be.revertedWithCustomError(
      pool,
      "ERC20InvalidReceiver",
    );
    const token = await deployHarness("FeeToken", s.deployer);
    const other = await addPool(s, { asset: token, supplyCap: units(100), reserveFactor: 0n });
    await token.approve(other.pool.target, ethers.MaxUint256);
    await expect(other.pool.deposit(units(1), s.deployer)).to.be.revertedWithCustomError(
      other.pool,
      "InexactTransfer",
    );
  });

  it("leaves caps and reserve to governance, and cash to the market", async () => {
    const s = await loadFixture(deployedWithPool);
    const pool = as(s.pool, s.dora);
    for (const call of [
      () => pool.raiseSupplyCap(1),
      () => pool.cutSupplyCap(1),
      () => pool.setReserve(s.dora, 0),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(pool, "AccessManagedUnauthorized");
    }
    for (const call of [
      () => pool.lend(s.dora, s.dora, 1),
      () => pool.collect(s.dora, s.dora, 1),
      () => pool.settle(0),
      () => pool.averageCash(),
      () => pool.recordLoss(1, 1),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(pool, "NotTheMarket");
    }
    await s.pool.setReserve(s.emil, units(1) / 5n);
    expect([...(await s.pool.reserve())]).to.deep.equal([s.emil.address, units(1) / 5n]);
    await expect(s.pool.setReserve(s.emil, units(1))).to.be.revertedWithCustomError(
      s.pool,
      "ReserveFactorTooHigh",
    );
  });
});
