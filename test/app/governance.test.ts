// Votes in a real browser over a real chain that was handed over: delegated, proposed through the form, voted, queued, executed,
// seen on the market's page; what cannot be done is refused in words, and strangers' text runs nothing and passes for nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Contract } from "ethers";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { shortHex } from "../../app/src/lib/format.ts";
import { marketOf } from "../../contracts/deployment/protocol.ts";
import { pLDRAbi, polderGovernorAbi } from "../../contracts/index.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Stack, startStack } from "./support/stack.ts";

const BUILD = { timeout: 280_000 };
const DAY = 86_400;
const MILLION = 10n ** 24n;
const TITLE = "Room for five million more against bills";
const REASON = "The reserve <b>covers</b> it\u202e";

let stack: Stack;
let browser: Browser;
let closeBrowser: () => Promise<void>;

before(async () => {
  [stack, { browser, close: closeBrowser }] = await Promise.all([
    startStack({ handOver: true }),
    launchBrowser(),
  ]);
}, BUILD);

after(async () => {
  await closeBrowser?.();
  await stack?.stop();
});

/** A page as account `index` of the phrase sees it, in a context of its own. */
async function as(index: number, path: string): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(stack.url + path);
  await page.getByRole("button", { name: "Connect wallet" }).first().click();
  await page.getByRole("button", { name: `Account ${index} 0x` }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  return { page, context };
}

async function travel(seconds: number): Promise<void> {
  await stack.connection.provider.send("evm_increaseTime", [seconds]);
  await stack.connection.provider.send("evm_mine", []);
}

const address = (index: number) => stack.connection.wallet(index).address;

function governance() {
  const { record } = stack.deployment;
  assert.ok(record.governance);
  const { token, governor } = record.governance;
  const { provider } = stack.connection;
  return {
    token: new Contract(token, pLDRAbi, provider),
    governor: new Contract(governor, polderGovernorAbi, stack.connection.wallet(4)),
  };
}

async function confirmed(page: Page): Promise<void> {
  await page
    .getByText(/Confirmed in block/)
    .first()
    .waitFor();
}

test("votes are delegated in a transaction, and by a signature that another account sends", async () => {
  const { token } = governance();
  const nine = await as(9, "/governance/delegates");
  await nine.page
    .getByRole("heading", { level: 1, name: /delegates decide with 44\.50 million votes/ })
    .waitFor();
  await nine.page.getByLabel("Somebody else").check();
  await nine.page.getByLabel("Address of the delegate").fill(address(6));
  await nine.page.getByRole("button", { name: "Delegate", exact: true }).click();
  await confirmed(nine.page);
  assert.equal(await token.getFunction("delegates")(address(9)), address(6));
  assert.equal(await token.getFunction("getVotes")(address(6)), 6_250_000n * 10n ** 18n);
  await nine.page.getByText("Your PLDR votes there already.").waitFor();

  await nine.page.getByLabel("Myself").check();
  await nine.page.getByRole("button", { name: "Sign without a transaction" }).click();
  const signed = await nine.page.getByLabel("Your signature, to be handed on").inputValue();
  await nine.context.close();
  const ten = await as(10, "/governance/delegates");
  const field = ten.page.getByLabel("The signature, as it was handed on");
  await field.fill(signed.replace(address(9), address(8)));
  await ten.page.getByText("The signature is not that of the account that it names.").waitFor();
  await field.fill(signed);
  await ten.page.getByText(`${address(9)} lets ${address(9)} vote.`).waitFor();
  await ten.page.getByRole("button", { name: "Send the signature" }).click();
  await confirmed(ten.page);
  assert.equal(await token.getFunction("delegates")(address(9)), address(9));
  await ten.context.close();
});

