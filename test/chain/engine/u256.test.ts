// The EVM's 256-bit arithmetic against BigInt: every function, edge-heavy operands, every way in which the destination
// may be a source too.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { type Arithmetic, edgyWord, generator, loadArithmetic, MAX, TWO_256 } from "./support/arithmetic.ts";

const ROUNDS = 4000; // per operation, spread over its aliasings
const MIN_SIGNED = 1n << 255n;

const wrap = (x: bigint) => BigInt.asUintN(256, x);
const signed = (x: bigint) => BigInt.asIntN(256, x);

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = wrap(result * square);
    square = wrap(square * square);
  }
  return result;
}

/** Operations with a word as result, in the order of the EVM's stack operands. */
const operations: Record<string, (...x: bigint[]) => bigint> = {
  copy: (a) => a!,
  not: (a) => MAX - a!,
  clz: (a) => BigInt(256 - (a === 0n ? 0 : a!.toString(2).length)),
  add: (a, b) => wrap(a! + b!),
  sub: (a, b) => wrap(a! - b!),
  addCarry: (a, b) => wrap(a! + b!),
  subBorrow: (a, b) => wrap(a! - b!),
  mul: (a, b) => wrap(a! * b!),
  mulOverflows: (a, b) => wrap(a! * b!),
  div: (a, b) => (b === 0n ? 0n : a! / b!),
  mod: (a, b) => (b === 0n ? 0n : a! % b!),
  sdiv: (a, b) => (b === 0n ? 0n : wrap(signed(a!) / signed(b!))),
  smod: (a, b) => (b === 0n ? 0n : wrap(signed(a!) % signed(b!))),
  addmod: (a, b, m) => (m === 0n ? 0n : (a! + b!) % m!),
  mulmod: (a, b, m) => (m === 0n ? 0n : (a! * b!) % m!),
  exp: (a, b) => power(a!, b!),
  signextend: (k, x) => (k! > 30n ? x! : wrap(BigInt.asIntN(8 * Number(k) + 8, x!))),
  and: (a, b) => a! & b!,
  or: (a, b) => a! | b!,
  xor: (a, b) => a! ^ b!,
  byteAt: (i, x) => (i! > 31n ? 0n : (x! >> (248n - 8n * i!)) & 255n),
  shl: (n, x) => (n! > 255n ? 0n : wrap(x! << n!)),
  shr: (n, x) => (n! > 255n ? 0n : x! >> n!),
  sar: (n, x) => wrap(signed(x!) >> (n! > 255n ? 255n : n!)),
};

/** The yes or no that some of them return as well. */
const flags: Record<string, (a: bigint, b: bigint) => boolean> = {
  addCarry: (a, b) => a + b >= TWO_256,
  subBorrow: (a, b) => a < b,
  mulOverflows: (a, b) => a * b >= TWO_256,
};

/** Operations whose first operand is a position, and the number from which on it is out of range, with some to spare. */
const positions: Record<string, number> = { signextend: 34, byteAt: 34, shl: 260, shr: 260, sar: 260 };

const predicates: Record<string, (a: bigint, b: bigint) => boolean | number | bigint> = {
  isZero: (a) => a === 0n,
  fitsU64: (a) => a < 1n << 64n,
  low: (a) => BigInt.asUintN(64, a),
  saturate: (a) => (a < 1n << 64n ? a : (1n << 64n) - 1n),
  byteLength: (a) => (a === 0n ? 0 : Math.ceil(a.toString(2).length / 8)),
  eq: (a, b) => a === b,
  lt: (a, b) => a < b,
  gt: (a, b) => a > b,
  slt: (a, b) => signed(a) < signed(b),
  sgt: (a, b) => signed(a) > signed(b),
  cmp: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
};

let engine: Arithmetic;
before(async () => {
  engine = await loadArithmetic();
});

