// The built app in a real browser over a real chain: pages show what the chain has, an account connects and lends, and
// what goes wrong is said.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { signReport } from "../../contracts/deployment/nav-report.ts";
import { marketOf } from "../../contracts/deployment/protocol.ts";
import { attestorWallets } from "../../scripts/lib/deployment.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Stack, startStack } from "./support/stack.ts";

const BUILD = { timeout: 280_000 };
const LENDS = "trade-invoices"; // a pool of the development dollar

let stack: Stack;
let browser: Browser;
let closeBrowser: () => Promise<void>;

before(async () => {
  [stack, { browser, close: closeBrowser }] = await Promise.all([startStack(), launchBrowser()]);
}, BUILD);

after(async () => {
  await closeBrowser?.();
  await stack?.stop();
});

/** A page that remembers what went wrong in it, but that the index does not answer: nothing does in these tests. */
async function open(path: string, context?: BrowserContext): Promise<{ page: Page; errors: string[] }> {
  const page = await (context ?? browser).newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/ERR_CONNECTION_REFUSED/.test(message.text()))
      errors.push(message.text());
  });
  page.on("pageerror", ({ message }) => errors.push(message));
  await page.goto(stack.url + path);
  return { page, errors };
}

test("overview and markets show what the chain has, without an error", async () => {
  const { oracle } = marketOf(stack.deployment.protocol, "treasury-bills");
  const { page, errors } = await open("/");
  await page.getByRole("heading", { level: 1, name: "Nothing is lent yet" }).waitFor();
  const fields = page.getByRole("img", { name: /of its room is lent/ });
  await fields.nth(4).waitFor();
  assert.equal(await fields.count(), 5);

  await report(oracle, 104_370_00000n);
  await page.goto(`${stack.url}/markets`);
  await page.getByRole("heading", { level: 1, name: "Borrow from 5.0%" }).waitFor();
  await page.getByText("NAV $104.37").first().waitFor();
  for (const title of ["Treasury bills", "Trade invoices", "Office building", "Harvest", "Music royalties"]) {
    assert.ok(await page.getByRole("link", { name: title }).first().isVisible(), title);
  }

  await page.getByRole("link", { name: "Treasury bills" }).first().click();
  await page.getByRole("heading", { level: 1, name: "Treasury bills" }).waitFor();
  await page.getByText("5.00%").first().waitFor();
  await page.getByText("Index down").waitFor();
  assert.deepEqual(errors, []);
  await page.close();
});

test("a document is served as it was published, and nothing else is", async () => {
  const [document] = marketOf(stack.deployment.protocol, "harvest").documents;
  const read = (path: string) => fetch(`${stack.url}/documents/${path}`);
  const answer = await read(`harvest/${document?.name}`);
  const { keccak256 } = await import("ethers");
  assert.equal(keccak256(new Uint8Array(await answer.arrayBuffer())), document?.hash);
  for (const path of ["harvest/none", "none/valuation", "harvest/..%2F..%2F..%2Fpackage"]) {
    assert.equal((await read(path)).status, 404, path);
  }
});

test("an account connects by the development wallet, lends with a permit, and finds it after a reload", async () => {
  const { connection, deployment } = stack;
  const lender = connection.wallet(8);
  const { dollar } = deployment.protocol;
  const minted = await dollar.connect(connection.wallet(0));
  await (await minted.getFunction("mint")(lender.address, 1_250_500_001n)).wait();

  const context = await browser.newContext();
  const { page, errors } = await open(`/markets/${LENDS}#lend`, context);
  await page.getByRole("button", { name: "Connect wallet" }).first().click();
  await page.getByRole("button", { name: /Account 8/ }).click();
  await page.getByText("Available: 1,250.50").waitFor();
  await page.getByLabel("Amount to lend").fill("99999");
  await page.getByText("That is more than you have.").waitFor();
  await page.getByRole("button", { name: "Max" }).click();
  assert.equal(await page.getByLabel("Amount to lend").inputValue(), "1250.500001");
  await page.getByRole("button", { name: "Lend", exact: true }).click();
  await page
    .getByText(/Confirmed in block/)
    .first()
    .waitFor();
  const pool = marketOf(deployment.protocol, LENDS).source;
  assert.equal(await pool.totalCash(), 1_250_500_001n);
  assert.equal(await dollar.balanceOf(lender.address), 0n);
  await page.getByText("Available: 0.00").waitFor();

  await page.reload();
  await page.getByRole("button", { name: new RegExp(lender.address.slice(0, 6), "i") }).click();
  const panel = page.getByRole("dialog", { name: "Your wallet" });
  await panel.getByText("Lend 1,250.50 devUSD").waitFor();
  await panel.getByText("Confirmed").waitFor();
  await panel.getByRole("button", { name: "Use another account" }).click();
  await page.getByRole("button", { name: /^Account 7 0x/ }).click();
  const { address: other } = connection.wallet(7);
  await page.getByRole("button", { name: new RegExp(`^${other.slice(0, 6)}`, "i") }).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  const stored = JSON.stringify(await context.storageState());
  assert.doesNotMatch(stored, new RegExp(lender.privateKey.slice(2), "i"));
  assert.deepEqual(errors, []);
  await context.close();
});

test("a chain that falls silent is said, and what was read stays", async () => {
  const { page } = await open("/markets");
  await page.getByRole("heading", { level: 1, name: "Borrow from 5.0%" }).waitFor();
  await stack.stopChain();
  await page
    .getByText(/does not answer\. What you see is of block \d+, \d+ \w+ \d{4}, \d\d:\d\d UTC/)
    .waitFor();
  await page.getByRole("heading", { level: 1, name: "Borrow from 5.0%" }).waitFor();
  await page.close();
});

/** Reports a first NAV, in the oracle's 8 decimals. */
async function report(oracle: Parameters<typeof signReport>[0], nav: bigint): Promise<void> {
  const { provider } = stack.connection;
  const { timestamp = 0 } = (await provider.getBlock("latest")) ?? {};
  const next = { round: 1, nav, navDate: timestamp, ripcord: false };
  const signatures = await signReport(oracle, attestorWallets(stack.connection).slice(0, 4), next);
  await (await oracle.submit(next, signatures)).wait();
}
