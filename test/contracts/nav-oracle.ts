// NAV reports: signatures, bounds, the pending value, staleness, the ripcord, and the reads of AggregatorV3.
import { expect } from "chai";
import { id, recoverAddress, Wallet } from "ethers";
import { type NavReport, signConfirmation, signReport } from "../../contracts/deployment/nav-report.ts";
import { type AnyContract, deploy } from "../../contracts/deployment/protocol.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, attestors, deployed, HOUR, NAV, options, reportNav, type Setup } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const STATUS = { fresh: 0n, stale: 1n, expired: 2n, ripcord: 3n };
const first = (count: number): Wallet[] => attestors.slice(0, count);

/** A report that is due now, valued now. */
async function due(s: Setup, nav: bigint, ripcord = false): Promise<NavReport> {
  await time.increase(20 * HOUR);
  return { round: Number(await s.oracle.nextRound()), nav, navDate: await time.latest(), ripcord };
}

describe("NavOracle signatures", () => {
  it("needs a quorum of attestors, sorted, each once, over exactly this report", async () => {
    const s = await loadFixture(deployed);
    const report = await due(s, NAV + 1n);
    const [a, b, c] = (await signReport(s.oracle, first(3), report)) as [string, string, string];
    await expect(s.oracle.submit(report, [a, b]))
      .to.be.revertedWithCustomError(s.oracle, "TooFewSignatures")
      .withArgs(2, 3);
    for (const unsorted of [
      [b, a, c],
      [a, a, b],
    ]) {
      await expect(s.oracle.submit(report, unsorted)).to.be.revertedWithCustomError(
        s.oracle,
        "SignersNotSorted",
      );
    }
    const forger = new Wallet(id("forger"));
    const forged = await signReport(s.oracle, [...first(2), forger], report);
    await expect(s.oracle.submit(report, forged)).to.be.revertedWithCustomError(s.oracle, "NotAnAttestor");
    await expect(s.oracle.submit({ ...report, nav: NAV + 2n }, [a, b, c])).to.be.revertedWithCustomError(
      s.oracle,
      "NotAnAttestor",
    );
    await as(s.oracle, s.stranger).submit(report, [a, b, c]);
    await expect(s.oracle.submit(report, [a, b, c])).to.be.revertedWithCustomError(s.oracle, "WrongRound");
  });

  it("signs the digest that the contract shows", async () => {
    const s = await loadFixture(deployed);
    const report = await due(s, NAV);
    const [signature] = (await signReport(s.oracle, first(1), report)) as [string];
    expect(recoverAddress(await s.oracle.reportDigest(report), signature)).to.equal(attestors[0]?.address);
  });

  it("takes a first report, which nothing bounds, by the larger quorum alone", async () => {
    const s = await loadFixture(deployed);
    const { description, decimals, settings } = options.oracle;
    const oracle = await deploy(s.deployer, "NavOracle", [
      s.accessManager.target,
      description,
      decimals,
      attestors.map(({ address }) => address),
      settings,
    ]);
    await expect(oracle.latestRoundData()).to.be.revertedWithCustomError(oracle, "UnknownRound");
    expect((await oracle.read())[2]).to.equal(STATUS.expired);
    await expect(reportNav(oracle, NAV, 3))
      .to.be.revertedWithCustomError(oracle, "TooFewSignatures")
      .withArgs(3, 4);
    await reportNav(oracle, 3n * NAV, 4);
    expect(await oracle.read()).to.deep.equal([3n * NAV, 3n * NAV, STATUS.fresh]);
  });

  it("dismisses and admits attestors, never below the quorum", async () => {
    const s = await loadFixture(deployed);
    const [one, two] = attestors as [Wallet, Wallet];
    await expect(as(s.oracle, s.alice).setAttestor(one.address, false)).to.be.revertedWithCustomError(
      s.oracle,
      "AccessManagedUnauthorized",
    );
    await s.oracle.setAttestor(one.address, false);
    expect(await s.oracle.isAttestor(one.address)).to.equal(false);
    await expect(s.oracle.setAttestor(two.address, false)).to.be.revertedWithCustomError(
      s.oracle,
      "InvalidSettings",
    );
    await expect(reportNav(s.oracle, NAV)).to.be.revertedWithCustomError(s.oracle, "NotAnAttestor");
    for (const [attestor, active] of [
      [one, false],
      [two, true],
    ] as const) {
      await expect(s.oracle.setAttestor(attestor.address, active)).to.be.revertedWithCustomError(
        s.oracle,
        "AttestorUnchanged",
      );
    }
  });

  it("rotates an attestor even where there is none to spare; the retired one's signature counts no more", async () => {
    const s = await loadFixture(deployed);
    const [one, ...others] = attestors as [Wallet, ...Wallet[]];
    const successor = new Wallet(id("successor"));
    await s.oracle.setSettings({ ...options.oracle.settings, confirmQuorum: 5 });
    await expect(
      as(s.oracle, s.alice).rotateAttestor(one.address, successor.address),
    ).to.be.revertedWithCustomError(s.oracle, "AccessManagedUnauthorized");
    await expect(s.oracle.rotateAttestor(one.address, others[0]?.address)).to.be.revertedWithCustomError(
      s.oracle,
      "AttestorUnchanged",
    );
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 90n) / 100n);
    const before = await signConfirmation(s.oracle, [one, ...others]);
    await s.oracle.rotateAttestor(one.address, successor.address);
    expect((await s.oracle.attestors()).length).to.equal(5);
    await expect(s.oracle.confirm(before)).to.be.revertedWithCustomError(s.oracle, "NotAnAttestor");
    await s.oracle.confirm(await signConfirmation(s.oracle, [successor, ...others]));
    expect((await s.oracle.accepted()).nav).to.equal((NAV * 90n) / 100n);
  });
});

