// The votes of the seed: what is proposed on which day, who votes how, and when it takes effect. Knows no borrower.
import { keccak256, toUtf8Bytes } from "ethers";
import { publishedTerms } from "../../contracts/deployment/disclosure.ts";
import type { MarketSpec } from "../../contracts/deployment/market.ts";
import { marketOf } from "../../contracts/deployment/protocol.ts";
import { standardProtocol } from "../../contracts/deployment/standard.ts";
import { ROLES } from "../lib/deployment.ts";
import type { OfferedTerms } from "./people.ts";
import type { Event } from "./play.ts";
import { DAY, HOUR, type World } from "./world.ts";

type Call = { target: string; data: string };
type Proposal = { calls: Call[]; description: string };
type Ballot = { voter: number; support: 0 | 1 | 2; reason: string };

const AGAINST = 0;
const FOR = 1;
/** Votes begin a day after a proposal and last five; what was voted waits two days more. */
const VOTING = DAY + HOUR;
const CLOSED = 6 * DAY + 2 * HOUR;
const EFFECT = CLOSED + 2 * DAY + 2 * HOUR;
/** For proposals of a dozen calls: nearly all that a transaction may use (EIP-7825). */
const GAS = 16_700_000n;
const WAD = 10n ** 18n;

export class Votes {
  readonly #world: World;
  /** Told of the terms that a vote offers. */
  readonly #offered: (terms: OfferedTerms) => void;

  constructor(world: World, offered: (terms: OfferedTerms) => void) {
    this.#world = world;
    this.#offered = offered;
  }

