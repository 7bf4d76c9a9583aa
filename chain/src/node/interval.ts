// Makes a block every so often. It must not know what making one takes.

import { checkInterval } from "./options.ts";

export class IntervalMiner {
  #value: number | readonly [number, number] = 0;
  #timer: NodeJS.Timeout | null = null;
  readonly #mine: () => Promise<unknown>;
  readonly #onError: (error: unknown) => void;

  constructor(mine: () => Promise<unknown>, onError: (error: unknown) => void) {
    this.#mine = mine;
    this.#onError = onError;
  }

  get value(): number | readonly [number, number] {
    return this.#value;
  }

  /** Milliseconds, or a range to draw from each time; 0 stops. */
  set(interval: number | readonly [number, number]): void {
    checkInterval(interval);
    this.#value = interval;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#schedule();
  }

  #schedule(): void {
    const [from, to] = typeof this.#value === "number" ? [this.#value, this.#value] : this.#value;
    if (to === 0) return;
    const timer = setTimeout(
      () => {
        this.#mine()
          .catch(this.#onError)
          .finally(() => {
            // Unless it was set anew meanwhile.
            if (this.#timer === timer) this.#schedule();
          });
      },
      Math.max(1, from + Math.random() * (to - from)),
    );
    this.#timer = timer;
  }
}
