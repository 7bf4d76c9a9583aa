// Runs one subtest of the state test format on an engine. It must not know files, workers or reports.
// Format: https://ethereum.github.io/execution-spec-tests (consuming tests, state tests). The environment has no system
// calls, no withdrawals and no block reward.

import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type {
  Address,
  BlockEnvironment,
  Engine,
  Hardfork,
  Hex,
  Log,
  Message,
} from "../../chain/src/engine/types.ts";
import { bytesToHex, hexToBytes } from "../../chain/src/protocol/bytes.ts";
import { blobBaseFee } from "../../chain/src/protocol/fees.ts";
import type { BlobSchedule } from "../../chain/src/protocol/forks.ts";
import { GAS_PER_BLOB, maxBlobsPerTransaction } from "../../chain/src/protocol/forks.ts";
import { parseTransaction, recoverAuthority } from "../../chain/src/transaction/decode.ts";
import { InvalidTransactionError } from "../../chain/src/transaction/errors.ts";
import { toMessage } from "../../chain/src/transaction/message.ts";
import type { Refusal } from "./exceptions.ts";
import { isExpectedRefusal } from "./exceptions.ts";
import type { FixtureState, StateExpectation, StateFixture } from "./fixture.ts";
import { blobScheduleOf, quantity, word } from "./fixture.ts";

/** Why the subtest failed, or null where it passed. Leaves the engine with the subtest's state. */
export async function runStateSubtest(
  engine: Engine,
  fixture: StateFixture,
  forkName: string,
  hardfork: Hardfork,
  expectation: StateExpectation,
): Promise<string | null> {
  engine.reset();
  loadState(engine, fixture.pre);
  const schedule = blobScheduleOf(fixture.config, forkName, hardfork);
  engine.beginBlock(environmentOf(fixture, hardfork, schedule));
  const { refusal, logs } = await execute(engine, fixture, expectation);
  const { stateRoot } = await engine.seal();

  if (expectation.expectException !== undefined) {
    if (refusal === null) return `not refused, expected ${expectation.expectException}`;
    if (!isExpectedRefusal(expectation.expectException, refusal)) {
      return `refused as ${refusal}, expected ${expectation.expectException}`;
    }
  } else if (refusal !== null) {
    return `refused as ${refusal}`;
  }
  if (stateRoot !== expectation.hash) return `state root ${stateRoot}, expected ${expectation.hash}`;
  const hash = logsHash(logs);
  return hash === expectation.logs ? null : `logs hash ${hash}, expected ${expectation.logs}`;
}

interface Outcome {
  refusal: Refusal | null;
  logs: Log[];
}

async function execute(
  engine: Engine,
  fixture: StateFixture,
  expectation: StateExpectation,
): Promise<Outcome> {
  const message = messageOf(fixture, expectation);
  if (typeof message === "string") return { refusal: message, logs: [] };
  const { included, excluded } = await engine.executeTransactions([engine.pack(message)]);
  const [result] = included;
  if (result !== undefined) return { refusal: null, logs: result.logs };
  const [exclusion] = excluded;
  if (exclusion === undefined) throw new Error("the engine neither included nor excluded the transaction");
  return { refusal: exclusion.reason, logs: [] };
}

/** From the signed envelope where the fixture has one, as a node would get it; else from the fields. */
function messageOf(fixture: StateFixture, expectation: StateExpectation): Message | Refusal {
  const { txbytes, indexes } = expectation;
  if (txbytes === undefined) return messageFromFields(fixture, indexes);
  try {
    const transaction = parseTransaction(txbytes);
    const chainId = quantity(fixture.config?.chainid, 1n);
    if (transaction.chainId !== undefined && transaction.chainId !== chainId) return "wrong-chain-id";
    if (fixture.transaction.sender !== undefined && fixture.transaction.sender !== transaction.from) {
      throw new Error(
        `txbytes recovers to ${transaction.from}, the fixture's sender is ${fixture.transaction.sender}`,
      );
    }
    return toMessage(transaction);
  } catch (error) {
    if (error instanceof InvalidTransactionError) return error.reason;
    throw error;
  }
}

export function loadState(engine: Engine, state: FixtureState): void {
  for (const [address, account] of Object.entries(state) as [Address, FixtureState[Address]][]) {
    const lower = address.toLowerCase() as Address;
    engine.setBalance(lower, quantity(account.balance));
    engine.setNonce(lower, quantity(account.nonce));
    if (account.code !== "0x") engine.setCode(lower, hexToBytes(account.code));
    for (const [slot, value] of Object.entries(account.storage)) {
      if (quantity(value) !== 0n) engine.setStorage(lower, word(slot), word(value));
    }
  }
}

