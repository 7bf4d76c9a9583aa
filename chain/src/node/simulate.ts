// eth_simulateV1: blocks of calls on top of the newest state, built on the engine and taken back. It must not know
// the pool; whoever calls it owns the engine meanwhile.

import type { BlockEnvironment, Engine, Hash, Hex, IncludedTransaction } from "../engine/types.ts";
import { bytesToHex, hexToBytes, ZERO_HASH } from "../protocol/bytes.ts";
import { blobBaseFee, nextBaseFee, nextExcessBlobGas } from "../protocol/fees.ts";
import { isAtLeast, TRANSACTION_GAS_CAP } from "../protocol/forks.ts";
import {
  type BlockHeader,
  EMPTY_OMMERS_HASH,
  EMPTY_ROOT,
  hashHeader,
  ZERO_HEADER_NONCE,
} from "../protocol/header.ts";
import { requestsHash } from "../protocol/requests.ts";
import { withImpersonation } from "../transaction/encode.ts";
import { toMessage } from "../transaction/message.ts";
import type { Transaction } from "../transaction/types.ts";
import { typeOf } from "./calls.ts";
import { ChainError, ExecutionRevertedError } from "./errors.ts";
import { blockView, encodeReceipt, type History, receiptView, type StoredBlock } from "./history.ts";
import { rulesAt } from "./options.ts";
import { failureOf, rejection } from "./outcome.ts";
import { blockEnvironment, openingCalls, withdrawalsRoot } from "./producer.ts";
import type {
  ForkActivation,
  SimulatedBlock,
  SimulatedCall,
  SimulateParameters,
  StateOverrides,
  TransactionRequest,
} from "./types.ts";

export interface SimulationContext {
  engine: Engine;
  history: History;
  forks: readonly ForkActivation[];
  chainId: bigint;
  unlimitedCodeSize: boolean;
}

type BlockCalls = SimulateParameters["blockStateCalls"][number];

/** geth's: blocks, gaps filled included. */
const MAX_SIMULATED_BLOCKS = 256;
/** geth's: seconds between simulated blocks. */
const SIMULATED_INTERVAL = 12n;
/** geth's code for a call that failed without REVERT. */
const VM_ERROR_CODE = -32_015;
const REVERT_CODE = 3;

export async function simulate(
  context: SimulationContext,
  parameters: SimulateParameters,
): Promise<SimulatedBlock[]> {
  const { engine, history } = context;
  if (parameters.traceTransfers) {
    throw new ChainError(
      "unsupported",
      "traceTransfers is not supported: the engine does not trace value transfers yet",
    );
  }
  const before = engine.head;
  const simulated: StoredBlock[] = [];
  const results: SimulatedBlock[] = [];
  try {
    for (const calls of withGapsFilled(parameters.blockStateCalls, history.head.header.number)) {
      const parent = simulated.at(-1) ?? history.head;
      const ancestors = [
        ...simulated.map((block) => block.hash!).reverse(),
        ...history.ancestorHashes(history.head),
      ];
      const { block, outcomes } = await simulateBlock(
        context,
        parent,
        ancestors.slice(0, 256),
        calls,
        parameters.validation ?? false,
      );
      simulated.push(block);
      results.push({ block: blockView(block), calls: outcomes });
    }
    return results;
  } finally {
    engine.revertTo(before);
  }
}

/** Numbers must rise; the blocks between are empty. */
function withGapsFilled(blocks: readonly BlockCalls[], headNumber: bigint): BlockCalls[] {
  const filled: BlockCalls[] = [];
  let last = headNumber;
  for (const block of blocks) {
    const number = block.blockOverrides?.number ?? last + 1n;
    if (number <= last) {
      throw new ChainError(
        "invalid-input",
        `block numbers must be in order: ${number} does not follow ${last}`,
      );
    }
    if (BigInt(filled.length) + number - last > BigInt(MAX_SIMULATED_BLOCKS)) {
      throw new ChainError(
        "invalid-input",
        `too many blocks: at most ${MAX_SIMULATED_BLOCKS}, gaps included`,
      );
    }
    while (last + 1n < number) filled.push({ blockOverrides: { number: ++last } });
    filled.push({ ...block, blockOverrides: { ...block.blockOverrides, number } });
    last = number;
  }
  return filled;
}

