// Executes a proposal on a snapshot of the chain (eth_simulateV1), all the way: proposed, voted for, queued, and after the delay
// executed by the governor through the timelock. While it is proposed and voted for, the token is replaced by one in which anybody
// has votes enough; from the queue on it is the real one. Everything else is the chain as it is.
import { type Address, encodeFunctionData, type Hex, numberToHex } from "viem";
import { polderGovernorAbi, timelockControllerAbi } from "../build/abi.ts";
import type { Call } from "./build.ts";
import { type DecodedCall, decodeCall } from "./decode.ts";
import {
  announcedAt,
  announcedIn,
  type NamedEvent,
  nameEvents,
  readingsAfter,
  uniqueReadings,
} from "./events.ts";
import type { Protocol } from "./known.ts";
import { type Entry, ETHER_READER, etherReading, type Reading, standingReadings } from "./readings.ts";
import { type Reason, reasonOf } from "./reasons.ts";
import { type Block, blockAt, blockTag, each, type Log, type Rpc, view } from "./rpc.ts";
import { descriptionHash } from "./text.ts";
import { show } from "./units.ts";
import { type Warning, warningsOf } from "./warnings.ts";

export type Change = {
  key: string;
  title: string;
  unit: Entry["unit"];
  about: Entry["about"];
  /** Undefined: there was, or is, no such value. */
  before: Entry["value"] | undefined;
  after: Entry["value"] | undefined;
  /** Both in words and numbers. */
  text: { before: string; after: string };
  /** Whether the change lets in more risk, or less; undefined where it does neither, or that cannot be said. */
  direction: "looser" | "tighter" | undefined;
};

export type Simulation = {
  calls: readonly DecodedCall[];
  outcome: { succeeds: true } | { succeeds: false; failing: number | undefined; reason: Reason };
  changes: readonly Change[];
  warnings: readonly Warning[];
  events: readonly NamedEvent[];
  /** Of the execution, as one transaction. */
  gas: bigint;
  /** Seconds: when it was executed, in the simulation. */
  executedAt: bigint;
  /** What was compared, so that the same can be compared on the chain. */
  readings: readonly Reading[];
};

/** What is on the chain of a proposal that was made already. */
export type Progress = {
  state: "Pending" | "Active" | "Succeeded" | "Queued";
  /** Seconds: as of when votes count, until when they are taken, from when it may be executed. */
  snapshot: bigint;
  deadline: bigint;
  eta: bigint;
};

export type SimulationOptions = {
  calls: readonly Call[];
  description: string;
  /** Of a proposal that was made; else it is proposed in the simulation. */
  progress?: Progress;
  /** Seconds: executed then, unless that is too early. Else as early as can be. */
  executesAt?: bigint;
};

type SimulatedCall = {
  status: Hex;
  returnData: Hex;
  gasUsed: Hex;
  logs: Log[];
  error?: { data?: Hex; message: string };
};
type BlockCalls = {
  blockOverrides: Record<string, string>;
  stateOverrides?: Record<string, { code: Hex }>;
  calls: { from: Address; to: Address; data: Hex; value?: Hex }[];
};
/** `byNobody`: done with votes that nobody has. */
type Stage = { timestamp: bigint; data: Hex; byNobody: boolean };

/** Proposes and votes in simulations: nobody's account. */
const NOBODY: Address = "0x000000000000000000000000000000000000dEaD";
const FOR = 1;
/** A block that holds all readings beside the execution. */
const GAS_LIMIT = 2n ** 40n;
/**
 * Answers the time to a call without arguments, `clock()`, and 2^104 - 1 to all others: votes of anybody, at any time, and their
 * sum; more than PLDR has and no more than a checkpoint of votes can hold.
 */
const MANY_VOTES: Hex = `0x36600414601b576c${"ff".repeat(13)}5f5260205ff35b425f5260205ff3`;

