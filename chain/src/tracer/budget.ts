// How much the traces of one request may hold together. A block's steps can come to gigabytes, and the node must outlive
// whoever asks for them.

/** Characters of JSON. */
const MOST = 128 * 2 ** 20;

export class TraceTooLargeError extends Error {
  constructor() {
    super(
      `the trace is larger than ${MOST >> 20} MiB: trace a single transaction, give limit, disableStack or disableStorage, ` +
        "or take the callTracer",
    );
  }
}

export class TraceBudget {
  #left = MOST;

  /** Throws TraceTooLargeError where nothing is left. */
  spend(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0) throw new TraceTooLargeError();
  }
}
