// Decoders: from the JSON of a request to checked values, with words that name the parameter and what it should be.
// Shared pieces; what only one family of methods takes stands with that family. They must not look at the chain.

import type { Address, BlockReference, BlockTag, Hash, Hex } from "../node/types.ts";
import { InvalidParamsError } from "./errors.ts";

/** Gives the value or throws InvalidParamsError. `path` is how the message begins: "invalid argument 0 (address)". */
export type Decoder<T> = (value: unknown, path: string) => T;

/** One positional parameter. */
export interface Parameter<T> {
  name: string;
  decode: Decoder<T>;
  optional: boolean;
}

export function required<T>(name: string, decode: Decoder<T>): Parameter<T> {
  return { name, decode, optional: false };
}

/** A parameter that may be left out, or null, which counts the same. */
export function optional<T>(name: string, decode: Decoder<T>): Parameter<T | undefined>;
export function optional<T>(name: string, decode: Decoder<T>, fallback: T): Parameter<T>;
export function optional<T>(name: string, decode: Decoder<T>, fallback?: T): Parameter<T | undefined> {
  return {
    name,
    optional: true,
    decode: (value, path) => (isAbsent(value) ? fallback : decode(value, path)),
  };
}

/** The values of a list of parameters. */
export type Values<P extends readonly Parameter<unknown>[]> = {
  [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/** Decodes the `params` of a request. */
export function decodeParameters(
  parameters: readonly Parameter<unknown>[],
  values: readonly unknown[],
): unknown[] {
  if (
    values.length > parameters.length &&
    values.slice(parameters.length).some((value) => !isAbsent(value))
  ) {
    const names = parameters.map((parameter) => parameter.name).join(", ");
    throw new InvalidParamsError(
      `too many arguments, want at most ${parameters.length}${names ? ` (${names})` : ""}, got ${values.length}`,
    );
  }
  return parameters.map((parameter, index) => {
    const value = values[index];
    if (isAbsent(value) && !parameter.optional) {
      throw new InvalidParamsError(`missing value for required argument ${index} (${parameter.name})`);
    }
    return parameter.decode(value, `invalid argument ${index} (${parameter.name})`);
  });
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Throws; for decoders. */
export function refuse(path: string, wanted: string, value: unknown): never {
  throw new InvalidParamsError(`${path}: should be ${wanted}, got ${show(value)}`);
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 60)}... (${text.length} characters)` : text;
}

/* BYTES */

const HEX = /^0x[0-9a-fA-F]*$/;

function hexText(value: unknown, path: string, wanted: string): string {
  if (typeof value !== "string") return refuse(path, wanted, value);
  if (!/^0x/i.test(value))
    throw new InvalidParamsError(`${path}: hex string without 0x prefix: ${show(value)}`);
  const text = `0x${value.slice(2).toLowerCase()}`;
  if (!HEX.test(text)) return refuse(path, `${wanted} (it holds other characters than 0-9 and a-f)`, value);
  return text;
}

/** Bytes of any length. */
export const data: Decoder<Hex> = (value, path) => {
  const text = hexText(value, path, "bytes in hex such as 0x60ff");
  if (text.length % 2 !== 0) return refuse(path, "whole bytes: an even number of hex digits", value);
  return text as Hex;
};

export const address: Decoder<Address> = (value, path) => {
  const wanted = "an address, 0x and 40 hex digits";
  const text = hexText(value, path, wanted);
  return text.length === 42 ? (text as Address) : refuse(path, wanted, value);
};

export const hash: Decoder<Hash> = (value, path) => {
  const wanted = "a hash, 0x and 64 hex digits";
  const text = hexText(value, path, wanted);
  return text.length === 66 ? (text as Hash) : refuse(path, wanted, value);
};

/** A storage key or value: up to 32 bytes, padded on the left. */
export const word: Decoder<Hash> = (value, path) => {
  const text = hexText(value, path, "a 32-byte word in hex");
  if (text.length > 66) {
    throw new InvalidParamsError(
      `${path}: storage key or value too long (want at most 32 bytes): ${show(value)}`,
    );
  }
  return `0x${text.slice(2).padStart(64, "0")}`;
};

/* NUMBERS */

/** A number in hex below 2^bits. Leading zeros are let pass, as anvil and Hardhat do. */
export function quantity(bits = 256): Decoder<bigint> {
  return (value, path) => {
    const wanted = "a number in hex such as 0x5208";
    const text = hexText(value, path, wanted);
    if (text === "0x") return refuse(path, `${wanted} (0x0 for zero)`, value);
    const number = BigInt(text);
    return number >> BigInt(bits) === 0n ? number : refuse(path, `below 2^${bits}`, value);
  };
}

/** The same, or a whole JSON number: what the evm_ methods of Hardhat and anvil take. */
export function looseQuantity(bits = 64): Decoder<bigint> {
  const strict = quantity(bits);
  return (value, path) => {
    if (typeof value !== "number") {
      return typeof value === "string" && /^\d+$/.test(value) ? BigInt(value) : strict(value, path);
    }
    return Number.isSafeInteger(value) && value >= 0
      ? BigInt(value)
      : refuse(path, "a whole number, not negative", value);
  };
}

/** A hex quantity or JSON number as a number. */
export const count: Decoder<number> = (value, path) => Number(looseQuantity(53)(value, path));

/* COMPOSITES */

export const boolean: Decoder<boolean> = (value, path) =>
  typeof value === "boolean" ? value : refuse(path, "true or false", value);

export const string: Decoder<string> = (value, path) =>
  typeof value === "string" ? value : refuse(path, "a string", value);

/** Anything; the method itself looks. */
export const anything: Decoder<unknown> = (value) => value;

export function arrayOf<T>(decode: Decoder<T>): Decoder<T[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((item, index) => decode(item, `${path}[${index}]`))
      : refuse(path, "an array", value);
}

/** An object used as a map; both decoders see their key in the path. */
export function recordOf<K extends string, T>(key: Decoder<K>, decode: Decoder<T>): Decoder<Record<K, T>> {
  return (value, path) => {
    const result = {} as Record<K, T>;
    for (const [name, item] of Object.entries(object(value, path))) {
      result[key(name, `${path}, key ${JSON.stringify(name)}`)] = decode(item, `${path}.${name}`);
    }
    return result;
  };
}

export function object(value: unknown, path: string): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : refuse(path, "an object", value);
}

/** Reads the fields of an object; absent ones and null give undefined, unknown ones are ignored, as geth does. */
export function fieldsOf(value: unknown, path: string) {
  const source = object(value, path);
  return <T>(name: string, decode: Decoder<T>): T | undefined =>
    isAbsent(source[name]) ? undefined : decode(source[name], `${path}.${name}`);
}

/** Leaves out what is undefined, so that a spread or a presence test sees only what was given. */
export function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/* BLOCKS */

const TAGS: ReadonlySet<string> = new Set<BlockTag>(["latest", "pending", "earliest", "safe", "finalized"]);
const BLOCK_WORDS = "a block: a number in hex, latest, pending, earliest, safe or finalized";

/** A number or a tag. */
export const blockNumber: Decoder<BlockTag | bigint> = (value, path) => {
  if (typeof value === "string" && TAGS.has(value)) return value as BlockTag;
  if (typeof value === "string" && /^0x/i.test(value)) return quantity(64)(value, path);
  if (typeof value === "string" && /^\d+$/.test(value)) {
    throw new InvalidParamsError(`${path}: hex string without 0x prefix: ${show(value)}`);
  }
  return refuse(path, BLOCK_WORDS, value);
};

/** EIP-1898: a number, a tag, a hash, {blockNumber} or {blockHash, requireCanonical}. */
export const block: Decoder<BlockReference> = (value, path) => {
  if (typeof value === "string" && value.length === 66) return { blockHash: hash(value, path) };
  if (typeof value !== "object" || value === null) return blockNumber(value, path);
  const field = fieldsOf(value, path);
  const number = field("blockNumber", blockNumber);
  const blockHash = field("blockHash", hash);
  const requireCanonical = field("requireCanonical", boolean);
  if (number !== undefined && blockHash !== undefined) {
    throw new InvalidParamsError(
      `${path}: cannot specify both BlockHash and BlockNumber, choose one or the other`,
    );
  }
  if (blockHash !== undefined)
    return { blockHash, ...(requireCanonical === undefined ? {} : { requireCanonical }) };
  return number ?? refuse(path, `${BLOCK_WORDS}, or an object with blockHash or blockNumber`, value);
};
