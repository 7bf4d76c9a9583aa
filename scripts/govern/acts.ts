// What a holder of PLDR does in the protocol's votes, each act one transaction. Refuses beforehand, in words, what the contracts
// would refuse. Knows no command line and prints nothing.
import { type Abi, type Address, encodeFunctionData, type Hex, isAddress } from "viem";
import { pLDRAbi, polderGovernorAbi } from "../../contracts/build/abi.ts";
import type { DeploymentRecord } from "../../contracts/deployment/record.ts";
import {
  type Call,
  listProposals,
  loadProtocol,
  type ProposalView,
  type Protocol,
  proposalReference,
  proposingRefusal,
  type Rpc,
  refusalOf,
  type Support,
  supports,
} from "../../contracts/proposals/index.ts";
import type { Connection } from "../lib/connection.ts";

/** A transaction before it is sent. */
export type Act = { what: string; to: Address; data: Hex; account: number; from: Address };

/** What became of it. */
export type Sent = Act & { hash: string; block: number; gasUsed: bigint };

/** What goes against the rules of votes. Its message says which, and what to do. */
export class Refused extends Error {}

export class Governing {
  readonly rpc: Rpc;
  readonly protocol: Protocol;
  readonly #connection: Connection;

  private constructor(connection: Connection, rpc: Rpc, protocol: Protocol) {
    this.#connection = connection;
    this.rpc = rpc;
    this.protocol = protocol;
  }

  /** Throws where the protocol of the record was not handed over. */
  static async of(connection: Connection, record: DeploymentRecord): Promise<Governing> {
    const { provider } = connection;
    const rpc: Rpc = { request: ({ method, params }) => provider.send(method, params ?? []) };
    return new Governing(connection, rpc, await loadProtocol(rpc, record));
  }

  address(account: number): Address {
    return this.#connection.wallet(account).address as Address;
  }

  /** Proposals whose number begins with `text`, in decimals; `latest` is the newest. Throws unless it is one. */
  async find(text: string): Promise<ProposalView> {
    const all = await listProposals(this.rpc, this.protocol);
    if (text === "latest" && all[0] !== undefined) return all[0];
    const found = all.filter(({ id }) => `${id}`.startsWith(text));
    const [only] = found;
    if (found.length === 1 && only !== undefined) return only;
    const why =
      found.length === 0 ? "no proposal's number begins" : `${found.length} proposals' numbers begin`;
    throw new Refused(`${why} with "${text}": \`list\` shows them`);
  }

  async propose(calls: readonly Call[], description: string, account: number): Promise<Act> {
    const refusal = await proposingRefusal(this.rpc, this.protocol, this.address(account));
    if (refusal !== undefined) throw new Refused(refusal);
    const [targets, values, calldatas] = proposalReference(calls, description);
    return this.#act("propose", "propose", [targets, values, calldatas, description], account);
  }

  async vote(proposal: ProposalView, support: Support, reason: string, account: number): Promise<Act> {
    await this.#require(proposal, "vote", account);
    const { id } = proposal;
    return reason === ""
      ? this.#act(`vote ${support}`, "castVote", [id, supports[support]], account)
      : this.#act(`vote ${support}`, "castVoteWithReason", [id, supports[support], reason], account);
  }

  async step(proposal: ProposalView, step: "queue" | "execute" | "cancel", account: number): Promise<Act> {
    await this.#require(proposal, step, account);
    return this.#act(step, step, proposalReference(proposal.calls, proposal.description), account);
  }

  /** @param to an address, `self`, or the index of an account of the phrase. */
  delegate(to: string, account: number): Act {
    const delegatee =
      to === "self" ? this.address(account) : /^\d{1,4}$/.test(to) ? this.address(Number(to)) : to;
    if (!isAddress(delegatee))
      throw new Refused(`"${to}" is no address: give one, \`self\`, or an account's index`);
    const data = encodeFunctionData({ abi: pLDRAbi, functionName: "delegate", args: [delegatee] });
    return this.#signed(`delegate to ${delegatee}`, this.protocol.governance.token, data, account);
  }

  async send({ to, data, account, ...act }: Act): Promise<Sent> {
    const wallet = this.#connection.wallet(account);
    const receipt = await (await wallet.sendTransaction({ to, data })).wait();
    if (receipt === null) throw new Error(`${act.what} was sent and is in no block yet`);
    const { hash, blockNumber, gasUsed } = receipt;
    return { to, data, account, ...act, hash, block: blockNumber, gasUsed };
  }

  async #require(
    proposal: ProposalView,
    action: Parameters<typeof refusalOf>[3],
    account: number,
  ): Promise<void> {
    const refusal = await refusalOf(this.rpc, this.protocol, proposal, action, this.address(account));
    if (refusal !== undefined) throw new Refused(refusal);
  }

  #act(what: string, functionName: string, args: readonly unknown[], account: number): Act {
    const data = encodeFunctionData({ abi: polderGovernorAbi as Abi, functionName, args });
    return this.#signed(what, this.protocol.governance.governor, data, account);
  }

  #signed(what: string, to: Address, data: Hex, account: number): Act {
    return { what, to, data, account, from: this.address(account) };
  }
}
