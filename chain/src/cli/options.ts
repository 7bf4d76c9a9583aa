// The options of polder node: one table from which parsing, defaults, errors and help all follow. It knows what a value
// must look like, not what it does.

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english";
import { parseEther } from "viem";
import type { ChainOptions, Hardfork } from "../node/types.ts";
import { UsageError } from "./usage.ts";

export const DEFAULT_MNEMONIC = "test test test test test test test test test test test junk";

export interface NodeOptions {
  port: number;
  host: string;
  allowedHosts: string[];
  allowedOrigins: string[];
  silent: boolean;
  logFormat: "pretty" | "json";
  chain: ChainOptions;
}

interface Option {
  names: readonly [string, ...string[]];
  /** How help names the value; absent for a switch. */
  value?: string;
  multiple?: boolean;
  help: string;
  /** In words. */
  standard?: string;
}

const HARDFORKS: readonly Hardfork[] = ["cancun", "prague", "osaka"];

const OPTIONS = {
  port: {
    names: ["port", "p"],
    value: "PORT",
    help: "TCP port of HTTP and WebSocket; 0 takes a free one",
    standard: "8545",
  },
  host: {
    names: ["host"],
    value: "ADDRESS",
    help: "address to listen on; 0.0.0.0 opens the node, and its unlocked accounts, to the network",
    standard: "127.0.0.1",
  },
  allowHost: {
    names: ["allow-host"],
    value: "NAME",
    multiple: true,
    help: "a further name in the Host header under which clients reach this machine; repeatable",
    standard: "localhost and addresses",
  },
  allowOrigin: {
    names: ["allow-origin"],
    value: "ORIGIN",
    multiple: true,
    help: 'lets a web page in, such as http://localhost:3000; repeatable, "*" lets in every page',
    standard: "none",
  },
  workers: {
    names: ["workers"],
    value: "N",
    help: "threads that execute transactions; 1 executes in sequence",
    standard: `every core, here ${availableParallelism()}`,
  },
  gasLimit: {
    names: ["block-gas-limit", "gas-limit"],
    value: "GAS",
    help: "gas that a block holds",
    standard: "60000000",
  },
  chainId: { names: ["chain-id"], value: "ID", help: "chain id (EIP-155)", standard: "31337" },
  accounts: { names: ["accounts", "a"], value: "N", help: "unlocked accounts", standard: "20" },
  balance: {
    names: ["balance"],
    value: "ETHER",
    help: "what each of them begins with, in ether",
    standard: "10000",
  },
  mnemonic: {
    names: ["mnemonic", "m"],
    value: "WORDS",
    help: "BIP-39 phrase of the accounts, at m/44'/60'/0'/0/i",
    standard: `"${DEFAULT_MNEMONIC}"`,
  },
  timestamp: {
    names: ["timestamp"],
    value: "TIME",
    help: "genesis time: seconds since 1970, or a date such as 2026-01-01T00:00:00Z",
    standard: "now",
  },
  blockTime: {
    names: ["block-time", "b"],
    value: "SECONDS",
    help: "mines on a clock instead of at each transaction; decimals allowed",
    standard: "at each transaction",
  },
  noMining: { names: ["no-mining"], help: "mines only when asked (evm_mine, hardhat_mine)" },
  order: {
    names: ["order"],
    value: "ORDER",
    help: "of transactions in a block: fees (highest tip first) or fifo (arrival)",
    standard: "fees",
  },
  baseFee: {
    names: ["base-fee"],
    value: "WEI",
    help: "base fee of the first block, wei per gas",
    standard: "1000000000",
  },
  hardfork: {
    names: ["hardfork"],
    value: "NAME",
    help: `rules of the chain: ${HARDFORKS.join(", ")}`,
    standard: "osaka",
  },
  dataDir: {
    names: ["data-dir"],
    value: "DIR",
    help: "keeps the chain in this directory, and goes on with the chain that is in it",
    standard: "none: in memory",
  },
  unlimited: {
    names: ["allow-unlimited-contract-size"],
    help: "lifts the limits of code size (EIP-170, EIP-3860)",
  },
  logFormat: {
    names: ["log-format"],
    value: "FORMAT",
    help: "pretty, or json: one object a line",
    standard: "pretty",
  },
  silent: { names: ["silent"], help: "prints errors alone" },
} as const satisfies Record<string, Option>;

type Key = keyof typeof OPTIONS;

