// What attestors do at a moment: report where a report is due, confirm what is pending where their source bears it out. Returns
// the calls; who sends them, and when to look again, is another file's.
import type { Wallet } from "ethers";
import { signConfirmation, signReport } from "../../contracts/deployment/nav-report.ts";
import type { Protocol } from "../../contracts/deployment/protocol.ts";
import { dueAt, isWithinBounds, lastDateOf, type OracleState, stateOf } from "./oracle.ts";
import type { NavSource, Valuation } from "./source.ts";

/** A call of an oracle. */
export type OracleCall = {
  market: string;
  what: "report" | "confirm";
  to: string;
  data: string;
  nav: bigint;
  date: number;
  /** Of a report: whether it is accepted at once; otherwise it becomes pending. */
  withinBounds: boolean;
};

/** Why nothing is done for a market though something waits. */
export type Held = { market: string; reason: string };

export class Attestors {
  readonly #protocol: Protocol;
  readonly #wallets: readonly Wallet[];
  readonly #source: NavSource;

  /** @param wallets the attestors whose keys are at hand */
  constructor(protocol: Protocol, wallets: readonly Wallet[], source: NavSource) {
    this.#protocol = protocol;
    this.#wallets = wallets;
    this.#source = source;
  }

  /** The keys at hand that `state`'s oracle knows. */
  of({ attestors }: OracleState): Wallet[] {
    return this.#wallets.filter(({ address }) => attestors.includes(address));
  }

  /** What is to be done for `market` at `now`, seconds, and when to look again at the latest. */
  async step(
    market: string,
    now: number,
  ): Promise<{ state: OracleState; calls: OracleCall[]; held: Held[]; nextAt: number }> {
    const state = await stateOf(this.#protocol, market);
    const calls: OracleCall[] = [];
    const held: Held[] = [];
    const confirmation = state.pending === undefined ? undefined : await this.#confirmation(state, held);
    if (confirmation !== undefined) calls.push(confirmation);
    const due = dueAt(state, this.#source.cadenceOf(market));
    // A report on top of a confirmation would be of the round before.
    if (confirmation === undefined && now >= due) {
      const report = await this.#report(state, now, held);
      if (report !== undefined) calls.push(report);
    }
    return { state, calls, held, nextAt: due };
  }

  /** The report of `valuation` by the quorum that it needs. Throws where there are too few keys. */
  async report(state: OracleState, { nav, date }: Valuation, ripcord = false): Promise<OracleCall> {
    const { oracle, accepted, settings, nextRound, market } = state;
    const needed = accepted === undefined ? settings.confirmQuorum : settings.quorum;
    const signers = this.#quorum(state, needed);
    const report = { round: nextRound, nav, navDate: date, ripcord };
    const signatures = await signReport(oracle, signers, report);
    return {
      market,
      what: "report",
      to: String(oracle.target),
      data: oracle.interface.encodeFunctionData("submit", [report, signatures]),
      nav,
      date,
      withinBounds: isWithinBounds(state, nav),
    };
  }

  /** The larger quorum's confirmation of what is pending. Throws where there are too few keys, or nothing is. */
  async confirm(state: OracleState): Promise<OracleCall> {
    const { oracle, settings, pending, market } = state;
    const signers = this.#quorum(state, settings.confirmQuorum);
    const signatures = await signConfirmation(oracle, signers);
    return {
      market,
      what: "confirm",
      to: String(oracle.target),
      data: oracle.interface.encodeFunctionData("confirm", [signatures]),
      nav: pending?.nav ?? 0n,
      date: pending?.date ?? 0,
      withinBounds: false,
    };
  }

  #quorum(state: OracleState, needed: number): Wallet[] {
    const held = this.of(state);
    if (held.length >= needed) return held.slice(0, needed);
    throw new Error(
      `${held.length} of the ${needed} attestors' keys that "${state.market}" needs are at hand: have each attestor run ` +
        "`report --sign-only`, then pass the files to `report --signatures`",
    );
  }

  async #report(state: OracleState, now: number, held: Held[]): Promise<OracleCall | undefined> {
    const { market, accepted, decimals } = state;
    const valuation = await this.#source.valuationOf(market, now, accepted, decimals);
    if (valuation === undefined || valuation.date <= lastDateOf(state)) {
      if (state.status !== "fresh") held.push({ market, reason: "the source has no newer valuation" });
      return undefined;
    }
    return this.report(state, valuation);
  }

  /** Only of what the source says as well: whoever reported it may have erred, or lied. */
  async #confirmation(state: OracleState, held: Held[]): Promise<OracleCall | undefined> {
    const { market, pending, accepted, decimals, settings } = state;
    if (pending === undefined) return undefined;
    const own = await this.#source.valuationOf(market, pending.date, accepted, decimals);
    if (own?.nav !== pending.nav) {
      held.push({
        market,
        reason: `a NAV of ${pending.nav} is pending that the source does not bear out: it says ${own?.nav ?? "nothing"}`,
      });
      return undefined;
    }
    if (this.of(state).length < settings.confirmQuorum) {
      held.push({ market, reason: `a confirmation needs ${settings.confirmQuorum} attestors' keys` });
      return undefined;
    }
    return this.confirm(state);
  }
}
