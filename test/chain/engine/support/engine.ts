// Drives whole engines in tests: accounts, messages, blocks, and one comparable digest of all that a block left behind.
// The engine under test is created through the public API only; it knows nothing of how blocks are produced elsewhere.

import assert from "node:assert/strict";
import { createEngine } from "../../../../chain/src/engine/index.ts";
import type {
  Address,
  BlockEnvironment,
  BlockExecution,
  Engine,
  EngineOptions,
  Hash,
  Hex,
  Location,
  Message,
} from "../../../../chain/src/engine/types.ts";
import { Assembler } from "../../../fuzz/assembler.ts";
import { firstDifference } from "../../../fuzz/execute.ts";

export const ETHER = 10n ** 18n;

export function hex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

/** A number as 32 bytes. */
export function word(value: bigint | number): Hash {
  return `0x${BigInt(value).toString(16).padStart(64, "0")}`;
}

/** Words one after another, as calldata. */
export function words(...values: (bigint | number | Address)[]): Hex {
  return `0x${values.map((value) => word(BigInt(value)).slice(2)).join("")}`;
}

/** The address whose number is `n`; beyond the precompiles. */
export function address(n: number | bigint): Address {
  return `0x${(0xa0_0000_0000n + BigInt(n)).toString(16).padStart(40, "0")}`;
}

export function assemble(text: string): Uint8Array {
  return new Assembler().ops(text).assemble();
}

export const COINBASE: Address = "0xc014ba5e00000000000000000000000000000000";

/** A block with a base fee of 7 wei and plenty of gas. */
export function environment(changes: Partial<BlockEnvironment> = {}): BlockEnvironment {
  return {
    number: 1n,
    timestamp: 1_700_000_000n,
    gasLimit: 1_000_000_000n,
    coinbase: COINBASE,
    prevRandao: word(42),
    baseFeePerGas: 7n,
    blobBaseFee: 1n,
    maxBlobGas: 1_179_648n,
    maxBlobsPerTransaction: 6,
    chainId: 31_337n,
    hardfork: "osaka",
    ancestorHashes: [],
    ...changes,
  };
}

/** A transaction of type 2 with 200,000 gas that tips 1 wei. */
export function message(changes: Partial<Message> & { sender: Address }): Message {
  return {
    type: 2,
    to: null,
    nonce: 0n,
    gasLimit: 200_000n,
    value: 0n,
    data: "0x",
    maxFeePerGas: 100n,
    maxPriorityFeePerGas: 1n,
    ...changes,
  };
}

export interface Digest {
  included: unknown[];
  excluded: unknown[];
  gasUsed: bigint;
  blobGasUsed: bigint;
  logsBloom: Hex;
  transactionsRoot: Hash;
  receiptsRoot: Hash;
  stateRoot: Hash;
}

export interface Mined {
  execution: BlockExecution;
  /** All that every way of executing the block must agree on. */
  digest: Digest;
  version: number;
}

export function nameOf({ address, kind, slot }: Location): string {
  return slot === undefined ? `${kind} of ${address}` : `slot ${BigInt(slot)} of ${address}`;
}

/** Executes the messages as one block and seals it. */
export async function mine(
  engine: Engine,
  messages: readonly Message[],
  changes: Partial<BlockEnvironment> = {},
): Promise<Mined> {
  engine.beginBlock(environment(changes));
  const packed = messages.map((m, i) =>
    // Envelopes need not be signed to be told apart in the transactions trie.
    engine.pack({ raw: Buffer.from(`${m.type} ${m.sender} ${m.nonce} ${i}`), ...m }),
  );
  const execution = await engine.executeTransactions(packed);
  const { stateRoot, version } = await engine.seal();
  return { execution, version, digest: digestOf(engine, execution, stateRoot) };
}

