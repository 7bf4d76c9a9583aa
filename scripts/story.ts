// Prints the scenario, step by step as it happens: what people owe, what the keeper earns, how parallel each block was.
import { membersOf } from "../contracts/deployment/protocol.ts";
import { LANES, laneOf } from "../contracts/model/index.ts";
import type { Position } from "./keeper/keeper.ts";
import type { BlockReport } from "./lib/block-report.ts";
import {
  bar,
  bold,
  count,
  dim,
  facts,
  heading,
  money,
  paragraph,
  risk,
  short,
  strip,
  table,
} from "./lib/terminal.ts";
import type { Scenario } from "./scenario.ts";

const WAD = 10n ** 18n;
const SHOWN = 8;

type Positions = ReadonlyMap<string, Position>;

/** Plays and tells; resolves when the story is over. */
export async function tellStory(create: () => Promise<Scenario>): Promise<void> {
  const say = (text: string) => console.log(text);

  say(heading(1, "A market against Treasury bills"));
  const scenario = await create();
  await scenario.prepare();
  await tellMarket(scenario, say);

  say(heading(2, `${scenario.borrowers.length} people borrow in one block`));
  const { mined, report } = await scenario.borrow();
  const healthy = await scenario.positions();
  const lent = sum(healthy, ({ debt }) => debt);
  say(
    paragraph(
      `Block ${mined.number}: ${mined.outcomes.length} loans, ${money(lent)} pUSD, ${count(mined.gasUsed)} gas.${
        report === undefined
          ? ""
          : ` The longest chain of loans that had to wait for each other is ${report.criticalPath.transactions}: ` +
            `at best the block runs ${report.parallelism.toFixed(1)} times as fast as one by one.`
      }`,
    ),
  );
  const debts = new Array<number>(LANES).fill(0);
  const members = new Array<number>(LANES).fill(0);
  for (const { owner, debt } of healthy.values()) {
    const lane = laneOf(owner);
    debts[lane] = (debts[lane] ?? 0) + Number(debt / WAD);
    members[lane] = (members[lane] ?? 0) + 1;
  }
  say(`\n  ${dim("debt by lane       ")}  ${strip(debts)}`);
  say(`  ${dim("borrowers by lane  ")}  ${strip(members)}  ${dim(`at most ${Math.max(...members)} in one`)}`);
  const waited = report === undefined ? [] : contention(scenario, report);
  if (waited.length > 0) say(`  ${dim("waited for         ")}  ${waited.join(", ")}`);

  say(heading(3, "The NAV falls"));
  const { from, to, refusal } = await scenario.reportFall();
  const pending = await scenario.positions();
  await scenario.confirmFall();
  const fallen = await scenario.positions();
  say(
    facts([
      ["NAV", `${price(from)} → ${risk(price(to))} USD (${percent(Number(to - from) / Number(from))})`],
      ["3 of 5 attestors report it", "beyond the bound of 2% a report: pending, liquidations wait"],
      ["new debt is refused at once", refusal.slice(0, refusal.indexOf("("))],
      ["unhealthy meanwhile", String(unhealthy(pending).length)],
      [
        "4 of 5 attestors confirm it",
        `in force: ${risk(`${unhealthy(fallen).length} positions are unhealthy`)}`,
      ],
    ]),
  );

  say(heading(4, "The keeper liquidates"));
  const { liquidations, earned, fees, block } = await scenario.liquidate();
  const after = await scenario.positions();
  const shown = [...liquidations].sort((a, b) => (a.repaid < b.repaid ? 1 : -1)).slice(0, SHOWN);
  say(
    table(
      [
        { head: "borrower", align: "left" },
        { head: "debt before" },
        { head: "repaid" },
        { head: "debt after" },
        { head: "pTBILL seized" },
        { head: "health" },
        { head: "after" },
        { head: "loss" },
      ],
      shown.map(({ owner, repaid, seized, loss }) => {
        const [before, now] = [fallen.get(owner), after.get(owner)];
        return [
          short(owner),
          money(before?.debt ?? 0n),
          money(repaid),
          money(now?.debt ?? 0n),
          money(seized, 2),
          risk(health(before?.health)),
          health(now?.health),
          loss === 0n ? dim("–") : risk(money(loss)),
        ];
      }),
    ),
  );
  if (liquidations.length > shown.length)
    say(dim(`  and ${liquidations.length - shown.length} smaller ones`));
  const repaid = liquidations.reduce((total, each) => total + each.repaid, 0n);
  say("");
  say(
    facts([
      [
        "liquidated",
        `${liquidations.length} positions in block ${block.mined.number}, by ${Math.min(scenario.keeper.signers.length, liquidations.length)} accounts`,
      ],
      ["repaid", `${money(repaid)} pUSD`],
      [
        "keeper earned",
        `${bold(`${money(earned)} pUSD`)} of collateral over what it repaid (${percent(Number(earned) / Number(repaid))})`,
      ],
      ["gas fees", `${money(fees, 6)} ETH`],
    ]),
  );

  say(heading(5, "Positions before and after"));
  say(bands([healthy, fallen, after]));

  say(heading(6, "How parallel each block was"));
  say(tellBlocks(scenario));
}

