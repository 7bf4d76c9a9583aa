// One round of a keeper's work at one block: what became of what was sent, what is in default, what else is due, and sends what
// is to be sent. When rounds happen is the loop's matter.
import { formatEther, formatUnits } from "ethers";
import type { Connection } from "../lib/connection.ts";
import { explain } from "../lib/errors.ts";
import type { Log } from "../lib/service.ts";
import type { Plan, Rejection, Sale, Settings } from "./decide.ts";
import type { Keeper, Liquidation } from "./keeper.ts";
import type { KeeperMetrics } from "./metrics.ts";
import type { Head, Outbox, Outcome, Work } from "./outbox.ts";
import { type Position, positionKey } from "./positions.ts";
import { isOf } from "./shard.ts";
import type { Care } from "./upkeep.ts";

export type Job = Sale | Care;

export type WorkerOptions = Settings & {
  /** Whether to put up for auction what does not pay at a discount. */
  mark: boolean;
};

/** What a round found and did. */
export type Round = { positions: Position[]; plans: Plan[]; rejected: Rejection[]; sent: number };

export type NumberedHead = Head & { timestamp: number };

/** Of gas limits of chores: what they write may have grown by the time they are mined, per cent. */
const CHORE_MARGIN = 150n;
/** Of a transaction (EIP-7825). */
const MOST_GAS = 2n ** 24n;
/** Wei per gas, where nothing is sent and so nothing was asked. */
const USUAL_TIP = 10n ** 9n;
const WAD = 10n ** 18n;

export class Worker {
  readonly keeper: Keeper;
  readonly #connection: Connection;
  readonly #outbox: Outbox | undefined;
  readonly #metrics: KeeperMetrics;
  readonly #log: Log;
  readonly #options: WorkerOptions;
  /** What was said of each position last, so that it is said once. */
  readonly #said = new Map<string, string>();
  readonly liquidations: (Liquidation & { hash: string })[] = [];
  readonly failed: { what: string; reason: string }[] = [];
  mined = 0;
  /** Wei. */
  fees = 0n;

  /** @param outbox none: nothing is sent */
  constructor(
    connection: Connection,
    keeper: Keeper,
    outbox: Outbox | undefined,
    metrics: KeeperMetrics,
    log: Log,
    options: WorkerOptions,
  ) {
    this.#connection = connection;
    this.keeper = keeper;
    this.#outbox = outbox;
    this.#metrics = metrics;
    this.#log = log;
    this.#options = options;
  }

  get pending(): number {
    return this.#outbox?.pending ?? 0;
  }

