// What the forms decide from: health, limits and liquidation NAVs as the contracts have them, and a reason for whatever
// cannot be done. Plain values; the contracts' own numbers are compared in actions-chain.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BorrowState,
  borrowIssue,
  mostBorrowable,
  suggestedCollateral,
} from "../../app/src/features/borrow/logic.ts";
import { addIssue, removeIssue } from "../../app/src/features/collateral/logic.ts";
import { consentIssue } from "../../app/src/features/consent/logic.ts";
import { rateAhead, rateRange, utilisationAfter } from "../../app/src/features/loan/rate.ts";
import { borrowStandingIssue, removeStandingIssue } from "../../app/src/features/loan/standing.ts";
import {
  allowanceForAll,
  leavesDust,
  mostRepayable,
  repayIssue,
} from "../../app/src/features/repay/logic.ts";
import { swapInIssue, swapInValue, swapOutAssets, swapOutIssue } from "../../app/src/features/swap/logic.ts";
import { exitIssue, vestingRate, withdrawIssue } from "../../app/src/features/vault/logic.ts";
import { MAX_UINT, WAD, YEAR } from "../../app/src/lib/format.ts";
import {
  collateralFor,
  debtLimit,
  distanceTo,
  healthAt,
  liquidationNavOf,
  mostByLtv,
  mostRemovable,
  owedAtMaturity,
} from "../../app/src/lib/position-math.ts";
import { toCsv } from "../../app/src/views/portfolio/csv.ts";
import { worthOf } from "../../app/src/views/portfolio/worth.ts";
import { backingOf } from "../../app/src/views/stablecoin/backing.ts";
import { premiumRate } from "../../app/src/views/stablecoin/premium.ts";

const decimals = { collateral: 18, nav: 8, loan: 18 };
const NAV = 100_00000000n;
const typed = (value: bigint) => ({ ok: true, value }) as const;
const untyped = { ok: false, issue: "empty" } as const;
const percent = (value: bigint) => (value * WAD) / 100n;

/** All that an eligible account needs for a loan of 50 against one token of 100 dollars. */
const fine: BorrowState = {
  connected: true,
  standing: 1n | 2n | 8n | 16n,
  newDebtPaused: false,
  lossNotCovered: false,
  collateralPaused: false,
  navStatus: "fresh",
  navPending: false,
  terms: { kind: "variable", open: true, ratePerYear: percent(5n), marginPerYear: 0n },
  position: { collateral: WAD, debt: 0n },
  balance: WAD,
  amount: typed(50n * WAD),
  added: untyped,
  limits: {
    newDebtNav: NAV,
    decimals,
    maxLtv: percent(80n),
    minDebt: 20n * WAD,
    borrowIndex: WAD,
    variableRate: percent(5n),
    freeCap: 1_000n * WAD,
    cash: undefined,
  },
};

test("a loan that nothing stands against has no issue", () => {
  assert.equal(borrowIssue(fine), undefined);
});

test("each reason against a loan is told by its code, the first that one can act on", () => {
  const limits = (some: Partial<BorrowState["limits"]>) => ({ limits: { ...fine.limits, ...some } });
  const cases: [string, Partial<BorrowState>][] = [
    ["notConnected", { connected: false, standing: 0n }],
    ["notOnRecord", { standing: 0n, navStatus: "stale" }],
    ["frozen", { standing: 1n | 2n | 4n }],
    ["expired", { standing: 1n }],
    ["notBorrower", { standing: 1n | 2n | 8n }],
    ["newDebtPaused", { newDebtPaused: true }],
    ["lossNotCovered", { lossNotCovered: true }],
    ["navMissing", { navStatus: "missing" }],
    ["navStale", { navStatus: "expired" }],
    ["navStale", { navStatus: "ripcord" }],
    ["termsNotOpen", { terms: { kind: "fixed", open: false, ratePerYear: percent(9n), marginPerYear: 0n } }],
    [
      "belowVariableRate",
      { terms: { kind: "fixed", open: true, ratePerYear: percent(5n), marginPerYear: 1n } },
    ],
    ["capReached", limits({ freeCap: 0n })],
    ["noLiquidity", limits({ cash: 0n })],
    ["empty", { amount: untyped }],
    ["zero", { amount: typed(0n) }],
    ["addedExceedsBalance", { added: typed(WAD + 1n) }],
    ["addedNotANumber", { added: { ok: false, issue: "notANumber" } }],
    ["collateralPaused", { collateralPaused: true, added: typed(1n) }],
    ["noCollateral", { position: { collateral: 0n, debt: 0n } }],
    ["exceedsMaxLtv", { amount: typed(80n * WAD) }],
    ["exceedsMaxLtvByPendingNav", { amount: typed(81n * WAD), navPending: true }],
    ["belowMinimum", { amount: typed(20n * WAD - 1n) }],
    ["exceedsCap", limits({ freeCap: 50n * WAD - 1n })],
    ["tooLittleLiquidity", limits({ cash: 50n * WAD - 1n })],
  ];
  for (const [issue, change] of cases) assert.equal(borrowIssue({ ...fine, ...change }), issue, issue);
});

