// Draws docs/images/lanes.svg from what happens: plays the demo's scenario on a chain that runs already and shows the
// block in which all borrow. It knows the scenario's results, not how they come about.
//   npm run chain, and in another terminal: node docs/images/draw.ts > docs/images/lanes.svg
import { LANES, laneOf } from "../../contracts/model/index.ts";
import { connect, DEFAULT_RPC_URL } from "../../scripts/lib/connection.ts";
import { Scenario } from "../../scripts/scenario.ts";

const WAD = 10n ** 18n;
const FALL = 800n; // basis points

/* MEASURES, in pixels */

const WIDTH = 960;
const LEFT = 76;
const RIGHT = 28;
const TOP = 92;
const PITCH = 12;
const STRIP = 9; // the rest of the pitch is canal
const DITCH = 1.5;
const BOTTOM = TOP + LANES * PITCH;
const HEIGHT = BOTTOM + 104;

/** Debt in pUSD from which a parcel has the tint of its index. */
const TINTS = [0, 25_000, 50_000, 100_000];

type Parcel = { gas: number; debt: number; unhealthy: boolean };

const connection = await connect(process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL);
try {
  const scenario = await Scenario.create(connection, { borrowers: 200, seed: 1, navFall: FALL });
  await scenario.prepare();
  const { mined, report } = await scenario.borrow();
  if (report === undefined) throw new Error("only Polder's chain tells how parallel a block was");
  await scenario.reportFall();
  await scenario.confirmFall();
  const after = await scenario.positions();

  const lanes: Parcel[][] = Array.from({ length: LANES }, () => []);
  const order = [...mined.outcomes.entries()].sort(([, a], [, b]) => a.index - b.index);
  for (const [i, { gasUsed }] of order) {
    const borrower = scenario.borrowers[i];
    const position = borrower && after.get(borrower.wallet.address);
    if (borrower === undefined || position === undefined) throw new Error(`loan ${i} left no position`);
    lanes[laneOf(borrower.wallet.address)]?.push({
      gas: Number(gasUsed),
      debt: Number(borrower.debt / WAD),
      unhealthy: position.liquidatable,
    });
  }
  console.log(draw(lanes, Number(mined.gasUsed)));
} finally {
  connection.provider.destroy();
}

