// Remembers what a chain has written, so that the state before any block can be turned into a genesis of its own. It
// must not know how blocks are made or compared.

import type { Address, Engine, Hash, Location, Version } from "../../chain/src/engine/types.ts";
import { bytesToHex } from "../../chain/src/protocol/bytes.ts";
import type { Genesis, GenesisAccount } from "./scenario.ts";

const ZERO: Hash = `0x${"00".repeat(32)}`;

export class StateCapture {
  readonly #slots = new Map<Address, Set<Hash>>();

  constructor(genesis: Genesis) {
    for (const [address, { storage }] of Object.entries(genesis) as [Address, GenesisAccount][]) {
      this.#slots.set(address, new Set(Object.keys(storage) as Hash[]));
    }
  }

  add(written: readonly Location[]): void {
    for (const { address, slot } of written) {
      let slots = this.#slots.get(address);
      if (slots === undefined) {
        slots = new Set();
        this.#slots.set(address, slots);
      }
      if (slot !== undefined) slots.add(slot);
    }
  }

  /** Every account known so far as it stood at `version`. */
  genesis(engine: Engine, version: Version): Genesis {
    const genesis: Genesis = {};
    for (const [address, slots] of this.#slots) {
      const storage: Record<Hash, Hash> = {};
      for (const slot of slots) {
        const value = engine.getStorage(address, slot, version);
        if (value !== ZERO) storage[slot] = value;
      }
      genesis[address] = {
        balance: engine.getBalance(address, version),
        nonce: engine.getNonce(address, version),
        code: bytesToHex(engine.getCode(address, version)),
        storage,
      };
    }
    return genesis;
  }
}
