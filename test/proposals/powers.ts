// That docs/governance.md and the chain say the same of who may do what: every function of every contract is asked who may
// call it, and each answer held to the page, in both directions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import {
  Contract,
  type EventLog,
  getCreateAddress,
  Interface,
  type InterfaceAbi,
  type ParamType,
  ZeroAddress,
} from "ethers";
import { type ContractName, loadArtifact } from "../../contracts/artifacts.ts";
import { governanceNames } from "../../contracts/deployment/governance.ts";
import { type AnyContract, type Member, membersOf } from "../../contracts/deployment/protocol.ts";
import { governancePage } from "../../docs/governance.ts";
import type { World } from "./support.ts";

const PAGE = join(import.meta.dirname, "../../docs/governance.md");
const STRANGER = "0x00000000000000000000000000000000000057a6";
const DAY = 86_400;

/** How contracts refuse a caller for who he is, whatever the arguments. */
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

/** Refuse whom they belong to as well, unless a position is in workout. */
const BY_PHASE = ["Market.startWorkout", "Market.endWorkout"];

/** Powers that go by signatures, or need a proposal or a request first: no call of nothing shows them. */
const UNSEEN = [
  "NavOracle.submit",
  "NavOracle.confirm",
  "PolderGovernor.cancel",
  "EligibilityRegistry.approveRequest",
  "EligibilityRegistry.denyRequest",
];

type Page = {
  powers: Map<string, string>;
  roles: { name: string; id: bigint; members: string[] }[];
  text: string;
};