test("collateral that is added counts, and a smaller debt on top of an old one is no smallest loan", () => {
  assert.equal(borrowIssue({ ...fine, amount: typed(120n * WAD), added: typed(WAD) }), undefined);
  const old = { position: { collateral: WAD, debt: 20n * WAD }, amount: typed(WAD) };
  assert.equal(borrowIssue({ ...fine, ...old }), undefined);
});

test("what Max stands for passes the check, and a little more does not", () => {
  const most = mostBorrowable(fine.position, fine.limits, percent(5n));
  assert.equal(borrowIssue({ ...fine, amount: typed(most) }), undefined);
  assert.ok(most < 80n * WAD && most > 79_99n * (WAD / 100n));
  assert.equal(mostBorrowable(fine.position, { ...fine.limits, freeCap: 7n }, percent(5n)), 7n);
  assert.equal(mostBorrowable(fine.position, { ...fine.limits, cash: 9n }, percent(5n)), 9n);
});

test("the suggested collateral gives a health of one and a half, or all there is", () => {
  const lltv = percent(86n);
  const none = { collateral: 0n, debt: 0n };
  const added = suggestedCollateral(none, 50n * WAD, 100n * WAD, fine.limits, lltv);
  const health = healthAt({ collateral: added, debt: 50n * WAD }, NAV, decimals, lltv);
  assert.ok(health >= (15n * WAD) / 10n && health < (151n * WAD) / 100n, String(health));
  assert.equal(added % 10n ** 14n, 0n);
  assert.equal(suggestedCollateral(none, 50n * WAD, 3n, fine.limits, lltv), 3n);
  assert.equal(suggestedCollateral({ collateral: WAD, debt: 0n }, 50n * WAD, WAD, fine.limits, lltv), 0n);
});

test("health, limit and liquidation NAV agree with each other at the edge", () => {
  const holding = { collateral: 3n * WAD, debt: 123_456_789_012_345_678_901n };
  const lltv = percent(86n);
  const floor = liquidationNavOf(holding, decimals, lltv) ?? 0n;
  assert.ok(healthAt(holding, floor, decimals, lltv) >= WAD);
  assert.ok(healthAt(holding, floor - 1n, decimals, lltv) < WAD);
  assert.equal(healthAt({ collateral: 0n, debt: 0n }, NAV, decimals, lltv), MAX_UINT);
  assert.equal(liquidationNavOf({ collateral: 0n, debt: 1n }, decimals, lltv), undefined);
  assert.equal(distanceTo(90n, 100n), WAD / 10n);
  assert.equal(distanceTo(101n, 100n), 0n);
  const needed = collateralFor(holding.debt, NAV, decimals, percent(80n)) ?? 0n;
  assert.ok(debtLimit(needed, NAV, decimals, percent(80n)) >= holding.debt);
  assert.ok(debtLimit(needed - 1n, NAV, decimals, percent(80n)) < holding.debt);
});

test("what can be removed leaves the loan within its limit for minutes, and all of it without debt", () => {
  const terms = { newDebtNav: NAV, decimals, maxLtv: percent(80n), ratePerYear: percent(5n) };
  const holding = { collateral: 2n * WAD, debt: 80n * WAD };
  const most = mostRemovable(holding, terms);
  assert.ok(most > 0n && most < WAD);
  const left = {
    collateral: holding.collateral - most,
    debt: holding.debt + (holding.debt * percent(5n) * 60n) / (WAD * YEAR),
  };
  assert.ok(debtLimit(left.collateral, NAV, decimals, percent(80n)) >= left.debt);
  assert.equal(mostRemovable({ collateral: 7n, debt: 0n }, terms), 7n);
  assert.ok(mostByLtv(holding, { ...terms, borrowIndex: WAD }) < 80n * WAD);
});