  /** Lets the markets take repayments from the signers, where that was not done before. */
  async approve(head: NumberedHead): Promise<void> {
    const approvals = await this.keeper.approvals();
    if (approvals.length > 0) this.#log("info", "approving", { transactions: approvals.length });
    await this.#sendAll(
      approvals.map(({ work }) => work),
      head,
    );
  }

  /** Does `jobs` at `head`. */
  async round(head: NumberedHead, jobs: ReadonlySet<Job>): Promise<Round> {
    await this.look(head);
    const positions = await this.keeper.scan(head.number);
    const sales = new Set((["liquidate", "auction"] as const).filter((sale) => jobs.has(sale)));
    const round: Round = { positions, plans: [], rejected: [], sent: 0 };
    if (sales.size > 0) {
      const judged = await this.#judge(positions, sales, head);
      round.plans = judged.plans;
      round.rejected = judged.rejected;
      for (const plan of judged.plans)
        this.#decided(plan.position, plan.job, `earns $${plan.work.fields.profit}`);
      for (const { position, reason } of judged.rejected) this.#decided(position, "leave", reason);
      const marks = this.#options.mark ? this.#marksOf(judged.rejected) : [];
      const works = [...judged.plans.map(({ work }) => work)];
      round.sent += await this.#sendAll(works, head);
      round.sent += await this.#doChores(marks, head);
    }
    this.#forget(positions);
    round.sent += await this.#care(positions, head, jobs);
    this.#metrics.positions.set({ state: "indebted" }, positions.length);
    this.#metrics.positions.set({ state: "default" }, round.plans.length + round.rejected.length);
    this.#metrics.pending.set(this.pending);
    return round;
  }

  /** Takes note of what was mined. */
  async look(head: NumberedHead): Promise<void> {
    const outcomes = (await this.#outbox?.look(head)) ?? [];
    await Promise.all(outcomes.map((outcome) => this.#account(outcome)));
    this.#metrics.pending.set(this.pending);
  }

  /** Tells Prometheus what the signers hold. */
  async tellBalances(): Promise<void> {
    const { stablecoin, dollar } = this.keeper.protocol;
    const { provider } = this.#connection;
    await Promise.all(
      this.keeper.signers.map(async ({ address }) => {
        const [native, pusd, dollars] = await Promise.all([
          provider.getBalance(address),
          stablecoin.balanceOf(address),
          dollar.balanceOf(address),
        ]);
        this.#metrics.balance.set({ signer: address, token: "native" }, Number(formatEther(native)));
        this.#metrics.balance.set({ signer: address, token: "pUSD" }, Number(formatEther(pusd)));
        this.#metrics.balance.set({ signer: address, token: "dollar" }, Number(formatUnits(dollars, 6)));
      }),
    );
  }

  close(): void {
    this.#outbox?.close();
  }

  /* SALES */

  #judge(positions: readonly Position[], sales: ReadonlySet<Sale>, head: NumberedHead) {
    const { maxFeePerGas, maxPriorityFeePerGas } = this.#outbox?.fees(head) ?? {
      maxFeePerGas: 2n * head.baseFee + USUAL_TIP,
      maxPriorityFeePerGas: USUAL_TIP,
    };
    const { minProfit, nativePrice } = this.#options;
    const outbox = this.#outbox;
    return this.keeper.judge(
      positions,
      sales,
      {
        isUnderWay: (key, block) => outbox?.isUnderWay(key, block) ?? false,
        pendingOf: (address) => outbox?.pendingOf(address) ?? 0,
        promised: (address, token) => outbox?.promised(address, token) ?? 0n,
        promisedGas: (address) => outbox?.promisedGas(address) ?? 0n,
        hasForeign: (address) => outbox?.hasForeign(address) ?? false,
      },
      {
        gas: { expected: head.baseFee + maxPriorityFeePerGas, offered: maxFeePerGas },
        settings: { minProfit, nativePrice },
        now: head.timestamp,
      },
    );
  }

  #marksOf(rejected: readonly Rejection[]): ChoreLike[] {
    return rejected
      .filter(({ unprofitable, position }) => unprofitable === true && position.phase === "none")
      .map(({ position }) => ({
        ...this.keeper.markOf(position),
        what: "mark",
        key: `mark:${positionKey(position)}`,
        fields: { market: position.market, owner: position.owner, termsId: position.termsId },
      }));
  }

  /** Says once what was decided, and again when that changes. */
  #decided(position: Position, action: string, reason: string): void {
    const key = positionKey(position);
    // Amounts run with time: they are no news.
    const news = `${action}:${reason.replace(/\d[\d,.]*/g, "#")}`;
    if (this.#said.get(key) === news) return;
    this.#said.set(key, news);
    this.#log("info", "decision", {
      market: position.market,
      owner: position.owner,
      termsId: position.termsId,
      health: formatEther(position.health),
      action,
      reason,
      block: position.block,
    });
  }

  /** What is sound again is spoken of again when it falls again. */
  #forget(positions: readonly Position[]): void {
    for (const position of positions) {
      const sound = !position.liquidatable && !position.overdue && position.priced && position.health >= WAD;
      if (sound) this.#said.delete(positionKey(position));
    }
  }

  /* CHORES */

  async #care(positions: readonly Position[], head: NumberedHead, jobs: ReadonlySet<Job>): Promise<number> {
    const cares = new Set(
      (["checkpoint", "impair", "rebalance", "poke"] as const).filter((care) => jobs.has(care)),
    );
    if (cares.size === 0) return 0;
    const due = await this.keeper.chores.due(positions, head.number, cares);
    return this.#doChores(
      due.filter(({ of }) => isOf(this.keeper.shard, of)),
      head,
    );
  }

  async #doChores(chores: readonly ChoreLike[], head: NumberedHead): Promise<number> {
    const outbox = this.#outbox;
    const fresh = chores.filter(({ key }) => outbox === undefined || !outbox.isUnderWay(key, head.number));
    if (fresh.length === 0) return 0;
    const money = outbox === undefined ? undefined : await this.keeper.money(outbox);
    const works = await Promise.all(
      fresh.map(async (chore): Promise<Work[]> => {
        const { what, key, to, data, fields } = chore;
        const from = this.keeper.signers[0]?.address ?? to;
        try {
          const gasUsed = await this.keeper.chores.gasOf({ to, data }, from, head.number);
          const gasLimit = min((gasUsed * CHORE_MARGIN) / 100n, MOST_GAS);
          if (outbox === undefined || money === undefined) {
            this.#log("info", "due", { what, ...fields });
            return [];
          }
          const sender = money.take(undefined, 0n, gasLimit * outbox.fees(head).maxFeePerGas);
          if (sender === undefined) throw new Error("no signer has the native token for gas");
          return [{ key, job: what, sender, to, data, gasLimit, fields }];
        } catch (error) {
          this.#log("warn", "left undone", { what, ...fields, reason: explain(error) });
          return [];
        }
      }),
    );
    return this.#sendAll(works.flat(), head);
  }

  /* SENDING */

  /** How many went out. */
  async #sendAll(works: readonly Work[], head: NumberedHead): Promise<number> {
    const outbox = this.#outbox;
    if (outbox === undefined) return 0;
    const went = await Promise.all(
      works.map(async (work) => {
        try {
          const sent = await outbox.send(work, head);
          if (sent) this.#log("info", "sent", { job: work.job, ...work.fields, signer: work.sender });
          return sent;
        } catch (error) {
          const reason = explain(error);
          this.#metrics.failures.inc({ stage: "send" });
          this.failed.push({ what: work.key, reason });
          this.#log("warn", "refused", { job: work.job, ...work.fields, signer: work.sender, reason });
          return false;
        }
      }),
    );
    return went.filter(Boolean).length;
  }

  async #account({ entry, receipt }: Outcome): Promise<void> {
    const { job, fields, signer, nonce } = entry;
    if (receipt === undefined || entry.cancelled) {
      this.#metrics.transactions.inc({ job, outcome: "replaced" });
      this.#log("warn", "replaced by another transaction", { job, ...fields, signer, nonce });
      return;
    }
    const { hash, blockNumber, fee } = receipt;
    this.mined += 1;
    this.fees += fee;
    this.#metrics.gas.inc({ job }, Number(fee));
    const outcome = receipt.status === 1 ? "mined" : "reverted";
    this.#metrics.transactions.inc({ job, outcome });
    if (receipt.status !== 1) {
      const { to, data } = entry;
      const reason = await this.#connection.provider
        .call({ from: signer, to, data, blockTag: blockNumber })
        .then(() => "it would pass at the end of its block", explain);
      this.failed.push({ what: entry.key, reason });
      this.#log("warn", "reverted", { job, ...fields, signer, hash, block: blockNumber, reason });
      return;
    }
    this.#log("info", "mined", { job, ...fields, signer, hash, block: blockNumber });
    for (const liquidation of await this.keeper.liquidationsOf(receipt.logs)) {
      const { market } = liquidation;
      this.liquidations.push({ ...liquidation, hash });
      this.#metrics.liquidations.inc({ market });
      const earned = Number(formatEther(await this.keeper.earned(liquidation, blockNumber)));
      if (earned > 0) this.#metrics.profit.inc({ market }, earned);
    }
  }
}

type ChoreLike = {
  what: string;
  key: string;
  to: string;
  data: string;
  fields: Record<string, string | number | boolean>;
};

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
