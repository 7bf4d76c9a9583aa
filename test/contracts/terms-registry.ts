// Disclosed terms: written once, closed sooner and never later, and in which phase they are.
import { expect } from "chai";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, deployed, type Setup, units, WAD } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const KIND = { variable: 0, fixed: 1 };
const PHASE = { open: 0n, closed: 1n, grace: 2n, overdue: 3n };

/** Fixed terms of 180 days, open for 30, 10 days of grace. */
async function fixed(s: Setup) {
  const now = await time.latest();
  return {
    market: s.market.target,
    rateKind: KIND.fixed,
    openUntil: now + 30 * DAY,
    maturity: now + 180 * DAY,
    ratePerYear: (7n * WAD) / 100n,
    marginPerYear: WAD / 100n,
    penaltyPerYear: (3n * WAD) / 100n,
    gracePeriod: 10 * DAY,
    cap: units(1_000_000),
    documentHash: ethers.id("terms"),
  };
}

/** Variable terms with the same disclosure. */
async function variable(s: Setup) {
  const terms = await fixed(s);
  return {
    ...terms,
    rateKind: KIND.variable,
    maturity: 0,
    ratePerYear: 0,
    marginPerYear: 0,
    penaltyPerYear: 0,
    gracePeriod: 0,
  };
}

describe("TermsRegistry", () => {
  it("publishes terms for good, numbered from 1", async () => {
    const s = await loadFixture(deployed);
    const terms = await fixed(s);
    await expect(s.termsRegistry.termsOf(1)).to.be.revertedWithCustomError(s.termsRegistry, "NoSuchTerms");
    await expect(s.termsRegistry.publish(terms, "ipfs://terms"))
      .to.emit(s.termsRegistry, "TermsPublished")
      .withArgs(1, s.market, Object.values(terms), "ipfs://terms");
    await s.termsRegistry.publish(await variable(s), "");
    expect(await s.termsRegistry.count()).to.equal(2n);
    const read = await s.termsRegistry.termsOf(1);
    for (const [key, value] of Object.entries(terms)) expect(String(read[key]), key).to.equal(String(value));
    expect((await s.termsRegistry.termsOf(2)).rateKind).to.equal(BigInt(KIND.variable));
    await expect(as(s.termsRegistry, s.alice).publish(terms, "")).to.be.revertedWithCustomError(
      s.termsRegistry,
      "AccessManagedUnauthorized",
    );
  });

  it("closes sooner, never later, never backdated", async () => {
    const s = await loadFixture(deployed);
    const terms = await fixed(s);
    await s.termsRegistry.publish(terms, "");
    await expect(as(s.termsRegistry, s.alice).close(1, terms.openUntil - 1)).to.be.revertedWithCustomError(
      s.termsRegistry,
      "AccessManagedUnauthorized",
    );
    await expect(s.termsRegistry.close(2, terms.openUntil)).to.be.revertedWithCustomError(
      s.termsRegistry,
      "NoSuchTerms",
    );
    for (const openUntil of [terms.openUntil, terms.openUntil + 1, (await time.latest()) - 1]) {
      await expect(s.termsRegistry.close(1, openUntil))
        .to.be.revertedWithCustomError(s.termsRegistry, "MayOnlyCloseSooner")
        .withArgs(1, terms.openUntil);
    }
    const sooner = (await time.latest()) + DAY;
    await expect(s.termsRegistry.close(1, sooner))
      .to.emit(s.termsRegistry, "TermsClosed")
      .withArgs(1, sooner);
    expect(await s.termsRegistry.isOpen(1, s.market)).to.equal(true);
    await time.increaseTo(sooner);
    expect(await s.termsRegistry.isOpen(1, s.market)).to.equal(false);
    expect((await s.termsRegistry.termsOf(1)).maturity, "all else stands").to.equal(BigInt(terms.maturity));
  });

  it("tells the phase to the second", async () => {
    const s = await loadFixture(deployed);
    const terms = await fixed(s);
    await s.termsRegistry.publish(terms, "");
    await s.termsRegistry.publish(await variable(s), "");
    expect(await s.termsRegistry.isOpen(1, s.oracle), "of another market").to.equal(false);
    expect(await s.termsRegistry.isOpen(9, ethers.ZeroAddress), "never published").to.equal(false);
    const overdueAt = terms.maturity + terms.gracePeriod;
    for (const [at, phase, ofVariable] of [
      [terms.openUntil - 1, PHASE.open, PHASE.open],
      [terms.openUntil, PHASE.closed, PHASE.open],
      [terms.maturity - 1, PHASE.closed, PHASE.closed],
      [terms.maturity, PHASE.grace, PHASE.closed],
      [overdueAt - 1, PHASE.grace, PHASE.closed],
      [overdueAt, PHASE.overdue, PHASE.closed],
    ] as const) {
      await time.increaseTo(at);
      expect(await s.termsRegistry.phaseOf(1), `at ${at}`).to.equal(phase);
      // Published some seconds later, so open some seconds longer.
      if (at !== terms.openUntil) expect(await s.termsRegistry.phaseOf(2)).to.equal(ofVariable);
    }
  });

  it("refuses terms that contradict each other", async () => {
    const s = await loadFixture(deployed);
    const good = await fixed(s);
    const plain = await variable(s);
    for (const wrong of [
      { ...good, market: s.alice.address },
      { ...good, documentHash: ethers.ZeroHash },
      { ...good, cap: 0 },
      { ...good, openUntil: await time.latest() },
      { ...good, marginPerYear: 2n * WAD + 1n },
      { ...good, ratePerYear: 0 },
      { ...good, ratePerYear: 2n * WAD + 1n },
      { ...good, penaltyPerYear: 2n * WAD + 1n },
      { ...good, maturity: good.openUntil },
      { ...good, maturity: good.maturity + 3_650 * DAY },
      { ...good, gracePeriod: 90 * DAY + 1 },
      { ...plain, ratePerYear: 1 },
      { ...plain, maturity: good.maturity },
      { ...plain, penaltyPerYear: 1 },
      { ...plain, gracePeriod: 1 },
    ]) {
      await expect(s.termsRegistry.publish(wrong, "")).to.be.revertedWithCustomError(
        s.termsRegistry,
        "InvalidTerms",
      );
    }
  });
});
