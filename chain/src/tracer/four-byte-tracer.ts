// geth's 4byteTracer: which function selectors an execution calls, how often, and with how many bytes of arguments.
// It only listens; it must not know blocks or JSON-RPC.

import { FORK_OSAKA } from "../../engine/layout.ts";
import type { TraceMessageBegin } from "../engine/types.ts";
import type { Tracer } from "../node/types.ts";
import { precompileAddresses } from "../precompiles/index.ts";
import { bytesToHex } from "../protocol/bytes.ts";

const SELECTOR = 4;
const PRECOMPILES = new Set(precompileAddresses(FORK_OSAKA).map(BigInt));

export class FourByteTracer implements Tracer<Record<string, number>> {
  /** By selector and argument bytes: 0xa9059cbb-64. */
  readonly #counts: Record<string, number> = {};

  onMessageBegin({ kind, to, input }: TraceMessageBegin): void {
    if (kind === "CREATE" || kind === "CREATE2" || input.length < SELECTOR) return;
    if (PRECOMPILES.has(BigInt(to))) return;
    const key = `${bytesToHex(input.subarray(0, SELECTOR))}-${input.length - SELECTOR}`;
    this.#counts[key] = (this.#counts[key] ?? 0) + 1;
  }

  result(): Record<string, number> {
    return this.#counts;
  }
}
