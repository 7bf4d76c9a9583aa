// Reads of accounts: balance, nonce, code, storage, proofs.

import { encodeProof, quantity } from "../encode.ts";
import { InvalidParamsError } from "../errors.ts";
import { method } from "../method.ts";
import { address, arrayOf, block, type Decoder, optional, recordOf, required, word } from "../parameters.ts";

const MAX_PROOF_KEYS = 1_024;
const MAX_STORAGE_VALUES = 1_024;

/** A storage key that remembers how it was spelt. */
const spelt: Decoder<{ key: `0x${string}`; text: string }> = (value, path) => ({
  key: word(value, path),
  text: String(value),
});

export const accountMethods = [
  method("eth_accounts", [], ({ node }) => [...node.accounts()]),
  method("eth_requestAccounts", [], ({ node }) => [...node.accounts()]),
  method(
    "eth_getBalance",
    [required("address", address), optional("block", block)],
    async ({ node }, who, at) => quantity(await node.getBalance(who, at)),
  ),
  method(
    "eth_getTransactionCount",
    [required("address", address), optional("block", block)],
    async ({ node }, who, at) => quantity(await node.getNonce(who, at)),
  ),
  method("eth_getCode", [required("address", address), optional("block", block)], ({ node }, who, at) =>
    node.getCode(who, at),
  ),
  method(
    "eth_getStorageAt",
    [required("address", address), required("slot", word), optional("block", block)],
    ({ node }, who, slot, at) => node.getStorage(who, slot, at),
  ),
  method(
    "eth_getStorageValues",
    [required("slots by address", recordOf(address, arrayOf(word))), optional("block", block)],
    async ({ node }, request, at) => {
      const accounts = Object.entries(request) as [`0x${string}`, `0x${string}`[]][];
      const total = accounts.reduce((sum, [, slots]) => sum + slots.length, 0);
      if (total === 0) throw new InvalidParamsError("empty request");
      if (total > MAX_STORAGE_VALUES) {
        throw new InvalidParamsError(`too many slots: ${total}, at most ${MAX_STORAGE_VALUES} at once`);
      }
      const values = accounts.map(async ([who, slots]) => {
        return [who, await Promise.all(slots.map((slot) => node.getStorage(who, slot, at)))] as const;
      });
      return Object.fromEntries(await Promise.all(values));
    },
  ),
  method(
    "eth_getProof",
    [required("address", address), required("storage keys", arrayOf(spelt)), optional("block", block)],
    async ({ node }, who, keys, at) => {
      if (keys.length > MAX_PROOF_KEYS) {
        throw new InvalidParamsError(
          `too many storage keys: ${keys.length}, at most ${MAX_PROOF_KEYS} at once`,
        );
      }
      const slots = keys.map(({ key }) => key);
      return encodeProof(
        who,
        await node.getProof(who, slots, at),
        keys.map(({ text }) => text),
      );
    },
  ),
];
