// Decoders of the composite parameters: transactions and calls, state and block overrides, log filters. They must not
// look at the chain.

import type {
  AccessListEntry,
  AccountOverride,
  BlockOverrides,
  LogFilter,
  SignedAuthorization,
  StateOverrides,
  TransactionRequest,
  Withdrawal,
} from "../node/types.ts";
import { InvalidParamsError, UnsupportedError } from "./errors.ts";
import {
  address,
  arrayOf,
  blockNumber,
  compact,
  type Decoder,
  data,
  fieldsOf,
  hash,
  object,
  quantity,
  recordOf,
  refuse,
  word,
} from "./parameters.ts";

const accessList = arrayOf<AccessListEntry>((value, path) => {
  const field = fieldsOf(value, path);
  return {
    address: field("address", address) ?? refuse(`${path}.address`, "an address", undefined),
    storageKeys: field("storageKeys", arrayOf(word)) ?? [],
  };
});

/** EIP-7702; the parity comes as yParity, or as v in older tools. */
const authorization: Decoder<SignedAuthorization> = (value, path) => {
  const field = fieldsOf(value, path);
  const need = <T>(name: string, decode: Decoder<T>): T =>
    field(name, decode) ?? refuse(`${path}.${name}`, "given", undefined);
  return {
    chainId: need("chainId", quantity()),
    address: need("address", address),
    nonce: need("nonce", quantity(64)),
    yParity: field("yParity", quantity(8)) ?? need("v", quantity(8)) % 27n,
    r: need("r", quantity()),
    s: need("s", quantity()),
  };
};

/** What eth_call, eth_estimateGas, eth_sendTransaction and their like take. */
export const transactionRequest: Decoder<TransactionRequest> = (value, path) => {
  const field = fieldsOf(value, path);
  const older = field("data", data);
  const input = field("input", data);
  if (older !== undefined && input !== undefined && older !== input) {
    throw new InvalidParamsError(`${path}: both "data" and "input" are set and not equal; give one of them`);
  }
  if (object(value, path).blobs !== undefined) {
    throw new UnsupportedError("blobs can't be attached to an unsigned transaction; sign it and send it raw");
  }
  const request = compact<TransactionRequest>({
    from: field("from", address),
    to: field("to", address),
    gas: field("gas", quantity(64)) ?? field("gasLimit", quantity(64)),
    gasPrice: field("gasPrice", quantity()),
    maxFeePerGas: field("maxFeePerGas", quantity()),
    maxPriorityFeePerGas: field("maxPriorityFeePerGas", quantity()),
    maxFeePerBlobGas: field("maxFeePerBlobGas", quantity()),
    value: field("value", quantity()),
    nonce: field("nonce", quantity(64)),
    data: input ?? older,
    chainId: field("chainId", quantity()),
    type: field("type", transactionType),
    accessList: field("accessList", accessList),
    blobVersionedHashes: field("blobVersionedHashes", arrayOf(hash)),
    authorizationList: field("authorizationList", arrayOf(authorization)),
  });
  if (
    request.gasPrice !== undefined &&
    (request.maxFeePerGas !== undefined || request.maxPriorityFeePerGas !== undefined)
  ) {
    throw new InvalidParamsError(
      `${path}: both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified; give one of the two`,
    );
  }
  return request;
};

const transactionType: Decoder<number> = (value, path) => {
  const type = Number(quantity(8)(value, path));
  return type <= 4 ? type : refuse(path, "a transaction type from 0x0 to 0x4", value);
};

const storage = recordOf(word, word);

const accountOverride: Decoder<AccountOverride> = (value, path) => {
  const field = fieldsOf(value, path);
  if (object(value, path).movePrecompileToAddress !== undefined) {
    throw new UnsupportedError(`${path}.movePrecompileToAddress: precompiles can't be moved on this chain`);
  }
  const override = compact<AccountOverride>({
    balance: field("balance", quantity()),
    nonce: field("nonce", quantity(64)),
    code: field("code", data),
    state: field("state", storage),
    stateDiff: field("stateDiff", storage),
  });
  if (override.state !== undefined && override.stateDiff !== undefined) {
    throw new InvalidParamsError(`${path}: has both 'state' and 'stateDiff'; give one of them`);
  }
  return override;
};

export const stateOverrides: Decoder<StateOverrides> = recordOf(address, accountOverride);

/** Both the names of geth's eth_call and those of eth_simulateV1. */
export const blockOverrides: Decoder<BlockOverrides> = (value, path) => {
  const field = fieldsOf(value, path);
  return compact<BlockOverrides>({
    number: field("number", quantity(64)),
    timestamp: field("time", quantity(64)) ?? field("timestamp", quantity(64)),
    gasLimit: field("gasLimit", quantity(64)),
    coinbase: field("feeRecipient", address) ?? field("coinbase", address),
    prevRandao: field("prevRandao", word) ?? field("random", word),
    baseFeePerGas: field("baseFeePerGas", quantity()) ?? field("baseFee", quantity()),
    blobBaseFee: field("blobBaseFee", quantity()),
  });
};

export const withdrawals = arrayOf<Withdrawal>((value, path) => {
  const field = fieldsOf(value, path);
  return {
    index: field("index", quantity(64)) ?? 0n,
    validatorIndex: field("validatorIndex", quantity(64)) ?? 0n,
    address: field("address", address) ?? refuse(`${path}.address`, "an address", undefined),
    amount: field("amount", quantity(64)) ?? 0n,
  };
});

/** One topic position: a hash, any of several (null among them means all), or null. */
const topic: Decoder<readonly `0x${string}`[] | null> = (value, path) => {
  if (value === null) return null;
  if (!Array.isArray(value)) return [hash(value, path)];
  if (value.length === 0 || value.includes(null)) return null;
  return arrayOf(hash)(value, path);
};

export const logFilter: Decoder<LogFilter> = (value, path) => {
  const field = fieldsOf(value, path);
  const filter = compact<LogFilter>({
    fromBlock: field("fromBlock", blockNumber),
    toBlock: field("toBlock", blockNumber),
    blockHash: field("blockHash", hash),
    addresses: field("address", (item, at) =>
      Array.isArray(item) ? arrayOf(address)(item, at) : [address(item, at)],
    ),
    topics: field("topics", arrayOf(topic)),
  });
  if (filter.blockHash !== undefined && (filter.fromBlock !== undefined || filter.toBlock !== undefined)) {
    throw new InvalidParamsError(
      `${path}: cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other`,
    );
  }
  if (filter.topics !== undefined && filter.topics.length > 4) {
    throw new InvalidParamsError(
      `${path}.topics: exceed max topics: a log has at most 4, got ${filter.topics.length}`,
    );
  }
  return filter;
};
