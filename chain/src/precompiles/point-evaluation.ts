// Point evaluation of EIP-4844 (0x0a): does the polynomial behind a blob's KZG commitment take the value y at z?
// Knows nothing of blobs themselves: the ceremony's second G2 point is all of the trusted setup that a check needs.

import { createHash } from "node:crypto";
import { bls12381 } from "./bls12381.ts";
import { isBelow, toBytes } from "./bytes.ts";
import { FR_SIZE, G1_SIZE, G2_SIZE, GT_SIZE, type Pointer } from "./mcl.ts";
import type { PairingCurve } from "./pairing-curve.ts";
import type { Precompile } from "./types.ts";

const FIELD_ELEMENTS_PER_BLOB = 4096n;
const BLS_MODULUS = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
const VERSIONED_HASH_VERSION_KZG = 0x01;
const INPUT_BYTES = 192;

/** Generators of G1 and G2 and the ceremony's [tau]G2: KZG_SETUP_G2_MONOMIAL[1], consensus-specs trusted_setup_4096.json. */
const G1_GENERATOR =
  "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb";
const G2_GENERATOR =
  "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e" +
  "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8";
const TAU_G2 =
  "b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72" +
  "185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2";

const MODULUS_BYTES = toBytes(BLS_MODULUS, 32);
const OUTPUT = Buffer.concat([toBytes(FIELD_ELEMENTS_PER_BLOB, 32), MODULUS_BYTES]);

/** Scratch and constants in the curve's memory. */
interface Verifier {
  curve: PairingCurve;
  commitment: Pointer;
  proof: Pointer;
  generator: Pointer;
  term: Pointer;
  scalar: Pointer;
  pairing: Pointer;
  /** Lines of the Miller loop for the constants -G2 and [tau]G2. */
  negatedGeneratorLines: Pointer;
  tauLines: Pointer;
}

let verifier: Verifier | undefined;

function prepare(): Verifier {
  if (verifier) return verifier;
  const curve = bls12381();
  const { mcl } = curve;
  const linesSize = 8 * mcl.exports.mclBn_getUint64NumToPrecompute();
  const generator = mcl.allocate(G1_SIZE);
  if (!curve.readCompressedG1(generator, Buffer.from(G1_GENERATOR, "hex"))) {
    throw new Error("the generator of G1 does not decode");
  }
  const q = mcl.allocate(G2_SIZE);
  const negatedGeneratorLines = mcl.allocate(linesSize);
  const tauLines = mcl.allocate(linesSize);
  curve.readTrustedG2(q, Buffer.from(G2_GENERATOR, "hex"));
  mcl.exports.mclBnG2_neg(q, q);
  mcl.exports.mclBn_precomputeG2(negatedGeneratorLines, q);
  curve.readTrustedG2(q, Buffer.from(TAU_G2, "hex"));
  mcl.exports.mclBn_precomputeG2(tauLines, q);
  verifier = {
    curve,
    commitment: mcl.allocate(G1_SIZE),
    proof: mcl.allocate(G1_SIZE),
    generator,
    term: mcl.allocate(G1_SIZE),
    scalar: mcl.allocate(FR_SIZE),
    pairing: mcl.allocate(GT_SIZE),
    negatedGeneratorLines,
    tauLines,
  };
  return verifier;
}

/**
 * verify_kzg_proof of consensus-specs (deneb/polynomial-commitments.md): e(C - [y], -G2) * e(proof, [tau - z]) = 1, here
 * as e(C - [y] + z*proof, -G2) * e(proof, [tau]) = 1, so that both points of G2 are constants. z and y are canonical.
 */
function verifyProof(commitment: Uint8Array, z: Uint8Array, y: Uint8Array, proof: Uint8Array): boolean {
  const v = prepare();
  const { curve } = v;
  const { exports } = curve.mcl;
  if (!curve.readCompressedG1(v.commitment, commitment) || !curve.readCompressedG1(v.proof, proof))
    return false;
  curve.readScalar(v.scalar, y, 0);
  exports.mclBnG1_mul(v.term, v.generator, v.scalar);
  exports.mclBnG1_sub(v.commitment, v.commitment, v.term);
  curve.readScalar(v.scalar, z, 0);
  exports.mclBnG1_mul(v.term, v.proof, v.scalar);
  exports.mclBnG1_add(v.commitment, v.commitment, v.term);
  const firstIsOne = exports.mclBnG1_isZero(v.commitment) === 1;
  const secondIsOne = exports.mclBnG1_isZero(v.proof) === 1;
  // A pairing with the point at infinity is one; the other one cannot be, since the constants have prime order.
  if (firstIsOne || secondIsOne) return firstIsOne && secondIsOne;
  exports.mclBnG1_normalize(v.commitment, v.commitment);
  exports.mclBn_precomputedMillerLoop2(v.pairing, v.commitment, v.negatedGeneratorLines, v.proof, v.tauLines);
  exports.mclBn_finalExp(v.pairing, v.pairing);
  return exports.mclBnGT_isOne(v.pairing) === 1;
}

/** 0x0a: versioned hash, z, y (32 bytes each), commitment, proof (48 bytes each). */
export const pointEvaluation: Precompile = {
  gas: () => 50_000n,
  run(input) {
    if (input.length !== INPUT_BYTES) return null;
    const z = input.subarray(32, 64);
    const y = input.subarray(64, 96);
    const commitment = input.subarray(96, 144);
    const proof = input.subarray(144, 192);
    const hash = createHash("sha256").update(commitment).digest();
    hash[0] = VERSIONED_HASH_VERSION_KZG;
    if (hash.compare(input, 0, 32) !== 0) return null;
    if (!isBelow(z, MODULUS_BYTES) || !isBelow(y, MODULUS_BYTES)) return null;
    return verifyProof(commitment, z, y, proof) ? new Uint8Array(OUTPUT) : null;
  },
};