describe("NavOracle bounds", () => {
  it("accepts both bounds exactly, and makes what is beyond them pending", async () => {
    for (const [nav, pending] of [
      [(NAV * 98n) / 100n, false],
      [(NAV * 98n) / 100n - 1n, true],
      [(NAV * 101n) / 100n, false],
      [(NAV * 101n) / 100n + 1n, true],
    ] as const) {
      const s = await loadFixture(deployed);
      const report = await due(s, nav);
      await s.oracle.submit(report, await signReport(s.oracle, first(3), report));
      expect((await s.oracle.pending()).nav).to.equal(pending ? nav : 0n);
      expect((await s.oracle.accepted()).nav).to.equal(pending ? NAV : nav);
    }
  });

  it("lets the lower of both govern new debt at once, and liquidations after the delay", async () => {
    const s = await loadFixture(deployed);
    const low = (NAV * 90n) / 100n;
    const report = await due(s, low);
    await s.oracle.submit(report, await signReport(s.oracle, first(3), report));
    const { since } = await s.oracle.pending();
    expect(await s.oracle.read()).to.deep.equal([low, NAV, STATUS.fresh]);
    await expect(s.oracle.promote())
      .to.be.revertedWithCustomError(s.oracle, "PendingNotMature")
      .withArgs(since + 86_400n);
    await time.increaseTo(since + 86_399n);
    expect(await s.oracle.read()).to.deep.equal([low, NAV, STATUS.fresh]);
    await time.increaseTo(since + 86_400n);
    expect(await s.oracle.read()).to.deep.equal([low, low, STATUS.fresh]);
    expect((await s.oracle.latestRoundData())[1]).to.equal(low);
    await s.oracle.promote();
    expect(await s.oracle.read()).to.deep.equal([low, low, STATUS.fresh]);
    expect((await s.oracle.getRoundData(2))[1]).to.equal(low);
    await expect(s.oracle.promote()).to.be.revertedWithCustomError(s.oracle, "NothingPending");
  });

  it("is not put off by further falling reports", async () => {
    const s = await loadFixture(deployed);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 90n) / 100n);
    const { since } = await s.oracle.pending();
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 89n) / 100n);
    expect((await s.oracle.pending()).since).to.equal(since);
    await time.increaseTo(since + 86_400n);
    expect((await s.oracle.read())[1]).to.equal((NAV * 89n) / 100n);
  });

  it("drops a pending value when the next report is within bounds again", async () => {
    const s = await loadFixture(deployed);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 90n) / 100n);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, NAV);
    expect((await s.oracle.pending()).nav).to.equal(0n);
    expect(await s.oracle.read()).to.deep.equal([NAV, NAV, STATUS.fresh]);
  });

  it("confirms a fall whole and a rise as far as its bound, by the larger quorum", async () => {
    const s = await loadFixture(deployed);
    await expect(s.oracle.confirm([])).to.be.revertedWithCustomError(s.oracle, "NothingPending");
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 70n) / 100n);
    await expect(s.oracle.confirm(await signConfirmation(s.oracle, first(3))))
      .to.be.revertedWithCustomError(s.oracle, "TooFewSignatures")
      .withArgs(3, 4);
    await s.oracle.confirm(await signConfirmation(s.oracle, first(4)));
    expect((await s.oracle.read())[1]).to.equal((NAV * 70n) / 100n);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, NAV);
    expect(await s.oracle.read(), "a pending rise changes nothing").to.deep.equal([
      (NAV * 70n) / 100n,
      (NAV * 70n) / 100n,
      STATUS.fresh,
    ]);
    await time.increase(30 * HOUR);
    await expect(s.oracle.promote()).to.be.revertedWithCustomError(s.oracle, "NothingPending");
    await s.oracle.confirm(await signConfirmation(s.oracle, first(4)));
    expect((await s.oracle.read())[1]).to.equal((NAV * 70n * 101n) / 10_000n);
  });
});

