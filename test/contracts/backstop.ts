// First-loss capital: entering, queueing to leave, bearing losses meanwhile, premiums.
import { expect } from "chai";
import { type AnyContract, deploy } from "../../contracts/deployment/protocol.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, deployed, open, type Setup, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const DELAY = 10 * DAY;
const CLAIM_WINDOW = 2 * DAY;

type BackstopSetup = Setup & { backstop: AnyContract };

/** A backstop whose surplus is the deployer. Alice and Bob have put in 10,000 each. */
async function fixture(): Promise<BackstopSetup> {
  const s = await deployed();
  const backstop = await deploy(s.deployer, "Backstop", [
    s.accessManager.target,
    s.stablecoin.target,
    s.deployer.address,
    DELAY,
    CLAIM_WINDOW,
    DAY,
  ]);
  for (const who of [s.alice, s.bob, s.carol]) {
    await open(s, who, 1_000n, 50_000n);
    await as(s.stablecoin, who).approve(backstop, ethers.MaxUint256);
  }
  await as(s.stablecoin, s.carol).transfer(s.deployer, units(10_000));
  await s.stablecoin.approve(backstop, ethers.MaxUint256);
  for (const who of [s.alice, s.bob]) await as(backstop, who).deposit(units(10_000), who);
  return { ...s, backstop };
}

