// Whether a vote can be cast, and if not, why: an issue code, whose words stand in words.ts. Whether the governor takes it is not
// asked here: that is a refusal, in its own words.
import type { Support } from "../../lib/chain/governance.ts";

/** Characters: what is said costs gas by the byte, and is shown in a table. */
export const LONGEST_REASON = 2_000;

export type VoteState = { connected: boolean; support: Support | undefined; reason: string };

export type VoteIssue = "notConnected" | "noChoice" | "tooLong";

/** Nothing where it can be cast. */
export function voteIssue({ connected, support, reason }: VoteState): VoteIssue | undefined {
  if (!connected) return "notConnected";
  if (support === undefined) return "noChoice";
  if (reason.length > LONGEST_REASON) return "tooLong";
  return undefined;
}
