// What the history lets go of when blocks grow old, and what it forgets in a reorganisation.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { IncludedTransaction } from "../../../chain/src/engine/types.ts";
import { History, reportOf, type StoredBlock } from "../../../chain/src/node/history.ts";
import type { BlockHeader } from "../../../chain/src/protocol/header.ts";
import type { Transaction } from "../../../chain/src/transaction/types.ts";
import { word } from "./support.ts";

/** A block with as many transactions as told; only what the history looks at is filled in. */
function block(number: number, size: number, fork = 0): StoredBlock {
  const transactions = Array.from(
    { length: size },
    (_, i) => ({ hash: word(number * 1_000 + i + fork * 500) }) as Transaction,
  );
  return {
    header: { number: BigInt(number) } as BlockHeader,
    hash: word(10 ** 9 + number + fork * 10 ** 6),
    transactions,
    results: transactions.map(() => ({ gasUsed: 1n }) as IncludedTransaction),
    withdrawals: [],
    bloom: new Uint8Array(256),
    blobBaseFee: 1n,
    version: number,
    workers: 1,
    reExecutions: 0,
    milliseconds: 0,
    trace: { telemetry: [] },
  };
}

function historyOf(limit: number, ...sizes: number[]): History {
  const history = new History(limit);
  sizes.forEach((size, number) => {
    history.append(block(number, size));
  });
  return history;
}

describe("history", () => {
  it("keeps traces for the newest transactions only", () => {
    const history = historyOf(5, 0, 3, 2, 2, 0);
    assert.equal(history.at(1n)!.trace, undefined);
    assert.throws(() => reportOf(history.at(1n)!), { kind: "not-found" });
    assert.equal(reportOf(history.at(2n)!).totalGas, 2n);
    assert.equal(reportOf(history.at(0n)!).parallelism, 1); // nothing to tell of an empty block, however old
    assert.equal(history.at(1n)!.transactions.length, 3);
  });

  it("keeps the newest block's however large", () => {
    const history = historyOf(5, 0, 9);
    assert.ok(history.head.trace);
    history.append(block(2, 0));
    assert.equal(history.at(1n)!.trace, undefined);
  });

  it("counts anew after a reorganisation", () => {
    const history = historyOf(5, 0, 3, 2, 0);
    assert.deepEqual(
      history.truncate(1).map(({ header }) => header.number),
      [3n, 2n],
    );
    assert.equal(history.find(word(2_000)), null);
    history.append(block(2, 2, 1));
    assert.ok(history.at(1n)!.trace);
    assert.equal(history.byHash(word(10 ** 9 + 2)), null);
    assert.equal(history.find(word(2_501))!.index, 1);
  });

  it("gives up to 256 ancestors, the newest first", () => {
    const history = historyOf(5, ...new Array(300).fill(0));
    const hashes = history.ancestorHashes(history.at(299n)!);
    assert.equal(hashes.length, 256);
    assert.equal(hashes[0], history.at(299n)!.hash);
    assert.equal(hashes[255], history.at(44n)!.hash);
    assert.equal(history.ancestorHashes(history.at(1n)!).length, 2);
  });
});
