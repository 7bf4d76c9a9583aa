// Public key recovery (0x01) of the Yellow Paper, appendix E: hash, v, r, s to an address. High s is valid here
// (EIP-2 binds transactions alone). Knows nothing of the dispatcher.

import { recoverAddress } from "../crypto/recover.ts";
import { isZero, readPadded } from "./bytes.ts";
import { noOutput, type Precompile } from "./types.ts";

export const ecrecover: Precompile = {
  gas: () => 3000n,
  run(input) {
    const data = readPadded(input, 0, 128);
    const v = data[63]!;
    if (!isZero(data, 32, 63) || (v !== 27 && v !== 28)) return noOutput();
    const address = recoverAddress(
      data.subarray(0, 32),
      data.subarray(64, 96),
      data.subarray(96, 128),
      v === 27 ? 0 : 1,
    );
    if (address === null) return noOutput();
    const word = new Uint8Array(32);
    word.set(address, 12);
    return word;
  },
};
