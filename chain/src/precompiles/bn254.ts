// Addition, multiplication (EIP-196) and pairing check (EIP-197) on bn254 (alt_bn128), at the prices of EIP-1108.
// Knows nothing of the dispatcher.

import { booleanWord, readPadded, toBytes } from "./bytes.ts";
import { MCL_BN_SNARK1 } from "./mcl.ts";
import { PairingCurve } from "./pairing-curve.ts";
import type { Precompile } from "./types.ts";

/** The field's modulus (EIP-196). */
const MODULUS = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47n;

let instance: PairingCurve | undefined;

function curve(): PairingCurve {
  instance ??= new PairingCurve({
    mclCurve: MCL_BN_SNARK1,
    fieldBytes: 32,
    encodedBytes: 32,
    imaginaryFirst: true,
    modulus: toBytes(MODULUS, 32),
  });
  return instance;
}

/** 0x06: two points, cut or padded to 128 bytes. */
export const bn254Add: Precompile = {
  gas: () => 150n,
  run: (input) => curve().addG1(readPadded(input, 0, 128)),
};

/** 0x07: a point and a scalar of any size below 2**256, cut or padded to 96 bytes. All of the curve is in the subgroup. */
export const bn254Mul: Precompile = {
  gas: () => 6000n,
  run: (input) => curve().sumG1(readPadded(input, 0, 96)),
};

const PAIR_BYTES = 192;

/** 0x08: any number of (G1, G2) pairs; none at all multiply to one. */
export const bn254Pairing: Precompile = {
  gas: (input) => 45_000n + 34_000n * BigInt(Math.floor(input.length / PAIR_BYTES)),
  run(input) {
    if (input.length % PAIR_BYTES !== 0) return null;
    const isOne = curve().pairingCheck(input);
    return isOne === null ? null : booleanWord(isOne);
  },
};
