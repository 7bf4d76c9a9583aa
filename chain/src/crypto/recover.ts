// Recovery of the signer of a secp256k1 signature, with libsecp256k1 where its native binding loads and noble elsewhere.
// Knows nothing of transactions: what is signed, and whether a high s is allowed, is for callers to say.

import { createRequire } from "node:module";
import { isMainThread } from "node:worker_threads";
import { secp256k1 as noble } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

/** Order of the curve's group (SEC 2). */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HALF_N = wordOf(N >> 1n);

interface Binding {
  /** Throws when no key can be recovered. Returns the 65-byte uncompressed key. */
  ecdsaRecover(signature: Uint8Array, recovery: number, hash: Uint8Array, compressed: false): Uint8Array;
}

/** The package's own index falls back to a pure JavaScript library without a word; its binding does not. */
function loadBinding(): Binding | null {
  try {
    return createRequire(import.meta.url)("secp256k1/bindings") as Binding;
  } catch {
    return null;
  }
}

const binding = loadBinding();

/** Is libsecp256k1 in use (some 20 times faster than noble)? */
export const nativeSecp256k1: boolean = binding !== null;
if (!nativeSecp256k1 && isMainThread) {
  process.emitWarning(
    "libsecp256k1 does not load on this platform: signatures are recovered by noble, some 20 times slower",
    { code: "POLDER_SECP256K1" },
  );
}

function wordOf(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, "0"), "hex"));
}

function wordFrom(name: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 32) throw new RangeError(`${name} has ${bytes.length} bytes: pass a 32-byte word`);
  return Uint8Array.from(bytes);
}

/** Is a 32-byte big-endian s at most half the group's order (EIP-2, EIP-7702)? */
export function isLowS(s: Uint8Array): boolean {
  return Buffer.compare(s, HALF_N) <= 0;
}

/**
 * The address whose key signed `hash` (32 bytes) as (r, s); null where there is none: r or s zero or not below the group's
 * order, or r no point's abscissa. r and s are 32-byte big-endian words. A high s is accepted.
 */
export function recoverAddress(
  hash: Uint8Array,
  r: Uint8Array | bigint,
  s: Uint8Array | bigint,
  yParity: 0 | 1,
): Uint8Array | null {
  // Copies: the native binding cannot read shared memory.
  const digest = wordFrom("hash", hash);
  const signature = new Uint8Array(64);
  signature.set(typeof r === "bigint" ? wordOf(r) : wordFrom("r", r), 0);
  signature.set(typeof s === "bigint" ? wordOf(s) : wordFrom("s", s), 32);
  const key = binding
    ? recoverNative(binding, signature, digest, yParity)
    : recoverPortable(signature, digest, yParity);
  return key && keccak_256(key.subarray(1)).subarray(12);
}

function recoverNative(
  { ecdsaRecover }: Binding,
  signature: Uint8Array,
  hash: Uint8Array,
  yParity: 0 | 1,
): Uint8Array | null {
  try {
    return ecdsaRecover(signature, yParity, hash, false);
  } catch {
    return null;
  }
}

/** As recoverAddress with noble alone; the second opinion of the tests. 65-byte uncompressed key or null. */
export function recoverPortable(signature: Uint8Array, hash: Uint8Array, yParity: 0 | 1): Uint8Array | null {
  try {
    const recoverable = noble.Signature.fromBytes(signature, "compact").addRecoveryBit(yParity);
    return recoverable.recoverPublicKey(hash).toBytes(false);
  } catch {
    return null;
  }
}