/** What a proposal would do. Throws where the node cannot simulate, or the proposal cannot even be made. */
export async function simulate(
  rpc: Rpc,
  protocol: Protocol,
  options: SimulationOptions,
): Promise<Simulation> {
  const { calls } = options;
  const timeline = await timelineOf(rpc, protocol, options);
  const run = (readings: readonly Reading[]) => execute(rpc, protocol, options, timeline, readings);
  const first = await run([]);
  const decoded = calls.map((call) => decodeCall(protocol, call));
  const paid = calls.filter(({ value }) => value > 0n).map(({ target }) => etherReading(protocol, target));
  const readings = uniqueReadings([
    ...standingReadings(protocol),
    ...paid,
    ...readingsAfter(protocol, first.logs),
  ]);
  const [second, told] = await Promise.all([run(readings), announcedAt(rpc, protocol, "latest")]);
  const before = [...second.before, ...told];
  const after = [...second.after, ...told, ...announcedIn(protocol, first.logs)];
  const changes = first.succeeds ? changesBetween(protocol, before, after) : [];
  const outcome: Simulation["outcome"] = first.succeeds
    ? { succeeds: true }
    : {
        succeeds: false,
        failing: await failingCall(rpc, protocol, calls, timeline, first.returned),
        reason: reasonOf(protocol, first.returned),
      };
  return {
    calls: decoded,
    outcome,
    changes,
    warnings: warningsOf(protocol, {
      calls: decoded,
      changes,
      after,
      outcome,
      description: options.description,
    }),
    events: nameEvents(protocol, first.logs),
    gas: first.gas,
    executedAt: timeline.at(-1)?.timestamp ?? 0n,
    readings,
  };
}

/** What readings answer after a block of the chain, at that block's time or another one. */
export async function readAt(
  rpc: Rpc,
  readings: readonly Reading[],
  block: Block,
  timestamp?: bigint,
): Promise<Entry[]> {
  const time = timestamp === undefined ? {} : { time: numberToHex(timestamp) };
  const code = { [ETHER_READER.address]: { code: ETHER_READER.code } };
  const answers = await each(readings, async (reading) => {
    const params = [{ to: reading.to, data: reading.data }, blockTag(block), code, time];
    const answer: Hex = await rpc.request({ method: "eth_call", params }).catch(() => "0x");
    return entriesOf(reading, answer);
  });
  return answers.flat();
}

/** What differs between two readings of the same, in the order of the later. */
export function changesBetween(
  protocol: Protocol,
  before: readonly Entry[],
  after: readonly Entry[],
): Change[] {
  const was = new Map(before.map((entry) => [entry.key, entry]));
  const is = new Map(after.map((entry) => [entry.key, entry]));
  return [...new Map([...was, ...is]).values()].flatMap((described): Change[] => {
    const [old, now] = [was.get(described.key), is.get(described.key)];
    if (old !== undefined && now !== undefined && same(old.value, now.value)) return [];
    const text = (entry: Entry | undefined) =>
      entry === undefined ? "none" : show(entry.value, entry.unit, protocol);
    const { key, title, unit, about } = described;
    return [
      {
        ...{ key, title, unit, about, before: old?.value, after: now?.value },
        text: { before: text(old), after: text(now) },
        direction: directionOf(described.looser, old?.value, now?.value),
      },
    ];
  });
}

