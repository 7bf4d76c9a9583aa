// What pages compute from what they read: what may be borrowed, sums over markets, the best rates, strips.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WAD } from "../../app/src/lib/format.ts";
import { borrowableNow, navStatusOf, toUsd, usdValueOf } from "../../app/src/lib/market-figures.ts";
import { laneStrips } from "../../app/src/views/market/lanes.ts";
import { bestRates } from "../../app/src/views/markets/best-rates.ts";

const open = {
  borrowIndex: (11n * WAD) / 10n,
  freeDebtCap: 100n,
  newDebtPaused: false,
  lossNotCovered: false,
  nav: { ok: true, status: 0 },
  pool: { ok: false, cash: 0n },
};

test("what can be borrowed is the free cap at the index, in a pool at most the cash", () => {
  assert.equal(borrowableNow(open), 110n);
  assert.equal(borrowableNow({ ...open, pool: { ok: true, cash: 30n } }), 30n);
  assert.equal(borrowableNow({ ...open, pool: { ok: true, cash: 300n } }), 110n);
});

test("nothing can be borrowed while the NAV is not fresh, new debt is paused or a loss uncovered", () => {
  for (const status of [1, 2, 3]) assert.equal(borrowableNow({ ...open, nav: { ok: true, status } }), 0n);
  assert.equal(borrowableNow({ ...open, nav: { ok: false, status: 0 } }), 0n);
  assert.equal(borrowableNow({ ...open, newDebtPaused: true }), 0n);
  assert.equal(borrowableNow({ ...open, lossNotCovered: true }), 0n);
});

test("a value is amount times NAV, whatever the decimals of both", () => {
  assert.equal(usdValueOf(2n * WAD, 18, 104_37000000n, 8), (20_874n * WAD) / 100n);
  assert.equal(usdValueOf(1_500_000n, 6, 2n * WAD, 18), 3n * WAD);
  assert.equal(toUsd(1_500_000n, 6), (15n * WAD) / 10n);
});

test("a NAV that never came is missing, not expired", () => {
  assert.equal(navStatusOf({ ok: true, status: 2, navDate: 0n }), "missing");
  assert.equal(navStatusOf({ ok: true, status: 2, navDate: 5n }), "expired");
});

test("the best rates are the lowest to borrow at and the highest that a lender earns", () => {
  const view = (ratePerYear: bigint, supplyRatePerYear?: bigint) => ({
    view: {
      ratePerYear,
      pool: { ok: supplyRatePerYear !== undefined, supplyRatePerYear: supplyRatePerYear ?? 99n } as never,
    },
  });
  assert.deepEqual(bestRates([view(5n), view(8n, 3n), view(9n, 7n)]), { borrow: 5n, supply: 7n });
  assert.deepEqual(bestRates([view(5n)]), { borrow: 5n, supply: undefined });
  assert.deepEqual(bestRates([]), { borrow: undefined, supply: undefined });
});

test("a strip is as full as its lane's part of the cap is used", () => {
  const { label, strips } = laneStrips(
    [
      { debt: 1n, free: 3n, collateral: 0n },
      { debt: 0n, free: 0n, collateral: 0n },
      { debt: 2n, free: 0n, collateral: 0n },
    ],
    "Harvest",
    "lent",
  );
  assert.deepEqual(
    strips.map(({ share }) => share),
    [0.25, 0, 1],
  );
  assert.equal(label, "Harvest: 50.0% lent");
});