test("a cap is raised: proposed by the form, voted by three, queued, executed, and the market shows it", async () => {
  const { governor } = governance();
  const four = await as(4, "/governance/new");
  const { page } = four;
  await page.getByRole("button", { name: "Propose", exact: true }).click();
  await page.getByText("Choose what it does.").waitFor();
  await page.getByLabel("What it does").selectOption({ label: "Raise a debt cap" });
  await page.getByLabel("Market", { exact: true }).selectOption({ label: "Treasury bills" });
  await page.getByLabel("By", { exact: true }).fill("a lot");
  await page.getByText(/By "a lot" cannot be read|"a lot" cannot be read/).waitFor();

  // More than the capital policy lets through is flagged, with its reason.
  await page.getByLabel("By", { exact: true }).fill("50,000,000");
  await page.getByLabel("Title").fill(TITLE);
  await page.getByRole("heading", { name: "Would fail" }).waitFor();
  const warnings = page.getByRole("region", { name: "Look twice" });
  await warnings
    .getByText(
      /^Exceeds the capital policy\. NotCovered \(required: 3,\d{3},.* pUSD, capital: 2,498,750 pUSD\)/,
    )
    .waitFor();
  await page.getByRole("button", { name: "Propose", exact: true }).click();
  await page.getByText("Read the warnings first.").waitFor();

  await page.getByLabel("By", { exact: true }).fill("5,000,000");
  await page.getByLabel("Why").fill("It is **covered**.");
  await page.getByRole("heading", { name: /Would change/ }).waitFor();
  const effect = page.getByRole("region", { name: "What it would do" });
  await effect
    .getByText(/100,000,000 pUSD/)
    .first()
    .waitFor();
  await effect
    .getByText(/105,000,000 pUSD/)
    .first()
    .waitFor();
  await page.getByLabel("I have read the warnings and propose it all the same.").check();
  await page.getByRole("button", { name: "Propose", exact: true }).click();
  await page.waitForURL(/governance\/\d{60,}/);
  const path = new URL(page.url()).pathname;
  await page.getByRole("heading", { level: 1, name: TITLE }).waitFor();
  await page.getByText(/^Votes are taken from .* on; it is/).waitFor();
  await page.getByText("105,000,000 pUSD").first().waitFor();
  assert.equal(await page.locator("strong", { hasText: /^covered$/ }).count(), 1);

  await travel(DAY + 2);
  for (const [index, choice] of [
    [4, "For"],
    [5, "For"],
    [6, "Against"],
  ] as const) {
    const voter = index === 4 ? four : await as(index, path);
    await voter.page.getByLabel(choice, { exact: true }).check();
    if (index === 5) await voter.page.getByLabel(/^Reason/).fill(REASON);
    await voter.page.getByRole("button", { name: "Vote", exact: true }).click();
    await voter.page
      .getByText(`${shortHex(address(index))} has voted already, and a vote is not changed.`)
      .waitFor();
    if (index !== 4) await voter.context.close();
  }
  const id = path.split("/").at(-1) ?? "";
  const [against, inFavour] = await governor.getFunction("proposalVotes")(id);
  assert.deepEqual([against, inFavour], [6n * MILLION, 23n * MILLION]);
  await page.getByText("The reserve <b>covers</b> it\\u{202e}").first().waitFor();

  const without = await as(11, path);
  await without.page.getByText(/had no votes at .*, when they were counted/).waitFor();
  assert.equal(await without.page.getByRole("button", { name: "Vote", exact: true }).count(), 0);
  await without.context.close();

  await travel(5 * DAY + 2);
  await page.getByText(/^Votes were taken until .*; the proposal is passed, and not queued yet\./).waitFor();
  await page.getByRole("button", { name: "Queue", exact: true }).click();
  await page.getByText(/^Cannot be executed: /).waitFor();
  await page.getByText(/It may be executed from/).waitFor();
  await travel(2 * DAY + 2);
  await page.getByRole("button", { name: "Execute", exact: true }).click();
  await page.getByRole("heading", { level: 2, name: /^Changed/ }).waitFor();
  await page.getByText("105,000,000 pUSD").first().waitFor();

  await page.goto(`${stack.url}/markets/treasury-bills`);
  await page
    .getByText(/105\.\d{2}M/)
    .first()
    .waitFor();
  await four.context.close();
});

