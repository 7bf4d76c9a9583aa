// Build switches of the tracing copy (engine.trace.wasm), which serves debug_trace* and names storage locations.
// Constants only, with the same names as config.ts.

/** Report every instruction and message to the host (host.ts: traceStep, traceMessage). */
export const TRACING: bool = true;