/** Which slot each operand lies in, -1 being the destination: none, one or several operands alias it or one another. */
function aliasings(operands: number): number[][] {
  if (operands === 1) return [[0], [-1]];
  if (operands === 2)
    return [
      [0, 1],
      [-1, 0],
      [0, -1],
      [-1, -1],
      [0, 0],
    ];
  return [
    [0, 1, 2],
    [-1, 0, 1],
    [0, -1, 1],
    [0, 1, -1],
    [-1, -1, 0],
    [0, -1, -1],
    [-1, -1, -1],
    [0, 0, 0],
  ];
}

function operand(name: string, index: number, next: () => number): bigint {
  const range = positions[name];
  if (index === 0 && range !== undefined && next() % 4 !== 0) return BigInt(next() % range);
  return edgyWord(next);
}

/** Runs one operation with its operands in place and checks the result, the flag and that no source was changed. */
function check(name: string, layout: number[], next: () => number, values?: bigint[]): void {
  const destination = engine.slot(8);
  const slots = layout.map((slot) => (slot < 0 ? destination : engine.slot(slot)));
  engine.write(destination, edgyWord(next));
  for (const [index, slot] of slots.entries())
    engine.write(slot, values?.[index] ?? operand(name, index, next));
  // One more way to be awkward: equal operands that are not the same memory.
  if (!values && slots.length > 1 && next() % 16 === 0) engine.write(slots[1]!, engine.read(slots[0]!));
  const operands = slots.map((slot) => engine.read(slot));

  const flag = engine.functions[name]!(destination, ...slots);
  const described = `${name}(${operands.map((x) => `0x${x.toString(16)}`).join(", ")}) in slots ${layout}`;
  assert.equal(engine.read(destination), operations[name]!(...operands), described);
  if (flags[name])
    assert.equal(Boolean(flag), flags[name](operands[0]!, operands[1]!), `${described}, overflow`);
  for (const [index, slot] of slots.entries())
    if (slot !== destination)
      assert.equal(engine.read(slot), operands[index], `${described} changed operand ${index}`);
}

describe("u256 operations agree with BigInt", () => {
  for (const [index, [name, reference]] of Object.entries(operations).entries())
    it(name, () => {
      const next = generator(index + 1);
      const layouts = aliasings(reference.length);
      for (let round = 0; round < ROUNDS; round++) check(name, layouts[round % layouts.length]!, next);
    });
});

describe("u256 predicates agree with BigInt", () => {
  for (const [index, [name, reference]] of Object.entries(predicates).entries())
    it(name, () => {
      const next = generator(1000 + index);
      for (let round = 0; round < ROUNDS; round++) {
        const a = edgyWord(next);
        const b = next() % 4 === 0 ? a : edgyWord(next);
        engine.write(engine.slot(0), a);
        engine.write(engine.slot(1), b);
        const result = engine.functions[name]!(engine.slot(0), engine.slot(1))!;
        const expected = reference(a, b);
        const actual =
          typeof expected === "boolean"
            ? Boolean(result)
            : typeof expected === "bigint"
              ? BigInt.asUintN(64, result as bigint)
              : result;
        assert.equal(actual, expected, `${name}(0x${a.toString(16)}, 0x${b.toString(16)})`);
      }
    });
});

describe("u256 corner cases of the Yellow Paper", () => {
  const next = generator(7);
  it("divides by zero to zero, and -2^255 by -1 to -2^255", () => {
    for (const name of ["div", "mod", "sdiv", "smod"]) check(name, [0, 1], next, [MAX, 0n]);
    check("sdiv", [0, 1], next, [MIN_SIGNED, MAX]);
    check("smod", [0, 1], next, [MIN_SIGNED, MAX]);
    check("smod", [0, 1], next, [wrap(-8n), wrap(-3n)]);
  });
  it("takes 0 to the power 0 as 1", () => check("exp", [0, 1], next, [0n, 0n]));
  it("shifts by 0, 63, 64, 128, 255, 256 and 2^64", () => {
    for (const name of ["shl", "shr", "sar"])
      for (const count of [0n, 1n, 63n, 64n, 65n, 127n, 128n, 191n, 192n, 255n, 256n, 1n << 64n, MAX])
        for (const x of [MAX, MIN_SIGNED, MIN_SIGNED - 1n, 1n]) check(name, [0, 1], next, [count, x]);
  });
});

