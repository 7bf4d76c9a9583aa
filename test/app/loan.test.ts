// A loan from its first refusal to its last cent in a real browser over a real chain: not eligible, admitted, fifty dollars
// against collateral, repaid in full, everything taken back; dollars swapped, saved, lent and withdrawn. What pages show is
// compared with the chain.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { healthAt, liquidationNavOf, mostByLtv, mostRemovable } from "../../app/src/lib/position-math.ts";
import { signReport } from "../../contracts/deployment/nav-report.ts";
import { marketOf } from "../../contracts/deployment/protocol.ts";
import { attestorWallets } from "../../scripts/lib/deployment.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Stack, startStack } from "./support/stack.ts";

const BUILD = { timeout: 280_000 };
const WAD = 10n ** 18n;
const ACCOUNT = 9;
/** Variable terms, disclosed: the first that the market adopted. */
const TERMS = 1;

let stack: Stack;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let context: BrowserContext;
let page: Page;
let owner: string;
const errors: string[] = [];

before(async () => {
  [stack, { browser, close: closeBrowser }] = await Promise.all([startStack(), launchBrowser()]);
  owner = stack.connection.wallet(ACCOUNT).address;
  const { protocol } = stack.deployment;
  await report("treasury-bills", 100_00000000n);
  await report("trade-invoices", 100_00000000n);
  await send(protocol.dollar, "mint", owner, 1_000_000000n);
  context = await browser.newContext({ acceptDownloads: true });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => {
    if (message.type() === "error" && !/ERR_CONNECTION_REFUSED/.test(message.text()))
      errors.push(message.text());
  });
  page.on("pageerror", ({ message }) => errors.push(message));
}, BUILD);

after(async () => {
  await closeBrowser?.();
  await stack?.stop();
});

test("who is not on record is told so, with the way to eligibility, and may borrow within a block of being admitted", async () => {
  const { registry } = stack.deployment.protocol;
  const { collateral } = marketOf(stack.deployment.protocol, "treasury-bills");
  await page.goto(`${stack.url}/markets/treasury-bills`);
  await page.getByRole("button", { name: "Connect wallet" }).first().click();
  await page.getByRole("button", { name: new RegExp(`Account ${ACCOUNT}`) }).click();
  await page.getByText(/is for people on record/).waitFor();
  assert.equal(await page.getByRole("link", { name: "To eligibility" }).getAttribute("href"), "/eligibility");
  assert.ok(await page.getByRole("button", { name: "Borrow", exact: true }).isDisabled());

  const expiry = Math.floor(Date.now() / 1000) + 365 * 86_400;
  await send(registry, "setPersons", [owner], 2, 528, expiry);
  await send(collateral, "mint", owner, 10n * WAD);
  await page.getByText("You hold: 10.00 pTBILL").waitFor();
  await page.getByText(/is for people on record/).waitFor({ state: "detached" });
});

test("a loan of fifty dollars takes the amount and one press, and the page has the chain's numbers", async () => {
  const { market } = marketOf(stack.deployment.protocol, "treasury-bills");
  const amount = page.getByLabel("Amount to borrow");
  await amount.fill("10");
  await page.getByText("The smallest loan here is 20.00 pUSD.").waitFor();
  await amount.fill("5000");
  await page.getByText(/That is more than the collateral allows. Most that is possible: /).waitFor();
  await amount.fill("50");
  const suggested = await page.getByLabel("Collateral to add first").inputValue();
  await page.getByRole("button", { name: "Add collateral and borrow" }).click();
  await confirmed();
  assert.equal((await market.positionOf(owner, TERMS)).collateral, parse(suggested));
  const debt: bigint = await market.debtOf(owner, TERMS);
  assert.ok(debt >= 50n * WAD && debt < 51n * WAD);
  // What Max and the meter start from is what the chain has.
  const health: bigint = await market.healthOf(owner, TERMS);
  await page.getByText(cut(health), { exact: true }).first().waitFor();
});

