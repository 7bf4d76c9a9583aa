// SHA-256 (0x02) and RIPEMD-160 (0x03) of the Yellow Paper, appendix E. Knows nothing of the dispatcher.

import { createHash } from "node:crypto";
import { ripemd160 as digest } from "@noble/hashes/legacy.js";
import { type Precompile, wordGas } from "./types.ts";

export const sha256: Precompile = {
  gas: (input) => wordGas(60, 12, input.length),
  run: (input) => new Uint8Array(createHash("sha256").update(input).digest()),
};

/** The 20 bytes of the hash at the end of a word. Not from node:crypto: an OpenSSL without legacy hashes lacks it. */
export const ripemd160: Precompile = {
  gas: (input) => wordGas(600, 120, input.length),
  run(input) {
    const word = new Uint8Array(32);
    word.set(digest(input), 12);
    return word;
  },
};
