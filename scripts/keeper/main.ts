// The keeper's command line: finds unhealthy positions and liquidates them.
import { parseArgs } from "node:util";
import { parseUnits } from "ethers";
import { readRecord } from "../../contracts/deployment/record.ts";
import { connect, DEFAULT_RPC_URL } from "../lib/connection.ts";
import { ROLES } from "../lib/deployment.ts";
import { explain } from "../lib/errors.ts";
import { dim, money, risk, short, table } from "../lib/terminal.ts";
import { Keeper, type Liquidation, type Plan, type Position, type Rejection } from "./keeper.ts";

const HELP = `
  node scripts/keeper/main.ts <command> [options]

  scan        list positions, the least healthy first
  simulate    try the liquidations that are due, without sending
  liquidate   liquidate what is due, once
  run         liquidate whenever something is due, until interrupted

  --rpc-url URL       node to talk to (POLDER_RPC_URL, else ${DEFAULT_RPC_URL})
  --signers N         how many accounts send, so that nonces don't serialise them (8)
  --min-profit USD    leave alone what earns less (0)
  --interval SECONDS  how often run looks (2)
  --limit N           how many positions scan lists (20)
  --dry-run           run and liquidate only simulate
  --json              one JSON object per line instead of tables

  Keys come from POLDER_MNEMONIC; its accounts 10, 11, ... sign.
`;

const COMMANDS = ["scan", "simulate", "liquidate", "run"];

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "rpc-url": { type: "string" },
      signers: { type: "string", default: "8" },
      "min-profit": { type: "string", default: "0" },
      interval: { type: "string", default: "2" },
      limit: { type: "string", default: "20" },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [command] = positionals;
  if (values.help || command === undefined) {
    console.log(HELP);
    return;
  }
  if (!COMMANDS.includes(command) || positionals.length > 1) {
    throw new Error(
      `unknown command "${positionals.join(" ")}": one of ${COMMANDS.join(", ")}; --help explains`,
    );
  }
  const signers = positive("signers", values.signers);
  const interval = positive("interval", values.interval);
  const limit = positive("limit", values.limit);
  const minProfit = parseUnits(values["min-profit"], 18);
  const say = values.json ? sayJson : sayTables;

  const connection = await connect(values["rpc-url"] ?? process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL);
  try {
    const first = ROLES.keepers[0] ?? 0;
    const wallets = Array.from({ length: signers }, (_, i) => connection.wallet(first + i));
    const keeper = new Keeper(connection, readRecord(connection.chainId), wallets);
    if (command === "scan") {
      say.positions((await keeper.scan()).slice(0, limit));
      return;
    }
    const sends = command !== "simulate" && !values["dry-run"];
    if (sends) await keeper.approve();
    const once = async (): Promise<void> => {
      const { plans, rejected } = await keeper.simulate(await keeper.scan(), minProfit);
      if (plans.length + rejected.length === 0 && command === "run") return;
      say.plans(plans, rejected);
      if (!sends || plans.length === 0) return;
      const { liquidations, failed, fees } = await keeper.send(plans);
      say.liquidations(liquidations, failed, fees);
    };
    if (command !== "run") return await once();

    const stop = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
    while (!stop.signal.aborted) {
      try {
        await once();
      } catch (error) {
        // The node may be away for a moment: say so and look again.
        console.error(`keeper: ${explain(error)}`);
      }
      await pause(interval, stop.signal);
    }
  } finally {
    connection.provider.destroy();
  }
}

const sayTables = {
  positions(positions: readonly Position[]): void {
    console.log(
      `\n${table(
        [
          { head: "market", align: "left" },
          { head: "owner", align: "left" },
          { head: "collateral" },
          { head: "value $" },
          { head: "debt $" },
          { head: "health" },
          { head: "", align: "left" },
        ],
        positions.map((p) => [
          p.market,
          short(p.owner),
          money(p.collateral, 2),
          money(p.collateralValue * p.scale),
          money(p.debt * p.scale),
          health(p.health),
          p.liquidatable ? risk(p.closeInFull ? "close in full" : "liquidate") : "",
        ]),
      )}\n`,
    );
  },
  plans(plans: readonly Plan[], rejected: readonly Rejection[]): void {
    if (plans.length === 0) console.log(dim("\n  nothing to liquidate"));
    else {
      console.log(
        `\n${table(
          [
            { head: "market", align: "left" },
            { head: "owner", align: "left" },
            { head: "health" },
            { head: "repay $" },
            { head: "seize" },
            { head: "profit $" },
          ],
          plans.map((p) => [
            p.position.market,
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
  liquidations(liquidations: readonly Liquidation[], failed: readonly Rejection[], fees: bigint): void {
    const repaid = liquidations.reduce((sum, each) => sum + each.repaid * each.scale, 0n);
    console.log(
      `  liquidated ${liquidations.length}, repaid $${money(repaid, 2)}, fees ${money(fees, 6)} ETH${
        failed.length === 0 ? "" : `, ${risk(`${failed.length} failed`)}`
      }`,
    );
    for (const { position, reason } of failed) console.log(`  ${short(position.owner)}  ${risk(reason)}`);
    console.log();
  },
};

const sayJson: typeof sayTables = {
  positions: (positions) => {
    for (const position of positions) print({ type: "position", ...position });
  },
  plans: (plans, rejected) => {
    for (const plan of plans) print({ type: "plan", ...plan });
    for (const rejection of rejected) print({ type: "rejected", ...rejection });
  },
  liquidations: (liquidations, failed, fees) => {
    for (const liquidation of liquidations) print({ type: "liquidated", ...liquidation });
    for (const failure of failed) print({ type: "failed", ...failure });
    print({ type: "summary", liquidated: liquidations.length, failed: failed.length, fees });
  },
};

function print(value: unknown): void {
  console.log(JSON.stringify(value, (_, each) => (typeof each === "bigint" ? each.toString() : each)));
}

/** Health in four digits; below 1 is a risk. */
function health(value: bigint): string {
  const text = money(value, 4);
  return value < 10n ** 18n ? risk(text) : text;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`--${name} must be a number above 0, not "${text}"`);
  return value;
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1_000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

try {
  await main();
} catch (error) {
  console.error(`keeper: ${explain(error)}`);
  process.exitCode = 1;
}