describe("Backstop", () => {
  it("lets nobody out but through the queue, within the claim window", async () => {
    const s = await loadFixture(fixture);
    const backstop = as(s.backstop, s.alice);
    const refused = () =>
      expect(backstop.redeem(units(1), s.alice, s.alice)).to.be.revertedWithCustomError(
        backstop,
        "ERC4626ExceededMaxRedeem",
      );
    await refused();
    await expect(backstop.requestExit(units(4_000))).to.emit(backstop, "ExitRequested");
    expect(await backstop.capital()).to.equal(units(16_000));
    expect(await backstop.queuedShares()).to.equal(units(4_000));
    const { claimableFrom } = await backstop.exitOf(s.alice);
    await time.increaseTo(Number(claimableFrom) - 2);
    await refused();
    await time.increaseTo(claimableFrom);
    expect(await backstop.maxRedeem(s.alice)).to.equal(units(4_000));
    await backstop.redeem(units(1_000), s.alice, s.alice);
    await backstop.withdraw(units(1_000), s.carol, s.alice);
    expect(await s.stablecoin.balanceOf(s.alice)).to.equal(units(41_000));
    await expect(as(s.backstop, s.carol).redeem(units(1), s.carol, s.alice)).to.be.revertedWithCustomError(
      backstop,
      "ERC20InsufficientAllowance",
    );
    await time.increaseTo(claimableFrom + BigInt(CLAIM_WINDOW));
    await refused();
    await backstop.cancelExit();
    await expect(backstop.cancelExit()).to.be.revertedWithCustomError(backstop, "ZeroAmount");
    expect(await backstop.balanceOf(s.alice)).to.equal(units(8_000));
    expect([await backstop.capital(), await backstop.totalAssets()]).to.deep.equal([
      units(18_000),
      units(18_000),
    ]);
  });

  it("starts the delay anew for a further request, and shares that queue are spent", async () => {
    const s = await loadFixture(fixture);
    const backstop = as(s.backstop, s.alice);
    await backstop.requestExit(units(10_000));
    await expect(backstop.transfer(s.bob, 1)).to.be.revertedWithCustomError(
      backstop,
      "ERC20InsufficientBalance",
    );
    await expect(backstop.requestExit(1)).to.be.revertedWithCustomError(backstop, "ERC20InsufficientBalance");
    await expect(backstop.requestExit(0)).to.be.revertedWithCustomError(backstop, "ZeroAmount");
    await as(s.backstop, s.bob).transfer(s.alice, 5);
    await time.increase(DELAY - 10);
    await backstop.requestExit(5);
    await time.increase(20);
    expect(await backstop.maxRedeem(s.alice)).to.equal(0n);
    await time.increase(DELAY);
    expect(await backstop.maxRedeem(s.alice)).to.equal(units(10_000) + 5n);
  });

  it("has those who queue bear losses like those who stay", async () => {
    const s = await loadFixture(fixture);
    await as(s.backstop, s.alice).requestExit(units(10_000));
    await time.increase(DELAY);
    await expect(s.backstop.drawLoss(units(5_000))).to.emit(s.backstop, "LossDrawn");
    expect(await s.backstop.capital()).to.equal(units(7_500));
    const before = await s.stablecoin.balanceOf(s.alice);
    await as(s.backstop, s.alice).redeem(units(10_000), s.alice, s.alice);
    const got = (await s.stablecoin.balanceOf(s.alice)) - before;
    expect(got)
      .to.be.at.most(units(7_500))
      .and.at.least(units(7_500) - 1n);
    expect(await s.backstop.convertToAssets(units(10_000))).to.be.at.least(units(7_500) - 1n);
  });

  it("takes no deposits once all was lost", async () => {
    const s = await loadFixture(fixture);
    expect(await s.backstop.drawLoss.staticCall(units(30_000))).to.equal(units(20_000));
    await s.backstop.drawLoss(units(30_000));
    expect([await s.backstop.capital(), await s.backstop.totalAssets()]).to.deep.equal([0n, 0n]);
    expect(await s.backstop.drawLoss.staticCall(1)).to.equal(0n);
    const carol = as(s.backstop, s.carol);
    await expect(carol.deposit(units(1), s.carol)).to.be.revertedWithCustomError(
      carol,
      "ERC4626ExceededMaxDeposit",
    );
    await expect(carol.mint(units(1), s.carol)).to.be.revertedWithCustomError(
      carol,
      "ERC4626ExceededMaxMint",
    );
  });

  it("lets premiums vest, so that entering just before one gains nothing, and takes losses from them first", async () => {
    const s = await loadFixture(fixture);
    await as(s.backstop, s.carol).deposit(units(20_000), s.carol);
    await s.backstop.payPremium(units(864));
    const worth = () => s.backstop.convertToAssets(units(20_000));
    expect(await worth()).to.be.at.most(units(20_000) + units(1));
    await time.increase(DAY / 2);
    expect(await worth())
      .to.be.greaterThan(units(20_215))
      .and.lessThan(units(20_217));
    await s.backstop.drawLoss(units(400));
    expect(await worth(), "the unvested part bears it").to.be.greaterThan(units(20_215));
    await time.increase(DAY);
    expect(await worth())
      .to.be.at.least(units(20_231))
      .and.at.most(units(20_232));
  });

  it("is moved by no donation, and refuses deposits that round to nothing", async () => {
    const s = await loadFixture(fixture);
    const price = await s.backstop.convertToAssets(units(1));
    await as(s.stablecoin, s.carol).transfer(s.backstop, units(10_000));
    expect(await s.backstop.convertToAssets(units(1))).to.equal(price);
    await s.backstop.payPremium(units(5_000));
    await time.increase(DAY);
    await expect(as(s.backstop, s.carol).deposit(1, s.carol)).to.be.revertedWithCustomError(
      s.backstop,
      "ZeroAmount",
    );
  });

  it("obeys surplus and governance alone", async () => {
    const s = await loadFixture(fixture);
    const backstop = as(s.backstop, s.bob);
    await expect(backstop.payPremium(1)).to.be.revertedWithCustomError(backstop, "NotTheSurplus");
    await expect(backstop.drawLoss(1)).to.be.revertedWithCustomError(backstop, "NotTheSurplus");
    await expect(backstop.setPolicy(s.bob)).to.be.revertedWithCustomError(
      backstop,
      "AccessManagedUnauthorized",
    );
    await expect(s.backstop.setPolicy(ethers.ZeroAddress)).to.be.revertedWithCustomError(
      backstop,
      "ZeroAddress",
    );
  });
});
