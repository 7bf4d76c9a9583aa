// The built app in a real browser over a real chain: somebody applies and the desk decides from another account, a document
// whose bytes were changed on disk is told, and the chain's clock is moved.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { ROLES } from "../../scripts/lib/deployment.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Stack, startStack } from "./support/stack.ts";

const BUILD = { timeout: 280_000 };
const APPLICANT = 9;

let stack: Stack;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let documents: string;

before(async () => {
  documents = mkdtempSync(join(tmpdir(), "polder-documents-"));
  cpSync(join(import.meta.dirname, "../../contracts/deployment/documents"), join(documents, "documents"), {
    recursive: true,
  });
  process.env.POLDER_DOCUMENTS = documents;
  [stack, { browser, close: closeBrowser }] = await Promise.all([
    startStack({ handOver: true }),
    launchBrowser(),
  ]);
}, BUILD);

after(async () => {
  delete process.env.POLDER_DOCUMENTS;
  await closeBrowser?.();
  await stack?.stop();
  rmSync(documents, { recursive: true, force: true });
});

/** A page of a browser of its own, connected by the development wallet as `account`; nothing: not connected. */
async function open(path: string, account?: number): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext();
  const address = account === undefined ? undefined : stack.connection.wallet(account).address;
  if (address !== undefined) {
    await context.addInitScript((kept) => localStorage.setItem("polder.development.account", kept), address);
  }
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !/ERR_CONNECTION_REFUSED/.test(message.text()))
      errors.push(message.text());
  });
  page.on("pageerror", ({ message }) => errors.push(message));
  await page.goto(stack.url + path);
  return { page, errors };
}

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name }).waitFor({ timeout: 60_000 });

test("who applies waits, is denied with a reason, applies again and is approved by the registrar alone", async () => {
  const { protocol } = stack.deployment;
  const { page, errors } = await open("/eligibility", APPLICANT);
  await heading(page, "You are not on record yet");
  const send = page.getByRole("button", { name: "Send the application" });
  assert.ok(await send.isDisabled()); // without evidence
  await page.getByLabel("or a text").fill("passport 1");
  await send.click();
  await heading(page, "Your application waits for a decision");

  // A keeper may look, and not decide.
  const stranger = await open("/issuer", ROLES.keepers[0]);
  await stranger.page.getByText("holds none of these roles").waitFor();
  await stranger.page.getByRole("button", { name: "Approve" }).click();
  await stranger.page.getByText("Only the registrar may do this.").waitFor();
  assert.ok(await stranger.page.getByRole("dialog").getByRole("button", { name: "Approve" }).isDisabled());
  await stranger.page.context().close();

  const desk = await open("/issuer", ROLES.registrar);
  await desk.page.getByText("The connected account is: Registrar.").waitFor();
  await desk.page.getByRole("button", { name: "Deny" }).click();
  // What the registrar writes is shown as text, whatever it is.
  await desk.page.getByLabel("Reason").fill("<img src=x onerror=alert(1)>");
  await desk.page.getByRole("dialog").getByRole("button", { name: "Deny" }).click();
  await heading(page, "Your application was denied: “<img src=x onerror=alert(1)>”");
  assert.equal(await page.locator("main img").count(), 0);

  await page.getByLabel("or a text").fill("passport 2");
  await page.getByLabel("To be on record as").selectOption("3");
  await send.click();
  await heading(page, "Your application waits for a decision");
  await desk.page.getByRole("cell", { name: "Liquidator" }).waitFor();
  await desk.page.getByRole("button", { name: "Approve" }).click();
  await desk.page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
  await heading(page, /^You may hold, borrow and liquidate until \d+ \w+ \d{4}$/);
  await desk.page.getByText("No application waits").waitFor();
  const [standing] = await protocol.registry.standingOf(stack.connection.wallet(APPLICANT).address);
  assert.equal(BigInt(standing) & 32n, 32n);

  // What was sent leads to a page that says it in words.
  const sent = (await stack.connection.provider.getBlock("latest"))?.transactions[0];
  await desk.page.locator(`a[href="/tx/${sent}"]`).first().click();
  await desk.page.waitForURL(`**/tx/${sent}`);
  await heading(desk.page, /approved the application of 0x/);
  assert.deepEqual([...errors, ...desk.errors], []);
  await page.context().close();
  await desk.page.context().close();
});

test("a document is the published one until its bytes are changed on disk", async () => {
  const { page, errors } = await open("/assets/harvest/documents/valuation");
  await heading(page, "These are the bytes that were published");
  await page.getByRole("heading", { name: "Harvest: how the units are valued" }).waitFor();

  appendFileSync(
    join(documents, "documents/harvest/valuation.md"),
    "\n<script>window.hurt = true</script>\n\n[here](javascript:window.hurt=true)\n",
  );
  await page.reload();
  await heading(page, "These are not the bytes that were published");
  await page.getByText("Show what it says all the same").click();
  const link = page.locator("article a", { hasText: "here" });
  await link.waitFor();
  assert.doesNotMatch((await link.getAttribute("href")) ?? "", /javascript/);
  assert.equal(await page.evaluate(() => "hurt" in window), false);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("the development page moves the clock and gives what trying takes", async () => {
  const { page, errors } = await open("/development", 8);
  const { provider, wallet } = stack.connection;
  const time = async () => (await provider.getBlock("latest"))?.timestamp ?? 0;
  const before = await time();
  await page.getByLabel("Days").fill("3");
  await page.getByRole("button", { name: "Travel" }).click();
  await page.getByText("Arrived. No NAV report came on the way").waitFor();
  const passed = (await time()) - before;
  assert.ok(passed >= 3 * 86_400 && passed < 3 * 86_400 + 600, `${passed} seconds`);

  const tokens = page.getByRole("form", { name: "Tokens of an asset" });
  await tokens.getByText("You are not on record as a holder").waitFor();
  await page.getByRole("button", { name: "Approve me" }).click();
  await page.getByText("Done: you may hold and borrow for a year.").waitFor();
  await tokens.getByRole("button", { name: "Give me" }).click();
  await tokens.getByText("You have 100.00 pTBILL more.").waitFor();
  const [bills] = stack.deployment.protocol.markets;
  assert.equal(await bills?.collateral.balanceOf(wallet(8).address), 100n * 10n ** 18n);
  assert.deepEqual(errors, []);
  await page.context().close();
});
