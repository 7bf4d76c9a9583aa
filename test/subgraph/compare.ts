// Compares every position, total and rate of the index with the chain at one block: rows with what contracts answer, and
// what grows with time by the functions that the index publishes for it. Names what differs.
import { type Abi, type Address, createPublicClient, http, type PublicClient, zeroAddress } from "viem";
import type { DeploymentRecord } from "../../contracts/deployment/record.ts";
import * as contracts from "../../contracts/index.ts";
import * as values from "../../subgraph/src/values.ts";
import type { Graph, Row } from "./graph.ts";

const { model } = contracts;
const LANES = 32;
const NOBODY = 2n ** 256n - 1n;
const STATUS = ["FRESH", "STALE", "EXPIRED", "RIPCORD"];
const TIERS = ["NONE", "HOLDER", "BORROWER", "LIQUIDATOR"];
// As in `IGovernor.ProposalState`.
const STATES = ["PENDING", "ACTIVE", "CANCELLED", "DEFEATED", "SUCCEEDED", "QUEUED", "EXPIRED", "EXECUTED"];

export type Comparison = { compared: number; mismatches: string[]; block: number };

/** Waits for the index to have the newest block, at most `patience` milliseconds, and compares at it. */
export async function compare(
  graph: Graph,
  record: DeploymentRecord,
  rpcUrl: string,
  patience?: number,
): Promise<Comparison> {
  const client = createPublicClient({
    transport: http(rpcUrl, { batch: { batchSize: 200, wait: 5 }, timeout: 60_000 }),
  }) as PublicClient;
  const block = Number(await client.getBlockNumber({ cacheTime: 0 }));
  await graph.reach(block, patience);
  return new Judge(graph, record, client, block).all();
}

class Judge {
  readonly #graph: Graph;
  readonly #record: DeploymentRecord;
  readonly #client: PublicClient;
  readonly #block: number;
  readonly #mismatches: string[] = [];
  #compared = 0;
  /** Of the block, as calls at it see it; seconds. */
  #time = 0n;

  constructor(graph: Graph, record: DeploymentRecord, client: PublicClient, block: number) {
    this.#graph = graph;
    this.#record = record;
    this.#client = client;
    this.#block = block;
  }