test("repaying all asks for a little more than is owed, and only where the balance suffices", () => {
  const debt = 50n * WAD;
  assert.deepEqual(mostRepayable(debt, 51n * WAD, percent(5n)), { amount: debt, all: true });
  assert.deepEqual(mostRepayable(debt, debt, percent(5n)), { amount: debt, all: false });
  assert.deepEqual(mostRepayable(debt, 3n, percent(5n)), { amount: 3n, all: false });
  assert.ok(allowanceForAll(debt, percent(5n)) > debt);
  const state = { connected: true, debt, balance: 60n * WAD, amount: typed(55n * WAD), all: false };
  assert.equal(repayIssue(state), "exceedsDebt");
  assert.equal(repayIssue({ ...state, all: true }), undefined);
  assert.equal(repayIssue({ ...state, balance: WAD }), "exceedsBalance");
  assert.equal(repayIssue({ ...state, debt: 0n }), "noDebt");
  assert.equal(repayIssue({ ...state, balance: 0n }), "noBalance");
  assert.equal(leavesDust(debt, 40n * WAD, 20n * WAD), true);
  assert.equal(leavesDust(debt, debt, 20n * WAD), false);
});

test("adding and removing collateral: each reason", () => {
  const add = {
    connected: true,
    standing: 31n - 4n,
    collateralPaused: false,
    balance: 5n,
    amount: typed(5n),
  };
  assert.equal(addIssue(add), undefined);
  assert.equal(addIssue({ ...add, standing: 0n }), "notOnRecord");
  assert.equal(addIssue({ ...add, balance: 0n }), "noBalance");
  assert.equal(addIssue({ ...add, amount: typed(6n) }), "exceedsBalance");
  assert.equal(addIssue({ ...add, collateralPaused: true }), "collateralPaused");
  const remove = {
    ...{ connected: true, standing: 27n, collateralPaused: false, collateral: 9n, indebted: true },
    ...{ overdue: false, navStatus: "fresh" as const, removable: 4n, amount: typed(4n) },
  };
  assert.equal(removeIssue(remove), undefined);
  assert.equal(removeIssue({ ...remove, amount: typed(5n) }), "exceedsMaxLtv");
  assert.equal(removeIssue({ ...remove, amount: typed(10n) }), "exceedsCollateral");
  assert.equal(removeIssue({ ...remove, navStatus: "stale" }), "navNotFresh");
  assert.equal(removeIssue({ ...remove, navStatus: "stale", indebted: false }), undefined);
  assert.equal(removeIssue({ ...remove, overdue: true }), "overdue");
  assert.equal(removeIssue({ ...remove, collateral: 0n }), "noCollateral");
});

test("who has expired may take collateral back once nothing is owed, who is frozen may not", () => {
  assert.equal(removeStandingIssue(1n, false), undefined);
  assert.equal(removeStandingIssue(1n, true), "expired");
  assert.equal(removeStandingIssue(5n, false), "frozen");
  assert.equal(borrowStandingIssue(27n), undefined);
});

test("withdrawing, queueing: each reason", () => {
  const state = { connected: true, assets: 10n, withdrawable: 6n, amount: typed(6n) };
  assert.equal(withdrawIssue(state), undefined);
  assert.equal(withdrawIssue({ ...state, amount: typed(7n) }), "exceedsCash");
  assert.equal(withdrawIssue({ ...state, amount: typed(11n) }), "exceedsHeld");
  assert.equal(withdrawIssue({ ...state, withdrawable: 0n }), "noLiquidity");
  assert.equal(withdrawIssue({ ...state, assets: 0n }), "nothingHeld");
  assert.equal(exitIssue({ connected: true, shares: 5n, amount: typed(6n) }), "exceedsHeld");
  assert.equal(exitIssue({ connected: true, shares: 5n, amount: typed(5n) }), undefined);
});

test("a swap takes the feed's price up to a dollar, less a fee that rounds up, and says what is in its way", () => {
  const price = { dollarDecimals: 6, price: 1_00000000n, priceDecimals: 8, feeBps: 5n };
  assert.equal(swapInValue(100_000000n, price), (9_995n * WAD) / 100n);
  assert.equal(swapInValue(100_000000n, { ...price, price: 1_00100000n }), (9_995n * WAD) / 100n);
  assert.equal(swapInValue(100_000000n, { ...price, price: 99900000n, feeBps: 0n }), (999n * WAD) / 10n);
  assert.equal(swapOutAssets(100n * WAD, 6, 10n), 99_900000n);
  const state = {
    ...{ connected: true, status: "open" as const, balance: 100n },
    ...{ untilCeiling: 50n, inWindow: 20n, amount: typed(20n) },
  };
  assert.equal(swapInIssue(state), undefined);
  assert.equal(swapInIssue({ ...state, amount: typed(21n) }), "exceedsWindow");
  assert.equal(swapInIssue({ ...state, amount: typed(51n) }), "exceedsCeiling");
  assert.equal(swapInIssue({ ...state, amount: typed(101n) }), "exceedsBalance");
  assert.equal(swapInIssue({ ...state, status: "feedStale" }), "feedStale");
  assert.equal(swapInIssue({ ...state, inWindow: 0n }), "windowUsed");
  const out = { connected: true, balance: 9n, reserve: 5n, out: 5n, amount: typed(9n) };
  assert.equal(swapOutIssue(out), undefined);
  assert.equal(swapOutIssue({ ...out, out: 6n }), "exceedsReserve");
  assert.equal(swapOutIssue({ ...out, out: 0n }), "tooSmall");
});

