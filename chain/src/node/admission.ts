// The way into the pool: fills in what a request leaves open, and checks a transaction against the newest state in the
// words of the field. It must not know how transactions arrive or when blocks are made.

import type { Address } from "../engine/types.ts";
import { hexToBytes } from "../protocol/bytes.ts";
import { GAS_PER_BLOB, isAtLeast, maxBlobsPerTransaction, TRANSACTION_GAS_CAP } from "../protocol/forks.ts";
import type { UnsignedTransaction } from "../transaction/encode.ts";
import { describeFault, InvalidTransactionError, transactionError } from "../transaction/errors.ts";
import type { Transaction } from "../transaction/types.ts";
import { staticFault } from "../transaction/validity.ts";
import { estimateGas, typeOf } from "./calls.ts";
import type { ChainCore } from "./core.ts";
import { ChainError, TransactionRejectedError } from "./errors.ts";
import type { PoolEntry } from "./pool.ts";
import type { TransactionRequest } from "./types.ts";

/** What a request offers the block's maker where it does not say, wei per gas. */
export const DEFAULT_PRIORITY_FEE = 10n ** 9n;
/** EIP-7702's designation of a delegate, 0xef0100 || address. */
const DELEGATION_PREFIX = "0xef0100";
const DELEGATION_SIZE = 23;

/**
 * Takes a transaction into the pool. `forNextBlock`: a block is about to be made of it, so what it offers must cover the
 * next base fee. Throws TransactionRejectedError.
 */
export function admit(
  core: ChainCore,
  transaction: Transaction,
  options: { impersonated: boolean; forNextBlock: boolean },
): { replaced: PoolEntry | null; executable: PoolEntry[] } {
  try {
    checkStatic(core, transaction);
    checkSender(core, transaction, options.impersonated);
    const nonce = core.engine.getNonce(transaction.from);
    const executable = transaction.nonce <= core.pool.nextNonce(transaction.from, nonce);
    if (options.forNextBlock && executable) checkFees(core, transaction);
    return core.take(transaction, options.impersonated);
  } catch (error) {
    throw asRejection(error, transaction.hash);
  }
}

/** An InvalidTransactionError as the node tells it. */
export function asRejection(error: unknown, hash: Transaction["hash"] | null = null): unknown {
  return error instanceof InvalidTransactionError
    ? new TransactionRejectedError(error.reason, error.message, hash)
    : error;
}

/** Every field of a transaction from `from`; what is absent is chosen: nonce, type, fees, gas. */
export function complete(core: ChainCore, request: TransactionRequest, from: Address): UnsignedTransaction {
  const { chainId } = core.config;
  if (request.chainId !== undefined && request.chainId !== chainId) {
    throw asRejection(transactionError("wrong-chain-id", `have ${request.chainId} want ${chainId}`));
  }
  const type = typeOf(request);
  const nonce = request.nonce ?? core.pool.nextNonce(from, core.engine.getNonce(from));
  return {
    type,
    chainId,
    nonce,
    gas: request.gas ?? chooseGas(core, { ...request, from }),
    to: request.to ?? null,
    value: request.value ?? 0n,
    data: request.data ?? "0x",
    ...chooseFees(core, request, type),
    ...(type === 0 ? {} : { accessList: request.accessList ?? [] }),
    ...(type === 3
      ? {
          maxFeePerBlobGas: request.maxFeePerBlobGas ?? 2n * core.nextBlobBaseFee(),
          blobVersionedHashes: request.blobVersionedHashes ?? [],
        }
      : {}),
    ...(type === 4 ? { authorizationList: request.authorizationList ?? [] } : {}),
  };
}

function chooseFees(core: ChainCore, request: TransactionRequest, type: number) {
  if (request.gasPrice !== undefined && request.maxFeePerGas !== undefined) {
    throw new ChainError(
      "invalid-input",
      "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified",
    );
  }
  const baseFee = core.nextBaseFee();
  if (type < 2)
    return { gasPrice: request.gasPrice ?? request.maxFeePerGas ?? baseFee + DEFAULT_PRIORITY_FEE };
  // A gas price on a dynamic-fee transaction stands for both caps.
  const cap = request.maxFeePerGas ?? request.gasPrice;
  const tip =
    request.maxPriorityFeePerGas ??
    request.gasPrice ??
    (cap !== undefined && cap < DEFAULT_PRIORITY_FEE ? cap : DEFAULT_PRIORITY_FEE);
  return { maxFeePerGas: cap ?? 2n * baseFee + tip, maxPriorityFeePerGas: tip };
}

