// The lens and the deployment: what a keeper reads in one call, and what a market is made of.
import { expect } from "chai";
import { loadArtifact } from "../../contracts/artifacts.ts";
import { marketSetup } from "../../contracts/deployment/market.ts";
import { deploy } from "../../contracts/deployment/protocol.ts";
import { errorWords, model } from "../../contracts/index.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { deployed, dropNav, NAV, open, options, units, WAD } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

describe("Lens", () => {
  it("tells of many positions what each one's own views tell", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 80_000n);
    await open(s, s.bob, 1_000n, 10_000n);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    await time.increase(60);
    const [alice, bob, nobody] = await s.lens.positions(s.market, 0, [s.alice, s.bob, s.stranger]);
    expect(alice.health).to.equal(await s.market.healthOf(s.alice, 0));
    expect(alice.debt).to.equal(await s.market.debtOf(s.alice, 0));
    expect(alice.collateralValue).to.equal(units(88_000));
    expect([alice.liquidatable, bob.liquidatable, nobody.liquidatable]).to.deep.equal([true, false, false]);
    const [quote, seized] = await s.market.liquidationQuote(s.alice, 0);
    expect([alice.quote.repay, alice.seizable]).to.deep.equal([quote.repay, seized]);
    expect(bob.health).to.be.greaterThan(WAD);
    expect([nobody.health, nobody.debt]).to.deep.equal([ethers.MaxUint256, 0n]);
  });

  it("shows the market's totals", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 80_000n);
    const view = await s.lens.marketOf(s.market);
    expect(view.totalCollateral).to.equal(units(1_000));
    expect(view.totalDebt).to.equal(await s.market.totalDebt());
    expect([view.nav.newDebtNav, view.nav.liquidationNav, view.nav.status]).to.deep.equal([NAV, NAV, 0n]);
    expect([view.debtCap, view.newDebtPaused]).to.deep.equal([options.debtCap, false]);
    expect(view.debtCap - view.freeDebtCap).to.equal(
      (await s.market.laneOf(model.laneOf(s.alice.address)))[0],
    );
  });
});

describe("Market deployment", () => {
  it("makes a custodian per lane, all admitted, at addresses that are computed", async () => {
    const s = await loadFixture(deployed);
    const custodians = new Set<string>();
    for (let lane = 0; lane < 32; lane++) {
      const custodian = await s.market.custodian(lane);
      expect(custodian).to.equal(ethers.getCreateAddress({ from: String(s.market.target), nonce: lane + 1 }));
      expect((await ethers.provider.getCode(custodian)).length).to.be.greaterThan(2);
      expect((await s.registry.standingOf(custodian))[0]).to.equal(1n | 64n);
      custodians.add(custodian);
    }
    expect(custodians.size).to.equal(32);
    const custodian = new ethers.Contract(
      [...custodians][0] ?? "",
      ["function send(address,address,uint256)", "error NotTheMaker(address)"],
      s.deployer,
    );
    await expect(custodian.getFunction("send")(s.collateral, s.deployer, 0)).to.be.revertedWithCustomError(
      custodian,
      "NotTheMaker",
    );
  });

  it("refuses parameters that contradict each other, and a source of another market", async () => {
    const s = await loadFixture(deployed);
    const { liquidation } = options.parameters;
    const setup = marketSetup(s, s, { ...s, source: s.facility }, options);
    await expect(deploy(s.deployer, "Market", [setup])).to.be.revertedWithCustomError(
      s.market,
      "SourceOfAnotherMarket",
    );
    for (const wrong of [
      { maxLtv: liquidation.lltv },
      { liquidation: { ...liquidation, targetHealth: WAD } },
      { liquidation: { ...liquidation, maxBonus: WAD / 5n } },
      { liquidation: { ...liquidation, minBonus: liquidation.maxBonus + 1n } },
      { liquidation: { ...liquidation, healthForMaxBonus: WAD } },
    ]) {
      const parameters = { ...options.parameters, ...wrong };
      await expect(deploy(s.deployer, "Market", [{ ...setup, parameters }])).to.be.revertedWithCustomError(
        s.market,
        "InvalidParameters",
      );
    }
    await expect(
      deploy(s.deployer, "Market", [{ ...setup, initialRatePerYear: 2n * WAD + 1n }]),
    ).to.be.revertedWithCustomError(s.market, "InvalidParameters");
  });

  it("is deployed in one transaction within the limits of Osaka", async () => {
    const s = await loadFixture(deployed);
    const { bytecode } = loadArtifact("Market");
    expect((bytecode.length - 2) / 2).to.be.lessThan(49_152); // EIP-3860
    // Larger while its lines are counted.
    if (process.env.POLDER_COVERAGE === undefined) {
      expect(((await ethers.provider.getCode(s.market)).length - 2) / 2).to.be.lessThanOrEqual(24_576); // EIP-170
    }
    const receipt = await s.market.deploymentTransaction()?.wait();
    expect(receipt?.gasUsed).to.be.lessThan(2n ** 24n); // EIP-7825
  });

  it("has words for every custom error of the market", () => {
    const errors = loadArtifact("Market").abi.filter(({ type }) => type === "error");
    const ours = errors
      .map(({ name }) => String(name))
      .filter((name) => /^(?!SafeCast|SafeERC20|Access|Reentrancy|Address|FailedCall)/.test(name));
    expect(ours.length).to.be.greaterThan(15);
    expect(ours.filter((name) => errorWords[name] === undefined)).to.deep.equal(
      ["ExpOverflow"].filter((name) => ours.includes(name)),
    );
  });
});
