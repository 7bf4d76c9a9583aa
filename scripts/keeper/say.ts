// How a keeper's single commands answer: tables for people, one JSON object a line for programs. Knows no chain.
import { json } from "../lib/options.ts";
import { dim, money, risk, short, table } from "../lib/terminal.ts";
import type { Plan, Rejection } from "./decide.ts";
import type { Liquidation } from "./keeper.ts";
import type { Position } from "./positions.ts";

export type Done = {
  liquidations: readonly Liquidation[];
  /** Transactions that were mined, liquidations included. */
  sent: number;
  failed: readonly { what: string; reason: string }[];
  /** Wei. */
  fees: bigint;
};

export type Say = {
  positions(positions: readonly Position[]): void;
  plans(plans: readonly Plan[], rejected: readonly Rejection[]): void;
  done(done: Done): void;
};

export const sayTables: Say = {
  positions(positions) {
    console.log(
      `\n${table(
        [
          { head: "market", align: "left" },
          { head: "terms" },
          { head: "owner", align: "left" },
          { head: "collateral" },
          { head: "value $" },
          { head: "debt $" },
          { head: "health" },
          { head: "", align: "left" },
        ],
        positions.map((p) => [
          p.market,
          String(p.termsId),
          short(p.owner),
          money(p.collateral, 2),
          money(p.collateralValue * p.scale),
          money(p.debt * p.scale),
          health(p.health),
          state(p),
        ]),
      )}\n`,
    );
  },
  plans(plans, rejected) {
    if (plans.length === 0) console.log(dim("\n  nothing to liquidate"));
    else {
      console.log(
        `\n${table(
          [
            { head: "market", align: "left" },
            { head: "terms" },
            { head: "owner", align: "left" },
            { head: "health" },
            { head: "repay $" },
            { head: "seize" },
            { head: "profit $" },
          ],
          plans.map((p) => [
            p.position.market,
            String(p.position.termsId),
            short(p.position.owner),
            health(p.position.health),
            money(p.repay * p.position.scale, 2),
            money(p.seize, 4),
            money(p.profit, 2),
          ]),
        )}`,
      );
    }
    for (const { position, reason } of rejected) console.log(`  ${short(position.owner)}  ${risk(reason)}`);
    console.log();
  },
  done({ liquidations, sent, failed, fees }) {
    const repaid = liquidations.reduce((sum, each) => sum + each.repaid * each.scale, 0n);
    console.log(
      `  ${sent} transactions, ${liquidations.length} liquidations, repaid $${money(repaid, 2)}, fees ${money(fees, 6)} ETH${
        failed.length === 0 ? "" : `, ${risk(`${failed.length} failed`)}`
      }`,
    );
    for (const { what, reason } of failed) console.log(`  ${what}  ${risk(reason)}`);
    console.log();
  },
};

export const sayJson: Say = {
  positions: (positions) => {
    for (const position of positions) console.log(json({ type: "position", ...position }));
  },
  plans: (plans, rejected) => {
    for (const { work, ...plan } of plans) console.log(json({ type: "plan", ...plan }));
    for (const { position, reason } of rejected) console.log(json({ type: "rejected", position, reason }));
  },
  done: ({ liquidations, sent, failed, fees }) => {
    for (const liquidation of liquidations) console.log(json({ type: "liquidated", ...liquidation }));
    for (const failure of failed) console.log(json({ type: "failed", ...failure }));
    const summary = { type: "summary", sent, liquidated: liquidations.length, failed: failed.length, fees };
    console.log(json(summary));
  },
};

function state({ liquidatable, closeInFull, overdue, phase, debt, health: factor }: Position): string {
  if (phase !== "none") return risk(phase);
  if (liquidatable) return risk(closeInFull ? "close in full" : "liquidate");
  if (overdue) return risk("overdue");
  return debt > 0n && factor < 10n ** 18n ? risk("unhealthy") : "";
}

/** Health in four digits; below 1 is a risk. */
function health(value: bigint): string {
  const text = money(value, 4);
  return value < 10n ** 18n ? risk(text) : text;
}