test("a stranger's loan of fifty dollars takes six presses and two digits from the first page", async () => {
  const { registry } = stack.deployment.protocol;
  const { market, collateral } = marketOf(stack.deployment.protocol, "treasury-bills");
  const stranger = stack.connection.wallet(8).address;
  await send(registry, "setPersons", [stranger], 2, 528, Math.floor(Date.now() / 1000) + 365 * 86_400);
  await send(collateral, "mint", stranger, 10n * WAD);
  const fresh = await browser.newContext();
  await fresh.addInitScript(() => {
    addEventListener("click", ({ isTrusted }) => {
      // A label passes its click on to its field, which is no second one.
      if (isTrusted) sessionStorage.setItem("presses", String(Number(sessionStorage.getItem("presses")) + 1));
    });
  });
  const his = await fresh.newPage();
  his.setDefaultTimeout(15_000);
  await his.goto(stack.url);
  await his.getByRole("link", { name: "Markets", exact: true }).first().click();
  await his.getByRole("link", { name: "Treasury bills" }).first().click();
  await his.getByRole("button", { name: "Connect wallet" }).first().click();
  await his.getByRole("button", { name: /^Account 8 ?0x/ }).click();
  await his.getByText("You hold: 10.00 pTBILL").waitFor();
  await his.getByLabel("Amount to borrow").click();
  await his.keyboard.type("50");
  await his.getByRole("button", { name: "Add collateral and borrow" }).click();
  await his
    .getByRole("main")
    .getByText(/Confirmed in block/)
    .waitFor();
  assert.ok((await market.debtOf(stranger, TERMS)) >= 50n * WAD);
  assert.equal(await his.evaluate(() => sessionStorage.getItem("presses")), "6");
  await fresh.close();
});

test("what the forms compute is what the Lens tells of the same position", async () => {
  const { lens } = stack.deployment.protocol;
  const { market } = marketOf(stack.deployment.protocol, "treasury-bills");
  const [view] = await lens.positions(market.target, TERMS, [owner]);
  const { maxLtv, liquidation } = await market.parameters();
  const holding = { collateral: BigInt(view.collateral), debt: BigInt(view.debt) };
  const decimals = { collateral: 18, nav: 8, loan: 18 };
  const nav = 100_00000000n;
  assert.equal(liquidationNavOf(holding, decimals, liquidation.lltv), view.liquidationNav);
  assert.equal(healthAt(holding, nav, decimals, liquidation.lltv), view.health);
  const terms = { newDebtNav: nav, decimals, maxLtv, ratePerYear: WAD / 20n, borrowIndex: WAD };
  // Less than the contracts allow now, by what interest takes in the minutes until it is signed.
  const [most, removable] = [mostByLtv(holding, terms), mostRemovable(holding, terms)];
  assert.ok(
    most <= view.borrowable && most > view.borrowable - WAD / 10_000n,
    `${most} of ${view.borrowable}`,
  );
  assert.ok(removable <= view.removable && removable > view.removable - WAD / 100_000n);
});

test("a loan that failed in its block tells why, in the market's units", async () => {
  const { market } = marketOf(stack.deployment.protocol, "treasury-bills");
  const signed = market.connect(stack.connection.wallet(ACCOUNT)) as typeof market;
  const sent = await signed.borrow(owner, TERMS, 9_000n * WAD, owner, { gasLimit: 1_000_000n });
  await assert.rejects(sent.wait());
  const page = await context.newPage();
  await page.goto(`${stack.url}/tx/${sent.hash}`);
  await page
    .getByRole("heading", {
      level: 1,
      name: /Debt would be 9,050\.\d\d pUSD and may be [\d,.]+ pUSD at most/,
    })
    .waitFor();
  await page.close();
});

test("collateral is added and raises the health that is shown", async () => {
  const { market } = marketOf(stack.deployment.protocol, "treasury-bills");
  const before: bigint = (await market.positionOf(owner, TERMS)).collateral;
  await page.getByRole("tab", { name: "Collateral", exact: true }).click();
  await page.getByLabel("Collateral to add").fill("11");
  await page.getByText("That is more pTBILL than you have.").waitFor();
  await page.getByLabel("Collateral to add").fill("1");
  const now = cut(await market.healthOf(owner, TERMS));
  await page.getByText(new RegExp(`^${now} → `)).waitFor();
  await page.getByRole("button", { name: "Add collateral" }).click();
  await confirmed();
  assert.equal((await market.positionOf(owner, TERMS)).collateral, before + WAD);
});

