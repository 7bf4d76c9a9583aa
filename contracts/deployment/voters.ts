// Who holds PLDR on a development chain, and whom they let vote: a spread as a young protocol has it, so that votes there
// have delegates, small holders, tokens that nobody votes with and a treasury. Plain data; knows accounts of a phrase by
// index, and no address.
import { WAD } from "./units.ts";

export type Voter = {
  /** Lower case, with hyphens. */
  key: string;
  /** Who it is, to people. */
  title: string;
  /** Account of the phrase. */
  account: number;
  /** PLDR in its smallest unit, from the beginning. */
  amount: bigint;
  /** The `key` of who votes with it, perhaps its own; undefined: nobody does, until its holder says so. */
  delegate: string | undefined;
};

const MILLION = 1_000_000n * WAD;
const THOUSAND = 1_000n * WAD;

/**
 * 58 of 100 million, 44.5 of which vote; what is left is the treasury, held by the timelock, which never votes. No single
 * vote decides: the largest delegate has 12 million, beside 32.5 million of all others.
 */
export const developmentVoters: readonly Voter[] = [
  // The first three are the voters of `ROLES`: any one of them reaches the quorum of 4 million alone.
  { key: "founders", title: "Founders", account: 4, amount: 12n * MILLION, delegate: "founders" },
  { key: "lenders", title: "Lenders' association", account: 5, amount: 8n * MILLION, delegate: "lenders" },
  { key: "issuers", title: "Issuers' association", account: 6, amount: 6n * MILLION, delegate: "issuers" },
  // Delegates: little of their own, and what others trust them with.
  { key: "dike-watch", title: "Dike Watch", account: 8, amount: 400n * THOUSAND, delegate: "dike-watch" },
  { key: "risk-desk", title: "Risk Desk", account: 9, amount: 250n * THOUSAND, delegate: "risk-desk" },
  // Holders who delegate.
  { key: "seed-fund", title: "Seed fund", account: 40, amount: 7n * MILLION, delegate: "risk-desk" },
  { key: "cooperative", title: "Cooperative", account: 41, amount: 5n * MILLION, delegate: "dike-watch" },
  { key: "family-office", title: "Family office", account: 42, amount: 3n * MILLION, delegate: "lenders" },
  { key: "auditor", title: "Auditor", account: 43, amount: 1_200n * THOUSAND, delegate: "risk-desk" },
  { key: "engineer", title: "Engineer", account: 44, amount: 900n * THOUSAND, delegate: "engineer" },
  { key: "grantee", title: "Grantee", account: 45, amount: 600n * THOUSAND, delegate: "dike-watch" },
  { key: "student", title: "Student", account: 46, amount: 80n * THOUSAND, delegate: "dike-watch" },
  { key: "farmer", title: "Farmer", account: 47, amount: 20n * THOUSAND, delegate: "engineer" },
  // Too little to propose, which takes 100,000; votes for itself all the same.
  { key: "neighbour", title: "Neighbour", account: 48, amount: 50n * THOUSAND, delegate: "neighbour" },
  // Tokens that nobody votes with.
  { key: "exchange", title: "Exchange", account: 49, amount: 9n * MILLION, delegate: undefined },
  { key: "market-maker", title: "Market maker", account: 50, amount: 3_500n * THOUSAND, delegate: undefined },
  { key: "lost-wallet", title: "Lost wallet", account: 51, amount: 1n * MILLION, delegate: undefined },
];
