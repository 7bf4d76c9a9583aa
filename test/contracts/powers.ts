// Who can do what in a protocol that was handed over: the deployed contracts against the table of powers. And that no
// power, in its worst direction, keeps anybody from repaying.
import { expect } from "chai";
import { type EventLog, Interface } from "ethers";
import { type ContractName, loadArtifact } from "../../contracts/artifacts.ts";
import { governanceNames } from "../../contracts/deployment/governance.ts";
import {
  contractsWithPowers,
  holders,
  type Power,
  powersOf,
  type RoleHolder,
  roleHolders,
} from "../../contracts/deployment/powers.ts";
import type { AnyContract, Protocol } from "../../contracts/deployment/protocol.ts";
import { contractNames } from "../../contracts/deployment/record.ts";
import { type Governed, governed, rules, timelockDelay } from "./support/governance.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import {
  as,
  DAY,
  deployed,
  HOUR,
  NETHERLANDS,
  open,
  options,
  type Setup,
  TIERS,
  units,
  WAD,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

/** How contracts refuse a caller, whatever the arguments. */
const REFUSALS = new Interface([
  "error AccessManagedUnauthorized(address)",
  "error AccessManagerUnauthorizedAccount(address,uint64)",
  "error AccessControlUnauthorizedAccount(address,bytes32)",
  "error TimelockUnauthorizedCaller(address)",
  "error GovernorOnlyExecutor(address)",
  "error NotTheMarket(address,address)",
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

type Member = { name: ContractName; contract: AnyContract };

function members(g: Governed): Member[] {
  const names = { ...contractNames, ...governanceNames };
  return (Object.entries(names) as [keyof typeof names, ContractName][]).map(([key, name]) => ({
    name,
    contract: g[key],
  }));
}

function isManaged({ contract }: Member): boolean {
  return contract.interface.getFunction("setAuthority") !== null;
}

function label({ contract, call }: Power): string {
  return `${contract}.${call}`;
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

describe("Powers", () => {
  it("are of functions that exist", () => {
    for (const name of contractsWithPowers) {
      const { abi } = loadArtifact(name);
      const functions = abi.filter(({ type }) => type === "function").map(({ name: called }) => called);
      for (const { call } of powersOf(name, false)) expect(functions, `${name}.${call}`).to.include(call);
    }
  });

  it("are those of the table: no restricted function is missing, none is too many", async () => {
    const g = await loadFixture(governed);
    for (const member of members(g)) {
      const table = powersOf(member.name, isManaged(member)).map(label);
      const found = [...(await refused(member, g.stranger.address))].map((call) => `${member.name}.${call}`);
      expect(found, `state each power of ${member.name} in contracts/deployment/powers.ts`).to.have.members(
        table.filter((power) => !NOT_BY_CALLER.includes(power)),
      );
    }
  });

  it("are with whom the table says, without delay, and with nobody else", async () => {
    const g = await loadFixture(governed);
    const accounts = [
      g.timelock.target,
      ...[g.guardian, g.registrar, g.agent].map(({ address }) => address),
      ...[g.deployer, g.voter, g.alice, g.keeper, g.stranger].map(({ address }) => address),
      g.governor.target,
    ].map(String);
    const [timelock, guardian, registrar, agent] = accounts;
    const holding: Record<RoleHolder, unknown[]> = {
      timelock: [timelock],
      guardian: [timelock, guardian],
      registrar: [registrar],
      agent: [agent],
    };
    const granted = new Set<string>();
    for (const member of members(g).filter(isManaged)) {
      expect(await member.contract.authority()).to.equal(g.accessManager.target);
      for (const { call, holder } of powersOf(member.name, false)) {
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
            expect([immediate, delay], `${member.name}.${call} by ${account}`).to.deep.equal([
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

  it("leave the deployer nothing", async () => {
    const g = await loadFixture(governed);
    const sorted = (...accounts: unknown[]) => accounts.map(String).sort();
    expect(await membersByRole(g.accessManager)).to.deep.equal({
      [String(holders.timelock.role)]: sorted(g.timelock.target),
      [String(holders.guardian.role)]: sorted(g.timelock.target, g.guardian.address),
      [String(holders.registrar.role)]: sorted(g.registrar.address),
      [String(holders.agent.role)]: sorted(g.agent.address),
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

    expect(await membersByRole(g.timelock)).to.deep.equal({
      [await g.timelock.DEFAULT_ADMIN_ROLE()]: sorted(g.timelock.target),
      [await g.timelock.PROPOSER_ROLE()]: sorted(g.governor.target),
      [await g.timelock.CANCELLER_ROLE()]: sorted(g.governor.target),
      [await g.timelock.EXECUTOR_ROLE()]: sorted(ethers.ZeroAddress), // anybody, after the delay
    });
    expect(await g.timelock.getMinDelay()).to.equal(timelockDelay);
    expect(await g.governor.timelock()).to.equal(g.timelock.target);
    expect(await g.governor.token()).to.equal(g.token.target);
    expect(await g.governor.proposalGuardian()).to.equal(g.guardian.address);
    expect(await g.governor.votingDelay()).to.equal(rules.votingDelay);
    expect(await g.governor.votingPeriod()).to.equal(rules.votingPeriod);

    expect(await g.facility.surplus()).to.equal(g.timelock.target);
    expect(await g.stablecoin.facilities()).to.deep.equal([g.facility.target]);
    expect(await g.facility.market()).to.equal(g.market.target);
    expect(await g.oracle.attestors()).not.to.include(g.deployer.address);
    expect(await g.oracle.attestors()).to.deep.equal(options.oracle.attestors);
    for (const token of [g.token, g.stablecoin, g.collateral]) {
      expect(await token.balanceOf(g.deployer)).to.equal(0n);
    }
  });

  it("of the registrar and the agent work", async () => {
    const g = await loadFixture(governed);
    const expiry = (await time.latest()) + DAY;
    await as(g.registry, g.registrar).setPerson(g.stranger, TIERS.holder, NETHERLANDS, expiry);
    await as(g.collateral, g.agent).mint(g.stranger, units(1));
    expect(await g.collateral.balanceOf(g.stranger)).to.equal(units(1));
    await expect(as(g.collateral, g.registrar).mint(g.stranger, 1)).to.be.revertedWithCustomError(
      g.collateral,
      "AccessManagedUnauthorized",
    );
  });
});

/** Alice and Bob owe, and there is enough pUSD for all that both owe. */
async function indebted(): Promise<Setup> {
  const s = await deployed();
  await open(s, s.carol, 2_000n, 120_000n);
  for (const owner of [s.alice, s.bob]) {
    await open(s, owner, 1_000n, 50_000n);
    await as(s.stablecoin, s.carol).transfer(owner, units(10_000));
    await as(s.stablecoin, owner).approve(s.facility, ethers.MaxUint256);
  }
  // A payer of whom nobody has a record.
  await as(s.stablecoin, s.carol).transfer(s.stranger, units(1_000));
  await as(s.stablecoin, s.stranger).approve(s.facility, ethers.MaxUint256);
  return s;
}

/** Fixed terms at the highest rate, due at once. */
async function badTerms({ market }: Setup): Promise<Record<string, unknown>> {
  const now = await time.latest();
  return {
    market: market.target,
    rateKind: 1,
    openUntil: now + HOUR,
    maturity: now + HOUR + 1,
    ratePerYear: 2n * WAD,
    marginPerYear: 0,
    penaltyPerYear: 2n * WAD,
    gracePeriod: 0,
    cap: units(1),
    documentHash: ethers.id("terms"),
  };
}

type Worst = (s: Setup) => Promise<unknown>;

/**
 * Each power that a role holds over the protocol, in its worst direction; in an order in which all can be abused one after
 * the other. The deployer holds all roles here.
 */
const worst: Record<string, Worst> = {
  "Market.forceSeize": async ({ market, alice, keeper }) => {
    const { collateral } = await market.positionOf(alice, 0);
    await market.forceSeize(alice, 0, collateral, keeper);
  },
  "Market.raiseDebtCap": ({ market }) => market.raiseDebtCap(units(10n ** 10n)),
  "Market.resumeNewDebt": ({ market }) => market.resumeNewDebt(),
  "Market.cutDebtCap": ({ market }) => market.cutDebtCap(options.debtCap),
  "Market.pauseNewDebt": ({ market }) => market.pauseNewDebt(),
  "Stablecoin.addFacility": async ({ stablecoin, stranger, alice, bob }) => {
    await stablecoin.addFacility(stranger);
    await as(stablecoin, stranger).mint(stranger, units(10n ** 9n), 0);
    // What facilities may do to those who approved them, they did not approve this one.
    for (const victim of [alice, bob]) {
      await expect(as(stablecoin, stranger).burn(victim, 1, 0)).to.be.revertedWithCustomError(
        stablecoin,
        "ERC20InsufficientAllowance",
      );
    }
  },
  "Stablecoin.retireFacility": ({ stablecoin, facility }) => stablecoin.retireFacility(facility),
  "MintFacility.setSurplus": ({ facility, market }) => facility.setSurplus(market),
  "TermsRegistry.publish": async (s) => {
    await s.termsRegistry.publish(await badTerms(s), "");
  },
  "TermsRegistry.close": async (s) => {
    await s.termsRegistry.publish(await badTerms(s), "");
    await s.termsRegistry.close(await s.termsRegistry.count(), (await time.latest()) + 10);
  },
  "NavOracle.releaseRipcord": ({ oracle }) => oracle.releaseRipcord(),
  "NavOracle.pullRipcord": ({ oracle }) => oracle.pullRipcord(),
  "NavOracle.setComparison": async ({ oracle }) => {
    const feed = await deployHarness("ComparisonFeed", 8);
    await feed.set(1n, await time.latest(), 0);
    await oracle.setComparison(feed, DAY, 1);
  },
  "NavOracle.setAttestor": async ({ oracle }) => {
    await oracle.setAttestor(await oracle.attestors().then(([first]: string[]) => first), false);
  },
  "NavOracle.rotateAttestor": async ({ oracle, stranger }) => {
    await oracle.rotateAttestor(await oracle.attestors().then(([first]: string[]) => first), stranger);
  },
  "NavOracle.setSettings": async ({ oracle }) => {
    await oracle.setSettings({
      ...{ maxUpBps: 1, maxDownBps: 9_999, quorum: 1, confirmQuorum: 1 },
      ...{ staleAfter: 1, expiredAfter: 2, pendingDelay: 0, minInterval: 0 },
    });
  },
  "EligibilityRegistry.setAgent": ({ registry, stranger }) => registry.setAgent(stranger, 7),
  "EligibilityRegistry.approveRequest": async ({ registry, deployer, bob }) => {
    const request = { tier: TIERS.holder, jurisdiction: 0, issuer: 0, evidenceHash: ethers.ZeroHash };
    await as(registry, bob).makeRequest(request);
    await as(registry, deployer).approveRequest(bob, request, (await time.latest()) + 10);
  },
  "EligibilityRegistry.denyRequest": async ({ registry, bob }) => {
    const request = { tier: TIERS.borrower, jurisdiction: 0, issuer: 0, evidenceHash: ethers.ZeroHash };
    await as(registry, bob).makeRequest(request);
    await registry.denyRequest(bob, ethers.ZeroHash);
  },
  "EligibilityRegistry.setPerson": async ({ registry, alice }) => {
    await registry.setPerson(alice, TIERS.holder, 0, (await time.latest()) + 10);
  },
  "EligibilityRegistry.setPersons": async ({ registry, alice, bob }) => {
    await registry.setPersons([alice, bob], TIERS.holder, 0, (await time.latest()) + 10);
  },
  "EligibilityRegistry.removePerson": ({ registry, alice }) => registry.removePerson(alice),
  "EligibilityRegistry.setFrozen": ({ registry, bob }) => registry.setFrozen(bob, true),
  "EligibilityRegistry.admitCustodians": ({ registry, market }) => registry.admitCustodians(market),
  "RwaToken.mint": ({ collateral, keeper }) => collateral.mint(keeper, units(10n ** 9n)),
  "RwaToken.batchMint": ({ collateral, keeper }) => collateral.batchMint([keeper], [units(10n ** 9n)]),
  "RwaToken.burn": async ({ collateral, alice }) => {
    await collateral.burn(alice, await collateral.balanceOf(alice));
  },
  "RwaToken.forcedTransfer": async ({ collateral, bob, keeper }) => {
    await collateral.forcedTransfer(bob, keeper, (await collateral.balanceOf(bob)) / 2n);
  },
  "RwaToken.recoverWallet": ({ collateral, bob, keeper }) => collateral.recoverWallet(bob, keeper),
  "RwaToken.freezePartialTokens": async ({ collateral, alice, keeper }) => {
    for (const holder of [alice, keeper]) {
      await collateral.freezePartialTokens(holder, await collateral.balanceOf(holder));
    }
  },
  "RwaToken.unfreezePartialTokens": async ({ collateral, alice }) => {
    await collateral.unfreezePartialTokens(alice, await collateral.getFrozenTokens(alice));
  },
  "RwaToken.setAddressFrozen": async ({ collateral, alice, bob }) => {
    for (const person of [alice, bob]) await collateral.setAddressFrozen(person, true);
  },
  "RwaToken.unpause": async ({ collateral }) => {
    await collateral.pause();
    await collateral.unpause();
  },
  "RwaToken.pause": ({ collateral }) => collateral.pause(),
  "RwaToken.setJurisdictionRule": ({ collateral }) =>
    collateral.setJurisdictionRule({ onlyListed: true, listed: [0, 0, 0, 0] }),
  "RwaToken.setDocument": ({ collateral }) =>
    collateral.setDocument(ethers.id("prospectus"), "", ethers.id("another")),
  "RwaToken.removeDocument": async ({ collateral }) => {
    await collateral.setDocument(ethers.id("terms"), "", ethers.id("terms"));
    await collateral.removeDocument(ethers.id("terms"));
  },
  "AccessManager.grantRole": ({ accessManager, stranger }) => accessManager.grantRole(0, stranger, 0),
  "AccessManager.setRoleAdmin": ({ accessManager }) => accessManager.setRoleAdmin(1, 9),
  "AccessManager.setRoleGuardian": ({ accessManager }) => accessManager.setRoleGuardian(1, 9),
  "AccessManager.setGrantDelay": ({ accessManager }) => accessManager.setGrantDelay(1, 365 * DAY),
  "AccessManager.labelRole": ({ accessManager }) => accessManager.labelRole(1, "nobody"),
  "AccessManager.setTargetFunctionRole": ({ accessManager, market }) => {
    const repay = market.interface.getFunction("repay")?.selector;
    return accessManager.setTargetFunctionRole(market, [repay], 9);
  },
  "AccessManager.setTargetAdminDelay": ({ accessManager, market }) =>
    accessManager.setTargetAdminDelay(market, 365 * DAY),
  "AccessManager.setTargetClosed": async ({ accessManager, ...s }) => {
    for (const key of managedKeys(s)) await accessManager.setTargetClosed(s[key], true);
  },
  "AccessManager.updateAuthority": async ({ accessManager, ...s }) => {
    const elsewhere = await ethers.deployContract("AccessManager", [s.stranger]);
    for (const key of managedKeys(s)) await accessManager.updateAuthority(s[key], elsewhere.target);
  },
  "AccessManager.revokeRole": ({ accessManager, deployer }) => accessManager.revokeRole(0, deployer),
};

/** The managed contracts of a protocol. */
function managedKeys(s: Omit<Protocol, "accessManager">): (keyof typeof s)[] {
  const keys = Object.keys(contractNames).filter((key) => key !== "accessManager") as (keyof typeof s)[];
  return keys.filter((key) => s[key].interface.getFunction("setAuthority") !== null);
}

/** Alice repays a part and then all, a stranger a part for Bob and Bob the rest. */
async function everybodyRepays({ market, stablecoin, alice, bob, stranger }: Setup): Promise<void> {
  await as(market, alice).repay(alice, 0, units(1));
  await as(market, alice).repay(alice, 0, ethers.MaxUint256);
  await as(market, stranger).repay(bob, 0, units(100));
  await as(market, bob).repay(bob, 0, ethers.MaxUint256);
  for (const owner of [alice, bob]) {
    expect(await market.debtOf(owner, 0)).to.equal(0n);
    // Each had 60,000 and owed 50,000 and at most a month of interest: repaying took no more than the debt.
    expect(await stablecoin.balanceOf(owner)).to.be.greaterThan(units(9_700));
  }
}

describe("Repaying", () => {
  it("is tried against every power that a role holds over the protocol", async () => {
    const held = Object.values(contractNames)
      .flatMap((name) => powersOf(name, false))
      .filter(({ holder }) => (roleHolders as readonly string[]).includes(holder));
    expect(Object.keys(worst), "add the worst of each power above").to.have.members(held.map(label));
  });

  for (const [power, abuse] of Object.entries(worst)) {
    it(`works after the worst of ${power}`, async () => {
      const s = await loadFixture(indebted);
      await abuse(s);
      await time.increase(DAY);
      await everybodyRepays(s);
    });
  }

  it("works after the worst of all of them together, with no NAV for a month", async () => {
    const s = await loadFixture(indebted);
    for (const abuse of Object.values(worst)) await abuse(s);
    await time.increase(30 * DAY);
    await everybodyRepays(s);
  });
});
