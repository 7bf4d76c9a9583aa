// Turns actions, which are text with units, into the calls that the timelock will make. Reads the chain where an action
// names some of several settings, and where it must be sure of what it lists.
import { type Abi, type Address, encodeFunctionData, erc20Abi, getAddress, type Hex, parseUnits } from "viem";
import {
  accessManagerAbi,
  capitalPolicyAbi,
  lendingPoolAbi,
  marketAbi,
  navOracleAbi,
  pegModuleAbi,
  polderGovernorAbi,
  savingsVaultAbi,
  surplusAbi,
  termsRegistryAbi,
  timelockControllerAbi,
} from "../build/abi.ts";
import { knownBy, marketRecord, type Protocol, type Token } from "./known.ts";
import { listingCalls } from "./listing.ts";
import { blockAt, type Rpc, view } from "./rpc.ts";
import { type Action, type ActionOf, type ActionType, ProposalError } from "./schema.ts";
import { roles } from "./units.ts";

export type Call = {
  target: Address;
  /** Wei. */
  value: bigint;
  data: Hex;
};

/** What builders need beside their action. */
export type Context = {
  rpc: Rpc;
  protocol: Protocol;
  /** Seconds: when the proposal is executed at the earliest. */
  executesAt: bigint;
  /** Terms that actions before this one publish. */
  published: number;
};

type Builder<T extends ActionType> = (action: ActionOf<T>, context: Context) => Call[] | Promise<Call[]>;

const MARKET_EXPOSURE = 1; // as in `ICapitalPolicy.Kind`
const PEG_EXPOSURE = 2;
const SECONDS = { second: 1n, minute: 60n, hour: 3_600n, day: 86_400n } as const;

/** The calls of all actions, in their order. Throws a `ProposalError` that names the field. */
export async function buildCalls(
  rpc: Rpc,
  protocol: Protocol,
  actions: readonly Action[],
  options: { executesAt?: bigint } = {},
): Promise<Call[]> {
  const executesAt = options.executesAt ?? (await earliestExecution(rpc, protocol));
  const calls: Call[] = [];
  const context: Context = { rpc, protocol, executesAt, published: 0 };
  for (const [i, action] of actions.entries()) {
    try {
      calls.push(...(await (builders[action.type] as Builder<ActionType>)(action as never, context)));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const path = error instanceof ProposalError ? `actions[${i}].${error.path}` : `actions[${i}]`;
      const problem =
        error instanceof ProposalError ? error.message.slice(error.path.length + 2) : error.message;
      throw new ProposalError(path, problem);
    }
    if (action.type === "publishTerms") context.published++;
  }
  return calls;
}

/** Seconds: now, and what a vote and the timelock take. */
export async function earliestExecution(rpc: Rpc, { governance }: Protocol): Promise<bigint> {
  const governor = { address: governance.governor, abi: polderGovernorAbi };
  const [{ timestamp }, delay, period, timelockDelay] = await Promise.all([
    blockAt(rpc),
    view(rpc, { ...governor, functionName: "votingDelay" }),
    view(rpc, { ...governor, functionName: "votingPeriod" }),
    view(rpc, { address: governance.timelock, abi: timelockControllerAbi, functionName: "getMinDelay" }),
  ]);
  return timestamp + delay + period + timelockDelay;
}