  async all(): Promise<Comparison> {
    const query = {
      markets: [],
      termsIds: [],
      vaults: [],
      tokens: [],
      spenders: [],
      operator: zeroAddress,
      registry: zeroAddress,
    };
    const portfolio = await this.#read(contracts.lensAbi, this.#record.shared.lens, "portfolioOf", [
      zeroAddress,
      query,
    ]);
    this.#time = portfolio.timestamp;
    await this.#markets();
    await this.#tokens();
    await this.#backing();
    await this.#votes();
    await this.#registries();
    await this.#liquidations();
    return { compared: this.#compared, mismatches: this.#mismatches, block: this.#block };
  }

  /* MARKETS */

  async #markets(): Promise<void> {
    const [markets, pools, oracles, positions, termSheets, rates] = await Promise.all(
      ["market", "pool", "oracle", "position", "termSheet", "interestRate"].map((name) =>
        this.#graph.table(name),
      ),
    );
    this.#same("markets", markets?.length, this.#record.markets.length);
    for (const row of markets ?? []) {
      const pool = pools?.find(({ id }) => id === row.source);
      const oracle = oracles?.find(({ id }) => id === row.oracle);
      await this.#market(row, pool, oracle, rates ?? []);
      const own = positions?.filter(({ market }) => market === row.id) ?? [];
      await Promise.all(own.map((each) => this.#position(each, row, oracle, termSheets ?? [])));
      const sum = (key: string) => own.reduce((total: bigint, each: Row) => total + each[key], 0n);
      this.#same(`${row.key} sum of collateral`, sum("collateral"), row.totalCollateral);
      this.#same(
        `${row.key} sum of scaled debt`,
        sum("scaledDebt"),
        row.variableScaledDebt + row.fixedScaledDebt,
      );
      this.#same(`${row.key} sum of impairments`, sum("impairment"), row.totalImpairment);
      const open = own.filter((each: Row) => each.collateral + each.scaledDebt + each.inWorkout > 0n).length;
      this.#same(`${row.key} open positions`, row.openPositionCount, open);
    }
    await Promise.all((termSheets ?? []).map((each) => this.#terms(each)));
  }

  async #market(row: Row, pool: Row, oracle: Row, rates: Row[]): Promise<void> {
    const { key, id } = row;
    const ask = (name: string, args: unknown[] = []) => this.#read(contracts.marketAbi, id, name, args);
    const [view, index, accrual, rateState, controls, debtCap, fixedCap, stops, lanes] = await Promise.all([
      this.#read(contracts.lensAbi, this.#record.shared.lens, "marketOf", [id]),
      ask("borrowIndex"),
      ask("accrual"),
      ask("rateState"),
      ask("controls"),
      ask("debtCap"),
      ask("fixedDebtCap"),
      ask("newDebtStops"),
      Promise.all(Array.from({ length: LANES }, (_, lane) => ask("laneOf", [BigInt(lane)]))),
    ]);
    const owed = values.totalDebtAt(row, this.#time);
    this.#all(key, {
      borrowIndex: [values.borrowIndexAt(row, this.#time), index],
      storedIndex: [row.borrowIndex, accrual.index],
      ratePerYear: [row.ratePerYear, accrual.ratePerYear],
      checkpointAt: [row.checkpointAt, accrual.timestamp],
      rateRow: [
        rates.find(({ market, termsId }) => market === id && termsId === 0n)?.ratePerYear,
        accrual.ratePerYear,
      ],
      averageUtilisation: [row.averageUtilisation, rateState.utilisation],
      utilisation: [values.utilisationAt(row, pool, this.#time), view.utilisation],
      totalDebt: [owed.total, view.totalDebt],
      totalFixedDebt: [owed.fixed, view.totalFixedDebt],
      variableScaledDebt: [row.variableScaledDebt, total(lanes.map(([scaled]: bigint[]) => scaled))],
      totalCollateral: [row.totalCollateral, view.totalCollateral],
      totalLoss: [row.totalLoss, view.totalLoss],
      debtCap: [row.debtCap, debtCap[0]],
      debtOverhang: [row.debtOverhang, debtCap[1]],
      fixedDebtCap: [row.fixedDebtCap, fixedCap[0]],
      fixedDebtOverhang: [row.fixedDebtOverhang, fixedCap[1]],
      newDebtPaused: [row.newDebtPaused, stops[0]],
      lossNotCovered: [row.lossNotCovered, stops[1]],
      lltv: [values.lltvAt(row, this.#time), view.parameters.liquidation.lltv],
      maxLtv: [values.maxLtvAt(row, this.#time), view.parameters.maxLtv],
      lltvTo: [row.lltvTo, controls.lltvTo],
      shortfall: [pool ? 0n : values.shortfallAt(row, this.#time), view.shortfall],
    });
    if (!pool) {
      const supply = await this.#read(contracts.stablecoinAbi, this.#record.shared.stablecoin, "supplyOf", [
        row.source,
      ]);
      this.#same(`${key} minted by the facility`, row.facilitySupply, supply);
    } else await this.#pool(key, row, pool, view.pool);
    await this.#oracle(key, oracle);
  }

  async #pool(key: string, market: Row, pool: Row, view: Row): Promise<void> {
    const ask = (name: string) => this.#read(contracts.lendingPoolAbi, pool.id, name);
    const [price, cap, totalAssets] = await Promise.all([ask("price"), ask("supplyCap"), ask("totalAssets")]);
    const names = ["base", "unvested", "impairment", "since", "duration", "rolledAt"];
    this.#all(`${key} pool`, {
      ...Object.fromEntries(names.map((name, i) => [name, [pool[name], BigInt(price[i])]])),
      issuePrice: [model.issuePrice(pool), view.issuePrice],
      redemptionPrice: [model.redemptionPrice(pool, this.#time), view.redemptionPrice],
      cash: [pool.cash, view.cash],
      totalAssets: [pool.cash + values.totalDebtAt(market, this.#time).total, totalAssets],
      totalShares: [pool.totalShares, view.totalShares],
      supplyCap: [pool.supplyCap, cap[0]],
      supplyOverhang: [pool.supplyOverhang, cap[1]],
      reserveFactor: [pool.reserveFactor, view.reserveFactor],
      supplyRatePerYear: [values.supplyRateAt(market, pool, this.#time), view.supplyRatePerYear],
    });
  }

  async #oracle(key: string, row: Row): Promise<void> {
    const ask = (name: string) => this.#read(contracts.navOracleAbi, row.id, name);
    const [[newDebtNav, liquidationNav, status], accepted, pending, settings] = await Promise.all(
      ["read", "accepted", "pending", "settings"].map(ask),
    );
    const read = values.navAt(row, this.#time);
    this.#all(`${key} oracle`, {
      newDebtNav: [read.newDebtNav, newDebtNav],
      liquidationNav: [read.liquidationNav, liquidationNav],
      status: [read.status, STATUS[status]],
      nav: [row.nav, accepted.nav],
      navDate: [row.navDate, BigInt(accepted.navDate)],
      round: [row.round, BigInt(accepted.round)],
      acceptedAt: [row.acceptedAt, BigInt(accepted.since)],
      ripcord: [BigInt(row.ripcord), BigInt(accepted.ripcord)],
      pendingNav: [row.pendingNav, pending.nav],
      pendingNavDate: [row.pendingNavDate, BigInt(pending.navDate)],
      pendingSince: [row.pendingSince, BigInt(pending.since)],
      staleAfter: [row.staleAfter, BigInt(settings.staleAfter)],
    });
  }

  async #position(row: Row, market: Row, oracle: Row, termSheets: Row[]): Promise<void> {
    const of = [row.owner, row.termsId];
    const ask = (name: string) => this.#read(contracts.marketAbi, row.market, name, of);
    const [position, debt, impairment, consent, [, , resolution], health] = await Promise.all([
      ask("positionOf"),
      ask("debtOf"),
      ask("impairmentOf"),
      ask("consentOf"),
      ask("resolutionOf"),
      ask("healthOf"),
    ]);
    const terms = termSheets.find(({ id }) => BigInt(id) === row.termsId);
    const owed = values.debtAt(row.scaledDebt, market, terms, this.#time);
    const value = values.valueAt(
      row.collateral,
      values.navAt(oracle, this.#time).liquidationNav,
      decimals(market),
    );
    this.#all(`${market.key} ${row.owner} under ${row.termsId}`, {
      collateral: [row.collateral, position.collateral],
      scaledDebt: [row.scaledDebt, position.scaledDebt],
      healthCheckedAt: [row.healthCheckedAt, BigInt(position.healthCheckedAt)],
      debt: [owed, debt],
      impairment: [row.impairment, impairment],
      consentLltv: [row.consentLltv, consent.lltv],
      consentBonus: [row.consentBonus, consent.bonus],
      markedAt: [row.markedAt, BigInt(resolution.markedAt)],
      inWorkout: [row.inWorkout, resolution.inWorkout],
      health: [model.health(value, owed, values.lltvAt(market, this.#time)) ?? NOBODY, health],
    });
  }

  async #terms(row: Row): Promise<void> {
    const [published, adopted, lanes] = await Promise.all([
      this.#read(contracts.termsRegistryAbi, this.#record.shared.termsRegistry, "termsOf", [BigInt(row.id)]),
      this.#read(contracts.marketAbi, row.market, "termsOf", [BigInt(row.id)]),
      Promise.all(
        Array.from({ length: LANES }, (_, lane) =>
          this.#read(contracts.marketAbi, row.market, "termsLaneOf", [BigInt(row.id), BigInt(lane)]),
        ),
      ),
    ]);
    this.#all(`terms ${row.id}`, {
      scaledDebt: [row.scaledDebt, total(lanes.map(([scaled]: bigint[]) => scaled))],
      ratePerYear: [row.ratePerYear, published.ratePerYear],
      maturity: [row.maturity, BigInt(published.maturity)],
      openUntil: [row.openUntil, BigInt(published.openUntil)],
      start: [row.start, BigInt(adopted.start)],
      documentHash: [row.documentHash, published.documentHash],
    });
  }

  /* TOKENS */

  async #tokens(): Promise<void> {
    const tokens = await this.#graph.table("token");
    const balances = await this.#graph.table("tokenBalance");
    const ask = (id: string, name: string, args: unknown[] = []) =>
      this.#read(contracts.rwaTokenAbi, id, name, args);
    await Promise.all(
      tokens
        .filter(({ kind }) => kind !== "DOLLAR")
        .map(async (row) => {
          this.#same(`${row.symbol} supply`, row.totalSupply, await ask(row.id, "totalSupply"));
          if (row.kind === "RWA") this.#same(`${row.symbol} paused`, row.paused, await ask(row.id, "paused"));
        }),
    );
    await Promise.all(
      balances.map(async (row) => {
        const token = tokens.find(({ id }) => id === row.token);
        const name = `${token?.symbol} of ${row.account}`;
        this.#same(name, row.amount, await ask(row.token, "balanceOf", [row.account]));
        if (token?.kind !== "RWA") return;
        this.#same(
          `${name} frozen`,
          row.frozenAmount,
          await ask(row.token, "getFrozenTokens", [row.account]),
        );
      }),
    );
    const documents = await this.#graph.table("document");
    for (const { id: token } of tokens.filter(({ kind }) => kind === "RWA")) {
      const names = (await ask(token, "getAllDocuments")) as string[];
      const own = documents.filter((each) => each.token === token && !each.removed);
      this.#same(
        `documents of ${token}`,
        own
          .map(({ nameHash }) => nameHash)
          .sort()
          .join(),
        [...names].sort().join(),
      );
      for (const row of own) {
        const [uri, hash] = await ask(token, "getDocument", [row.nameHash]);
        this.#same(`document ${row.name} of ${token}`, `${row.uri} ${row.documentHash}`, `${uri} ${hash}`);
      }
    }
  }

  /* BACKING */

  async #backing(): Promise<void> {
    const { savings, backstop, peg, surplus, stablecoin } = this.#record.shared;
    const [saved] = await this.#graph.table("savingsVault");
    const asked = await Promise.all(
      ["vesting", "index", "totalSupply", "maxMint"].map((name) =>
        this.#read(contracts.savingsVaultAbi, savings, name, name === "maxMint" ? [zeroAddress] : []),
      ),
    );
    const [vesting, index, shares, room] = asked;
    this.#all("savings", {
      index: [saved.index, vesting.index],
      growth: [saved.growth, vesting.growth],
      start: [saved.start, BigInt(vesting.start)],
      end: [saved.end, BigInt(vesting.end)],
      price: [model.savingsIndex(saved, this.#time), index],
      totalShares: [saved.totalShares, shares],
      room: [index === 0n ? 0n : saved.shareCap - saved.totalShares, room],
    });

    const [backed] = await this.#graph.table("backstop");
    const ask = (name: string, args: unknown[] = []) =>
      this.#read(contracts.backstopAbi, backstop, name, args);
    this.#all("backstop", {
      totalAssets: [values.backstopAssetsAt(backed, this.#time), await ask("totalAssets")],
      totalShares: [backed.totalShares, await ask("totalSupply")],
      queuedShares: [backed.queuedShares, await ask("queuedShares")],
    });
    for (const exit of await this.#graph.table("backstopExit")) {
      const { shares: queued, claimableFrom } = await ask("exitOf", [exit.id]);
      this.#same(`exit of ${exit.id}`, exit.shares, queued);
      if (queued > 0n) this.#same(`exit of ${exit.id} from`, exit.claimableFrom, BigInt(claimableFrom));
    }

    const [pegged] = await this.#graph.table("pegModule");
    const askPeg = (name: string) => this.#read(contracts.pegModuleAbi, peg, name);
    const [reserve, ceiling, inflowCap, fees, feed] = await Promise.all(
      ["reserve", "ceiling", "inflowCap", "fees", "feed"].map(askPeg),
    );
    this.#all("peg", {
      reserve: [pegged.reserve, reserve],
      ceiling: [pegged.ceiling, ceiling[0]],
      overhang: [pegged.overhang, ceiling[1]],
      inflowCap: [pegged.inflowCap, inflowCap[0]],
      feeInBps: [pegged.feeInBps, fees.inBps],
      feeOutBps: [pegged.feeOutBps, fees.outBps],
      feed: [pegged.feed, feed.feed.toLowerCase()],
      minted: [pegged.minted, await this.#read(contracts.stablecoinAbi, stablecoin, "supplyOf", [peg])],
    });
    const [own] = await this.#graph.table("surplusAccount");
    const held = await this.#read(contracts.stablecoinAbi, stablecoin, "balanceOf", [surplus]);
    this.#same("surplus balance", own.balance, held);
    const [all] = await this.#graph.table("protocol");
    const supply = await this.#read(contracts.stablecoinAbi, stablecoin, "totalSupply");
    this.#same("pUSD supply of the protocol", all.stablecoinSupply, supply);
  }

  /* VOTES */

  async #votes(): Promise<void> {
    const { governance } = this.#record;
    if (!governance) return;
    const ask = (name: string, args: unknown[] = []) =>
      this.#read(contracts.polderGovernorAbi, governance.governor, name, args);
    const [rules] = await this.#graph.table("governance");
    this.#all("governance", {
      votingDelay: [rules.votingDelay, BigInt(await ask("votingDelay"))],
      votingPeriod: [rules.votingPeriod, BigInt(await ask("votingPeriod"))],
      threshold: [rules.proposalThreshold, await ask("proposalThreshold")],
      quorumNumerator: [rules.quorumNumerator, await ask("quorumNumerator")],
      guardian: [rules.guardian, (await ask("proposalGuardian")).toLowerCase()],
    });
    for (const row of await this.#graph.table("delegate")) {
      const votes = await this.#read(contracts.pLDRAbi, governance.token, "getVotes", [row.id]);
      this.#same(`votes of ${row.id}`, row.votes, votes);
    }
    for (const row of await this.#graph.table("delegation")) {
      const to = await this.#read(contracts.pLDRAbi, governance.token, "delegates", [row.id]);
      this.#same(`delegate of ${row.id}`, row.delegate, to.toLowerCase());
    }
    for (const row of await this.#graph.table("proposal")) {
      const of = [BigInt(row.id)];
      const [against, inFavour, abstained] = await ask("proposalVotes", of);
      const started = row.voteStart < this.#time;
      this.#all(`proposal ${row.description}`, {
        state: [values.proposalStateAt(row, this.#time), STATES[await ask("state", of)]],
        forVotes: [row.forVotes, inFavour],
        againstVotes: [row.againstVotes, against],
        abstainVotes: [row.abstainVotes, abstained],
        voteStart: [row.voteStart, await ask("proposalSnapshot", of)],
        voteEnd: [row.voteEnd, await ask("proposalDeadline", of)],
        eta: [row.eta, await ask("proposalEta", of)],
        ...(started && { quorum: [row.quorum, await ask("quorum", [row.voteStart])] }),
      });
    }
    for (const row of await this.#graph.table("timelockOperation")) {
      const done = await this.#read(contracts.timelockControllerAbi, governance.timelock, "isOperationDone", [
        row.id,
      ]);
      this.#same(`operation ${row.id}`, row.status === "EXECUTED", done);
    }
  }

  /* REGISTRIES */

  async #registries(): Promise<void> {
    const rows = await this.#graph.table("person");
    await Promise.all(
      rows.map(async (row) => {
        const ask = (name: string) =>
          this.#read(contracts.eligibilityRegistryAbi, this.#record.shared.registry, name, [row.id]);
        const [record, request] = await Promise.all([ask("recordOf"), ask("requestOf")]);
        this.#all(`person ${row.id}`, {
          tier: [row.tier, TIERS[record.tier]],
          frozen: [row.frozen, record.frozen],
          jurisdiction: [row.jurisdiction, record.jurisdiction],
          expiry: [row.expiry, record.expiry],
          requestedTier: [row.requestedTier, TIERS[request.tier]],
        });
      }),
    );
  }

  /* WHAT HAPPENED */

  /** A receipt explains itself: its parts follow from one another, and the position of its block has what is left. */
  async #liquidations(): Promise<void> {
    const rows = await this.#graph.table("liquidate");
    const markets = await this.#graph.table("market");
    for (const row of rows) {
      const market = markets.find(({ id }) => id === row.market);
      const name = `liquidation ${row.id}`;
      this.#all(name, {
        collateral: [row.collateralAfter, row.collateralBefore - row.seized],
        value: [row.collateralValueBefore, values.valueAt(row.collateralBefore, row.nav, decimals(market))],
        health: [row.healthBefore, model.health(row.collateralValueBefore, row.debtBefore, row.lltv)],
        bonus: [row.bonus, row.markup - model.WAD],
        unhealthy: [row.cause !== "UNHEALTHY" || row.healthBefore < model.WAD, true],
      });
      const round = await this.#read(contracts.navOracleAbi, market.oracle, "getRoundData", [
        row.navRound,
      ]).catch(() => undefined);
      // A fall that is in force but not promoted yet has no round data.
      if (round) this.#same(`${name} NAV of its round`, row.nav, round[1]);
    }
  }

  /* HOW */

  // biome-ignore lint/suspicious/noExplicitAny: contracts by name, results by what is compared
  async #read(abi: Abi, address: string, functionName: string, args: unknown[] = []): Promise<any> {
    return this.#client.readContract({
      abi,
      address: address as Address,
      functionName,
      args,
      blockNumber: BigInt(this.#block),
    });
  }

  #all(what: string, pairs: Record<string, unknown[]>): void {
    for (const [name, [index, chain]] of Object.entries(pairs)) this.#same(`${what}: ${name}`, index, chain);
  }

  #same(what: string, index: unknown, chain: unknown): void {
    this.#compared++;
    if (index !== chain) this.#mismatches.push(`${what}: index ${index}, chain ${chain}`);
  }
}

function decimals(market: Row): values.Decimals {
  const { collateralDecimals, loanDecimals, navDecimals } = market;
  return { collateralDecimals, loanDecimals, navDecimals };
}

function total(parts: readonly (bigint | undefined)[]): bigint {
  return parts.reduce<bigint>((sum, part) => sum + (part ?? 0n), 0n);
}
