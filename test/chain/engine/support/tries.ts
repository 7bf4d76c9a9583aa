// Loads the engine's tries, receipts and RLP into a memory of their own, with helpers to put bytes in and take them out.
// It knows how the functions are called, not what they should give.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../../../chain/engine/build.mjs";
import { HEAP_START, HEAP_TOP, INSTANCE_SIZE } from "../../../../chain/engine/control.ts";
import {
  LOG_ADDRESS,
  LOG_DATA_LENGTH,
  LOG_SIZE,
  LOG_TOPIC_COUNT,
  LOG_TOPICS,
} from "../../../../chain/engine/layout.ts";

const PAGES = 256;
const SCRATCH_SIZE = INSTANCE_SIZE;
const FREE_LISTS_SIZE = 4096; // more than memory.ts takes

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
    ): Promise<{ instance: { exports: Record<string, Exported & { value: number }> } }>;
  };
};

type Exported = (...args: (number | bigint)[]) => number;

export interface Log {
  /** 20 bytes. */
  address: Uint8Array;
  /** 32 bytes each. */
  topics: Uint8Array[];
  data: Uint8Array;
}

export interface Tries {
  functions: Record<string, Exported>;
  /** The value of an exported constant. */
  constant(name: string): number;
  /** Address of bytes that are the caller's until the next `rewind`; they are set to `content`. */
  put(content: Uint8Array): number;
  /** Likewise `length` bytes of any content. */
  room(length: number): number;
  /** A 256-bit number as the engine's word. */
  putWord(value: bigint): number;
  /** Log records as LOG0 to LOG4 append them: where they begin and end. */
  putLogs(logs: readonly Log[]): [start: number, end: number];
  bytes(address: number, length: number): Uint8Array;
  write(address: number, content: Uint8Array): void;
  u32(address: number): number;
  setU32(address: number, value: number): void;
  /** Frees everything that `put` and its like gave out. */
  rewind(): void;
  /** Next byte that the heap has never handed out. */
  heapTop(): bigint;
}

export async function loadTries(): Promise<Tries> {
  const folder = join(import.meta.dirname, "../../../../chain/engine");
  const output = join(folder, "build/test/tries.wasm");
  await compile({ entry: join(import.meta.dirname, "tries.as.ts"), output });
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: 65536, shared: true });
  const { instance } = await WebAssembly.instantiate(readFileSync(output), { env: { memory } });
  const functions = instance.exports;

  // The test's own bytes take the first 8 MiB behind the control block, the heap what follows.
  const scratch = HEAP_START;
  const freeLists = scratch + SCRATCH_SIZE;
  const own = freeLists + FREE_LISTS_SIZE;
  const heap = own + (8 << 20);
  const view = () => new DataView(memory.buffer); // the heap grows; a view made before would not see it
  view().setBigUint64(HEAP_TOP, BigInt(heap), true);
  functions.setScratch!(scratch);
  functions.useFreeLists!(freeLists);

  let top = own;
  const room = (length: number) => {
    const address = top;
    top += (length + 7) & ~7;
    if (top > heap) throw new Error("The test wants more than 8 MiB: call rewind.");
    return address;
  };
  const write = (address: number, content: Uint8Array) => new Uint8Array(memory.buffer).set(content, address);
  const put = (content: Uint8Array) => {
    const address = room(content.length);
    write(address, content);
    return address;
  };
  const wordBytes = (bigEndian: Uint8Array) => {
    const word = new Uint8Array(32);
    word.set(bigEndian.toReversed());
    return word;
  };
  return {
    functions,
    constant: (name) => instance.exports[name]!.value,
    put,
    room,
    putWord: (value) => put(wordBytes(Buffer.from(value.toString(16).padStart(64, "0"), "hex"))),
    putLogs(logs) {
      const start = top;
      for (const { address, topics, data } of logs) {
        const size = (LOG_TOPICS + 32 * topics.length + data.length + 7) & ~7;
        const record = room(size);
        view().setUint32(record + LOG_SIZE, size, true);
        view().setUint32(record + LOG_TOPIC_COUNT, topics.length, true);
        view().setUint32(record + LOG_DATA_LENGTH, data.length, true);
        write(record + LOG_ADDRESS, wordBytes(address));
        topics.forEach((topic, i) => void write(record + LOG_TOPICS + 32 * i, topic));
        write(record + LOG_TOPICS + 32 * topics.length, data);
      }
      return [start, top];
    },
    bytes: (address, length) => new Uint8Array(memory.buffer).slice(address, address + length),
    write,
    u32: (address) => view().getUint32(address, true),
    setU32: (address, value) => view().setUint32(address, value, true),
    rewind() {
      top = own;
    },
    heapTop: () => view().getBigUint64(HEAP_TOP, true),
  };
}
