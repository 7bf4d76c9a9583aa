// Named values of the protocol, each with its unit and with which way of changing it loosens risk: what is compared before and
// after a proposal. Values that time alone changes are none of them. A reading is a call and what its answer means, so that
// the same readings are taken from a simulation and from the chain.
import {
  type Abi,
  type Address,
  decodeFunctionResult,
  encodeFunctionData,
  erc20Abi,
  getAddress,
  type Hex,
  isAddressEqual,
} from "viem";
import { type KnownContract, knownBy, type Protocol } from "./known.ts";
import { account, bps, duration, ether, flag, number, time, type Unit, type Value, wad } from "./units.ts";

export type Entry = {
  /** To programs, as in `treasury-bills.market.debtCap`. */
  key: string;
  /** To people, as in `Treasury bills: debt cap`. */
  title: string;
  unit: Unit;
  value: Value;
  about: "parameter" | "capital" | "role" | "treasury" | "balance";
  /** Which change lets in more risk: up, down, or any. */
  looser?: "higher" | "lower" | "any";
};

export type Reading = {
  to: Address;
  data: Hex;
  /** What an answer means; of a call that reverted, nothing. */
  entries(answer: Hex): Entry[];
};

/** A holder of a token whose balance is compared. */
export type Balance = { token: Address; holder: Address };

type Rest = Partial<Pick<Entry, "looser" | "about">>;

/** Answers the ether that an address holds: the code is put at this address in simulations alone. */
export const ETHER_READER = {
  address: "0x00000000000000000000000000000000e74e7000" as Address,
  code: "0x5f35315f5260205ff3" as Hex, // push0 calldataload balance push0 mstore push1 32 push0 return
};

/** What every proposal is looked at for. */
export function standingReadings(protocol: Protocol): Reading[] {
  return [
    ...protocol.record.markets.flatMap(({ key }) => marketReadings(protocol, key)),
    ...sharedReadings(protocol),
    ...governanceReadings(protocol),
    ...treasuryReadings(protocol),
  ];
}

function marketReadings(protocol: Protocol, key: string): Reading[] {
  const record = protocol.record.markets.find((market) => market.key === key);
  const loan = protocol.loanTokens.get(key);
  if (record === undefined || loan === undefined) return [];
  const unit: Unit = { kind: "token", symbol: loan.symbol, decimals: loan.decimals };
  const at = (part: string) => knownBy(protocol, `${key}.${part}`);
  const { title } = record;
  const market = at("market");
  const oracle = at("oracle");
  const source = at("source");
  const surplus = knownBy(protocol, "surplus");
  return [
    take(market, "debtCap", [], ([cap]) => [
      entry("debtCap", `${title}: debt cap`, unit, cap, { looser: "higher" }),
    ]),
    take(market, "newDebtStops", [], ([paused]) => [
      entry("newDebtPaused", `${title}: new debt paused`, flag, paused, { looser: "lower" }),
    ]),
    take(market, "controls", [], (controls) => [
      entry("lltvFrom", `${title}: liquidation loan-to-value, where its ramp begins`, wad, controls.lltvFrom),
      entry("lltvTo", `${title}: liquidation loan-to-value, where its ramp ends`, wad, controls.lltvTo, {
        looser: "higher",
      }),
      entry("rampStart", `${title}: ramp of the loan-to-value, from`, time, controls.rampStart),
      entry("rampEnd", `${title}: ramp of the loan-to-value, until`, time, controls.rampEnd),
      entry("hasFixedTerms", `${title}: has fixed terms`, flag, controls.hasFixedTerms),
    ]),
    ...record.terms.map(({ id }) => termsReading(protocol, BigInt(id))),
    ...authorityReadings(["collateral", "oracle", "workout", "desk", "source", "market"].map(at)),
    take(oracle, "settings", [], (s) => [
      entry("settings.staleAfter", `${title}: NAV is stale after`, duration, s.staleAfter, {
        looser: "higher",
      }),
      entry("settings.expiredAfter", `${title}: NAV expires after`, duration, s.expiredAfter, {
        looser: "higher",
      }),
      entry("settings.pendingDelay", `${title}: a lower NAV waits`, duration, s.pendingDelay, {
        looser: "higher",
      }),
      entry("settings.minInterval", `${title}: between two NAV reports`, duration, s.minInterval, {
        looser: "lower",
      }),
      entry("settings.maxUpBps", `${title}: NAV rises by a report at most`, bps, s.maxUpBps, {
        looser: "higher",
      }),
      entry("settings.maxDownBps", `${title}: NAV falls by a report at most`, bps, s.maxDownBps, {
        looser: "any",
      }),
      entry("settings.quorum", `${title}: attestors for a report`, number, s.quorum, { looser: "lower" }),
      entry("settings.confirmQuorum", `${title}: attestors to confirm`, number, s.confirmQuorum, {
        looser: "lower",
      }),
    ]),
    take(oracle, "comparison", [], (c) => [
      entry("comparison.feed", `${title}: feed that the NAV is compared with`, account, c.feed, {
        looser: "any",
      }),
      entry("comparison.maxAge", `${title}: that feed's age at most`, duration, c.maxAge, {
        looser: "higher",
      }),
      entry(
        "comparison.maxDeviationBps",
        `${title}: the NAV's distance from that feed at most`,
        bps,
        c.maxDeviationBps,
        {
          looser: "higher",
        },
      ),
    ]),
    take(oracle, "attestors", [], (list) => [
      entry("attestors", `${title}: attestors`, { kind: "list", of: account }, sorted(list), {
        looser: "any",
      }),
    ]),
    take(oracle, "accepted", [], ({ ripcord }) => [
      entry("ripcord", `${title}: NAV stopped by governance`, flag, (Number(ripcord) & 2) !== 0, {
        looser: "lower",
      }),
    ]),
    ...(record.kind === "pool"
      ? [
          take(source, "supplyCap", [], ([cap]) => [
            entry("supplyCap", `${title}: supply cap`, tokenUnit(protocol, source.address), cap, {
              looser: "higher",
            }),
          ]),
          take(source, "reserve", [], ([receiver, factor]) => [
            entry("reserve.receiver", `${title}: part of profit goes to`, account, receiver, {
              looser: "any",
            }),
            entry("reserve.factor", `${title}: part of profit`, wad, factor),
          ]),
          take(source, "rebalanceFee", [], (fee) => [
            entry("rebalanceFee", `${title}: fee for levelling`, unit, fee),
          ]),
          take(surplus, "isCovered", [source.address], (covered) => [
            entry(
              `isCovered.${key}`,
              `${title}: losses of the pool covered by surplus and backstop`,
              flag,
              covered,
              {
                looser: "any",
              },
            ),
          ]),
        ]
      : [
          take(source, "surplus", [], (receiver) => [
            entry("surplus", `${title}: interest goes to`, account, receiver, { looser: "any" }),
          ]),
        ]),
  ];
}

