// What the protocol needs done by anybody beside liquidations: what `Upkeep` says is due, and what positions in resolution wait
// for. Finds it and turns it into work; sends nothing.
import { AbiCoder, toQuantity } from "ethers";
import type { DeployedMarket, Protocol } from "../../contracts/deployment/protocol.ts";
import type { Connection } from "../lib/connection.ts";
import { type Position, positionKey } from "./positions.ts";

/** As in `IUpkeep.Job`. */
const JOBS = ["checkpoint", "promote", "coverLoss", "impair", "distribute", "rebalance"] as const;

/** What a keeper turns on and off. */
export type Care = "checkpoint" | "impair" | "rebalance" | "poke";

const CARE: Record<(typeof JOBS)[number], Care> = {
  checkpoint: "checkpoint",
  impair: "impair",
  rebalance: "rebalance",
  promote: "poke",
  coverLoss: "poke",
  distribute: "poke",
};

/** One call that is due. */
export type Chore = {
  care: Care;
  /** What it is, in a word. */
  what: string;
  key: string;
  /** Whose it is, where shards divide the work: the owner of a position, else the contract called for. */
  of: string;
  to: string;
  data: string;
  fields: Record<string, string | number>;
};

const WATCH = "tuple(address[] markets, address surplus, uint256[] termsIds, address[] owners)";
const TASKS = "tuple(uint8 job, address target, address subject, uint256 termsId)[]";
const coder = AbiCoder.defaultAbiCoder();
/** Below this health, wad, what a position threatens to lose may have changed. */
const NEAR_DEFAULT = 1_050_000_000_000_000_000n;
const WAD = 10n ** 18n;

type Task = { job: bigint; target: string; subject: string; termsId: bigint };

export class UpkeepChores {
  readonly #connection: Connection;
  readonly #protocol: Protocol;
  readonly #startBlock: number;
  /** Redemptions that are not settled, by their workout. */
  readonly #redemptions = new Map<string, Set<string>>();
  #scannedTo: number;

  constructor(connection: Connection, protocol: Protocol, startBlock: number) {
    this.#connection = connection;
    this.#protocol = protocol;
    this.#startBlock = startBlock;
    this.#scannedTo = startBlock;
  }

  /** What is due at block `head`, of the kinds in `cares`. */
  async due(positions: readonly Position[], head: number, cares: ReadonlySet<Care>): Promise<Chore[]> {
    const { markets } = this.#protocol;
    const found = await Promise.all([
      ...markets.map((market) => this.#tasksOf(market, positions, head, cares)),
      ...(cares.has("poke") ? [this.#settlements(head)] : []),
    ]);
    const resolutions = cares.has("poke") ? positions.flatMap((each) => this.#resolutionOf(each)) : [];
    // The surplus is every market's: its tasks come up once for each.
    return [...new Map([...found.flat(), ...resolutions].map((chore) => [chore.key, chore])).values()];
  }

  async #tasksOf(
    { key, market }: DeployedMarket,
    positions: readonly Position[],
    head: number,
    cares: ReadonlySet<Care>,
  ): Promise<Chore[]> {
    const { upkeep, surplus } = this.#protocol;
    const near = positions.filter(
      (each) =>
        each.market === key &&
        (each.overdue || each.impairment > 0n || (each.priced && each.health < NEAR_DEFAULT)),
    );
    const byTerms = Map.groupBy(cares.has("impair") ? near : [], ({ termsId }) => termsId);
    const watches = [...byTerms].map(([termsId, group]) => ({
      termsIds: [termsId],
      owners: group.map(({ owner }) => owner),
    }));
    const all = await Promise.all(
      [{ termsIds: [] as number[], owners: [] as string[] }, ...watches].map(async (watch) => {
        const data = coder.encode([WATCH], [{ markets: [market.target], surplus: surplus.target, ...watch }]);
        const [, tasks] = await upkeep.getFunction("checkUpkeep").staticCall(data, { blockTag: head });
        return coder.decode([TASKS], tasks)[0] as unknown as Task[];
      }),
    );
    return all.flat().flatMap((task): Chore[] => {
      const what = JOBS[Number(task.job)];
      if (what === undefined || !cares.has(CARE[what])) return [];
      const ofPosition = what === "impair";
      return [
        {
          care: CARE[what],
          what,
          key: `${what}:${task.target}:${task.subject}:${task.termsId}`,
          of: ofPosition ? task.subject : task.target,
          to: String(upkeep.target),
          data: this.#perform([task]),
          fields: {
            target: task.target,
            ...(ofPosition && { market: key, owner: task.subject, termsId: Number(task.termsId) }),
          },
        },
      ];
    });
  }

  #perform(tasks: readonly Task[]): string {
    const plain = tasks.map(({ job, target, subject, termsId }) => ({ job, target, subject, termsId }));
    return this.#protocol.upkeep.interface.encodeFunctionData("performUpkeep", [
      coder.encode([TASKS], [plain]),
    ]);
  }

  /** A mark on a position that is sound again, and debt that nothing stands behind any more. */
  #resolutionOf(position: Position): Chore[] {
    const { market, owner, termsId, phase, overdue, priced, health, collateral, inWorkout } = position;
    const contract = this.#protocol.markets.find(({ key }) => key === market)?.market;
    if (contract === undefined) return [];
    const chore = (what: "unmark" | "writeOff"): Chore[] => [
      {
        care: "poke",
        what,
        key: `${what}:${positionKey(position)}`,
        of: owner,
        to: String(contract.target),
        data: contract.interface.encodeFunctionData(what, [owner, termsId]),
        fields: { market, owner, termsId },
      },
    ];
    if (phase !== "none" && !overdue && priced && health >= WAD) return chore("unmark");
    if (collateral === 0n && inWorkout === 0n) return chore("writeOff");
    return [];
  }

  /** Redemptions of collateral in default that the issuer has paid for. */
  async #settlements(head: number): Promise<Chore[]> {
    const { markets } = this.#protocol;
    const from = Math.max(this.#startBlock, this.#scannedTo - 64);
    const found = await Promise.all(
      markets.map(async ({ key, workout, desk }) => {
        const known = this.#redemptions.get(key) ?? new Set<string>();
        this.#redemptions.set(key, known);
        for (const event of await workout.queryFilter("RedemptionRequested", from, head)) {
          if ("args" in event) known.add(String(event.args.controller));
        }
        const chores: Chore[] = [];
        for (const controller of known) {
          const claimable = (await desk.maxRedeem(controller, { blockTag: head })) as bigint;
          if (claimable === 0n) continue;
          chores.push({
            care: "poke",
            what: "settle",
            key: `settle:${controller}`,
            of: controller,
            to: String(workout.target),
            data: workout.interface.encodeFunctionData("settle", [controller]),
            fields: { market: key, controller },
          });
        }
        return chores;
      }),
    );
    this.#scannedTo = head;
    return found.flat();
  }

  /** Gas that a chore takes now. Throws where it would fail. */
  async gasOf({ to, data }: Pick<Chore, "to" | "data">, from: string, head: number): Promise<bigint> {
    const request = [{ from, to, data }, toQuantity(head)];
    return BigInt(await this.#connection.provider.send("eth_estimateGas", request));
  }
}
