// The points where threads meet, for the differential fuzzer: random delays, and workers that end. Off in production,
// where a meeting costs two loads.

import { HOOK_DELAY_SEED, HOOK_KILL, TOKEN_EPOCH } from "./control";
import { mortalMoment } from "./host";
import { worker } from "./instance";

let random: u64 = 0;

/** A moment at which another thread may overtake, or this one may die. */
@inline
export function meeting(): void {
  if (load<u64>(HOOK_DELAY_SEED) != 0) delay();
  if (load<u32>(HOOK_KILL) != 0 && worker != 0) mortalMoment(worker);
}

function delay(): void {
  if (random == 0) random = load<u64>(HOOK_DELAY_SEED) + worker * 0x9e3779b97f4a7c15;
  random ^= random << 13;
  random ^= random >>> 7;
  random ^= random << 17;
  if ((random & 3) == 0) spin(<u32>(random >>> 40) & 0xffff);
}

/** Lets time pass without touching anything that others write. */
export function spin(rounds: u32): void {
  for (let i: u32 = 0; i < rounds; i++) atomic.load<u32>(TOKEN_EPOCH);
}