function sharedReadings(protocol: Protocol): Reading[] {
  const at = (path: string) => knownBy(protocol, path);
  const dollar = tokenUnit(protocol, protocol.record.dollar.token);
  const pusd = tokenUnit(protocol, protocol.record.shared.stablecoin);
  const peg = at("peg");
  const surplus = at("surplus");
  return [
    take(peg, "ceiling", [], ([ceiling]) => [
      entry("ceiling", "Peg: ceiling", dollar, ceiling, { looser: "higher" }),
    ]),
    take(peg, "inflowCap", [], ([cap]) => [
      entry("inflowCap", "Peg: inflow in a window at most", dollar, cap, { looser: "higher" }),
    ]),
    take(peg, "inflowStatus", [], (status) => [
      entry("inflowStopped", "Peg: inflow stopped", flag, Number(status) === 1, { looser: "lower" }),
    ]),
    take(peg, "fees", [], ({ inBps, outBps }) => [
      entry("fees.in", "Peg: fee for swapping in", bps, inBps),
      entry("fees.out", "Peg: fee for swapping out", bps, outBps),
    ]),
    take(peg, "feed", [], ({ feed, maxDeviationBps, staleAfter }) => [
      entry("feed", "Peg: feed of the dollar token", account, feed, { looser: "any" }),
      entry("feed.maxDeviationBps", "Peg: distance from a dollar at most", bps, maxDeviationBps, {
        looser: "higher",
      }),
      entry("feed.staleAfter", "Peg: the feed's age at most", duration, staleAfter, { looser: "higher" }),
    ]),
    take(at("stablecoin"), "facilities", [], (list) => [
      entry("facilities", "pUSD: facilities", { kind: "list", of: account }, sorted(list), { looser: "any" }),
    ]),
    ...[
      ...protocol.record.markets.filter(({ kind }) => kind === "facility").map(({ source }) => source),
      peg.address,
    ].map((facility) => facilityReading(protocol, getAddress(facility))),
    take(at("policy"), "exposures", [], (list) =>
      (list as { target: Address; weightBps: number }[]).map(({ target, weightBps }) =>
        entry(
          `weight.${target.toLowerCase()}`,
          `Capital behind the cap of ${titleAt(protocol, target)}`,
          bps,
          weightBps,
          {
            looser: "lower",
          },
        ),
      ),
    ),
    take(at("policy"), "requiredCapital", [], (required) => [
      entry("requiredCapital", "Capital that the caps need", pusd, required, { about: "capital" }),
    ]),
    take(at("policy"), "capital", [], (capital) => [
      entry("capital", "Capital that is there", pusd, capital, { about: "capital" }),
    ]),
    take(surplus, "outlets", [], ([savings, backstop, policy]) => [
      entry("outlets.savings", "Surplus: pays yield to", account, savings, { looser: "any" }),
      entry("outlets.backstop", "Surplus: pays premiums to", account, backstop, { looser: "any" }),
      entry("outlets.policy", "Surplus: capital policy", account, policy, { looser: "any" }),
    ]),
    take(surplus, "shares", [], ([savingsBps, backstopBps]) => [
      entry("shares.savings", "Surplus: part of the excess to savers", bps, savingsBps),
      entry("shares.backstop", "Surplus: part of the excess to the backstop", bps, backstopBps),
    ]),
    take(at("backstop"), "policy", [], (policy) => [
      entry("policy", "Backstop: capital policy", account, policy, { looser: "any" }),
    ]),
    take(at("termsRegistry"), "count", [], (count) => [entry("count", "Terms published", number, count)]),
    ...authorityReadings(
      ["stablecoin", "registry", "termsRegistry", "surplus", "savings", "backstop", "policy", "peg"].map(at),
    ),
  ];
}

