// The memory of a call frame: what a range costs, its growth in the arena, and copies that read zeros past their source.
// It knows no opcode. Ranges are words from the stack, so anything; a range that was paid for fits 32 bits.

import { memoryEnd } from "./arena";
import { FRAME_MEMORY, FRAME_MEMORY_SIZE } from "./frame";
import { end, ENDED, memoryGas, wordsOf } from "./gas";
import { HALT_OUT_OF_GAS, STOPPED_ARENA } from "./layout";
import { loadBE, saturate, zero } from "./u256";

/** Offsets and lengths past this are out of gas whatever the limit: their memory would not fit linear memory. */
const LARGEST: u64 = 0xffffffe0;

/**
 * Makes sure that `length` bytes from `offset` exist in the frame's memory. Returns the gas left of `gas`, or ENDED.
 */
@inline
export function useBytes(frame: usize, gas: u64, offset: u64, length: u64): u64 {
  const size = <u64>load<u32>(frame, FRAME_MEMORY_SIZE);
  // The first comparison also excludes that the sum wraps.
  return offset < size && offset + length <= size ? gas : grow(frame, gas, offset, length);
}

/**
 * The same for the range that two words on the stack name, charging `perWord` gas for each word of the length too. An empty
 * range uses no memory wherever it lies.
 */
export function useRange(frame: usize, gas: u64, offset: usize, length: usize, perWord: u64): u64 {
  const bytes = saturate(length);
  if (bytes == 0) return gas;
  if (bytes > LARGEST) return end(HALT_OUT_OF_GAS);
  const cost = perWord * wordsOf(bytes);
  if (gas < cost) return end(HALT_OUT_OF_GAS);
  return useBytes(frame, gas - cost, saturate(offset), bytes);
}

/** Address of the byte `offset` (a word that useRange accepted with a length other than zero) of the frame's memory. */
@inline
export function addressOf(frame: usize, offset: usize): usize {
  return load<u32>(frame, FRAME_MEMORY) + load<u32>(offset);
}

function grow(frame: usize, gas: u64, offset: u64, length: u64): u64 {
  if (offset > LARGEST || offset + length > LARGEST) return end(HALT_OUT_OF_GAS);
  const size = <u64>load<u32>(frame, FRAME_MEMORY_SIZE);
  const needed = wordsOf(offset + length) << 5;
  if (needed <= size) return gas;
  const cost = memoryGas(needed) - memoryGas(size);
  if (gas < cost) return end(HALT_OUT_OF_GAS);
  const start = load<u32>(frame, FRAME_MEMORY);
  if (<u64>start + needed > <u64>memoryEnd) return end(STOPPED_ARENA);

  const fresh = <usize>start + <usize>size;
  const stop = <usize>start + <usize>needed;
  if (stop - fresh <= 256) {
    // A few stores take less time than a call out of the module.
    for (let p = fresh; p < stop; p += 32) zero(p);
  } else {
    memory.fill(fresh, 0, stop - fresh);
  }
  store<u32>(frame, <u32>needed, FRAME_MEMORY_SIZE);
  return gas - cost;
}

/** Copies `size` bytes that begin `offset` bytes into the `length` bytes at `src`; what lies behind those reads as zero. */
export function copyPadded(dst: usize, src: usize, length: u32, offset: u64, size: u32): void {
  const there = offset < length ? min<u32>(length - <u32>offset, size) : 0;
  if (there != 0) memory.copy(dst, src + <usize>offset, there);
  if (there != size) memory.fill(dst + there, 0, size - there);
}

/** Loads the 32 bytes that begin `offset` bytes into the `length` bytes at `src` as a word, likewise. */
export function loadPadded(dst: usize, src: usize, length: u32, offset: u64): void {
  if (offset >= length) {
    zero(dst);
    return;
  }
  const from = src + <usize>offset;
  const there = length - <u32>offset;
  if (there >= 32) {
    loadBE(dst, from);
    return;
  }
  zero(dst);
  // Byte i of the text is byte 31 - i of the word.
  for (let i: u32 = 0; i < there; i++) store<u8>(dst + 31 - i, load<u8>(from + i));
}
