// The decoders: what they take, what they refuse and in which words. No chain.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvalidParamsError, UnsupportedError } from "../../../chain/src/rpc/errors.ts";
import {
  address,
  block,
  blockNumber,
  data,
  decodeParameters,
  hash,
  looseQuantity,
  optional,
  quantity,
  required,
  word,
} from "../../../chain/src/rpc/parameters.ts";
import {
  blockOverrides,
  logFilter,
  stateOverrides,
  transactionRequest,
} from "../../../chain/src/rpc/requests.ts";

const A = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const H = `0x${"ab".repeat(32)}`;

function refuses(run: () => unknown, words: RegExp): void {
  assert.throws(run, (error) => {
    assert.ok(error instanceof InvalidParamsError, String(error));
    assert.equal(error.code, -32602);
    assert.match(error.message, words);
    return true;
  });
}

describe("parameters by position", () => {
  const list = [required("address", address), optional("block", block)];

  it("decodes, and takes null for absent", () => {
    assert.deepEqual(decodeParameters(list, [A, "latest"]), [A.toLowerCase(), "latest"]);
    assert.deepEqual(decodeParameters(list, [A]), [A.toLowerCase(), undefined]);
    assert.deepEqual(decodeParameters(list, [A, null]), [A.toLowerCase(), undefined]);
  });

  it("names what is missing, superfluous or wrong", () => {
    refuses(() => decodeParameters(list, []), /missing value for required argument 0 \(address\)/);
    refuses(
      () => decodeParameters(list, [A, "latest", 1]),
      /too many arguments, want at most 2 \(address, block\), got 3/,
    );
    refuses(
      () => decodeParameters(list, ["0x12"]),
      /invalid argument 0 \(address\): should be an address.*got "0x12"/,
    );
    refuses(() => decodeParameters(list, [A, "soon"]), /invalid argument 1 \(block\): should be a block/);
  });
});

describe("values", () => {
  it("reads quantities in hex, and only below their size", () => {
    assert.equal(quantity()("0x0", "q"), 0n);
    assert.equal(quantity()("0x00ff", "q"), 255n);
    assert.equal(quantity(64)("0xffffffffffffffff", "q"), 2n ** 64n - 1n);
    refuses(() => quantity(64)("0x10000000000000000", "q"), /below 2\^64/);
    for (const wrong of ["0x", "0xg", "12", 12, "-0x1", true, {}, "0x1.5"])
      refuses(() => quantity()(wrong, "q"), /^q: /);
  });

  it("reads JSON numbers where Hardhat does, never fractions or negatives", () => {
    assert.equal(looseQuantity()(60, "q"), 60n);
    assert.equal(looseQuantity()("60", "q"), 60n);
    assert.equal(looseQuantity()("0x3c", "q"), 60n);
    for (const wrong of [-1, 1.5, 2 ** 60, Number.NaN, "1e3"])
      refuses(() => looseQuantity()(wrong, "q"), /^q: /);
  });

  it("reads bytes whole", () => {
    assert.equal(data("0x", "d"), "0x");
    assert.equal(data("0xABcd", "d"), "0xabcd");
    refuses(() => data("0xabc", "d"), /even number/);
    refuses(() => data("abcd", "d"), /hex string without 0x prefix/);
    refuses(() => data("0xzz", "d"), /other characters/);
  });

  it("pads words, and refuses longer ones as geth does", () => {
    assert.equal(word("0x1", "w"), `0x${"1".padStart(64, "0")}`);
    refuses(() => word(`0x${"0".repeat(65)}`, "w"), /too long \(want at most 32 bytes\)/);
    refuses(() => hash("0x1", "h"), /64 hex digits/);
  });

  it("reads blocks by number, tag, hash and EIP-1898 objects", () => {
    for (const tag of ["latest", "pending", "earliest", "safe", "finalized"])
      assert.equal(block(tag, "b"), tag);
    assert.equal(block("0x10", "b"), 16n);
    assert.deepEqual(block(H, "b"), { blockHash: H });
    assert.equal(block({ blockNumber: "0x1" }, "b"), 1n);
    assert.deepEqual(block({ blockHash: H, requireCanonical: true }, "b"), {
      blockHash: H,
      requireCanonical: true,
    });
    refuses(() => block({ blockHash: H, blockNumber: "0x1" }, "b"), /cannot specify both/);
    refuses(() => block({}, "b"), /should be a block/);
    refuses(() => blockNumber("2", "b"), /hex string without 0x prefix/);
    refuses(() => blockNumber(2, "b"), /should be a block/);
  });
});

