// From a request to its result, in the chain thread: finds the method, decodes its parameters, runs it on the node and
// turns every failure into an error of the field. It knows no transport.

import { ChainError, ExecutionRevertedError, TransactionRejectedError } from "../node/errors.ts";
import type { ChainNode } from "../node/types.ts";
import {
  errorObject,
  InternalError,
  InvalidParamsError,
  MethodNotFoundError,
  RevertError,
  RpcError,
  ServerError,
  UnsupportedError,
} from "./errors.ts";
import { createFilters } from "./filters.ts";
import type { Context, Method } from "./method.ts";
import { methods } from "./methods/index.ts";
import { decodeParameters } from "./parameters.ts";
import { describeRevert } from "./revert.ts";
import { createSubscriptions } from "./subscriptions.ts";
import type { Dispatcher, Json, RpcRequest } from "./types.ts";
import { clientVersion } from "./version.ts";

export function createDispatcher(node: ChainNode): Dispatcher {
  const filters = createFilters(node);
  const subscriptions = createSubscriptions(node);
  const context: Context = { node, filters, subscriptions, clientVersion: clientVersion() };
  const table = tableOf(methods);

  const request = async ({ method: name, params }: RpcRequest): Promise<Json> => {
    const method = table.get(name);
    if (method === undefined) throw new MethodNotFoundError(name, nearest(name, table.keys()));
    if (params !== undefined && params !== null && !Array.isArray(params)) {
      throw new InvalidParamsError("params should be an array; parameters by name are not supported");
    }
    try {
      const values = decodeParameters(method.parameters, (params ?? []) as unknown[]);
      return ((await method.run(context, ...values)) ?? null) as Json;
    } catch (error) {
      throw asRpcError(error, name);
    }
  };

  return {
    request,
    // Started in order, finished in any: the node itself serialises what touches state.
    requestAll: (requests) =>
      Promise.all(
        requests.map((item) =>
          request(item).then(
            (result) => ({ result }),
            (error: unknown) => ({ error: errorObject(error) }),
          ),
        ),
      ),
    onNotification: (listener) => subscriptions.onNotice(listener),
    close() {
      filters.close();
      subscriptions.stop();
    },
  };
}

/**
 * By every name. What Hardhat spells hardhat_x anvil spells anvil_x, and anvil also has anvil_x for evm_x; a method
 * that differs declares its own.
 */
function tableOf(all: readonly Method[]): Map<string, Method> {
  const table = new Map<string, Method>();
  for (const method of all) {
    for (const name of method.names) {
      if (table.has(name)) throw new Error(`two methods are called ${name}`);
      table.set(name, method);
    }
  }
  for (const prefix of ["hardhat_", "evm_"]) {
    for (const [name, method] of [...table]) {
      const alias = name.replace(prefix, "anvil_");
      if (name.startsWith(prefix) && !table.has(alias)) table.set(alias, method);
    }
  }
  return table;
}

/** ChainError's kinds are not JSON-RPC's codes; here one becomes the other. */
function asRpcError(error: unknown, method: string): RpcError {
  if (error instanceof RpcError) return error;
  if (error instanceof ExecutionRevertedError)
    return new RevertError(describeRevert(error.output), error.output);
  if (!(error instanceof ChainError)) {
    const words = error instanceof Error ? error.message : String(error);
    return new InternalError(`${method}: ${words}`, error);
  }
  // eth_simulateV1 has codes of its own; the node names them.
  if ("code" in error && typeof error.code === "number") return new RpcError(error.code, error.message);
  switch (error.kind) {
    case "invalid-input":
      return new InvalidParamsError(error.message);
    case "transaction-rejected":
      // What can't be decoded is no transaction that could be rejected (geth, EIP-1474: invalid input).
      return error instanceof TransactionRejectedError && error.reason === "malformed"
        ? new ServerError(error.message)
        : new RpcError(-32003, error.message);
    case "unsupported":
      return new UnsupportedError(error.message);
    case "internal":
      return new InternalError(`${method}: ${error.message}`, error);
    default:
      return new ServerError(error.message);
  }
}

/** The known name within a third of the letters of what was asked for, if any. */
function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.ceil(Math.min(name.length, 60) / 3);
  if (name.length > 60) return undefined;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Levenshtein: insertions, deletions and substitutions from one to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const substituted = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
