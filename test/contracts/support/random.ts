// A seeded generator, so that a failing random test can be run again. Not for anything that must be unpredictable.

/** mulberry32: uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Uniform bigint in [0, limit), limit > 0. */
export function below(random: () => number, limit: bigint): bigint {
  let value = 0n;
  for (let bits = 0n; bits < BigInt(limit.toString(2).length) + 32n; bits += 32n) {
    value = (value << 32n) | BigInt(Math.floor(random() * 4_294_967_296));
  }
  return value % limit;
}
