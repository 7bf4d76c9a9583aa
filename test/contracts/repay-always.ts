// Repaying, against every power that a role holds over the protocol, each in its worst direction and all together: in the
// market that mints and in the one that lenders feed.
import { expect } from "chai";
import { type Power, powersOf, roleHolders } from "../../contracts/deployment/powers.ts";
import { type AnyContract, marketOf, membersOf } from "../../contracts/deployment/protocol.ts";
import { oneMarketOfEachKind } from "./support/governance.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { addPeg, dollars } from "./support/peg.ts";
import {
  as,
  DAY,
  deployedWith,
  dropNav,
  HOUR,
  NAV,
  open,
  reportNav,
  type Setup,
  TIERS,
  units,
  WAD,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

/** A market in which Alice and Bob owe 50,000 each and hold 60,000, and of which strangers hold 1,000. */
type Lending = {
  market: AnyContract;
  source: AnyContract;
  collateral: AnyContract;
  oracle: AnyContract;
  /** What was lent. */
  token: AnyContract;
  /** One of it. */
  one: bigint;
};

type Indebted = Setup & { lendings: readonly [mint: Lending, pool: Lending] };

/** The deployer holds all roles. */
async function indebted(): Promise<Indebted> {
  const s = await deployedWith(oneMarketOfEachKind);
  await open(s, s.carol, 2_000n, 120_000n);
  for (const owner of [s.alice, s.bob]) {
    await open(s, owner, 1_000n, 50_000n);
    await as(s.stablecoin, s.carol).transfer(owner, units(10_000));
  }
  await as(s.stablecoin, s.carol).transfer(s.stranger, units(1_000));
  const minting = { market: s.market, source: s.facility, collateral: s.collateral, oracle: s.oracle };

  const { market, source, collateral, oracle } = marketOf(s, "trade-invoices");
  await reportNav(oracle, 10n ** 8n, 4); // a dollar
  await s.dollar.mint(s.carol, dollars(150_000));
  await as(s.dollar, s.carol).approve(source, ethers.MaxUint256);
  await as(source, s.carol).deposit(dollars(150_000), s.carol);
  for (const owner of [s.alice, s.bob]) {
    await collateral.mint(owner, units(200_000));
    await as(collateral, owner).approve(market, ethers.MaxUint256);
    await as(market, owner).addCollateral(owner, 0, units(100_000));
    await as(market, owner).borrow(owner, 0, dollars(50_000), owner);
    await s.dollar.mint(owner, dollars(10_000));
  }
  await s.dollar.mint(s.stranger, dollars(1_000));

  const lendings = [
    { ...minting, token: s.stablecoin, one: WAD },
    { market, source, collateral, oracle, token: s.dollar, one: dollars(1) },
  ] as const;
  for (const lending of lendings) {
    for (const payer of [s.alice, s.bob, s.stranger]) {
      await as(lending.token, payer).approve(lending.source, ethers.MaxUint256);
    }
  }
  return { ...s, lendings };
}

/** Alice repays a part and then all, a stranger a part for Bob and Bob the rest. */
async function everybodyRepays({ lendings, alice, bob, stranger }: Indebted): Promise<void> {
  for (const { market, token, one } of lendings) {
    await as(market, alice).repay(alice, 0, one);
    await as(market, alice).repay(alice, 0, ethers.MaxUint256);
    await as(market, stranger).repay(bob, 0, 100n * one);
    await as(market, bob).repay(bob, 0, ethers.MaxUint256);
    for (const owner of [alice, bob]) {
      expect(await market.debtOf(owner, 0)).to.equal(0n);
      // Each had 60,000 and owed 50,000 and at most a month of interest: repaying took no more than the debt.
      expect(await token.balanceOf(owner)).to.be.greaterThan(9_500n * one);
    }
  }
}

/** Fixed terms at the highest rate, due at once. */
async function badTerms(market: AnyContract): Promise<Record<string, unknown>> {
  const now = await time.latest();
  return {
    market: market.target,
    rateKind: 1,
    openUntil: now + HOUR,
    maturity: now + HOUR + 1,
    ratePerYear: 2n * WAD,
    marginPerYear: 0,
    penaltyPerYear: 2n * WAD,
    gracePeriod: 0,
    cap: units(1),
    documentHash: ethers.id("terms"),
  };
}

type Worst = (s: Indebted) => Promise<unknown>;

/** Does it in one market after the other. */
function inEach(act: (lending: Lending, s: Indebted) => Promise<unknown>): Worst {
  return async (s) => {
    for (const lending of s.lendings) await act(lending, s);
  };
}

/** The pool of the market that lenders feed. */
function poolOf({ lendings: [, { source }] }: Indebted): AnyContract {
  return source;
}

/**
 * Bob is in default in the market that mints, and part of his collateral goes to a desk that never pays. Returns the
 * controller of its redemption.
 */
async function handToFalseDesk(s: Indebted): Promise<string> {
  const desk = await deployHarness("FalseDesk", s.collateral, s.stablecoin);
  await s.registry.setPerson(desk, TIERS.holder, 0, 2n ** 40n);
  if ((await s.oracle.read())[1] > NAV / 2n) await dropNav(s.oracle, NAV / 2n);
  const controller = await s.workout.redeem.staticCall(desk, s.bob, 0, units(100));
  await s.workout.redeem(desk, s.bob, 0, units(100));
  return controller;
}

/** The managed contracts of a protocol. */
function managed(s: Setup): AnyContract[] {
  return membersOf(s)
    .map(({ contract }) => contract)
    .filter((contract) => contract.interface.getFunction("setAuthority") !== null);
}

/**
 * Each power that a role holds over the protocol, in its worst direction; in an order in which all can be abused one after
 * the other.
 */
const worst: Record<string, Worst> = {
  "Workout.redeem": async (s) => {
    await handToFalseDesk(s);
  },
  "Workout.abandon": async (s) => {
    await s.workout.abandon(await handToFalseDesk(s));
  },
  "CapitalPolicy.raiseDebtCap": ({ policy, market }) => policy.raiseDebtCap(market, units(10_000_000)),
  "CapitalPolicy.raiseCeiling": ({ policy, peg }) => policy.raiseCeiling(peg, dollars(1)),
  "CapitalPolicy.setExposure": ({ policy, market }) => policy.setExposure(market, 1, 10_000),
  "CapitalPolicy.removeExposure": async (s) => {
    const { peg } = await addPeg(s);
    await s.policy.setExposure(peg, 2, 1);
    await peg.cutCeiling((await peg.ceiling())[0]);
    await s.policy.removeExposure(peg);
  },
  "Market.forceSeize": inEach(async ({ market }, { alice, keeper }) => {
    const { collateral } = await market.positionOf(alice, 0);
    await market.forceSeize(alice, 0, collateral, keeper);
  }),
  "Market.raiseDebtCap": inEach(({ market }) => market.raiseDebtCap(units(10n ** 10n))),
  "Market.resumeNewDebt": inEach(({ market }) => market.resumeNewDebt()),
  "Market.cutDebtCap": inEach(async ({ market }) => market.cutDebtCap((await market.debtCap())[0])),
  "Market.pauseNewDebt": inEach(({ market }) => market.pauseNewDebt()),
  "Market.rampLltv": inEach(({ market }) => market.rampLltv(1, 7 * DAY)),
  "Market.setPreferredBuyer": inEach(({ market }, { stranger }) => market.setPreferredBuyer(stranger, true)),
  "Stablecoin.addFacility": async ({ stablecoin, stranger, alice, bob }) => {
    await stablecoin.addFacility(stranger);
    await as(stablecoin, stranger).mint(stranger, units(10n ** 9n), 0);
    // What facilities may do to those who approved them, they did not approve this one.
    for (const victim of [alice, bob]) {
      await expect(as(stablecoin, stranger).burn(victim, 1, 0)).to.be.revertedWithCustomError(
        stablecoin,
        "ERC20InsufficientAllowance",
      );
    }
  },
  "Stablecoin.retireFacility": async ({ stablecoin, facility, peg }) => {
    for (const retired of [facility, peg]) await stablecoin.retireFacility(retired);
  },
  "MintFacility.setSurplus": ({ facility, market }) => facility.setSurplus(market),
  "LendingPool.raiseSupplyCap": (s) => poolOf(s).raiseSupplyCap(dollars(10n ** 12n)),
  "LendingPool.cutSupplyCap": async (s) => {
    await poolOf(s).cutSupplyCap((await poolOf(s).supplyCap())[0]);
  },
  "LendingPool.setRebalanceFee": (s) => poolOf(s).setRebalanceFee(1),
  "RedemptionDesk.fulfil": async (s) => {
    await as(s.collateral, s.carol).approve(s.desk, 1);
    await as(s.desk, s.carol).requestRedeem(1, s.carol, s.carol);
    await as(s.stablecoin, s.carol).transfer(s.deployer, 1);
    await s.stablecoin.approve(s.desk, 1);
    await s.registry.setPerson(s.deployer, TIERS.holder, 0, 2n ** 40n);
    await s.desk.fulfil(1, 1);
  },
  "LendingPool.setReserve": (s) => poolOf(s).setReserve(s.stranger, WAD / 2n),
  "PegModule.setFees": ({ peg }) => peg.setFees({ inBps: 100, outBps: 100 }),
  "PegModule.setFeed": async ({ peg }) => {
    const feed = await deployHarness("DollarFeed");
    await peg.setFeed({ feed, maxDeviationBps: 1, staleAfter: 1 });
  },
  "PegModule.raiseCeiling": ({ peg }) => peg.raiseCeiling(dollars(10n ** 12n)),
  "PegModule.cutCeiling": async ({ peg }) => peg.cutCeiling((await peg.ceiling())[0]),
  "PegModule.raiseInflowCap": ({ peg }) => peg.raiseInflowCap(dollars(10n ** 12n)),
  "PegModule.cutInflowCap": ({ peg }) => peg.cutInflowCap(0),
  "PegModule.resumeInflow": ({ peg }) => peg.resumeInflow(),
  "PegModule.stopInflow": ({ peg }) => peg.stopInflow(),
  "Surplus.coverPool": ({ surplus, facility }) => surplus.coverPool(facility),
  "Surplus.uncoverPool": (s) => s.surplus.uncoverPool(poolOf(s)),
  "Surplus.setShares": ({ surplus }) => surplus.setShares(10_000, 0),
  "Surplus.setOutlets": ({ surplus, stranger }) => surplus.setOutlets(stranger, stranger, stranger),
  "SavingsVault.setShareCap": ({ savings }) => savings.setShareCap(WAD, 0),
  "Backstop.setPolicy": ({ backstop, stranger }) => backstop.setPolicy(stranger),
  "TermsRegistry.publish": inEach(async ({ market }, { termsRegistry }) => {
    await termsRegistry.publish(await badTerms(market), "");
  }),
  "TermsRegistry.close": inEach(async ({ market }, { termsRegistry }) => {
    await termsRegistry.publish(await badTerms(market), "");
    await termsRegistry.close(await termsRegistry.count(), (await time.latest()) + 10);
  }),
  "NavOracle.releaseRipcord": inEach(({ oracle }) => oracle.releaseRipcord()),
  "NavOracle.pullRipcord": inEach(({ oracle }) => oracle.pullRipcord()),
  "NavOracle.setComparison": inEach(async ({ oracle }) => {
    const feed = await deployHarness("ComparisonFeed", 8);
    await feed.set(1n, await time.latest(), 0);
    await oracle.setComparison(feed, DAY, 1);
  }),
  "NavOracle.setAttestor": inEach(async ({ oracle }) => {
    await oracle.setAttestor(await oracle.attestors().then(([first]: string[]) => first), false);
  }),
  "NavOracle.rotateAttestor": inEach(async ({ oracle }, { stranger }) => {
    await oracle.rotateAttestor(await oracle.attestors().then(([first]: string[]) => first), stranger);
  }),
  "NavOracle.setSettings": inEach(async ({ oracle }) => {
    await oracle.setSettings({
      ...{ maxUpBps: 1, maxDownBps: 9_999, quorum: 1, confirmQuorum: 1 },
      ...{ staleAfter: 1, expiredAfter: 2, pendingDelay: 0, minInterval: 0 },
    });
  }),
  "EligibilityRegistry.setAgent": ({ registry, stranger }) => registry.setAgent(stranger, 7),
  "EligibilityRegistry.approveRequest": async ({ registry, deployer, bob }) => {
    const request = { tier: TIERS.holder, jurisdiction: 0, issuer: 0, evidenceHash: ethers.ZeroHash };
    await as(registry, bob).makeRequest(request);
    await as(registry, deployer).approveRequest(bob, request, (await time.latest()) + 10);
  },
  "EligibilityRegistry.denyRequest": async ({ registry, bob }) => {
    const request = { tier: TIERS.borrower, jurisdiction: 0, issuer: 0, evidenceHash: ethers.ZeroHash };
    await as(registry, bob).makeRequest(request);
    await registry.denyRequest(bob, ethers.ZeroHash);
  },
  "EligibilityRegistry.setPerson": async ({ registry, alice }) => {
    await registry.setPerson(alice, TIERS.holder, 0, (await time.latest()) + 10);
  },
  "EligibilityRegistry.setPersons": async ({ registry, alice, bob }) => {
    await registry.setPersons([alice, bob], TIERS.holder, 0, (await time.latest()) + 10);
  },
  "EligibilityRegistry.removePerson": ({ registry, alice }) => registry.removePerson(alice),
  "EligibilityRegistry.setFrozen": ({ registry, bob }) => registry.setFrozen(bob, true),
  "EligibilityRegistry.admitCustodians": inEach(({ market }, { registry }) =>
    registry.admitCustodians(market),
  ),
  "RwaToken.mint": inEach(({ collateral }, { keeper }) => collateral.mint(keeper, units(10n ** 9n))),
  "RwaToken.batchMint": inEach(({ collateral }, { keeper }) =>
    collateral.batchMint([keeper], [units(10n ** 9n)]),
  ),
  "RwaToken.burn": inEach(async ({ collateral }, { alice }) => {
    await collateral.burn(alice, await collateral.balanceOf(alice));
  }),
  "RwaToken.forcedTransfer": inEach(async ({ collateral }, { bob, keeper }) => {
    await collateral.forcedTransfer(bob, keeper, (await collateral.balanceOf(bob)) / 2n);
  }),
  "RwaToken.recoverWallet": inEach(({ collateral }, { bob, keeper }) =>
    collateral.recoverWallet(bob, keeper),
  ),
  "RwaToken.freezePartialTokens": inEach(async ({ collateral }, { alice, keeper }) => {
    for (const holder of [alice, keeper]) {
      await collateral.freezePartialTokens(holder, await collateral.balanceOf(holder));
    }
  }),
  "RwaToken.unfreezePartialTokens": inEach(async ({ collateral }, { alice }) => {
    await collateral.unfreezePartialTokens(alice, await collateral.getFrozenTokens(alice));
  }),
  "RwaToken.setAddressFrozen": inEach(async ({ collateral }, { alice, bob }) => {
    for (const person of [alice, bob]) await collateral.setAddressFrozen(person, true);
  }),
  "RwaToken.unpause": inEach(async ({ collateral }) => {
    await collateral.pause();
    await collateral.unpause();
  }),
  "RwaToken.pause": inEach(({ collateral }) => collateral.pause()),
  "RwaToken.setJurisdictionRule": inEach(({ collateral }) =>
    collateral.setJurisdictionRule({ onlyListed: true, listed: [0, 0, 0, 0] }),
  ),
  "RwaToken.setDocument": inEach(({ collateral }) =>
    collateral.setDocument(ethers.id("prospectus"), "", ethers.id("another")),
  ),
  "RwaToken.removeDocument": inEach(async ({ collateral }) => {
    await collateral.setDocument(ethers.id("terms"), "", ethers.id("terms"));
    await collateral.removeDocument(ethers.id("terms"));
  }),
  "AccessManager.grantRole": ({ accessManager, stranger }) => accessManager.grantRole(0, stranger, 0),
  "AccessManager.setRoleAdmin": ({ accessManager }) => accessManager.setRoleAdmin(1, 9),
  "AccessManager.setRoleGuardian": ({ accessManager }) => accessManager.setRoleGuardian(1, 9),
  "AccessManager.setGrantDelay": ({ accessManager }) => accessManager.setGrantDelay(1, 365 * DAY),
  "AccessManager.labelRole": ({ accessManager }) => accessManager.labelRole(1, "nobody"),
  "AccessManager.setTargetFunctionRole": inEach(async ({ market, source }, { accessManager }) => {
    for (const [target, name] of [
      [market, "repay"],
      [source, "collect"],
    ] as const) {
      const selector = target.interface.getFunction(name)?.selector;
      await accessManager.setTargetFunctionRole(target, [selector], 9);
    }
  }),
  "AccessManager.setTargetAdminDelay": inEach(({ market }, { accessManager }) =>
    accessManager.setTargetAdminDelay(market, 365 * DAY),
  ),
  "AccessManager.setTargetClosed": async (s) => {
    for (const target of managed(s)) await s.accessManager.setTargetClosed(target, true);
  },
  "AccessManager.updateAuthority": async (s) => {
    const elsewhere = await ethers.deployContract("AccessManager", [s.stranger]);
    for (const target of managed(s)) await s.accessManager.updateAuthority(target, elsewhere.target);
  },
  "AccessManager.revokeRole": ({ accessManager, deployer }) => accessManager.revokeRole(0, deployer),
};

function label({ contract, call }: Power): string {
  return `${contract}.${call}`;
}

describe("Repaying", () => {
  it("is tried against every power that a role holds over the protocol", async () => {
    const s = await loadFixture(indebted);
    const held = membersOf(s)
      .flatMap(({ name, source }) => powersOf(name, { source }))
      .filter(({ holder }) => (roleHolders as readonly string[]).includes(holder));
    expect(Object.keys(worst), "add the worst of each power above").to.have.members([
      ...new Set(held.map(label)),
    ]);
  });

  for (const [power, abuse] of Object.entries(worst)) {
    it(`works after the worst of ${power}`, async () => {
      const s = await loadFixture(indebted);
      await abuse(s);
      await time.increase(DAY);
      await everybodyRepays(s);
    });
  }

  it("works after the worst of all of them together, with no NAV for a month", async () => {
    const s = await loadFixture(indebted);
    for (const abuse of Object.values(worst)) await abuse(s);
    await time.increase(30 * DAY);
    await everybodyRepays(s);
  });
});