function draw(lanes: readonly (readonly Parcel[])[], total: number): string {
  const lengths = lanes.map((parcels) => parcels.reduce((sum, { gas }) => sum + gas, 0));
  const longest = Math.max(...lengths);
  const loans = lanes.flat();
  const unhealthy = loans.filter((parcel) => parcel.unhealthy).length;
  const axis = Math.ceil(longest / 200_000) * 200_000;
  const scale = (WIDTH - LEFT - RIGHT) / axis;
  const x = (gas: number) => LEFT + gas * scale;
  const million = (gas: number, digits: number) => `${(gas / 1e6).toFixed(digits)} M`;

  const strips = lanes.map((parcels, lane) => {
    const y = TOP + lane * PITCH;
    let gas = 0;
    const fields = parcels.map((parcel) => {
      const left = x(gas);
      gas += parcel.gas;
      const kind = parcel.unhealthy ? "risk" : `t${TINTS.findLastIndex((from) => parcel.debt >= from)}`;
      return `<path class="${kind}" d="M${n(left)} ${y}H${n(x(gas) - DITCH)}v${STRIP}H${n(left)}z"/>`;
    });
    const fallow = `<path class="fallow" d="M${n(x(gas))} ${y}H${WIDTH - RIGHT}v${STRIP}H${n(x(gas))}z"/>`;
    return fields.join("") + fallow;
  });

  const labels = [0, 7, 15, 23, 31].map((lane) =>
    text(LEFT - 10, TOP + lane * PITCH + STRIP - 0.5, `lane ${lane}`, "small end"),
  );
  const ticks = Array.from({ length: axis / 200_000 + 1 }, (_, i) => i * 200_000).flatMap((gas) => [
    `<path class="line" d="M${n(x(gas))} ${BOTTOM + 4}v5"/>`,
    text(x(gas), BOTTOM + 23, gas === 0 ? "0" : million(gas, 1), "small middle"),
  ]);
  const legend = [
    ...TINTS.map((from, i) => {
      const to = TINTS[i + 1];
      const words =
        to === undefined
          ? `${from / 1000},000 and more`
          : `${from === 0 ? "to" : `${from / 1000} to`} ${to / 1000},000`;
      return { kind: `t${i}`, words };
    }),
    { kind: "risk", words: `${unhealthy} that fall short when the NAV falls by ${Number(FALL) / 100}%` },
  ];
  let at = LEFT + 76;
  const keys = legend.map(({ kind, words }) => {
    const key = `<path class="${kind}" d="M${at} ${BOTTOM + 75}h16v${STRIP}h-16z"/>${text(at + 23, BOTTOM + 84, words, "small")}`;
    at += 46 + words.length * 6.4;
    return key;
  });

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title detail">
<title id="title">${loans.length} loans in one block, in ${LANES} lanes</title>
<desc id="detail">A field of ${LANES} parallel strips, one per lane. Each strip holds the lane's loans one behind the other, each as long as the gas it used. The longest strip takes ${million(longest, 2)} gas of the block's ${million(total, 2)}.</desc>
<style>
text{font-family:ui-sans-serif,system-ui,"Segoe UI",Helvetica,Arial,sans-serif;font-variant-numeric:tabular-nums;fill:#16324a}
.head{font-size:21px;font-weight:600}.sub{font-size:13.5px;fill:#4a6478}.small{font-size:11.5px;fill:#4a6478}
.end{text-anchor:end}.middle{text-anchor:middle}
.land{fill:#fff}.water{fill:#cfe3ee}.fallow{fill:#f4f8fa}.line{stroke:#4a6478;fill:none}
.t0{fill:#c9dfb8}.t1{fill:#a3c795}.t2{fill:#74a974}.t3{fill:#44835c}.risk{fill:#e2682c}
@media (prefers-color-scheme:dark){
text{fill:#e6eff5}.sub,.small{fill:#9db4c4}
.land{fill:#0b2033}.water{fill:#1b4560}.fallow{fill:#0f2a40}.line{stroke:#9db4c4}
.t0{fill:#3a5f53}.t1{fill:#4f8266}.t2{fill:#74a97c}.t3{fill:#a9d29a}.risk{fill:#f08a4b}
}
</style>
<path class="land" d="M0 0h${WIDTH}v${HEIGHT}H0z"/>
${text(LEFT, 38, `${loans.length} loans in one block, up to ${(total / longest).toFixed(1)} times as fast as one by one`, "head")}
${text(LEFT, 62, `A strip is a lane of the market's storage, a parcel a loan, as long as the gas it used. Parcels of a strip wait for each`, "sub")}
${text(LEFT, 79, `other, strips do not: on enough cores the block needs the time of its longest strip, ${million(longest, 2)} of ${million(total, 2)} gas.`, "sub")}
<path class="water" d="M${LEFT - 3} ${TOP - 3}H${WIDTH - RIGHT + 3}V${BOTTOM}H${LEFT - 3}z"/>
${strips.join("\n")}
${labels.join("\n")}
${ticks.join("\n")}
${text(WIDTH - RIGHT, BOTTOM + 42, "gas of the lane, one loan after the other", "small end")}
${text(LEFT, BOTTOM + 84, "debt, pUSD", "small")}
${keys.join("\n")}
</svg>`;
}

function text(x: number, y: number, words: string, kind: string): string {
  return `<text class="${kind}" x="${n(x)}" y="${n(y)}">${words}</text>`;
}

/** A coordinate, to a tenth of a pixel. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
