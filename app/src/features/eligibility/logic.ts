// Where somebody stands with the registry, and whether an application can be sent: codes, whose words stand in words.ts.
import { STANDING } from "../../lib/standing.ts";

/** As in `IEligibilityRegistry.Tier`. */
export const TIERS = { none: 0, holder: 1, borrower: 2, liquidator: 3 } as const;

export type StandingState = {
  /** Bits of `Standing`. */
  standing: bigint;
  record: { tier: number; expiry: bigint };
  request: { tier: number };
  /** Whether the last thing that became of an application was a denial. */
  denied: boolean;
};

export type Eligibility = "frozen" | "requested" | "approved" | "expired" | "denied" | "none";

/**
 * The one thing to be said first. A freeze comes before all; who is on record and asks for more is approved still, and the
 * request stands beside.
 */
export function eligibilityOf({ standing, record, request, denied }: StandingState): Eligibility {
  if ((standing & STANDING.frozen) !== 0n) return "frozen";
  if ((standing & STANDING.valid) !== 0n && record.tier > TIERS.none) return "approved";
  if (request.tier > TIERS.none) return "requested";
  if (denied) return "denied";
  return record.tier > TIERS.none ? "expired" : "none";
}

export type RegistryEvent = { name: string; block: bigint; index: number };

/** Whether the newest of a person's application events is a denial. */
export function lastDenial<Event extends RegistryEvent>(events: readonly Event[]): Event | undefined {
  const last = events
    .filter(({ name }) => APPLICATION.has(name))
    .reduce<Event | undefined>(
      (newest, each) => (newest === undefined || isAfter(each, newest) ? each : newest),
      undefined,
    );
  return last?.name === "RequestDenied" ? last : undefined;
}

const APPLICATION = new Set(["RequestMade", "RequestWithdrawn", "RequestApproved", "RequestDenied"]);

export function isAfter(a: RegistryEvent, b: RegistryEvent): boolean {
  return a.block === b.block ? a.index > b.index : a.block > b.block;
}

export type ApplicationIssue = "notConnected" | "evidenceMissing";

export function applicationIssue(state: {
  connected: boolean;
  evidence: string | undefined;
}): ApplicationIssue | undefined {
  if (!state.connected) return "notConnected";
  return state.evidence === undefined ? "evidenceMissing" : undefined;
}
