// What is disclosed of the standard markets: documents on the chain are the files, files say what the plain data says, and
// terms are open under the documents that disclose them.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import type { EventLog } from "ethers";
import { type DocumentRecord, readDocument, type TermsSpec } from "../../contracts/deployment/disclosure.ts";
import type { MarketSpec } from "../../contracts/deployment/market.ts";
import { marketOf } from "../../contracts/deployment/protocol.ts";
import { standardProtocol } from "../../contracts/deployment/standard.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, deployedWith, HOUR, reportNav, units, WAD } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const standard = () => deployedWith(standardProtocol);
const DEPLOYMENT = join(import.meta.dirname, "../../contracts/deployment");
const DOCUMENTS = join(DEPLOYMENT, "documents");
const KIND = { variable: 0n, fixed: 1n };
const { markets } = standardProtocol;

/** A ratio in wad as documents write it. */
function percent(wad: bigint): string {
  return `${Number((wad * 1_000n) / WAD) / 10}%`;
}

/** Seconds as documents write them: in days, or in hours where they say so. */
function days(seconds: number): string {
  return seconds % DAY === 0 ? `${(seconds / DAY).toLocaleString("en")} days` : `${seconds / HOUR} hours`;
}

function bps(value: number): string {
  return `${value / 100}%`;
}

/** An amount of the market's loan token as documents write it. */
function amount({ source }: MarketSpec, value: bigint): string {
  const isDollar = source.kind === "pool" && source.lends === "dollar";
  const whole = value / (isDollar ? 10n ** 6n : WAD);
  return `${whole.toLocaleString("en")} ${isDollar ? "dollars" : "pUSD"}`;
}

/** What the document of these terms must say. */
function termsSaid(spec: MarketSpec, terms: TermsSpec): string[] {
  const { maxLtv, liquidation } = spec.parameters;
  return [
    `| Market | ${spec.title}, collateral ${spec.collateral.symbol} |`,
    `| Open for new debt | ${days(terms.openFor)} after publication |`,
    `| Most debt under these terms | ${amount(spec, terms.cap)}`,
    `| Loan-to-value of new debt | at most ${percent(maxLtv)} |`,
    `| Liquidation threshold | ${percent(liquidation.lltv)} |`,
    `| Smallest debt | ${amount(spec, liquidation.minDebt)} |`,
    ...(terms.kind === "variable"
      ? [
          `begins at ${percent(spec.rate.initial)} a year`,
          `${percent(spec.rate.curve.target)} is lent`,
          `between ${percent(spec.rate.curve.minRateAtTarget)} and ${percent(spec.rate.curve.maxRateAtTarget)}`,
        ]
      : [
          `| Rate | ${percent(terms.rate)} a year`,
          `at least ${percent(terms.margin)} below the fixed rate |`,
          `| Maturity | ${days(terms.duration)} after publication |`,
          `| Grace period | ${days(terms.grace)} after maturity |`,
          `| Penalty when overdue | ${percent(terms.penalty)} a year`,
        ]),
  ];
}

/** What the summary must say. */
function summarySaid(spec: MarketSpec): string[] {
  const { maxLtv, liquidation, saleWindow, auctionDuration, auctionStart, auctionEnd } = spec.parameters;
  return [
    `| Token | ${spec.collateral.name} (${spec.collateral.symbol}), ${spec.collateral.decimals} decimals |`,
    `| Loan-to-value of new debt | at most ${percent(maxLtv)} |`,
    `| Liquidation threshold | ${percent(liquidation.lltv)} |`,
    `| Liquidation bonus | ${percent(liquidation.minBonus)} to ${percent(liquidation.maxBonus)} |`,
    `| Variable debt | at most ${amount(spec, spec.debtCap)} |`,
    `| First rate | ${percent(spec.rate.initial)} a year |`,
    ...spec.documents.filter((name) => name !== "offering-summary").map((name) => `\`${name}.md\``),
    ...(auctionDuration > 0
      ? [
          `${days(saleWindow)} to preferred buyers, then ${days(auctionDuration)} of auction`,
          `| Auction | from ${percent(auctionStart)} to ${percent(auctionEnd)} of value`,
        ]
      : []),
    ...(spec.source.kind === "pool"
      ? [
          `| Lenders bring | at most ${amount(spec, spec.source.supplyCap)} |`,
          `| Of their profit to reserves | ${percent(spec.source.reserveFactor)} |`,
        ]
      : []),
  ];
}

