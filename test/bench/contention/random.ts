// Seeded draws, so that every run is the same. Not for anything that must be unpredictable.

export interface Draw {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Log-normal around `median`, in its units. */
  logNormal(median: bigint, sigma: number): bigint;
}

/** splitmix32. */
export function seeded(seed: number): Draw {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  const uniform = () => next() / 2 ** 32;
  return {
    uniform,
    logNormal(median, sigma) {
      // Box-Muller; 1 - u is never 0.
      const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
      return (median * BigInt(Math.round(Math.exp(sigma * normal) * 1e6))) / 1_000_000n;
    },
  };
}
