// Instantiates a module of the engine's build on a new shared memory. It knows nothing of what the module does.

import { readFileSync } from "node:fs";

export type Exported = (...args: (number | bigint)[]) => number | bigint | undefined;

/** The part of the WebAssembly API used here: @types/node has none, and the DOM's types are not for a node. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Memory: new (size: {
      initial: number;
      maximum: number;
      shared: boolean;
    }) => { buffer: SharedArrayBuffer };
    instantiate(
      module: Uint8Array,
      imports: object,
    ): Promise<{ instance: { exports: Record<string, Exported> } }>;
  };
};

/** `pages` is the size of the memory in units of 64 KiB, at least 4. */
export async function instantiate(
  path: string,
  pages: number,
): Promise<{ functions: Record<string, Exported>; memory: SharedArrayBuffer }> {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
  const { instance } = await WebAssembly.instantiate(readFileSync(path), { env: { memory } });
  return { functions: instance.exports, memory: memory.buffer };
}
