// Runs transactions of the past again with tracers watching. What a block's earlier transactions left in the middle of it
// is not kept, so they run again too, on the state of the parent block. It must not know what tracers look for.

import { packSystemCall } from "../engine/index.ts";
import type {
  BlockEnvironment,
  Engine,
  Hash,
  Message,
  TracedRun,
  TraceRun,
  Version,
} from "../engine/types.ts";
import { toMessage } from "../transaction/message.ts";
import { type CallContext, prepareCall } from "./calls.ts";
import type { ChainCore } from "./core.ts";
import { ChainError } from "./errors.ts";
import type { StoredBlock } from "./history.ts";
import { rejection } from "./outcome.ts";
import { openingCalls } from "./producer.ts";
import type { Tracer, TracerFactory, TraceSubject, TransactionRequest } from "./types.ts";

/** Runs that follow one another, and the state on which the first begins. */
export interface Sequence {
  runs: TraceRun[];
  at: Version;
}

/** Traces the transactions from `first` to before `end` of a block on the chain, or of the pending one. */
export function traceTransactions<T>(
  core: ChainCore,
  block: StoredBlock,
  trace: TracerFactory<T>,
  first = 0,
  end = block.transactions.length,
): { transactionHash: Hash; result: T }[] {
  const { runs, at } = sequenceUntil(core, block, end);
  const opening = runs.length - end;
  const tracers: Tracer<T>[] = [];
  for (let index = first; index < end; index++) {
    const run = runs[opening + index]!;
    const message = toMessage(block.transactions[index]!, true);
    run.listener = tracers[index - first] = trace(subjectOf(message, run.environment));
  }
  const results = run(core.engine, { runs, at }).slice(opening);
  for (const [index, result] of results.entries()) requireSame(block, index, result);
  return tracers.map((tracer, i) => ({
    transactionHash: block.transactions[first + i]!.hash,
    result: tracer.result(results[first + i]!),
  }));
}

/** Traces a call on the state that `context` names, or behind `before`. */
export function traceCall<T>(
  { engine, environment, options }: CallContext,
  request: TransactionRequest,
  trace: TracerFactory<T>,
  before?: Sequence,
): T {
  const prepared = prepareCall({ environment }, request);
  const tracer = trace(subjectOf(prepared.message, environment));
  const call: TraceRun = {
    environment: prepared.environment,
    message: engine.pack(prepared.message),
    call: true,
    overrides: options.overrides,
    listener: tracer,
  };
  const results = run(engine, { runs: [...(before?.runs ?? []), call], at: before?.at ?? options.at });
  const result = results.at(-1)!;
  if (result.invalid) throw rejection(result.invalid);
  return tracer.result(result);
}

/** What leads to the transaction at `index` of the block: system calls and the transactions before it. */
export function sequenceUntil(core: ChainCore, block: StoredBlock, index: number): Sequence {
  const { header, transactions } = block;
  if (index > transactions.length) {
    throw new ChainError(
      "invalid-input",
      `transaction index ${index}: block ${header.number} has ${transactions.length} transactions`,
    );
  }
  const parent = core.history.at(header.number - 1n);
  if (!parent) throw new ChainError("unsupported", "genesis is not traceable: it has no transactions");
  const environment = core.environmentOf(block);
  const messages = [
    ...openingCalls(header, environment.hardfork).map(({ to, data }) => packSystemCall(to, data)),
    ...transactions.slice(0, index).map((transaction) => core.engine.pack(toMessage(transaction, true))),
  ];
  return { runs: messages.map((message) => ({ environment, message })), at: parent.version };
}

function run(engine: Engine, { runs, at }: Partial<Sequence> & Pick<Sequence, "runs">): TracedRun[] {
  const results = engine.trace(runs, at);
  const { invalid } = results.at(-1)!;
  if (invalid === "out-of-memory") {
    throw new ChainError(
      "unsupported",
      "the execution, with the transactions before it, touches more state than the memory of a trace holds",
    );
  }
  if (results.length < runs.length)
    throw new ChainError("internal", `an earlier transaction of the block did not run again: ${invalid}`);
  return results;
}

/** A trace of another execution than the one in the block would mislead. */
function requireSame(block: StoredBlock, index: number, { gasUsed, success, invalid }: TracedRun): void {
  const receipt = block.results[index]!;
  if (!invalid && gasUsed === receipt.gasUsed && success === receipt.success) return;
  const { hash } = block.transactions[index]!;
  throw new ChainError(
    "internal",
    `transaction ${hash} ran differently this time: gas used ${gasUsed}, its receipt says ${receipt.gasUsed}`,
  );
}

function subjectOf(message: Message, { coinbase }: BlockEnvironment): TraceSubject {
  const { sender, to, gasLimit, authorizationList = [] } = message;
  return {
    from: sender,
    to,
    gas: gasLimit,
    coinbase,
    authorities: authorizationList.flatMap(({ authority }) => (authority === null ? [] : [authority])),
  };
}
