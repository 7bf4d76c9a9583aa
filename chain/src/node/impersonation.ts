// Who may send without a key. It must not know what is sent.

import type { Address } from "../engine/types.ts";

export class Impersonation {
  readonly #addresses = new Set<Address>();
  #everybody = false;

  has(address: Address): boolean {
    return this.#everybody || this.#addresses.has(address);
  }

  /** null: whoever sends. True when it changed anything. */
  set(address: Address | null, enabled: boolean): boolean {
    if (address === null) {
      const changes = this.#everybody !== enabled;
      this.#everybody = enabled;
      return changes;
    }
    if (!enabled) return this.#addresses.delete(address);
    const changes = !this.#addresses.has(address);
    this.#addresses.add(address);
    return changes;
  }

  clear(): void {
    this.#addresses.clear();
    this.#everybody = false;
  }
}