describe("NavOracle comparison", () => {
  const works = 0;

  /** The oracle compared with a feed of `decimals` that answers 100 USD, 1% of deviation allowed. */
  async function compared(s: Setup, decimals = 8): Promise<AnyContract> {
    const feed = await deployHarness("ComparisonFeed", decimals);
    await s.oracle.setComparison(feed, 24 * HOUR, 100);
    return feed;
  }

  it("accepts what the feed bears out to the basis point, whatever its decimals, and holds back the rest", async () => {
    for (const [decimals, nav, accepted] of [
      [8, (NAV * 99n) / 100n, true],
      [8, (NAV * 99n) / 100n - 1n, false],
      [18, (NAV * 101n) / 100n, true],
      [6, (NAV * 99n) / 100n - 1n, false],
    ] as const) {
      const s = await loadFixture(deployed);
      const feed = await compared(s, decimals);
      await time.increase(20 * HOUR);
      await feed.set(100n * 10n ** BigInt(decimals), await time.latest(), works);
      await reportNav(s.oracle, nav);
      expect((await s.oracle.accepted()).nav).to.equal(accepted ? nav : NAV);
      expect((await s.oracle.pending()).nav).to.equal(accepted ? 0n : nav);
    }
  });

  it("lets a feed without a usable answer bear out nothing, and never block a report", async () => {
    const s = await loadFixture(deployed);
    const feed = await compared(s);
    const [reverts, short] = [1, 2];
    const now = await time.latest();
    for (const [answer, updatedAt, failure] of [
      [NAV, now + 200 * HOUR, reverts],
      [NAV, now + 200 * HOUR, short],
      [0n, now, works],
      [-1n, now, works],
      [2n ** 255n - 1n, now, works],
      [NAV, now - 10 * HOUR, works], // 30 hours old by then
      [NAV, now + 400 * HOUR, works],
    ] as const) {
      const snapshot = await networkHelpers.takeSnapshot();
      await feed.set(answer, updatedAt, failure);
      const report = await due(s, NAV - 1n);
      await expect(s.oracle.submit(report, await signReport(s.oracle, first(3), report)))
        .to.emit(s.oracle, "NavNotBorneOut")
        .withArgs(2, NAV - 1n, 0);
      expect(await s.oracle.read()).to.deep.equal([NAV - 1n, NAV, STATUS.fresh]);
      // The larger quorum overrides it.
      await s.oracle.confirm(await signConfirmation(s.oracle, first(4)));
      expect(await s.oracle.read()).to.deep.equal([NAV - 1n, NAV - 1n, STATUS.fresh]);
      await snapshot.restore();
    }
  });

  it("never lets a rise that is held back take effect by time", async () => {
    const s = await loadFixture(deployed);
    const feed = await compared(s);
    await feed.set((NAV * 98n) / 100n, await time.latest(), works);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, NAV + 1n);
    await time.increase(30 * HOUR);
    expect((await s.oracle.read()).slice(0, 2)).to.deep.equal([NAV, NAV]);
  });

  it("is governance's, and refuses what is no feed", async () => {
    const s = await loadFixture(deployed);
    const feed = await deployHarness("ComparisonFeed", 8);
    const deep = await deployHarness("ComparisonFeed", 19);
    for (const [address, age, deviation] of [
      [feed, 0, 100],
      [feed, HOUR, 0],
      [feed, HOUR, 10_000],
      [deep, HOUR, 100],
    ] as const) {
      await expect(s.oracle.setComparison(address, age, deviation)).to.be.revertedWithCustomError(
        s.oracle,
        "InvalidComparison",
      );
    }
    await expect(as(s.oracle, s.alice).setComparison(feed, HOUR, 100)).to.be.revertedWithCustomError(
      s.oracle,
      "AccessManagedUnauthorized",
    );
    await s.oracle.setComparison(feed, HOUR, 100);
    expect(await s.oracle.comparison()).to.deep.equal([feed.target, BigInt(HOUR), 100n, 8n]);
    await s.oracle.setComparison(ethers.ZeroAddress, 0, 0);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, NAV + 1n);
    expect((await s.oracle.accepted()).nav).to.equal(NAV + 1n);
  });
});

