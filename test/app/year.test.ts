// A year in one story, in a real browser over a real chain with the attestors at work: somebody is refused, admitted, lends,
// borrows, travels a year, and another's loan is sold from under him after a fall of the NAV, which both see; then all is repaid
// with interest, taken back and withdrawn. What pages show is compared with the chain.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Wallet } from "ethers";
import type { Browser, Page } from "playwright-core";
import { formatAmount, formatPercent } from "../../app/src/lib/format.ts";
import type { AnyContract } from "../../contracts/deployment/contract.ts";
import { signConfirmation, signReport } from "../../contracts/deployment/nav-report.ts";
import { marketOf } from "../../contracts/deployment/protocol.ts";
import { attestorWallets, ROLES } from "../../scripts/lib/deployment.ts";
import { ROOT } from "../run/child.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Stack, startStack } from "./support/stack.ts";

const BUILD = { timeout: 280_000 };
const WAD = 10n ** 18n;
const DOLLAR = 10n ** 6n;
const DAY = 86_400;
/** Who lends and borrows, and whose loan will be sold. */
const [ANN, BEN] = [9, 8];
/** Variable. */
const TERMS = 1; // of Treasury bills: the first that were published

let stack: Stack;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let attestor: ChildProcess;
const errors: string[] = [];

before(async () => {
  [stack, { browser, close: closeBrowser }] = await Promise.all([
    startStack({ handOver: true }),
    launchBrowser(),
  ]);
  attestor = spawn(
    process.execPath,
    [join(ROOT, "scripts/attest/main.ts"), "run", `--rpc-url=${stack.rpcUrl}`, "--interval=0.1"],
    { stdio: "ignore", env: process.env },
  );
}, BUILD);

after(async () => {
  attestor?.kill("SIGKILL");
  await closeBrowser?.();
  await stack?.stop();
});

/** A page of a browser of its own, connected by the development wallet. */
async function open(path: string, account: number): Promise<Page> {
  const context = await browser.newContext();
  const { address } = stack.connection.wallet(account);
  await context.addInitScript((kept) => localStorage.setItem("polder.development.account", kept), address);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.on("console", (message) => {
    if (message.type() === "error" && !/ERR_CONNECTION_REFUSED/.test(message.text()))
      errors.push(message.text());
  });
  page.on("pageerror", ({ message }) => errors.push(message));
  await page.goto(stack.url + path);
  return page;
}

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name }).waitFor();

async function confirmed(page: Page): Promise<void> {
  await page
    .getByRole("main")
    .getByText(/Confirmed in block/)
    .first()
    .waitFor();
}

async function send(contract: AnyContract, from: number, method: string, ...args: unknown[]): Promise<void> {
  const connected = contract.connect(stack.connection.wallet(from) as Wallet) as AnyContract;
  await (await connected.getFunction(method)(...args)).wait();
}

const bills = () => marketOf(stack.deployment.protocol, "treasury-bills");
const invoices = () => marketOf(stack.deployment.protocol, "trade-invoices");
const variableTerms = () => invoices().terms.find(({ kind }) => kind === "variable")?.id;
const address = (account: number) => stack.connection.wallet(account).address;

/** Applies for a record as a liquidator, which lets one borrow too; the registrar approves at the desk. */
async function beAdmitted(page: Page, evidence: string): Promise<void> {
  await page.getByLabel("To be on record as").selectOption("3");
  await page.getByLabel("or a text").fill(evidence);
  await page.getByRole("button", { name: "Send the application" }).click();
  await heading(page, "Your application waits for a decision");
  const desk = await open("/issuer", ROLES.registrar);
  await desk.getByRole("button", { name: "Approve" }).click();
  await desk.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  await heading(page, /^You may hold, borrow and liquidate until \d+ \w+ \d{4}$/);
  await desk.context().close();
}

async function acceptedNav(oracle: AnyContract): Promise<bigint> {
  const { nav } = await oracle.accepted();
  return nav;
}

let ann: Page;
let ben: Page;

test("who is refused is admitted, lends to a pool, and borrows against collateral", async () => {
  ann = await open("/markets/treasury-bills", ANN);
  await ann.getByText(/is for people on record/).waitFor();
  await ann.getByRole("link", { name: "To eligibility" }).click();
  await heading(ann, "You are not on record yet");
  await beAdmitted(ann, "passport of this year");

  await ann.goto(`${stack.url}/development`);
  const tokens = ann.getByRole("form", { name: "Tokens of an asset" });
  await tokens.getByRole("button", { name: "Give me" }).click();
  await tokens.getByText("You have 100.00 pTBILL more.").waitFor();
  const dollars = ann.getByRole("form", { name: /^Development dollars/ });
  await dollars.getByRole("button", { name: "Give me" }).click();
  await dollars.getByText(/You have 10,000\.00 \w+ more\./).waitFor();

  await ann.goto(`${stack.url}/markets/trade-invoices#lend`);
  await ann.getByLabel("Amount to lend").fill("10000");
  await ann.getByRole("button", { name: "Lend", exact: true }).click();
  await confirmed(ann);

  await ann.goto(`${stack.url}/markets/treasury-bills`);
  await ann.getByLabel("Amount to borrow").fill("500");
  await ann.getByLabel("Collateral to add first").fill("50");
  await ann.getByRole("button", { name: "Add collateral and borrow" }).click();
  await confirmed(ann);
  const { market } = bills();
  assert.equal((await market.positionOf(address(ANN), TERMS)).collateral, 50n * WAD);
  const health: bigint = await market.healthOf(address(ANN), TERMS);
  await ann.getByText(cut(health), { exact: true }).first().waitFor();
});

