// What the launcher asks of the chain: which it is, and whether what was indexed is still its history.
import type { DeploymentRecord } from "@polder/contracts/deployment/record.ts";

/** A block that what is indexed rests on: deeper than any reorganisation that Ponder follows. */
export type Anchor = { number: number; hash: string };

/** How deep a reorganisation Ponder follows on a chain that it does not know, in blocks. */
export const FINALITY = 30;

const PATIENCE = 5_000; // milliseconds

export class Chain {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Throws where nothing answers. */
  async id(): Promise<number> {
    return Number(await this.#ask("eth_chainId"));
  }

  async head(): Promise<number> {
    return Number(await this.#ask("eth_blockNumber"));
  }

  /** Undefined where there is no such block. */
  async hashOf(number: number): Promise<string | undefined> {
    const block = await this.#ask("eth_getBlockByNumber", `0x${number.toString(16)}`, false);
    return (block as { hash: string } | null)?.hash;
  }

  /** Why the record is not of this chain, or no longer; undefined where it is. */
  async contradicts(record: DeploymentRecord): Promise<string | undefined> {
    if ((await this.hashOf(0)) !== record.genesisHash) return "the chain began anew since it was deployed to";
    const code = await this.#ask("eth_getCode", record.shared.stablecoin, "latest");
    if (code === "0x") return "the contracts of the record are not on the chain";
    return undefined;
  }

  /** Whether `anchor` is still part of the chain. */
  async holds(anchor: Anchor): Promise<boolean> {
    return (await this.hashOf(anchor.number)) === anchor.hash;
  }

  /** The newest block that no reorganisation within `FINALITY` replaces. */
  async anchor(): Promise<Anchor | undefined> {
    const number = Math.max(0, (await this.head()) - FINALITY);
    const hash = await this.hashOf(number);
    return hash === undefined ? undefined : { number, hash };
  }

  async #ask(method: string, ...params: unknown[]): Promise<unknown> {
    const response = await fetch(this.#url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }
}