const builders: { [T in ActionType]: Builder<T> } = {
  raiseDebtCap: ({ market, by }, { protocol }) => {
    const record = marketRecord(protocol, market);
    const scaled = units("by", by, loanToken(protocol, market));
    return record.kind === "facility"
      ? [call(protocol, "policy", capitalPolicyAbi, "raiseDebtCap", [record.market, scaled])]
      : [call(protocol, `${market}.market`, marketAbi, "raiseDebtCap", [scaled])];
  },
  cutDebtCap: ({ market, by }, { protocol }) => {
    marketRecord(protocol, market);
    const scaled = units("by", by, loanToken(protocol, market));
    return [call(protocol, `${market}.market`, marketAbi, "cutDebtCap", [scaled])];
  },
  raiseSupplyCap: ({ market, by }, { protocol }) => [
    call(protocol, pool(protocol, market), lendingPoolAbi, "raiseSupplyCap", [
      shares("by", by, protocol, market),
    ]),
  ],
  cutSupplyCap: ({ market, by }, { protocol }) => [
    call(protocol, pool(protocol, market), lendingPoolAbi, "cutSupplyCap", [
      shares("by", by, protocol, market),
    ]),
  ],
  pauseNewDebt: ({ market }, { protocol }) => [onMarket(protocol, market, "pauseNewDebt", [])],
  resumeNewDebt: ({ market }, { protocol }) => [onMarket(protocol, market, "resumeNewDebt", [])],
  rampLltv: ({ market, to, over }, { protocol }) => [
    onMarket(protocol, market, "rampLltv", [fraction("to", to, 18), Number(seconds(over))]),
  ],
  setReserve: ({ market, factor }, { protocol }) => [
    call(protocol, pool(protocol, market), lendingPoolAbi, "setReserve", [
      protocol.record.shared.surplus,
      fraction("factor", factor, 18),
    ]),
  ],
  setRebalanceFee: ({ market, fee }, { protocol }) => [
    call(protocol, pool(protocol, market), lendingPoolAbi, "setRebalanceFee", [
      units("fee", fee, loanToken(protocol, market)),
    ]),
  ],
  setPoolCover: ({ market, covered }, { protocol }) => {
    const { address } = knownBy(protocol, pool(protocol, market));
    return [call(protocol, "surplus", surplusAbi, covered ? "coverPool" : "uncoverPool", [address])];
  },

  setOracleBounds: async (action, { rpc, protocol }) => {
    const { oracle } = marketRecord(protocol, action.market);
    const now = await view(rpc, { address: oracle as Address, abi: navOracleAbi, functionName: "settings" });
    const length = (name: "staleAfter" | "expiredAfter" | "pendingDelay" | "minInterval") => {
      const given = action[name];
      return given === undefined ? now[name] : Number(seconds(given));
    };
    const share = (name: "maxUp" | "maxDown", current: number) => {
      const given = action[name];
      return given === undefined ? current : Number(fraction(name, given, 4));
    };
    const settings = {
      staleAfter: length("staleAfter"),
      expiredAfter: length("expiredAfter"),
      pendingDelay: length("pendingDelay"),
      minInterval: length("minInterval"),
      maxUpBps: share("maxUp", now.maxUpBps),
      maxDownBps: share("maxDown", now.maxDownBps),
      quorum: Number(action.quorum ?? now.quorum),
      confirmQuorum: Number(action.confirmQuorum ?? now.confirmQuorum),
    };
    return [call(protocol, `${action.market}.oracle`, navOracleAbi, "setSettings", [settings])];
  },
  setComparison: ({ market, feed, maxAge, maxDeviation }, { protocol }) => [
    onOracle(protocol, market, "setComparison", [
      account("feed", feed, protocol),
      Number(seconds(maxAge)),
      Number(fraction("maxDeviation", maxDeviation, 4)),
    ]),
  ],
  rotateAttestor: ({ market, retired, successor }, { protocol }) => [
    onOracle(protocol, market, "rotateAttestor", [
      account("retired", retired, protocol),
      account("successor", successor, protocol),
    ]),
  ],
  releaseRipcord: ({ market }, { protocol }) => [onOracle(protocol, market, "releaseRipcord", [])],

  publishTerms: async (action, { rpc, protocol, executesAt, published }) => {
    const { market } = marketRecord(protocol, action.market);
    if (action.documentHash.length !== 66)
      throw new ProposalError("documentHash", "is keccak256 of the document, 32 bytes");
    const fixed = action.kind === "fixed";
    for (const name of ["maturity", "rate", "margin", "penalty", "grace"] as const) {
      if (fixed === (action[name] !== undefined)) continue;
      throw new ProposalError(name, fixed ? "is missing: fixed terms have one" : "is for fixed terms alone");
    }
    const terms = {
      market,
      rateKind: fixed ? 1 : 0,
      openUntil: Number(moment(action.openUntil, executesAt)),
      maturity: Number(action.maturity === undefined ? 0n : moment(action.maturity, executesAt)),
      ratePerYear: fraction("rate", action.rate ?? "0%", 18),
      marginPerYear: fraction("margin", action.margin ?? "0%", 18),
      penaltyPerYear: fraction("penalty", action.penalty ?? "0%", 18),
      gracePeriod: Number(action.grace === undefined ? 0n : seconds(action.grace)),
      cap: units("cap", action.cap, loanToken(protocol, action.market)),
      documentHash: action.documentHash,
    };
    const publish = call(protocol, "termsRegistry", termsRegistryAbi, "publish", [terms, action.documentUri]);
    if (!action.adopt) return [publish];
    // Their number, unless another vote publishes first: then the market refuses, and `adoptTerms` may be called by anybody.
    const { address } = knownBy(protocol, "termsRegistry");
    const count = await view(rpc, { address, abi: termsRegistryAbi, functionName: "count" });
    return [publish, onMarket(protocol, action.market, "adoptTerms", [count + BigInt(published) + 1n])];
  },
  adoptTerms: ({ market, terms }, { protocol }) => [
    onMarket(protocol, market, "adoptTerms", [BigInt(terms)]),
  ],
  closeTerms: ({ terms, at }, { protocol, executesAt }) => [
    call(protocol, "termsRegistry", termsRegistryAbi, "close", [
      BigInt(terms),
      Number(moment(at, executesAt)),
    ]),
  ],

  raiseCeiling: ({ by }, { protocol }) => [
    call(protocol, "policy", capitalPolicyAbi, "raiseCeiling", [
      protocol.record.shared.peg,
      units("by", by, tokenNamed("by", "dollar", protocol)),
    ]),
  ],
  cutCeiling: ({ by }, { protocol }) => [onPeg(protocol, "cutCeiling", "by", by)],
  raiseInflowCap: ({ to }, { protocol }) => [onPeg(protocol, "raiseInflowCap", "to", to)],
  cutInflowCap: ({ to }, { protocol }) => [onPeg(protocol, "cutInflowCap", "to", to)],
  resumeInflow: (_, { protocol }) => [call(protocol, "peg", pegModuleAbi, "resumeInflow", [])],
  setPegFees: (action, { protocol }) => [
    call(protocol, "peg", pegModuleAbi, "setFees", [
      { inBps: Number(fraction("in", action.in, 4)), outBps: Number(fraction("out", action.out, 4)) },
    ]),
  ],
  setPayout: ({ savings, backstop }, { protocol }) => [
    call(protocol, "surplus", surplusAbi, "setShares", [
      fraction("savings", savings, 4),
      fraction("backstop", backstop, 4),
    ]),
  ],
  setShareCap: ({ minimum, headroom }, { protocol }) => [
    call(protocol, "savings", savingsVaultAbi, "setShareCap", [
      units("minimum", minimum, tokenNamed("minimum", "savings", protocol)),
      fraction("headroom", headroom, 4),
    ]),
  ],
  setWeight: ({ target, kind, weight }, { protocol }) => [
    call(protocol, "policy", capitalPolicyAbi, "setExposure", [
      account("target", target, protocol),
      kind === "market" ? MARKET_EXPOSURE : PEG_EXPOSURE,
      Number(fraction("weight", weight, 4)),
    ]),
  ],

  grantRole: ({ role, account: to, delay }, { protocol }) => [
    call(protocol, "accessManager", accessManagerAbi, "grantRole", [
      roles[role],
      account("account", to, protocol),
      delay === undefined ? 0 : Number(seconds(delay)),
    ]),
  ],
  revokeRole: ({ role, account: from }, { protocol }) => [
    call(protocol, "accessManager", accessManagerAbi, "revokeRole", [
      roles[role],
      account("account", from, protocol),
    ]),
  ],
  setGuardian: ({ account: to }, { protocol }) => [
    call(protocol, "governor", polderGovernorAbi, "setProposalGuardian", [account("account", to, protocol)]),
  ],
  setVotingRules: (action, { protocol }) => {
    const set = (method: string, args: unknown[]) =>
      call(protocol, "governor", polderGovernorAbi, method, args);
    const { votingDelay, votingPeriod, lateQuorumExtension, proposalThreshold, quorum } = action;
    const calls = [
      ...(votingDelay === undefined ? [] : [set("setVotingDelay", [Number(seconds(votingDelay))])]),
      ...(votingPeriod === undefined ? [] : [set("setVotingPeriod", [Number(seconds(votingPeriod))])]),
      ...(lateQuorumExtension === undefined
        ? []
        : [set("setLateQuorumVoteExtension", [Number(seconds(lateQuorumExtension))])]),
      ...(proposalThreshold === undefined
        ? []
        : [
            set("setProposalThreshold", [
              units(
                "proposalThreshold",
                proposalThreshold,
                tokenNamed("proposalThreshold", "token", protocol),
              ),
            ]),
          ]),
      ...(quorum === undefined ? [] : [set("updateQuorumNumerator", [fraction("quorum", quorum, 2)])]),
    ];
    if (calls.length === 0) throw new ProposalError("votingDelay", "or another rule must be named");
    return calls;
  },
  setTimelockDelay: ({ to }, { protocol }) => [
    call(protocol, "timelock", timelockControllerAbi, "updateDelay", [seconds(to)]),
  ],
  treasuryTransfer: ({ token, to, amount }, { protocol }) => {
    const receiver = account("to", to, protocol);
    if (token === "ETH") return [{ target: receiver, value: parseUnits(amount, 18), data: "0x" }];
    const paid = tokenNamed("token", token, protocol);
    return [encode(paid.address, erc20Abi, "transfer", [receiver, units("amount", amount, paid)])];
  },
  listMarket: (action, context) => listingCalls(action, context),
  call: ({ target, value, data }, { protocol }) => [
    {
      target: account("target", target, protocol),
      value: value === undefined ? 0n : parseUnits(value, 18),
      data: data as Hex,
    },
  ],
};

