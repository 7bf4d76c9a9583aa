// Who can do what in a protocol that was handed over: everything that was deployed against the table of powers, in both
// directions, and that the deployer is left nothing.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { type EventLog, getCreateAddress, Interface, isAddress } from "ethers";
import { artifacts } from "hardhat";
import { type ContractName, loadArtifact } from "../../contracts/artifacts.ts";
import { governanceNames } from "../../contracts/deployment/governance.ts";
import { exposureKinds } from "../../contracts/deployment/market.ts";
import {
  contractsWithPowers,
  holders,
  type Power,
  powersOf,
  type RoleHolder,
  roleHolders,
} from "../../contracts/deployment/powers.ts";
import { type AnyContract, type Member, marketOf, membersOf } from "../../contracts/deployment/protocol.ts";
import { standardProtocol } from "../../contracts/deployment/standard.ts";
import { type Governed, governedWith, rules, timelockDelay } from "./support/governance.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, NETHERLANDS, options, TIERS, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

/** How contracts refuse a caller, whatever the arguments. */
const REFUSALS = new Interface([
  "error AccessManagedUnauthorized(address)",
  "error AccessManagerUnauthorizedAccount(address,uint64)",
  "error AccessControlUnauthorizedAccount(address,bytes32)",
  "error TimelockUnauthorizedCaller(address)",
  "error GovernorOnlyExecutor(address)",
  "error NotTheMarket(address,address)",
  "error NotTheSurplus(address)",
  "error NotTheMaker(address)",
  "error NotCovered(address)",
  "error NotInWorkout(address,uint8)",
  "error NotAFacility(address,uint8)",
]);

/** Powers that a walk by callers cannot see: they go by signatures, or need a proposal or a request. Tested elsewhere. */
const NOT_BY_CALLER = [
  "NavOracle.submit",
  "NavOracle.confirm",
  "PolderGovernor.cancel",
  "EligibilityRegistry.approveRequest",
  "EligibilityRegistry.denyRequest",
];
const SOURCES = join(import.meta.dirname, "../../contracts/src");

/** The deployer's nonces before the deployment and after the hand-over. */
type Walked = Governed & { nonces: readonly [from: number, to: number] };

async function walked(): Promise<Walked> {
  const [deployer] = await ethers.getSigners();
  const from = (await deployer?.getNonce()) ?? 0;
  const g = await governedWith(standardProtocol);
  return { ...g, nonces: [from, await g.deployer.getNonce()] };
}

/** All that the deployment says it made, but custodians and libraries. */
function members(g: Governed): Member[] {
  const names = Object.entries(governanceNames) as [keyof typeof governanceNames, ContractName][];
  return [...membersOf(g), ...names.map(([key, name]) => ({ path: key, name, contract: g[key] }))];
}

/** Addresses of the contracts that `from` made in transactions or calls of these nonces. */
async function madeBy(from: string, first: number, last: number): Promise<string[]> {
  const made: string[] = [];
  for (let nonce = first; nonce <= last; nonce++) {
    const address = getCreateAddress({ from, nonce });
    if ((await ethers.provider.getCode(address)) !== "0x") made.push(address);
  }
  return made;
}

/** The custodians of a contract: whatever it made itself. */
async function custodiansOf({ contract }: Member): Promise<Member[]> {
  const maker = String(contract.target);
  const made = await madeBy(maker, 1, (await ethers.provider.getTransactionCount(maker)) - 1);
  const { abi, deployedBytecode } = await artifacts.readArtifact("Custodian");
  for (const address of made) {
    // Its maker is the one immutable: with zeros in its place this is the compiled code, and so nothing else.
    const code = await ethers.provider.getCode(address);
    expect(code.replaceAll(maker.slice(2).toLowerCase(), "00".repeat(20)), address).to.equal(
      deployedBytecode,
    );
  }
  return made.map((address) => ({
    path: `custodian of ${maker}`,
    name: "Custodian",
    contract: new ethers.Contract(address, abi, ethers.provider) as unknown as AnyContract,
  }));
}

