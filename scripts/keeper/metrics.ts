// What Prometheus is told of a keeper. Knows no chain.
import { Counter, Gauge, Registry } from "prom-client";

const PREFIX = "polder_keeper_";

export class KeeperMetrics {
  readonly registry = new Registry();
  readonly liquidations: Counter<"market">;
  readonly profit: Counter<"market">;
  readonly gas: Counter<"job">;
  readonly transactions: Counter<"job" | "outcome">;
  readonly failures: Counter<"stage">;
  readonly replacements: Counter;
  readonly head: Gauge;
  readonly lag: Gauge;
  readonly behind: Gauge;
  readonly pending: Gauge;
  readonly balance: Gauge<"signer" | "token">;
  readonly positions: Gauge<"state">;

  constructor() {
    const registers = [this.registry];
    const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
      new Counter({ name: PREFIX + name, help, labelNames, registers });
    const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
      new Gauge({ name: PREFIX + name, help, labelNames, registers });
    this.liquidations = counter("liquidations_total", "Liquidations mined, auctions included.", ["market"]);
    this.profit = counter("profit_dollars_total", "What liquidations earned before gas, at the NAV.", [
      "market",
    ]);
    this.gas = counter("gas_wei_total", "What mined transactions paid for gas.", ["job"]);
    this.transactions = counter("transactions_total", "Transactions by what became of them.", [
      "job",
      "outcome",
    ]);
    this.failures = counter("failures_total", "Rounds and sends that failed.", ["stage"]);
    this.replacements = counter("replacements_total", "Stuck transactions sent again at a higher fee.");
    this.head = gauge("head_block", "Newest block of the node.");
    this.lag = gauge("head_lag_blocks", "Blocks between the newest one and the last one worked on.");
    this.behind = gauge("head_lag_seconds", "Seconds since the newest block was the one worked on.");
    this.pending = gauge("pending_transactions", "Transactions under way.");
    this.balance = gauge("signer_balance", "What a signer holds, in whole tokens.", ["signer", "token"]);
    this.positions = gauge("positions", "Positions by state at the last look.", ["state"]);
  }
}