/** When each step happens, and the call to the governor that makes it. */
async function timelineOf(
  rpc: Rpc,
  { governance }: Protocol,
  { calls, description, progress, executesAt }: SimulationOptions,
): Promise<Stage[]> {
  const governor = { address: governance.governor, abi: polderGovernorAbi };
  const [{ timestamp: now }, delay, period, lateExtension, timelockDelay] = await Promise.all([
    blockAt(rpc),
    view(rpc, { ...governor, functionName: "votingDelay" }),
    view(rpc, { ...governor, functionName: "votingPeriod" }),
    view(rpc, { ...governor, functionName: "lateQuorumVoteExtension" }),
    view(rpc, { address: governance.timelock, abi: timelockControllerAbi, functionName: "getMinDelay" }),
  ]);
  const extension = BigInt(lateExtension);
  const lists = [
    calls.map(({ target }) => target),
    calls.map(({ value }) => value),
    calls.map(({ data }) => data),
  ] as const;
  const reference = [...lists, descriptionHash(description)] as const;
  const encode = <name extends "queue" | "execute">(functionName: name) =>
    encodeFunctionData({ abi: polderGovernorAbi, functionName, args: reference } as never);
  const number = await view(rpc, { ...governor, functionName: "hashProposal", args: reference });
  const stages: Stage[] = [];
  const add = (timestamp: bigint, data: Hex, byNobody = false): bigint => {
    const after = (stages.at(-1)?.timestamp ?? now) + 1n;
    const at = timestamp > after ? timestamp : after;
    stages.push({ timestamp: at, data, byNobody });
    return at;
  };
  const state = progress?.state;
  let deadline = progress?.deadline ?? 0n;
  const vote = encodeFunctionData({ abi: polderGovernorAbi, functionName: "castVote", args: [number, FOR] });
  if (progress === undefined) {
    const args = [...lists, description] as const;
    const at = add(0n, encodeFunctionData({ abi: polderGovernorAbi, functionName: "propose", args }), true);
    deadline = at + delay + period;
    add(at + delay + 1n, vote, true);
  } else if (state === "Pending" || state === "Active") {
    const at = add(progress.snapshot + 1n, vote, true);
    if (at + extension > deadline) deadline = at + extension;
  }
  let eta = progress?.eta ?? 0n;
  if (state !== "Queued") eta = add(deadline + 1n, encode("queue")) + timelockDelay;
  add(executesAt !== undefined && executesAt > eta ? executesAt : eta, encode("execute"));
  return stages;
}

type Run = {
  succeeds: boolean;
  returned: Hex;
  gas: bigint;
  logs: Log[];
  before: Entry[];
  after: Entry[];
};

async function execute(
  rpc: Rpc,
  protocol: Protocol,
  { description }: SimulationOptions,
  timeline: readonly Stage[],
  readings: readonly Reading[],
): Promise<Run> {
  const { governor, token } = protocol.governance;
  const from = namedProposer(description) ?? NOBODY;
  const reads = readings.map(({ to, data }) => ({ from: NOBODY, to, data }));
  const code = await rpc.request({ method: "eth_getCode", params: [token, "latest"] });
  const blocks = timeline.map(({ timestamp, data, byNobody }, i): BlockCalls => {
    const last = i === timeline.length - 1;
    const act = { from, to: governor, data };
    return {
      blockOverrides: { time: numberToHex(timestamp), gasLimit: numberToHex(GAS_LIMIT) },
      stateOverrides: {
        [token]: { code: byNobody ? MANY_VOTES : code },
        ...(last && { [ETHER_READER.address]: { code: ETHER_READER.code } }),
      },
      calls: last ? [...reads, act, ...reads] : [act],
    };
  });
  const results = await simulateBlocks(rpc, blocks);
  for (const [i, result] of results.slice(0, -1).entries()) {
    const [call] = result;
    if (call === undefined || BigInt(call.status) === 1n) continue;
    const step = ["proposed", "voted for", "queued"][i + (4 - timeline.length)];
    throw new Error(`the proposal cannot be ${step}: ${reasonOf(protocol, returned(call)).text}`);
  }
  const answers = results.at(-1) ?? [];
  const act = answers[reads.length];
  if (act === undefined) throw new Error("the node answered fewer calls than it was asked to simulate");
  const entries = (part: SimulatedCall[]) =>
    readings.flatMap((reading, i) => {
      const answer = part[i];
      return entriesOf(
        reading,
        answer !== undefined && BigInt(answer.status) === 1n ? answer.returnData : "0x",
      );
    });
  return {
    succeeds: BigInt(act.status) === 1n,
    returned: returned(act),
    gas: BigInt(act.gasUsed),
    logs: act.logs,
    before: entries(answers.slice(0, reads.length)),
    after: entries(answers.slice(reads.length + 1)),
  };
}