/** The part of the help that explains the options. */
export function describeOptions(): string {
  const rows = (Object.values(OPTIONS) as Option[]).map((option) => {
    const names = option.names.map((name) => (name.length === 1 ? `-${name}` : `--${name}`)).reverse();
    const left = `${names.join(", ")}${option.value ? ` ${option.value}` : ""}`;
    return [left, `${option.help}${option.standard ? ` [${option.standard}]` : ""}`] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

/** Reads the command line after `polder node`. Throws UsageError. */
export function parseNodeOptions(args: readonly string[]): NodeOptions {
  const given = collect(args);
  const one = <T>(key: Key, read: (text: string, name: string) => T): T | undefined => {
    const text = given.get(key)?.at(-1);
    return text === undefined ? undefined : read(text, `--${longName(key)}`);
  };
  const all = (key: Key) => given.get(key) ?? [];

  const blockTime = one("blockTime", seconds);
  if (blockTime !== undefined && given.has("noMining")) {
    throw new UsageError("--block-time and --no-mining exclude each other; give one of them");
  }
  const chain: ChainOptions = {
    chainId: one("chainId", integer(1n, 2n ** 53n - 1n)),
    hardfork: one("hardfork", oneOf(HARDFORKS)),
    workers: one("workers", small(1, 256)),
    accounts: one("accounts", small(0, 10_000)),
    accountBalance: one("balance", ether),
    mnemonic: one("mnemonic", words),
    blockGasLimit: one("gasLimit", integer(21_000n, 2n ** 53n - 1n)),
    timestamp: one("timestamp", time),
    initialBaseFeePerGas: one("baseFee", integer(0n, 2n ** 128n)),
    mining: {
      auto: blockTime === undefined && !given.has("noMining"),
      interval: blockTime ?? 0,
      order: one("order", oneOf(["fees", "fifo"])) === "fifo" ? "fifo" : "priority",
    },
    allowUnlimitedContractSize: given.has("unlimited") || undefined,
    dataDir: one("dataDir", path),
  };
  return {
    port: one("port", small(0, 65_535)) ?? 8545,
    host: one("host", address) ?? "127.0.0.1",
    allowedHosts: all("allowHost"),
    allowedOrigins: all("allowOrigin").map(origin),
    silent: given.has("silent"),
    logFormat: one("logFormat", oneOf(["pretty", "json"])) ?? "pretty",
    // An option that was not given must not hide the node's own default.
    chain: Object.fromEntries(
      Object.entries(chain).filter(([, value]) => value !== undefined),
    ) as ChainOptions,
  };
}

function longName(key: Key): string {
  return OPTIONS[key].names[0];
}

/** The texts given for each option; an alias counts as its option. */
function collect(args: readonly string[]): Map<Key, string[]> {
  const keys = new Map<string, Key>();
  const config: Record<string, { type: "string" | "boolean"; multiple: boolean; short?: string }> = {};
  for (const [key, option] of Object.entries(OPTIONS) as [Key, Option][]) {
    const short = option.names.find((name) => name.length === 1);
    for (const name of option.names) {
      if (name.length === 1) continue;
      keys.set(name, key);
      config[name] = {
        type: option.value === undefined ? "boolean" : "string",
        multiple: true,
        ...(short === undefined || name !== option.names[0] ? {} : { short }),
      };
    }
  }
  const given = new Map<Key, string[]>();
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options: config, allowPositionals: true });
  } catch (error) {
    const first = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/)[0];
    throw new UsageError(`${first}; polder node --help explains every option`);
  }
  if (parsed.positionals.length > 0) {
    throw new UsageError(
      `${parsed.positionals[0]} is not an option; polder node --help explains every option`,
    );
  }
  for (const [name, values] of Object.entries(parsed.values)) {
    const key = keys.get(name)!;
    given.set(key, [...(given.get(key) ?? []), ...(values as unknown[]).map(String)]);
  }
  for (const [key, texts] of given) {
    const option: Option = OPTIONS[key];
    if (option.value !== undefined && !option.multiple && texts.length > 1) {
      throw new UsageError(`--${longName(key)} is given ${texts.length} times; give it once`);
    }
  }
  return given;
}

/* VALUES: each takes the text and the option's name, and says what it should be */

type Read<T> = (text: string, name: string) => T;

function wrong(name: string, wanted: string, text: string): never {
  throw new UsageError(`${name} should be ${wanted}, got ${JSON.stringify(text)}`);
}

/** Decimal with or without underscores, or hex. */
function integer(least: bigint, most: bigint): Read<bigint> {
  return (text, name) => {
    const wanted = `a whole number from ${least} to ${most}`;
    if (!/^(\d[\d_]*|0x[0-9a-fA-F]+)$/.test(text)) return wrong(name, wanted, text);
    const value = BigInt(text.replaceAll("_", ""));
    return value >= least && value <= most ? value : wrong(name, wanted, text);
  };
}

function small(least: number, most: number): Read<number> {
  const read = integer(BigInt(least), BigInt(most));
  return (text, name) => Number(read(text, name));
}

function oneOf<const T extends string>(choices: readonly T[]): Read<T> {
  return (text, name) =>
    choices.find((choice) => choice === text.toLowerCase()) ??
    wrong(name, `one of ${choices.join(", ")}`, text);
}

const ether: Read<bigint> = (text, name) =>
  /^\d[\d_]*(\.\d{1,18})?$/.test(text)
    ? parseEther(text.replaceAll("_", ""))
    : wrong(name, "an amount of ether such as 10000 or 0.5", text);

/** Milliseconds. */
const seconds: Read<number> = (text, name) => {
  const value = Math.round(Number(text) * 1000);
  const fine = /^\d+(\.\d+)?$/.test(text) && value >= 1 && value < 2 ** 31;
  return fine ? value : wrong(name, "a number of seconds above 0 such as 2 or 0.5", text);
};

const time: Read<bigint> = (text, name) => {
  if (/^\d+$/.test(text)) return BigInt(text);
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) || milliseconds < 0
    ? wrong(name, "seconds since 1970 or a date such as 2026-01-01T00:00:00Z", text)
    : BigInt(Math.floor(milliseconds / 1000));
};

const words: Read<string> = (text, name) => {
  const phrase = text.trim().split(/\s+/).join(" ");
  const fine = validateMnemonic(phrase, wordlist);
  return fine
    ? phrase
    : wrong(name, "a BIP-39 phrase: 12 to 24 English words, the last a checksum, in quotes", text);
};

const address: Read<string> = (text, name) =>
  /^[a-z0-9.:-]+$/i.test(text) ? text : wrong(name, "an address such as 127.0.0.1 or 0.0.0.0", text);

const path: Read<string> = (text, name) =>
  text.trim() === "" ? wrong(name, "a path such as ./chain-data", text) : text;

function origin(text: string): string {
  if (text === "*" || text === "null") return text;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.host === "") {
    return wrong("--allow-origin", 'an origin such as http://localhost:3000, or "*"', text);
  }
  // A URL's origin is what browsers send; extensions' schemes have none there.
  return url.origin === "null" ? text : url.origin;
}
