// The heap that all instances share: size classes with lock-free lists of what was given back, refilled in chunks from one
// atomic top. The lists are everybody's, since one thread gives back what another took: workers allocate what they commit,
// and the owner releases it a block later. It must know nothing of what is stored.

import { HEAP_TOP } from "./control";

/* Classes: multiples of 16 up to 1,024 bytes, then powers of two. */
const SMALL_CLASSES: u32 = 64;
const CLASSES: u32 = SMALL_CLASSES + 21; // up to 2^31
const LARGEST: u32 = 0x80000000;
const CHUNK: u32 = 65536;

/*
 * A list is a stack (Treiber 1986) in one u64: the first free block in the lower half, a counter in the upper one. Every
 * change counts, so that an exchange fails when a block has come and gone since it was looked at.
 */
const COUNT: u64 = 1 << 32;

/** Bytes of the free lists, 8-aligned; zero when they are empty. */
export const FREE_LISTS_SIZE: u32 = CLASSES * 8;

let freeLists: usize = 0;
let chunkTop: usize = 0;
let chunkEnd: usize = 0;

/** Lets this instance allocate by the lists at `lists`, which others may use too. Its chunk begins anew. */
export function useFreeLists(lists: usize): void {
  freeLists = lists;
  chunkTop = 0;
  chunkEnd = 0;
}

/** Takes `size` bytes, 16-aligned, zero on first use, straight from the top of linear memory. Traps when 4 GiB are full. */
export function reserve(size: u32): usize {
  const rounded = ((<u64>size) + 15) & ~15;
  let start = atomic.load<u64>(HEAP_TOP);
  while (true) {
    if (start + rounded > 0xffff0000) unreachable(); // before anything is taken: smaller ones may still fit
    const found = atomic.cmpxchg<u64>(HEAP_TOP, start, start + rounded);
    if (found == start) break;
    start = found;
  }
  const end = start + rounded;
  while (true) {
    const pages = memory.size();
    const have = (<u64>(<u32>pages)) << 16;
    if (end <= have) break;
    // Grow in steps, since every growth makes the host derive its views again.
    const missing = <u32>((end - have + 0xffff) >> 16);
    const room = <u32>(65536 - pages);
    const step: u32 = max<u32>(missing, min<u32>(room, 256));
    if (memory.grow(step) < 0 && memory.grow(missing) < 0 && memory.size() == pages) unreachable();
  }
  return <usize>start;
}

@inline
function classOf(size: u32): u32 {
  if (size <= 1024) return (max<u32>(size, 1) - 1) >> 4;
  return SMALL_CLASSES + (32 - clz<u32>(size - 1)) - 11; // 2^11 is the first
}

@inline
function classSize(index: u32): u32 {
  return index < SMALL_CLASSES ? (index + 1) << 4 : <u32>1 << (index - SMALL_CLASSES + 11);
}

/** Takes `size` bytes, 16-aligned, content undefined. Traps when there is no room. */
export function allocate(size: u32): usize {
  if (size > LARGEST) unreachable();
  const index = classOf(size);
  const list = freeLists + (index << 3);
  let seen = atomic.load<u64>(list);
  while (<u32>seen != 0) {
    const block = <usize>(<u32>seen);
    // Somebody else may have the block by now, and anything stand in it: then the exchange fails.
    const next = ((seen & ~0xffffffff) + COUNT) | <u64>load<u32>(block);
    const found = atomic.cmpxchg<u64>(list, seen, next);
    if (found == seen) return block;
    seen = found;
  }
  const bytes = classSize(index);
  if (bytes > 4096) return reserve(bytes);
  if (chunkTop + bytes > chunkEnd) {
    chunkTop = reserve(CHUNK);
    chunkEnd = chunkTop + CHUNK;
  }
  const start = chunkTop;
  chunkTop += bytes;
  return start;
}

/** Gives back what `allocate(size)` returned, on whatever instance. */
export function release(start: usize, size: u32): void {
  const list = freeLists + (classOf(size) << 3);
  let seen = atomic.load<u64>(list);
  while (true) {
    store<u32>(start, <u32>seen);
    const found = atomic.cmpxchg<u64>(list, seen, ((seen & ~0xffffffff) + COUNT) | <u64>start);
    if (found == seen) return;
    seen = found;
  }
}
