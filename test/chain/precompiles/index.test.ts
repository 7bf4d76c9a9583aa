// The dispatcher: which contracts a fork has, who pays, what never happens (an exception, a view of the caller's memory).

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { precompileAddresses, runPrecompile } from "../../../chain/src/precompiles/index.ts";
import { assertPrice, CANCUN, hex, OSAKA, PLENTY, PRAGUE } from "./support.ts";

describe("precompile addresses", () => {
  const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
  it("are 1 to 10 in Cancun", () => assert.deepEqual(precompileAddresses(CANCUN), upTo(10)));
  it("are 1 to 17 in Prague (EIP-2537)", () => assert.deepEqual(precompileAddresses(PRAGUE), upTo(17)));
  it("add 0x100 in Osaka (EIP-7951)", () =>
    assert.deepEqual(precompileAddresses(OSAKA), [...upTo(17), 0x100]));
});

describe("runPrecompile", () => {
  it("keeps its output when the caller's memory changes", () => {
    const memory = new Uint8Array([1, 2, 3]);
    const { output } = runPrecompile(4, memory, PLENTY, OSAKA);
    memory.fill(9);
    assert.equal(hex(output), "010203");
  });

  it("reads views of shared memory, whichever library does the work", () => {
    for (const address of precompileAddresses(OSAKA)) {
      const shared = new Uint8Array(new SharedArrayBuffer(600)).subarray(7, 7 + 384);
      shared[63] = 27;
      shared[95] = 1;
      shared[127] = 1;
      const own = Uint8Array.from(shared);
      const seen = runPrecompile(address, shared, PLENTY, OSAKA);
      const expected = runPrecompile(address, own, PLENTY, OSAKA);
      assert.deepEqual(seen, expected, `precompile ${address}`);
      assert.ok(seen.output.buffer instanceof ArrayBuffer, `precompile ${address} hands out shared memory`);
    }
  });

  it("takes all gas of a call that cannot pay", () => {
    for (const address of [1, 2, 3, 4, 6, 7, 8, 10]) {
      assert.deepEqual(runPrecompile(address, new Uint8Array(0), 1n, OSAKA), {
        ok: false,
        gasUsed: 1n,
        output: new Uint8Array(0),
      });
    }
  });

  it("does not throw for an address without a contract, but warns", async () => {
    const warned = new Promise<Error & { code?: string }>((resolve) => process.once("warning", resolve));
    assert.deepEqual(runPrecompile(0x0b, new Uint8Array(0), 5n, CANCUN), {
      ok: false,
      gasUsed: 5n,
      output: new Uint8Array(0),
    });
    const { code, message } = await warned;
    assert.equal(code, "POLDER_PRECOMPILE");
    assert.match(message, /no precompiled contract at address 11 in fork 0/);
  });

  it("prices words of data (Yellow Paper, appendix E)", () => {
    for (const [address, base, perWord] of [
      [2, 60n, 12n],
      [3, 600n, 120n],
      [4, 15n, 3n],
    ] as const) {
      assertPrice(address, new Uint8Array(0), base);
      assertPrice(address, new Uint8Array(1), base + perWord);
      assertPrice(address, new Uint8Array(32), base + perWord);
      assertPrice(address, new Uint8Array(33), base + 2n * perWord);
    }
  });
});
