// Revert data in words.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeErrorResult, parseAbi } from "viem";
import { describeRevert } from "../../../chain/src/rpc/revert.ts";

const abi = parseAbi([
  "error Error(string)",
  "error Panic(uint256)",
  "error Denied(address who)",
  "error Closed()",
]);

describe("revert data", () => {
  it("says what Error(string) says, whatever the characters", () => {
    for (const text of ["user error", "", "zonder dijk geen land ≠ 0"]) {
      const data = encodeErrorResult({ abi, errorName: "Error", args: [text] });
      assert.equal(describeRevert(data), `execution reverted: ${text}`);
    }
  });

  it("names panics", () => {
    const data = encodeErrorResult({ abi, errorName: "Panic", args: [0x11n] });
    assert.equal(describeRevert(data), "execution reverted: panic: arithmetic underflow or overflow (0x11)");
    const unknown = encodeErrorResult({ abi, errorName: "Panic", args: [0x99n] });
    assert.match(describeRevert(unknown), /unknown panic code \(0x99\)/);
  });

  it("shows custom errors by selector", () => {
    assert.match(
      describeRevert(encodeErrorResult({ abi, errorName: "Closed" })),
      /custom error 0x[0-9a-f]{8}$/,
    );
    const who = "0x00000000000000000000000000000000000000aa";
    const data = encodeErrorResult({ abi, errorName: "Denied", args: [who] });
    assert.equal(
      describeRevert(data),
      `execution reverted: custom error ${data.slice(0, 10)}: 0x${data.slice(10)}`,
    );
  });

  it("stays calm with data that only looks like an error", () => {
    assert.equal(describeRevert("0x"), "execution reverted");
    assert.equal(describeRevert("0x01"), "execution reverted: raw data 0x01");
    assert.match(describeRevert("0x08c379a0"), /custom error 0x08c379a0/);
    assert.match(describeRevert(`0x08c379a0${"f".repeat(128)}`), /custom error 0x08c379a0/);
  });
});
