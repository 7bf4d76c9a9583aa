// The state test runner on a small fixture whose root another implementation computes: it passes what is right and
// fails whatever is not.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createMPT } from "@ethereumjs/mpt";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { privateKeyToAddress } from "viem/accounts";
import { createEngine } from "../../chain/src/engine/index.ts";
import type { Address, Engine, Hex } from "../../chain/src/engine/types.ts";
import { bigintToBytes, bytesToHex, hexToBytes } from "../../chain/src/protocol/bytes.ts";
import { EMPTY_ROOT } from "../../chain/src/protocol/header.ts";
import { encodeRlp } from "../../chain/src/protocol/rlp.ts";
import type { StateExpectation, StateFixture } from "./fixture.ts";
import { runStateSubtest } from "./state-test.ts";

const SENDER = privateKeyToAddress(`0x${"11".repeat(32)}`).toLowerCase() as Address;
const RECIPIENT: Address = `0x${"22".repeat(20)}`;
const COINBASE: Address = `0x${"33".repeat(20)}`;
const NO_LOGS: Hex = bytesToHex(keccak_256(encodeRlp([])));

async function rootOf(accounts: Record<Address, { nonce: bigint; balance: bigint }>): Promise<Hex> {
  const trie = await createMPT({ useKeyHashing: true });
  for (const [address, { nonce, balance }] of Object.entries(accounts)) {
    const noCode = keccak_256(new Uint8Array(0));
    const account = [bigintToBytes(nonce), bigintToBytes(balance), hexToBytes(EMPTY_ROOT), noCode];
    await trie.put(hexToBytes(address as Address), encodeRlp(account));
  }
  return bytesToHex(trie.root());
}

/** 1,000 wei from the sender, who has `balance`, at a gas price of 10 with a base fee of 7. */
function transfer(balance: bigint): StateFixture {
  return {
    env: {
      currentCoinbase: COINBASE,
      currentGasLimit: "0x989680",
      currentNumber: "0x1",
      currentTimestamp: "0x3e8",
      currentRandom: "0x0",
      currentBaseFee: "0x7",
    },
    pre: { [SENDER]: { balance: `0x${balance.toString(16)}`, nonce: "0x0", code: "0x", storage: {} } },
    transaction: {
      nonce: "0x0",
      gasPrice: "0xa",
      gasLimit: ["0x5208"],
      to: RECIPIENT,
      value: ["0x3e8"],
      data: ["0x"],
      sender: SENDER,
    },
    post: {},
  };
}

let engine: Engine;
before(async () => {
  engine = await createEngine({ workers: 1 });
});
after(() => engine.close());

function run(
  fixture: StateFixture,
  hash: Hex,
  expected: Partial<StateExpectation> = {},
): Promise<string | null> {
  const indexes = { data: 0, gas: 0, value: 0 };
  return runStateSubtest(engine, fixture, "Prague", "prague", { hash, logs: NO_LOGS, indexes, ...expected });
}

const afterTransfer = () =>
  rootOf({
    [SENDER]: { nonce: 1n, balance: 10n ** 6n - 210_000n - 1_000n },
    [RECIPIENT]: { nonce: 0n, balance: 1_000n },
    [COINBASE]: { nonce: 0n, balance: 63_000n },
  });

test("passes on the right root and logs", async () => {
  assert.equal(await run(transfer(10n ** 6n), await afterTransfer()), null);
});

test("fails on another root, other logs, or a refusal that does not come", async () => {
  const root = await afterTransfer();
  const fixture = transfer(10n ** 6n);
  assert.match((await run(fixture, `0x${"00".repeat(32)}`))!, /^state root/);
  assert.match((await run(fixture, root, { logs: root }))!, /^logs hash/);
  const expectException = "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS";
  assert.match((await run(fixture, root, { expectException }))!, /^not refused/);
});

test("passes a refusal of the expected class alone", async () => {
  const untouched = await rootOf({ [SENDER]: { nonce: 0n, balance: 5n } });
  const expectException = "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS";
  assert.equal(await run(transfer(5n), untouched, { expectException }), null);
  assert.match((await run(transfer(5n), untouched))!, /^refused as insufficient-funds/);
  const other = "TransactionException.NONCE_IS_MAX";
  assert.match((await run(transfer(5n), untouched, { expectException: other }))!, /expected .*NONCE_IS_MAX/);
});

test("an envelope is decoded, and a broken one is a refusal", async () => {
  const untouched = await rootOf({ [SENDER]: { nonce: 0n, balance: 5n } });
  const expectException = "TransactionException.RLP_INVALID_DATA";
  assert.equal(await run(transfer(5n), untouched, { txbytes: "0x02c0", expectException }), null);
});
