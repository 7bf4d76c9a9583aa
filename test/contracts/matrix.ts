// Every operation in every state of NAV, identity and pause does what the table says: it passes, at the price the table
// names, or is refused by the rule the table names.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import type { AnyContract } from "../../contracts/deployment/protocol.ts";
import {
  cellsOf,
  IDENTITIES,
  type Identity,
  markdown,
  NAVS,
  type Nav,
  OPERATIONS,
  type Operation,
  type Outcome,
  PAUSES,
  type Pause,
} from "./support/matrix.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import {
  as,
  DAY,
  deployed,
  HOUR,
  NAV,
  NETHERLANDS,
  open,
  reportNav,
  type Setup,
  TIERS,
  units,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const max = ethers.MaxUint256;

/**
 * Alice owes 60,000 against 1,000 tokens; Bob owes nothing against 1,000; Carol is unhealthy at any NAV used here, since
 * tokens of hers were seized. `stranger` is a liquidator whose identity varies, the keeper one whose identity does not.
 */
async function crowd(): Promise<Setup> {
  const s = await deployed();
  await s.registry.setPerson(s.stranger, TIERS.liquidator, NETHERLANDS, (await time.latest()) + 365 * DAY);
  await open(s, s.alice, 1_000n, 60_000n);
  await open(s, s.bob, 1_000n, 0n);
  await open(s, s.carol, 1_000n, 80_000n);
  await s.market.forceSeize(s.carol, 0, units(150), s.keeper);
  for (const liquidator of [s.keeper, s.stranger]) {
    await as(s.stablecoin, s.carol).transfer(liquidator, units(10_000));
  }
  for (const payer of [s.alice, s.keeper, s.stranger]) await as(s.stablecoin, payer).approve(s.facility, max);
  await time.increase(120); // past the cool-off
  return s;
}

const enterNav: Record<Nav, (s: Setup) => Promise<void>> = {
  fresh: async () => {},
  "pending below": async (s) => {
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 90n) / 100n);
  },
  stale: async () => {
    await time.increase(80 * HOUR);
  },
  expired: async () => {
    await time.increase(170 * HOUR);
  },
  ripcord: async (s) => {
    await s.oracle.pullRipcord();
  },
};
const STATUS: Record<Nav, number> = { fresh: 0, "pending below": 0, stale: 1, expired: 2, ripcord: 3 };

const enterPause: Record<Pause, (s: Setup) => Promise<void>> = {
  nothing: async () => {},
  "new debt": async (s) => {
    await s.market.pauseNewDebt();
  },
  token: async (s) => {
    await s.collateral.pause();
  },
};

async function enterIdentity(s: Setup, identity: Identity): Promise<void> {
  if (identity === "valid") return;
  const subjects: [HardhatEthersSigner, number][] = [
    [s.alice, TIERS.borrower],
    [s.bob, TIERS.borrower],
    [s.carol, TIERS.borrower],
    [s.stranger, TIERS.liquidator],
  ];
  const expiry = (await time.latest()) + 60;
  for (const [subject, tier] of subjects) {
    if (identity === "frozen") await s.registry.setFrozen(subject, true);
    else await s.registry.setPerson(subject, tier, NETHERLANDS, expiry);
  }
  if (identity === "expired") await time.increaseTo(expiry);
}

type Attempt = {
  /** Small enough to pass at any price used here. */
  run: () => Promise<unknown>;
  /** What passes at the accepted NAV and not at the pending one, without being done. */
  probe?: () => Promise<unknown>;
  /** Who refuses for the identity's sake. */
  identity?: [AnyContract, string];
};

