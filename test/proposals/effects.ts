// That a simulation tells the truth: for each kind of proposal, what it said would change is what changed once the proposal
// was proposed, voted for, queued and executed, at the same second and for the same gas.
import assert from "node:assert/strict";
import { it } from "node:test";
import { encodeFunctionData } from "viem";
import { polderGovernorAbi } from "../../contracts/build/abi.ts";
import { deployAsset, deployMarketContracts } from "../../contracts/deployment/market.ts";
import { officeBuilding } from "../../contracts/deployment/markets/office-building.ts";
import { treasuryBills } from "../../contracts/deployment/markets/treasury-bills.ts";
import { type Action, type ActionOf, listedMarket } from "../../contracts/proposals/index.ts";
import { GUARDIAN, lines, type World } from "./support.ts";

const STRANGER = "0x00000000000000000000000000000000000057a6";
const ATTESTORS = [1_000, 1_001, 1_002, 1_003, 1_004];
const HASH = `0x${"d0c".padEnd(64, "0")}`;

type Case = {
  what: string;
  actions: readonly Action[] | ((world: World) => readonly Action[]);
  /** Lines that must be among the changes. */
  expect: readonly string[] | ((world: World) => readonly string[]);
  /** Kinds of warnings, all of them, each once. */
  warns: readonly string[];
  before?: (world: World) => Promise<unknown>;
};

/** How many terms the deployment published. */
const termsOf = ({ markets }: World["record"]) => markets.flatMap(({ terms }) => terms).length;

