// The keys that the node holds: derived from a mnemonic (BIP-32, BIP-39, m/44'/60'/0'/0/i), used to sign. It must not
// know balances. These keys are public knowledge; nothing of value may ever be sent to them.

import type { HDKey } from "viem/accounts";
import { mnemonicToAccount, type PrivateKeyAccount, privateKeyToAccount, sign } from "viem/accounts";
import type { Address, Hex } from "../engine/types.ts";
import { bytesToHex } from "../protocol/bytes.ts";
import { signingHash, type UnsignedTransaction, withSignature } from "../transaction/encode.ts";
import type { Transaction } from "../transaction/types.ts";
import { ChainError } from "./errors.ts";

export class Accounts {
  readonly #keys = new Map<Address, Hex>();

  /** Throws kind "invalid-input" where the mnemonic is none. */
  constructor(mnemonic: string, count: number) {
    // Stretching a mnemonic into a seed takes a tenth of a second.
    if (count === 0) return;
    const parent = parentKey(mnemonic);
    for (let i = 0; i < count; i++) {
      const key = bytesToHex(parent.deriveChild(i).privateKey!);
      this.#keys.set(privateKeyToAccount(key).address.toLowerCase() as Address, key);
    }
  }

  /** In the order of derivation. */
  get addresses(): Address[] {
    return [...this.#keys.keys()];
  }

  has(address: Address): boolean {
    return this.#keys.has(address);
  }

  privateKey(address: Address): Hex {
    const key = this.#keys.get(address);
    if (key) return key;
    throw new ChainError(
      "unknown-account",
      `unknown account ${address}: the node holds no key for it; impersonate it or send a signed transaction`,
    );
  }

  async signTransaction(transaction: UnsignedTransaction, from: Address): Promise<Transaction> {
    const signature = await sign({
      hash: bytesToHex(signingHash(transaction)),
      privateKey: this.privateKey(from),
    });
    return withSignature(transaction, from, {
      r: BigInt(signature.r),
      s: BigInt(signature.s),
      yParity: signature.yParity === 1 ? 1 : 0,
    });
  }

  /** EIP-191. */
  signMessage(address: Address, message: Hex): Promise<Hex> {
    return this.#account(address).signMessage({ message: { raw: message } });
  }

  /** EIP-712. */
  async signTypedData(address: Address, typedData: unknown): Promise<Hex> {
    const account = this.#account(address);
    try {
      return await account.signTypedData(typedData as Parameters<PrivateKeyAccount["signTypedData"]>[0]);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new ChainError("invalid-input", `typed data cannot be signed: ${message}`, { cause });
    }
  }

  #account(address: Address): PrivateKeyAccount {
    return privateKeyToAccount(this.privateKey(address));
  }
}

function parentKey(mnemonic: string): HDKey {
  try {
    return mnemonicToAccount(mnemonic, { path: "m/44'/60'/0'/0" }).getHdKey();
  } catch (cause) {
    throw new ChainError(
      "invalid-input",
      "the mnemonic is not valid: give 12 to 24 words of the BIP-39 list",
      { cause },
    );
  }
}
