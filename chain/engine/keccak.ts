// Keccak-256 as Ethereum uses it: the Keccak submission's padding (0x01), rate 136 bytes, not FIPS 202's SHA3-256.
// It knows bytes in linear memory only. The sponge's state lives in the second KiB of the instance's scratch.

import { scratch } from "./instance";
import { loadBE } from "./u256";

const STATE: usize = 1024; // 25 lanes of u64, offset from `scratch`
const STATE_SIZE: usize = 200;
const RATE: u32 = 136; // bytes absorbed per permutation

const ROUND_CONSTANTS: usize = memory.data<u64>([
  0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
  0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
  0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
  0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
  0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
  0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
]);

/** Writes the 32 raw bytes of keccak256 of the `len` bytes at `src` to `dst`, which may overlap `src`. */
export function keccak256(dst: usize, src: usize, len: u32): void {
  const digest = sponge(src, len);
  v128.store(dst, v128.load(digest));
  v128.store(dst, v128.load(digest, 16), 16);
}

/** The same digest as a word, read as a big-endian number; `dst` is 8-aligned. */
export function keccak256Word(dst: usize, src: usize, len: u32): void {
  loadBE(dst, sponge(src, len));
}

/** Absorbs the input and returns the address of the digest's 32 bytes, valid until the next hash. */
function sponge(src: usize, len: u32): usize {
  const state = scratch + STATE;
  clear(state);
  while (len >= RATE) {
    for (let i: usize = 0; i < RATE; i += 8) absorb(state + i, load<u64>(src + i));
    permute(state);
    src += RATE;
    len -= RATE;
  }
  let lane = state;
  while (len >= 8) {
    absorb(lane, load<u64>(src));
    lane += 8;
    src += 8;
    len -= 8;
  }
  let last: u64 = 0x01 << (<u64>len << 3); // padding follows the last byte
  for (let i: u32 = 0; i < len; i++) last |= <u64>load<u8>(src + i) << (<u64>i << 3);
  absorb(lane, last);
  absorb(state + RATE - 8, 0x8000000000000000);
  permute(state);
  return state;
}

@inline
function absorb(lane: usize, input: u64): void {
  store<u64>(lane, load<u64>(lane) ^ input);
}

function clear(state: usize): void {
  for (let i: usize = 0; i < STATE_SIZE; i += 8) store<u64>(state + i, 0);
}

/**
 * Keccak-f[1600] in place. Lane (x, y) of the reference is a<x><y>, 8 * (x + 5 * y) bytes from `state`. All lanes are locals;
 * two rounds per turn, from a to e and back, so that no lane has to be moved.
 */
