// Turns what a wallet, a node or a contract threw into a failure with words: which custom error, with which arguments.
// The ABIs of all contracts are loaded only when something failed.
import {
  type Abi,
  type AbiParameter,
  BaseError,
  decodeErrorResult,
  type Hex,
  HttpRequestError,
  isHex,
  RpcRequestError,
  TimeoutError,
  toFunctionSignature,
  UserRejectedRequestError,
} from "viem";
import { words } from "../words.ts";
import { loadAllAbis } from "./all-abis.ts";
import { shortHex } from "./format.ts";

export type FailureKind =
  | "rejected"
  | "reverted"
  | "unreachable"
  | "wrongNetwork"
  | "notConnected"
  | "restarted"
  | "walletElsewhere"
  | "dropped"
  | "replaced"
  | "unknown";

export type Failure = {
  kind: FailureKind;
  /** A sentence for people. */
  words: string;
  /** For who wants to know more: the error with its arguments, or what the node said. */
  detail?: string;
  /** Of a custom error. */
  errorName?: string;
};

/** Gives an argument of a custom error its unit, such as `debt` its decimals; nothing: as it is. */
export type ArgumentFormat = (name: string, value: unknown, errorName: string) => string | undefined;

/** What went wrong, in words. */
export async function explain(error: unknown, format?: ArgumentFormat): Promise<Failure> {
  if (isRejection(error)) return failure("rejected");
  // A wallet that moved on without a word is found out when it is to sign.
  if (find(error, (each) => /ChainMismatchError$/.test((each as { name?: string } | undefined)?.name ?? "")))
    return failure("wrongNetwork");
  const data = revertData(error);
  if (data !== undefined) {
    const decoded = await decodeRevert(data, format);
    if (decoded !== undefined) return decoded;
  }
  if (
    find(error, (each) => each instanceof HttpRequestError || each instanceof TimeoutError) ||
    isNetwork(error)
  ) {
    return { ...failure("unreachable"), detail: messageOf(error) };
  }
  return { ...failure("unknown"), detail: messageOf(error) };
}

/** Of revert data; nothing where no contract of ours has such an error. */
export async function decodeRevert(data: Hex, format?: ArgumentFormat): Promise<Failure | undefined> {
  try {
    const { abi, errorWords } = await loadErrors();
    const { errorName, args = [], abiItem } = decodeErrorResult({ abi, data });
    const inputs = "inputs" in abiItem ? abiItem.inputs : [];
    const texts = (args as readonly unknown[]).map((value, i) => {
      const name = inputs[i]?.name ?? "";
      return { name, text: format?.(name, value, errorName) ?? plain(value) };
    });
    const own =
      errorName === "Error"
        ? texts[0]?.text
        : (words.errors.custom[errorName] ?? errorWords[signatureOf(errorName, inputs)]);
    const detail = `${errorName}(${texts.map(({ name, text }) => (name ? `${name}: ${text}` : text)).join(", ")})`;
    return {
      kind: "reverted",
      words: own === undefined ? words.errors.kinds.reverted : fill(own, texts),
      detail,
      errorName,
    };
  } catch {
    return undefined;
  }
}

export function failure(kind: FailureKind): Failure {
  return { kind, words: words.errors.kinds[kind] };
}

/** Puts arguments where the words name them in backticks. */
function fill(text: string, texts: readonly { name: string; text: string }[]): string {
  return text.replaceAll(/`([^`]+)`/g, (whole, name: string) => {
    const given = texts.find((each) => each.name === name);
    return given === undefined ? whole.slice(1, -1) : given.text;
  });
}

function plain(value: unknown): string {
  if (typeof value === "bigint") return value.toLocaleString("en-GB");
  if (typeof value === "string" && isHex(value)) return shortHex(value);
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
  return String(value);
}

let errors: Promise<{ abi: Abi; errorWords: Readonly<Record<string, string>> }> | undefined;

/** Each custom error once, from all contracts. */
function loadErrors() {
  errors ??= loadAllAbis().then(({ abis, errorWords }) => {
    const found = new Map<string, Abi[number]>();
    for (const item of Object.values(abis).flat()) {
      if (item.type === "error") {
        found.set(signatureOf(item.name, item.inputs), item);
      }
    }
    return { abi: [...found.values()], errorWords };
  });
  errors.catch(() => {
    errors = undefined;
  });
  return errors;
}

/** As in `NotCovered(uint256,uint256)`: errors of one name may take different arguments, and mean different things. */
function signatureOf(name: string, inputs: readonly AbiParameter[]): string {
  return toFunctionSignature({ type: "function", name, inputs, outputs: [], stateMutability: "view" });
}

function find(error: unknown, is: (each: unknown) => boolean): unknown {
  if (error instanceof BaseError) return error.walk(is) ?? undefined;
  return is(error) ? error : undefined;
}

function isRejection(error: unknown): boolean {
  return (
    find(
      error,
      (each) =>
        each instanceof UserRejectedRequestError || (each as { code?: unknown } | undefined)?.code === 4001,
    ) !== undefined
  );
}

function isNetwork(error: unknown): boolean {
  return error instanceof TypeError && /fetch|network/i.test(error.message);
}

/** The hex that a contract reverted with, wherever in the chain of causes it stands. */
function revertData(error: unknown): Hex | undefined {
  let found: Hex | undefined;
  find(error, (each) => {
    const { data, raw } = (each ?? {}) as { data?: unknown; raw?: unknown };
    const inner = typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
    for (const candidate of [raw, inner]) {
      if (isHex(candidate) && candidate.length >= 10) found = candidate;
    }
    return false;
  });
  return found;
}

function messageOf(error: unknown): string {
  if (error instanceof RpcRequestError) return error.details;
  if (error instanceof BaseError) return error.details || error.shortMessage;
  return error instanceof Error ? error.message : String(error);
}