  /** All that votes bring between `start` and `end`, seconds; the last proposal is still open then. */
  events(start: number, end: number): Event[] {
    const [first, second, third] = ROLES.voters as [number, number, number];
    return [
      { at: start + HOUR, what: "delegates", run: (at) => this.#delegate(at) },
      ...this.#carried(start + 12 * DAY, () => this.#largerBills(), [
        { voter: first, support: FOR, reason: "The backstop covers it, and bills are what savers ask for." },
        { voter: second, support: FOR, reason: "" },
        { voter: third, support: AGAINST, reason: "I would let the first hundred million fill up before." },
      ]),
      ...this.#proposed(start + 32 * DAY, () => this.#bolderWheat(), [
        { voter: first, support: AGAINST, reason: "Not while the crop stands in the field." },
        { voter: second, support: AGAINST, reason: "Hail does not read proposals." },
        { voter: third, support: FOR, reason: "Growers ask for it." },
      ]),
      ...this.#carried(start + 60 * DAY, (at) => this.#newTerms(at + EFFECT), [
        { voter: first, support: FOR, reason: "The old terms close; borrowers want to know their rate." },
        { voter: third, support: FOR, reason: "" },
      ]),
      ...this.#proposed(end - 3 * DAY, () => this.#moreInvoices(), [
        { voter: second, support: FOR, reason: "Three quarters are lent out, and every invoice is insured." },
      ]),
    ];
  }

  #carried(at: number, proposal: (at: number) => Promise<Proposal>, ballots: readonly Ballot[]): Event[] {
    const known: { proposal?: Proposal } = {};
    const later = (method: string) => async (now: number) => {
      if (known.proposal === undefined) throw new Error("nothing was proposed");
      const { governor } = this.#world.governance;
      const [voter] = ROLES.voters as [number];
      await this.#world.mine(method, now, [
        this.#world.intent(voter, governor, method, callOf(known.proposal), GAS),
      ]);
    };
    return [
      ...this.#proposed(at, proposal, ballots, known),
      { at: at + CLOSED, what: "a vote is queued", run: later("queue") },
      { at: at + EFFECT, what: "a vote takes effect", run: later("execute") },
    ];
  }

  #proposed(
    at: number,
    make: (at: number) => Promise<Proposal>,
    ballots: readonly Ballot[],
    known: { proposal?: Proposal } = {},
  ): Event[] {
    const { governor } = this.#world.governance;
    const [proposer] = ROLES.voters as [number];
    return [
      {
        at,
        what: "a proposal",
        run: async (now) => {
          const proposal = await make(now);
          known.proposal = proposal;
          const { calls, description } = proposal;
          const args = [
            calls.map(({ target }) => target),
            calls.map(() => 0),
            calls.map(({ data }) => data),
            description,
          ];
          await this.#world.mine("propose", now, [
            this.#world.intent(proposer, governor, "propose", args, GAS),
          ]);
        },
      },
      ...ballots.map(
        ({ voter, support, reason }, i): Event => ({
          at: at + VOTING + i * 7 * HOUR,
          what: "a vote is cast",
          run: async (now) => {
            if (known.proposal === undefined) throw new Error("nothing was proposed");
            const proposalId = await governor.hashProposal(...callOf(known.proposal));
            const vote =
              reason === ""
                ? this.#world.intent(voter, governor, "castVote", [proposalId, support])
                : this.#world.intent(voter, governor, "castVoteWithReason", [proposalId, support, reason]);
            await this.#world.mine("castVote", now, [vote]);
          },
        }),
      ),
    ];
  }

  async #delegate(at: number): Promise<void> {
    const { token } = this.#world.governance;
    const votes = ROLES.voters.map((voter) =>
      this.#world.intent(voter, token, "delegate", [this.#world.wallet(voter).address]),
    );
    await this.#world.mine("delegate", at, votes);
  }

  async #largerBills(): Promise<Proposal> {
    const { market } = marketOf(this.#world.protocol, "treasury-bills");
    const { policy } = this.#world.protocol;
    return {
      calls: [call(policy, "raiseDebtCap", [market.target, 5_000_000n * WAD])],
      description:
        "# Lend five million more against Treasury bills\n\nRaises the debt cap of the Treasury bills market from 100 to " +
        "105 million pUSD. The capital policy asks for 2% of it, 100,000 pUSD, which the backstop holds.",
    };
  }

  async #bolderWheat(): Promise<Proposal> {
    const { market } = marketOf(this.#world.protocol, "harvest");
    return {
      calls: [call(market, "rampLltv", [(65n * WAD) / 100n, 30 * DAY])],
      description:
        "# Let growers borrow more on their wheat\n\nRaises the liquidation threshold of the harvest from 60% to 65% over " +
        "30 days; what may be borrowed at most follows it.\n\nGrowers would reach **55%** of the value of their crop.",
    };
  }

  /** The fixed terms that closed, or are about to, once more: from when the vote takes effect. */
  async #newTerms(from: number): Promise<Proposal> {
    const { termsRegistry } = this.#world.protocol;
    const calls: Call[] = [];
    const lines: string[] = [];
    let next = Number(await termsRegistry.count());
    for (const spec of standardProtocol.markets) {
      const { market } = marketOf(this.#world.protocol, spec.key);
      for (const terms of offeredAgain(spec)) {
        const recorded = this.#world.record.markets.find(({ key }) => key === spec.key);
        const document = recorded?.documents.find(({ name }) => name === terms.document);
        if (document === undefined) throw new Error(`${spec.key}: "${terms.document}" is not on record`);
        next += 1;
        calls.push(
          call(termsRegistry, "publish", [
            publishedTerms(terms, String(market.target), document.hash, from),
            document.uri,
          ]),
          call(market, "adoptTerms", [next]),
        );
        const percent = Number((terms.rate * 10_000n) / WAD) / 100;
        lines.push(`- ${spec.title}: ${percent}% a year for ${Math.round(terms.duration / DAY)} days`);
        this.#offered({ id: next, market: spec.key, kind: "fixed", openUntil: from + terms.openFor });
      }
    }
    return {
      calls,
      description:
        "# Offer fixed rates for another season\n\nThe fixed terms of the first season are closing. This offers them again, " +
        `under the same documents:\n\n${lines.join("\n")}\n\nLoans that run keep their terms.`,
    };
  }

  async #moreInvoices(): Promise<Proposal> {
    const { source } = marketOf(this.#world.protocol, "trade-invoices");
    return {
      calls: [call(source, "raiseSupplyCap", [5_000_000n * 10n ** 6n])],
      description:
        "# Room for more lenders of invoices\n\nRaises the supply cap of the trade invoices pool by 5 million dollars. " +
        "Losses stay with its lenders: the protocol's capital does not stand behind it.",
    };
  }
}

/** Growers have sown by then: what they still want is money until the spring sale. */
function offeredAgain({ key, terms }: MarketSpec) {
  return terms
    .filter((each) => each.kind === "fixed")
    .filter(({ document }) => key !== "harvest" || document === "loan-terms-to-the-spring-sale");
}

/** What queue and execute take. */
function callOf({ calls, description }: Proposal): unknown[] {
  return [
    calls.map(({ target }) => target),
    calls.map(() => 0),
    calls.map(({ data }) => data),
    keccak256(toUtf8Bytes(description)),
  ];
}

function call(
  contract: { target: unknown; interface: { encodeFunctionData(method: string, args: unknown[]): string } },
  method: string,
  args: unknown[],
): Call {
  return { target: String(contract.target), data: contract.interface.encodeFunctionData(method, args) };
}
