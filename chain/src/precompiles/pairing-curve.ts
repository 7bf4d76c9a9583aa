// A pairing-friendly curve as the precompiles see it: points in the encodings of EIP-196, EIP-197 and EIP-2537 in and out,
// addition, multi-scalar multiplication, pairing check. Knows nothing of gas and of which precompile asks.

import { isBelow, isZero } from "./bytes.ts";
import { FP_SIZE, FR_SIZE, G1_SIZE, G2_SIZE, GT_SIZE, MclInstance, type Pointer } from "./mcl.ts";

export interface CurveParameters {
  /** mcl's number of the curve. */
  mclCurve: number;
  /** Bytes of a field element proper. */
  fieldBytes: number;
  /** Bytes of its encoding: zeros in front, then the big-endian number. */
  encodedBytes: number;
  /** EIP-197 writes an element of the quadratic extension as (imaginary, real), EIP-2537 as (real, imaginary). */
  imaginaryFirst: boolean;
  /** The field's modulus, big-endian, `fieldBytes` long. */
  modulus: Uint8Array;
}

/** What an encoding holds: a point of the curve proper, the point at infinity, or neither. */
type Reading = "point" | "infinity" | "invalid";

/** One of the curve's two groups. Operations are mcl's. */
interface Group {
  /** Bytes of a point in mcl's memory. */
  size: number;
  /** Bytes of its encoding. */
  encodedBytes: number;
  /** Room for two points. */
  scratch: Pointer;
  read(target: Pointer, input: Uint8Array, offset: number): Reading;
  write(point: Pointer): Uint8Array;
  clear(x: Pointer): void;
  isValidOrder(x: Pointer): number;
  add(z: Pointer, x: Pointer, y: Pointer): void;
  mul(z: Pointer, x: Pointer, scalar: Pointer): void;
  mulVec(z: Pointer, x: Pointer, scalars: Pointer, n: number): void;
}

/** Points handled in one call into mcl; bounds the scratch memory, and sums over chunks are exact. */
const CHUNK = 1024;
const PAIRING_CHUNK = 64;

/** MCL_MAP_TO_MODE_HASH_TO_CURVE_07: the simplified SWU map of RFC 9380 with its isogeny and cofactor clearing. */
const MAP_TO_CURVE_RFC9380 = 5;

export class PairingCurve {
  readonly mcl: MclInstance;
  private readonly parameters: CurveParameters;
  private readonly g1: Group;
  private readonly g2: Group;
  private readonly io: Pointer;
  private readonly points: Pointer;
  private readonly scalars: Pointer;
  private readonly left: Pointer;
  private readonly right: Pointer;
  private readonly product: Pointer;
  private readonly factor: Pointer;

  constructor(parameters: CurveParameters) {
    this.parameters = parameters;
    this.mcl = new MclInstance(parameters.mclCurve);
    const { exports } = this.mcl;
    // isValid then says "on the curve" alone; the subgroup is asked for where an EIP demands it.
    exports.mclBn_verifyOrderG1(0);
    exports.mclBn_verifyOrderG2(0);
    this.io = this.mcl.allocate(2 * FP_SIZE);
    this.points = this.mcl.allocate(CHUNK * G2_SIZE);
    this.scalars = this.mcl.allocate(CHUNK * FR_SIZE);
    this.left = this.mcl.allocate(PAIRING_CHUNK * G1_SIZE);
    this.right = this.mcl.allocate(PAIRING_CHUNK * G2_SIZE);
    this.product = this.mcl.allocate(GT_SIZE);
    this.factor = this.mcl.allocate(GT_SIZE);
    this.g1 = {
      size: G1_SIZE,
      encodedBytes: 2 * parameters.encodedBytes,
      scratch: this.left,
      read: (target, input, offset) => this.readG1(target, input, offset),
      write: (point) => this.writeG1(point),
      clear: exports.mclBnG1_clear,
      isValidOrder: exports.mclBnG1_isValidOrder,
      add: exports.mclBnG1_add,
      mul: exports.mclBnG1_mul,
      mulVec: exports.mclBnG1_mulVec,
    };
    this.g2 = {
      size: G2_SIZE,
      encodedBytes: 4 * parameters.encodedBytes,
      scratch: this.right,
      read: (target, input, offset) => this.readG2(target, input, offset),
      write: (point) => this.writeG2(point),
      clear: exports.mclBnG2_clear,
      isValidOrder: exports.mclBnG2_isValidOrder,
      add: exports.mclBnG2_add,
      mul: exports.mclBnG2_mul,
      mulVec: exports.mclBnG2_mulVec,
    };
  }

  /** The sum of two points of G1 anywhere on the curve; null where either is invalid. */
  addG1(input: Uint8Array): Uint8Array | null {
    return this.add(this.g1, input);
  }

  /** The sum of two points of G2 anywhere on the twist; null where either is invalid. */
  addG2(input: Uint8Array): Uint8Array | null {
    return this.add(this.g2, input);
  }