describe("composites", () => {
  it("reads a transaction, with input or data", () => {
    const request = transactionRequest(
      { from: A, to: null, input: "0x01", data: "0x01", value: "0x1", gasLimit: "0x5208", unknown: 1 },
      "t",
    );
    assert.deepEqual(request, { from: A.toLowerCase(), data: "0x01", value: 1n, gas: 21_000n });
    refuses(() => transactionRequest({ input: "0x01", data: "0x02" }, "t"), /both "data" and "input"/);
    refuses(() => transactionRequest({ gasPrice: "0x1", maxFeePerGas: "0x1" }, "t"), /both gasPrice and/);
    refuses(() => transactionRequest({ value: 1 }, "t"), /t\.value: should be a number in hex/);
    refuses(() => transactionRequest({ type: "0x5" }, "t"), /t\.type: should be a transaction type/);
    refuses(
      () => transactionRequest({ accessList: [{ address: "0x1" }] }, "t"),
      /t\.accessList\[0\]\.address/,
    );
    refuses(() => transactionRequest("0x", "t"), /should be an object/);
    assert.throws(() => transactionRequest({ blobs: [] }, "t"), UnsupportedError);
  });

  it("reads authorizations with yParity or v", () => {
    const tuple = { chainId: "0x1", address: A, nonce: "0x0", r: "0x1", s: "0x2" };
    const [first, second] = transactionRequest(
      {
        authorizationList: [
          { ...tuple, yParity: "0x1" },
          { ...tuple, v: "0x1c" },
        ],
      },
      "t",
    ).authorizationList!;
    assert.deepEqual([first!.yParity, second!.yParity], [1n, 1n]);
    refuses(() => transactionRequest({ authorizationList: [tuple] }, "t"), /authorizationList\[0\]\.v/);
  });

  it("reads overrides, and refuses state beside stateDiff", () => {
    const slot = word("0x1", "w");
    assert.deepEqual(stateOverrides({ [A]: { balance: "0x1", stateDiff: { "0x1": "0x2" } } }, "o"), {
      [A.toLowerCase()]: { balance: 1n, stateDiff: { [slot]: word("0x2", "w") } },
    });
    refuses(() => stateOverrides({ [A]: { state: {}, stateDiff: {} } }, "o"), /both 'state' and 'stateDiff'/);
    refuses(() => stateOverrides({ "0x1": {} }, "o"), /key "0x1": should be an address/);
    assert.deepEqual(blockOverrides({ time: "0x5", feeRecipient: A }, "o"), {
      timestamp: 5n,
      coinbase: A.toLowerCase(),
    });
  });

  it("reads log filters", () => {
    assert.deepEqual(logFilter({ address: A, topics: [null, H, [H, H], []], fromBlock: "0x1" }, "f"), {
      fromBlock: 1n,
      addresses: [A.toLowerCase()],
      topics: [null, [H], [H, H], null],
    });
    refuses(
      () => logFilter({ blockHash: H, fromBlock: "0x1" }, "f"),
      /cannot specify both BlockHash and FromBlock/,
    );
    refuses(() => logFilter({ topics: [null, null, null, null, null] }, "f"), /at most 4/);
  });
});