/** The first call that fails in the timelock's hands as the whole does; undefined where that cannot be told. */
async function failingCall(
  rpc: Rpc,
  protocol: Protocol,
  calls: readonly Call[],
  timeline: readonly Stage[],
  wanted: Hex,
): Promise<number | undefined> {
  const { timelock } = protocol.governance;
  const timestamp = timeline.at(-1)?.timestamp ?? 0n;
  const [answers = []] = await simulateBlocks(rpc, [
    {
      blockOverrides: { time: numberToHex(timestamp), gasLimit: numberToHex(GAS_LIMIT) },
      calls: calls.map(({ target, value, data }) => ({
        from: timelock,
        to: target,
        data,
        value: numberToHex(value),
      })),
    },
  ]).catch(() => []);
  const at = answers.findIndex((answer) => BigInt(answer.status) === 0n && returned(answer) === wanted);
  return at < 0 ? undefined : at;
}

async function simulateBlocks(rpc: Rpc, blockStateCalls: readonly BlockCalls[]): Promise<SimulatedCall[][]> {
  const params = [{ blockStateCalls, validation: false, traceTransfers: false }, "latest"];
  const blocks: { calls: SimulatedCall[] }[] = await rpc.request({ method: "eth_simulateV1", params });
  return blocks.map(({ calls }) => calls);
}

function returned({ returnData, error }: SimulatedCall): Hex {
  return error?.data ?? returnData ?? "0x";
}

/** A reading of a call that reverted, or of a contract that is not there, has no entries. */
function entriesOf(reading: Reading, answer: Hex): Entry[] {
  if (answer === "0x") return [];
  try {
    return reading.entries(answer);
  } catch {
    return []; // a stranger's contract that answers something else
  }
}

/** OpenZeppelin lets a description end with `#proposer=0x...`, and nobody else make that proposal then. */
function namedProposer(description: string): Address | undefined {
  return /#proposer=(0x[0-9a-fA-F]{40})$/.exec(description)?.[1] as Address | undefined;
}

function same(a: Entry["value"], b: Entry["value"]): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, i) => same(each, b[i]));
  return typeof a === "string" && typeof b === "string" ? a.toLowerCase() === b.toLowerCase() : a === b;
}

function directionOf(
  looser: Entry["looser"],
  before: Entry["value"] | undefined,
  after: Entry["value"] | undefined,
): Change["direction"] {
  if (looser === undefined) return undefined;
  if (looser === "any") return "looser";
  const [old, now] = [before, after].map((value) => (value === undefined ? 0 : Number(value)));
  const rises = (now ?? 0) > (old ?? 0);
  return rises === (looser === "higher") ? "looser" : "tighter";
}

/** What a proposal that was executed in `block` has changed. */
export async function changesIn(
  rpc: Rpc,
  protocol: Protocol,
  { block, logs, calls }: { block: bigint; logs: readonly Log[]; calls: readonly Call[] },
): Promise<Change[]> {
  const readings = uniqueReadings([
    ...standingReadings(protocol),
    ...calls.filter(({ value }) => value > 0n).map(({ target }) => etherReading(protocol, target)),
    ...readingsAfter(protocol, logs),
  ]);
  // At one time, so that time alone changes nothing.
  const { timestamp } = await blockAt(rpc, block);
  const [before, after] = await Promise.all(
    [block - 1n, block].map(async (at) => [
      ...(await readAt(rpc, readings, at, timestamp)),
      ...(await announcedAt(rpc, protocol, at)),
    ]),
  );
  return changesBetween(protocol, before ?? [], after ?? []);
}