const cases: readonly Case[] = [
  {
    what: "raise the cap of a market that mints",
    actions: [{ type: "raiseDebtCap", market: "treasury-bills", by: "5000000" }],
    expect: ["treasury-bills.market.debtCap: 100,000,000 pUSD -> 105,000,000 pUSD"],
    warns: ["loosens risk"],
  },
  {
    what: "raise the caps of a market of lenders",
    actions: [
      { type: "raiseSupplyCap", market: "office-building", by: "1000000" },
      { type: "raiseDebtCap", market: "office-building", by: "500000.5" },
    ],
    expect: [
      "office-building.market.debtCap: 10,000,000 pUSD -> 10,500,000.5 pUSD",
      "office-building.source.supplyCap: 20,000,000 lpOFFICE -> 21,000,000 lpOFFICE",
    ],
    warns: ["loosens risk"],
  },
  {
    what: "cut caps",
    actions: [
      { type: "cutDebtCap", market: "harvest", by: "1000000" },
      { type: "cutSupplyCap", market: "harvest", by: "1000000" },
      { type: "cutDebtCap", market: "treasury-bills", by: "10000000" },
    ],
    expect: [
      "harvest.market.debtCap: 3,000,000 devUSD -> 2,000,000 devUSD",
      "treasury-bills.market.debtCap: 100,000,000 pUSD -> 90,000,000 pUSD",
    ],
    warns: [],
  },
  {
    what: "pause new debt",
    actions: [{ type: "pauseNewDebt", market: "trade-invoices" }],
    expect: ["trade-invoices.market.newDebtPaused: no -> yes"],
    warns: [],
  },
  {
    what: "resume what a guardian paused",
    before: (world) => asGuardian(world, world.contracts.markets[1]?.market, "pauseNewDebt"),
    actions: [{ type: "resumeNewDebt", market: "trade-invoices" }],
    expect: ["trade-invoices.market.newDebtPaused: yes -> no"],
    warns: ["loosens risk"],
  },
  {
    what: "ramp a liquidation loan-to-value",
    actions: [{ type: "rampLltv", market: "office-building", to: "62.5%", over: "30 days" }],
    expect: ["office-building.market.lltvTo: 65% -> 62.5%"],
    warns: [],
  },
  {
    what: "set what a pool's profit pays",
    actions: [
      { type: "setReserve", market: "music-royalties", factor: "12.5%" },
      { type: "setRebalanceFee", market: "music-royalties", fee: "2" },
    ],
    expect: [
      "music-royalties.source.reserve.factor: 10% -> 12.5%",
      "music-royalties.source.rebalanceFee: 0 pUSD -> 2 pUSD",
    ],
    warns: [],
  },
  {
    what: "cover a pool",
    actions: [{ type: "setPoolCover", market: "office-building", covered: true }],
    expect: ["surplus.isCovered.office-building: no -> yes"],
    warns: ["loosens risk"],
  },
  {
    what: "set the bounds of a NAV",
    actions: [
      { type: "setOracleBounds", market: "office-building", maxUp: "2%", staleAfter: "35 days", quorum: "2" },
    ],
    expect: [
      "office-building.oracle.settings.staleAfter: 40 days -> 35 days",
      "office-building.oracle.settings.maxUpBps: 1% -> 2%",
      "office-building.oracle.settings.quorum: 3 -> 2",
    ],
    warns: ["loosens risk"],
  },
  {
    what: "compare a NAV with a feed, and replace an attestor",
    actions: ({ connection }) => [
      {
        type: "setComparison",
        market: "treasury-bills",
        feed: "dollarFeed",
        maxAge: "1 day",
        maxDeviation: "1%",
      },
      {
        type: "rotateAttestor",
        market: "treasury-bills",
        retired: connection.wallet(1_000).address,
        successor: connection.wallet(60).address,
      },
    ],
    expect: ({ record }) => [
      `treasury-bills.oracle.comparison.feed: nobody -> Dollar feed (${record.dollar.feed})`,
      "treasury-bills.oracle.comparison.maxDeviationBps: 0% -> 1%",
    ],
    warns: ["loosens risk"],
  },
  {
    what: "let a NAV go on that a guardian stopped",
    before: (world) => asGuardian(world, world.contracts.markets[2]?.oracle, "pullRipcord"),
    actions: [{ type: "releaseRipcord", market: "office-building" }],
    expect: ["office-building.oracle.ripcord: yes -> no"],
    warns: ["loosens risk"],
  },
  {
    what: "publish fixed terms and adopt them",
    actions: [
      {
        type: "publishTerms",
        market: "office-building",
        kind: "fixed",
        cap: "250000",
        openUntil: "90 days",
        maturity: "365 days",
        rate: "11.5%",
        margin: "1%",
        penalty: "4%",
        grace: "30 days",
        documentUri: "documents/office-building/loan-terms-2027.md",
        documentHash: HASH,
        adopt: true,
      },
    ],
    expect: ({ record }) => {
      const id = record.markets.flatMap(({ terms }) => terms).length + 1;
      return [
        `termsRegistry.count: ${id - 1} -> ${id}`,
        `termsRegistry.terms.${id}.cap: none -> 250,000 pUSD`,
        `termsRegistry.terms.${id}.ratePerYear: none -> 11.5% a year`,
        `termsRegistry.terms.${id}.gracePeriod: none -> 30 days`,
      ];
    },
    warns: ["loosens risk"],
  },
  {
    what: "publish variable terms, which anybody may adopt later",
    actions: [
      {
        type: "publishTerms",
        market: "treasury-bills",
        kind: "variable",
        cap: "1000",
        openUntil: "2027-06-30T00:00:00Z",
        documentUri: "documents/treasury-bills/loan-terms-variable.md",
        documentHash: HASH,
        adopt: false,
      },
    ],
    expect: ({ record }) => [
      `termsRegistry.terms.${record.markets.flatMap(({ terms }) => terms).length + 1}.openUntil: none -> 2027-06-30 00:00:00 UTC`,
    ],
    warns: ["loosens risk"],
  },
  {
    what: "adopt terms that were published",
    actions: ({ record }) => [
      {
        type: "publishTerms",
        market: "treasury-bills",
        kind: "variable",
        cap: "1000",
        openUntil: "90 days",
        documentUri: "documents/treasury-bills/loan-terms-variable.md",
        documentHash: HASH,
        adopt: false,
      },
      { type: "adoptTerms", market: "treasury-bills", terms: `${termsOf(record) + 1}` },
    ],
    expect: ({ record }) => [`termsRegistry.count: ${termsOf(record)} -> ${termsOf(record) + 1}`],
    warns: ["loosens risk"],
  },
  {
    what: "close terms",
    actions: [{ type: "closeTerms", terms: "1", at: "1 day" }],
    expect: [],
    warns: [],
  },
  {
    what: "raise and cut what the peg takes, and set its fees",
    actions: [
      { type: "raiseCeiling", by: "1000000" },
      { type: "raiseInflowCap", to: "6000000" },
      { type: "setPegFees", in: "0.1%", out: "0.2%" },
    ],
    expect: [
      "peg.ceiling: 50,000,000 devUSD -> 51,000,000 devUSD",
      "peg.inflowCap: 5,000,000 devUSD -> 6,000,000 devUSD",
      "peg.fees.in: 0.05% -> 0.1%",
      "peg.fees.out: 0.1% -> 0.2%",
    ],
    warns: ["loosens risk"],
  },
  {
    what: "cut what the peg takes, resume its inflow",
    before: (world) => asGuardian(world, world.contracts.peg, "stopInflow"),
    actions: [
      { type: "cutCeiling", by: "1000000" },
      { type: "cutInflowCap", to: "1000000" },
      { type: "resumeInflow" },
    ],
    expect: [
      "peg.ceiling: 50,000,000 devUSD -> 49,000,000 devUSD",
      "peg.inflowCap: 5,000,000 devUSD -> 1,000,000 devUSD",
      "peg.inflowStopped: yes -> no",
    ],
    warns: ["loosens risk"],
  },
  {
    what: "set who receives the surplus's excess, and the room for savers",
    actions: [
      { type: "setPayout", savings: "50%", backstop: "30%" },
      { type: "setShareCap", minimum: "2000000", headroom: "30%" },
    ],
    expect: [
      "surplus.shares.savings: 60% -> 50%",
      "surplus.shares.backstop: 25% -> 30%",
      "savings.minShareCap: 1,000,000 sPUSD -> 2,000,000 sPUSD",
      "savings.headroomBps: 25% -> 30%",
    ],
    warns: ["loosens risk"],
  },
  {
    what: "make a cap need more capital than there is",
    actions: [{ type: "setWeight", target: "treasury-bills.market", kind: "market", weight: "4%" }],
    expect: ({ record }) => [`policy.weight.${record.markets[0]?.market.toLowerCase()}: 2% -> 4%`],
    warns: ["exceeds the capital policy"],
  },
  {
    what: "grant and revoke roles",
    actions: ({ connection }) => [
      { type: "grantRole", role: "guardian", account: STRANGER, delay: "1 hour" },
      { type: "revokeRole", role: "servicer", account: connection.wallet(7).address },
    ],
    expect: ({ connection }) => [
      `accessManager.role.1.${STRANGER}: no -> yes`,
      `accessManager.role.1.${STRANGER}.delay: 0 seconds -> 1 hour`,
      `accessManager.role.5.${connection.wallet(7).address.toLowerCase()}: yes -> no`,
    ],
    warns: ["touches roles"],
  },
  {
    what: "change how votes run and who may cancel them",
    actions: [
      { type: "setVotingRules", votingDelay: "2 days", quorum: "5%", proposalThreshold: "200000" },
      { type: "setTimelockDelay", to: "3 days" },
      { type: "setGuardian", account: STRANGER },
    ],
    expect: [
      "governor.votingDelay: 1 day -> 2 days",
      "governor.quorumNumerator: 4% -> 5%",
      "governor.proposalThreshold: 100,000 PLDR -> 200,000 PLDR",
      "timelock.minDelay: 2 days -> 3 days",
    ],
    warns: ["touches roles"],
  },
  {
    what: "call what no form has",
    actions: [
      {
        type: "call",
        target: "governor",
        data: encodeFunctionData({
          abi: polderGovernorAbi,
          functionName: "setVotingDelay",
          args: [2 * 86_400],
        }),
      },
    ],
    expect: ["governor.votingDelay: 1 day -> 2 days"],
    warns: ["touches roles"],
  },
  {
    what: "pay from the treasury",
    before: ({ record, connection }) =>
      connection
        .wallet(8)
        .sendTransaction({ to: record.governance?.timelock, value: 10n ** 18n })
        .then((t) => t.wait()),
    actions: [
      { type: "treasuryTransfer", token: "PLDR", to: STRANGER, amount: "1234.5" },
      { type: "treasuryTransfer", token: "ETH", to: STRANGER, amount: "0.25" },
    ],
    expect: ({ record }) => [
      `${record.governance?.token.toLowerCase()}.balance.${record.governance?.timelock.toLowerCase()}: 42,000,000 PLDR -> 41,998,765.5 PLDR`,
      `${record.governance?.token.toLowerCase()}.balance.${STRANGER}: 0 PLDR -> 1,234.5 PLDR`,
      `ether.${record.governance?.timelock.toLowerCase()}: 1 ETH -> 0.75 ETH`,
      `ether.${STRANGER}: 0 ETH -> 0.25 ETH`,
    ],
    warns: ["moves treasury", "cannot be decoded"],
  },
];

