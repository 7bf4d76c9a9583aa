// What people, keepers and roles do with the protocol, drawn at random by a seed: one operation after the other, many of
// which the contracts refuse. It must not know what is read afterwards.
import {
  AbiCoder,
  Contract,
  encodeBytes32String,
  type InterfaceAbi,
  id,
  type JsonRpcProvider,
  MaxUint256,
  toQuantity,
  ZeroAddress,
} from "ethers";
import { loadArtifact } from "../../contracts/artifacts.ts";
import { type Governance, governanceNames } from "../../contracts/deployment/governance.ts";
import { signConfirmation, signReport } from "../../contracts/deployment/nav-report.ts";
import type { AnyContract, DeployedMarket, Protocol } from "../../contracts/deployment/protocol.ts";
import { connectProtocol, type DeploymentRecord } from "../../contracts/deployment/record.ts";
import type { Connection } from "../../scripts/lib/connection.ts";
import { attestorWallets, ROLES } from "../../scripts/lib/deployment.ts";
import { type Draw, seeded } from "../bench/contention/random.ts";

const WAD = 10n ** 18n;
const HOUR = 3_600;
const DAY = 24 * HOUR;
const YEARS = 10 * 365 * DAY;
const GAS = toQuantity(6_000_000);
const TIER = { holder: 1, borrower: 2, liquidator: 3 };
const NETHERLANDS = 528; // ISO 3166-1
/** Per token, in the oracle's 8 decimals. */
const FIRST_NAV = 100_00000000n;
const FOR = 1;

type Proposal = {
  targets: string[];
  values: bigint[];
  calldatas: string[];
  description: string;
  id: bigint;
};

export class World {
  readonly record: DeploymentRecord;
  readonly protocol: Protocol;
  readonly governance: Governance;
  /** Operations that the contracts took, by name, and those they refused. */
  readonly done = new Map<string, number>();
  refused = 0;
  readonly #connection: Connection;
  readonly #provider: JsonRpcProvider;
  readonly #draw: Draw;
  readonly #people: string[];
  readonly #proposals: Proposal[] = [];
  #count = 0;

  constructor(connection: Connection, record: DeploymentRecord, seed: number) {
    this.#connection = connection;
    this.#provider = connection.provider;
    this.#draw = seeded(seed);
    this.record = record;
    this.protocol = connectProtocol(record, connection.provider);
    this.governance = governanceAt(record, connection.provider);
    this.#people = Array.from({ length: 8 }, (_, i) => connection.wallet(100 + i).address);
  }

