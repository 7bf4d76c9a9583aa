// Execution without effect: eth_call, eth_estimateGas, eth_createAccessList. It must not know blocks beyond the
// environment it is given, nor change state.

import type {
  AccessListEntry,
  BlockEnvironment,
  CallOptions,
  CallResult,
  Engine,
  Message,
} from "../engine/types.ts";
import { ZERO_ADDRESS } from "../protocol/bytes.ts";
import { isAtLeast, TRANSACTION_GAS_CAP } from "../protocol/forks.ts";
import { recoverAuthority } from "../transaction/decode.ts";
import { intrinsicGas } from "../transaction/validity.ts";
import { ChainError, ExecutionFailedError } from "./errors.ts";
import { failureOf, outputOf, rejection } from "./outcome.ts";
import type { AccessListResult, TransactionRequest } from "./types.ts";

/** Where and on what a call runs. */
export interface CallContext {
  engine: Engine;
  environment: BlockEnvironment;
  options: CallOptions;
}

/** EIP-150's stipend; what estimation adds before undoing the 63/64 rule. */
const CALL_STIPEND = 2_300n;
const TRANSFER_GAS = 21_000n;
/** geth's: an estimate may lie above the least sufficient gas by 1.5 %. */
const ESTIMATE_TOLERANCE = { numerator: 15n, denominator: 1_000n };
/** No call may ask for more than this many times the block's gas. */
const CALL_GAS_FACTOR = 10n;
/** Precompiles are always warm and have no place in an access list: 0x01 to 0x11 and EIP-7951's 0x100. */
const PRECOMPILES = new Set(
  [...Array.from({ length: 17 }, (_, i) => i + 1), 0x100].map((n) => `0x${n.toString(16).padStart(40, "0")}`),
);

export function call(context: CallContext, request: TransactionRequest): Uint8Array {
  return outputOf(run(context, request, defaultGas(context.environment, request)));
}

/**
 * The least gas with which the transaction succeeds, to geth's tolerance: a first run with all that is allowed, one with
 * what it used, then bisection. Rejects with the transaction's own failure where no gas would help.
 */