/** What the page says: who holds `Contract.call`, and the table of roles. */
function readPage(): Page {
  const text = readFileSync(PAGE, "utf8");
  const powers = new Map<string, string>();
  for (const section of text.split(/^### /m).slice(1)) {
    const holder = section.slice(0, section.indexOf("\n"));
    for (const [, contract = "", call = ""] of section.matchAll(/^\| ([\w' ]+) \| `(\w+)` \|/gm)) {
      const label = `${contract}.${call}`;
      assert.ok(!powers.has(label), `${label} is listed twice`);
      powers.set(label, holder);
    }
  }
  const table = text.slice(text.indexOf("## Roles"), text.indexOf("## Powers"));
  const rows = table.matchAll(/^\| (\w+) \| (\d+) \| ([^|]+) \|/gm);
  const roles = [...rows].map(([, name = "", id = "", members = ""]) => ({
    name,
    id: BigInt(id),
    members: members.trim().split(", ").sort(),
  }));
  return { powers, roles, text };
}

/** One market of each kind, all that is shared, what governs, and a custodian. */
function members({ contracts, record, connection }: World): Member[] {
  const one = ["treasury-bills", "office-building"];
  const chosen = membersOf(contracts).filter(
    ({ path }) => !path.includes(".") || one.includes(path.split(".")[0] ?? ""),
  );
  const at = (address: string, name: ContractName) =>
    new Contract(
      address,
      loadArtifact(name).abi as InterfaceAbi,
      connection.provider,
    ) as unknown as AnyContract;
  const governing = Object.entries(governanceNames).map(([key, name]) => ({
    path: key,
    name,
    contract: at(record.governance?.[key as keyof typeof governanceNames] ?? "", name),
  }));
  const custodian = getCreateAddress({ from: record.markets[0]?.market ?? "", nonce: 1 });
  return [
    ...chosen,
    ...governing,
    { path: "custodian", name: "Custodian", contract: at(custodian, "Custodian") },
  ];
}

/** What the page calls a power of a contract. */
function labelOf({ name, source }: Member, call: string, powers: Page["powers"]): string {
  if (call === "setAuthority") return "every managed contract.setAuthority";
  const apart = `Market of a ${source === "pool" ? "LendingPool" : "MintFacility"}.${call}`;
  return name === "Market" && powers.has(apart) ? apart : `${name}.${call}`;
}

/** Who holds what the page gives to `holder`, on a member. */
function accountsOf(world: World, holder: string, member: Member): string[] {
  const { record, connection } = world;
  const wallet = (index: number) => connection.wallet(index).address;
  const { timelock = "", governor = "" } = record.governance ?? {};
  const market = record.markets.find(({ key }) => member.path.startsWith(`${key}.`)) ?? record.markets[0];
  const facilities = [record.markets[0]?.source ?? "", record.shared.peg];
  const all: Record<string, string[]> = {
    timelock: [timelock],
    guardian: [wallet(1), timelock],
    registrar: [wallet(2)],
    agent: [wallet(3)],
    servicer: [wallet(7)],
    policy: [record.shared.policy],
    accessManager: [record.shared.accessManager],
    governor: [governor],
    market: [market?.market ?? ""],
    facility: facilities,
    source: facilities,
    surplus: [record.shared.surplus],
    workout: [market?.workout ?? ""],
    maker: [market?.market ?? ""],
  };
  return all[holder] ?? [];
}

function zero(type: ParamType): unknown {
  // Of no element there would be nothing to refuse.
  if (type.arrayChildren) return Array(Math.max(type.arrayLength ?? -1, 1)).fill(zero(type.arrayChildren));
  if (type.components) return type.components.map(zero);
  if (type.baseType === "string") return "";
  if (type.baseType === "bytes") return "0x";
  if (type.baseType === "bool") return false;
  if (type.baseType === "address") return ZeroAddress;
  if (type.baseType.startsWith("bytes")) return `0x${"00".repeat(Number(type.baseType.slice(5)))}`;
  return 0;
}

export function powers(world: () => World): void {
  const page = readPage();

  it("are on the page as the table has them", () => {
    assert.equal(
      readFileSync(PAGE, "utf8"),
      governancePage(),
      "write it anew: node docs/governance.ts > docs/governance.md",
    );
  });

  it("are on the page where a contract asks who calls, and only there, and are with whom it says", async () => {
    const w = world();
    const all = members(w);
    const holders = [...new Set(page.powers.values())];
    const panel = [
      ...new Set([
        ...all.flatMap((each) => holders.flatMap((key) => accountsOf(w, key, each))),
        w.connection.wallet(0).address,
        w.connection.wallet(4).address,
      ]),
    ].filter((each) => each !== "");
    const refuses = async (member: Member, from: string, signature: string): Promise<boolean> => {
      const fragment = member.contract.interface.getFunction(signature);
      if (fragment === null) return false;
      const data = member.contract.interface.encodeFunctionData(fragment, fragment.inputs.map(zero));
      const failure = await w.rpc
        .request({
          method: "eth_call",
          params: [{ to: String(member.contract.target), from, data }, "latest"],
        })
        .then(() => undefined, revertData);
      if (failure === undefined || failure.length < 10) return false;
      // That names the caller, else it is about an argument.
      const [named] = REFUSALS.parseError(failure)?.args ?? [];
      return String(named).toLowerCase() === from.toLowerCase();
    };
    const found = new Set<string>();
    for (const member of all) {
      const signatures: string[] = [];
      member.contract.interface.forEachFunction((each) => {
        if (!each.constant) signatures.push(each.format());
      });
      await Promise.all(
        signatures.map(async (signature) => {
          if (!(await refuses(member, STRANGER, signature))) return;
          const label = labelOf(member, signature.slice(0, signature.indexOf("(")), page.powers);
          found.add(label);
          const holder = page.powers.get(label);
          assert.ok(holder, `${label} is a power on the chain and not on the page`);
          if (BY_PHASE.includes(label)) return;
          const admitted = await Promise.all(
            panel.map(async (from) => ((await refuses(member, from, signature)) ? [] : [from])),
          );
          const wanted = accountsOf(w, holder, member).map((each) => each.toLowerCase());
          assert.deepEqual(
            admitted
              .flat()
              .map((each) => each.toLowerCase())
              .sort(),
            panel
              .map((each) => each.toLowerCase())
              .filter((each) => wanted.includes(each))
              .sort(),
            `who may call ${label} of ${member.path}`,
          );
        }),
      );
    }
    const missing = [...page.powers.keys()].filter((label) => !found.has(label) && !UNSEEN.includes(label));
    assert.deepEqual(missing, [], "on the page and not on the chain");
  });

  it("are roles with the members, the delays, the administrator and the guardian of the page", async () => {
    const w = world();
    const { accessManager } = w.contracts;
    const events = (
      await Promise.all(["RoleGranted", "RoleRevoked"].map((name) => accessManager.queryFilter(name, 0)))
    ).flat() as EventLog[];
    const held = new Map<bigint, Set<string>>();
    for (const { args, eventName } of events.sort(
      (a, b) => a.blockNumber - b.blockNumber || a.index - b.index,
    )) {
      const of = held.get(args.roleId) ?? new Set<string>();
      if (eventName === "RoleGranted") of.add(args.account);
      else of.delete(args.account);
      held.set(args.roleId, of);
    }
    const names: Record<string, string | undefined> = {
      "the timelock": w.record.governance?.timelock,
      "the guardian": w.connection.wallet(1).address,
      "the registrar": w.connection.wallet(2).address,
      "the issuer's agent": w.connection.wallet(3).address,
      "the capital policy": w.record.shared.policy,
      "the servicer": w.connection.wallet(7).address,
    };
    assert.deepEqual([...held.keys()].sort(), page.roles.map(({ id }) => id).sort());
    for (const { id, name, members } of page.roles) {
      assert.deepEqual([...(held.get(id) ?? [])].sort(), members.map((each) => names[each]).sort(), name);
      for (const account of held.get(id) ?? []) {
        assert.deepEqual(
          [...(await accessManager.hasRole(id, account))],
          [true, 0n],
          `${name}: acts at once`,
        );
      }
      assert.equal(await accessManager.getRoleAdmin(id), 0n, name);
      assert.equal(await accessManager.getRoleGuardian(id), 0n, name);
      assert.equal(await accessManager.getRoleGrantDelay(id), 0n, name);
    }
    const targets = await accessManager.queryFilter("TargetAdminDelayUpdated", 0);
    const closed = await accessManager.queryFilter("TargetClosed", 0);
    assert.equal(targets.length + closed.length, 0);
  });

  it("wait as long as the page says", async () => {
    const { governor, timelock } = Object.fromEntries(
      members(world()).map(({ path, contract }) => [path, contract]),
    );
    const days = (seconds: bigint) => `${Number(seconds) / DAY} ${Number(seconds) === DAY ? "day" : "days"}`;
    const [delay, period, extension, wait, quorum, threshold] = await Promise.all([
      governor?.votingDelay(),
      governor?.votingPeriod(),
      governor?.lateQuorumVoteExtension(),
      timelock?.getMinDelay(),
      governor?.quorumNumerator(),
      governor?.proposalThreshold(),
    ]);
    for (const row of [
      `| propose | who has ${(threshold / 10n ** 18n).toLocaleString("en")} PLDR of votes, a second before |`,
      `| votes are counted as of | ${days(delay)} after the proposal |`,
      `| voting lasts | ${days(period)}; where the quorum is reached late, at least ${days(extension)} from then |`,
      `| quorum | ${quorum}% of the supply,`,
      `| queue, by anybody | then the timelock waits ${days(wait)} |`,
      `| execute, by anybody | ${days(delay + period + wait)} after the proposal at the earliest`,
    ]) {
      assert.ok(page.text.includes(row), row);
    }
  });
}

/** What a failed call returned, in whatever layer of the error it stands. */
function revertData(error: unknown): string {
  let layer = error as { data?: unknown; error?: unknown; info?: unknown } | undefined;
  for (let depth = 0; layer !== undefined && layer !== null && depth < 6; depth++) {
    if (typeof layer.data === "string" && layer.data.startsWith("0x")) return layer.data;
    layer = (layer.error ?? layer.info) as typeof layer;
  }
  throw error;
}