/* CALLS */

export function call(
  protocol: Protocol,
  path: string,
  abi: Abi,
  functionName: string,
  args: readonly unknown[],
): Call {
  return encode(knownBy(protocol, path).address, abi, functionName, args);
}

export function encode(target: Address, abi: Abi, functionName: string, args: readonly unknown[]): Call {
  return { target, value: 0n, data: encodeFunctionData({ abi, functionName, args }) };
}

function onMarket(protocol: Protocol, key: string, functionName: string, args: readonly unknown[]): Call {
  marketRecord(protocol, key);
  return call(protocol, `${key}.market`, marketAbi, functionName, args);
}

function onOracle(protocol: Protocol, key: string, functionName: string, args: readonly unknown[]): Call {
  marketRecord(protocol, key);
  return call(protocol, `${key}.oracle`, navOracleAbi, functionName, args);
}

function onPeg(protocol: Protocol, functionName: string, field: string, amount: string): Call {
  return call(protocol, "peg", pegModuleAbi, functionName, [
    units(field, amount, tokenNamed(field, "dollar", protocol)),
  ]);
}

/** The path of a market's pool. Throws where its money is minted. */
function pool(protocol: Protocol, key: string): string {
  if (marketRecord(protocol, key).kind === "pool") return `${key}.source`;
  throw new ProposalError("market", `"${key}" lends newly minted pUSD and has no pool`);
}