test("another borrows, and rates move for all who look", async () => {
  const { registry, dollar } = stack.deployment.protocol;
  const expiry = (await now()) + 3 * 365 * DAY;
  await send(registry, ROLES.registrar, "setPersons", [address(BEN)], 2, 528, expiry);
  const poolTerms = variableTerms();
  for (const [{ market, collateral }, terms, units] of [
    [bills(), TERMS, 200n * WAD],
    [invoices(), poolTerms, 1_000n * WAD],
  ] as const) {
    await send(collateral, ROLES.agent, "mint", address(BEN), units);
    await send(collateral, BEN, "approve", market.target, units);
    await send(market, BEN, "addCollateral", address(BEN), terms, units);
  }
  await ann.goto(`${stack.url}/markets/trade-invoices#lend`);
  await ann.getByRole("heading", { level: 1, name: "Trade invoices" }).waitFor();
  const nav = await acceptedNav(bills().oracle);
  // Four fifths of what the bills are worth: the year's interest leaves it healthy, a fall of a fifth does not.
  const loan = (200n * nav * WAD * 80n) / (100n * 10n ** 8n);
  await send(bills().market, BEN, "borrow", address(BEN), TERMS, loan, address(BEN));
  await send(invoices().market, BEN, "borrow", address(BEN), poolTerms, 4_000n * DOLLAR, address(BEN));
  await send(invoices().market, BEN, "checkpoint");
  const { supplyRatePerYear } = (await stack.deployment.protocol.lens.marketOf(invoices().market.target))
    .pool;
  assert.ok(supplyRatePerYear > 0n);
  await ann.getByText(formatPercent(supplyRatePerYear)).first().waitFor();
  assert.equal(await dollar.balanceOf(address(BEN)), 4_000n * DOLLAR);
});

test("a year passes with reports and checkpoints, and interest is what the chain says", async () => {
  const { market, oracle } = bills();
  const [began, owed]: [number, bigint] = [await now(), await market.debtOf(address(ANN), TERMS)];
  const rounds = await oracle.nextRound();
  const checkpoints = await market.queryFilter(market.getEvent("Checkpoint"));
  await ann.goto(`${stack.url}/development`);
  await ann.getByLabel("Days").fill("366");
  await ann.getByRole("button", { name: "Travel" }).click();
  await ann.getByText(/^Arrived\. \d+ NAV reports came on the way\./).waitFor({ timeout: 280_000 });
  const passed = (await now()) - began;
  assert.ok(passed >= 366 * DAY && passed < 367 * DAY, `${passed} s`);
  assert.ok((await oracle.nextRound()) - rounds > 100n);
  const kept = (await market.queryFilter(market.getEvent("Checkpoint"))).length - checkpoints.length;
  assert.ok(kept > 100, `${kept} checkpoints`);
  await ann.getByText("NAV fresh").nth(4).waitFor();

  await ann.goto(`${stack.url}/markets/treasury-bills?terms=${TERMS}#repay`);
  const debt: bigint = await market.debtOf(address(ANN), TERMS);
  // The rate moved between its bounds all the time.
  const [least, most] = [(owed * 102n) / 100n, (owed * 110n) / 100n];
  assert.ok(debt > least && debt < most, `${debt} of ${owed}`);
  await ann
    .getByText(`${formatAmount(debt, 18, { rounding: "ceil" })} pUSD`)
    .first()
    .waitFor();
});

test("whoever's record ran out meanwhile is told, and may repay all the same", async () => {
  await ann.goto(`${stack.url}/eligibility`);
  await heading(ann, /^Your record (ran out|expired)/);
  await beAdmitted(ann, "passport of next year");
});

