// Signed transactions that arrive together are recovered together, spread over the engine's workers, and then taken
// one after another in the order of arrival. It must not know what taking one means.

import type { Engine } from "../engine/types.ts";
import { hexToBytes } from "../protocol/bytes.ts";
import {
  type DecodedTransaction,
  decodeTransaction,
  recoverSender,
  withSender,
} from "../transaction/decode.ts";
import { describeFault, transactionError } from "../transaction/errors.ts";
import type { Transaction } from "../transaction/types.ts";
import { asRejection } from "./admission.ts";
import { TransactionRejectedError } from "./errors.ts";
import type { Mutex } from "./mutex.ts";
import type { Hash, Hex } from "./types.ts";

interface Arrival {
  raw: Hex;
  resolve: (hash: Hash) => void;
  reject: (error: unknown) => void;
}

/** Below this, waking the workers costs more than it saves. */
const MIN_BULK = 8;
/** Bounds how long the queue waits for one batch. */
const MAX_BATCH = 4_096;

export class Ingest {
  readonly #engine: Engine;
  readonly #mutex: Mutex;
  readonly #take: (transaction: Transaction) => Promise<Hash>;
  #open: Arrival[] | null = null;

  constructor(engine: Engine, mutex: Mutex, take: (transaction: Transaction) => Promise<Hash>) {
    this.#engine = engine;
    this.#mutex = mutex;
    this.#take = take;
  }

  /** Resolves with the hash once it is taken; rejects with TransactionRejectedError. */
  add(raw: Hex): Promise<Hash> {
    return new Promise((resolve, reject) => {
      if (this.#open === null || this.#open.length >= MAX_BATCH) {
        const batch: Arrival[] = [];
        this.#open = batch;
        void this.#mutex.run(() => this.#run(batch));
      }
      this.#open.push({ raw, resolve, reject });
    });
  }

  /** What arrives from now on comes after whatever is queued next. */
  seal(): void {
    this.#open = null;
  }

  async #run(batch: Arrival[]): Promise<void> {
    if (this.#open === batch) this.#open = null;
    const decoded = batch.map(({ raw }) => attempt(() => decodeTransaction(bytesOf(raw))));
    let transactions: (Transaction | Error)[];
    try {
      transactions = await this.#recover(decoded);
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const [i, { resolve, reject }] of batch.entries()) {
      const transaction = transactions[i]!;
      if (transaction instanceof Error) {
        reject(asRejection(transaction));
        continue;
      }
      try {
        resolve(await this.#take(transaction));
      } catch (error) {
        reject(error);
      }
    }
  }

  async #recover(decoded: readonly (DecodedTransaction | Error)[]): Promise<(Transaction | Error)[]> {
    const good = decoded.filter((item): item is DecodedTransaction => !(item instanceof Error));
    if (good.length < MIN_BULK) {
      return decoded.map((item) =>
        item instanceof Error ? item : attempt(() => withSender(item, recoverSender(item))),
      );
    }
    const senders = await this.#engine.recoverSenders(good.map(({ signature }) => signature));
    let next = 0;
    return decoded.map((item) => {
      if (item instanceof Error) return item;
      const sender = senders[next++];
      return sender ? withSender(item, sender) : transactionError("invalid-signature");
    });
  }
}

function bytesOf(raw: Hex): Uint8Array {
  try {
    return hexToBytes(raw);
  } catch (cause) {
    throw new TransactionRejectedError("malformed", describeFault("malformed", (cause as Error).message));
  }
}

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