async function withCustodians(g: Governed): Promise<Member[]> {
  const all = members(g);
  return [...all, ...(await Promise.all(all.map(custodiansOf))).flat()];
}

function isManaged({ contract }: Member): boolean {
  return contract.interface.getFunction("setAuthority") !== null;
}

function powersOn(member: Member): Power[] {
  return powersOf(member.name, { isManaged: isManaged(member), source: member.source });
}

function label({ contract, call }: Power): string {
  return `${contract}.${call}`;
}

/** Functions whose source names a modifier that asks who calls, as `Contract.function`. */
function restrictedInSource(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".sol"))
    .flatMap((file) => {
      const text = readFileSync(join(SOURCES, file), "utf8");
      const heads = text.matchAll(/function (\w+)\([^{;]*?\)([^{;]*)\{/g);
      return [...heads]
        .filter(([, , modifiers]) => /\b(restricted|only[A-Z]\w*)\b/.test(modifiers ?? ""))
        .map(([, name]) => `${basename(file, ".sol")}.${name}`);
    });
}

/** Arguments of nothing, encoded. */
function zeroData(contract: AnyContract, signature: string): string {
  const fragment = contract.interface.getFunction(signature);
  if (fragment === null) throw new Error(`no function ${signature}`);
  const zero = (type: (typeof fragment.inputs)[number]): unknown => {
    // Of no element there would be nothing to refuse.
    if (type.isArray()) return Array(Math.max(type.arrayLength, 1)).fill(zero(type.arrayChildren));
    if (type.isTuple()) return type.components.map(zero);
    if (type.baseType === "string") return "";
    if (type.baseType === "bytes") return "0x";
    if (type.baseType === "bool") return false;
    if (type.baseType === "address") return ethers.ZeroAddress;
    if (type.baseType.startsWith("bytes")) return `0x${"00".repeat(Number(type.baseType.slice(5)))}`;
    return 0;
  };
  return contract.interface.encodeFunctionData(fragment, fragment.inputs.map(zero));
}

/** The names of the functions of a contract that refuse a stranger for who he is. */
async function refused({ contract }: Member, stranger: string): Promise<Set<string>> {
  const names = new Set<string>();
  for (const fragment of contract.interface.fragments) {
    if (fragment.type !== "function") continue;
    const { name, stateMutability } = contract.interface.getFunction(fragment.format()) ?? {};
    if (name === undefined || stateMutability === "view" || stateMutability === "pure") continue;
    const call = {
      to: String(contract.target),
      from: stranger,
      data: zeroData(contract, fragment.format()),
    };
    const error = await ethers.provider.call(call).then(
      () => undefined,
      (thrown: unknown) => revertData(thrown),
    );
    if (error !== undefined && error.length >= 10 && REFUSALS.parseError(error) !== null) names.add(name);
  }
  return names;
}

/** What a failed call returned, in whatever layer of the error it stands. */
function revertData(error: unknown): string {
  let layer = error as { data?: unknown; cause?: unknown; error?: unknown; info?: unknown } | undefined;
  for (let depth = 0; layer !== undefined && layer !== null && depth < 6; depth++) {
    const { data } = layer;
    if (typeof data === "string" && data.startsWith("0x")) return data;
    const inner = (data as { data?: unknown } | undefined)?.data;
    if (typeof inner === "string") return inner;
    layer = (layer.cause ?? layer.error ?? layer.info) as typeof layer;
  }
  throw error;
}

/** Who holds each role of an access manager or controller now, from its events. */
async function membersByRole(contract: AnyContract): Promise<Record<string, string[]>> {
  const roles: Record<string, Set<string>> = {};
  const events = [
    ...(await contract.queryFilter("RoleGranted", 0)),
    ...(await contract.queryFilter("RoleRevoked", 0)),
  ].map((event) => event as EventLog);
  for (const event of events.sort((a, b) => a.blockNumber - b.blockNumber || a.index - b.index)) {
    const [role, account] = event.args;
    roles[role] ??= new Set();
    if (event.eventName === "RoleGranted") roles[role].add(account);
    else roles[role].delete(account);
  }
  const named = Object.entries(roles).map(([role, accounts]) => [role, [...accounts].sort()] as const);
  return Object.fromEntries(named.filter(([, accounts]) => accounts.length > 0));
}

/** What the views without arguments of a contract answer that is an address, with the view's name. */
async function addressesNamedBy({ contract, path }: Member): Promise<[view: string, address: string][]> {
  const named: [string, string][] = [];
  for (const fragment of contract.interface.fragments) {
    if (fragment.type !== "function") continue;
    const view = contract.interface.getFunction(fragment.format());
    if (view === null || view.stateMutability !== "view" || view.inputs.length > 0) continue;
    const flat = (answer: unknown): unknown[] => (Array.isArray(answer) ? answer.flatMap(flat) : [answer]);
    const answer = await contract
      .getFunction(view)()
      .catch(() => []); // such as a price that is not there yet
    for (const value of flat(answer)) {
      if (typeof value === "string" && isAddress(value)) named.push([`${path}.${view.name}`, value]);
    }
  }
  return named;
}

describe("Powers", () => {
  it("are of functions that exist", () => {
    for (const name of contractsWithPowers) {
      const { abi } = loadArtifact(name);
      const functions = abi.filter(({ type }) => type === "function").map(({ name: called }) => called);
      for (const source of ["facility", "pool"] as const) {
        for (const { call } of powersOf(name, { source }))
          expect(functions, `${name}.${call}`).to.include(call);
      }
    }
  });

  it("of the guardian tighten, by their names, and those of the policy raise", () => {
    const stated = contractsWithPowers.flatMap((name) =>
      (["facility", "pool"] as const).flatMap((source) => powersOf(name, { source })),
    );
    const held = (by: string) => stated.filter(({ holder }) => holder === by).map(({ call }) => call);
    for (const call of held("guardian")) expect(call).to.match(/^(pause|cut|stop|pull|close|cancel)/);
    expect([...new Set(held("policy"))].sort()).to.deep.equal(["raiseCeiling", "raiseDebtCap"]);
  });

  it("are looked for on everything that was deployed, custodians and libraries too", async () => {
    const g = await loadFixture(walked);
    const made = await madeBy(g.deployer.address, g.nonces[0], g.nonces[1] - 1);
    const known = [
      ...members(g).map(({ contract }) => String(contract.target)),
      ...g.libraries.values(),
      ...[g.dollar, g.dollarFeed].map(({ target }) => String(target)),
    ];
    expect(made, "name each contract in what deployProtocol returns").to.have.members(known);
    // Each market, pool, vault and peg module made 32; nobody else made anything.
    const makers = new Map<string, number>();
    for (const member of members(g)) {
      const { length } = await custodiansOf(member);
      if (length > 0) makers.set(member.path, length);
    }
    const { markets } = standardProtocol;
    const pools = markets.filter(({ source }) => source.kind === "pool");
    expect(Object.fromEntries(makers)).to.deep.equal({
      savings: 32,
      peg: 32,
      ...Object.fromEntries(markets.map(({ key }) => [`${key}.market`, 32])),
      ...Object.fromEntries(pools.map(({ key }) => [`${key}.source`, 32])),
    });
  });

  it("are those of the table: no restricted function is missing, none is too many", async () => {
    const g = await loadFixture(walked);
    for (const member of await withCustodians(g)) {
      const table = powersOn(member).map(label);
      const found = [...(await refused(member, g.stranger.address))].map((call) => `${member.name}.${call}`);
      expect(found, `state each power of ${member.path} in contracts/deployment/powers.ts`).to.have.members(
        table.filter((power) => !NOT_BY_CALLER.includes(power)),
      );
    }
  });

  it("are stated for every function whose source asks who calls", async () => {
    const g = await loadFixture(walked);
    const stated = new Set(members(g).flatMap((member) => powersOn(member).map(label)));
    // A liquidator belongs to whoever runs keepers.
    const found = restrictedInSource().filter((power) => !power.startsWith("Liquidator."));
    expect(found.length).to.be.greaterThan(50);
    const views = ["MintFacility.averageCash"]; // asks, and changes nothing
    expect(found.filter((power) => !stated.has(power))).to.deep.equal(views);
  });

  it("are with whom the table says, without delay, and with nobody else", async () => {
    const g = await loadFixture(walked);
    const accounts = [
      g.timelock.target,
      ...[g.guardian, g.registrar, g.agent, g.servicer].map(({ address }) => address),
      g.policy.target,
      ...[g.deployer, g.voter, g.alice, g.keeper, g.stranger].map(({ address }) => address),
      ...[g.governor, g.surplus, g.market].map(({ target }) => target),
    ].map(String);
    const [timelock, guardian, registrar, agent, servicer, policy] = accounts;
    const holding: Record<RoleHolder, unknown[]> = {
      timelock: [timelock],
      guardian: [timelock, guardian],
      registrar: [registrar],
      agent: [agent],
      policy: [policy],
      servicer: [servicer],
    };
    const granted = new Set<string>();
    for (const member of members(g).filter(isManaged)) {
      expect(await member.contract.authority()).to.equal(g.accessManager.target);
      for (const { call, holder } of powersOn(member)) {
        const role = (roleHolders as readonly string[]).includes(holder) && (holder as RoleHolder);
        if (role === false) continue;
        const overloads = member.contract.interface.fragments
          .filter((fragment) => fragment.type === "function" && "name" in fragment && fragment.name === call)
          .map((fragment) => member.contract.interface.getFunction(fragment.format())?.selector ?? "");
        expect(overloads, call).not.to.deep.equal([]);
        for (const selector of overloads) {
          granted.add(`${member.contract.target}:${selector}:${holders[role].role}`);
          for (const account of accounts) {
            const [immediate, delay] = await g.accessManager.canCall(account, member.contract, selector);
            expect([immediate, delay], `${member.path}.${call} by ${account}`).to.deep.equal([
              holding[role].includes(account),
              0n,
            ]);
          }
        }
      }
    }
    // And no selector was given to a role beside these.
    for (const event of await g.accessManager.queryFilter("TargetFunctionRoleUpdated", 0)) {
      const { target, selector, roleId } = (event as EventLog).args;
      expect(granted).to.include(`${target}:${selector}:${roleId}`);
    }
  });

  it("raise what pUSD may be backed by through the policy, which lists all of it and has it covered", async () => {
    const g = await loadFixture(walked);
    const facilities = g.markets.filter(({ kind }) => kind === "facility");
    expect(await g.stablecoin.facilities()).to.deep.equal([
      g.peg.target,
      ...facilities.map(({ source }) => source.target),
    ]);
    const listed = (await g.policy.exposures()).map(([target, kind]: unknown[]) => [target, kind]);
    expect(listed).to.deep.equal([
      [g.peg.target, BigInt(exposureKinds.peg)],
      ...facilities.map(({ market }) => [market.target, BigInt(exposureKinds.market)]),
    ]);
    await g.policy.requireCovered();
  });

  it("leave the deployer nothing", async () => {
    const g = await loadFixture(walked);
    const sorted = (...accounts: unknown[]) => accounts.map(String).sort();
    expect(await membersByRole(g.accessManager)).to.deep.equal({
      [String(holders.timelock.role)]: sorted(g.timelock.target),
      [String(holders.guardian.role)]: sorted(g.timelock.target, g.guardian.address),
      [String(holders.registrar.role)]: sorted(g.registrar.address),
      [String(holders.agent.role)]: sorted(g.agent.address),
      [String(holders.policy.role)]: sorted(g.policy.target),
      [String(holders.servicer.role)]: sorted(g.servicer.address),
    });
    for (const holder of roleHolders) {
      const { role } = holders[holder];
      expect(await g.accessManager.getRoleAdmin(role)).to.equal(holders.timelock.role);
      expect(await g.accessManager.getRoleGuardian(role)).to.equal(holders.timelock.role);
      expect(await g.accessManager.getRoleGrantDelay(role)).to.equal(0n);
    }
    for (const { contract } of members(g)) {
      expect(await g.accessManager.isTargetClosed(contract)).to.equal(false);
      expect(await g.accessManager.getTargetAdminDelay(contract)).to.equal(0n);
      expect(contract.interface.getFunction("owner"), "nothing has an owner").to.equal(null);
    }
    expect(await g.registry.queryFilter("AgentSet", 0), "no issuer has an agent yet").to.deep.equal([]);

    expect(await membersByRole(g.timelock)).to.deep.equal({
      [await g.timelock.DEFAULT_ADMIN_ROLE()]: sorted(g.timelock.target),
      [await g.timelock.PROPOSER_ROLE()]: sorted(g.governor.target),
      [await g.timelock.CANCELLER_ROLE()]: sorted(g.governor.target),
      [await g.timelock.EXECUTOR_ROLE()]: sorted(ethers.ZeroAddress), // anybody, after the delay
    });
    expect(await g.timelock.getMinDelay()).to.equal(timelockDelay);
    expect(await g.governor.proposalGuardian()).to.equal(g.guardian.address);
    expect(await g.governor.votingDelay()).to.equal(rules.votingDelay);
    expect(await g.governor.votingPeriod()).to.equal(rules.votingPeriod);
    for (const { oracle } of g.markets) {
      expect(await oracle.attestors()).to.deep.equal(options.oracle.attestors);
    }

    const pools = g.markets.filter(({ kind }) => kind === "pool");
    const shares = [g.savings, g.backstop, ...pools.map(({ source }) => source)];
    for (const token of [g.token, g.stablecoin, g.dollar, ...shares, ...g.markets.map((m) => m.collateral)]) {
      expect(await token.balanceOf(g.deployer), String(token.target)).to.equal(0n);
    }
    expect(await g.backstop.balanceOf(g.timelock), "the first capital is the treasury's").to.equal(
      await g.backstop.totalSupply(),
    );
  });

  it("leave all income and every setting with the protocol itself", async () => {
    const g = await loadFixture(walked);
    const own = members(g).map(({ contract }) => String(contract.target));
    const known = new Set([
      ...own,
      ...[g.dollar, g.dollarFeed].map(({ target }) => String(target)),
      ...options.oracle.attestors,
      g.guardian.address, // who may cancel proposals
      ethers.ZeroAddress,
    ]);
    const named = (await Promise.all(members(g).map(addressesNamedBy))).flat();
    expect(named.filter(([, address]) => !known.has(address))).to.deep.equal([]);

    const incomes = new Map(named);
    for (const { key, kind, source } of g.markets) {
      if (kind === "facility") expect(incomes.get(`${key}.source.surplus`)).to.equal(g.surplus.target);
      else expect((await source.reserve())[0]).to.equal(g.surplus.target);
    }
    expect(incomes.get("peg.surplus")).to.equal(g.surplus.target);
    expect([...(await g.surplus.outlets())]).to.deep.equal(
      [g.savings, g.backstop, g.policy].map(({ target }) => target),
    );
  });

  it("of the registrar and the agent work", async () => {
    const g = await loadFixture(walked);
    const expiry = (await time.latest()) + DAY;
    await as(g.registry, g.registrar).setPerson(g.stranger, TIERS.holder, NETHERLANDS, expiry);
    for (const { collateral } of [g, marketOf(g, "trade-invoices")]) {
      await as(collateral, g.agent).mint(g.stranger, units(1));
      expect(await collateral.balanceOf(g.stranger)).to.equal(units(1));
      await expect(as(collateral, g.registrar).mint(g.stranger, 1)).to.be.revertedWithCustomError(
        collateral,
        "AccessManagedUnauthorized",
      );
    }
  });
});
