// A mistake in the command line.

/** Said in one line, without a stack; the process ends with 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
