// The fee markets against numbers worked out in their EIPs and on mainnet.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  blobBaseFee,
  fakeExponential,
  nextBaseFee,
  nextExcessBlobGas,
} from "../../../chain/src/protocol/fees.ts";
import {
  BLOB_SCHEDULES,
  GAS_PER_BLOB,
  maxBlobsPerTransaction,
  newestBlobSchedule,
} from "../../../chain/src/protocol/forks.ts";

describe("EIP-1559 base fee", () => {
  const parent = { baseFeePerGas: 1_000_000_000n, gasLimit: 30_000_000n };
  it("stays at the target, rises by an eighth when full, falls by an eighth when empty", () => {
    assert.equal(nextBaseFee({ ...parent, gasUsed: 15_000_000n }), 1_000_000_000n);
    assert.equal(nextBaseFee({ ...parent, gasUsed: 30_000_000n }), 1_125_000_000n);
    assert.equal(nextBaseFee({ ...parent, gasUsed: 0n }), 875_000_000n);
  });
  it("rises by at least one wei", () => {
    assert.equal(nextBaseFee({ baseFeePerGas: 7n, gasLimit: 30_000_000n, gasUsed: 15_000_001n }), 8n);
    assert.equal(nextBaseFee({ baseFeePerGas: 7n, gasLimit: 30_000_000n, gasUsed: 0n }), 7n);
  });
});

describe("EIP-4844 blob base fee", () => {
  it("follows the EIP's fake exponential", () => {
    // The EIP's own table of fake_exponential(factor, numerator, denominator).
    const cases = [
      [1n, 0n, 1n, 1n],
      [38_493n, 0n, 1_000n, 38_493n],
      [1n, 2n, 1n, 6n],
      [1n, 4n, 2n, 6n],
      [1n, 3n, 1n, 16n],
      [10n, 8n, 2n, 542n],
      [2n, 5n, 2n, 23n],
      [1n, 50_000_000n, 2_225_652n, 5_709_098_764n],
    ] as const;
    for (const [factor, numerator, denominator, result] of cases) {
      assert.equal(fakeExponential(factor, numerator, denominator), result);
    }
  });
  it("is one wei without excess and doubles with it", () => {
    assert.equal(blobBaseFee(0n, BLOB_SCHEDULES.cancun), 1n);
    assert.equal(blobBaseFee(2_314_057n, BLOB_SCHEDULES.cancun), 1n);
    assert.equal(blobBaseFee(2_314_058n, BLOB_SCHEDULES.cancun), 2n);
  });
});

describe("excess blob gas", () => {
  const blobs = (n: bigint) => n * GAS_PER_BLOB;
  it("takes the target off (EIP-4844, 7691)", () => {
    const parent = { excessBlobGas: blobs(2n), blobGasUsed: blobs(6n), baseFeePerGas: 7n };
    assert.equal(nextExcessBlobGas(parent, "cancun", BLOB_SCHEDULES.cancun), blobs(5n));
    assert.equal(nextExcessBlobGas(parent, "prague", BLOB_SCHEDULES.prague), blobs(2n));
    assert.equal(nextExcessBlobGas({ ...parent, blobGasUsed: 0n }, "cancun", BLOB_SCHEDULES.cancun), 0n);
  });
  it("falls no further while blobs are cheaper than execution (EIP-7918)", () => {
    const parent = { excessBlobGas: blobs(10n), blobGasUsed: blobs(9n), baseFeePerGas: 10n ** 9n };
    // excess + used * (max - target) / max
    assert.equal(nextExcessBlobGas(parent, "osaka", BLOB_SCHEDULES.osaka), blobs(13n));
    assert.equal(
      nextExcessBlobGas({ ...parent, baseFeePerGas: 1n }, "osaka", BLOB_SCHEDULES.osaka),
      blobs(13n),
    );
    assert.equal(
      nextExcessBlobGas({ ...parent, blobGasUsed: blobs(3n) }, "osaka", BLOB_SCHEDULES.osaka),
      blobs(11n),
    );
    // The reserve price does not bind: 8192 * 1 <= 131072 * blob base fee.
    assert.equal(
      nextExcessBlobGas(
        { ...parent, blobGasUsed: blobs(3n), baseFeePerGas: 1n },
        "osaka",
        BLOB_SCHEDULES.osaka,
      ),
      blobs(7n),
    );
  });
});

describe("blob schedules", () => {
  it("caps a transaction at six blobs from Osaka on (EIP-7594)", () => {
    assert.equal(maxBlobsPerTransaction("prague", BLOB_SCHEDULES.prague), 9);
    assert.equal(maxBlobsPerTransaction("osaka", newestBlobSchedule("osaka")), 6);
  });
});