function permute(state: usize): void {
  let a00 = load<u64>(state);
  let a10 = load<u64>(state, 8);
  let a20 = load<u64>(state, 16);
  let a30 = load<u64>(state, 24);
  let a40 = load<u64>(state, 32);
  let a01 = load<u64>(state, 40);
  let a11 = load<u64>(state, 48);
  let a21 = load<u64>(state, 56);
  let a31 = load<u64>(state, 64);
  let a41 = load<u64>(state, 72);
  let a02 = load<u64>(state, 80);
  let a12 = load<u64>(state, 88);
  let a22 = load<u64>(state, 96);
  let a32 = load<u64>(state, 104);
  let a42 = load<u64>(state, 112);
  let a03 = load<u64>(state, 120);
  let a13 = load<u64>(state, 128);
  let a23 = load<u64>(state, 136);
  let a33 = load<u64>(state, 144);
  let a43 = load<u64>(state, 152);
  let a04 = load<u64>(state, 160);
  let a14 = load<u64>(state, 168);
  let a24 = load<u64>(state, 176);
  let a34 = load<u64>(state, 184);
  let a44 = load<u64>(state, 192);
  let e00: u64 = 0, e10: u64 = 0, e20: u64 = 0, e30: u64 = 0, e40: u64 = 0;
  let e01: u64 = 0, e11: u64 = 0, e21: u64 = 0, e31: u64 = 0, e41: u64 = 0;
  let e02: u64 = 0, e12: u64 = 0, e22: u64 = 0, e32: u64 = 0, e42: u64 = 0;
  let e03: u64 = 0, e13: u64 = 0, e23: u64 = 0, e33: u64 = 0, e43: u64 = 0;
  let e04: u64 = 0, e14: u64 = 0, e24: u64 = 0, e34: u64 = 0, e44: u64 = 0;
  let b0: u64 = 0, b1: u64 = 0, b2: u64 = 0, b3: u64 = 0, b4: u64 = 0;
  let c0: u64 = 0, c1: u64 = 0, c2: u64 = 0, c3: u64 = 0, c4: u64 = 0;
  let d0: u64 = 0, d1: u64 = 0, d2: u64 = 0, d3: u64 = 0, d4: u64 = 0;
  for (let round: usize = 0; round < 24 << 3; round += 16) {
    c0 = a00 ^ a01 ^ a02 ^ a03 ^ a04;
    c1 = a10 ^ a11 ^ a12 ^ a13 ^ a14;
    c2 = a20 ^ a21 ^ a22 ^ a23 ^ a24;
    c3 = a30 ^ a31 ^ a32 ^ a33 ^ a34;
    c4 = a40 ^ a41 ^ a42 ^ a43 ^ a44;
    d0 = c4 ^ rotl<u64>(c1, 1);
    d1 = c0 ^ rotl<u64>(c2, 1);
    d2 = c1 ^ rotl<u64>(c3, 1);
    d3 = c2 ^ rotl<u64>(c4, 1);
    d4 = c3 ^ rotl<u64>(c0, 1);
    b0 = a00 ^ d0;
    b1 = rotl<u64>(a11 ^ d1, 44);
    b2 = rotl<u64>(a22 ^ d2, 43);
    b3 = rotl<u64>(a33 ^ d3, 21);
    b4 = rotl<u64>(a44 ^ d4, 14);
    e00 = b0 ^ (~b1 & b2) ^ load<u64>(ROUND_CONSTANTS + round);
    e10 = b1 ^ (~b2 & b3);
    e20 = b2 ^ (~b3 & b4);
    e30 = b3 ^ (~b4 & b0);
    e40 = b4 ^ (~b0 & b1);
    b0 = rotl<u64>(a30 ^ d3, 28);
    b1 = rotl<u64>(a41 ^ d4, 20);
    b2 = rotl<u64>(a02 ^ d0, 3);
    b3 = rotl<u64>(a13 ^ d1, 45);
    b4 = rotl<u64>(a24 ^ d2, 61);
    e01 = b0 ^ (~b1 & b2);
    e11 = b1 ^ (~b2 & b3);
    e21 = b2 ^ (~b3 & b4);
    e31 = b3 ^ (~b4 & b0);
    e41 = b4 ^ (~b0 & b1);
    b0 = rotl<u64>(a10 ^ d1, 1);
    b1 = rotl<u64>(a21 ^ d2, 6);
    b2 = rotl<u64>(a32 ^ d3, 25);
    b3 = rotl<u64>(a43 ^ d4, 8);
    b4 = rotl<u64>(a04 ^ d0, 18);
    e02 = b0 ^ (~b1 & b2);
    e12 = b1 ^ (~b2 & b3);
    e22 = b2 ^ (~b3 & b4);
    e32 = b3 ^ (~b4 & b0);
    e42 = b4 ^ (~b0 & b1);
    b0 = rotl<u64>(a40 ^ d4, 27);
    b1 = rotl<u64>(a01 ^ d0, 36);
    b2 = rotl<u64>(a12 ^ d1, 10);
    b3 = rotl<u64>(a23 ^ d2, 15);
    b4 = rotl<u64>(a34 ^ d3, 56);
    e03 = b0 ^ (~b1 & b2);
    e13 = b1 ^ (~b2 & b3);
    e23 = b2 ^ (~b3 & b4);
    e33 = b3 ^ (~b4 & b0);
    e43 = b4 ^ (~b0 & b1);
    b0 = rotl<u64>(a20 ^ d2, 62);
    b1 = rotl<u64>(a31 ^ d3, 55);
    b2 = rotl<u64>(a42 ^ d4, 39);
    b3 = rotl<u64>(a03 ^ d0, 41);
    b4 = rotl<u64>(a14 ^ d1, 2);
    e04 = b0 ^ (~b1 & b2);
    e14 = b1 ^ (~b2 & b3);
    e24 = b2 ^ (~b3 & b4);
    e34 = b3 ^ (~b4 & b0);
    e44 = b4 ^ (~b0 & b1);

    c0 = e00 ^ e01 ^ e02 ^ e03 ^ e04;
    c1 = e10 ^ e11 ^ e12 ^ e13 ^ e14;
    c2 = e20 ^ e21 ^ e22 ^ e23 ^ e24;
    c3 = e30 ^ e31 ^ e32 ^ e33 ^ e34;
    c4 = e40 ^ e41 ^ e42 ^ e43 ^ e44;
    d0 = c4 ^ rotl<u64>(c1, 1);
    d1 = c0 ^ rotl<u64>(c2, 1);
    d2 = c1 ^ rotl<u64>(c3, 1);
    d3 = c2 ^ rotl<u64>(c4, 1);
    d4 = c3 ^ rotl<u64>(c0, 1);
    b0 = e00 ^ d0;
    b1 = rotl<u64>(e11 ^ d1, 44);
    b2 = rotl<u64>(e22 ^ d2, 43);
    b3 = rotl<u64>(e33 ^ d3, 21);
    b4 = rotl<u64>(e44 ^ d4, 14);
    a00 = b0 ^ (~b1 & b2) ^ load<u64>(ROUND_CONSTANTS + round, 8);
    a10 = b1 ^ (~b2 & b3);
    a20 = b2 ^ (~b3 & b4);
    a30 = b3 ^ (~b4 & b0);
    a40 = b4 ^ (~b0 & b1);
    b0 = rotl<u64>(e30 ^ d3, 28);
    b1 = rotl<u64>(e41 ^ d4, 20);
    b2 = rotl<u64>(e02 ^ d0, 3);
    b3 = rotl<u64>(e13 ^ d1, 45);
    b4 = rotl<u64>(e24 ^ d2, 61);
    a01 = b0 ^ (~b1 & b2);
    a11 = b1 ^ (~b2 & b3);
    a21 = b2 ^ (~b3 & b4);
    a31 = b3 ^ (~b4 & b0);
    a41 = b4 ^ (~b0 & b1);
    b0 = rotl<u64>(e10 ^ d1, 1);
    b1 = rotl<u64>(e21 ^ d2, 6);
    b2 = rotl<u64>(e32 ^ d3, 25);
    b3 = rotl<u64>(e43 ^ d4, 8);
    b4 = rotl<u64>(e04 ^ d0, 18);
    a02 = b0 ^ (~b1 & b2);
    a12 = b1 ^ (~b2 & b3);
    a22 = b2 ^ (~b3 & b4);
    a32 = b3 ^ (~b4 & b0);
    a42 = b4 ^ (~b0 & b1);
    b0 = rotl<u64>(e40 ^ d4, 27);
    b1 = rotl<u64>(e01 ^ d0, 36);
    b2 = rotl<u64>(e12 ^ d1, 10);
    b3 = rotl<u64>(e23 ^ d2, 15);
    b4 = rotl<u64>(e34 ^ d3, 56);
    a03 = b0 ^ (~b1 & b2);
    a13 = b1 ^ (~b2 & b3);
    a23 = b2 ^ (~b3 & b4);
    a33 = b3 ^ (~b4 & b0);
    a43 = b4 ^ (~b0 & b1);
    b0 = rotl<u64>(e20 ^ d2, 62);
    b1 = rotl<u64>(e31 ^ d3, 55);
    b2 = rotl<u64>(e42 ^ d4, 39);
    b3 = rotl<u64>(e03 ^ d0, 41);
    b4 = rotl<u64>(e14 ^ d1, 2);
    a04 = b0 ^ (~b1 & b2);
    a14 = b1 ^ (~b2 & b3);
    a24 = b2 ^ (~b3 & b4);
    a34 = b3 ^ (~b4 & b0);
    a44 = b4 ^ (~b0 & b1);
  }
  store<u64>(state, a00);
  store<u64>(state, a10, 8);
  store<u64>(state, a20, 16);
  store<u64>(state, a30, 24);
  store<u64>(state, a40, 32);
  store<u64>(state, a01, 40);
  store<u64>(state, a11, 48);
  store<u64>(state, a21, 56);
  store<u64>(state, a31, 64);
  store<u64>(state, a41, 72);
  store<u64>(state, a02, 80);
  store<u64>(state, a12, 88);
  store<u64>(state, a22, 96);
  store<u64>(state, a32, 104);
  store<u64>(state, a42, 112);
  store<u64>(state, a03, 120);
  store<u64>(state, a13, 128);
  store<u64>(state, a23, 136);
  store<u64>(state, a33, 144);
  store<u64>(state, a43, 152);
  store<u64>(state, a04, 160);
  store<u64>(state, a14, 168);
  store<u64>(state, a24, 176);
  store<u64>(state, a34, 184);
  store<u64>(state, a44, 192);
}
