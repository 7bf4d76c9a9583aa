// What the guardian can stop at once, and what is stopped. Pure. That only a vote lifts it is for words.ts to say.
import { navStatusOf } from "../../lib/market-figures.ts";
import { inflowStatuses } from "../swap/logic.ts";

export type StopKind = "newDebt" | "feed" | "inflow";

export type Stop = {
  kind: StopKind;
  /** Whose; none for the peg module's. */
  market: { key: string; title: string } | undefined;
  /** The contract that is told. */
  target: string;
  stopped: boolean;
};

type MarketState = {
  record: { key: string; title: string; market: string; oracle: string };
  view: { newDebtPaused: boolean; nav: { ok: boolean; status: number; navDate: bigint } };
};

/** Every stop of the protocol, by market, the peg module's last. `inflowStatus` is `IPegModule.InflowStatus`. */
export function stopsOf(
  markets: readonly MarketState[],
  peg: { address: string; inflowStatus: number },
): Stop[] {
  const ofMarkets = markets.flatMap(({ record, view }): Stop[] => {
    const market = { key: record.key, title: record.title };
    return [
      { kind: "newDebt", market, target: record.market, stopped: view.newDebtPaused },
      { kind: "feed", market, target: record.oracle, stopped: navStatusOf(view.nav) === "ripcord" },
    ];
  });
  const inflow = inflowStatuses[peg.inflowStatus] === "stopped";
  return [...ofMarkets, { kind: "inflow", market: undefined, target: peg.address, stopped: inflow }];
}
