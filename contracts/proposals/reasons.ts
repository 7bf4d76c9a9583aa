// Why a call failed, in the words that the contracts themselves give. Only errors of the record's contracts have names.
import { type Abi, decodeErrorResult, type Hex, size, slice, toFunctionSelector } from "viem";
import { errorWords } from "../build/abi.ts";
import type { Protocol } from "./known.ts";
import { visible } from "./text.ts";
import { account, flag, number, show, text, type Unit, type Value } from "./units.ts";

type AbiError = Extract<Abi[number], { type: "error" }>;

export type Reason = {
  /** As in `NotCovered`; undefined where no contract of the record has such an error. */
  name: string | undefined;
  args: readonly unknown[];
  /** A sentence, or the data where there is none. */
  text: string;
};

const SOLIDITY_PANICS: Readonly<Record<string, string>> = {
  "1": "an assertion failed",
  "17": "a number over- or underflowed",
  "18": "a division by zero",
  "33": "a number that is none of an enumeration",
  "50": "a place beyond the end of a list",
};

const pusd: Unit = { kind: "token", symbol: "pUSD", decimals: 18 };
const pldr: Unit = { kind: "token", symbol: "PLDR", decimals: 18 };

/** Of errors whose numbers have a unit, all of them the same. */
const units: Readonly<Record<string, Unit>> = {
  "NotCovered(uint256,uint256)": pusd,
  "StillExposed(address,uint256)": pusd,
  "GovernorInsufficientProposerVotes(address,uint256,uint256)": pldr,
  "RampDuration(uint256,uint256,uint256)": { kind: "duration" },
  "TimelockInsufficientDelay(uint256,uint256)": { kind: "duration" },
};

const standard = [
  { type: "error", name: "Error", inputs: [{ name: "message", type: "string" }] },
  { type: "error", name: "Panic", inputs: [{ name: "code", type: "uint256" }] },
] as const satisfies Abi;

/** @param data what the call returned when it reverted; empty where it gave no reason. */
export function reasonOf(protocol: Pick<Protocol, "contracts">, data: Hex): Reason {
  if (size(data) < 4) return { name: undefined, args: [], text: "it gave no reason" };
  const selector = slice(data, 0, 4);
  for (const { abi } of [{ abi: standard as Abi }, ...protocol.contracts]) {
    const error = abi.find(
      (item): item is AbiError => item.type === "error" && toFunctionSelector(signatureOf(item)) === selector,
    );
    if (error === undefined) continue;
    try {
      const args = (decodeErrorResult({ abi: [error], data }).args ?? []) as readonly unknown[];
      return { name: error.name, args, text: sentence(protocol, error, args) };
    } catch {
      break; // other data behind a known selector
    }
  }
  return { name: undefined, args: [], text: `an error that no contract of the record has: ${data}` };
}

function sentence(protocol: Pick<Protocol, "contracts">, error: AbiError, args: readonly unknown[]): string {
  if (error.name === "Error") return visible(String(args[0]));
  if (error.name === "Panic") return SOLIDITY_PANICS[String(args[0])] ?? `panic ${args[0]}`;
  const signature = signatureOf(error);
  const unit = units[signature] ?? number;
  const shown = args.map((value, i) => {
    const type = error.inputs[i]?.type ?? "";
    const plain = typeof value === "number" ? BigInt(value) : (value as Value);
    const of =
      type === "address" ? account : type === "bool" ? flag : typeof plain === "bigint" ? unit : text;
    return show(plain, of, protocol);
  });
  const values = shown.map((value, i) => {
    const name = error.inputs[i]?.name;
    return `${name ? `${name}: ` : ""}${value}`;
  });
  const call = values.length === 0 ? error.name : `${error.name} (${values.join(", ")})`;
  const words = errorWords[signature];
  return words === undefined ? call : `${call}. ${filled(words, error, shown)}`;
}

/** Puts the arguments where the words name them in backticks. */
function filled(words: string, { inputs }: AbiError, shown: readonly string[]): string {
  return words.replaceAll(
    /`([^`]+)`/g,
    (_, name: string) => shown[inputs.findIndex((input) => input.name === name)] ?? name,
  );
}

function signatureOf({ name, inputs }: AbiError): string {
  const type = (input: AbiError["inputs"][number]): string =>
    "components" in input ? `(${input.components.map(type).join()})${input.type.slice(5)}` : input.type;
  return `${name}(${inputs.map(type).join()})`;
}
