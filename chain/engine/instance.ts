// What belongs to one instance of the engine alone: wasm globals, thus thread-locals without any synchronisation.
// It knows nothing of the EVM; whoever instantiates the module calls setScratch before anything else.

import { BLOOM_CACHE_SIZE, SCRATCH_SIZE } from "./control";

/**
 * Start of SCRATCH_SIZE bytes that only this instance touches, 16-aligned. u256 uses the first 1024 bytes, keccak the
 * next 1024; the rest is for whoever needs a word that does not outlive the call.
 */
export let scratch: usize = 0;

/** Start of BLOOM_CACHE_SIZE bytes: which bits recent topics and addresses set (receipt.ts). */
export let bloomCache: usize = 0;

/** Gives this instance INSTANCE_SIZE bytes at `p`. */
export function setScratch(p: usize): void {
  scratch = p;
  bloomCache = p + SCRATCH_SIZE;
  memory.fill(bloomCache, 0, BLOOM_CACHE_SIZE);
}

/** This instance's number among the threads: 0 is the engine's owner. */
export let worker: u32 = 0;

export function setWorker(number: u32): void {
  worker = number;
}
