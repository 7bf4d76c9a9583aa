// The command line of votes: propose what a file says, look at proposals, delegate, vote, queue, execute, cancel. Knows no
// process: arguments come in, text goes out.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type MarketRecord, readRecord, writeRecord } from "../../contracts/deployment/record.ts";
import {
  actionShapes,
  buildCalls,
  type Call,
  describe,
  listDelegates,
  listedMarket,
  listProposals,
  parseDraft,
  progressOf,
  type Simulation,
  type Support,
  showProposal,
  simulate,
  supports,
} from "../../contracts/proposals/index.ts";
import { connect, DEFAULT_RPC_URL } from "../lib/connection.ts";
import { ROLES } from "../lib/deployment.ts";
import { dim } from "../lib/terminal.ts";
import { type Act, Governing } from "./acts.ts";
import * as print from "./print.ts";

const HELP = `
  node scripts/govern/main.ts <command> [options]

  propose FILE               propose what a file says, if it would execute
  simulate FILE | NUMBER     what it would change, executed on a snapshot of the chain
  list                       proposals, the newest first
  show NUMBER                one proposal: calls, votes, steps, what it changed
  delegates                  who votes with how much
  delegate TO                let TO vote with the account's PLDR: an address, self, or an account's index
  vote NUMBER for|against|abstain
  queue NUMBER               hand what passed to the timelock
  execute NUMBER             once the timelock's delay is over
  cancel NUMBER              as its proposer before votes are taken, or as the guardian
  record FILE                add the markets that FILE listed, once it was executed, to the record that app, index, keeper
                             and attestor find them by

  NUMBER is a proposal's, or its beginning, or latest.

  --rpc-url URL     node to talk to (POLDER_RPC_URL, else ${DEFAULT_RPC_URL})
  --account INDEX   account of POLDER_MNEMONIC that signs (${ROLES.voters[0]}; ${ROLES.guardian}, the guardian, to cancel)
  --reason TEXT     said with a vote
  --force           propose even what would fail
  --dry-run         say what would be sent, and send nothing
  --json            JSON instead of tables; amounts as decimal strings in the smallest unit

  A FILE is JSON, or TypeScript with a default export, as in
    {"title": "Raise the cap", "description": "Why.", "actions": [
      {"type": "raiseDebtCap", "market": "treasury-bills", "by": "1000000"}]}
  Actions and their fields:
${Object.entries(actionShapes)
  .map(([type, { fields }]) => `    ${type.padEnd(18)} ${Object.keys(fields).join(", ")}`)
  .join("\n")}
`;

const COMMANDS: Readonly<Record<string, number>> = {
  propose: 1,
  simulate: 1,
  list: 0,
  show: 1,
  delegates: 0,
  delegate: 1,
  vote: 2,
  queue: 1,
  execute: 1,
  cancel: 1,
  record: 1,
};

/**
 * Runs one command.
 * @param args as on the command line, without the program.
 * @returns whether what was asked is well: false of a simulation that fails. Throws where the call or the act is wrong.
 */