function governanceReadings(protocol: Protocol): Reading[] {
  const governor = knownBy(protocol, "governor");
  const timelock = knownBy(protocol, "timelock");
  const pldr = tokenUnit(protocol, protocol.governance.token);
  const of = (method: string, title: string, unit: Unit, looser: Entry["looser"]) =>
    take(governor, method, [], (value) => [
      entry(method, `Votes: ${title}`, unit, value, { looser, about: "role" }),
    ]);
  return [
    of("votingDelay", "delay before votes are counted", duration, "lower"),
    of("votingPeriod", "period", duration, "lower"),
    of("lateQuorumVoteExtension", "extension after a late quorum", duration, "lower"),
    of("proposalThreshold", "needed to propose", pldr, "lower"),
    of("quorumNumerator", "quorum, of the supply", { kind: "percent", decimals: 2 }, "lower"),
    of("proposalGuardian", "guardian, who may cancel", account, "any"),
    of("timelock", "timelock that executes", account, "any"),
    take(timelock, "getMinDelay", [], (delay) => [
      entry("minDelay", "Timelock: delay", duration, delay, { looser: "lower", about: "role" }),
    ]),
  ];
}

function treasuryReadings(protocol: Protocol): Reading[] {
  const { timelock } = protocol.governance;
  return [
    ...[...protocol.tokens.values()].map(({ address }) =>
      balanceReading(protocol, { token: address, holder: timelock }),
    ),
    etherReading(protocol, timelock),
  ];
}

/** What one set of terms says, in the registry and as its market holds to it. */
export function termsReading(protocol: Protocol, id: bigint): Reading {
  return take(knownBy(protocol, "termsRegistry"), "termsOf", [id], (t) => {
    const market = protocol.contracts.find(({ address }) => isAddressEqual(address, t.market));
    const loan = market?.market === undefined ? undefined : protocol.loanTokens.get(market.market);
    const unit: Unit =
      loan === undefined ? number : { kind: "token", symbol: loan.symbol, decimals: loan.decimals };
    const name = `Terms ${id} of ${titleAt(protocol, t.market)}`;
    const perYear: Unit = { ...wad, per: "year" } as Unit;
    return [
      entry(`terms.${id}.market`, `${name}: market`, account, t.market),
      entry(
        `terms.${id}.rateKind`,
        `${name}: rate`,
        { kind: "choice", of: ["variable", "fixed"] },
        t.rateKind,
      ),
      entry(`terms.${id}.openUntil`, `${name}: open to new debt until`, time, t.openUntil, {
        looser: "higher",
      }),
      entry(`terms.${id}.maturity`, `${name}: maturity`, time, t.maturity),
      entry(`terms.${id}.ratePerYear`, `${name}: fixed rate`, perYear, t.ratePerYear),
      entry(`terms.${id}.marginPerYear`, `${name}: margin over the variable rate`, perYear, t.marginPerYear),
      entry(`terms.${id}.penaltyPerYear`, `${name}: penalty when overdue`, perYear, t.penaltyPerYear),
      entry(`terms.${id}.gracePeriod`, `${name}: grace`, duration, t.gracePeriod),
      entry(`terms.${id}.cap`, `${name}: cap`, unit, t.cap, { looser: "higher" }),
      entry(`terms.${id}.documentHash`, `${name}: hash of the document`, { kind: "bytes" }, t.documentHash),
    ];
  });
}

