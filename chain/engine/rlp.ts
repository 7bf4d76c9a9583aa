// RLP (Yellow Paper, appendix B) written straight into linear memory.
// It knows bytes, integers and words; what they stand for is the business of trie.ts and receipt.ts.
//
// Each write function returns the address after what it wrote, and writes nothing past it. Each *Length
// function tells how many bytes the write function of the same name needs.

import { byteLength, storeBE } from "./u256";

/** What hashes take as an item. */
export const HASH_ITEM: u32 = 33;
/** What addresses take as an item. */
export const ADDRESS_ITEM: u32 = 21;

/** Significant bytes of `value`; 0 for zero. */
@inline
function significantBytes(value: u64): u32 {
  return 8 - (u32(clz(value)) >> 3);
}

/** The lowest `count` bytes of `value`, most significant first. */
function writeBigEndian(out: usize, value: u64, count: u32): usize {
  for (let shift = count << 3; shift != 0; out++) {
    shift -= 8;
    store<u8>(out, u8(value >> shift));
  }
  return out;
}

/* HEADERS */

/** Of a list with `payload` bytes of items, or of a string of `payload` bytes that needs a header. */
@inline
export function headerLength(payload: u32): u32 {
  return payload < 56 ? 1 : 1 + significantBytes(payload);
}

function writeHeader(out: usize, payload: u32, short: u32): usize {
  if (payload < 56) {
    store<u8>(out, short + payload);
    return out + 1;
  }
  const bytes = significantBytes(payload);
  store<u8>(out, short + 55 + bytes);
  return writeBigEndian(out + 1, payload, bytes);
}

/** Header of a list whose items take `payload` bytes. */
export function writeListHeader(out: usize, payload: u32): usize {
  return writeHeader(out, payload, 0xc0);
}

/** Header of a string of `length` bytes; a single byte below 0x80 has none (see writeBytes). */
export function writeStringHeader(out: usize, length: u32): usize {
  return writeHeader(out, length, 0x80);
}

/* ITEMS */

@inline
export function bytesLength(source: usize, length: u32): u32 {
  return length == 1 && load<u8>(source) < 0x80 ? 1 : headerLength(length) + length;
}

export function writeBytes(out: usize, source: usize, length: u32): usize {
  if (length == 1 && load<u8>(source) < 0x80) {
    store<u8>(out, load<u8>(source));
    return out + 1;
  }
  out = writeHeader(out, length, 0x80);
  memory.copy(out, source, length);
  return out + length;
}

@inline
export function u64Length(value: u64): u32 {
  return value < 0x80 ? 1 : 1 + significantBytes(value);
}

/** An integer without leading zeros; zero is the empty string. */
export function writeU64(out: usize, value: u64): usize {
  if (value != 0 && value < 0x80) {
    store<u8>(out, u8(value));
    return out + 1;
  }
  const bytes = significantBytes(value);
  store<u8>(out, 0x80 + bytes);
  return writeBigEndian(out + 1, value, bytes);
}

@inline
export function wordLength(word: usize): u32 {
  const bytes = byteLength(word);
  return bytes <= 1 && load<u8>(word) < 0x80 ? 1 : 1 + bytes;
}

/** A word as an integer without leading zeros; zero is the empty string. */
export function writeWord(out: usize, word: usize): usize {
  const bytes = byteLength(word);
  if (bytes == 1 && load<u8>(word) < 0x80) {
    store<u8>(out, load<u8>(word));
    return out + 1;
  }
  store<u8>(out++, 0x80 + bytes);
  for (let i = bytes; i != 0; out++) store<u8>(out, load<u8>(word + --i));
  return out;
}

/** 32 raw bytes as a string of 32. */
@inline
export function writeHash(out: usize, raw: usize): usize {
  store<u8>(out, 0xa0);
  store<u64>(out, load<u64>(raw), 1);
  store<u64>(out, load<u64>(raw, 8), 9);
  store<u64>(out, load<u64>(raw, 16), 17);
  store<u64>(out, load<u64>(raw, 24), 25);
  return out + HASH_ITEM;
}

/** A word, leading zeros and all, as a string of 32. */
export function writeHashWord(out: usize, word: usize): usize {
  store<u8>(out, 0xa0);
  storeBE(out + 1, word);
  return out + HASH_ITEM;
}

/** An address (word) as 20 raw bytes, no header. */
export function writeRawAddress(out: usize, word: usize): usize {
  out = writeBigEndian(out, load<u64>(word, 16), 4);
  out = writeBigEndian(out, load<u64>(word, 8), 8);
  return writeBigEndian(out, load<u64>(word), 8);
}

/** An address (word) as a string of 20. */
export function writeAddress(out: usize, word: usize): usize {
  store<u8>(out, 0x94);
  return writeRawAddress(out + 1, word);
}
