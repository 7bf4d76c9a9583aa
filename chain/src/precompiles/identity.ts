// Identity (0x04) of the Yellow Paper, appendix E: the call data, copied. Knows nothing of the dispatcher.

import { type Precompile, wordGas } from "./types.ts";

export const identity: Precompile = {
  gas: (input) => wordGas(15, 3, input.length),
  run: (input) => input,
};