  /** Sum of scalar * point over (point, 32-byte scalar) records in G1; null where a point is not in the subgroup. */
  sumG1(input: Uint8Array): Uint8Array | null {
    return this.sum(this.g1, input);
  }

  /** As sumG1, in G2. */
  sumG2(input: Uint8Array): Uint8Array | null {
    return this.sum(this.g2, input);
  }

  private add(group: Group, input: Uint8Array): Uint8Array | null {
    const a = group.scratch;
    const b = a + group.size;
    if (group.read(a, input, 0) === "invalid" || group.read(b, input, group.encodedBytes) === "invalid")
      return null;
    group.add(a, a, b);
    return group.write(a);
  }

  private sum(group: Group, input: Uint8Array): Uint8Array | null {
    const { points, scalars } = this;
    const record = group.encodedBytes + 32;
    const total = group.scratch;
    const partial = total + group.size;
    group.clear(total);
    let n = 0;
    for (let offset = 0; offset < input.length; offset += record) {
      const point = points + n * group.size;
      const reading = group.read(point, input, offset);
      if (reading === "invalid") return null;
      if (reading === "point") {
        if (group.isValidOrder(point) !== 1) return null;
        this.readScalar(scalars + n * FR_SIZE, input, offset + group.encodedBytes);
        n++;
      }
      if (n === CHUNK || (n > 0 && offset + record === input.length)) {
        if (n === 1) group.mul(partial, points, scalars);
        else group.mulVec(partial, points, scalars, n);
        group.add(total, total, partial);
        n = 0;
      }
    }
    return group.write(total);
  }

  /**
   * Is the product of e(P_i, Q_i) over (G1, G2) records one? A pair with a point at infinity counts as one. Null where a
   * point is invalid or outside its prime-order subgroup.
   */
  pairingCheck(input: Uint8Array): boolean | null {
    const { exports } = this.mcl;
    const { left, right, product, factor } = this;
    const record = this.g1.encodedBytes + this.g2.encodedBytes;
    let n = 0;
    let any = false;
    for (let offset = 0; offset < input.length; offset += record) {
      const p = left + n * G1_SIZE;
      const q = right + n * G2_SIZE;
      const first = this.readG1(p, input, offset);
      if (first === "invalid") return null;
      const second = this.readG2(q, input, offset + this.g1.encodedBytes);
      if (second === "invalid") return null;
      if (first === "point" && exports.mclBnG1_isValidOrder(p) !== 1) return null;
      if (second === "point" && exports.mclBnG2_isValidOrder(q) !== 1) return null;
      if (first === "point" && second === "point") n++;
      if (n === PAIRING_CHUNK || (n > 0 && offset + record === input.length)) {
        exports.mclBn_millerLoopVec(any ? factor : product, left, right, n);
        if (any) exports.mclBnGT_mul(product, product, factor);
        any = true;
        n = 0;
      }
    }
    if (!any) return true;
    exports.mclBn_finalExp(product, product);
    return exports.mclBnGT_isOne(product) === 1;
  }

  /** Maps a field element to G1 (RFC 9380, no hashing); null where it is not in the field. BLS12-381 only. */
  mapToG1(input: Uint8Array): Uint8Array | null {
    const { exports } = this.mcl;
    if (!this.readField(this.points, input, 0)) return null;
    exports.mclBn_setMapToMode(MAP_TO_CURVE_RFC9380);
    exports.mclBnFp_mapToG1(this.left, this.points);
    return this.writeG1(this.left);
  }

  /** Maps an element of the quadratic extension to G2 (RFC 9380, no hashing); null where it is not in the field. */
  mapToG2(input: Uint8Array): Uint8Array | null {
    const { exports } = this.mcl;
    if (!this.readField2(this.points, input, 0)) return null;
    exports.mclBn_setMapToMode(MAP_TO_CURVE_RFC9380);
    exports.mclBnFp2_mapToG2(this.right, this.points);
    return this.writeG2(this.right);
  }

  /**
   * Reads a point of G1 in the 48-byte compressed form of BLS12-381 (ZCash, IETF), canonical encodings alone, and checks
   * its subgroup. The point at infinity is accepted.
   */
  readCompressedG1(target: Pointer, compressed: Uint8Array): boolean {
    const { exports } = this.mcl;
    const { io } = this;
    this.mcl.bytes.set(compressed, io);
    exports.mclBn_setETHserialization(1);
    const read = exports.mclBnG1_deserialize(target, io, compressed.length);
    const written = read === 0 ? 0 : exports.mclBnG1_serialize(io, 2 * FP_SIZE, target);
    exports.mclBn_setETHserialization(0);
    if (read !== compressed.length || written !== compressed.length) return false;
    // mcl may be lenient about flags and ranges: an encoding is canonical when it is what mcl itself would write.
    const { bytes } = this.mcl;
    for (let i = 0; i < written; i++) if (bytes[io + i] !== compressed[i]) return false;
    return exports.mclBnG1_isZero(target) === 1 || exports.mclBnG1_isValidOrder(target) === 1;
  }

