// What the events of an execution say, and what else is to be compared because of them: roles, balances, terms, persons that
// no list of readings could name beforehand.
import {
  type Address,
  decodeEventLog,
  encodeEventTopics,
  getAddress,
  getContractAddress,
  type Hex,
  isAddressEqual,
  keccak256,
  numberToHex,
  stringToHex,
  zeroAddress,
} from "viem";
import { savingsVaultAbi } from "../build/abi.ts";
import { functionNamed } from "./decode.ts";
import { knownAt, knownBy, type Protocol } from "./known.ts";
import {
  adoptionReading,
  balanceReading,
  type Entry,
  entry,
  facilityReading,
  type Reading,
  take,
  termsReading,
  titleAt,
  tokenUnit,
} from "./readings.ts";
import { type Block, blockTag, type Log, type Rpc } from "./rpc.ts";
import { bps, duration, flag, number, role, show, text, time } from "./units.ts";

export type NamedEvent = {
  log: Log;
  /** The record's title of who emitted it; undefined where the record does not name him. */
  contract: string | undefined;
  /** As in `DebtCapRaised`; undefined where it is not decoded. */
  name: string | undefined;
  args: Readonly<Record<string, unknown>>;
};

const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/** Events in the names of the contracts that emitted them. */
export function nameEvents(protocol: Protocol, logs: readonly Log[]): NamedEvent[] {
  return logs.map((log) => {
    const known = knownAt(protocol, log.address);
    const none = { log, contract: known?.title, name: undefined, args: {} };
    if (known === undefined) return none;
    try {
      const { eventName, args } = decodeEventLog({ abi: known.abi, data: log.data, topics: log.topics });
      return { ...none, name: eventName, args: (args ?? {}) as Record<string, unknown> };
    } catch {
      return none;
    }
  });
}

/** Each reading once, the first of those that ask the same. */
export function uniqueReadings(readings: readonly Reading[]): Reading[] {
  const asked = new Map<string, Reading>();
  for (const reading of readings) {
    const question = `${reading.to}${reading.data}`.toLowerCase();
    if (!asked.has(question)) asked.set(question, reading);
  }
  return [...asked.values()];
}

/** What the events of `logs` call for. */
export function readingsAfter(protocol: Protocol, logs: readonly Log[]): Reading[] {
  const named = nameEvents(protocol, logs).flatMap((event) => readingsOf(protocol, event));
  const moved = logs.flatMap((log) => transferReadings(protocol, log));
  return uniqueReadings([...named, ...moved]);
}

/** What events alone tell, since the contract has no view of it: the savings' room, as of a block. */
export async function announcedAt(rpc: Rpc, protocol: Protocol, block: Block): Promise<Entry[]> {
  const { address } = knownBy(protocol, "savings");
  const fromBlock = numberToHex(protocol.record.startBlock);
  const topics = encodeEventTopics({ abi: savingsVaultAbi, eventName: "ShareCapSettingsSet" });
  const logs: Log[] = await rpc.request({
    method: "eth_getLogs",
    params: [{ address, fromBlock, toBlock: blockTag(block), topics }],
  });
  return announcedIn(protocol, logs);
}

/** The same of `logs`, the later ones last. */
export function announcedIn(protocol: Protocol, logs: readonly Log[]): Entry[] {
  const { address, path } = knownBy(protocol, "savings");
  return nameEvents(protocol, logs)
    .filter(({ log, name }) => isAddressEqual(log.address, address) && name === "ShareCapSettingsSet")
    .flatMap(({ args }) => [
      entry(
        `${path}.minShareCap`,
        "Savings: room at least",
        tokenUnit(protocol, address),
        args.minShareCap as bigint,
        {
          looser: "higher",
        },
      ),
      entry(`${path}.headroomBps`, "Savings: room beyond what is saved", bps, args.headroomBps as bigint, {
        looser: "higher",
      }),
    ]);
}