async function simulateBlock(
  context: SimulationContext,
  parent: StoredBlock,
  ancestorHashes: readonly Hash[],
  { blockOverrides: overrides = {}, stateOverrides, calls = [] }: BlockCalls,
  validation: boolean,
): Promise<{ block: StoredBlock; outcomes: SimulatedCall[] }> {
  const { engine, forks, chainId, unlimitedCodeSize } = context;
  const startedAt = performance.now();
  const timestamp = overrides.timestamp ?? parent.header.timestamp + SIMULATED_INTERVAL;
  if (timestamp <= parent.header.timestamp) {
    throw new ChainError(
      "invalid-input",
      `block timestamps must be in order: ${timestamp} is not after ${parent.header.timestamp}`,
    );
  }
  const rules = rulesAt(forks, timestamp);
  const header: BlockHeader = {
    parentHash: parent.hash!,
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: overrides.coinbase ?? parent.header.coinbase,
    stateRoot: ZERO_HASH,
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: "0x",
    difficulty: 0n,
    number: overrides.number!,
    gasLimit: overrides.gasLimit ?? parent.header.gasLimit,
    gasUsed: 0n,
    timestamp,
    extraData: "0x",
    prevRandao: overrides.prevRandao ?? ZERO_HASH,
    nonce: ZERO_HEADER_NONCE,
    baseFeePerGas: overrides.baseFeePerGas ?? (validation ? nextBaseFee(parent.header) : 0n),
    withdrawalsRoot: withdrawalsRoot(engine, overrides.withdrawals ?? []),
    blobGasUsed: 0n,
    excessBlobGas: nextExcessBlobGas(parent.header, rules.hardfork, rules.blobSchedule),
    parentBeaconBlockRoot: overrides.parentBeaconBlockRoot ?? ZERO_HASH,
  };
  const environment: BlockEnvironment = {
    ...blockEnvironment(header, rules, { chainId, ancestorHashes, unlimitedCodeSize }),
    ...(overrides.blobBaseFee === undefined ? {} : { blobBaseFee: overrides.blobBaseFee }),
  };
  applyOverrides(engine, stateOverrides ?? {});
  const fromPrague = isAtLeast(rules.hardfork, "prague");
  engine.beginBlock(environment);
  for (const { to, data } of openingCalls(header, rules.hardfork)) engine.systemCall(to, data);
  await engine.seal();

  const transactions: Transaction[] = [];
  const results: IncludedTransaction[] = [];
  for (const request of calls) {
    const { transaction, result } = await simulateCall(engine, environment, header, request, validation);
    header.gasUsed += result.gasUsed;
    header.blobGasUsed += result.blobGasUsed;
    transactions.push(transaction);
    results.push(placed(result, results.length, header.gasUsed));
  }
  for (const { address, amount } of overrides.withdrawals ?? []) {
    engine.setBalance(address, engine.getBalance(address) + amount * 10n ** 9n);
  }
  const bloom = new Uint8Array(256);
  for (const { logsBloom } of results) for (let i = 0; i < 256; i++) bloom[i]! |= logsBloom[i]!;
  header.logsBloom = bytesToHex(bloom);
  header.stateRoot = engine.stateRoot();
  header.transactionsRoot = engine.orderedRoot(transactions.map(({ raw }) => hexToBytes(raw)));
  header.receiptsRoot = engine.orderedRoot(
    results.map((result, i) => encodeReceipt(transactions[i]!.type, result)),
  );
  if (fromPrague) header.requestsHash = requestsHash([]);

  const block: StoredBlock = {
    header,
    hash: hashHeader(header),
    transactions,
    results,
    withdrawals: overrides.withdrawals ?? [],
    bloom,
    blobBaseFee: blobBaseFee(header.excessBlobGas, rules.blobSchedule),
    version: engine.head,
    workers: 1,
    milliseconds: performance.now() - startedAt,
    reExecutions: 0,
  };
  const outcomes = results.map((result, index): SimulatedCall => {
    const { success, output, gasUsed } = result;
    const { logs } = receiptView(block, index);
    return { success, returnData: bytesToHex(output), gasUsed, logs, ...failure(result) };
  });
  return { block, outcomes };
}

