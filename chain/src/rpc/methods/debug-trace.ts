// Traces: executions again, seen through geth's tracers.

import { ChainError } from "../../node/errors.ts";
import type { BlockReference, ChainNode, TraceCallParameters } from "../../node/types.ts";
import {
  TRACERS,
  type TraceConfig,
  type TracerName,
  TraceTooLargeError,
  tracersFor,
} from "../../tracer/index.ts";
import { InvalidParamsError, LimitExceededError, ServerError, UnsupportedError } from "../errors.ts";
import { method } from "../method.ts";
import {
  block,
  blockNumber,
  boolean,
  compact,
  count,
  type Decoder,
  fieldsOf,
  hash,
  object,
  optional,
  required,
  string,
} from "../parameters.ts";
import { blockOverrides, stateOverrides, transactionRequest } from "../requests.ts";

const DEFAULT: TraceConfig = { options: {}, tracerOptions: {} };

const tracer: Decoder<TracerName> = (value, path) => {
  const name = string(value, path);
  const known = TRACERS.find((candidate) => candidate === name);
  if (known) return known;
  const names = TRACERS.join(", ");
  if (/[{(]/.test(name))
    throw new UnsupportedError(`${path}: tracers in JavaScript don't run here; take one of ${names}`);
  throw new InvalidParamsError(
    `${path}: there is no tracer ${JSON.stringify(name)}; take one of ${names}, or none`,
  );
};

const tracerOptions: Decoder<TraceConfig["tracerOptions"]> = (value, path) => {
  const field = fieldsOf(value, path);
  const flags = [
    "onlyTopCall",
    "withLog",
    "diffMode",
    "disableCode",
    "disableStorage",
    "includeEmpty",
  ] as const;
  return compact(Object.fromEntries(flags.map((flag) => [flag, field(flag, boolean)])));
};

/** geth's TraceConfig. `timeout` and `reexec` have no meaning here and are let pass. */
const traceConfig: Decoder<TraceConfig> = (value, path) => {
  const field = fieldsOf(value, path);
  return {
    tracer: field("tracer", tracer),
    tracerOptions: field("tracerConfig", tracerOptions) ?? {},
    options: compact({
      disableStack: field("disableStack", boolean),
      disableStorage: field("disableStorage", boolean),
      enableMemory: field("enableMemory", boolean),
      enableReturnData: field("enableReturnData", boolean),
      limit: field("limit", count),
    }),
  };
};

type CallConfig = TraceConfig & Omit<TraceCallParameters, "request" | "block">;

/** geth's TraceCallConfig: with overrides, and the transaction before which the call runs. */
const traceCallConfig: Decoder<CallConfig> = (value, path) => {
  const field = fieldsOf(value, path);
  return {
    ...traceConfig(object(value, path), path),
    ...compact({
      stateOverrides: field("stateOverrides", stateOverrides),
      blockOverrides: field("blockOverrides", blockOverrides),
      transactionIndex: field("txIndex", count),
    }),
  };
};

async function traced<T>(trace: Promise<T>): Promise<T> {
  try {
    return await trace;
  } catch (error) {
    if (error instanceof TraceTooLargeError) throw new LimitExceededError(error.message);
    throw error;
  }
}

async function traceBlock(node: ChainNode, reference: BlockReference, config: TraceConfig) {
  try {
    const traces = await traced(node.traceBlock(reference, tracersFor(config)));
    return traces.map(({ transactionHash, result }) => ({ txHash: transactionHash, result }));
  } catch (error) {
    if (!(error instanceof ChainError && error.kind === "block-not-found")) throw error;
    const name = typeof reference === "object" ? reference.blockHash : `#${reference}`;
    throw new ServerError(`block ${name} not found`);
  }
}

export const debugTraceMethods = [
  method(
    "debug_traceTransaction",
    [required("transaction hash", hash), optional("config", traceConfig, DEFAULT)],
    ({ node }, transactionHash, config) => traced(node.traceTransaction(transactionHash, tracersFor(config))),
  ),
  method(
    "debug_traceBlockByNumber",
    [required("block", blockNumber), optional("config", traceConfig, DEFAULT)],
    ({ node }, at, config) => traceBlock(node, at, config),
  ),
  method(
    "debug_traceBlockByHash",
    [required("block hash", hash), optional("config", traceConfig, DEFAULT)],
    ({ node }, blockHash, config) => traceBlock(node, { blockHash }, config),
  ),
  method(
    "debug_traceCall",
    [
      required("call", transactionRequest),
      optional("block", block),
      optional<CallConfig>("config", traceCallConfig, DEFAULT),
    ],
    ({ node }, request, at, { tracer, options, tracerOptions, ...parameters }) =>
      traced(
        node.traceCall(
          compact<TraceCallParameters>({ request, block: at, ...parameters }),
          tracersFor({ tracer, options, tracerOptions }),
        ),
      ),
  ),
];