test("a liquidation band is consented to, and taken back, from the portfolio", async () => {
  const { market } = marketOf(stack.deployment.protocol, "treasury-bills");
  await page.goto(`${stack.url}/portfolio`);
  await page.getByRole("button", { name: "Liquidation band" }).click();
  const dialog = page.getByRole("dialog", { name: "Let liquidators act sooner" });
  await dialog.getByLabel("From a loan-to-value of").fill("95");
  await dialog.getByLabel("For a bonus of").fill("1");
  await dialog.getByText("From 90% on it is liquidated anyway: enter less.").waitFor();
  await dialog.getByLabel("From a loan-to-value of").fill("80");
  await dialog.getByRole("button", { name: "Allow" }).click();
  await dialog.getByRole("button", { name: "Take it back" }).waitFor();
  assert.deepEqual([...(await market.consentOf(owner, TERMS))], [(WAD * 8n) / 10n, WAD / 100n]);
  await dialog.getByRole("button", { name: "Take it back" }).click();
  await dialog.getByRole("button", { name: "Allow" }).waitFor();
  assert.equal((await market.consentOf(owner, TERMS)).lltv, 0n);
});

test("fixed terms say what is owed when they are due, and an empty pool that nothing can be borrowed", async () => {
  await page.goto(`${stack.url}/markets/trade-invoices`);
  await page.getByLabel(/^Fixed rate until/).check();
  await page.getByLabel("Amount to borrow").fill("50");
  // 9.5% a year for the 90 days from publication, rounded up.
  await page.getByText("51.18 devUSD", { exact: true }).waitFor();
  await page.getByText(/^The pool has no cash to lend now/).waitFor();
  assert.ok(await page.getByRole("button", { name: "Borrow", exact: true }).isDisabled());
});