describe("NavOracle time", () => {
  it("keeps the minimum interval and refuses dates that do not move on or lie ahead", async () => {
    const s = await loadFixture(deployed);
    await time.increase(10);
    await expect(reportNav(s.oracle, NAV + 1n)).to.be.revertedWithCustomError(s.oracle, "TooEarly");
    const report = await due(s, NAV);
    for (const navDate of [report.navDate + 1_000, Number((await s.oracle.accepted()).navDate)]) {
      const wrong = { ...report, navDate };
      await expect(
        s.oracle.submit(wrong, await signReport(s.oracle, first(3), wrong)),
      ).to.be.revertedWithCustomError(s.oracle, "WrongNavDate");
    }
    const zero = { ...report, nav: 0n };
    await expect(
      s.oracle.submit(zero, await signReport(s.oracle, first(3), zero)),
    ).to.be.revertedWithCustomError(s.oracle, "ZeroNav");
  });

  it("is stale, then expired, by the date of the valuation", async () => {
    const s = await loadFixture(deployed);
    const { navDate } = await s.oracle.accepted();
    const { staleAfter, expiredAfter } = options.oracle.settings;
    const statusAt = async (age: number) => {
      await time.increaseTo(navDate + BigInt(age));
      return (await s.oracle.read())[2];
    };
    expect(await statusAt(staleAfter - 1)).to.equal(STATUS.fresh);
    expect(await statusAt(staleAfter)).to.equal(STATUS.stale);
    expect(await statusAt(expiredAfter - 1)).to.equal(STATUS.stale);
    expect(await statusAt(expiredAfter)).to.equal(STATUS.expired);
    await reportNav(s.oracle, NAV);
    expect((await s.oracle.read())[2]).to.equal(STATUS.fresh);
  });

  it("stops by the ripcord, pulled by a quorum at once or by governance, until the next report", async () => {
    const s = await loadFixture(deployed);
    const report: NavReport = { round: 2, nav: 0n, navDate: await time.latest(), ripcord: true };
    await s.oracle.submit(report, await signReport(s.oracle, first(3), report));
    expect(await s.oracle.read()).to.deep.equal([NAV, NAV, STATUS.ripcord]);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, NAV);
    expect((await s.oracle.read())[2]).to.equal(STATUS.fresh);
    await expect(as(s.oracle, s.alice).pullRipcord()).to.be.revertedWithCustomError(
      s.oracle,
      "AccessManagedUnauthorized",
    );
    await s.oracle.pullRipcord();
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, NAV);
    expect((await s.oracle.read())[2], "attestors do not release what governance pulled").to.equal(
      STATUS.ripcord,
    );
    await expect(s.oracle.latestRoundData()).to.be.revertedWithCustomError(s.oracle, "FeedStopped");
    await expect(as(s.oracle, s.alice).releaseRipcord()).to.be.revertedWithCustomError(
      s.oracle,
      "AccessManagedUnauthorized",
    );
    await s.oracle.releaseRipcord();
    expect((await s.oracle.read())[2]).to.equal(STATUS.fresh);
  });

  it("does not release what attestors stopped by releasing what governance stopped", async () => {
    const s = await loadFixture(deployed);
    const report: NavReport = { round: 2, nav: 0n, navDate: await time.latest(), ripcord: true };
    await s.oracle.submit(report, await signReport(s.oracle, first(3), report));
    await expect(s.oracle.latestRoundData()).to.be.revertedWithCustomError(s.oracle, "FeedStopped");
    await expect(s.oracle.pullRipcord()).to.emit(s.oracle, "RipcordSet").withArgs(3);
    await s.oracle.releaseRipcord();
    expect((await s.oracle.read())[2]).to.equal(STATUS.ripcord);
    await s.oracle.pullRipcord();
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 90n) / 100n);
    await s.oracle.confirm(await signConfirmation(s.oracle, first(4)));
    expect((await s.oracle.read())[2], "nor does a confirmation release it").to.equal(STATUS.ripcord);
  });
});

