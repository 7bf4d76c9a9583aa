// What a call does, in the names of the contract that it goes to. Only contracts of the record have names; and what is shown
// must encode to the very bytes that will be sent, else it is said not to.
import {
  type AbiFunction,
  type AbiParameter,
  type Address,
  decodeFunctionData,
  encodeFunctionData,
  type Hex,
  isAddressEqual,
  size,
  slice,
  toFunctionSelector,
  toFunctionSignature,
} from "viem";
import { argumentUnit } from "./arguments.ts";
import type { Call } from "./build.ts";
import { type KnownContract, knownAt, type Protocol } from "./known.ts";
import { type Suspicion, suspicionsOf } from "./text.ts";
import { show, type Unit, type Value } from "./units.ts";

export type DecodedArgument = {
  /** As in `terms.cap` or `selectors[0]`. */
  name: string;
  value: Value;
  unit: Unit;
  /** The value in words and numbers; strings of strangers in quotes, with nothing invisible in them. */
  text: string;
};

export type CallFlag =
  /** The record does not name the target: nothing is known of what the call does. */
  | "unknown target"
  /** The target is known and has no such function. */
  | "unknown function"
  /** Other bytes than these names and values encode to: something is hidden behind, or in, the arguments. */
  | "not canonical"
  /** It carries calls in calls in calls: what the innermost do is not shown. */
  | "nested too deep"
  /** Ether goes with it. */
  | "sends ether"
  | Suspicion;

export type DecodedCall = {
  call: Call;
  /** Of the record's contract; undefined where the target is a stranger. */
  contract: Pick<KnownContract, "title" | "name" | "path" | "market"> | undefined;
  /** As in `raiseDebtCap(address,uint256)`; undefined where the data is not decoded. */
  signature: string | undefined;
  method: string | undefined;
  arguments: readonly DecodedArgument[];
  /** Calls that this one carries, as `relay` and `multicall` do. */
  inner: readonly DecodedCall[];
  flags: readonly CallFlag[];
  /** One line for people. */
  text: string;
};

const DEEPEST = 4;

/** Never throws: what cannot be decoded is shown as it is, and flagged. */
export function decodeCall(protocol: Protocol, call: Call, depth = 0): DecodedCall {
  const known = knownAt(protocol, call.target);
  const flags: CallFlag[] = call.value > 0n ? ["sends ether"] : [];
  const raw = (flag?: CallFlag): DecodedCall => ({
    call,
    contract: known && about(known),
    signature: undefined,
    method: undefined,
    arguments: [],
    inner: [],
    flags: flag === undefined ? flags : [...flags, flag],
    text: rawText(protocol, call, known),
  });
  if (known === undefined) return raw("unknown target");
  if (size(call.data) === 0) return raw(call.value > 0n ? undefined : "unknown function");
  const found = functionOf(known, call.data);
  if (found === undefined) return raw("unknown function");
  let args: readonly unknown[];
  try {
    args = (decodeFunctionData({ abi: [found], data: call.data }).args ?? []) as readonly unknown[];
    const again = encodeFunctionData({ abi: [found], args });
    if (again.toLowerCase() !== call.data.toLowerCase()) flags.push("not canonical");
  } catch {
    return raw("not canonical");
  }
  const leaves = found.inputs.flatMap((input, i) =>
    leavesOf(protocol, known, found, [input.name ?? `${i}`], input, args[i], named(found, args)),
  );
  const texts = leaves.filter(({ unit }) => unit.kind === "text").map(({ value }) => String(value));
  flags.push(...new Set(texts.flatMap(suspicionsOf)));
  const carried = innerCalls(call, found, args);
  if (depth >= DEEPEST && carried.length > 0) flags.push("nested too deep");
  const inner = depth < DEEPEST ? carried.map((each) => decodeCall(protocol, each, depth + 1)) : [];
  return {
    call,
    contract: about(known),
    signature: toFunctionSignature(found),
    method: found.name,
    arguments: leaves,
    inner,
    flags: [...new Set([...flags, ...inner.flatMap((each) => each.flags)])],
    text: `${known.title}: ${found.name}(${leaves.map(({ name, text }) => `${name}: ${text}`).join(", ")})`,
  };
}