test("dollars are swapped into pUSD for what was shown", async () => {
  const { stablecoin } = stack.deployment.protocol;
  const before: bigint = await stablecoin.balanceOf(owner);
  await page.goto(`${stack.url}/stablecoin`);
  await page.getByText("1 pUSD = $1.00").waitFor();
  await page.getByLabel("Amount to swap").fill("100");
  await page.getByText("99.95 pUSD", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Swap", exact: true }).click();
  await confirmed();
  assert.equal((await stablecoin.balanceOf(owner)) - before, (9_995n * WAD) / 100n);
});

test("all is repaid to the last unit, and all collateral comes back", async () => {
  const { market, collateral } = marketOf(stack.deployment.protocol, "treasury-bills");
  await page.goto(`${stack.url}/markets/treasury-bills?terms=${TERMS}#repay`);
  await page.getByText("All that is owed: ").waitFor();
  await page.getByRole("button", { name: "Max" }).click();
  await page.getByRole("button", { name: "Repay all" }).click();
  await page.getByText("You owe nothing here.").waitFor();
  assert.equal(await market.debtOf(owner, TERMS), 0n);

  await page.getByRole("tab", { name: "Collateral", exact: true }).click();
  await page.getByText("Remove", { exact: true }).click();
  await page.getByRole("button", { name: "Max" }).click();
  await page.getByRole("button", { name: "Remove collateral" }).click();
  await confirmed();
  assert.equal((await market.positionOf(owner, TERMS)).collateral, 0n);
  assert.equal(await collateral.balanceOf(owner), 10n * WAD);
});

test("pUSD is saved, and dollars lent and withdrawn without a rest", async () => {
  const { savings, dollar } = stack.deployment.protocol;
  const { source } = marketOf(stack.deployment.protocol, "trade-invoices");
  await page.goto(`${stack.url}/stablecoin/savings`);
  await page.getByLabel("Amount to save").fill("20");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await confirmed();
  assert.equal(await savings.convertToAssets(await savings.balanceOf(owner)), 20n * WAD);

  const before: bigint = await dollar.balanceOf(owner);
  await page.goto(`${stack.url}/markets/trade-invoices#lend`);
  await page.getByLabel("Amount to lend").fill("250");
  await page.getByRole("button", { name: "Lend", exact: true }).click();
  await confirmed();
  assert.equal(await dollar.balanceOf(owner), before - 250_000000n);
  await page.getByRole("tab", { name: "Withdraw" }).click();
  await page.getByText("Can be withdrawn: 250.00").or(page.getByText("Can be withdrawn: 249.99")).waitFor();
  await page.getByRole("button", { name: "Max" }).click();
  await page.getByRole("button", { name: "Withdraw", exact: true }).click();
  await page.getByText("You have nothing here.").waitFor();
  assert.equal(await source.balanceOf(owner), 0n);
});

test("pUSD goes into the backstop, queues to leave, and stays after all", async () => {
  const { backstop } = stack.deployment.protocol;
  await page.goto(`${stack.url}/stablecoin/backstop`);
  await page.getByLabel("Amount to put behind the loans").fill("10");
  await page.getByRole("button", { name: "Deposit", exact: true }).click();
  await confirmed();
  const shares: bigint = await backstop.balanceOf(owner);
  assert.ok(shares > 0n);
  await page.getByRole("tab", { name: "Leave" }).click();
  await page.getByText(/Until then it bears losses/).waitFor();
  await page.getByRole("button", { name: "Max" }).click();
  await page.getByRole("button", { name: "Queue to leave" }).click();
  await page.getByText(/bpUSD queue to leave, worth/).waitFor();
  assert.equal((await backstop.exitOf(owner)).shares, shares);
  assert.ok(await page.getByRole("button", { name: "Claim" }).isDisabled());
  await page.getByRole("button", { name: "Stay" }).click();
  await page.getByText(/bpUSD queue to leave, worth/).waitFor({ state: "detached" });
  assert.equal(await backstop.balanceOf(owner), shares);
});

test("the portfolio sums up what is held, tells what was done, and gives it as a file", async () => {
  const { stablecoin, dollar, savings, backstop } = stack.deployment.protocol;
  await page.goto(`${stack.url}/portfolio`);
  const parts: bigint[] = [
    1_000n * WAD,
    await stablecoin.balanceOf(owner),
    (await dollar.balanceOf(owner)) * 10n ** 12n,
    await savings.convertToAssets(await savings.balanceOf(owner)),
    await backstop.convertToAssets(await backstop.balanceOf(owner)),
  ];
  const worth = parts.reduce((sum, part) => sum + part, 0n);
  await page
    .getByText(`$${cut(worth)}`)
    .first()
    .waitFor();
  await page.getByText("You have no loan and no collateral here").waitFor();
  for (const kind of ["Borrowed", "Repaid", "Collateral added", "Swapped in", "Deposited", "Withdrawn"]) {
    await page.getByRole("cell", { name: kind, exact: true }).first().waitFor();
  }
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download as CSV" }).click(),
  ]);
  const lines = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\r\n");
  assert.equal(lines[0], "time,what,where,terms,amount,token,for,for token,block,transaction");
  assert.ok(
    lines.some((line) => line.includes(`Borrowed,Treasury bills,${TERMS},50.000000000000000000,pUSD`)),
  );
  assert.deepEqual(errors, []);
});

async function confirmed(): Promise<void> {
  await page
    .getByRole("main")
    .getByText(/Confirmed in block/)
    .waitFor();
}

/** Sends from the first account, which administers. */
async function send(
  contract: { connect(runner: never): unknown },
  method: string,
  ...args: readonly unknown[]
): Promise<void> {
  const connected = contract.connect(stack.connection.wallet(0) as never) as {
    getFunction(name: string): (...args: readonly unknown[]) => Promise<{ wait(): Promise<unknown> }>;
  };
  await (await connected.getFunction(method)(...args)).wait();
}

async function report(key: string, nav: bigint): Promise<void> {
  const { oracle } = marketOf(stack.deployment.protocol, key);
  const { timestamp = 0 } = (await stack.connection.provider.getBlock("latest")) ?? {};
  const next = { round: 1, nav, navDate: timestamp, ripcord: false };
  const signatures = await signReport(oracle, attestorWallets(stack.connection).slice(0, 4), next);
  await (await oracle.submit(next, signatures)).wait();
}

/** A wad with two digits, cut off, thousands set off. */
function cut(wad: bigint): string {
  const cents = wad / 10n ** 16n;
  return `${(cents / 100n).toLocaleString("en-GB")}.${String(cents % 100n).padStart(2, "0")}`;
}

function parse(text: string): bigint {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole) * WAD + BigInt(fraction.padEnd(18, "0").slice(0, 18));
}
