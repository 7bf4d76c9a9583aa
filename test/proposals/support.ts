// A devchain with the standard protocol handed over to votes, for one file of tests, and the acts of voting that they repeat.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hex } from "viem";
import type { Protocol as Contracts } from "../../contracts/deployment/protocol.ts";
import type { DeploymentRecord } from "../../contracts/deployment/record.ts";
import {
  type Action,
  buildCalls,
  type Call,
  type Change,
  describe,
  type ProposalView,
  type Protocol,
  type Rpc,
  type Simulation,
  showProposal,
  simulate,
} from "../../contracts/proposals/index.ts";
import { type Act, Governing, type Sent } from "../../scripts/govern/acts.ts";
import { type Connection, connect } from "../../scripts/lib/connection.ts";
import { deployStandard } from "../../scripts/lib/deployment.ts";
import { type Devchain, startDevchain } from "../run/devchain.ts";

export const VOTER = 4; // twelve million votes, of four that a quorum takes
export const GUARDIAN = 1;
const DAY = 86_400;

export class World {
  readonly chain: Devchain;
  readonly connection: Connection;
  readonly contracts: Contracts;
  readonly record: DeploymentRecord;
  readonly governing: Governing;
  /** Where the record lies, for POLDER_DEPLOYMENTS. */
  readonly folder: string;

  private constructor(
    fields: Pick<World, "chain" | "connection" | "contracts" | "record" | "governing" | "folder">,
  ) {
    this.chain = fields.chain;
    this.connection = fields.connection;
    this.contracts = fields.contracts;
    this.record = fields.record;
    this.governing = fields.governing;
    this.folder = fields.folder;
  }

  static async start(): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "polder-proposals-"));
    process.env.POLDER_DEPLOYMENTS = folder;
    const chain = await startDevchain();
    const connection = await connect(chain.url);
    const { record, protocol } = await deployStandard(connection, { handOver: true });
    const governing = await Governing.of(connection, record);
    return new World({ chain, connection, contracts: protocol, record, governing, folder });
  }

  get rpc(): Rpc {
    return this.governing.rpc;
  }

  get protocol(): Protocol {
    return this.governing.protocol;
  }

  async stop(): Promise<void> {
    this.connection.provider.destroy();
    await this.chain.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs `work` and takes back whatever it did to the chain. */
  async apart<Result>(work: () => Promise<Result>): Promise<Result> {
    const snapshot = await this.ask("evm_snapshot");
    try {
      return await work();
    } finally {
      await this.ask("evm_revert", snapshot);
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: as many answers as methods
  ask(method: string, ...params: unknown[]): Promise<any> {
    return this.rpc.request({ method, params });
  }

  async now(): Promise<bigint> {
    return BigInt((await this.ask("eth_getBlockByNumber", "latest", false)).timestamp);
  }

  async travelTo(timestamp: bigint): Promise<void> {
    await this.ask("evm_setNextBlockTimestamp", Number(timestamp));
    await this.ask("evm_mine");
  }

  async send(act: Act | Promise<Act>): Promise<Sent> {
    return this.governing.send(await act);
  }

  /** Proposes as the voter. */
  async propose(calls: readonly Call[], description: string): Promise<ProposalView> {
    await this.send(this.governing.propose(calls, description, VOTER));
    return this.governing.find("latest");
  }

  /** From proposed to queued: the voter is for it. */
  async carry(proposal: ProposalView): Promise<ProposalView> {
    await this.travelTo(proposal.snapshot + 1n);
    await this.send(this.governing.vote(await this.again(proposal), "for", "", VOTER));
    await this.travelTo(proposal.deadline + 1n);
    await this.send(this.governing.step(await this.again(proposal), "queue", VOTER));
    return this.again(proposal);
  }

  again({ id }: ProposalView): Promise<ProposalView> {
    return this.governing.find(`${id}`);
  }

  /** Simulates actions, then has them proposed, voted for, queued and executed at the very second that was simulated. */
  async enact(
    actions: readonly Action[],
    title: string,
  ): Promise<{ simulated: Simulation; real: readonly Change[]; gasUsed: bigint; calls: readonly Call[] }> {
    const executesAt = (await this.now()) + BigInt(9 * DAY);
    const calls = await buildCalls(this.rpc, this.protocol, actions, { executesAt });
    const description = describe(title, "A test.");
    const simulated = await simulate(this.rpc, this.protocol, { calls, description, executesAt });
    if (!simulated.outcome.succeeds) throw new Error(simulated.outcome.reason.text);
    const proposal = await this.carry(await this.propose(calls, description));
    await this.ask("evm_setNextBlockTimestamp", Number(simulated.executedAt - 1n));
    await this.ask("evm_mine");
    await this.ask("evm_setNextBlockTimestamp", Number(simulated.executedAt));
    const { gasUsed } = await this.send(this.governing.step(await this.again(proposal), "execute", VOTER));
    const { changed = [], state } = await showProposal(this.rpc, this.protocol, proposal.id);
    if (state !== "Executed") throw new Error(`the proposal is ${state}`);
    return { simulated, real: changed, gasUsed, calls };
  }
}

/** Changes as `key: before -> after`, to compare with what a test expects. */
export function lines(changes: readonly Change[]): string[] {
  return changes.map(({ key, text }) => `${key}: ${text.before} -> ${text.after}`);
}

export function isHex(value: unknown): value is Hex {
  return typeof value === "string" && value.startsWith("0x");
}
