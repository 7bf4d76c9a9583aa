// Moves a development chain's time on in steps, with NAV reports and the protocol's upkeep in between, so that nothing goes
// stale on the way. For seeds, tests and whoever wants to see a loan a year later.
import { AbiCoder, type Wallet } from "ethers";
import type { Protocol } from "../../contracts/deployment/protocol.ts";
import type { Connection } from "../lib/connection.ts";
import { requireDevelopment } from "../lib/development.ts";
import { explain } from "../lib/errors.ts";
import { type Intent, mineTogether } from "../lib/together.ts";
import { Attestors } from "./attestor.ts";
import { chainTime } from "./oracle.ts";
import type { NavSource } from "./source.ts";

export type TravelOptions = {
  /** How far, seconds. */
  seconds: number;
  /** At most so far at once, seconds: a day where left out. */
  step?: number;
  source: NavSource;
  /** Keys of every oracle's attestors, at least as many as its larger quorum. */
  attestors: readonly Wallet[];
  /** Who sends, and pays for gas. */
  sender: Wallet;
  /** Told after each step. */
  onStep?(step: TravelStep): void | Promise<void>;
};

export type TravelStep = {
  /** Chain time, seconds, and how far the journey is, from 0 to 1. */
  time: number;
  done: number;
  reports: { market: string; what: "report" | "confirm"; nav: bigint; ok: boolean }[];
};

const WATCH = "tuple(address[] markets, address surplus, uint256[] termsIds, address[] owners)";
const REPORT_GAS = 400_000n;
/** All markets' checkpoints and what else is due; a transaction takes no more than 2^24 (EIP-7825). */
const UPKEEP_GAS = 16_000_000n;
const DAY = 86_400;

/**
 * Moves time on by `seconds`. Each step ends with the reports that are due, their confirmations, and what `Upkeep` asks for:
 * checkpoints of all markets among it. Returns how many reports were accepted or became pending.
 */
export async function travel(
  connection: Connection,
  protocol: Protocol,
  { seconds, step = DAY, source, attestors, sender, onStep }: TravelOptions,
): Promise<{ reports: number }> {
  requireDevelopment(connection, "travelling in time");
  const { provider } = connection;
  const all = new Attestors(protocol, attestors, source);
  const began = await chainTime(connection);
  const end = began + seconds;
  let reports = 0;
  for (let now = began; ; ) {
    const wanted = Math.min(now + step, end);
    // The next block carries the time.
    if (wanted > now) await provider.send("evm_increaseTime", [wanted - now]);
    now = await chainTime(connection);
    const said = await attend(connection, protocol, all, sender, now);
    reports += said.filter(({ ok, what }) => ok && what === "report").length;
    await onStep?.({ time: now, done: Math.min(1, (now - began) / Math.max(1, seconds)), reports: said });
    if (now >= end) return { reports };
  }
}

/** What is due at this moment: the reports and upkeep in one block, confirmations of what that made pending in another. */
async function attend(
  connection: Connection,
  protocol: Protocol,
  attestors: Attestors,
  sender: Wallet,
  now: number,
): Promise<TravelStep["reports"]> {
  const steps = await Promise.all(protocol.markets.map(({ key }) => attestors.step(key, now)));
  const calls = steps.flatMap((each) => each.calls);
  const upkeep = await upkeepOf(protocol, sender);
  const intents: Intent[] = [
    ...calls.map(({ to, data }) => ({ sender, to, data, gasLimit: REPORT_GAS })),
    ...(upkeep === undefined ? [] : [upkeep]),
  ];
  if (intents.length === 0) await connection.provider.send("evm_mine", []);
  const outcomes = await mined(connection, intents);
  const said = calls.map(({ market, what, nav }, i) => ({ market, what, nav, ok: outcomes[i] ?? false }));
  const outOfBounds = calls.filter(({ what, withinBounds }) => what === "report" && !withinBounds);
  if (outOfBounds.length === 0) return said;
  const confirmations = await Promise.all(
    outOfBounds.map(({ market }) => attestors.step(market, now).then((each) => each.calls)),
  );
  const second = confirmations.flat().filter(({ what }) => what === "confirm");
  const confirmed = await mined(
    connection,
    second.map(({ to, data }) => ({ sender, to, data, gasLimit: REPORT_GAS })),
  );
  return [
    ...said,
    ...second.map(({ market, what, nav }, i) => ({ market, what, nav, ok: confirmed[i] ?? false })),
  ];
}

async function upkeepOf({ upkeep, surplus, markets }: Protocol, sender: Wallet): Promise<Intent | undefined> {
  const watch = {
    markets: markets.map(({ market }) => market.target),
    surplus: surplus.target,
    termsIds: [],
    owners: [],
  };
  const data = AbiCoder.defaultAbiCoder().encode([WATCH], [watch]);
  const [needed, tasks] = await upkeep.getFunction("checkUpkeep").staticCall(data, { blockTag: "pending" });
  if (!needed) return undefined;
  return {
    sender,
    to: String(upkeep.target),
    data: upkeep.interface.encodeFunctionData("performUpkeep", [tasks]),
    gasLimit: UPKEEP_GAS,
  };
}

/** Whether each passed. A report that fails may have been made by a service that runs beside. */
async function mined(connection: Connection, intents: readonly Intent[]): Promise<boolean[]> {
  if (intents.length === 0) return [];
  try {
    const { outcomes } = await mineTogether(connection.provider, connection.chainId, intents);
    return outcomes.map(({ ok }) => ok);
  } catch (error) {
    throw new Error(`time was moved on, but the block with its reports was not mined: ${explain(error)}`);
  }
}
