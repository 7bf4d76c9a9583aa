// What a JSON-RPC method is: its names, its parameters and what it does with them. The table of all of them is in
// dispatch.ts. It knows no transport.

import type { ChainNode } from "../node/types.ts";
import type { Filters } from "./filters.ts";
import type { Parameter, Values } from "./parameters.ts";
import type { Subscriptions } from "./subscriptions.ts";

/** What every method may use. */
export interface Context {
  readonly node: ChainNode;
  readonly filters: Filters;
  readonly subscriptions: Subscriptions;
  /** web3_clientVersion. */
  readonly clientVersion: string;
}

export interface Method {
  readonly names: readonly string[];
  readonly parameters: readonly Parameter<unknown>[];
  /** Gives plain JSON; undefined counts as null. */
  readonly run: (context: Context, ...values: unknown[]) => unknown;
}

/** Declares a method; the first name is its own, the others are aliases. */
export function method<const P extends readonly Parameter<unknown>[]>(
  names: string | readonly [string, ...string[]],
  parameters: P,
  run: (context: Context, ...values: Values<P>) => unknown,
): Method {
  return {
    names: typeof names === "string" ? [names] : names,
    parameters,
    run: run as Method["run"],
  };
}