/** When a market took over terms; never where it did not. */
export function adoptionReading(market: KnownContract, id: bigint): Reading {
  return take(market, "termsOf", [id], ({ start }) => [
    entry(`adopted.${id}`, `${market.title}: terms ${id} adopted`, time, start, { looser: "any" }),
  ]);
}

export function facilityReading(protocol: Protocol, facility: Address): Reading {
  return take(knownBy(protocol, "stablecoin"), "statusOf", [facility], (status) => [
    entry(
      `status.${facility.toLowerCase()}`,
      `pUSD: ${titleAt(protocol, facility)} as a facility`,
      { kind: "choice", of: ["none", "active", "retired"] },
      status,
      { looser: "any" },
    ),
  ]);
}

export function balanceReading(protocol: Protocol, { token, holder }: Balance): Reading {
  const treasury = isAddressEqual(holder, protocol.governance.timelock);
  const contract = { address: token, abi: erc20Abi as Abi, path: token.toLowerCase() };
  const known = protocol.tokens.get(token.toLowerCase());
  const of = known === undefined ? `unknown token ${token}` : known.symbol;
  return take(contract, "balanceOf", [holder], (balance) => [
    entry(
      `balance.${holder.toLowerCase()}`,
      treasury ? `Treasury: ${of}` : `${of} of ${titleAt(protocol, holder)}`,
      tokenUnit(protocol, token),
      balance,
      treasury ? { about: "treasury" } : { about: "balance" },
    ),
  ]);
}

export function etherReading(protocol: Protocol, holder: Address): Reading {
  const treasury = isAddressEqual(holder, protocol.governance.timelock);
  const title = treasury ? "Treasury: ETH" : `ETH of ${titleAt(protocol, holder)}`;
  return {
    to: ETHER_READER.address,
    data: `0x${holder.slice(2).toLowerCase().padStart(64, "0")}`,
    entries: (answer) => [
      {
        key: `ether.${holder.toLowerCase()}`,
        title,
        unit: ether,
        value: BigInt(answer),
        about: treasury ? "treasury" : "balance",
      },
    ],
  };
}

/** What the record calls the contract at `address`, else that it is unknown. */
export function titleAt({ contracts }: Protocol, address: Address): string {
  return (
    contracts.find((known) => isAddressEqual(known.address, address))?.title ??
    `unknown ${getAddress(address)}`
  );
}

export function entry(key: string, title: string, unit: Unit, value: Value | number, rest: Rest = {}): Entry {
  return { key, title, unit, value: plain(value), about: "parameter", ...rest };
}

/** A view of a contract as a reading; the contract's path goes before its keys. */
export function take(
  { address, abi, path }: Pick<KnownContract, "address" | "abi" | "path">,
  functionName: string,
  args: readonly unknown[],
  // biome-ignore lint/suspicious/noExplicitAny: the answer's type follows from the ABI, known at run time only
  meaning: (answer: any) => Entry[],
): Reading {
  return {
    to: address,
    data: encodeFunctionData({ abi, functionName, args }),
    entries: (answer) =>
      meaning(decodeFunctionResult({ abi, functionName, args, data: answer })).map((each) => ({
        ...each,
        key: `${path}.${each.key}`,
      })),
  };
}

function authorityReadings(contracts: readonly KnownContract[]): Reading[] {
  return contracts.map((contract) =>
    take(contract, "authority", [], (authority) => [
      entry("authority", `${contract.title}: governed by`, account, authority, {
        looser: "any",
        about: "role",
      }),
    ]),
  );
}

/** Of whole numbers where the token is a stranger's: its own word for its decimals is not asked. */
export function tokenUnit({ tokens }: Protocol, address: string): Unit {
  const token = tokens.get(address.toLowerCase());
  return token === undefined ? number : { kind: "token", symbol: token.symbol, decimals: token.decimals };
}

function sorted(list: readonly Address[]): Address[] {
  return list.map((each) => getAddress(each)).sort();
}

function plain(value: Value | number): Value {
  return typeof value === "number" ? BigInt(value) : value;
}
