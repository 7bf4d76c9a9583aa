// Where keys come from: the environment, else Hardhat's keystore, else on the development chain its well-known phrase.
// Never an option of a command line, which other users of a machine can read. Knows no node and no contract.
import { existsSync } from "node:fs";
import type {} from "@nomicfoundation/hardhat-keystore"; // adds the keystore to the types of Hardhat's configuration
import { computeAddress, HDNodeWallet, isHexString, Mnemonic } from "ethers";
import { KEY_VARIABLES, ROLES, type Role } from "./roles.ts";

export const DEVELOPMENT_CHAIN = 31_337;
const DEVELOPMENT_PHRASE = "test test test test test test test test test test test junk";
const PATH = "m/44'/60'/0'/0";
/** Of the phrase's accounts these are refused elsewhere: whatever a node unlocks, and every role's. */
const KNOWN_ACCOUNTS = 128;

/** Accounts of a phrase by their index, as private keys. */
export type Accounts = (index: number) => string;

/**
 * The accounts of the phrase in POLDER_MNEMONIC, of the development phrase on the development chain, else undefined.
 * Throws where the phrase is none, or is the development phrase on another chain.
 */
export async function accountsOn(chainId: number): Promise<Accounts | undefined> {
  const phrase =
    (await variable("POLDER_MNEMONIC", chainId)) ??
    (chainId === DEVELOPMENT_CHAIN ? DEVELOPMENT_PHRASE : undefined);
  if (phrase === undefined) return undefined;
  if (phrase.trim().toLowerCase() === DEVELOPMENT_PHRASE && chainId !== DEVELOPMENT_CHAIN) {
    throw new Error(
      `chain ${chainId} is not the development chain (${DEVELOPMENT_CHAIN}), where anybody knows the keys of the ` +
        "development phrase: set POLDER_MNEMONIC to a phrase of your own",
    );
  }
  if (!Mnemonic.isValidMnemonic(phrase)) throw new Error("POLDER_MNEMONIC is no BIP-39 phrase");
  return accountsOf(phrase);
}

/**
 * The private keys of `role` on a chain: those of its own variable, else the accounts of the phrase that the role has.
 * Throws where there are none, one is malformed, or one is the development phrase's on another chain.
 */
export async function keysOf(role: Role, chainId: number, accounts: Accounts | undefined): Promise<string[]> {
  const name = KEY_VARIABLES[role];
  const given = await variable(name, chainId);
  const keys =
    given === undefined
      ? [ROLES[role]].flat().flatMap((index) => (accounts === undefined ? [] : [accounts(index)]))
      : given
          .split(/[\s,]+/)
          .filter((key) => key !== "")
          .map((key) => requireKey(name, key));
  if (keys.length === 0) {
    throw new Error(
      `no key for ${role} on chain ${chainId}: set ${name}, or POLDER_MNEMONIC, in the environment, or store it with ` +
        `\`hardhat keystore set ${name}\``,
    );
  }
  requireUnknown(keys, chainId);
  return keys;
}

/** Throws where one of `keys` belongs to the development phrase, and the chain is another one. */
export function requireUnknown(keys: readonly string[], chainId: number): void {
  if (chainId === DEVELOPMENT_CHAIN) return;
  const known = developmentAddresses();
  for (const key of keys) {
    const address = computeAddress(key);
    if (!known.has(address)) continue;
    throw new Error(
      `${address} is an account of the development phrase, whose keys anybody knows: on chain ${chainId} it is refused`,
    );
  }
}

/** A variable of the environment, else, off the development chain, of the keystore. Empty counts as absent. */
async function variable(name: string, chainId: number): Promise<string | undefined> {
  const set = process.env[name];
  if (set !== undefined && set.trim() !== "") return set;
  if (chainId === DEVELOPMENT_CHAIN) return undefined;
  const stored = await fromKeystore(name);
  return stored === "" ? undefined : stored;
}

/** Asks for the keystore's password only where the variable is in it. */
async function fromKeystore(name: string): Promise<string> {
  const { default: hre } = await import("hardhat");
  const places = [hre.config.keystore.filePath, hre.config.keystore.devFilePath];
  if (!places.some((path) => existsSync(path))) return "";
  const wanted = { _type: "ConfigurationVariable" as const, name, default: "" };
  return hre.hooks.runHandlerChain("configurationVariables", "fetchValue", [wanted], async () => "");
}

function requireKey(name: string, key: string): string {
  const prefixed = key.startsWith("0x") ? key : `0x${key}`;
  // The key itself is never printed.
  if (!isHexString(prefixed, 32))
    throw new Error(`${name} holds something that is no private key of 32 bytes`);
  return prefixed;
}

function accountsOf(phrase: string): Accounts {
  const node = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase.trim()), PATH);
  const known = new Map<number, string>();
  return (index) => {
    const key = known.get(index) ?? node.deriveChild(index).privateKey;
    known.set(index, key);
    return key;
  };
}

let developmentAccounts: Set<string> | undefined;

function developmentAddresses(): Set<string> {
  if (developmentAccounts === undefined) {
    const accounts = accountsOf(DEVELOPMENT_PHRASE);
    const indices = [...Array.from({ length: KNOWN_ACCOUNTS }, (_, i) => i), ...ROLES.attestors];
    developmentAccounts = new Set(indices.map((index) => computeAddress(accounts(index))));
  }
  return developmentAccounts;
}
