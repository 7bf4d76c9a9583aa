// Where attestors have a NAV from. A source values; it signs nothing and knows no chain but its time.
import { readFile } from "node:fs/promises";
import { parseUnits } from "ethers";

/** What a whole token is worth, in the oracle's decimals, and when the assets were valued, seconds. */
export type Valuation = { nav: bigint; date: number };

export interface NavSource {
  /**
   * The newest valuation of a market's asset that is not later than `at`, seconds. Undefined where there is none.
   * @param last what the oracle holds, undefined before the first report
   */
  valuationOf(
    market: string,
    at: number,
    last: Valuation | undefined,
    decimals: number,
  ): Promise<Valuation | undefined>;
  /** Seconds between two valuations; 0: as they come. */
  cadenceOf(market: string): number;
}

const PATIENCE = 10_000; // milliseconds

/**
 * Valuations from a JSON document in a file or behind an http(s) address, read anew each time:
 * `{ "treasury-bills": { "nav": "100.12", "date": "2026-11-26T16:00:00Z" } }`. The date may be seconds too.
 */
export class DocumentSource implements NavSource {
  readonly #place: string;

  constructor(place: string) {
    this.#place = place;
  }

  async valuationOf(
    market: string,
    at: number,
    _last: Valuation | undefined,
    decimals: number,
  ): Promise<Valuation | undefined> {
    const document = JSON.parse(await this.#read()) as Record<string, { nav?: unknown; date?: unknown }>;
    const said = document[market];
    if (said === undefined) return undefined;
    if (typeof said.nav !== "string" || !/^\d+(\.\d+)?$/.test(said.nav)) {
      throw new Error(
        `${this.#place}: the nav of "${market}" must be a decimal number in quotes, such as "100.12"`,
      );
    }
    const date =
      typeof said.date === "number" ? said.date : Math.floor(Date.parse(String(said.date)) / 1_000);
    if (!Number.isSafeInteger(date)) {
      throw new Error(
        `${this.#place}: the date of "${market}" must be seconds, or a date such as 2026-11-26T16:00:00Z`,
      );
    }
    return date > at ? undefined : { nav: parseUnits(said.nav, decimals), date };
  }

  cadenceOf(): number {
    return 0;
  }

  async #read(): Promise<string> {
    if (!/^https?:/.test(this.#place)) return readFile(this.#place, "utf8");
    const response = await fetch(this.#place, { signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) throw new Error(`${this.#place} answers HTTP ${response.status}`);
    return response.text();
  }
}
