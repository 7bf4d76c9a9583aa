// What the tracers' tests share: a chain behind its dispatcher in this process, and bytecode from mnemonics.

import type { TestContext } from "node:test";
import type { Address, Hash, Hex } from "../../../chain/src/engine/types.ts";
import { createDispatcher } from "../../../chain/src/rpc/dispatch.ts";
import type { Json } from "../../../chain/src/rpc/types.ts";
import { nameOf } from "../../../chain/src/tracer/opcodes.ts";
import { GENESIS_TIME, startNode } from "../node/support.ts";

export const ALICE: Address = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
export const BOB: Address = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
export const COINBASE: Address = "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e";

const OPCODES = new Map(Array.from({ length: 256 }, (_, opcode) => [nameOf(opcode), opcode]));

/** Bytecode of mnemonics separated by spaces; a number is pushed in as few bytes as it needs, .. in front of hex is data. */
export function assemble(text: string): Hex {
  const parts = text
    .split(/\s+/)
    .filter((token) => token !== "")
    .map((token) => {
      if (token.startsWith("..")) return token.slice(2);
      if (/^(0x[0-9a-f]+|\d+)$/.test(token)) return push(BigInt(token));
      const opcode = OPCODES.get(token);
      if (opcode === undefined) throw new Error(`not an opcode or a number: ${token}`);
      return opcode.toString(16).padStart(2, "0");
    });
  return `0x${parts.join("")}`;
}

function push(value: bigint): string {
  if (value === 0n) return "5f";
  const digits = value.toString(16);
  const bytes = digits.length % 2 === 0 ? digits : `0${digits}`;
  return (0x5f + bytes.length / 2).toString(16) + bytes;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape; what is read of it is asserted
type Rpc = (method: string, ...params: unknown[]) => Promise<any>;

export interface TracedChain {
  rpc: Rpc;
  /** Gives the address some code. */
  put(address: Address, mnemonics: string): Promise<void>;
  /** Sends from ALICE and mines at once; gives the hash. */
  send(request: Record<string, unknown>): Promise<Hash>;
  /** Sends in one block, in this order; gives the hashes. */
  sendTogether(requests: readonly Record<string, unknown>[]): Promise<Hash[]>;
}

export async function startChain(context: TestContext): Promise<TracedChain> {
  const node = await startNode(context, { timestamp: GENESIS_TIME, mining: { order: "fifo" } });
  const dispatcher = createDispatcher(node);
  context.after(() => dispatcher.close());
  const rpc: Rpc = (method, ...params) => dispatcher.request({ method, params }) as Promise<Json>;
  const send = (request: Record<string, unknown>) =>
    rpc("eth_sendTransaction", { from: ALICE, gas: "0x7a120", ...request });
  return {
    rpc,
    put: (address, mnemonics) => rpc("hardhat_setCode", address, assemble(mnemonics)),
    send: async (request) => {
      // In automine a transaction that fails is an error of the request too, and mined all the same.
      await rpc("evm_setAutomine", false);
      const hash = await send(request);
      await rpc("evm_mine");
      return hash;
    },
    sendTogether: async (requests) => {
      await rpc("evm_setAutomine", false);
      const hashes: Hash[] = [];
      for (const request of requests) hashes.push(await send(request));
      await rpc("evm_mine");
      return hashes;
    },
  };
}
