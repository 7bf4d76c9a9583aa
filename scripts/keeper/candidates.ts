// Whose positions the keeper looks at: named by the index where one answers, else found in the markets' events. Only where
// to look comes from here; what a position is worth, the chain says.
import type { Log } from "ethers";
import type { Protocol } from "../../contracts/deployment/protocol.ts";
import type { Connection } from "../lib/connection.ts";

/** One position that may be indebted. */
export type Candidate = {
  /** Key of the market. */
  market: string;
  termsId: number;
  owner: string;
};

export interface Candidates {
  /** Every position that was indebted at block `head`, and maybe others. */
  at(head: number): Promise<readonly Candidate[]>;
}

/** How far the scan goes back over blocks seen before, in case they were replaced. */
const REORG_MARGIN = 64;
const LOG_RANGE = 5_000;

/** Who ever borrowed, by the markets' events. Keeps what it has seen, so that a block costs one request. */
export class EventCandidates implements Candidates {
  readonly #connection: Connection;
  readonly #protocol: Protocol;
  readonly #startBlock: number;
  readonly #found = new Map<string, Candidate>();
  #scannedTo: number;

  constructor(connection: Connection, protocol: Protocol, startBlock: number) {
    this.#connection = connection;
    this.#protocol = protocol;
    this.#startBlock = startBlock;
    this.#scannedTo = startBlock;
  }

  async at(head: number): Promise<readonly Candidate[]> {
    const { markets } = this.#protocol;
    const first = markets[0];
    if (first === undefined) return [];
    const keys = new Map(markets.map(({ key, market }) => [String(market.target).toLowerCase(), key]));
    const topic = first.market.interface.getEvent("Borrowed")?.topicHash ?? "";
    const from = Math.max(this.#startBlock, Math.min(this.#scannedTo, head) - REORG_MARGIN);
    for (let start = from; start <= head; start += LOG_RANGE) {
      const filter = {
        address: markets.map(({ market }) => String(market.target)),
        topics: [topic],
        fromBlock: start,
        toBlock: Math.min(head, start + LOG_RANGE - 1),
      };
      for (const log of (await this.#connection.provider.getLogs(filter)) as Log[]) {
        const market = keys.get(log.address.toLowerCase());
        const event = first.market.interface.parseLog(log);
        if (market === undefined || event === null) continue;
        const candidate = { market, termsId: Number(event.args.termsId), owner: String(event.args.owner) };
        this.#found.set(`${market}:${candidate.termsId}:${candidate.owner}`, candidate);
      }
    }
    this.#scannedTo = head;
    return [...this.#found.values()];
  }
}

/** How many blocks behind the chain the index may be before the events are asked instead. */
const INDEX_LAG = 5;
const INDEX_PATIENCE = 3_000; // milliseconds
const INDEX_PAGE = 1_000;
const POSITIONS = `query ($after: String, $limit: Int!) {
  positions(where: { scaledDebt_gt: "0" }, limit: $limit, after: $after) {
    items { market termsId owner }
    pageInfo { hasNextPage endCursor }
  }
  _meta { status }
}`;

type Answer = {
  positions: {
    items: { market: string; termsId: string | number; owner: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
  _meta: { status: Record<string, { block: { number: number } | null }> | null } | null;
};

/** The index's indebted positions, over GraphQL. Throws where it does not answer, or is far behind. */
export class IndexCandidates implements Candidates {
  readonly #endpoint: string;
  readonly #keys: ReadonlyMap<string, string>;

  /** @param url of the index, without /graphql */
  constructor(url: string, { markets }: Protocol) {
    this.#endpoint = `${url.replace(/\/$/, "")}/graphql`;
    this.#keys = new Map(markets.map(({ key, market }) => [String(market.target).toLowerCase(), key]));
  }

  async at(head: number): Promise<readonly Candidate[]> {
    const found: Candidate[] = [];
    for (let after: string | null = null; ; ) {
      const { positions, _meta } = await this.#ask(after);
      const blocks = Object.values(_meta?.status ?? {}).map((each) => each.block?.number ?? 0);
      const indexed = Math.min(...blocks);
      if (blocks.length === 0 || indexed < head - INDEX_LAG) {
        throw new Error(`it is at block ${blocks.length === 0 ? "none" : indexed}, the chain at ${head}`);
      }
      for (const { market, termsId, owner } of positions.items) {
        const key = this.#keys.get(market.toLowerCase());
        if (key !== undefined) found.push({ market: key, termsId: Number(termsId), owner });
      }
      if (!positions.pageInfo.hasNextPage) return found;
      after = positions.pageInfo.endCursor;
    }
  }

  async #ask(after: string | null): Promise<Answer> {
    const response = await fetch(this.#endpoint, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: POSITIONS, variables: { after, limit: INDEX_PAGE } }),
      signal: AbortSignal.timeout(INDEX_PATIENCE),
    });
    const { data, errors } = (await response.json()) as { data?: Answer; errors?: { message: string }[] };
    if (data === undefined || data === null || (errors?.length ?? 0) > 0) {
      throw new Error(errors?.[0]?.message ?? `HTTP ${response.status}`);
    }
    return data;
  }
}

const RETRY_INDEX = 30_000; // milliseconds

/** The index as long as it answers; while it does not, the events, and a word about it. */
export class PreferIndex implements Candidates {
  readonly #index: Candidates;
  readonly #events: Candidates;
  readonly #warn: (reason: string | undefined) => void;
  #failing = false;
  #askAgainAt = 0;

  /** @param warn is told why the index is not used, and undefined once it is again */
  constructor(index: Candidates, events: Candidates, warn: (reason: string | undefined) => void) {
    this.#index = index;
    this.#events = events;
    this.#warn = warn;
  }

  async at(head: number): Promise<readonly Candidate[]> {
    if (Date.now() < this.#askAgainAt) return this.#events.at(head);
    try {
      const found = await this.#index.at(head);
      if (this.#failing) this.#warn(undefined);
      this.#failing = false;
      return found;
    } catch (error) {
      if (!this.#failing) this.#warn(error instanceof Error ? error.message : String(error));
      this.#failing = true;
      this.#askAgainAt = Date.now() + RETRY_INDEX;
      return this.#events.at(head);
    }
  }
}