async function tellMarket(scenario: Scenario, say: (text: string) => void): Promise<void> {
  const { protocol, borrowers } = scenario;
  const { market } = scenario.market;
  const view = await protocol.lens.marketOf(market.target);
  const { maxLtv, liquidation } = await market.parameters();
  const share = (value: bigint) => percent(Number(value) / 1e18);
  say(
    facts([
      ["market", `${market.target}`],
      ["collateral", `pTBILL, shares in a Treasury bill fund at ${price(view.nav.liquidationNav)} USD`],
      [
        "loans",
        `pUSD at ${share(view.ratePerYear)} a year, up to ${share(maxLtv)} of the collateral's value`,
      ],
      [
        "liquidation",
        `above ${share(liquidation.lltv)}; bonus ${share(liquidation.minBonus)} to ${share(liquidation.maxBonus)}`,
      ],
      ["debt cap", `${money(view.debtCap)} pUSD, in escrow over 32 lanes`],
      [
        "borrowers",
        `${borrowers.length}, with ${money(borrowers.reduce((total, each) => total + each.collateral, 0n))} pTBILL in custody`,
      ],
    ]),
  );
}

/** How many positions, and how much debt, in each band of health: at each of three moments. */
function bands(moments: readonly [Positions, Positions, Positions]): string {
  const edges = [
    { name: "below 0.97", from: 0, to: 0.97 },
    { name: "0.97 – 1.00", from: 0.97, to: 1 },
    { name: "1.00 – 1.05", from: 1, to: 1.05 },
    { name: "1.05 – 1.10", from: 1.05, to: 1.1 },
    { name: "1.10 – 1.25", from: 1.1, to: 1.25 },
    { name: "1.25 and more", from: 1.25, to: Number.POSITIVE_INFINITY },
  ];
  const cells = edges.map((edge) =>
    moments.map((positions) => {
      const inside = [...positions.values()].filter(({ health: h }) => {
        const value = Number(h) / 1e18;
        return value >= edge.from && value < edge.to;
      });
      return { number: inside.length, debt: inside.reduce((total, { debt }) => total + debt, 0n) };
    }),
  );
  const largest = Math.max(...cells.flat().map(({ number }) => number));
  const columns = ["borrowed", "NAV fallen", "liquidated"].flatMap((head) => [
    { head, align: "left" as const },
    { head: "debt pUSD" },
  ]);
  const rows = edges.map((edge, i) => [
    edge.to <= 1 ? risk(edge.name) : edge.name,
    ...(cells[i] ?? []).flatMap(({ number, debt }) => {
      const text = `${String(number).padStart(3)} ${bar(number, largest, 9)}`;
      return number === 0 ? [dim("  –"), ""] : [edge.to <= 1 ? risk(text) : text, money(debt)];
    }),
  ]);
  const totals = moments.flatMap((positions) => [
    `${String(positions.size).padStart(3)}`,
    money(sum(positions, ({ debt }) => debt)),
  ]);
  return table([{ head: "health factor", align: "left" }, ...columns], [...rows, [dim("all"), ...totals]]);
}

function tellBlocks({ blocks }: Scenario): string {
  const rows = blocks.map(({ what, mined, report }) => [
    String(mined.number),
    what,
    String(mined.outcomes.length),
    count(mined.gasUsed),
    ...(report === undefined
      ? ["", "", "", "", ""].map(() => dim("–"))
      : [
          String(report.criticalPath.transactions),
          bold(`${report.parallelism.toFixed(1)}×`),
          String(report.workers),
          String(report.reExecutions),
          (report.microseconds / 1_000).toFixed(1),
        ]),
  ]);
  const text = table(
    [
      { head: "block" },
      { head: "what", align: "left" },
      { head: "txs" },
      { head: "gas" },
      { head: "longest chain" },
      { head: "parallel" },
      { head: "workers" },
      { head: "again" },
      { head: "ms" },
    ],
    rows,
  );
  const note = blocks.every(({ report }) => report === undefined)
    ? "This node does not tell how parallel its blocks are; Polder's does."
    : "longest chain: transactions that had to wait for each other · parallel: all gas / gas of that chain, what " +
      "unlimited workers could gain · again: executions repeated because an earlier transaction changed what was read";
  return `${text}\n\n${dim(paragraph(note))}\n`;
}

/** Whose storage made transactions wait: contracts by the number of contended slots. */
function contention({ protocol }: Scenario, { contended }: BlockReport): string[] {
  const names = new Map(
    membersOf(protocol).map(({ name, contract }) => [String(contract.target).toLowerCase(), name as string]),
  );
  const slots = new Map<string, number>();
  for (const { address } of contended) {
    const name = names.get(address.toLowerCase()) ?? short(address);
    slots.set(name, (slots.get(name) ?? 0) + 1);
  }
  return [...slots].sort(([, a], [, b]) => b - a).map(([name, number]) => `${number} slots of ${name}`);
}

function unhealthy(positions: Positions): Position[] {
  return [...positions.values()].filter((position) => position.health < WAD);
}

function sum(positions: Positions, of: (position: Position) => bigint): bigint {
  return [...positions.values()].reduce((total, position) => total + of(position), 0n);
}

function health(value: bigint | undefined): string {
  return value === undefined ? dim("closed") : (Number(value) / 1e18).toFixed(3);
}

/** USD per token, from 8 decimals. */
function price(nav: bigint): string {
  return (Number(nav) / 1e8).toFixed(2);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