function digestOf(engine: Engine, execution: BlockExecution, stateRoot: Hash): Digest {
  const { locations, transactions } = engine.accessSets();
  const names = locations.map(nameOf);
  const list = (ids: Uint32Array) => Array.from(ids, (id) => names[id]!).sort();
  return {
    included: execution.included.map((transaction, i) => ({
      position: transaction.position,
      index: transaction.index,
      success: transaction.success,
      halt: transaction.halt,
      gasUsed: transaction.gasUsed,
      gasRefunded: transaction.gasRefunded,
      cumulativeGasUsed: transaction.cumulativeGasUsed,
      effectiveGasPrice: transaction.effectiveGasPrice,
      blobGasUsed: transaction.blobGasUsed,
      contractAddress: transaction.contractAddress,
      output: hex(transaction.output),
      logs: transaction.logs,
      logsBloom: hex(transaction.logsBloom),
      accesses: {
        index: transactions[i]!.index,
        gasUsed: transactions[i]!.gasUsed,
        reads: list(transactions[i]!.reads),
        writes: list(transactions[i]!.writes),
      },
    })),
    excluded: execution.excluded,
    gasUsed: execution.gasUsed,
    blobGasUsed: execution.blobGasUsed,
    logsBloom: hex(execution.logsBloom),
    transactionsRoot: execution.transactionsRoot,
    receiptsRoot: execution.receiptsRoot,
    stateRoot,
  };
}

/** What the included transaction at `index` read and wrote, by name. */
export function accessesOf(mined: Mined, index: number): { reads: string[]; writes: string[] } {
  return (mined.digest.included[index] as { accesses: { reads: string[]; writes: string[] } }).accesses;
}

/** Names the first difference; a diff of whole blocks takes forever to make and to read. */
export function assertSame(actual: Digest, expected: Digest, where: string): void {
  const difference = firstDifference(expected, actual);
  assert.ok(difference === null, `${where}: ${difference}`);
}

/** Every included transaction must have succeeded, and none been left out. */
export function assertAllSucceeded({ execution }: Mined, count: number): void {
  assert.deepEqual(execution.excluded, []);
  assert.equal(execution.included.length, count);
  for (const { position, success, halt } of execution.included) {
    assert.ok(success, `transaction ${position} failed: ${halt}`);
  }
}

/* WAYS OF EXECUTING that must all agree with one worker */

export const WAYS: Readonly<Record<string, EngineOptions>> = {
  "replay, seed 1": { workers: 1, replaySeed: 1n },
  "replay, seed 2": { workers: 1, replaySeed: 0x1234_5678_9abcn },
  "2 workers": { workers: 2 },
  "4 workers with delays": { workers: 4, delaySeed: 7n },
  "3 workers that die": { workers: 3, delaySeed: 11n, killOneIn: 97 },
};

/** The oracle and the other ways, kept over several tests; every test starts from the empty state. */
export class Fleet {
  readonly #oracle: Engine;
  readonly #others: ReadonlyMap<string, Engine>;

  private constructor(oracle: Engine, others: ReadonlyMap<string, Engine>) {
    this.#oracle = oracle;
    this.#others = others;
  }

  static async start(ways: Readonly<Record<string, EngineOptions>> = WAYS): Promise<Fleet> {
    const others = new Map<string, Engine>();
    for (const [name, options] of Object.entries(ways)) others.set(name, await createEngine(options));
    return new Fleet(await createEngine({ workers: 1 }), others);
  }

  async close(): Promise<void> {
    await Promise.all([this.#oracle, ...this.#others.values()].map((engine) => engine.close()));
  }

  /** Runs the scenario on the oracle, then everywhere else, and holds every block against the oracle's. */
  async agree(scenario: (engine: Engine) => Promise<Mined[]>): Promise<Mined[]> {
    this.#oracle.reset();
    const expected = await scenario(this.#oracle);
    for (const [name, engine] of this.#others) {
      engine.reset();
      const actual = await scenario(engine);
      for (const [i, { digest }] of expected.entries()) {
        assertSame(actual[i]!.digest, digest, `${name}, block ${i}`);
      }
    }
    return expected;
  }
}