test("the guardian's pause takes effect at once, and all who look at the market see it", async () => {
  const { market } = marketOf(stack.deployment.protocol, "harvest");
  const onlooker = await browser.newPage();
  onlooker.setDefaultTimeout(20_000);
  await onlooker.goto(`${stack.url}/markets/harvest`);
  await onlooker.getByRole("heading", { level: 1, name: "Harvest" }).waitFor();
  const paused = onlooker.getByText("New debt is paused. Repaying goes on.");
  assert.equal(await paused.count(), 0);

  const voter = await as(4, "/governance/guardian");
  await voter.page.getByRole("heading", { level: 1, name: "Nothing is stopped" }).waitFor();
  await voter.page.getByText("You are not the guardian: you can see what is stopped").waitFor();
  assert.equal(await voter.page.getByRole("button", { name: /^(Pause|Stop) / }).count(), 0);

  const { page, context } = await as(1, "/governance/guardian");
  await page.getByText("You are the guardian", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Pause new debt in Harvest" }).click();
  const dialog = page.getByRole("dialog", { name: "Pause new debt in Harvest?" });
  await dialog.getByText("only a vote lifts it").waitFor();
  await dialog.getByRole("button", { name: "Pause new debt in Harvest" }).click();
  await confirmed(page);
  const [stopped] = await market.newDebtStops();
  assert.equal(stopped, true);

  // Nobody reloads.
  await paused.waitFor();
  await voter.page.getByRole("heading", { level: 1, name: "One thing is stopped" }).waitFor();
  await onlooker.goto(`${stack.url}/markets`);
  await onlooker.getByText("New debt paused").first().waitFor();
  await onlooker.close();
  await voter.context.close();
  await context.close();
});

test("hostile markdown and calldata run nothing and pass for nothing", async () => {
  const { governor } = governance();
  const wallet = stack.connection.wallet(4);
  // Answers to any call that it is named as one of ours is.
  const named = Buffer.from("Treasury bills: market");
  const answer = Buffer.alloc(96);
  answer[31] = 0x20;
  answer[63] = named.length;
  named.copy(answer, 64);
  const code = `606c600c600039606c6000f36060600c60003960606000f3${answer.toString("hex")}`;
  const impostor = await (await wallet.sendTransaction({ data: `0x${code}` })).wait();
  const target = impostor?.contractAddress ?? "";
  const description = [
    "# Treasury bills\u202e: market <script>window.hacked = 1</script>",
    "",
    '<script>window.hacked = 1</script><img src="x" onerror="window.hacked = 1">',
    "",
    "[press me](javascript:window.hacked=1) and [https://polder.example](https://evil.example/a)",
    "",
    "![pixel](https://evil.example/pixel.png) <https://evil.example/b> [x](data:text/html,1)",
    "",
    "pay\u202e to \u200bthe treasury",
  ].join("\n");
  const raise = governor.interface.encodeFunctionData("setVotingDelay", [1n]);
  const propose = governor.getFunction("propose");
  const hidden = `${raise}${"00".repeat(32)}`;
  await (
    await propose([target, await governor.getAddress()], [0n, 0n], ["0xdeadbeef", hidden], description)
  ).wait();

  const page = await browser.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${stack.url}/governance`);
  await page.getByRole("heading", { level: 1, name: /Treasury bills\\u\{202e\}: market <script>/ }).waitFor();
  await page.getByRole("link", { name: "Read and vote" }).click();
  await page.getByRole("heading", { name: "What its author says" }).waitFor();
  await page.getByText("pay\\u{202e} to \\u{200b}the treasury").waitFor();
  await page
    .getByText(/The description holds direction overrides, invisible characters/)
    .first()
    .waitFor();
  await page.getByText("A contract that this protocol does not know").waitFor();
  await page.getByText("unknown contract", { exact: true }).waitFor();
  await page.getByText("bytes beyond its arguments", { exact: true }).waitFor();
  await page.getByRole("heading", { level: 2, name: /^Would/ }).waitFor();
  assert.equal(await page.getByText("Treasury bills: market", { exact: true }).count(), 0);
  assert.equal(await page.locator("main script, main img, main iframe").count(), 0);
  const links = await page
    .locator("main a[target=_blank]")
    .evaluateAll((all) => all.map((each) => [each.getAttribute("href"), each.getAttribute("rel")]));
  assert.deepEqual(links, [
    ["https://evil.example/a", "noopener noreferrer nofollow ugc"],
    ["https://evil.example/b", "noopener noreferrer nofollow ugc"],
  ]);
  assert.equal(await page.locator('a[href^="javascript" i], a[href^="data" i]').count(), 0);
  await page.getByText("(evil.example)").first().waitFor();
  await page.getByText("press me").click();
  assert.equal(await page.evaluate(() => (globalThis as { hacked?: unknown }).hacked), undefined);
  assert.deepEqual(
    asked.filter((url) => url.includes("evil.example")),
    [],
  );
  await page.close();
});
