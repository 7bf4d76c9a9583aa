// The deployment as a whole: the record finds it again, and the first caps are those of the plain data, covered by the seed.
import { expect } from "chai";
import { handOver, standardRules } from "../../contracts/deployment/governance.ts";
import {
  deployProtocol,
  marketOf,
  membersOf,
  type ProtocolOptions,
} from "../../contracts/deployment/protocol.ts";
import { connectProtocol, type DeploymentRecord, recordOf } from "../../contracts/deployment/record.ts";
import { standardProtocol } from "../../contracts/deployment/standard.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, deployedWith, options, type Setup, units, WAD } from "./support/setup.ts";

const { loadFixture } = networkHelpers;
const standard = () => deployedWith(standardProtocol);

/** Tries to deploy with `changed` options; returns why it was refused, after having sent nothing. */
async function refusal(s: Setup, changed: Partial<ProtocolOptions>): Promise<string> {
  const nonce = await s.deployer.getNonce();
  const given = {
    ...standardProtocol,
    attestors: options.oracle.attestors,
    dollar: { token: String(s.dollar.target), feed: String(s.dollarFeed.target) },
    ...changed,
  };
  const error = await deployProtocol(s.deployer, given).catch((thrown: Error) => thrown);
  expect(error).to.be.instanceOf(Error);
  expect(await s.deployer.getNonce(), "nothing was sent").to.equal(nonce);
  return String(error);
}

describe("Deployment", () => {
  it("is found again by its record", async () => {
    const s = await loadFixture(standard);
    const governance = await handOver(s.deployer, s, {
      ...standardRules,
      guardian: s.alice.address,
      registrar: s.bob.address,
      agent: s.carol.address,
      servicer: s.keeper.address,
      allocations: [],
    });
    const about = {
      chainId: 31_337,
      genesisHash: `0x${"ab".repeat(32)}`,
      startBlock: 7,
      deployer: s.deployer.address,
      development: true,
    };
    const record = JSON.parse(JSON.stringify(recordOf(s, governance, about))) as DeploymentRecord;
    expect(record).to.include({ chainId: 31_337, startBlock: 7, deployer: s.deployer.address });
    expect(record.dollar).to.deep.equal({
      token: s.dollar.target,
      feed: s.dollarFeed.target,
      development: true,
    });
    expect(record.governance?.timelock).to.equal(governance.timelock.target);
    expect(record.markets.map(({ key, kind }) => [key, kind])).to.deep.equal([
      ["treasury-bills", "facility"],
      ["trade-invoices", "pool"],
      ["office-building", "pool"],
      ["harvest", "pool"],
      ["music-royalties", "pool"],
    ]);

    const found = connectProtocol(record, ethers.provider);
    const places = (protocol: typeof found) =>
      membersOf(protocol).map(({ path, name, contract }) => [path, name, contract.target]);
    expect(places(found)).to.deep.equal(places(s));
    expect(found.libraries).to.deep.equal(s.libraries);
    for (const market of s.markets) {
      const { documents, terms } = marketOf(found, market.key);
      expect({ documents, terms }).to.deep.equal({ documents: market.documents, terms: market.terms });
    }
    for (const { key, title, kind, source, market, collateral, oracle, rateModel } of found.markets) {
      const spec = standardProtocol.markets.find((each) => each.key === key);
      expect([title, kind]).to.deep.equal([spec?.title, spec?.source.kind]);
      expect(await source.market()).to.equal(market.target);
      expect(await collateral.symbol()).to.equal(spec?.collateral.symbol);
      expect(await oracle.description()).to.equal(spec?.oracle.description);
      expect(await market.oracle()).to.equal(oracle.target);
      expect(await market.collateralToken()).to.equal(collateral.target);
      expect((await rateModel.curve()).target).to.equal(spec?.rate.curve.target);
    }
    expect(await marketOf(found, "trade-invoices").source.asset()).to.equal(s.dollar.target);
    expect(() => marketOf(found, "tulips")).to.throw(
      /one of treasury-bills, trade-invoices, office-building, harvest/,
    );
  });

  it("has the caps of the plain data, and the seed in the backstop covers them", async () => {
    const s = await loadFixture(standard);
    for (const spec of standardProtocol.markets) {
      const { market, source } = marketOf(s, spec.key);
      expect((await market.debtCap())[0], spec.key).to.equal(spec.debtCap);
      if (spec.source.kind === "pool") {
        expect((await source.supplyCap())[0]).to.equal(spec.source.supplyCap);
      }
    }
    const { peg, seed } = standardProtocol;
    expect((await s.peg.ceiling())[0]).to.equal(peg.ceiling);
    const seeded = (seed * 10n ** 12n * (10_000n - BigInt(peg.fees.inBps))) / 10_000n;
    expect(await s.stablecoin.totalSupply(), "and no other pUSD").to.equal(seeded);
    expect(await s.policy.capital()).to.equal(seeded);
    expect(await s.policy.requiredCapital()).to.be.within(units(2_250_000), units(2_250_001));
    await s.policy.requireCovered();
    expect(await s.dollar.balanceOf(s.deployer)).to.equal(0n);

    // Two per cent of this is more than what is left.
    const more = ((seeded - units(2_250_000)) * 10_000n) / 200n + WAD;
    await expect(s.policy.raiseDebtCap(s.market, more)).to.be.revertedWithCustomError(s.policy, "NotCovered");
  });

  it("sends nothing where the seed does not cover the caps, is not there, or does not fit the peg", async () => {
    const s = await loadFixture(standard);
    const { seed, peg, markets } = standardProtocol;
    expect(await refusal(s, {})).to.match(/holds 0 units of the dollar token, the seed takes 2500000000000/);
    await s.dollar.mint(s.deployer, seed);
    expect(await refusal(s, { seed: seed / 2n })).to.match(/the first caps need 2250000\d* of capital/);
    expect(await refusal(s, { peg: { ...peg, inflowCap: seed - 1n } })).to.match(
      /goes through the peg module/,
    );
    const [first] = markets;
    if (first === undefined) throw new Error("the standard has no market");
    expect(await refusal(s, { markets: [first, first] })).to.match(
      /two markets have the key "treasury-bills"/,
    );
    const unwritten = { ...first, documents: [...first.documents, "prospectus"] };
    expect(await refusal(s, { markets: [unwritten] })).to.match(
      /no document documents\/treasury-bills\/prospectus.md/,
    );
    expect(await refusal(s, { markets: [{ ...first, documents: [] }] })).to.match(
      /terms are disclosed in "loan-terms-variable", which is none of its documents/,
    );
  });

  it("leaves a market of lenders out of the capital that pUSD needs", async () => {
    const s = await loadFixture(standard);
    const { market } = marketOf(s, "trade-invoices");
    const needed = await s.policy.requiredCapital();
    await market.raiseDebtCap(units(1));
    expect(await s.policy.requiredCapital()).to.be.within(needed, needed + units(1));
    await expect(as(s.policy, s.deployer).raiseDebtCap(market, 1)).to.be.revertedWithCustomError(
      s.policy,
      "NotListed",
    );
  });
});
