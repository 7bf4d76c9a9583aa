// The engine's imports. Each returns a status and never throws; nothing else crosses from the engine to the host.

/**
 * Runs the precompile `id` (1 to 17, 0x100). Writes its output at `output` (at most `capacity` bytes), the gas used (u64) at
 * `result` and the output's length (u32) at `result + 8`.
 * Returns 1 on success, 0 when it failed (all gas is consumed), 2 when `capacity` is too small.
 */
@external("env", "precompile")
export declare function precompile(
  id: u32,
  input: usize,
  inputLength: u32,
  gas: u64,
  fork: u32,
  output: usize,
  capacity: u32,
  result: usize,
): u32;

/** One step of the tracing copy, before the instruction runs; linked only there. */
@external("env", "traceStep")
export declare function traceStep(frame: usize, pc: u32, opcode: u32, gas: u64, stackTop: usize, depth: u32): void;

/** Tells the tracing copy's host that a message begins or ends (`outcome` as in layout.ts, -1 at its beginning). */
@external("env", "traceMessage")
export declare function traceMessage(frame: usize, depth: u32, outcome: i32, gas: u64, output: usize, outputLength: u32): void;

/** Microseconds on a clock that all threads of the process share. */
@external("env", "clock")
export declare function clock(): f64;

/** Asked only while HOOK_KILL is set: a worker thread may end here, never to return. */
@external("env", "mortalMoment")
export declare function mortalMoment(worker: u32): void;
