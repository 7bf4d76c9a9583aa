// The precompiled contracts: which address holds which, since when, and the one call that the engine's host makes.
// Knows nothing of the engine's memory, of accounts or of value transfer.

import { FORK_CANCUN, FORK_OSAKA, FORK_PRAGUE } from "../../engine/layout.ts";
import { blake2f } from "./blake2f.ts";
import { g1Add, g1Msm, g2Add, g2Msm, mapFp2ToG2, mapFpToG1, pairing } from "./bls12381.ts";
import { bn254Add, bn254Mul, bn254Pairing } from "./bn254.ts";
import { ecrecover } from "./ecrecover.ts";
import { ripemd160, sha256 } from "./hashes.ts";
import { identity } from "./identity.ts";
import { compileMcl } from "./mcl.ts";
import { modexp } from "./modexp.ts";
import { p256Verify } from "./p256verify.ts";
import { pointEvaluation } from "./point-evaluation.ts";
import type { Precompile, PrecompileFork } from "./types.ts";

export type { PrecompileFork } from "./types.ts";

export interface PrecompileResult {
  /** False for too little gas and for invalid input: the call fails and consumes all its gas. */
  ok: boolean;
  gasUsed: bigint;
  /** Its own memory, never a view of the input. Empty unless ok. */
  output: Uint8Array;
}

/** Address, the fork it appeared in (of those this engine knows), contract. */
const TABLE: readonly (readonly [address: number, since: PrecompileFork, contract: Precompile])[] = [
  [0x01, FORK_CANCUN, ecrecover],
  [0x02, FORK_CANCUN, sha256],
  [0x03, FORK_CANCUN, ripemd160],
  [0x04, FORK_CANCUN, identity],
  [0x05, FORK_CANCUN, modexp],
  [0x06, FORK_CANCUN, bn254Add],
  [0x07, FORK_CANCUN, bn254Mul],
  [0x08, FORK_CANCUN, bn254Pairing],
  [0x09, FORK_CANCUN, blake2f],
  [0x0a, FORK_CANCUN, pointEvaluation],
  [0x0b, FORK_PRAGUE, g1Add],
  [0x0c, FORK_PRAGUE, g1Msm],
  [0x0d, FORK_PRAGUE, g2Add],
  [0x0e, FORK_PRAGUE, g2Msm],
  [0x0f, FORK_PRAGUE, pairing],
  [0x10, FORK_PRAGUE, mapFpToG1],
  [0x11, FORK_PRAGUE, mapFp2ToG2],
  [0x100, FORK_OSAKA, p256Verify],
];

const BY_ADDRESS = new Map(TABLE.map(([address, since, contract]) => [address, { since, contract }]));

const ADDRESSES = [FORK_CANCUN, FORK_PRAGUE, FORK_OSAKA].map((fork) =>
  TABLE.filter(([, since]) => since <= fork).map(([address]) => address),
);

const NOTHING = new Uint8Array(0);

/** Addresses of the precompiled contracts of a fork, ascending. */
export function precompileAddresses(fork: PrecompileFork): readonly number[] {
  return ADDRESSES[fork]!;
}

/**
 * Reads and compiles the curves' WebAssembly (4 ms a thread), so that a broken installation shows at start and not within
 * a block. Calls work without it; the curves themselves are set up on first use (2 to 15 ms each).
 */
export async function preparePrecompiles(): Promise<void> {
  compileMcl();
}

/**
 * Calls the precompiled contract at `address`. `input` may be a view of shared memory: it is copied once the price is
 * paid. Never throws: a fault in a library fails the call and is reported as a process warning, POLDER_PRECOMPILE.
 */
export function runPrecompile(
  address: number,
  input: Uint8Array,
  gas: bigint,
  fork: PrecompileFork,
): PrecompileResult {
  try {
    const entry = BY_ADDRESS.get(address);
    if (!entry || entry.since > fork) {
      throw new RangeError(
        `no precompiled contract at address ${address} in fork ${fork}: ask precompileAddresses first`,
      );
    }
    const { contract } = entry;
    const price = contract.gas(input, fork);
    if (price > gas) return failure(gas);
    const output = contract.run(input.slice(), fork);
    return output === null ? failure(gas) : { ok: true, gasUsed: price, output };
  } catch (error) {
    process.emitWarning(
      `The precompiled contract at address ${address} failed on ${input.length} bytes of input: ${String(error)}`,
      { code: "POLDER_PRECOMPILE", detail: `0x${Buffer.from(input).toString("hex", 0, 4096)}` },
    );
    return failure(gas);
  }
}

function failure(gas: bigint): PrecompileResult {
  return { ok: false, gasUsed: gas, output: NOTHING };
}