/** Both sides of a transfer, whoever's token it is. */
function transferReadings(protocol: Protocol, { address, topics }: Log): Reading[] {
  const [topic, from, to] = topics as Hex[];
  if (topic !== TRANSFER || from === undefined || to === undefined) return [];
  return [from, to]
    .map((word) => getAddress(`0x${word.slice(-40)}`))
    .filter((holder) => !isAddressEqual(holder, zeroAddress))
    .map((holder) => balanceReading(protocol, { token: address, holder }));
}

function readingsOf(protocol: Protocol, { log, name, args }: NamedEvent): Reading[] {
  const known = knownAt(protocol, log.address);
  if (known === undefined || name === undefined) return [];
  // biome-ignore lint/suspicious/noExplicitAny: by the event's ABI
  const a = args as any;
  const shown = (address: Address) => titleAt(protocol, address);
  const asRole = { about: "role", looser: "any" } as const;
  switch (`${known.name}.${name}`) {
    case "AccessManager.RoleGranted":
    case "AccessManager.RoleRevoked":
      return [
        take(known, "hasRole", [a.roleId, a.account], ([member, delay]) => {
          const key = `role.${a.roleId}.${a.account.toLowerCase()}`;
          const who = `Role ${show(a.roleId, role, protocol)} of ${shown(a.account)}`;
          return [
            entry(key, who, flag, member, { about: "role", looser: "higher" }),
            entry(`${key}.delay`, `${who}: delay`, duration, delay, { about: "role", looser: "lower" }),
          ];
        }),
      ];
    case "AccessManager.RoleAdminChanged":
      return [
        take(known, "getRoleAdmin", [a.roleId], (admin) => [
          entry(
            `admin.${a.roleId}`,
            `Who grants the role ${show(a.roleId, role, protocol)}`,
            role,
            admin,
            asRole,
          ),
        ]),
      ];
    case "AccessManager.RoleGuardianChanged":
      return [
        take(known, "getRoleGuardian", [a.roleId], (guardian) => [
          entry(
            `guardian.${a.roleId}`,
            `Who cancels for the role ${show(a.roleId, role, protocol)}`,
            role,
            guardian,
            asRole,
          ),
        ]),
      ];
    case "AccessManager.RoleGrantDelayChanged":
      return [
        take(known, "getRoleGrantDelay", [a.roleId], (delay) => [
          entry(
            `grantDelay.${a.roleId}`,
            `New members of the role ${show(a.roleId, role, protocol)} wait`,
            duration,
            delay,
            { about: "role", looser: "lower" },
          ),
        ]),
      ];
    case "AccessManager.TargetFunctionRoleUpdated":
      return [
        take(known, "getTargetFunctionRole", [a.target, a.selector], (held) => [
          entry(
            `functionRole.${a.target.toLowerCase()}.${a.selector}`,
            `Who may call ${functionNamed(protocol, a.target, a.selector)} of ${shown(a.target)}`,
            role,
            held,
            asRole,
          ),
        ]),
      ];
    case "AccessManager.TargetClosed":
      return [
        take(known, "isTargetClosed", [a.target], (closed) => [
          entry(
            `closed.${a.target.toLowerCase()}`,
            `${shown(a.target)}: closed to all who hold a role`,
            flag,
            closed,
            asRole,
          ),
        ]),
      ];
    case "AccessManager.TargetAdminDelayUpdated":
      return [
        take(known, "getTargetAdminDelay", [a.target], (delay) => [
          entry(
            `adminDelay.${a.target.toLowerCase()}`,
            `${shown(a.target)}: its settings wait`,
            duration,
            delay,
            asRole,
          ),
        ]),
      ];
    case "TimelockController.RoleGranted":
    case "TimelockController.RoleRevoked":
      return [
        take(known, "hasRole", [a.role, a.account], (member) => [
          entry(
            `role.${a.role}.${a.account.toLowerCase()}`,
            `Timelock: ${timelockRole(a.role)} ${shown(a.account)}`,
            flag,
            member,
            { about: "role", looser: "higher" },
          ),
        ]),
      ];
    case "Stablecoin.FacilityAdded":
    case "Stablecoin.FacilityRetired":
      return [facilityReading(protocol, a.facility)];
    case "TermsRegistry.TermsPublished":
    case "TermsRegistry.TermsClosed":
      return [termsReading(protocol, a.termsId)];
    case "Market.TermsAdopted":
      return [adoptionReading(known, a.termsId)];
    case "Market.PreferredBuyerSet":
      return [
        take(known, "isPreferredBuyer", [a.buyer], (preferred) => [
          entry(
            `preferred.${a.buyer.toLowerCase()}`,
            `${known.title}: ${shown(a.buyer)} buys first`,
            flag,
            preferred,
            {
              looser: "higher",
            },
          ),
        ]),
      ];
    case "Surplus.PoolCoverSet":
      return [
        take(known, "isCovered", [a.pool], (covered) => [
          entry(
            `isCovered.${a.pool.toLowerCase()}`,
            `Surplus: covers losses of ${shown(a.pool)}`,
            flag,
            covered,
            {
              looser: "any",
            },
          ),
        ]),
      ];
    case "EligibilityRegistry.PersonSet":
    case "EligibilityRegistry.PersonRemoved":
    case "EligibilityRegistry.FrozenSet":
      return [
        take(known, "recordOf", [a.person], ({ tier, frozen, expiry }) => {
          const key = `person.${a.person.toLowerCase()}`;
          const tiers = { kind: "choice", of: ["none", "holder", "borrower", "liquidator"] } as const;
          return [
            entry(`${key}.tier`, `Identity of ${shown(a.person)}: tier`, tiers, tier, { looser: "higher" }),
            entry(`${key}.frozen`, `Identity of ${shown(a.person)}: frozen`, flag, frozen, {
              looser: "lower",
            }),
            entry(`${key}.expiry`, `Identity of ${shown(a.person)}: expires`, time, expiry, {
              looser: "higher",
            }),
          ];
        }),
      ];
    case "EligibilityRegistry.AgentSet":
      return [
        take(known, "issuerOf", [a.agent], (issuer) => [
          entry(
            `agent.${a.agent.toLowerCase()}`,
            `Agent ${shown(a.agent)}: of issuer`,
            number,
            issuer,
            asRole,
          ),
        ]),
      ];
    case "EligibilityRegistry.CustodiansAdmitted":
      return custodianReadings(protocol, a.market);
    case "RwaToken.DocumentUpdated":
    case "RwaToken.DocumentRemoved":
      return [
        take(known, "getDocument", [a.name], ([uri, hash]) => [
          entry(`document.${a.name}`, `${known.title}: document ${a.name}`, text, uri),
          entry(`document.${a.name}.hash`, `${known.title}: its hash`, { kind: "bytes" }, hash),
        ]),
      ];
    default:
      return [];
  }
}

/** Of the market's 32 custodians the first: all are admitted at once. Its address follows from the market's (EIP-161). */
function custodianReadings(protocol: Protocol, market: Address): Reading[] {
  const registry = knownBy(protocol, "registry");
  return [
    take(registry, "recordOf", [getContractAddress({ from: market, nonce: 1n })], ({ custodian }) => [
      entry(
        `custodians.${market.toLowerCase()}`,
        `Custodians of ${titleAt(protocol, market)} admitted to hold collateral`,
        flag,
        custodian,
        { looser: "higher" },
      ),
    ]),
  ];
}

/** Names of the timelock's own roles; `DEFAULT_ADMIN_ROLE` is zero. */
function timelockRole(hash: Hex): string {
  if (BigInt(hash) === 0n) return "administrator";
  const named = ["PROPOSER", "CANCELLER", "EXECUTOR"].find(
    (name) => keccak256(stringToHex(`${name}_ROLE`)) === hash,
  );
  return named?.toLowerCase() ?? `role ${hash}`;
}