  /** As readCompressedG1 for a 96-byte point of G2 that is known to be valid: a constant of the protocol. */
  readTrustedG2(target: Pointer, compressed: Uint8Array): void {
    const { exports } = this.mcl;
    const { io } = this;
    this.mcl.bytes.set(compressed, io);
    exports.mclBn_setETHserialization(1);
    const read = exports.mclBnG2_deserialize(target, io, compressed.length);
    exports.mclBn_setETHserialization(0);
    if (read !== compressed.length) throw new Error("a constant G2 point does not decode");
  }

  private readG1(target: Pointer, input: Uint8Array, offset: number): Reading {
    const { exports } = this.mcl;
    const { encodedBytes } = this.parameters;
    if (isZero(input, offset, offset + this.g1.encodedBytes)) {
      exports.mclBnG1_clear(target);
      return "infinity";
    }
    if (
      !this.readField(target, input, offset) ||
      !this.readField(target + FP_SIZE, input, offset + encodedBytes)
    ) {
      return "invalid";
    }
    exports.mclBnFp_setInt32(target + 2 * FP_SIZE, 1);
    return exports.mclBnG1_isValid(target) === 1 ? "point" : "invalid";
  }

  private readG2(target: Pointer, input: Uint8Array, offset: number): Reading {
    const { exports } = this.mcl;
    const { encodedBytes } = this.parameters;
    if (isZero(input, offset, offset + this.g2.encodedBytes)) {
      exports.mclBnG2_clear(target);
      return "infinity";
    }
    if (
      !this.readField2(target, input, offset) ||
      !this.readField2(target + 2 * FP_SIZE, input, offset + 2 * encodedBytes)
    ) {
      return "invalid";
    }
    exports.mclBnFp_setInt32(target + 4 * FP_SIZE, 1);
    exports.mclBnFp_clear(target + 5 * FP_SIZE);
    return exports.mclBnG2_isValid(target) === 1 ? "point" : "invalid";
  }

  /** Reads a 32-byte big-endian number modulo the order of the prime-order subgroups. */
  readScalar(target: Pointer, input: Uint8Array, offset: number): void {
    this.mcl.bytes.set(input.subarray(offset, offset + 32), this.io);
    this.mcl.exports.mclBnFr_setBigEndianMod(target, this.io, 32);
  }

  /** Encodes a point of G1; normalises it in place. */
  private writeG1(point: Pointer): Uint8Array {
    const { exports } = this.mcl;
    const output = new Uint8Array(this.g1.encodedBytes);
    if (exports.mclBnG1_isZero(point) === 1) return output;
    exports.mclBnG1_normalize(point, point);
    this.writeField(output, 0, point);
    this.writeField(output, this.parameters.encodedBytes, point + FP_SIZE);
    return output;
  }

  /** Encodes a point of G2; normalises it in place. */
  private writeG2(point: Pointer): Uint8Array {
    const { exports } = this.mcl;
    const { encodedBytes, imaginaryFirst } = this.parameters;
    const output = new Uint8Array(this.g2.encodedBytes);
    if (exports.mclBnG2_isZero(point) === 1) return output;
    exports.mclBnG2_normalize(point, point);
    for (let i = 0; i < 4; i++) {
      const slot = imaginaryFirst ? i ^ 1 : i;
      this.writeField(output, slot * encodedBytes, point + i * FP_SIZE);
    }
    return output;
  }

  /** False unless the encoding is zero-padded and its number below the modulus. */
  private readField(target: Pointer, input: Uint8Array, offset: number): boolean {
    const { fieldBytes, encodedBytes, modulus } = this.parameters;
    const start = offset + encodedBytes - fieldBytes;
    if (!isZero(input, offset, start)) return false;
    const element = input.subarray(start, start + fieldBytes);
    if (!isBelow(element, modulus)) return false;
    this.mcl.bytes.set(element, this.io);
    this.mcl.exports.mclBnFp_setBigEndianMod(target, this.io, fieldBytes);
    return true;
  }

  private readField2(target: Pointer, input: Uint8Array, offset: number): boolean {
    const { encodedBytes, imaginaryFirst } = this.parameters;
    const real = imaginaryFirst ? offset + encodedBytes : offset;
    const imaginary = imaginaryFirst ? offset : offset + encodedBytes;
    return this.readField(target, input, real) && this.readField(target + FP_SIZE, input, imaginary);
  }

  private writeField(output: Uint8Array, offset: number, element: Pointer): void {
    const { fieldBytes, encodedBytes } = this.parameters;
    this.mcl.exports.mclBnFp_serialize(this.io, 2 * FP_SIZE, element);
    const { bytes } = this.mcl;
    // mcl writes little-endian.
    for (let i = 0; i < fieldBytes; i++) output[offset + encodedBytes - 1 - i] = bytes[this.io + i]!;
  }
}
