// What arithmetic on several u64 limbs is made of. It knows neither words nor the EVM's rules.
// Limbs lie in linear memory, least significant first.

/** The upper 64 bits of the 128-bit product; wasm has no widening multiplication, so from four 32-bit ones. */
@inline
export function mulHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  return aHigh * bHigh + (middle >> 32) + ((aLow * bHigh + (middle & 0xffffffff)) >> 32);
}

/** How many of the `count` limbs at `a` are significant; 0 for zero. */
export function limbCount(a: usize, count: u32): u32 {
  while (count != 0 && load<u64>(a + ((count - 1) << 3)) == 0) count--;
  return count;
}

/** Writes four limbs. */
@inline
export function put(dst: usize, limb0: u64, limb1: u64, limb2: u64, limb3: u64): void {
  store<u64>(dst, limb0);
  store<u64>(dst, limb1, 8);
  store<u64>(dst, limb2, 16);
  store<u64>(dst, limb3, 24);
}
