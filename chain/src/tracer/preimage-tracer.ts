// geth's keccak256PreimageTracer: what an execution hashed, by its hash. Of the slots of mappings and arrays in Solidity it tells
// the variables. It only listens; it must not know blocks or JSON-RPC.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Hash, Hex, TraceStep } from "../engine/types.ts";
import type { Tracer } from "../node/types.ts";
import { bytesToHex } from "../protocol/bytes.ts";
import type { TraceBudget } from "./budget.ts";
import { KECCAK256 } from "./opcodes.ts";

/** Characters of an entry, but for the preimage. */
const ENTRY = 76;
/** Bytes of memory: with 2 ** 24 gas, the most that a transaction has by EIP-7825, it does not grow so far. */
const LONGEST = 2n ** 22n;

export class PreimageTracer implements Tracer<Record<Hash, Hex>> {
  readonly #budget: TraceBudget;
  readonly #preimages: Record<Hash, Hex> = {};

  constructor(budget: TraceBudget) {
    this.#budget = budget;
  }

  onStep(step: TraceStep): void {
    if (step.opcode !== KECCAK256 || step.stackHeight < 2) return;
    const offset = step.peek(0);
    const length = step.peek(1);
    // Told before the gas for it is taken, as geth does; what nobody could pay for was never hashed.
    if (length > 0n && offset + length > LONGEST) return;
    const preimage = step.memory(Number(offset), Number(length));
    this.#budget.spend(ENTRY + 2 * preimage.length);
    this.#preimages[bytesToHex(keccak_256(preimage))] = bytesToHex(preimage);
  }

  result(): Record<Hash, Hex> {
    return this.#preimages;
  }
}
