// Writes docs/governance.md: who may do what, after which delay and what the worst is, from the table that the deployment
// itself goes by. Knows plain data alone; test/proposals/powers.test.ts holds the page to a deployed protocol.
//   node docs/governance.ts > docs/governance.md
import { standardRules } from "../contracts/deployment/governance.ts";
import { sourceNames } from "../contracts/deployment/market.ts";
import {
  contractsWithPowers,
  type Holder,
  holders,
  type Power,
  powersOf,
  roleHolders,
} from "../contracts/deployment/powers.ts";
import { DAY, WAD } from "../contracts/deployment/units.ts";
import { developmentVoters } from "../contracts/deployment/voters.ts";

const SUPPLY = 100_000_000n * WAD;

export function governancePage(): string {
  const { rules, timelockDelay } = standardRules;
  const total = rules.votingDelay + rules.votingPeriod + timelockDelay;
  return `# Who may do what

What the protocol lends against, how much of it and at whose risk loosens by a vote of PLDR's holders alone, and only after a
delay. Nothing at all can stop a repayment. This page lists every power there is. It is written by \`node docs/governance.ts\` from \`contracts/deployment/powers.ts\`, by which
the deployment gives roles away, and \`test/proposals/powers.test.ts\` holds it to a deployed protocol: it asks every function of
every contract who may call it, and fails where a power is on the chain and not here, or here and not on the chain.

## A vote

| Step | Rule |
|---|---|
| propose | who has ${pldr(rules.proposalThreshold)} PLDR of votes, a second before |
| votes are counted as of | ${days(rules.votingDelay)} after the proposal |
| voting lasts | ${days(rules.votingPeriod)}; where the quorum is reached late, at least ${days(rules.lateQuorumExtension)} from then |
| quorum | ${rules.quorumPercent}% of the supply, for or abstaining; then more for than against |
| queue, by anybody | then the timelock waits ${days(timelockDelay)} |
| execute, by anybody | ${days(total)} after the proposal at the earliest: so long has whoever disagrees to leave |
| cancel | the proposer before votes are counted, the guardian at any time, unless all it does is to replace the guardian |

\`node scripts/govern/main.ts --help\` does all of these. Before anybody votes, \`simulate\` executes a proposal on a snapshot of the
chain, as the timelock would, and shows what would change.

## Roles

The access manager knows six roles. The timelock administers all of them; no role has a guardian of its own, members act
without a further delay, and new members are members at once.

| Role | Number | Members | Delay |
|---|---:|---|---|
${roleHolders.map((key) => `| ${key} | ${holders[key].role} | ${members[key]} | ${delayOf(key)} |`).join("\n")}

Of the timelock itself, the governor alone is proposer and canceller, anybody executes, and nobody but itself administers it.

## Powers

Where a contract is there once per market, its powers are on each. Beside these calls the timelock does what any holder may
with what it holds: the treasury.

${sections()}
## First holders

On a development chain, of 100 million PLDR. The rest is the treasury: the timelock holds it, spends it by a vote and never
votes with it.

| Holder | Holds, PLDR | Votes with it |
|---|---:|---|
${developmentVoters.map(({ title, amount, delegate }) => `| ${title} | ${pldr(amount)} | ${titleOf(delegate)} |`).join("\n")}
| Treasury | ${pldr(SUPPLY - developmentVoters.reduce((sum, { amount }) => sum + amount, 0n))} | nobody |
`;
}

const members: Record<(typeof roleHolders)[number], string> = {
  timelock: "the timelock",
  guardian: "the guardian, the timelock",
  registrar: "the registrar",
  agent: "the issuer's agent",
  policy: "the capital policy",
  servicer: "the servicer",
};

/** One section for each holder, in the table's order. */
function sections(): string {
  const powers = allPowers();
  return (Object.keys(holders) as Holder[])
    .map((holder) => {
      const rows = powers.filter((power) => power.holder === holder);
      if (rows.length === 0) return "";
      return `### ${holder}

${capital(holders[holder].who)}. Delay: ${delayOf(holder)}.

| Contract | May call | At worst |
|---|---|---|
${rows.map(({ contract, call, worst }) => `| ${contract} | \`${call}\` | ${worst} |`).join("\n")}
`;
    })
    .join("\n");
}

type Row = Omit<Power, "contract"> & { contract: string };

/** Each power once; what the kind of a market's source decides is told apart, what all managed contracts have is one row. */
function allPowers(): Row[] {
  const rows = contractsWithPowers.flatMap((contract): Row[] => {
    if (contract !== "Market") return powersOf(contract);
    const [facility, pool] = (["facility", "pool"] as const).map((source) => powersOf("Market", { source }));
    const alike = (power: Power) =>
      pool?.some(({ call, holder }) => call === power.call && holder === power.holder);
    const apart = (powers: Power[] = [], source: keyof typeof sourceNames): Row[] =>
      powers
        .filter(
          (power) =>
            !(
              facility?.some(({ call, holder }) => call === power.call && holder === power.holder) &&
              alike(power)
            ),
        )
        .map((power) => ({ ...power, contract: `Market of a ${sourceNames[source]}` }));
    return [...(facility ?? []).filter(alike), ...apart(facility, "facility"), ...apart(pool, "pool")];
  });
  // The custodians alone are managed by nobody, so that what is left is what management adds.
  const [managed] = powersOf("Custodian", { isManaged: true }).filter(({ call }) => call === "setAuthority");
  return managed === undefined ? rows : [...rows, { ...managed, contract: "every managed contract" }];
}

function delayOf(holder: Holder): string {
  const { rules, timelockDelay } = standardRules;
  const vote = rules.votingDelay + rules.votingPeriod;
  const lengths: Partial<Record<Holder, number>> = {
    timelock: vote + timelockDelay,
    policy: vote + timelockDelay,
    accessManager: vote + timelockDelay,
    governor: vote,
  };
  const length = lengths[holder];
  return length === undefined ? holders[holder].delay : `${days(length)} (${holders[holder].delay})`;
}

function titleOf(delegate: string | undefined): string {
  return developmentVoters.find(({ key }) => key === delegate)?.title ?? "nobody";
}

function days(seconds: number): string {
  const count = seconds / DAY;
  return `${count} ${count === 1 ? "day" : "days"}`;
}

function pldr(amount: bigint): string {
  return (amount / WAD).toLocaleString("en");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

if (import.meta.main) process.stdout.write(governancePage());
