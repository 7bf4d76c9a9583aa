// The heap that all instances share: size classes, with free lists private to each instance, refilled in chunks from one
// atomic top. Nothing is ever returned to another instance's list, so no lock is needed.
// It must know nothing of what is stored.

import { HEAP_TOP } from "./control";

/* Classes: multiples of 16 up to 1,024 bytes, then powers of two. */
const SMALL_CLASSES: u32 = 64;
const CLASSES: u32 = SMALL_CLASSES + 22; // up to 2^31
const CHUNK: u32 = 65536;

/** Bytes that an instance reserves for its free lists. */
export const FREE_LISTS_SIZE: u32 = CLASSES * 4;

let freeLists: usize = 0;
let chunkTop: usize = 0;
let chunkEnd: usize = 0;

/** Empties this instance's free lists, which live at `lists`; what a dead predecessor held there is lost. */
export function useFreeLists(lists: usize): void {
  freeLists = lists;
  chunkTop = 0;
  chunkEnd = 0;
  memory.fill(lists, 0, FREE_LISTS_SIZE);
}

/** Takes `size` bytes, 16-aligned, zero on first use, straight from the top of linear memory. Traps when 4 GiB are full. */
export function reserve(size: u32): usize {
  const rounded = ((<u64>size) + 15) & ~15;
  const start = atomic.add<u64>(HEAP_TOP, rounded);
  const end = start + rounded;
  if (end > 0xffff0000) unreachable();
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

/** Takes `size` bytes, 16-aligned, content undefined. */
export function allocate(size: u32): usize {
  const index = classOf(size);
  const list = freeLists + (index << 2);
  const head = load<u32>(list);
  if (head != 0) {
    store<u32>(list, load<u32>(head));
    return head;
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

/** Gives back what `allocate(size)` returned. */
export function release(start: usize, size: u32): void {
  const list = freeLists + (classOf(size) << 2);
  store<u32>(start, load<u32>(list));
  store<u32>(list, <u32>start);
}
