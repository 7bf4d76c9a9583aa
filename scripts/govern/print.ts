// How proposals look in a terminal. Knows no node; everything that a stranger wrote comes through `visible`.
import {
  accountOf,
  type Change,
  type DecodedCall,
  type Delegate,
  decodeCall,
  type ProposalDetail,
  type ProposalView,
  type Protocol,
  type Simulation,
  visible,
} from "../../contracts/proposals/index.ts";
import { bold, dim, facts, paragraph, risk, short, table } from "../lib/terminal.ts";

const PLDR = 10n ** 18n;

export function proposals(all: readonly ProposalView[]): string {
  if (all.length === 0) return dim("\n  nothing was proposed yet\n");
  return `\n${table(
    [
      { head: "number", align: "left" },
      { head: "state", align: "left" },
      { head: "for" },
      { head: "against" },
      { head: "quorum" },
      { head: "left" },
      { head: "title", align: "left" },
    ],
    all.map(({ id, state, votes, quorum, remaining, text }) => [
      `${id}`.slice(0, 8),
      state,
      votesOf(votes.for),
      votesOf(votes.against),
      percent(votes.for + votes.abstain, quorum),
      remaining === undefined ? "" : durationOf(remaining),
      text.title,
    ]),
  )}\n`;
}

export function proposal(protocol: Protocol, shown: ProposalDetail): string {
  const { id, text, state, proposer, snapshot, deadline, eta, votes, quorum, remaining } = shown;
  const head = facts([
    ["number", `${id}`],
    ["state", remaining === undefined ? state : `${state}, for another ${durationOf(remaining)}`],
    ["proposer", accountOf(proposer, protocol)],
    ["votes count as of", timeOf(snapshot)],
    ["until", timeOf(deadline)],
    ...(eta > 0n ? [["executable from", timeOf(eta)] as const] : []),
    ["for", `${votesOf(votes.for)} PLDR`],
    ["against", `${votesOf(votes.against)} PLDR`],
    ["abstaining", `${votesOf(votes.abstain)} PLDR`],
    ["quorum", `${votesOf(quorum)} PLDR, reached to ${percent(votes.for + votes.abstain, quorum)}`],
  ]);
  const body = text.body.split("\n").map((line) => paragraph(visible(line)));
  const voters = shown.voters.map(({ voter, support, weight, reason }) => [
    accountOf(voter, protocol),
    support,
    votesOf(weight),
    visible(reason),
  ]);
  const steps = shown.timeline.map(({ kind, timestamp, block }) => [kind, timeOf(timestamp), `${block}`]);
  return [
    `\n  ${bold(text.title)}`,
    ...text.suspicions.map((suspicion) => `  ${risk(`the text holds ${suspicion}`)}`),
    "",
    head,
    ...(text.body === "" ? [] : ["", ...body]),
    "",
    calls(shown.calls.map((call) => decodeCall(protocol, call))),
    ...(shown.changed === undefined ? [] : ["", changes(shown.changed)]),
    ...(voters.length === 0
      ? []
      : [
          "",
          table(
            [
              { head: "voter", align: "left" },
              { head: "vote", align: "left" },
              { head: "PLDR" },
              { head: "reason", align: "left" },
            ],
            voters,
          ),
        ]),
    "",
    table([{ head: "step", align: "left" }, { head: "when", align: "left" }, { head: "block" }], steps),
    "",
  ].join("\n");
}

export function simulation(simulated: Simulation): string {
  const { outcome, warnings, gas, executedAt } = simulated;
  const verdict = outcome.succeeds
    ? `  executes at ${timeOf(executedAt)} with ${gas.toLocaleString("en")} gas`
    : `  ${risk("would not execute")}`;
  return [
    "",
    calls(simulated.calls),
    "",
    verdict,
    ...(simulated.changes.length === 0 ? [] : ["", changes(simulated.changes)]),
    ...(warnings.length === 0 ? [] : ["", ...warnings.map(({ kind, text }) => `  ${risk(kind)}  ${text}`)]),
    "",
  ].join("\n");
}

export function delegates(protocol: Protocol, all: readonly Delegate[]): string {
  return `\n${table(
    [{ head: "delegate", align: "left" }, { head: "votes" }, { head: "holds" }, { head: "delegators" }],
    all.map(({ account, votes, balance, delegators }) => [
      accountOf(account, protocol),
      votesOf(votes),
      votesOf(balance),
      `${delegators.length}`,
    ]),
  )}\n`;
}

function calls(decoded: readonly DecodedCall[]): string {
  return decoded
    .flatMap(({ contract, method, call, arguments: args, flags, inner, text }, i) => [
      `  ${i + 1}  ${method === undefined ? risk(text) : bold(`${contract?.title}: ${method}`)}  ${dim(short(call.target))}`,
      ...args.map(({ name, text }) => `       ${dim(name)}  ${text}`),
      ...inner.map((each) => `       ${dim("carries")}  ${each.text}`),
      ...flags.map((flag) => `       ${risk(flag)}`),
    ])
    .join("\n");
}

function changes(all: readonly Change[]): string {
  return table(
    [{ head: "what changes", align: "left" }, { head: "from" }, { head: "to" }, { head: "", align: "left" }],
    all.map(({ title, text, direction }) => [
      title,
      text.before,
      text.after,
      direction === "looser" ? risk(direction) : (direction ?? ""),
    ]),
  );
}

function votesOf(amount: bigint): string {
  return (amount / PLDR).toLocaleString("en");
}

function percent(part: bigint, whole: bigint): string {
  return whole === 0n ? "" : `${(part * 100n) / whole}%`;
}

function durationOf(seconds: bigint): string {
  const hours = seconds / 3_600n;
  if (hours >= 48n) return `${hours / 24n} days`;
  return hours >= 2n ? `${hours} hours` : `${seconds / 60n} minutes`;
}

function timeOf(seconds: bigint): string {
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
