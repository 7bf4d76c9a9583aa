// Build switches of the engine that runs blocks. The build puts config.trace.ts in this file's place for the second copy.
// Constants only: a branch on one of them is gone before the optimiser runs.

/** Report every instruction and message to the host (host.ts: traceStep, traceMessage). */
export const TRACING: bool = false;
