// What an account may do by its identity's record. Pure.
import { STANDING } from "../../lib/standing.ts";

export type StandingIssue = "notOnRecord" | "frozen" | "expired" | "notBorrower";

/** Why an account with these bits may not borrow; nothing where it may. */
export function borrowStandingIssue(standing: bigint): StandingIssue | undefined {
  if ((standing & STANDING.known) === 0n) return "notOnRecord";
  if ((standing & STANDING.frozen) !== 0n) return "frozen";
  if ((standing & STANDING.valid) === 0n) return "expired";
  if ((standing & STANDING.borrow) === 0n) return "notBorrower";
  return undefined;
}

/** Why it may not hand over or receive permissioned tokens. */
export function holdStandingIssue(standing: bigint): StandingIssue | undefined {
  const issue = borrowStandingIssue(standing);
  return issue === "notBorrower" && (standing & STANDING.hold) !== 0n ? undefined : issue;
}

/** Why it may not take collateral back: expired ones may, once nothing is owed. */
export function removeStandingIssue(standing: bigint, indebted: boolean): StandingIssue | undefined {
  const issue = borrowStandingIssue(standing);
  if (issue === "notBorrower" || (issue === "expired" && !indebted)) return undefined;
  return issue;
}
