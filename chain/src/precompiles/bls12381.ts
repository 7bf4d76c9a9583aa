// The seven precompiles of EIP-2537 on BLS12-381: addition, multi-scalar multiplication, pairing check, maps to the curve.
// Knows nothing of the dispatcher.

import { booleanWord, toBytes } from "./bytes.ts";
import { MCL_BLS12_381 } from "./mcl.ts";
import { PairingCurve } from "./pairing-curve.ts";
import type { Precompile } from "./types.ts";

/** The field's modulus (EIP-2537, "Curve parameters"). */
const MODULUS =
  0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;

const G1_BYTES = 128;
const G2_BYTES = 256;
const PAIR_BYTES = G1_BYTES + G2_BYTES;
const G1_RECORD_BYTES = G1_BYTES + 32;
const G2_RECORD_BYTES = G2_BYTES + 32;

const G1_MULTIPLICATION_GAS = 12_000n;
const G2_MULTIPLICATION_GAS = 22_500n;

/** EIP-2537, "G1/G2 MSM": thousandths of the single price, for 1, 2, ... 128 points; the last holds beyond. */
const G1_DISCOUNTS = [
  1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677, 673, 669, 665, 661, 658,
  654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627, 625, 623, 621, 619, 617, 615, 613, 611, 609, 608,
  606, 604, 603, 601, 599, 598, 596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577,
  576, 575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559, 558, 557, 556, 555,
  554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545, 544, 543, 542, 541, 540, 540, 539, 538, 537, 536,
  536, 535, 534, 533, 532, 532, 531, 530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520,
  520, 519,
];
const G2_DISCOUNTS = [
  1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717, 711, 704, 699, 693, 688,
  683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646, 643, 640, 637, 634, 632, 629, 627, 624, 622, 620,
  618, 615, 613, 611, 609, 607, 606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583,
  582, 580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562, 561, 560, 559, 558,
  557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548, 547, 546, 545, 545, 544, 543, 542, 541, 541, 540,
  539, 538, 537, 537, 536, 535, 535, 534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525,
  524, 524,
];

let instance: PairingCurve | undefined;

/** The thread's instance of the curve, shared with point evaluation. */
export function bls12381(): PairingCurve {
  instance ??= new PairingCurve({
    mclCurve: MCL_BLS12_381,
    fieldBytes: 48,
    encodedBytes: 64,
    imaginaryFirst: false,
    modulus: toBytes(MODULUS, 48),
  });
  return instance;
}

/** Price of a multi-scalar multiplication of k points: k * multiplication * discount / 1000, rounded down. */
function sumGas(k: number, multiplication: bigint, discounts: readonly number[]): bigint {
  if (k === 0) return 0n;
  const discount = discounts[Math.min(k, discounts.length) - 1]!;
  return (BigInt(k) * multiplication * BigInt(discount)) / 1000n;
}

/** A precompile that takes exactly `length` bytes. */
function fixed(gas: bigint, length: number, run: (input: Uint8Array) => Uint8Array | null): Precompile {
  return { gas: () => gas, run: (input) => (input.length === length ? run(input) : null) };
}

/** Is the input one or more whole records? An empty one is an error (EIP-2537, "Behavior on empty inputs"). */
function isRecords(input: Uint8Array, record: number): boolean {
  return input.length > 0 && input.length % record === 0;
}

/** 0x0b. Points need not be in the subgroup. */
export const g1Add = fixed(375n, 2 * G1_BYTES, (input) => bls12381().addG1(input));

/** 0x0c. */
export const g1Msm: Precompile = {
  gas: (input) => sumGas(Math.floor(input.length / G1_RECORD_BYTES), G1_MULTIPLICATION_GAS, G1_DISCOUNTS),
  run: (input) => (isRecords(input, G1_RECORD_BYTES) ? bls12381().sumG1(input) : null),
};

/** 0x0d. Points need not be in the subgroup. */
export const g2Add = fixed(600n, 2 * G2_BYTES, (input) => bls12381().addG2(input));

/** 0x0e. */
export const g2Msm: Precompile = {
  gas: (input) => sumGas(Math.floor(input.length / G2_RECORD_BYTES), G2_MULTIPLICATION_GAS, G2_DISCOUNTS),
  run: (input) => (isRecords(input, G2_RECORD_BYTES) ? bls12381().sumG2(input) : null),
};

/** 0x0f. */
export const pairing: Precompile = {
  gas: (input) => 37_700n + 32_600n * BigInt(Math.floor(input.length / PAIR_BYTES)),
  run(input) {
    if (!isRecords(input, PAIR_BYTES)) return null;
    const isOne = bls12381().pairingCheck(input);
    return isOne === null ? null : booleanWord(isOne);
  },
};

/** 0x10. */
export const mapFpToG1 = fixed(5500n, 64, (input) => bls12381().mapToG1(input));

/** 0x11. */
export const mapFp2ToG2 = fixed(23_800n, 128, (input) => bls12381().mapToG2(input));