function attempts(s: Setup): Record<Operation, Attempt> {
  const market = (who: HardhatEthersSigner) => as(s.market, who);
  const remove = (who: HardhatEthersSigner) => () => market(who).removeCollateral(who, 0, units(1), who);
  const liquidate = (who: HardhatEthersSigner) => () =>
    market(who).liquidate(s.carol, 0, units(500), 0, who, "0x");
  return {
    "add collateral": {
      run: () => market(s.alice).addCollateral(s.alice, 0, units(1)),
      identity: [s.collateral, "SenderNotEligible"],
    },
    "remove with debt": {
      run: remove(s.alice),
      probe: () => market(s.alice).removeCollateral.staticCall(s.alice, 0, units(250), s.alice),
      identity: [s.market, "NotEligible"],
    },
    "remove without debt": { run: remove(s.bob), identity: [s.market, "NotEligible"] },
    borrow: {
      run: () => market(s.alice).borrow(s.alice, 0, units(100), s.alice),
      probe: () => market(s.alice).borrow.staticCall(s.alice, 0, units(20_000), s.alice),
      identity: [s.market, "NotEligible"],
    },
    repay: { run: () => market(s.alice).repay(s.alice, 0, units(100)) },
    "be liquidated": { run: liquidate(s.keeper) },
    liquidate: { run: liquidate(s.stranger), identity: [s.market, "NotEligible"] },
    "send the token": {
      run: () => as(s.collateral, s.alice).transfer(s.keeper, units(1)),
      identity: [s.collateral, "SenderNotEligible"],
    },
    "receive the token": {
      run: () => as(s.collateral, s.keeper).transfer(s.alice, units(1)),
      identity: [s.collateral, "ReceiverNotEligible"],
    },
  };
}

async function hold(s: Setup, { run, probe, identity }: Attempt, outcome: Outcome, nav: Nav, pause: Pause) {
  switch (outcome) {
    case "no: NAV":
      return expect(run()).to.be.revertedWithCustomError(s.market, "NavNotUsable").withArgs(STATUS[nav]);
    case "no: paused":
      return pause === "token"
        ? expect(run()).to.be.revertedWithCustomError(s.collateral, "TokenPaused")
        : expect(run()).to.be.revertedWithCustomError(s.market, "NewDebtIsPaused");
    case "no: identity": {
      if (identity === undefined) throw new Error("this operation asks for no identity");
      const [contract, error] = identity;
      return expect(run()).to.be.revertedWithCustomError(contract, error);
    }
    case "at pending":
      if (probe === undefined) throw new Error("this operation asks for no pending price");
      await expect(probe()).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
      break;
    case "at accepted":
    case "at the last":
      await probe?.();
      expect(await s.market.collateralValue(units(1))).to.equal(units(100));
      break;
    case "yes":
      break;
  }
  await run();
}

describe("Matrix", () => {
  it("states every cell exactly once, and is what docs/protocol.md shows", () => {
    for (const operation of OPERATIONS) {
      for (const identity of IDENTITIES) {
        for (const pause of PAUSES) {
          for (const nav of NAVS) {
            const cells = cellsOf(operation, identity, pause, nav);
            expect(cells.length, `${operation}, ${identity}, ${pause} paused, NAV ${nav}`).to.equal(1);
          }
        }
      }
    }
    const page = readFileSync(join(import.meta.dirname, "../../docs/protocol.md"), "utf8");
    expect(page.includes(markdown()), `docs/protocol.md should have\n${markdown()}`).to.equal(true);
  });

  for (const nav of NAVS) {
    for (const pause of PAUSES) {
      it(`holds with NAV ${nav} and ${pause} paused`, async () => {
        const s = await loadFixture(crowd);
        await enterNav[nav](s);
        await enterPause[pause](s);
        const all = attempts(s);
        for (const identity of IDENTITIES) {
          const snapshot = await networkHelpers.takeSnapshot();
          await enterIdentity(s, identity);
          for (const operation of OPERATIONS) {
            const [outcome] = cellsOf(operation, identity, pause, nav) as [Outcome];
            try {
              await hold(s, all[operation], outcome, nav, pause);
            } catch (error) {
              throw new Error(`${operation}, identity ${identity}: expected "${outcome}"`, { cause: error });
            }
          }
          await snapshot.restore();
        }
      });
    }
  }

  it("keeps an expired borrower's collateral claimable once the debt is paid, whatever the NAV", async () => {
    for (const nav of NAVS) {
      const s = await loadFixture(crowd);
      await enterNav[nav](s);
      await enterIdentity(s, "expired");
      await as(s.stablecoin, s.carol).transfer(s.alice, units(1_000)); // for the interest
      await as(s.market, s.alice).repay(s.alice, 0, max);
      await as(s.market, s.alice).removeCollateral(s.alice, 0, units(1_000), s.alice);
      expect(await s.collateral.balanceOf(s.alice), nav).to.equal(units(10_000));
    }
  });
});
