// Runs blocks of a scenario on an engine and turns what comes out into plain comparable data. It must not know legs or
// reports.

import type {
  Address,
  Engine,
  ExcludedTransaction,
  Hash,
  Hex,
  Location,
} from "../../chain/src/engine/types.ts";
import { bigintToBytes, bytesToHex, hexToBytes } from "../../chain/src/protocol/bytes.ts";
import { encodeRlp } from "../../chain/src/protocol/rlp.ts";
import type { FuzzBlock, Genesis, GenesisAccount } from "./scenario.ts";

export interface TransactionOutcome {
  position: number;
  success: boolean;
  halt: string | null;
  gasUsed: bigint;
  gasRefunded: bigint;
  cumulativeGasUsed: bigint;
  effectiveGasPrice: bigint;
  blobGasUsed: bigint;
  output: Hex;
  contractAddress: Address | null;
  logs: { address: Address; topics: readonly Hash[]; data: Hex }[];
  logsBloom: Hex;
  /** Committed accesses, sorted. */
  reads: string[];
  writes: string[];
}

export interface BlockOutcome {
  included: TransactionOutcome[];
  excluded: ExcludedTransaction[];
  gasUsed: bigint;
  blobGasUsed: bigint;
  logsBloom: Hex;
  transactionsRoot: Hash;
  receiptsRoot: Hash;
  stateRoot: Hash;
}

export interface Executed {
  outcome: BlockOutcome;
  /** What the block's transactions changed. */
  written: Location[];
  /** Runs of included transactions, those that were thrown away among them. */
  attempts: number;
}

export function loadGenesis(engine: Engine, genesis: Genesis): void {
  for (const [address, account] of Object.entries(genesis) as [Address, GenesisAccount][]) {
    engine.setBalance(address, account.balance);
    engine.setNonce(address, account.nonce);
    if (account.code !== "0x") engine.setCode(address, hexToBytes(account.code));
    for (const [slot, value] of Object.entries(account.storage) as [Hash, Hash][]) {
      engine.setStorage(address, slot, value);
    }
  }
}

export async function executeBlock(engine: Engine, { environment, messages }: FuzzBlock): Promise<Executed> {
  engine.beginBlock(environment);
  // Envelopes need not be signed to be told apart in the transactions trie.
  const packed = messages.map((message, position) => {
    const items = [hexToBytes(message.sender), bigintToBytes(message.nonce), bigintToBytes(BigInt(position))];
    return engine.pack({ ...message, raw: encodeRlp(items) });
  });
  const execution = await engine.executeTransactions(packed);
  const { stateRoot } = await engine.seal();
  const { locations, transactions } = engine.accessSets();
  const names = locations.map(nameOf);
  const written = new Set<Location>();
  for (const { writes } of transactions) for (const id of writes) written.add(locations[id]!);
  const outcome: BlockOutcome = {
    included: execution.included.map((transaction, index) => ({
      position: transaction.position,
      success: transaction.success,
      halt: transaction.halt ?? null,
      gasUsed: transaction.gasUsed,
      gasRefunded: transaction.gasRefunded,
      cumulativeGasUsed: transaction.cumulativeGasUsed,
      effectiveGasPrice: transaction.effectiveGasPrice,
      blobGasUsed: transaction.blobGasUsed,
      output: bytesToHex(transaction.output),
      contractAddress: transaction.contractAddress,
      logs: transaction.logs,
      logsBloom: bytesToHex(transaction.logsBloom),
      reads: namesOf(transactions[index]?.reads, names),
      writes: namesOf(transactions[index]?.writes, names),
    })),
    excluded: execution.excluded.map(({ position, reason }) => ({ position, reason })),
    gasUsed: execution.gasUsed,
    blobGasUsed: execution.blobGasUsed,
    logsBloom: bytesToHex(execution.logsBloom),
    transactionsRoot: execution.transactionsRoot,
    receiptsRoot: execution.receiptsRoot,
    stateRoot,
  };
  const attempts = execution.telemetry.reduce((sum, transaction) => sum + transaction.attempts, 0);
  return { outcome, written: [...written], attempts };
}

function nameOf({ address, kind, slot }: Location): string {
  return slot === undefined ? `${kind} of ${address}` : `slot ${slot} of ${address}`;
}

function namesOf(ids: Uint32Array | undefined, names: readonly string[]): string[] {
  return Array.from(ids ?? [], (id) => names[id]!).sort();
}

/** Where two values differ first, with both sides; null where they are equal. */
export function firstDifference(expected: unknown, actual: unknown, path = ""): string | null {
  if (Object.is(expected, actual)) return null;
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    for (let i = 0; i < length; i++) {
      const difference = firstDifference(expected[i], actual[i], `${path}[${i}]`);
      if (difference !== null) return difference;
    }
    return null;
  }
  if (isRecord(expected) && isRecord(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const difference = firstDifference(expected[key], actual[key], path === "" ? key : `${path}.${key}`);
      if (difference !== null) return difference;
    }
    return null;
  }
  return `${path}: expected ${show(expected)}, got ${show(actual)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  const text =
    typeof value === "object"
      ? JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}` : v))
      : String(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
