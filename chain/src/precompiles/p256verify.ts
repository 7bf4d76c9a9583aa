// Verification of ECDSA signatures on P-256 (0x100, EIP-7951). Knows nothing of the dispatcher.

import { booleanWord, fromBytes, isBelow, isZero, toBytes } from "./bytes.ts";
import { FP_SIZE, FR_SIZE, G1_SIZE, MCL_NIST_P256, MclInstance, type Pointer } from "./mcl.ts";
import { noOutput, type Precompile } from "./types.ts";

/** Curve parameters of EIP-7951: the field's modulus and the order of the group, whose cofactor is 1. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P_BYTES = toBytes(P, 32);
const N_BYTES = toBytes(N, 32);
const INPUT_BYTES = 160;

/** Scratch in the instance's memory: [G, Q] and [u1, u2] lie side by side, as mulVec wants them. */
interface Verifier {
  mcl: MclInstance;
  io: Pointer;
  points: Pointer;
  scalars: Pointer;
  inverse: Pointer;
  sum: Pointer;
}

let verifier: Verifier | undefined;

function prepare(): Verifier {
  if (verifier) return verifier;
  const mcl = new MclInstance(MCL_NIST_P256);
  const points = mcl.allocate(2 * G1_SIZE);
  mcl.exports.mclBnG1_getBasePoint(points);
  verifier = {
    mcl,
    io: mcl.allocate(FP_SIZE),
    points,
    scalars: mcl.allocate(2 * FR_SIZE),
    inverse: mcl.allocate(FR_SIZE),
    sum: mcl.allocate(G1_SIZE),
  };
  return verifier;
}

/** Is (r, s) the signature of `hash` by the key (x, y)? All are 32-byte words; steps as in EIP-7951, "Specification". */
function isSignature(hash: Uint8Array, r: Uint8Array, s: Uint8Array, x: Uint8Array, y: Uint8Array): boolean {
  if (isZero(r) || !isBelow(r, N_BYTES) || isZero(s) || !isBelow(s, N_BYTES)) return false;
  if (!isBelow(x, P_BYTES) || !isBelow(y, P_BYTES) || (isZero(x) && isZero(y))) return false;
  const { mcl, io, points, scalars, inverse, sum } = prepare();
  const { exports } = mcl;
  const key = points + G1_SIZE;
  mcl.bytes.set(x, io);
  exports.mclBnFp_setBigEndianMod(key, io, 32);
  mcl.bytes.set(y, io);
  exports.mclBnFp_setBigEndianMod(key + FP_SIZE, io, 32);
  exports.mclBnFp_setInt32(key + 2 * FP_SIZE, 1);
  if (exports.mclBnG1_isValid(key) !== 1) return false;

  mcl.bytes.set(s, io);
  exports.mclBnFr_setBigEndianMod(inverse, io, 32);
  exports.mclBnFr_inv(inverse, inverse);
  mcl.bytes.set(hash, io);
  exports.mclBnFr_setBigEndianMod(scalars, io, 32);
  exports.mclBnFr_mul(scalars, scalars, inverse);
  mcl.bytes.set(r, io);
  exports.mclBnFr_setBigEndianMod(scalars + FR_SIZE, io, 32);
  exports.mclBnFr_mul(scalars + FR_SIZE, scalars + FR_SIZE, inverse);

  exports.mclBnG1_mulVec(sum, points, scalars, 2);
  if (exports.mclBnG1_isZero(sum) === 1) return false;
  exports.mclBnG1_normalize(sum, sum);
  exports.mclBnFp_serialize(io, FP_SIZE, sum);
  // mcl writes little-endian.
  const abscissa = fromBytes(mcl.bytes.slice(io, io + 32).reverse());
  return abscissa % N === fromBytes(r);
}

/** 0x100: hash, r, s, x, y. Success is a word holding 1; anything else succeeds with no output. */
export const p256Verify: Precompile = {
  gas: () => 6900n,
  run(input) {
    if (input.length !== INPUT_BYTES) return noOutput();
    const word = (i: number) => input.subarray(32 * i, 32 * (i + 1));
    return isSignature(word(0), word(1), word(2), word(3), word(4)) ? booleanWord(true) : noOutput();
  },
};
