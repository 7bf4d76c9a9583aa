// Addresses that follow from other data: of created contracts, and of precompiles.
// It knows words and bytes only: no state, no frame.

import { scratch } from "./instance";
import { keccak256, keccak256Word } from "./keccak";
import { FORK_OSAKA, FORK_PRAGUE } from "./layout";
import { fitsU64, low, storeBE } from "./u256";

/** Scratch of this file: the hashed text, at most 85 bytes, with room in front for the zeros of an address word. */
const TEXT: usize = 3088;

/** Clears the upper twelve bytes of the word, as the EVM does with an address from the stack. */
@inline
export function maskAddress(word: usize): void {
  store<u32>(word, 0, 20);
  store<u64>(word, 0, 24);
}

/** dst = keccak256(rlp([sender, nonce]))[12..], Yellow Paper section 7. `sender` and `dst` are words. */
export function createAddress(dst: usize, sender: usize, nonce: u64): void {
  const text = scratch + TEXT;
  storeBE(text + 2 - 12, sender);
  store<u8>(text, 0x94, 1); // a string of 20 bytes
  let end = text + 22;
  if (nonce != 0 && nonce < 0x80) {
    store<u8>(end, <u8>nonce);
    end++;
  } else {
    // Big-endian without leading zeros; zero is the empty string.
    const bytes = 8 - <u32>(clz<u64>(nonce) >> 3);
    store<u8>(end, <u8>(0x80 + bytes));
    end++;
    for (let i = bytes; i != 0; i--) {
      store<u8>(end, <u8>(nonce >> (<u64>(i - 1) << 3)));
      end++;
    }
  }
  const length = <u32>(end - text);
  store<u8>(text, <u8>(0xc0 + length - 1)); // a list of that many bytes
  keccak256Word(dst, text, length);
  maskAddress(dst);
}

/**
 * dst = keccak256(0xff || sender || salt || keccak256(initcode))[12..], EIP-1014. `sender`, `salt` and `dst` are words,
 * `initcode` is `length` bytes.
 */
export function create2Address(dst: usize, sender: usize, salt: usize, initcode: usize, length: u32): void {
  const text = scratch + TEXT;
  storeBE(text + 1 - 12, sender);
  store<u8>(text, 0xff);
  storeBE(text + 21, salt);
  keccak256(text + 53, initcode, length);
  keccak256Word(dst, text, 85);
  maskAddress(dst);
}

/**
 * The precompile at the address `word`, or 0 for none: 1 to 10 since Cancun, to 17 since Prague (EIP-2537), 0x100 since
 * Osaka (EIP-7951).
 */
export function precompileId(word: usize, fork: u32): u32 {
  if (!fitsU64(word)) return 0;
  const id = low(word);
  const last: u64 = fork >= <u32>FORK_PRAGUE ? 17 : 10;
  return id <= last || (id == 0x100 && fork >= <u32>FORK_OSAKA) ? <u32>id : 0;
}