/* FIELDS */

/** An address, or the record's contract of this path. */
export function account(field: string, text: string, protocol: Protocol): Address {
  if (text.startsWith("0x")) return getAddress(text);
  const found = protocol.contracts.find(({ path }) => path === text);
  if (found !== undefined) return found.address;
  throw new ProposalError(
    field,
    `"${text}" is neither an address nor a contract of the record, such as timelock or peg`,
  );
}

/** A token of the record by its path or symbol. A symbol that two tokens share names none. */
function tokenNamed(field: string, text: string, protocol: Protocol): Token {
  const bySymbol = [...protocol.tokens.values()].filter(({ symbol }) => symbol === text);
  const byPath = text.startsWith("0x") ? text : protocol.contracts.find(({ path }) => path === text)?.address;
  const found = bySymbol.length === 1 ? bySymbol[0] : protocol.tokens.get(byPath?.toLowerCase() ?? "");
  if (found !== undefined) return found;
  const symbols = [...protocol.tokens.values()].map(({ symbol }) => symbol);
  throw new ProposalError(field, `"${text}" is no token of the record: one of ETH, ${symbols.join(", ")}`);
}

function loanToken({ loanTokens }: Protocol, key: string): Token {
  const token = loanTokens.get(key);
  if (token === undefined) throw new ProposalError("market", `no market "${key}"`);
  return token;
}

/** Of a pool's shares. */
function shares(field: string, text: string, protocol: Protocol, key: string): bigint {
  return units(field, text, tokenNamed(field, pool(protocol, key), protocol));
}

/** A decimal of whole tokens in the smallest unit. Throws where it is finer than the token, or zero. */
export function units(field: string, text: string, { symbol, decimals }: Token): bigint {
  const fractional = text.split(".")[1]?.length ?? 0;
  if (fractional > decimals)
    throw new ProposalError(field, `"${text}" is finer than ${symbol}'s ${decimals} decimals`);
  const value = parseUnits(text, decimals);
  if (value === 0n) throw new ProposalError(field, "is zero, which changes nothing");
  return value;
}

/** A percentage as a fraction with so many decimals. Throws where it is finer. */
export function fraction(field: string, text: string, decimals: number): bigint {
  const digits = text.slice(0, -1);
  const places = decimals - 2;
  if ((digits.split(".")[1]?.length ?? 0) > places) {
    throw new ProposalError(
      field,
      `"${text}" is finer than the contract keeps it: at most ${places} decimals`,
    );
  }
  return parseUnits(digits, places);
}

export function seconds(text: string): bigint {
  const [count = "", unit = ""] = text.split(" ");
  return BigInt(count) * SECONDS[unit.replace(/s$/, "") as keyof typeof SECONDS];
}

/** Seconds since 1970. */
function moment(text: string, executesAt: bigint): bigint {
  if (/ /.test(text)) return executesAt + seconds(text);
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new ProposalError("time", `"${text}" is no day of the calendar`);
  return BigInt(milliseconds) / 1_000n;
}