describe("long division", () => {
  /** a = q * b + r with r at either end: what a digit estimate one too large or too small would break. */
  it("finds quotient and remainder where the remainder is 0, 1 or b - 1", () => {
    const next = generator(11);
    for (let round = 0; round < 20_000; round++) {
      const b = edgyWord(next) || 1n;
      const q = edgyWord(next) % (MAX / b + 1n);
      const r = [0n, 1n % b, b - 1n][next() % 3]!;
      const a = wrap(q * b + r);
      check("div", [0, 1], next, [a, b]);
      check("mod", [0, 1], next, [a, b]);
    }
  });
  it("gives back a divisor subtracted once too often (Knuth's step D6)", () => {
    const next = generator(12);
    // The lower limbs of the divisor all ones and of the dividend zero make the two-limb estimate too large.
    for (const upper of [1n << 127n, (1n << 128n) - 1n, (1n << 127n) + 1n, 3n << 126n])
      for (const below of [(1n << 128n) - 1n, (1n << 128n) - (1n << 64n), (1n << 64n) - 1n]) {
        const m = (upper << 128n) | below;
        for (let round = 0; round < 500; round++) {
          const a = edgyWord(next);
          check("mulmod", [0, 1, 2], next, [a, m & ~((1n << 128n) - 1n), m]);
          check("mulmod", [0, 1, 2], next, [m - 1n, m - 1n - BigInt(next() % 3), m]);
          check("mulmod", [0, 1, 2], next, [a, edgyWord(next), m >> 64n]);
        }
      }
  });
});

describe("u256 with 64-bit operands and bytes", () => {
  it("mulU64", () => {
    const next = generator(21);
    for (let round = 0; round < ROUNDS; round++) {
      const a = edgyWord(next);
      const b = BigInt.asUintN(64, edgyWord(next));
      const destination = engine.slot(round % 2);
      engine.write(engine.slot(0), a);
      engine.functions.mulU64!(destination, engine.slot(0), b);
      assert.equal(engine.read(destination), wrap(a * b), `mulU64(0x${a.toString(16)}, ${b})`);
    }
  });
  it("zero and setU64 clear the upper limbs", () => {
    engine.write(engine.slot(0), MAX);
    engine.functions.setU64!(engine.slot(0), (1n << 64n) - 2n);
    assert.equal(engine.read(engine.slot(0)), (1n << 64n) - 2n);
    engine.write(engine.slot(0), MAX);
    engine.functions.zero!(engine.slot(0));
    assert.equal(engine.read(engine.slot(0)), 0n);
  });
  it("loadBE and storeBE are inverse, at any address and in place", () => {
    const next = generator(22);
    for (let round = 0; round < ROUNDS; round++) {
      const x = edgyWord(next);
      const bytes = engine.free + (round % 9);
      engine.write(engine.slot(0), x);
      engine.functions.storeBE!(bytes, engine.slot(0));
      const hex = Buffer.from(engine.bytes.slice(bytes, bytes + 32)).toString("hex");
      assert.equal(hex, x.toString(16).padStart(64, "0"));
      engine.functions.loadBE!(engine.slot(1), bytes);
      assert.equal(engine.read(engine.slot(1)), x);
      engine.functions.storeBE!(engine.slot(0), engine.slot(0));
      engine.functions.loadBE!(engine.slot(0), engine.slot(0));
      assert.equal(engine.read(engine.slot(0)), x);
    }
  });
  it("loadBytes takes n bytes and no neighbour", () => {
    const next = generator(23);
    for (let round = 0; round < ROUNDS; round++) {
      const n = round % 33;
      const source = engine.free + 16 + (next() % 8);
      for (let i = engine.free; i < engine.free + 64; i++) engine.bytes[i] = next() & 255;
      engine.functions.loadBytes!(engine.slot(0), source, n);
      const hex = Buffer.from(engine.bytes.slice(source, source + n)).toString("hex");
      assert.equal(engine.read(engine.slot(0)), BigInt(`0x0${hex}`), `${n} bytes ${hex}`);
    }
  });
});
