// The room's door: tracers by geth's names.

import type { TracerFactory } from "../node/types.ts";
import { TraceBudget } from "./budget.ts";
import { CallTracer, type CallTracerOptions } from "./call-tracer.ts";
import { FourByteTracer } from "./four-byte-tracer.ts";
import { PreimageTracer } from "./preimage-tracer.ts";
import { PrestateTracer, type PrestateTracerOptions } from "./prestate-tracer.ts";
import { StructLogger, type StructLoggerOptions } from "./struct-logger.ts";

export { TraceTooLargeError } from "./budget.ts";

export const TRACERS = [
  "callTracer",
  "prestateTracer",
  "4byteTracer",
  "keccak256PreimageTracer",
  "noopTracer",
] as const;
export type TracerName = (typeof TRACERS)[number];

/** Without a tracer's name the struct logger; `options` are the logger's, `tracerOptions` the named tracer's. */
export interface TraceConfig {
  tracer?: TracerName;
  options: StructLoggerOptions;
  tracerOptions: CallTracerOptions & PrestateTracerOptions;
}

/** Makes the tracers of one request; they share one budget. */
export function tracersFor({ tracer, options, tracerOptions }: TraceConfig): TracerFactory<unknown> {
  const budget = new TraceBudget();
  switch (tracer) {
    case "callTracer":
      return (subject) => new CallTracer(tracerOptions, subject, budget);
    case "prestateTracer":
      return (subject) => new PrestateTracer(tracerOptions, subject, budget);
    case "4byteTracer":
      return () => new FourByteTracer();
    case "keccak256PreimageTracer":
      return () => new PreimageTracer(budget);
    case "noopTracer":
      return () => ({ result: () => ({}) });
    case undefined:
      return () => new StructLogger(options, budget);
  }
}