test("a consent lies below the market's own threshold and its bonus can be paid", () => {
  const state = { connected: true, ltv: typed(percent(70n)), bonus: typed(percent(2n)), lltv: percent(78n) };
  assert.equal(consentIssue(state), undefined);
  assert.equal(consentIssue({ ...state, ltv: typed(percent(78n)) }), "aboveLltv");
  assert.equal(consentIssue({ ...state, bonus: typed(percent(29n)) }), "bonusTooHigh");
  assert.equal(consentIssue({ ...state, bonus: untyped }), "empty");
});

test("the rate ahead rises with use, within its range", () => {
  const curve = {
    target: percent(85n),
    multipleAtZero: percent(50n),
    multipleAtFull: percent(400n),
    speed: percent(10n) / 86_400n,
    minRateAtTarget: percent(5n),
    maxRateAtTarget: percent(40n),
  };
  const model = { curve, rateAtTarget: percent(8n) };
  const { least, most } = rateRange(curve);
  assert.deepEqual([least, most], [percent(25n) / 10n, percent(160n)]);
  const low = rateAhead(model, percent(10n), 3_600n);
  const high = rateAhead(model, percent(95n), 3_600n);
  assert.ok(least <= low && low < percent(8n) && percent(8n) < high && high <= most);
  const pool = { totalDebt: 60n, cash: 40n, debtCap: 0n, borrowIndex: WAD };
  assert.equal(utilisationAfter(pool, 20n), percent(80n));
  assert.equal(utilisationAfter(pool, -60n), 0n);
  assert.equal(utilisationAfter({ ...pool, cash: undefined, debtCap: 50n }, 0n), WAD);
});

test("at maturity simple interest is owed on what was scaled", () => {
  const terms = { ratePerYear: percent(10n), start: 0n, maturity: YEAR };
  assert.equal(owedAtMaturity(100n * WAD, terms, 0n), 110n * WAD);
  // Half a year in, the index is 1.05 already.
  assert.equal(owedAtMaturity(105n * WAD, terms, YEAR / 2n), 110n * WAD);
  assert.equal(owedAtMaturity(7n, terms, YEAR), 7n);
});

test("vesting rates are of what vests now, and nothing once it has", () => {
  const vesting = { index: 10n ** 27n, growth: 10n ** 24n, start: 0n, end: YEAR / 10n };
  assert.equal(vestingRate(vesting, 1n), percent(1n));
  assert.equal(vestingRate(vesting, YEAR), 0n);
  assert.equal(premiumRate({ vesting: 1n * WAD, end: YEAR / 10n }, 100n * WAD, 1n, 0n), percent(10n));
  assert.equal(premiumRate({ vesting: 1n, end: 5n }, 1n, 5n, 0n), undefined);
  assert.equal(premiumRate(undefined, 1n, 5n, 0n), undefined);
});

test("net worth is what is held less what is owed, and the lowest health that of a loan", () => {
  const market = { nav: NAV, navDecimals: 8, collateralDecimals: 18, loanDecimals: 6 };
  const worth = worthOf({
    positions: [
      { collateral: WAD, inWorkout: WAD, debt: 50_000000n, health: 3n, market },
      { collateral: WAD, inWorkout: 0n, debt: 0n, health: MAX_UINT, market },
    ],
    vaults: [{ assets: 5n * WAD, queuedAssets: WAD, decimals: 18 }],
    dollars: [{ balance: 2_000000n, decimals: 6 }],
    assets: [{ balance: WAD / 2n, market }],
  });
  assert.equal(worth.net, (300n - 50n + 6n + 2n + 50n) * WAD);
  assert.equal(worth.lowestHealth, 3n);
});

test("backing is the reserve and what minted loans owe", () => {
  const { total, ratio } = backingOf({
    supply: 200n * WAD,
    reserve: 50_000000n,
    dollarDecimals: 6,
    facilities: [{ title: "Treasury bills", debt: 160n * WAD, decimals: 18 }],
  });
  assert.equal(total, 210n * WAD);
  assert.equal(ratio, (105n * WAD) / 100n);
});

test("a CSV quotes what needs it and lets nothing become a formula", () => {
  assert.equal(
    toCsv([
      ["a", 'b "c"', "d,e"],
      ["=1+1", "-5.2", "@x"],
    ]),
    'a,"b ""c""","d,e"\r\n\'=1+1,-5.2,\'@x\r\n',
  );
});
