// Every contract's ABI and error words, fetched once and only when something is to be decoded.
import type { Abi } from "viem";

export type AllAbis = {
  /** By `marketAbi`, `iMarketAbi` and so on, as @polder/contracts exports them. */
  abis: Readonly<Record<string, Abi>>;
  /** What each custom error means to people, by its signature, as in `NotCovered(uint256,uint256)`. */
  errorWords: Readonly<Record<string, string>>;
};

let loaded: Promise<AllAbis> | undefined;

/** Throws where the server does not answer; the next call asks again. */
export function loadAllAbis(): Promise<AllAbis> {
  loaded ??= fetch("/contracts")
    .then((response) => {
      if (!response.ok) throw new Error(`the app's server answered with status ${response.status}`);
      return response.json() as Promise<AllAbis>;
    })
    .catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
  return loaded;
}
