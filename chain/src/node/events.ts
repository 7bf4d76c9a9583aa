// Who wants to hear of blocks, and telling them. It must not know what is told.

import type { ChainEvent } from "./types.ts";

export class Events {
  readonly #listeners = new Set<(event: ChainEvent) => void>();
  readonly #onError: (error: unknown) => void;

  /** `onError` hears of listeners that throw; the others are told all the same. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Gives the function that stops it. */
  subscribe(listener: (event: ChainEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: ChainEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
