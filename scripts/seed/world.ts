// What the seed acts on: a development chain with the protocol on it, whose time it sets. Builds transactions, asks whether
// they would pass, mines them at a second of the story. Knows no person and no calendar.
import { toQuantity, type Wallet } from "ethers";
import type { AnyContract } from "../../contracts/deployment/contract.ts";
import type { Governance } from "../../contracts/deployment/governance.ts";
import type { Protocol } from "../../contracts/deployment/protocol.ts";
import {
  connectGovernance,
  connectProtocol,
  type DeploymentRecord,
} from "../../contracts/deployment/record.ts";
import { standardProtocol } from "../../contracts/deployment/standard.ts";
import type { Connection } from "../lib/connection.ts";
import { explainRevert } from "../lib/errors.ts";
import { type Intent, mineTogether } from "../lib/together.ts";

export const DAY = 86_400;
export const HOUR = 3_600;
const GAS_LIMIT = 800_000n;
/** Of what reads or writes all lanes, as a loan does that takes from every neighbour. */
export const SWEEP = 3_000_000n;
/** What a block is filled up to, of 60 million. */
const BLOCK_GAS = 55_000_000n;
const ETHER = toQuantity(1_000n * 10n ** 18n);

/** A transaction that may not pass, and what follows if it does. */
export type Try = { intent: Intent; done?(): void };

export class World {
  readonly connection: Connection;
  readonly record: DeploymentRecord;
  readonly protocol: Protocol;
  readonly governance: Governance;
  transactions = 0;
  blocks = 0;
  failed = 0;
  readonly #wallets = new Map<number, Wallet>();

  /** @throws where the protocol was not handed over: the story has votes. */
  constructor(connection: Connection, record: DeploymentRecord) {
    if (connection.chainId !== 31_337) throw new Error("only a development chain can be seeded");
    this.connection = connection;
    this.record = record;
    this.protocol = connectProtocol(record, connection.provider);
    this.governance = connectGovernance(record, connection.provider);
  }

  /** Account of the phrase; the same object for the same account. */
  wallet(account: number): Wallet {
    const wallet = this.#wallets.get(account) ?? this.connection.wallet(account);
    this.#wallets.set(account, wallet);
    return wallet;
  }

  /** Gas money for accounts that the chain gave none. */
  async fund(accounts: readonly number[]): Promise<void> {
    const { provider } = this.connection;
    await Promise.all(
      accounts.map((account) => provider.send("hardhat_setBalance", [this.wallet(account).address, ETHER])),
    );
  }

  intent(
    account: number,
    contract: AnyContract,
    method: string,
    args: readonly unknown[],
    gasLimit = GAS_LIMIT,
  ): Intent {
    const data = contract.interface.encodeFunctionData(method, [...args]);
    return { sender: this.wallet(account), to: String(contract.target), data, gasLimit };
  }

  /** Mines `intents` in one block at `at`, or in as many as they need, each a second later. Throws where one fails. */
  async mine(what: string, at: number, intents: readonly Intent[]): Promise<void> {
    for (const { hash, intent } of await this.#mine(at, intents)) {
      const trace = await this.connection.provider.send("debug_traceTransaction", [
        hash,
        { tracer: "callTracer" },
      ]);
      const reason = explainRevert(trace.output ?? "0x") ?? trace.error;
      throw new Error(`${what}: the transaction ${hash} of ${intent.sender.address} failed: ${reason}`);
    }
  }

  /**
   * Mines those of `tries` that would pass now, each on its own, and takes note of those that did: in one block another may
   * have come before.
   */
  async attempt(at: number, tries: readonly Try[]): Promise<void> {
    const { provider } = this.connection;
    const verdicts = await Promise.all(
      tries.map(({ intent: { sender, to, data } }) =>
        provider.call({ from: sender.address, to, data }).then(
          () => true,
          () => false,
        ),
      ),
    );
    const sent = tries.filter((_, i) => verdicts[i]);
    const failed = new Set(
      (
        await this.#mine(
          at,
          sent.map(({ intent }) => intent),
        )
      ).map(({ intent }) => intent),
    );
    for (const { intent, done } of sent) if (!failed.has(intent)) done?.();
  }

  /** Those that failed, and in which block. */
  async #mine(at: number, intents: readonly Intent[]): Promise<{ hash: string; intent: Intent }[]> {
    const { provider, chainId } = this.connection;
    const failed: { hash: string; intent: Intent }[] = [];
    for (const page of pages(intents)) {
      const time = Math.max(at, (await this.now()) + 1);
      const { outcomes } = await mineTogether(provider, chainId, page, time);
      this.transactions += page.length;
      this.blocks++;
      for (const [i, { ok, hash }] of outcomes.entries()) {
        const intent = page[i];
        if (!ok && intent !== undefined) failed.push({ hash, intent });
      }
    }
    this.failed += failed.length;
    return failed;
  }

  async now(): Promise<number> {
    const latest = await this.connection.provider.getBlock("latest");
    if (latest === null) throw new Error("the node has no latest block");
    return latest.timestamp;
  }

  /** The token that the market `key` lends, and a dollar in its smallest unit. */
  loanToken(key: string): { token: AnyContract; unit: bigint } {
    const source = standardProtocol.markets.find((market) => market.key === key)?.source;
    return source?.kind === "pool" && source.lends === "dollar"
      ? { token: this.protocol.dollar, unit: 10n ** 6n }
      : { token: this.protocol.stablecoin, unit: 10n ** 18n };
  }
}

/** As few groups as fit into a block each, in their order. */
function pages(intents: readonly Intent[]): Intent[][] {
  const all: Intent[][] = [];
  let gas = BLOCK_GAS;
  for (const intent of intents) {
    gas += intent.gasLimit;
    if (gas > BLOCK_GAS) {
      all.push([]);
      gas = intent.gasLimit;
    }
    all.at(-1)?.push(intent);
  }
  return all;
}