export function effects(world: () => World): void {
  for (const { what, actions, expect, warns, before } of cases) {
    it(`to ${what}`, async () => {
      await world().apart(() => hold(world(), { what, actions, expect, warns, before }));
    });
  }

  for (const spec of [treasuryBills, officeBuilding]) {
    it(`to list a market of a ${spec.source.kind} that somebody deployed`, () =>
      world().apart(async () => {
        const w = world();
        const anybody = w.connection.wallet(18);
        const attestors = ATTESTORS.map((index) => w.connection.wallet(index).address);
        const { libraries } = w.contracts;
        const asset = await deployAsset(anybody, w.contracts, spec, attestors);
        const made = await deployMarketContracts(
          anybody,
          w.contracts,
          asset,
          { ...spec, key: "new" },
          libraries,
        );
        const at = (part: "collateral" | "oracle" | "rateModel" | "workout" | "desk" | "source" | "market") =>
          String(made[part].target);
        const facility = spec.source.kind === "facility";
        const listing: ActionOf<"listMarket"> = {
          type: "listMarket",
          title: "New market",
          kind: spec.source.kind,
          ...{ collateral: at("collateral"), oracle: at("oracle"), rateModel: at("rateModel") },
          ...{ workout: at("workout"), desk: at("desk"), source: at("source"), market: at("market") },
          debtCap: "1000000",
          ...(facility ? { weight: "2%" } : { supplyCap: "1500000" }),
        };
        const market = at("market").toLowerCase();
        const context = { rpc: w.rpc, protocol: w.protocol };
        await assert.rejects(listedMarket(listing, context), /is not listed: execute the proposal first/);
        const changed = await hold(w, {
          what: "list a market",
          actions: [listing],
          expect: [
            `registry.custodians.${market}: no -> yes`,
            ...(facility
              ? [
                  `policy.weight.${market}: none -> 2%`,
                  `stablecoin.status.${at("source").toLowerCase()}: none -> active`,
                ]
              : []),
          ],
          warns: ["touches roles", "loosens risk", ...(facility ? [] : ["cannot be decoded"])],
        });
        assert.ok(
          changed.some((line) => line.includes(`functionRole.${market}`) && line.endsWith("-> guardian")),
        );
        assert.equal((await made.market.debtCap())[0], 1_000_000n * 10n ** 18n);
        const recorded = await listedMarket(listing, context);
        const { key, market: address, desk, kind } = recorded;
        assert.deepEqual(
          [key, address, desk, kind],
          ["new-market", at("market"), at("desk"), spec.source.kind],
        );
        const again = { ...context.protocol, record: { ...w.record, markets: [recorded] } };
        await assert.rejects(listedMarket(listing, { rpc: w.rpc, protocol: again }), /recorded already/);
        // What looks like it and is not is refused before anybody votes: here, another market's oracle.
        const other = w.record.markets[3]?.oracle ?? "";
        await assert.rejects(w.enact([{ ...listing, oracle: other }], "Listing"), /oracle: it is wired to/);
        await assert.rejects(
          w.enact([{ ...listing, market: at("source") }], "Listing"),
          /market: the code at .* is not that of/,
        );
      }));
  }
}

/** Enacts and compares. Returns the changes in lines. */
async function hold(world: World, { what, actions, expect, warns, before }: Case): Promise<string[]> {
  await before?.(world);
  const { simulated, real, gasUsed } = await world.enact(
    typeof actions === "function" ? actions(world) : actions,
    `To ${what}`,
  );
  assert.deepEqual(lines(simulated.changes), lines(real));
  assert.deepEqual(simulated.changes, real);
  assert.equal(simulated.gas, gasUsed);
  const changed = lines(simulated.changes);
  for (const line of typeof expect === "function" ? expect(world) : expect) {
    assert.ok(changed.includes(line), `"${line}" among\n${changed.join("\n")}`);
  }
  const kinds = [...new Set(simulated.warnings.map(({ kind }) => kind))].sort();
  assert.deepEqual(
    kinds,
    [...warns].sort(),
    simulated.warnings.map(({ kind, text }) => `${kind}: ${text}`).join("\n"),
  );
  return changed;
}

// biome-ignore lint/suspicious/noExplicitAny: ethers builds the methods from the ABI
async function asGuardian(world: World, contract: any, method: string): Promise<void> {
  await (await contract.connect(world.connection.wallet(GUARDIAN))[method]()).wait();
}