  /** Everybody on record and with tokens, a first NAV everywhere, loans and deposits to begin with. */
  async prepare(): Promise<void> {
    const { registry, dollar, peg, stablecoin, savings, backstop } = this.protocol;
    const registrar = this.#role("registrar");
    const agent = this.#role("agent");
    const people = this.#people;
    await this.unlock();
    const expiry = (await this.#now()) + YEARS;
    await this.#send(registrar, registry, "setPersons", [people, TIER.liquidator, NETHERLANDS, expiry]);
    await this.#pass(5);
    for (const market of this.protocol.markets) await this.#report(market, FIRST_NAV, 4);
    const together: [string, AnyContract, string, unknown[]][] = [];
    for (const person of people) {
      together.push([person, dollar, "mint", [person, 10n ** 13n]]);
      for (const spender of [peg, ...this.protocol.markets.map(({ source }) => source)]) {
        together.push([person, dollar, "approve", [spender.target, MaxUint256]]);
        together.push([person, stablecoin, "approve", [spender.target, MaxUint256]]);
      }
      for (const vault of [savings, backstop]) {
        together.push([person, stablecoin, "approve", [vault.target, MaxUint256]]);
      }
      for (const { collateral, market } of this.protocol.markets) {
        together.push([agent, collateral, "mint", [person, 1_000_000n * WAD]]);
        together.push([person, collateral, "approve", [market.target, MaxUint256]]);
      }
    }
    await this.#sendTogether(together);
    const begin: [string, AnyContract, string, unknown[]][] = [];
    for (const person of people) {
      begin.push([person, peg, "swapIn", [500_000n * 10n ** 6n, 0n, person]]);
    }
    await this.#sendTogether(begin);
    const loans: [string, AnyContract, string, unknown[]][] = [];
    for (const [i, each] of this.protocol.markets.entries()) {
      for (const person of people.slice(0, 3)) {
        if (each.kind === "pool") {
          loans.push([person, each.source, "deposit", [50_000n * (await this.#loanUnit(each)), person]]);
        }
        loans.push([person, each.market, "addCollateral", [person, 0n, 1_000n * WAD]]);
      }
      const borrower = people[i % 3]!;
      const assets = 30_000n * (await this.#loanUnit(each));
      loans.push([borrower, each.market, "borrow", [borrower, 0n, assets, borrower]]);
    }
    for (const voter of this.#voters()) loans.push([voter, this.governance.token, "delegate", [voter]]);
    await this.#sendTogether(loans);
    await this.#pass(5);
  }

  /** Falls of NAV in one market of each kind of source, so that few operations meet defaults too. */
  async crisis(): Promise<void> {
    const { markets } = this.protocol;
    for (const kind of ["facility", "pool"] as const) {
      await this.fall(markets.find((market) => market.kind === kind)!);
    }
  }

  /** Lets everybody send without keys, which a chain that was started again has forgotten. */
  async unlock(): Promise<void> {
    const roles = [this.#role("registrar"), this.#role("agent")];
    for (const account of [...this.#people, ...roles, ...this.#voters()]) {
      await this.#provider.send("hardhat_impersonateAccount", [account]);
      await this.#provider.send("hardhat_setBalance", [account, toQuantity(10n ** 22n)]);
    }
  }

  /** Does `count` operations, each in a block of its own, a tenth of them several in one. */
  async act(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.#count++;
      const [name, run] = this.#pick(this.#operations());
      try {
        await run();
        this.done.set(name, (this.done.get(name) ?? 0) + 1);
      } catch {
        this.refused++;
      }
    }
  }

  /* WHAT THERE IS TO DO */

  #operations(): [string, () => Promise<unknown>][] {
    const each = this.#pick(this.protocol.markets);
    const person = this.#pick(this.#people);
    const other = this.#pick(this.#people);
    const { market, source, collateral, oracle } = each;
    const { stablecoin, savings, backstop, peg, surplus, registry, upkeep } = this.protocol;
    const termsId = this.#pick([0n, 0n, ...each.terms.map((terms) => BigInt(terms.id))]);
    const send = (from: string, contract: AnyContract, method: string, ...args: unknown[]) =>
      this.#send(from, contract, method, args);
    const often = (
      times: number,
      name: string,
      run: () => Promise<unknown>,
    ): [string, () => Promise<unknown>][] => Array.from({ length: times }, () => [name, run]);
    const debtor = () => this.#someDebtor(each);
    const lent = async (most: number) => this.#upTo(most) * (await this.#loanUnit(each));
    return [
      ...often(4, "pass time", () => this.#pass(1 + Math.floor(this.#draw.uniform() * 12 * HOUR))),
      ...often(1, "pass days", () => this.#pass(DAY + Math.floor(this.#draw.uniform() * 5 * DAY))),
      ...often(8, "report NAV", () => this.#reportNext(each)),
      ...often(1, "fall", () => this.fall(each)),
      ...often(2, "confirm NAV", async () => {
        const signatures = await signConfirmation(oracle, attestorWallets(this.#connection).slice(0, 4));
        await send(person, oracle, "confirm", signatures);
      }),
      ...often(1, "promote NAV", () => send(person, oracle, "promote")),
      ...often(3, "add collateral", () =>
        send(person, market, "addCollateral", other, termsId, this.#upTo(2_000) * WAD),
      ),
      ...often(3, "remove collateral", () =>
        send(person, market, "removeCollateral", person, termsId, this.#upTo(200) * WAD, person),
      ),
      ...often(5, "borrow", async () =>
        send(person, market, "borrow", person, termsId, await lent(30_000), person),
      ),
      ...often(3, "collateralise and borrow", async () => {
        const assets = await lent(40_000);
        await send(person, market, "addCollateral", person, termsId, this.#upTo(2_000) * WAD);
        await send(person, market, "borrow", person, termsId, assets, person);
      }),
      ...often(3, "repay", async () => {
        const { owner, termsId: under } = await debtor();
        await send(person, market, "repay", owner, under, await lent(20_000));
      }),
      ...often(1, "repay all", async () => {
        const { owner, termsId: under } = await debtor();
        await send(person, market, "repay", owner, under, MaxUint256);
      }),
      ...often(3, "supply", async () => send(person, source, "deposit", await lent(20_000), other)),
      ...often(2, "withdraw", async () => send(person, source, "withdraw", await lent(5_000), other, person)),
      ...often(1, "redeem", async () =>
        send(person, source, "redeem", (await source.balanceOf(person)) / 3n, person, person),
      ),
      ...often(5, "liquidate", async () => {
        const { owner, termsId: under } = await debtor();
        const most = this.#draw.uniform() < 0.5 ? MaxUint256 : await lent(10_000);
        await send(person, market, "liquidate", owner, under, most, 0n, other, "0x");
      }),
      ...often(2, "mark", async () => {
        const { owner, termsId: under } = await debtor();
        await send(person, market, "mark", owner, under);
      }),
      ...often(1, "unmark", async () => {
        const { owner, termsId: under } = await debtor();
        await send(person, market, "unmark", owner, under);
      }),
      ...often(3, "impair", async () => {
        const { owner, termsId: under } = await debtor();
        await send(person, market, "impair", owner, under);
      }),
      ...often(1, "write off", async () => {
        const { owner, termsId: under } = await debtor();
        await send(person, market, "writeOff", owner, under);
      }),
      ...often(4, "checkpoint", () => send(person, market, "checkpoint")),
      ...often(1, "rebalance a market", () => send(person, market, "rebalance")),
      ...often(1, "rebalance a pool", () => send(person, source, "rebalance", person)),
      ...often(1, "recover", async () => send(person, source, "recover", await lent(100))),
      ...often(1, "consent", () =>
        send(
          person,
          market,
          "setConsent",
          termsId,
          (WAD * BigInt(20 + Math.floor(this.#draw.uniform() * 30))) / 100n,
          WAD / 100n,
        ),
      ),
      ...often(1, "authorise", () =>
        send(person, market, "setAuthorisation", other, this.#draw.uniform() < 0.7),
      ),
      ...often(1, "move a share", async () =>
        send(person, source, "transfer", other, (await source.balanceOf(person)) / 4n),
      ),
      ...often(1, "move pUSD", () => send(person, stablecoin, "transfer", other, this.#upTo(1_000) * WAD)),
      ...often(1, "move collateral", () =>
        send(person, collateral, "transfer", other, this.#upTo(1_000) * WAD),
      ),
      ...often(2, "swap in", () => send(person, peg, "swapIn", this.#upTo(50_000) * 10n ** 6n, 0n, other)),
      ...often(2, "swap out", () => send(person, peg, "swapOut", this.#upTo(20_000) * WAD, 0n, other)),
      ...often(1, "settle fees", () => send(person, peg, "settleFees")),
      ...often(2, "save", () => send(person, savings, "deposit", this.#upTo(20_000) * WAD, other)),
      ...often(1, "take savings", async () =>
        send(person, savings, "redeem", (await savings.balanceOf(person)) / 2n, other, person),
      ),
      ...often(2, "distribute", () => send(person, surplus, "distribute")),
      ...often(1, "cover a loss", () => send(person, surplus, "coverLoss", source.target)),
      ...often(2, "back", () => send(person, backstop, "deposit", this.#upTo(10_000) * WAD, person)),
      ...often(1, "ask to leave", async () =>
        send(person, backstop, "requestExit", (await backstop.balanceOf(person)) / 2n),
      ),
      ...often(1, "stay", () => send(person, backstop, "cancelExit")),
      ...often(1, "leave", async () =>
        send(person, backstop, "redeem", await backstop.maxRedeem(person), person, person),
      ),
      ...often(1, "mint collateral", () =>
        send(this.#role("agent"), collateral, "mint", person, this.#upTo(1_000) * WAD),
      ),
      ...often(1, "freeze tokens", () =>
        send(this.#role("agent"), collateral, "freezePartialTokens", person, this.#upTo(100) * WAD),
      ),
      ...often(1, "document", () =>
        send(
          this.#role("agent"),
          collateral,
          "setDocument",
          encodeBytes32String(`note ${this.#upTo(3)}`),
          `ipfs://${this.#count}`,
          id(String(this.#count)),
        ),
      ),
      ...often(1, "remove a document", () =>
        send(this.#role("agent"), collateral, "removeDocument", encodeBytes32String(`note ${this.#upTo(3)}`)),
      ),
      ...often(1, "seize by law", async () => {
        const { owner, termsId: under } = await debtor();
        await send(this.#role("agent"), market, "forceSeize", owner, under, this.#upTo(50) * WAD, other);
      }),
      ...often(1, "renew a person", async () =>
        send(
          this.#role("registrar"),
          registry,
          "setPerson",
          person,
          TIER.liquidator,
          NETHERLANDS,
          (await this.#now()) + YEARS,
        ),
      ),
      ...often(1, "ask for a record", () =>
        send(person, registry, "makeRequest", [TIER.holder, NETHERLANDS, 0, id("evidence")]),
      ),
      ...often(1, "approve a record", async () =>
        send(
          this.#role("registrar"),
          registry,
          "approveRequest",
          person,
          [...(await registry.requestOf(person))],
          (await this.#now()) + YEARS,
        ),
      ),
      ...often(1, "delegate", () =>
        send(this.#pick(this.#voters()), this.governance.token, "delegate", this.#pick(this.#voters())),
      ),
      ...often(1, "move PLDR", () =>
        send(this.#pick(this.#voters()), this.governance.token, "transfer", other, this.#upTo(100_000) * WAD),
      ),
      ...often(1, "propose", () => this.#propose(each)),
      ...often(3, "vote, queue or execute", () => this.#advance()),
      ...often(1, "keep up", async () => {
        await this.#keepUp(upkeep, [[market.target], surplus.target, [0n, termsId], this.#people], person);
      }),
      ...often(3, "several at once", () => this.#several(each)),
    ];
  }

  /** Checkpoint, deposit, loans and payments of one market in one block. */
  async #several(each: DeployedMarket): Promise<void> {
    const unit = await this.#loanUnit(each);
    const calls: [string, AnyContract, string, unknown[]][] = [];
    for (const person of this.#people) {
      const amount = this.#upTo(5_000) * unit;
      const deed = this.#pick(["borrow", "repay", "supply", "checkpoint", "swap", "save"]);
      if (deed === "borrow") calls.push([person, each.market, "borrow", [person, 0n, amount, person]]);
      else if (deed === "repay") calls.push([person, each.market, "repay", [person, 0n, amount]]);
      else if (deed === "supply") calls.push([person, each.source, "deposit", [amount, person]]);
      else if (deed === "checkpoint") calls.push([person, each.market, "checkpoint", []]);
      else if (deed === "swap") calls.push([person, this.protocol.peg, "swapOut", [WAD * 50n, 0n, person]]);
      else calls.push([person, this.protocol.savings, "deposit", [WAD * 70n, person]]);
    }
    await this.#sendTogether(
      calls.filter(([, contract, method]) => contract.interface.getFunction(method) !== null),
    );
  }

  async #keepUp(upkeep: AnyContract, watch: unknown[], from: string): Promise<void> {
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ["tuple(address[],address,uint256[],address[])"],
      [watch],
    );
    const [needed, work] = await upkeep.getFunction("checkUpkeep").staticCall(encoded);
    if (!needed) throw new Error("nothing is due");
    await this.#send(from, upkeep, "performUpkeep", [work]);
  }

  /* NAV */

  /** The NAV of a market falls by a third or more, is confirmed, and what follows is done to whoever owes. */
  async fall(each: DeployedMarket): Promise<void> {
    const { market, oracle } = each;
    const [, nav] = (await oracle.read()) as [bigint, bigint];
    const { minInterval } = (await oracle.settings()) as { minInterval: bigint };
    await this.#pass(Number(minInterval) + 1);
    await this.#report(each, (nav * (40n + this.#upTo(25))) / 100n, 3);
    const signatures = await signConfirmation(oracle, attestorWallets(this.#connection).slice(0, 4));
    await this.#send(this.#people[0]!, oracle, "confirm", [signatures]);
    await this.#send(this.#people[0]!, market, "checkpoint", []);
    for (let i = 0; i < 4; i++) {
      const { owner, termsId } = await this.#someDebtor(each);
      const keeper = this.#people.find((person) => person !== owner)!;
      for (const [method, args] of [
        ["impair", []],
        ["liquidate", [MaxUint256, 0n, keeper, "0x"]],
        ["mark", []],
      ] as [string, unknown[]][]) {
        await this.#send(keeper, market, method, [owner, termsId, ...args]).catch(() => {});
      }
    }
  }

  async #reportNext(each: DeployedMarket): Promise<void> {
    const [, nav] = (await each.oracle.read()) as [bigint, bigint];
    // Mostly within bounds, now and then a fall beyond them.
    const parts = this.#draw.uniform();
    const bps =
      parts < 0.25 ? 10_000 - Math.floor(this.#draw.uniform() * 2_500) : 9_950 + Math.floor(parts * 100);
    await this.#report(each, (nav * BigInt(bps)) / 10_000n, 3);
  }

  async #report({ oracle }: DeployedMarket, nav: bigint, quorum: number): Promise<void> {
    const navDate = await this.#now();
    const report = {
      round: Number(await oracle.nextRound()),
      nav,
      navDate,
      ripcord: this.#draw.uniform() < 0.02,
    };
    if (quorum > 3) report.ripcord = false;
    const signatures = await signReport(oracle, attestorWallets(this.#connection).slice(0, quorum), report);
    await this.#send(this.#people[0]!, oracle, "submit", [Object.values(report), signatures]);
  }

  /* VOTES */

  async #propose({ market }: DeployedMarket): Promise<void> {
    const { governor } = this.governance;
    const { peg } = this.protocol;
    const [target, data] = this.#pick([
      [peg, peg.interface.encodeFunctionData("setFees", [[this.#upTo(20), this.#upTo(20)]])],
      [market, market.interface.encodeFunctionData("pauseNewDebt")],
      [market, market.interface.encodeFunctionData("resumeNewDebt")],
      [market, market.interface.encodeFunctionData("cutDebtCap", [this.#upTo(1_000)])],
      [governor, governor.interface.encodeFunctionData("updateQuorumNumerator", [3n + this.#upTo(3)])],
    ] as [AnyContract, string][]);
    const described = {
      targets: [String(target.target)],
      values: [0n],
      calldatas: [data],
      description: `Proposal ${this.#count}`,
    };
    const { targets, values, calldatas, description } = described;
    await this.#send(this.#pick(this.#voters()), governor, "propose", [
      targets,
      values,
      calldatas,
      description,
    ]);
    const proposalId = await governor.hashProposal(targets, values, calldatas, id(description));
    this.#proposals.push({ ...described, id: proposalId });
  }

  async #advance(): Promise<void> {
    const { governor } = this.governance;
    const proposal = this.#pick(this.#proposals.slice(-3));
    const { targets, values, calldatas, description } = proposal;
    const reference = [targets, values, calldatas, id(description)];
    const state = Number(await governor.state(proposal.id));
    if (state === 0) await this.#pass(DAY + 1);
    else if (state === 1) {
      for (const voter of this.#voters()) {
        const support = this.#draw.uniform() < 0.9 ? FOR : Math.floor(this.#draw.uniform() * 3);
        await this.#send(voter, governor, "castVoteWithReason", [proposal.id, support, "so drawn"]).catch(
          () => {},
        );
      }
      await this.#pass(5 * DAY + 1);
    } else if (state === 4) await this.#send(this.#people[0]!, governor, "queue", reference);
    else if (state === 5) {
      await this.#pass(2 * DAY + 1);
      await this.#send(this.#people[0]!, governor, "execute", reference);
    } else throw new Error("it is over");
  }

  /* HOW */

  #voters(): string[] {
    return ROLES.voters.map((index) => this.#connection.wallet(index).address);
  }

  #role(name: "agent" | "registrar"): string {
    return this.#connection.wallet(ROLES[name]).address;
  }

  #pick<T>(from: readonly T[]): T {
    const found = from[Math.floor(this.#draw.uniform() * from.length)];
    if (found === undefined) throw new Error("there is nothing to pick from");
    return found;
  }

  /** From 1 to `most`. */
  #upTo(most: number): bigint {
    return BigInt(1 + Math.floor(this.#draw.uniform() * most));
  }

  readonly #units = new Map<string, bigint>();

  async #loanUnit({ key, market }: DeployedMarket): Promise<bigint> {
    const known = this.#units.get(key);
    if (known !== undefined) return known;
    const stable = String(this.protocol.stablecoin.target).toLowerCase();
    const unit = String(await market.loanToken()).toLowerCase() === stable ? WAD : 10n ** 6n;
    this.#units.set(key, unit);
    return unit;
  }

  async #someDebtor({ market, terms }: DeployedMarket): Promise<{ owner: string; termsId: bigint }> {
    const ids = [0n, ...terms.map((each) => BigInt(each.id))];
    const start = Math.floor(this.#draw.uniform() * this.#people.length * ids.length);
    for (let i = 0; i < this.#people.length * ids.length; i++) {
      const at = (start + i) % (this.#people.length * ids.length);
      const owner = this.#people[at % this.#people.length]!;
      const termsId = ids[Math.floor(at / this.#people.length)]!;
      const { scaledDebt } = (await market.positionOf(owner, termsId)) as { scaledDebt: bigint };
      if (scaledDebt > 0n) return { owner, termsId };
    }
    throw new Error("nobody owes anything");
  }

  async #now(): Promise<number> {
    const block = await this.#provider.send("eth_getBlockByNumber", ["latest", false]);
    return Number(block.timestamp);
  }

  async #pass(seconds: number): Promise<void> {
    await this.#provider.send("evm_increaseTime", [seconds]);
    await this.#provider.send("evm_mine", []);
    const one = 10n ** 8n; // a dollar, in the feed's decimals
    await this.#send(this.#people[0]!, this.protocol.dollarFeed, "say", [one, await this.#now()]);
  }

  /** In a block of its own. Throws where the contract refuses. */
  async #send(from: string, contract: AnyContract, method: string, args: unknown[]): Promise<void> {
    const data = contract.interface.encodeFunctionData(method, args);
    const hash = await this.#provider.send("eth_sendTransaction", [
      { from, to: contract.target, data, gas: GAS },
    ]);
    const receipt = await this.#provider.send("eth_getTransactionReceipt", [hash]);
    if (receipt?.status !== "0x1") throw new Error(`${method} was refused`);
  }

  /** In as few blocks as hold them; what is refused is refused. */
  async #sendTogether(calls: readonly [string, AnyContract, string, unknown[]][]): Promise<void> {
    await this.#provider.send("evm_setAutomine", [false]);
    try {
      for (const [from, contract, method, args] of calls) {
        const data = contract.interface.encodeFunctionData(method, args);
        const gas = toQuantity(1_500_000);
        await this.#provider.send("eth_sendTransaction", [{ from, to: contract.target, data, gas }]);
      }
      for (let i = 0; i < 50; i++) {
        await this.#provider.send("evm_mine", []);
        const { pending } = (await this.#provider.send("txpool_status", [])) as { pending: string };
        if (Number(pending) === 0) return;
      }
    } finally {
      await this.#provider.send("evm_setAutomine", [true]);
    }
  }
}

function governanceAt(record: DeploymentRecord, provider: JsonRpcProvider): Governance {
  const found = Object.entries(governanceNames).map(([key, name]) => {
    const address = record.governance?.[key as keyof Governance] ?? ZeroAddress;
    return [key, new Contract(address, loadArtifact(name).abi as InterfaceAbi, provider)];
  });
  return Object.fromEntries(found) as Governance;
}
