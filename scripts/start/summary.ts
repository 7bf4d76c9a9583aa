// What `npm start` says when everything is up: where to look, who is who, what to try. Knows no process.
import { relative } from "node:path";
import { recordPath } from "../../contracts/deployment/record.ts";
import { bold, dim, facts, table } from "../lib/terminal.ts";
import type { Options, Service } from "./options.ts";

/** Of the unlocked accounts, what each is for. */
const ACCOUNTS: readonly (readonly [accounts: string, what: string])[] = [
  ["0", "deployed the protocol and keeps nothing of it"],
  ["1", "guardian: pauses at once, cancels proposals"],
  ["2", "registrar: admits persons"],
  ["3", "the issuers' agent: mints, freezes, publishes documents"],
  ["4, 5, 6", "hold votes"],
  ["7", "servicer of loans in default"],
  ["8, 9, 18, 19", "nobody yet: be one of them"],
  ["10 to 17", "the keeper's"],
];

export function summary(options: Options, rpcUrl: string, seconds: number): string {
  const { ports } = options;
  const runs = (service: Service) => options.services.includes(service);
  const lines: (readonly [string, string])[] = [
    ...(runs("app") ? [["app", bold(`http://localhost:${ports.app}`)] as const] : []),
    ["chain", `${rpcUrl}  ${dim(`WebSocket ${rpcUrl.replace(/^http/, "ws")}, chain id 31337`)}`],
    ...(runs("index") ? [["index", `http://localhost:${ports.index}/graphql`] as const] : []),
    ...(runs("keeper") ? [["keeper", `http://localhost:${ports.keeper}/metrics`] as const] : []),
    ...(runs("attestor") ? [["attestor", `http://localhost:${ports.attestor}/metrics`] as const] : []),
    ["addresses", relative(process.cwd(), recordPath(31_337))],
    ["kept in", options.inMemory ? "memory: gone when it stops" : relative(process.cwd(), options.dataDir)],
  ];
  const heads = [
    { head: "account", align: "left" as const },
    { head: "is", align: "left" as const },
  ];
  return [
    `\n  ${bold("Polder is up")} ${dim(`after ${seconds} s`)}\n`,
    facts(lines),
    "",
    table(
      heads,
      ACCOUNTS.map(([accounts, what]) => [accounts, what]),
    ),
    `  ${dim("of the phrase test test test test test test test test test test test junk, whose keys everyone knows")}`,
    `\n  ${dim("Ctrl-C stops everything; npm start goes on from here, npm start -- --reset begins anew.")}\n`,
  ].join("\n");
}