/** An estimate on the newest state. Behind waiting transactions that may mislead, so a failure there only means: all that is allowed. */
function chooseGas(core: ChainCore, request: TransactionRequest): bigint {
  const { engine, settings } = core;
  const environment = core.nextEnvironment();
  try {
    const { gasPrice: _, maxFeePerGas: __, maxPriorityFeePerGas: ___, nonce: ____, ...priceless } = request;
    return estimateGas({ engine, environment, options: {} }, priceless);
  } catch (error) {
    if (core.pool.size === 0) throw error;
    const capped = isAtLeast(environment.hardfork, "osaka") && settings.blockGasLimit > TRANSACTION_GAS_CAP;
    return capped ? TRANSACTION_GAS_CAP : settings.blockGasLimit;
  }
}

function checkStatic(core: ChainCore, transaction: Transaction): void {
  const { hardfork, blobSchedule } = core.rules();
  const fault = staticFault(transaction, {
    hardfork,
    chainId: core.config.chainId,
    maxBlobsPerTransaction: maxBlobsPerTransaction(hardfork, blobSchedule),
    unlimitedCodeSize: core.config.allowUnlimitedContractSize,
  });
  if (fault) throw transactionError(fault.reason, fault.detail);
  if (transaction.gas > core.settings.blockGasLimit) {
    throw transactionError(
      "block-gas-exceeded",
      `gas ${transaction.gas}, block gas limit ${core.settings.blockGasLimit}`,
    );
  }
}

function checkSender(core: ChainCore, transaction: Transaction, impersonated: boolean): void {
  const { engine } = core;
  const { from } = transaction;
  if (!impersonated) {
    const code = engine.getCode(from);
    if (code.length > 0 && !isDelegation(code)) {
      throw transactionError("sender-not-eoa", `address ${from} has code (EIP-3607)`);
    }
  }
  const cost = highestCost(transaction);
  const balance = engine.getBalance(from);
  if (balance < cost)
    throw transactionError("insufficient-funds", `address ${from} have ${balance} want ${cost}`);
}

function checkFees(core: ChainCore, transaction: Transaction): void {
  const maxFee = transaction.maxFeePerGas ?? transaction.gasPrice!;
  const baseFee = core.nextBaseFee();
  if (maxFee < baseFee) {
    throw transactionError("max-fee-below-base-fee", `maxFeePerGas: ${maxFee}, baseFee: ${baseFee}`);
  }
  if (transaction.maxFeePerBlobGas !== undefined && transaction.maxFeePerBlobGas < core.nextBlobBaseFee()) {
    throw transactionError(
      "max-blob-fee-below-base-fee",
      `maxFeePerBlobGas: ${transaction.maxFeePerBlobGas}, blob base fee: ${core.nextBlobBaseFee()}`,
    );
  }
}

/** Wei that a transaction may take from its sender. */
function highestCost(transaction: Transaction): bigint {
  const { value, gas, maxFeePerBlobGas = 0n, blobVersionedHashes = [] } = transaction;
  const price = transaction.maxFeePerGas ?? transaction.gasPrice!;
  return value + gas * price + maxFeePerBlobGas * GAS_PER_BLOB * BigInt(blobVersionedHashes.length);
}

function isDelegation(code: Uint8Array): boolean {
  const prefix = hexToBytes(DELEGATION_PREFIX);
  return code.length === DELEGATION_SIZE && prefix.every((byte, i) => code[i] === byte);
}

/** Said of a transaction that was taken but left out of the block made for it. */
export function leftOut(core: ChainCore, transaction: Transaction): TransactionRejectedError {
  const reason = core.reasonDropped(transaction.hash) ?? describeFault("block-gas-exceeded");
  return new TransactionRejectedError("left-out", reason, transaction.hash);
}
