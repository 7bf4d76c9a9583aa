// Where the running message keeps its stacks, memories and frames. Each instance owns one small arena for
// speculation; whoever holds the commit token borrows the one large arena. Full arenas stop a run (STOPPED_ARENA),
// they never trap.

export let stackStart: usize = 0; // EVM words, frames packed one after another
export let stackEnd: usize = 0;
export let memoryStart: usize = 0; // EVM memories, frames packed one after another; content undefined
export let memoryEnd: usize = 0;
export let framesStart: usize = 0; // call frames
export let framesEnd: usize = 0;
export let returnStart: usize = 0; // the one live return data buffer
export let returnEnd: usize = 0;

/** Points this instance at the arena that begins at `base` with the given sizes in bytes. */
export function useArena(base: usize, frames: usize, stack: usize, returns: usize, memory: usize): void {
  framesStart = base;
  framesEnd = base + frames;
  stackStart = framesEnd;
  stackEnd = stackStart + stack;
  returnStart = stackEnd;
  returnEnd = returnStart + returns;
  memoryStart = returnEnd;
  memoryEnd = memoryStart + memory;
}