function about({ title, name, path, market }: KnownContract): DecodedCall["contract"] {
  return { title, name, path, ...(market !== undefined && { market }) };
}

function functionOf({ abi }: KnownContract, data: Hex): AbiFunction | undefined {
  if (size(data) < 4) return undefined;
  const selector = slice(data, 0, 4);
  return abi.find(
    (item): item is AbiFunction => item.type === "function" && toFunctionSelector(item) === selector,
  );
}

function named({ inputs }: AbiFunction, args: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(inputs.map((input, i) => [input.name ?? `${i}`, args[i]]));
}

/** Tuples and lists taken apart, so that every value stands beside its own name and unit. */
function leavesOf(
  protocol: Protocol,
  contract: KnownContract,
  method: AbiFunction,
  path: readonly string[],
  parameter: AbiParameter,
  value: unknown,
  beside: Readonly<Record<string, unknown>>,
): DecodedArgument[] {
  const array = /^(.*)\[\d*\]$/.exec(parameter.type);
  if (array?.[1] !== undefined) {
    const of = { ...parameter, type: array[1] } as AbiParameter;
    const last = path.at(-1) ?? "";
    return (value as readonly unknown[]).flatMap((each, i) =>
      leavesOf(protocol, contract, method, [...path.slice(0, -1), `${last}[${i}]`], of, each, beside),
    );
  }
  if ("components" in parameter) {
    return parameter.components.flatMap((component, i) => {
      const name = component.name ?? `${i}`;
      const field = Array.isArray(value) ? value[i] : (value as Record<string, unknown>)[name];
      return leavesOf(protocol, contract, method, [...path, name], component, field, beside);
    });
  }
  const names = path.map((name) => name.replace(/\[\d+\]/g, ""));
  const unit = argumentUnit(protocol, contract, method.name, names, parameter, beside);
  const plain: Value = typeof value === "number" ? BigInt(value) : (value as Value);
  const selector =
    parameter.type === "bytes4" && typeof beside.target === "string"
      ? functionNamed(protocol, beside.target, value as Hex)
      : undefined;
  return [{ name: path.join("."), value: plain, unit, text: selector ?? show(plain, unit, protocol) }];
}

/** A function by its selector, named where the record names the target. */
export function functionNamed(protocol: Protocol, target: string, selector: Hex): string {
  const known = knownAt(protocol, target);
  const found = known && functionOf(known, selector);
  return found === undefined ? selector : `${toFunctionSignature(found)} (${selector})`;
}

/** Calls within the arguments of those functions that make them. */
function innerCalls(call: Call, { name, inputs }: AbiFunction, args: readonly unknown[]): Call[] {
  const types = inputs.map(({ type }) => type).join();
  if (name === "multicall" && types === "bytes[]") {
    return (args[0] as Hex[]).map((data) => ({ target: call.target, value: 0n, data }));
  }
  if (["relay", "schedule", "execute"].includes(name) && types.startsWith("address,uint256,bytes")) {
    return [{ target: args[0] as Address, value: args[1] as bigint, data: args[2] as Hex }];
  }
  if (["schedule", "execute"].includes(name) && types.startsWith("address,bytes")) {
    return [{ target: args[0] as Address, value: 0n, data: args[1] as Hex }];
  }
  if (
    ["scheduleBatch", "executeBatch", "execute", "propose"].includes(name) &&
    types.startsWith("address[],uint256[],bytes[]")
  ) {
    const [targets, values, datas] = args as [Address[], bigint[], Hex[]];
    return targets.map((target, i) => ({ target, value: values[i] ?? 0n, data: datas[i] ?? "0x" }));
  }
  return [];
}

function rawText(
  protocol: Protocol,
  { target, value, data }: Call,
  known: KnownContract | undefined,
): string {
  const to = known === undefined ? `unknown contract ${target}` : `${known.title} (${target})`;
  const treasury = isAddressEqual(target, protocol.governance.timelock) ? ", the treasury itself" : "";
  const paid =
    value > 0n ? `, with ${show(value, { kind: "token", symbol: "ETH", decimals: 18 }, protocol)}` : "";
  return `${to}${treasury}: ${size(data) === 0 ? "no data" : `data ${data}`}${paid}`;
}