export function estimateGas(context: CallContext, request: TransactionRequest): bigint {
  const { environment } = context;
  const highest = highestGas(context, request);
  const simple = isPlainTransfer(context, request) ? run(context, request, TRANSFER_GAS) : null;
  if (simple?.success && highest >= TRANSFER_GAS) return TRANSFER_GAS;

  const first = run(context, request, highest);
  if (first.invalid) {
    if (isGasShortage(first)) throw exceedsAllowance(highest);
    throw rejection(first.invalid);
  }
  if (!first.success) {
    // Out of gas with all that is allowed: more is not to be had.
    throw first.halt === "out-of-gas" ? exceedsAllowance(highest) : failureOf(first);
  }
  const { floor } = intrinsicGas(pricedPart(request), environment.hardfork);
  let low = first.gasUsed > floor ? first.gasUsed - 1n : floor - 1n;
  let high = highest;
  const optimistic = ((first.gasUsed + first.gasRefunded + CALL_STIPEND) * 64n) / 63n;
  if (optimistic < high) {
    if (suffices(context, request, optimistic)) high = optimistic;
    else low = optimistic;
  }
  while (low + 1n < high) {
    if ((high - low) * ESTIMATE_TOLERANCE.denominator < high * ESTIMATE_TOLERANCE.numerator) break;
    let middle = (low + high) / 2n;
    // Most transactions need little more than they use.
    if (middle > low * 2n) middle = low * 2n;
    if (suffices(context, request, middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Touched accounts and slots, and the gas with that list declared (EIP-2930). */
export function createAccessList(context: CallContext, request: TransactionRequest): AccessListResult {
  const gas = defaultGas(context.environment, request);
  const sender = request.from ?? ZERO_ADDRESS;
  let accessList: readonly AccessListEntry[] = request.accessList ?? [];
  // The list changes gas, gas may change the path; geth repeats until it stays the same.
  for (let round = 0; round < MAX_ACCESS_LIST_ROUNDS; round++) {
    const result = run(context, { ...request, accessList }, gas);
    if (result.invalid) throw rejection(result.invalid);
    const touched = result.accessList.filter(({ address, storageKeys }) => {
      // EIP-2929 and 3651 warm these anyway.
      const always =
        [sender, request.to, context.environment.coinbase].includes(address) || PRECOMPILES.has(address);
      return storageKeys.length > 0 || !(always || address === result.contractAddress);
    });
    if (sameList(touched, accessList) || round === MAX_ACCESS_LIST_ROUNDS - 1) {
      const failure = result.success ? {} : { error: failureOf(result).message };
      return { accessList: touched, gasUsed: result.gasUsed, ...failure };
    }
    accessList = touched;
  }
  throw new ChainError("internal", "the access list did not settle");
}

const MAX_ACCESS_LIST_ROUNDS = 8;

function sameList(a: readonly AccessListEntry[], b: readonly AccessListEntry[]): boolean {
  const text = (list: readonly AccessListEntry[]) =>
    list
      .map(({ address, storageKeys }) => `${address}:${[...storageKeys].sort().join(",")}`)
      .sort()
      .join(";");
  return text(a) === text(b);
}

function run(context: CallContext, request: TransactionRequest, gas: bigint): CallResult {
  const { environment, message } = prepareCall(context, request, gas);
  return context.engine.call(environment, context.engine.pack(message), context.options);
}

/** What a request comes to on the engine; without `gas` it may use what it asks for, or the block's. */
export function prepareCall(
  { environment }: Pick<CallContext, "environment">,
  request: TransactionRequest,
  gas: bigint = defaultGas(environment, request),
): { environment: BlockEnvironment; message: Message } {
  return {
    environment: isFree(request) ? { ...environment, noBaseFee: true } : environment,
    message: toCall(request, gas),
  };
}

/** No price given, or zero: nothing is charged and the base fee does not matter. */
function isFree({ gasPrice, maxFeePerGas }: TransactionRequest): boolean {
  return !gasPrice && !maxFeePerGas;
}

/** The message of a request as it stands; what is absent is zero. */
function toCall(request: TransactionRequest, gas: bigint): Message {
  if (request.gasPrice !== undefined && request.maxFeePerGas !== undefined) {
    throw new ChainError(
      "invalid-input",
      "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified",
    );
  }
  const maxFeePerGas = request.maxFeePerGas ?? request.gasPrice ?? 0n;
  return {
    type: typeOf(request),
    sender: request.from ?? ZERO_ADDRESS,
    to: request.to ?? null,
    nonce: request.nonce ?? 0n,
    gasLimit: gas,
    value: request.value ?? 0n,
    data: request.data ?? "0x",
    maxFeePerGas,
    // Without a price the tip is meaningless; geth ignores it too.
    maxPriorityFeePerGas: isFree(request) ? 0n : (request.maxPriorityFeePerGas ?? request.gasPrice ?? 0n),
    maxFeePerBlobGas: request.maxFeePerBlobGas,
    accessList: request.accessList,
    blobVersionedHashes: request.blobVersionedHashes,
    authorizationList: request.authorizationList?.map((authorization) => ({
      chainId: authorization.chainId,
      address: authorization.address,
      nonce: authorization.nonce,
      authority: recoverAuthority(authorization),
    })),
  };
}

/** The type that the fields ask for; EIP-1559 by default. */
export function typeOf(request: TransactionRequest): 0 | 1 | 2 | 3 | 4 {
  const { type } = request;
  if (type !== undefined) {
    if (type === 0 || type === 1 || type === 2 || type === 3 || type === 4) return type;
    throw rejection("type-not-supported", `transaction type not valid: ${type}`);
  }
  if (request.authorizationList) return 4;
  if (request.blobVersionedHashes) return 3;
  if (request.gasPrice === undefined) return 2;
  return request.accessList ? 1 : 0;
}

function defaultGas({ gasLimit }: BlockEnvironment, { gas }: TransactionRequest): bigint {
  const cap = gasLimit * CALL_GAS_FACTOR;
  if (gas === undefined) return gasLimit;
  return gas < cap ? gas : cap;
}

/** What may be spent at most: the request's gas or the block's, EIP-7825's cap, and what the sender can pay. */
function highestGas({ engine, environment, options }: CallContext, request: TransactionRequest): bigint {
  let highest = environment.gasLimit;
  if (request.gas !== undefined && request.gas >= TRANSFER_GAS && request.gas < highest)
    highest = request.gas;
  if (isAtLeast(environment.hardfork, "osaka") && highest > TRANSACTION_GAS_CAP)
    highest = TRANSACTION_GAS_CAP;
  const price = request.maxFeePerGas ?? request.gasPrice ?? 0n;
  if (price === 0n) return highest;
  const sender = request.from ?? ZERO_ADDRESS;
  const balance = options.overrides?.[sender]?.balance ?? engine.getBalance(sender, options.at);
  const value = request.value ?? 0n;
  if (balance < value)
    throw rejection("insufficient-funds", `address ${sender} have ${balance} want ${value}`);
  const affordable = (balance - value) / price;
  return affordable < highest ? affordable : highest;
}

function suffices(context: CallContext, request: TransactionRequest, gas: bigint): boolean {
  const result = run(context, request, gas);
  if (result.invalid && !isGasShortage(result)) throw rejection(result.invalid);
  return result.success && !result.invalid;
}

function isGasShortage({ invalid }: CallResult): boolean {
  return invalid === "intrinsic-gas-too-low" || invalid === "gas-below-floor";
}

function isPlainTransfer({ engine, options }: CallContext, request: TransactionRequest): boolean {
  const { to, data = "0x", accessList = [], authorizationList = [] } = request;
  if (!to || data !== "0x" || accessList.length > 0 || authorizationList.length > 0) return false;
  if (options.overrides?.[to]?.code !== undefined || PRECOMPILES.has(to)) return false;
  return engine.getCode(to, options.at).length === 0;
}

function pricedPart(request: TransactionRequest) {
  const { to = null, data = "0x", accessList, authorizationList } = request;
  return { to, data, accessList, authorizationList };
}

function exceedsAllowance(gas: bigint): ExecutionFailedError {
  return new ExecutionFailedError("out-of-gas", `gas required exceeds allowance (${gas})`);
}