/** One call as a block of its own on the engine: its gas and nonce depend on what the calls before it left. */
async function simulateCall(
  engine: Engine,
  environment: BlockEnvironment,
  header: BlockHeader,
  request: TransactionRequest,
  validation: boolean,
): Promise<{ transaction: Transaction; result: IncludedTransaction }> {
  const from = request.from ?? `0x${"00".repeat(20)}`;
  const gasLeft = header.gasLimit - header.gasUsed;
  const cap =
    isAtLeast(environment.hardfork, "osaka") && gasLeft > TRANSACTION_GAS_CAP ? TRANSACTION_GAS_CAP : gasLeft;
  const type = typeOf(request);
  const price = request.gasPrice ?? 0n;
  const transaction = withImpersonation(
    {
      type,
      chainId: environment.chainId,
      nonce: validation ? (request.nonce ?? engine.getNonce(from)) : engine.getNonce(from),
      gas: request.gas ?? cap,
      to: request.to ?? null,
      value: request.value ?? 0n,
      data: request.data ?? "0x",
      ...(type < 2
        ? { gasPrice: price }
        : {
            maxFeePerGas: request.maxFeePerGas ?? price,
            maxPriorityFeePerGas: request.maxPriorityFeePerGas ?? price,
          }),
      ...(type > 0 ? { accessList: request.accessList ?? [] } : {}),
      ...(type === 3
        ? {
            maxFeePerBlobGas: request.maxFeePerBlobGas ?? environment.blobBaseFee,
            blobVersionedHashes: request.blobVersionedHashes ?? [],
          }
        : {}),
      ...(type === 4 ? { authorizationList: request.authorizationList ?? [] } : {}),
    },
    from,
  );
  if (transaction.gas > gasLeft)
    throw rejection("block-gas-exceeded", `${transaction.gas} gas asked for, ${gasLeft} left`);
  engine.beginBlock(validation ? environment : { ...environment, noBaseFee: true });
  const { included, excluded } = await engine
    .executeTransactions([engine.pack({ ...toMessage(transaction, true), keepsOutput: true })])
    .catch((error: unknown) => {
      engine.abandon();
      throw error;
    });
  await engine.seal();
  if (excluded[0])
    throw rejection(excluded[0].reason, `call of ${from} to ${transaction.to ?? "a new contract"}`);
  return { transaction, result: included[0]! };
}

function failure(result: IncludedTransaction): Pick<SimulatedCall, "error"> {
  if (result.success) return {};
  const error = failureOf(result);
  if (error instanceof ExecutionRevertedError) {
    return { error: { code: REVERT_CODE, message: error.message, data: error.output } };
  }
  return { error: { code: VM_ERROR_CODE, message: error.message } };
}

function applyOverrides(engine: Engine, overrides: StateOverrides): void {
  for (const [key, { balance, nonce, code, state, stateDiff }] of Object.entries(overrides)) {
    const address = key.toLowerCase() as Hex;
    if (state) {
      throw new ChainError(
        "unsupported",
        `override of the whole storage of ${address} is not supported here: use stateDiff`,
      );
    }
    if (balance !== undefined) engine.setBalance(address, balance);
    if (nonce !== undefined) engine.setNonce(address, nonce);
    if (code !== undefined) engine.setCode(address, hexToBytes(code));
    for (const [slot, value] of Object.entries(stateDiff ?? {}))
      engine.setStorage(address, slot as Hash, value);
  }
}

/** The result of a call that ran as a block of its own, at its place in the simulated block. Engine results are decoded on
 * demand, so their fields are read one by one. */
function placed(result: IncludedTransaction, index: number, cumulativeGasUsed: bigint): IncludedTransaction {
  const { success, halt, gasUsed, gasRefunded, output, logs, logsBloom, contractAddress } = result;
  const { position, effectiveGasPrice, blobGasUsed } = result;
  return {
    position,
    index,
    success,
    halt,
    gasUsed,
    gasRefunded,
    output,
    logs,
    logsBloom,
    contractAddress,
    cumulativeGasUsed,
    effectiveGasPrice,
    blobGasUsed,
  };
}