export async function govern(args: readonly string[], write: (text: string) => void): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "rpc-url": { type: "string" },
      account: { type: "string" },
      reason: { type: "string", default: "" },
      force: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [command, first = "", second = ""] = positionals;
  if (values.help || command === undefined) {
    write(HELP);
    return true;
  }
  const count = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (count === undefined) {
    throw new Error(
      `unknown command "${command}": one of ${Object.keys(COMMANDS).join(", ")}; --help explains`,
    );
  }
  if (positionals.length !== count + 1) {
    throw new Error(
      `${command} takes ${count === 0 ? "nothing" : count} behind it, not ${positionals.length - 1}; --help explains`,
    );
  }
  const account = accountOf(values.account ?? `${command === "cancel" ? ROLES.guardian : ROLES.voters[0]}`);
  const say = (value: unknown, text: () => string): true => {
    const inJson = () => JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}` : each));
    write(values.json ? inJson() : text());
    return true;
  };

  const connection = await connect(values["rpc-url"] ?? process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL);
  try {
    const governing = await Governing.of(connection, readRecord(connection.chainId));
    const { rpc, protocol } = governing;
    const send = async (act: Act, also: object = {}): Promise<true> => {
      if (values["dry-run"]) {
        const would = `would ${act.what}, as account ${act.account} (${act.from})`;
        return say({ ...also, wouldSend: act }, () => `\n  ${dim(would)}\n`);
      }
      const sent = await governing.send(act);
      const done = `${sent.what}: block ${sent.block}, ${sent.gasUsed.toLocaleString("en")} gas`;
      return say({ ...also, sent }, () => `\n  ${done}\n  ${dim(sent.hash)}\n`);
    };

    switch (command) {
      case "list": {
        const all = await listProposals(rpc, protocol);
        return say(all, () => print.proposals(all));
      }
      case "show": {
        const shown = await showProposal(rpc, protocol, (await governing.find(first)).id);
        return say(shown, () => print.proposal(protocol, shown));
      }
      case "delegates": {
        const all = await listDelegates(rpc, protocol);
        return say(all, () => print.delegates(protocol, all));
      }
      case "simulate": {
        const simulated = isFile(first)
          ? await simulateFile(governing, first)
          : await simulateNumber(governing, first);
        say(plain(simulated), () => print.simulation(simulated));
        return simulated.outcome.succeeds;
      }
      case "propose": {
        const { calls, description } = await readFile(governing, first);
        const simulated = await simulate(rpc, protocol, { calls, description });
        if (!values.json) write(print.simulation(simulated));
        if (!simulated.outcome.succeeds && !values.force) {
          const [warning] = simulated.warnings;
          throw new Error(
            `it is not proposed, because it would not execute. ${warning?.text ?? ""} --force proposes it all the same`,
          );
        }
        return await send(await governing.propose(calls, description, account), {
          simulation: plain(simulated),
        });
      }
      case "delegate":
        return await send(governing.delegate(first, account));
      case "vote": {
        if (!Object.hasOwn(supports, second)) {
          throw new Error(`"${second}" is no vote: one of ${Object.keys(supports).reverse().join(", ")}`);
        }
        return await send(
          await governing.vote(await governing.find(first), second as Support, values.reason, account),
        );
      }
      case "queue":
      case "execute":
      case "cancel":
        return await send(await governing.step(await governing.find(first), command, account));
      case "record": {
        const recorded = await recordListings(governing, first, values["dry-run"]);
        const line = ({ key, title }: MarketRecord) => `  ${title} is ${key} in the record\n`;
        return say(recorded, () => `\n${recorded.map(line).join("")}`);
      }
      default:
        return false; // each of COMMANDS is above
    }
  } finally {
    connection.provider.destroy();
  }
}

async function readFile(governing: Governing, path: string): Promise<{ calls: Call[]; description: string }> {
  const draft = parseDraft(await contentOf(path));
  const calls = await buildCalls(governing.rpc, governing.protocol, draft.actions);
  return { calls, description: describe(draft.title, draft.description) };
}

async function recordListings(
  { rpc, protocol }: Governing,
  path: string,
  dryRun: boolean,
): Promise<MarketRecord[]> {
  const { actions } = parseDraft(await contentOf(path));
  const listings = actions.filter((action) => action.type === "listMarket");
  if (listings.length === 0) throw new Error(`${path} lists no market`);
  const listed = await Promise.all(listings.map((action) => listedMarket(action, { rpc, protocol })));
  const { record } = protocol;
  if (!dryRun) writeRecord({ ...record, markets: [...record.markets, ...listed] });
  return listed;
}

async function contentOf(path: string): Promise<unknown> {
  if (path.endsWith(".ts")) return (await import(pathToFileURL(resolve(path)).href)).default;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} cannot be read as JSON: ${(error as Error).message}`);
  }
}

function isFile(text: string): boolean {
  return /\.(json|ts)$/.test(text);
}

async function simulateFile(governing: Governing, path: string): Promise<Simulation> {
  return simulate(governing.rpc, governing.protocol, await readFile(governing, path));
}

async function simulateNumber(governing: Governing, number: string): Promise<Simulation> {
  const proposal = await governing.find(number);
  const progress = progressOf(proposal);
  if (progress === undefined) {
    throw new Error(
      `the proposal is ${proposal.state.toLowerCase()} and will not be executed; \`show\` tells what it did`,
    );
  }
  const { calls, description } = proposal;
  return simulate(governing.rpc, governing.protocol, { calls, description, progress });
}

/** Without the readings, which are functions. */
function plain({ readings, ...rest }: Simulation): Omit<Simulation, "readings"> & { compared: number } {
  return { ...rest, compared: readings.length };
}

function accountOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new Error(`--account is the index of an account of the phrase, not "${text}"`);
}
