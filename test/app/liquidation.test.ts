// The built app in a real browser over a chain on which a NAV fell: a liquidation's receipt tells what its events say, and a
// transaction's page its place in a block of many.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { formatAmount, formatPercent, formatPrice, WAD } from "../../app/src/lib/format.ts";
import { Scenario } from "../../scripts/scenario.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Stack, startStack } from "./support/stack.ts";

const BUILD = { timeout: 280_000 };

let stack: Stack;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let scenario: Scenario;

before(async () => {
  [stack, { browser, close: closeBrowser }] = await Promise.all([startStack(), launchBrowser()]);
  // A deployment of its own in place of the stack's: the app reads the record anew with each page.
  scenario = await Scenario.create(stack.connection, { borrowers: 60, seed: 1, navFall: 800n });
  await scenario.prepare();
  await scenario.borrow();
  await scenario.reportFall();
  await scenario.confirmFall();
}, BUILD);

after(async () => {
  await closeBrowser?.();
  await stack?.stop();
});

async function open(path: string): Promise<{ page: Page; errors: string[] }> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/ERR_CONNECTION_REFUSED/.test(message.text()))
      errors.push(message.text());
  });
  page.on("pageerror", ({ message }) => errors.push(message));
  await page.goto(stack.url + path);
  return { page, errors };
}

test("positions below 1 are listed until they are liquidated, and each receipt tells its events' numbers", async () => {
  const due = [...(await scenario.positions()).values()].filter(({ health }) => health < WAD).length;
  assert.ok(due > 3, `${due} positions`);
  const { page, errors } = await open("/liquidations");
  const now = page.getByRole("region", { name: "Now" });
  await now.getByRole("row").nth(due).waitFor();
  assert.equal(await now.getByRole("row").count(), due + 1); // and the head
  await page.getByText("Nothing was liquidated yet").waitFor();

  const { block, liquidations } = await scenario.liquidate();
  await page.getByText("Nothing can be liquidated now").waitFor();
  await page.getByText(`${liquidations.length} liquidations so far`).waitFor();

  const { market, oracle } = scenario.market;
  const sold = await market.queryFilter(
    market.getEvent("Liquidated"),
    block.mined.number,
    block.mined.number,
  );
  const priced = await market.queryFilter(
    market.getEvent("LiquidationPriced"),
    block.mined.number,
    block.mined.number,
  );
  const [event] = sold;
  if (event === undefined || !("args" in event)) assert.fail("no liquidation");
  const price = priced.find((each) => each.transactionHash === event.transactionHash);
  if (price === undefined || !("args" in price)) assert.fail("no price");
  const { owner, repaid, seized, loss, liquidator } = event.args;
  const { nav, markup, debt } = price.args;
  const { round } = await oracle.accepted();

  await page.goto(`${stack.url}/liquidations/${event.transactionHash}/${event.index}`);
  const bonus = formatPercent(markup - WAD);
  await page
    .getByRole("heading", {
      level: 1,
      name: `Sold ${formatAmount(seized, 18)} pTBILL at a bonus of ${bonus} since the NAV fell to ${formatPrice(nav, 8)}`,
    })
    .waitFor();
  const said = await page.locator("main").innerText();
  for (const text of [
    `${formatAmount(repaid, 18)} pUSD were repaid for ${formatAmount(seized, 18)} pTBILL`,
    `owed ${formatAmount(debt, 18, { rounding: "ceil" })} pUSD`,
    `of round ${round}`,
    "Before it, $104.37",
    loss === 0n ? "Nobody lost what he lent." : "was lost to those who lent",
  ]) {
    assert.ok(said.includes(text), `${text}\n${said}`);
  }
  const left = await market.positionOf(owner, 0);
  assert.ok(said.includes(`${formatAmount(left.collateral, 18)} pTBILL`));
  await page.getByRole("button", { name: new RegExp(`${owner}`, "i") }).waitFor();
  await page.getByRole("button", { name: new RegExp(`${liquidator}`, "i") }).waitFor();
  const health = await market.healthOf(owner, 0);
  if (left.scaledDebt > 0n)
    assert.ok(said.includes(`→ ${(Number(health / 10n ** 14n) / 1e4).toFixed(2)}`), said);

  await page.goto(`${stack.url}/liquidations/${event.transactionHash}/99999`);
  await page.getByRole("heading", { level: 1, name: "There is no such liquidation" }).waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

type Raw = {
  criticalPath: { transactions: number[] };
  transactions: { index: number; worker: number; startedAt: number; finishedAt: number }[];
};

test("a transaction of a block of many tells its worker, its order and through what it collides", async () => {
  const mint = scenario.blocks.find(({ what }) => what.startsWith("issuer mints"));
  if (mint?.report === undefined) assert.fail("no such block");
  const raw = (await stack.connection.provider.send("parallel_getBlockReport", [
    `0x${mint.mined.number.toString(16)}`,
  ])) as Raw;
  // The last of the longest chain: it had to wait for another.
  const last = raw.criticalPath.transactions.at(-1) ?? 0;
  const own = raw.transactions.find(({ index }) => index === last);
  const outcome = mint.mined.outcomes.find(({ index }) => index === last);
  if (own === undefined || outcome === undefined || last === 0) assert.fail("nothing waited");
  const { page, errors } = await open(`/blocks/${mint.mined.number}`);
  await page.getByText(`${mint.report.parallelism.toFixed(2)}×`).waitFor();
  await page.getByText(`of ${mint.report.transactions} transactions`).waitFor();
  await page.getByText(new RegExp(`^${mint.report.transactions} transactions on \\d+ workers in`)).waitFor();
  assert.equal(await page.locator('figure a[href^="/tx/"]').count(), mint.report.transactions);
  await page
    .getByRole("region", { name: "What was waited for" })
    .getByText("Treasury bills: token")
    .first()
    .waitFor();

  await page.getByRole("link", { name: `Open transaction ${outcome.hash}` }).click();
  await page.getByRole("heading", { level: 1, name: /pTBILL were minted for 0x/ }).waitFor();
  await page.getByText(/It read what \d+ earlier transactions? of its block wrote/).waitFor();
  await page.getByText(`in ${mint.report.transactions}, from 0`).waitFor();
  const said = await page.locator("main").innerText();
  const time = [own.startedAt, own.finishedAt]
    .map((each) => Math.round(each).toLocaleString("en-GB"))
    .join(" – ");
  assert.ok(said.includes(time), `${time}\n${said}`);
  const through = page.getByRole("region", { name: "It read what these wrote" });
  await through.getByText("Treasury bills: token").first().waitFor();
  // By the Solidity variable: a lane of the token's supply.
  await through
    .getByText(/^_supply\.lanes\[\d+\]$/)
    .first()
    .waitFor();
  assert.equal(await through.getByText("Storage slot").count(), 0);

  await page.goto(`${stack.url}/tx/0x${"12".repeat(32)}`);
  await page.getByRole("heading", { level: 1, name: "There is no such transaction" }).waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});