describe("NavOracle reads and settings", () => {
  it("reads as AggregatorV3, history included", async () => {
    const s = await loadFixture(deployed);
    const { navDate, since } = await s.oracle.accepted();
    expect(await s.oracle.latestRoundData()).to.deep.equal([1n, NAV, navDate, since, 1n]);
    expect([await s.oracle.decimals(), await s.oracle.description(), await s.oracle.version()]).to.deep.equal(
      [8n, "pTBILL / USD NAV", 1n],
    );
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, NAV + 5n);
    expect((await s.oracle.getRoundData(1))[1]).to.equal(NAV);
    expect((await s.oracle.getRoundData(2))[1]).to.equal(NAV + 5n);
    await expect(s.oracle.getRoundData(3))
      .to.be.revertedWithCustomError(s.oracle, "UnknownRound")
      .withArgs(3);
  });

  it("refuses settings that contradict each other", async () => {
    const s = await loadFixture(deployed);
    const { settings } = options.oracle;
    for (const wrong of [
      { expiredAfter: settings.staleAfter },
      { pendingDelay: 24 * HOUR + 1 },
      { minInterval: settings.staleAfter },
      { maxDownBps: 10_000 },
      { maxUpBps: 0 },
      { quorum: 0 },
      { quorum: 5 },
      { confirmQuorum: 6 },
    ]) {
      await expect(s.oracle.setSettings({ ...settings, ...wrong })).to.be.revertedWithCustomError(
        s.oracle,
        "InvalidSettings",
      );
    }
    await s.oracle.setSettings({ ...settings, quorum: 4 });
    expect((await s.oracle.settings()).quorum).to.equal(4);
    await time.increase(20 * HOUR);
    await expect(reportNav(s.oracle, NAV)).to.be.revertedWithCustomError(s.oracle, "TooFewSignatures");
  });
});