test("after a fall of the NAV a loan is sold by another, and both see it at once", async () => {
  attestor.kill("SIGTERM"); // its model would not have it fall
  await once(attestor, "exit");
  const { market, oracle } = bills();
  ben = await open("/portfolio", BEN);
  await ben.getByText("Safe", { exact: false }).first().waitFor();
  await ann.goto(`${stack.url}/development`);
  const peg = ann.getByRole("form", { name: /pUSD, through the peg/ });
  await peg.getByLabel("Dollars to swap in").fill("20000");
  await peg.getByRole("button", { name: "Give me" }).click();
  await peg.getByText(/Swapped .* into pUSD for you\./).waitFor();
  await ann.goto(`${stack.url}/liquidations`);
  await ann.getByText("Nothing can be liquidated now").waitFor();

  await stack.connection.provider.send("evm_increaseTime", [DAY]);
  await fall(oracle, 80n);
  await ben.getByText("Can be liquidated").first().waitFor();
  const row = ann.getByRole("region", { name: "Now" }).getByRole("row").nth(1);
  await row.getByText("Unhealthy").waitFor();
  await row.getByRole("button", { name: "See" }).click();
  await ann.getByRole("dialog").getByRole("button", { name: "Liquidate" }).click();
  await ann.getByRole("region", { name: "Before" }).getByRole("row").nth(1).waitFor();
  const [sold] = await market.queryFilter(market.getEvent("Liquidated"));
  if (sold === undefined || !("args" in sold)) assert.fail("nothing was sold");
  assert.deepEqual([sold.args.owner, sold.args.liquidator], [address(BEN), address(ANN)]);

  // His page told him without a reload, and its receipt says why.
  await ben.getByRole("link", { name: "Liquidated" }).click();
  await ben.waitForURL(`**/liquidations/${sold.transactionHash}/${sold.index}`);
  await heading(ben, /^Sold [\d.,]+ pTBILL at a bonus of [\d.]+% since the NAV fell to \$/);
  await ann.getByRole("link", { name: "Receipt" }).first().click();
  await heading(ann, /^Sold [\d.,]+ pTBILL at a bonus of [\d.]+% since the NAV fell to \$/);
});

test("all is repaid with interest, taken back and withdrawn with what it earned, without a rest", async () => {
  const { market, collateral } = bills();
  const { source } = invoices();
  const { dollar } = stack.deployment.protocol;
  const held: bigint = await collateral.balanceOf(address(ANN));
  await ann.goto(`${stack.url}/markets/treasury-bills?terms=${TERMS}#repay`);
  await ann.getByText("All that is owed: ").waitFor();
  await ann.getByRole("button", { name: "Max" }).click();
  await ann.getByRole("button", { name: "Repay all" }).click();
  await ann.getByText("You owe nothing here.").waitFor();
  assert.equal(await market.debtOf(address(ANN), TERMS), 0n);
  await ann.getByRole("tab", { name: "Collateral", exact: true }).click();
  await ann.getByText("Remove", { exact: true }).click();
  await ann.getByRole("button", { name: "Max" }).click();
  await ann.getByRole("button", { name: "Remove collateral" }).click();
  await confirmed(ann);
  assert.equal(await collateral.balanceOf(address(ANN)), held + 50n * WAD);

  // What is lent out comes back first: Ben repays what he owes the pool.
  await send(dollar, ROLES.deployer, "mint", address(BEN), 10_000n * DOLLAR);
  await send(dollar, BEN, "approve", source.target, 10_000n * DOLLAR);
  await send(invoices().market, BEN, "repay", address(BEN), variableTerms(), 2n ** 256n - 1n);
  await ann.goto(`${stack.url}/markets/trade-invoices#lend`);
  await ann.getByRole("tab", { name: "Withdraw" }).click();
  await ann.getByText(/^Can be withdrawn: 10,\d{3}\.\d\d/).waitFor();
  await ann.getByRole("button", { name: "Max" }).click();
  await ann.getByRole("button", { name: "Withdraw", exact: true }).click();
  await ann.getByText("You have nothing here.").waitFor();
  assert.equal(await source.balanceOf(address(ANN)), 0n);
  const earned = (await dollar.balanceOf(address(ANN))) - 10_000n * DOLLAR;
  assert.ok(earned > 100n * DOLLAR && earned < 1_000n * DOLLAR, `${earned}`);
  assert.deepEqual(errors, []);
});

async function now(): Promise<number> {
  return (await stack.connection.provider.getBlock("latest"))?.timestamp ?? 0;
}

/** The attestors report `percent` of the NAV and, since that is beyond their bounds, confirm it. */
async function fall(oracle: AnyContract, percent: bigint): Promise<void> {
  const all = attestorWallets(stack.connection);
  await stack.connection.provider.send("evm_mine", []);
  const round = Number(await oracle.nextRound());
  const report = {
    round,
    nav: ((await acceptedNav(oracle)) * percent) / 100n,
    navDate: await now(),
    ripcord: false,
  };
  await send(oracle, 0, "submit", report, await signReport(oracle, all.slice(0, 3), report));
  await send(oracle, 0, "confirm", await signConfirmation(oracle, all.slice(0, 4)));
}

/** A wad with two digits, cut off. */
function cut(wad: bigint): string {
  const cents = wad / 10n ** 16n;
  return `${(cents / 100n).toLocaleString("en-GB")}.${String(cents % 100n).padStart(2, "0")}`;
}