/** What the document on valuation must say. */
function valuationSaid({ oracle: { settings: s } }: MarketSpec): string[] {
  return [
    `| Signatures for a report | ${s.quorum} of 5 |`,
    `| For a value beyond the bounds, or the first | ${s.confirmQuorum} of 5 |`,
    `| Between two reports | at least ${s.minInterval < DAY ? `${s.minInterval / HOUR} hours` : days(s.minInterval)} |`,
    `| A report moves the value | at most ${bps(s.maxUpBps)} up, ${bps(s.maxDownBps)} down |`,
    `| Further down | after ${s.pendingDelay / HOUR} hours, or at once by the larger quorum |`,
  ];
}

function textOf({ key }: MarketSpec, name: string): string {
  return readFileSync(join(DOCUMENTS, key, `${name}.md`), "utf8");
}

/** Text without line breaks and double spaces, as it reads. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

describe("Disclosure", () => {
  for (const spec of markets) {
    describe(spec.key, () => {
      it("names on the token each document of its folder, by the hash of the file", async () => {
        const s = await loadFixture(standard);
        const { collateral, documents } = marketOf(s, spec.key);
        const files = readdirSync(join(DOCUMENTS, spec.key)).map((file) => file.replace(/\.md$/, ""));
        expect(files).to.have.members([...spec.documents]);
        const names: string[] = await collateral.getAllDocuments();
        expect(names.map(ethers.decodeBytes32String)).to.deep.equal([...spec.documents]);
        for (const { name, uri, hash } of documents) {
          const [uriThere, hashThere] = await collateral.getDocument(ethers.encodeBytes32String(name));
          const bytes = readFileSync(join(DEPLOYMENT, uri));
          expect([uriThere, hashThere], name).to.deep.equal([uri, ethers.keccak256(bytes)]);
          expect([uri, hash], "in the record").to.deep.equal([uriThere, hashThere]);
          expect(readDocument({ name, uri, hash })).to.equal(bytes.toString("utf8"));
        }
      });

      it("has adopted its terms, open under the documents that disclose them", async () => {
        const s = await loadFixture(standard);
        const { market, documents, terms } = marketOf(s, spec.key);
        expect(terms.map(({ kind, document }) => [kind, document.name])).to.deep.equal(
          spec.terms.map(({ kind, document }) => [kind, document]),
        );
        for (const [i, { id, document }] of terms.entries()) {
          const given = spec.terms[i];
          if (given === undefined) throw new Error("more terms than in the plain data");
          expect(document).to.deep.equal(documents.find(({ name }) => name === given.document));
          const there = await s.termsRegistry.termsOf(id);
          const adopted = await market.termsOf(id);
          const published = (await s.termsRegistry.queryFilter("TermsPublished", 0)) as EventLog[];
          expect(await s.termsRegistry.isOpen(id, market)).to.equal(true);
          expect(there.documentHash).to.equal(document.hash);
          const uris = published
            .filter(({ args }) => args.termsId === BigInt(id))
            .map(({ args }) => args.documentUri);
          expect(uris).to.deep.equal([document.uri]);
          expect([there.market, there.rateKind, there.cap]).to.deep.equal([
            market.target,
            KIND[given.kind],
            given.cap,
          ]);
          expect(adopted.start, "adopted").to.be.greaterThan(0n);
          expect(adopted.fixedRate).to.equal(given.kind === "fixed");
          const publishedAt = there.openUntil - BigInt(given.openFor);
          expect(adopted.start - publishedAt).to.be.within(0n, 10n);
          if (given.kind === "variable") continue;
          expect(there.maturity - publishedAt).to.equal(BigInt(given.duration));
          expect([
            adopted.ratePerYear,
            adopted.marginPerYear,
            adopted.penaltyPerYear,
            adopted.gracePeriod,
          ]).to.deep.equal([given.rate, given.margin, given.penalty, BigInt(given.grace)]);
          // Else nobody could borrow under them on the first day.
          expect(given.rate).to.be.at.least(spec.rate.initial + given.margin);
        }
      });

      it("says in its documents what its plain data says, and that it is fictional", () => {
        const said = new Map<string, string[]>([
          ["offering-summary", summarySaid(spec)],
          ["valuation", valuationSaid(spec)],
          ...spec.terms.map((terms): [string, string[]] => [terms.document, termsSaid(spec, terms)]),
        ]);
        for (const name of spec.documents) {
          const text = flat(textOf(spec, name));
          expect(text, name).to.match(/^# .+ > \*\*Fictional\.\*\* Written for a development chain/);
          for (const words of said.get(name) ?? []) expect(text, name).to.include(words);
        }
        const ages = [spec.oracle.settings.staleAfter, spec.oracle.settings.expiredAfter];
        const [stale, expired] =
          /Stale \| after (.+?):.*Expired \| after (.+?):/
            .exec(flat(textOf(spec, "valuation")))
            ?.slice(1)
            .map((words) => Number.parseInt(words, 10) * (words.endsWith("hours") ? HOUR : DAY)) ?? [];
        expect([stale, expired]).to.deep.equal(ages);
      });

      it("sells within the time that its NAV may be used, and in full from the threshold down to the auction's end", () => {
        const { liquidation, saleWindow, auctionDuration, auctionEnd } = spec.parameters;
        expect(spec.oracle.settings.expiredAfter).to.be.greaterThan(saleWindow + auctionDuration);
        expect((liquidation.lltv * auctionEnd) / WAD < WAD).to.equal(true);
      });
    });
  }

  it("numbers all terms of all markets, each once", async () => {
    const s = await loadFixture(standard);
    const ids = s.markets.flatMap(({ terms }) => terms.map(({ id }) => id));
    expect(ids).to.deep.equal(ids.map((_, i) => i + 1));
    expect(await s.termsRegistry.count()).to.equal(BigInt(ids.length));
    expect(ids.length).to.equal(markets.reduce((sum, { terms }) => sum + terms.length, 0));
  });

  it("lends under fixed terms once lenders are there and a checkpoint has opened room", async () => {
    const s = await loadFixture(standard);
    const { market, source, oracle, collateral, terms } = marketOf(s, "trade-invoices");
    const id = terms.find(({ kind }) => kind === "fixed")?.id;
    const dollars = (whole: number) => BigInt(whole) * 10n ** 6n;
    await s.dollar.mint(s.carol, dollars(10_000));
    await as(s.dollar, s.carol).approve(source, dollars(10_000));
    await as(source, s.carol).deposit(dollars(10_000), s.carol);
    await time.increase(2 * HOUR);
    await market.checkpoint();
    await reportNav(oracle, 10n * 10n ** 8n, 4);
    await collateral.mint(s.alice, units(1_000));
    await as(collateral, s.alice).approve(market, units(1_000));
    await as(market, s.alice).addCollateral(s.alice, id, units(1_000));
    await as(market, s.alice).borrow(s.alice, id, dollars(3_000), s.alice);
    expect(await s.dollar.balanceOf(s.alice)).to.equal(dollars(3_000));
    expect(await market.totalFixedDebt()).to.be.within(dollars(3_000), dollars(3_000) + 1n);
  });

  describe("of a document", () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), "polder-documents-"));
      cpSync(DOCUMENTS, join(folder, "documents"), { recursive: true });
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    async function firstTerms(): Promise<DocumentRecord> {
      const [terms] = marketOf(await loadFixture(standard), "office-building").terms;
      if (terms === undefined) throw new Error("no terms were published");
      return terms.document;
    }

    it("shows a change of one byte", async () => {
      const document = await firstTerms();
      const path = join(folder, document.uri);
      expect(dirname(path)).to.equal(join(folder, "documents/office-building"));
      expect(readDocument(document, folder)).to.equal(readDocument(document));
      writeFileSync(path, readFileSync(path, "utf8").replace("8,000,000", "9,000,000"));
      expect(() => readDocument(document, folder)).to.throw(
        /loan-terms-variable.md is not what was published: its hash is 0x[0-9a-f]{64}, not 0x/,
      );
    });

    it("says which one is gone", async () => {
      const document = await firstTerms();
      rmSync(join(folder, document.uri));
      expect(() => readDocument(document, folder)).to.throw(
        /there is no document documents\/office-building/,
      );
    });
  });
});
