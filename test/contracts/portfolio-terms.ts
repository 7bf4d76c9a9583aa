// The lens on what is not the market's own variable rate: positions under fixed terms, what their owners consented to, and
// how far the resolution of a marked one is.
import { expect } from "chai";
import { marked, SALE_WINDOW } from "./support/auction.ts";
import { adopted, FIXED } from "./support/fixed-terms.ts";
import { networkHelpers } from "./support/network.ts";
import { as, DAY, deployed, NAV, reportNav, type Setup, units, WAD } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

type Fixed = Setup & { termsId: bigint };

/** Alice pledged 1,000 tokens under fixed terms and owes 50,000. */
async function borrowed(): Promise<Fixed> {
  const s = await deployed();
  const termsId = await adopted(s, s.market);
  await as(s.market, s.alice).addCollateral(s.alice, termsId, units(1_000));
  await as(s.market, s.alice).borrow(s.alice, termsId, units(50_000), s.alice);
  return { ...s, termsId };
}

async function viewOf(
  { lens, market }: Pick<Setup, "lens" | "market">,
  owner: { address: string },
  termsId: bigint,
) {
  const [view] = await lens.positions(market.target, termsId, [owner.address]);
  return view;
}

describe("Lens on terms", () => {
  it("tells maturity, rate and consent, and what may be borrowed more at the terms' own index", async () => {
    const s = await loadFixture(borrowed);
    await as(s.market, s.alice).setConsent(s.termsId, (80n * WAD) / 100n, WAD / 100n);
    await time.increase(20 * DAY);
    await reportNav(s.oracle, NAV);
    const view = await viewOf(s, s.alice, s.termsId);
    expect([...view.terms]).to.deep.equal([...(await s.market.termsOf(s.termsId))]);
    expect([view.overdue, view.phase, view.inWorkout]).to.deep.equal([false, 0n, 0n]);
    expect([...view.consent]).to.deep.equal([(80n * WAD) / 100n, WAD / 100n]);
    expect(view.debt).to.be.closeTo(await s.market.debtOf(s.alice, s.termsId), WAD / 100n);
    await as(s.market, s.alice).borrow.staticCall(s.alice, s.termsId, view.borrowable, s.alice);
    await expect(
      as(s.market, s.alice).borrow.staticCall(s.alice, s.termsId, view.borrowable + WAD, s.alice),
    ).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
  });

  it("offers nothing under terms that were not adopted", async () => {
    const s = await loadFixture(borrowed);
    const view = await viewOf(s, s.alice, s.termsId + 1n);
    expect([view.ok, view.borrowable, view.terms.start]).to.deep.equal([true, 0n, 0n]);
  });

  it("tells that a position is overdue, of which nothing can be removed", async () => {
    const s = await loadFixture(borrowed);
    const { maturity, gracePeriod } = await s.market.termsOf(s.termsId);
    await time.increaseTo(maturity + gracePeriod - BigInt(DAY));
    await reportNav(s.oracle, NAV);
    const before = await viewOf(s, s.alice, s.termsId);
    expect(before.overdue).to.equal(false);
    expect(before.removable).to.be.greaterThan(0n);
    await time.increase(DAY);
    const after = await viewOf(s, s.alice, s.termsId);
    expect([after.overdue, after.removable, after.liquidatable]).to.deep.equal([true, 0n, true]);
  });

  it("tells fixed debt of all, and what may still be lent at fixed rates", async () => {
    const s = await loadFixture(borrowed);
    const view = await s.lens.marketOf(s.market);
    const [cap, overhang] = await s.market.fixedDebtCap();
    expect([view.fixedDebtCap, view.fixedDebtOverhang]).to.deep.equal([cap, overhang]);
    expect(view.totalFixedDebt).to.be.closeTo(await s.market.totalFixedDebt(), WAD / 100n);
    const lent = (await s.market.termsLaneOf(s.termsId, BigInt(s.alice.address) % 32n))[0];
    expect(view.freeFixedDebtCap).to.equal(cap - lent);
    expect(FIXED.cap).to.be.greaterThan(lent);
  });

  it("tells the phase of a marked position and when it ends", async () => {
    const s = await loadFixture(marked);
    const window = await viewOf(s, s.alice, 0n);
    const { stored } = await s.market.resolutionOf(s.alice, 0);
    expect([window.phase, window.phaseUntil]).to.deep.equal([1n, stored.markedAt + BigInt(SALE_WINDOW)]);
    await time.increase(SALE_WINDOW);
    expect((await viewOf(s, s.alice, 0n)).phase).to.equal(2n);
  });
});
