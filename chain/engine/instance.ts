// What belongs to one instance of the engine alone: wasm globals, thus thread-locals without any synchronisation.
// It knows nothing of the EVM; whoever instantiates the module calls setScratch before anything else.

/**
 * Start of SCRATCH_SIZE (4096) bytes that only this instance touches, 16-aligned. u256 uses the first 1024 bytes, keccak the
 * next 1024; the rest is for whoever needs a word that does not outlive the call.
 */
export let scratch: usize = 0;

export function setScratch(p: usize): void {
  scratch = p;
}

/** This instance's number among the threads: 0 is the engine's owner. */
export let worker: u32 = 0;

export function setWorker(number: u32): void {
  worker = number;
}
