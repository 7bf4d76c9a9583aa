// An oracle as attestors see it: what it holds, what it asks of a report, and the messages that they sign. Sends nothing.
import { type Provider, type TypedDataField, verifyTypedData } from "ethers";
import type { NavReport } from "../../contracts/deployment/nav-report.ts";
import { type AnyContract, marketOf, type Protocol } from "../../contracts/deployment/protocol.ts";
import { type Connection, DEVELOPMENT_CHAIN } from "../lib/connection.ts";
import type { Valuation } from "./source.ts";

/** As in `INavOracle.Status`. */
export const STATUSES = ["fresh", "stale", "expired", "ripcord"] as const;

/** Times in seconds, NAVs in the oracle's decimals. */
export type OracleState = {
  market: string;
  oracle: AnyContract;
  decimals: number;
  status: (typeof STATUSES)[number];
  accepted: (Valuation & { since: number }) | undefined;
  pending: (Valuation & { since: number; round: number }) | undefined;
  nextRound: number;
  attestors: readonly string[];
  settings: {
    staleAfter: number;
    expiredAfter: number;
    pendingDelay: number;
    minInterval: number;
    maxUpBps: number;
    maxDownBps: number;
    quorum: number;
    confirmQuorum: number;
  };
};

export async function stateOf(protocol: Protocol, market: string): Promise<OracleState> {
  const { oracle } = marketOf(protocol, market);
  const [decimals, read, accepted, pending, nextRound, attestors, settings] = await Promise.all([
    oracle.decimals(),
    oracle.read(),
    oracle.accepted(),
    oracle.pending(),
    oracle.nextRound(),
    oracle.attestors(),
    oracle.settings(),
  ]);
  const valuation = ({ nav, navDate, since, round }: Record<string, bigint>) =>
    nav === undefined || nav === 0n
      ? undefined
      : { nav, date: Number(navDate), since: Number(since), round: Number(round) };
  const numbers = settings.toObject() as Record<string, bigint>;
  return {
    market,
    oracle,
    decimals: Number(decimals),
    status: STATUSES[Number(read.status)] ?? "expired",
    accepted: valuation(accepted),
    pending: valuation(pending),
    nextRound: Number(nextRound),
    attestors: [...attestors],
    settings: Object.fromEntries(
      Object.entries(numbers).map(([name, value]) => [name, Number(value)]),
    ) as OracleState["settings"],
  };
}

/** The date of the last valuation reported, accepted or pending; 0 before the first. */
export function lastDateOf({ accepted, pending }: OracleState): number {
  return Math.max(accepted?.date ?? 0, pending?.date ?? 0);
}

/** When the next report may be accepted at the earliest, as far as the chain tells. */
export function earliestReport({ accepted, pending, settings }: OracleState): number {
  const last = Math.max(accepted?.since ?? 0, pending?.since ?? 0);
  return last === 0 ? 0 : last + settings.minInterval;
}

/**
 * When the next report is due by a source's cadence, seconds: not more often than the oracle takes them, and well before it
 * is stale.
 */
export function dueAt(state: OracleState, cadence: number): number {
  const { minInterval, staleAfter } = state.settings;
  const every = Math.min(Math.max(cadence, minInterval), Math.floor(staleAfter * 0.8));
  return Math.max(lastDateOf(state) + every, earliestReport(state));
}

/** Bounded as the oracle does: whether a report of `nav` would be accepted at once. */
export function isWithinBounds({ accepted, settings }: OracleState, nav: bigint): boolean {
  if (accepted === undefined) return true;
  const scaled = nav * 10_000n;
  return (
    scaled <= accepted.nav * BigInt(10_000 + settings.maxUpBps) &&
    scaled >= accepted.nav * BigInt(10_000 - settings.maxDownBps)
  );
}

/** Seconds that the next block will carry: on a development chain, whose blocks may be rare, not the newest one's. */
export async function chainTime({ provider, chainId }: Pick<Connection, "chainId"> & { provider: Provider }) {
  const block = await provider.getBlock(chainId === DEVELOPMENT_CHAIN ? "pending" : "latest");
  if (block === null) throw new Error("the node has no newest block");
  return block.timestamp;
}

/* SIGNATURES THAT ARE PASSED ON */

/** One attestor's signature with what it signed, as it is printed and read from files. */
export type SignedMessage = {
  chainId: number;
  oracle: string;
  market: string;
  kind: "report" | "confirmation";
  report: { round: number; nav: string; navDate: number; ripcord: boolean };
  signer: string;
  signature: string;
};

const FIELDS = {
  round: { name: "round", type: "uint32" },
  nav: { name: "nav", type: "uint128" },
  navDate: { name: "navDate", type: "uint64" },
  ripcord: { name: "ripcord", type: "bool" },
};

/**
 * Signatures of one message, sorted by signer, and the message. Throws where they are of different ones, of another oracle, or
 * not by who they say.
 */
export async function collect(
  { oracle, attestors }: OracleState,
  chainId: number,
  messages: readonly SignedMessage[],
): Promise<{ kind: SignedMessage["kind"]; report: NavReport; signatures: string[] }> {
  const [first] = messages;
  if (first === undefined) throw new Error("name at least one file with a signature");
  const { kind, report } = first;
  const { name, version, verifyingContract } = await oracle.eip712Domain();
  const domain = { name, version, chainId, verifyingContract };
  const types: Record<string, TypedDataField[]> =
    kind === "report"
      ? { NavReport: [FIELDS.round, FIELDS.nav, FIELDS.navDate, FIELDS.ripcord] }
      : { NavConfirmation: [FIELDS.round, FIELDS.nav, FIELDS.navDate] };
  const value = { ...report, nav: BigInt(report.nav) };
  const signers = new Map<string, string>();
  for (const message of messages) {
    if (message.chainId !== chainId || message.oracle.toLowerCase() !== String(oracle.target).toLowerCase()) {
      throw new Error(`the signature of ${message.signer} is for another oracle: ${message.oracle}`);
    }
    if (message.kind !== kind || JSON.stringify(message.report) !== JSON.stringify(report)) {
      throw new Error(`${message.signer} signed another message than ${first.signer}: sign the same one`);
    }
    const by = verifyTypedData(domain, types, value, message.signature);
    if (by !== message.signer) throw new Error(`the signature that names ${message.signer} is by ${by}`);
    if (!attestors.includes(by)) throw new Error(`${by} is no attestor of this oracle`);
    signers.set(by, message.signature);
  }
  const sorted = [...signers].sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return { kind, report: value, signatures: sorted.map(([, signature]) => signature) };
}