function environmentOf(fixture: StateFixture, hardfork: Hardfork, schedule: BlobSchedule): BlockEnvironment {
  const { env, config } = fixture;
  const number = quantity(env.currentNumber);
  return {
    number,
    timestamp: quantity(env.currentTimestamp),
    gasLimit: quantity(env.currentGasLimit),
    coinbase: env.currentCoinbase.toLowerCase() as Address,
    prevRandao: word(env.currentRandom ?? "0x0"),
    baseFeePerGas: quantity(env.currentBaseFee, 10n),
    blobBaseFee: blobBaseFee(quantity(env.currentExcessBlobGas), schedule),
    maxBlobGas: BigInt(schedule.max) * GAS_PER_BLOB,
    maxBlobsPerTransaction: maxBlobsPerTransaction(hardfork, schedule),
    chainId: quantity(config?.chainid, 1n),
    hardfork,
    ancestorHashes: ancestorHashes(number),
  };
}

/** The format gives no ancestors; by its convention the hash of block n is keccak256 of n in decimal. */
function ancestorHashes(number: bigint): Hex[] {
  const hashes: Hex[] = [];
  for (let ancestor = number - 1n; ancestor >= 0n && hashes.length < 256; ancestor--) {
    hashes.push(bytesToHex(keccak_256(new TextEncoder().encode(ancestor.toString()))));
  }
  return hashes;
}

function messageFromFields(fixture: StateFixture, indexes: StateExpectation["indexes"]): Message {
  const { transaction } = fixture;
  const { gasLimit, value, data, accessLists, sender } = transaction;
  if (sender === undefined) throw new Error("the fixture names no sender");
  const accessList = accessLists?.[indexes.data] ?? undefined;
  const maxFeePerGas = quantity(transaction.maxFeePerGas ?? transaction.gasPrice);
  return {
    type: typeOf(transaction, accessList !== undefined),
    sender: sender.toLowerCase() as Address,
    to: transaction.to === "" ? null : (transaction.to.toLowerCase() as Address),
    nonce: quantity(transaction.nonce),
    gasLimit: quantity(at(gasLimit, indexes.gas, "gasLimit")),
    value: quantity(at(value, indexes.value, "value")),
    data: at(data, indexes.data, "data"),
    maxFeePerGas,
    maxPriorityFeePerGas:
      transaction.maxFeePerGas === undefined ? maxFeePerGas : quantity(transaction.maxPriorityFeePerGas),
    maxFeePerBlobGas:
      transaction.maxFeePerBlobGas === undefined ? undefined : quantity(transaction.maxFeePerBlobGas),
    accessList: accessList?.map(({ address, storageKeys }) => ({
      address: address.toLowerCase() as Address,
      storageKeys: storageKeys.map(word),
    })),
    blobVersionedHashes: transaction.blobVersionedHashes,
    authorizationList: transaction.authorizationList?.map((tuple) => ({
      chainId: quantity(tuple.chainId),
      address: tuple.address.toLowerCase() as Address,
      nonce: quantity(tuple.nonce),
      authority: recoverAuthority({
        chainId: quantity(tuple.chainId),
        address: tuple.address,
        nonce: quantity(tuple.nonce),
        yParity: quantity(tuple.yParity ?? tuple.v),
        r: quantity(tuple.r),
        s: quantity(tuple.s),
      }),
    })),
  };
}

/** The EIP-2718 type that the fields present make. */
function typeOf(transaction: StateFixture["transaction"], hasAccessList: boolean): number {
  if (transaction.authorizationList !== undefined) return 4;
  if (transaction.maxFeePerBlobGas !== undefined || transaction.blobVersionedHashes !== undefined) return 3;
  if (transaction.maxFeePerGas !== undefined) return 2;
  return hasAccessList ? 1 : 0;
}

function at<T>(values: readonly T[], index: number, name: string): T {
  const value = values[index];
  if (value === undefined) throw new Error(`the fixture has no transaction.${name}[${index}]`);
  return value;
}

function logsHash(logs: readonly Log[]): Hex {
  const items = logs.map(({ address, topics, data }) => [
    hexToBytes(address),
    topics.map(hexToBytes),
    hexToBytes(data),
  ]);
  return bytesToHex(keccak_256(RLP.encode(items)));
}
