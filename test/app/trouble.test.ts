// What goes wrong around the app, in a real browser over a real chain: wallets that decline, are elsewhere or ask another
// chain, a transaction that fails in its block, an index that tells nonsense or is behind, a chain that is killed and comes
// back, or begins anew. Each is said, what was typed stays, and nothing is sent that should not be.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import type { BaseContract } from "ethers";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { marketOf } from "../../contracts/deployment/protocol.ts";
import { launchBrowser } from "../support/browser.ts";
import { type Stack, startStack } from "./support/stack.ts";
import { InjectedWallet } from "./support/wallet.ts";

const BUILD = { timeout: 280_000 };
const CHAIN = 31_337;
const ACCOUNT = 8;
const WALLET = "Test wallet";
const LENDS = "/markets/trade-invoices#lend";
const GWEI = 10n ** 9n;

let stack: Stack;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let index: Server;
/** What the index answers; nothing: it closes the connection. */
let indexAnswers: { type: string; body: string } | undefined;

before(async () => {
  index = await startIndex();
  const indexUrl = `http://127.0.0.1:${(index.address() as AddressInfo).port}`;
  [stack, { browser, close: closeBrowser }] = await Promise.all([
    startStack({ indexUrl, kept: true }),
    launchBrowser(),
  ]);
  const { dollar, peg } = stack.deployment.protocol;
  const { address } = stack.connection.wallet(ACCOUNT);
  await send(0, dollar, "mint", [address, 1_000_000000n]);
  // Swaps are one transaction then.
  await send(ACCOUNT, dollar, "approve", [peg.target, 2n ** 255n]);
}, BUILD);

after(async () => {
  await closeBrowser?.();
  await stack?.stop();
  index?.close();
});

test("a wallet that announces itself connects by its name, and what is declined in it can be done again", async () => {
  const { source } = marketOf(stack.deployment.protocol, "trade-invoices");
  const { context, page, wallet } = await openWithWallet(LENDS);
  await page.getByRole("button", { name: "Connect wallet" }).first().click();
  wallet.reject("eth_requestAccounts");
  await page.getByRole("button", { name: WALLET }).click();
  await page.getByText("You declined to connect in your wallet.").waitFor();
  await page.getByRole("button", { name: WALLET }).click();
  await page.getByText("Available: 1,000.00").waitFor();

  const declined = page.getByRole("main").getByText("You declined in your wallet. Nothing was sent.");
  await amount(page, "lend").fill("100");
  wallet.reject("eth_signTypedData_v4");
  await press(page, "Lend");
  await declined.waitFor();
  assert.equal(await amount(page, "lend").inputValue(), "100");

  wallet.reject("eth_sendTransaction");
  await press(page, "Lend");
  await wallet.asksFor("eth_sendTransaction", 1);
  await declined.waitFor();
  assert.equal(wallet.calls("eth_signTypedData_v4").length, 2);
  assert.equal(await amount(page, "lend").inputValue(), "100");
  assert.equal(await source.totalCash(), 0n);

  await press(page, "Lend");
  await confirmed(page);
  assert.equal(await source.totalCash(), 100_000000n);
  await context.close();
});

test("a wallet on another network is offered this one, with its RPC URL, and signs nothing before", async () => {
  const { context, page, wallet } = await openWithWallet(LENDS, 1);
  await connect(page);
  const banner = page.getByRole("alert").filter({ hasText: /^Your wallet is on Chain 1, this page shows/ });
  await banner.waitFor();
  await amount(page, "lend").fill("5");
  await press(page, "Lend");
  const refused = page.getByRole("main").getByText("Your wallet is on another network. Nothing was sent.");
  await refused.waitFor();

  wallet.reject("wallet_switchEthereumChain");
  await banner.getByRole("button", { name: "Switch the wallet" }).click();
  await banner.getByText(`RPC URL ${stack.rpcUrl}`).waitFor();
  assert.equal(wallet.calls("wallet_addEthereumChain").length, 0);
  await banner.getByRole("button", { name: "Switch the wallet" }).click();
  await banner.waitFor({ state: "detached" });
  assert.deepEqual(wallet.calls("wallet_switchEthereumChain").at(-1), [{ chainId: "0x7a69" }]);
  const [added] = wallet.calls("wallet_addEthereumChain").at(-1) as [{ chainId: string; rpcUrls: string[] }];
  assert.deepEqual([added.chainId, added.rpcUrls], ["0x7a69", [stack.rpcUrl]]);

  await refused.waitFor({ state: "detached" });
  // One that moves on without a word is found out when it is to sign.
  wallet.moveSilently(1);
  await press(page, "Lend");
  await refused.waitFor();
  assert.deepEqual([...wallet.calls("eth_signTypedData_v4"), ...wallet.calls("eth_sendTransaction")], []);
  assert.equal(await amount(page, "lend").inputValue(), "5");
  await context.close();
});

test("a wallet that asks another chain of the same id is told so, and signs nothing until it asks this one", async () => {
  const { context, page, wallet } = await openWithWallet(LENDS);
  wallet.genesis = `0x${"77".repeat(32)}`;
  await connect(page);
  const banner = page.getByRole("alert").filter({ hasText: "Your wallet asks another chain of the same id" });
  await banner.waitFor();
  await amount(page, "lend").fill("5");
  await press(page, "Lend");
  await page.getByRole("main").getByText("Your wallet asks another chain of the same id. Nothing").waitFor();
  assert.deepEqual([...wallet.calls("eth_signTypedData_v4"), ...wallet.calls("eth_sendTransaction")], []);
  wallet.genesis = undefined;
  await banner.waitFor({ state: "detached" });
  await press(page, "Lend");
  await confirmed(page);
  await context.close();
});

test("a transaction that fails in its block says why, there, in the list and on its page, after a reload too", async () => {
  const { peg } = stack.deployment.protocol;
  const { context, page } = await openWithWallet("/stablecoin");
  await connect(page);
  await amount(page, "swap").fill("10");
  await node("evm_setAutomine", false);
  await press(page, "Swap");
  await page.getByRole("main").getByText("Waiting for a block").waitFor();
  // Its simulation was right: in its block something came before it.
  const administrator = stack.connection.wallet(0);
  await peg.connect(administrator).getFunction("stopInflow")({
    maxFeePerGas: 60n * GWEI,
    maxPriorityFeePerGas: 50n * GWEI,
    gasLimit: 200_000n,
  });
  await node("evm_mine");
  await node("evm_setAutomine", true);
  const why = "No dollars are taken now; pUSD is still redeemed.";
  await page.getByRole("main").getByText(why).waitFor();
  await page.getByRole("main").getByText("Taking dollars is stopped. pUSD is still redeemed.").waitFor();
  assert.equal(await amount(page, "swap").inputValue(), "10");
  await send(0, peg, "resumeInflow", []);
  await press(page, "Swap");
  await confirmed(page);

  await page.reload();
  const panel = await openPanel(page);
  const row = panel.getByRole("listitem").filter({ hasText: why });
  await row.getByText("Failed").waitFor();
  await row.getByText("Swap in 10.00 devUSD").waitFor();
  await row.getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: why }).waitFor();
  await page.getByRole("main").getByText("Failed", { exact: true }).waitFor();
  await page.getByRole("main").getByText("InflowNotOpen(status: 1)").waitFor();

  // What a market refused with has its unit, whoever sent it.
  const { address } = administrator;
  const { market } = marketOf(stack.deployment.protocol, "treasury-bills");
  const remove = (market.connect(administrator) as BaseContract).getFunction("removeCollateral");
  const { hash } = await remove(address, 0, 1, address, { gasLimit: 500_000n });
  await page.goto(`${stack.url}/tx/${hash}`);
  await page.getByRole("heading", { level: 1, name: "The position holds 0.00 pTBILL." }).waitFor();
  await context.close();
});

test("an index that tells nonsense counts as none, one that is behind says so, and figures stay the chain's", async () => {
  const page = await browser.newPage();
  const figures = () => page.getByRole("heading", { level: 1, name: "Borrow from 5.0%" }).waitFor();
  const none = page.getByRole("status").filter({ hasText: "The index does not answer, or not as it should" });
  for (const answer of [
    { type: "text/html", body: "<!doctype html><title>Welcome</title>" },
    { type: "application/json", body: "null" },
    {
      type: "application/json",
      body: '{"data":{"_meta":{"status":{"other":{"id":1,"block":{"number":1}}}}}}',
    },
  ]) {
    indexAnswers = answer;
    await page.goto(`${stack.url}/markets`);
    await none.waitFor();
    await figures();
  }
  await page.getByText("Index down").waitFor();
  const height = await stack.connection.provider.getBlockNumber();
  const status = { polder: { id: CHAIN, block: { number: height - 40, timestamp: 1 } } };
  indexAnswers = { type: "application/json", body: JSON.stringify({ data: { _meta: { status } } }) };
  await page.getByRole("status").filter({ hasText: "The index is 40 blocks behind the chain" }).waitFor();
  await figures();
  assert.ok(await none.isHidden());
  indexAnswers = undefined;
  await page.close();
});

test("a chain that is killed is said; once it is back, without a reload, pages go on and what was sent is followed", async () => {
  const { context, page, wallet } = await openWithWallet("/stablecoin");
  await connect(page);
  const other = await context.newPage();
  await other.goto(stack.url + LENDS);
  await amount(other, "lend").fill("5");
  await other.getByText("Available: ").waitFor();

  await node("evm_setAutomine", false);
  wallet.onSent = () => stack.killChain();
  await amount(page, "swap").fill("20");
  await press(page, "Swap");
  const silent = (of: Page) =>
    of.getByRole("alert").filter({ hasText: "does not answer. What you see is of block" });
  await silent(page).waitFor();
  await page.getByRole("main").getByText("Waiting for a block").waitFor();
  wallet.onSent = undefined;
  await silent(other).waitFor();
  await press(other, "Lend");
  await other.getByRole("main").getByText("The chain does not answer. Nothing is lost").waitFor();
  assert.equal(await amount(other, "lend").inputValue(), "5");
  assert.equal(wallet.calls("eth_sendTransaction").length, 1);
  // A page that is opened meanwhile has nothing to show.
  await other.getByRole("link", { name: "Stablecoin" }).first().click();
  await other.getByText("This could not be read").first().waitFor();

  await stack.startChain();
  await silent(page).waitFor({ state: "detached" });
  await other.getByText("1 pUSD = $1.00").waitFor();
  await other.getByText("This could not be read").waitFor({ state: "detached" });
  await node("evm_mine");
  await confirmed(page);
  await amount(page, "swap").fill("30");
  await press(page, "Swap");
  await wallet.asksFor("eth_sendTransaction", 2);
  await confirmed(page);
  const panel = await openPanel(page);
  for (const title of ["Swap in 20.00 devUSD", "Swap in 30.00 devUSD"]) {
    await panel.getByRole("listitem").filter({ hasText: title }).getByText("Confirmed").waitFor();
  }
  await context.close();
});

test("a chain that began anew is said, what waited there counts as forgotten, and nothing is sent", async () => {
  const { context, page, wallet } = await openWithWallet("/stablecoin");
  await connect(page);
  await amount(page, "swap").fill("10");
  await node("evm_setAutomine", false);
  await press(page, "Swap");
  await page.getByRole("main").getByText("Waiting for a block").waitFor();
  await stack.killChain();
  await stack.startChain({ anew: true });
  await page.getByRole("alert").filter({ hasText: "The chain began anew" }).waitFor();
  await page.getByRole("main").getByText("The network forgot this transaction").waitFor();
  await press(page, "Swap");
  await page
    .getByRole("main")
    .getByText("The chain began anew since the protocol was deployed. Nothing")
    .waitFor();
  assert.equal(wallet.calls("eth_sendTransaction").length, 1);
  assert.equal(await node("eth_blockNumber"), "0x0");
  await page.reload();
  await page.getByRole("alert").filter({ hasText: "The chain began anew" }).waitFor();
  await context.close();
});

/** A page in a context of its own, in which a wallet is installed. */
async function openWithWallet(path: string, chainId = CHAIN) {
  const context: BrowserContext = await browser.newContext();
  const account = stack.connection.wallet(ACCOUNT).address;
  const wallet = await InjectedWallet.inject(context, {
    name: WALLET,
    rpcUrl: stack.rpcUrl,
    account,
    chainId,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(stack.url + path);
  return { context, page, wallet };
}

async function connect(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Connect wallet" }).first().click();
  await page.getByRole("button", { name: WALLET }).click();
  await page.getByText("Available: ").waitFor();
}

async function openPanel(page: Page): Promise<Locator> {
  const { address } = stack.connection.wallet(ACCOUNT);
  await page.getByRole("button", { name: new RegExp(address.slice(0, 6), "i") }).click();
  return page.getByRole("dialog", { name: "Your wallet" });
}

function amount(page: Page, to: string): Locator {
  return page.getByLabel(`Amount to ${to}`);
}

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

async function confirmed(page: Page): Promise<void> {
  await page.getByRole("main").getByText("Confirmed in block").waitFor();
}

async function send(from: number, contract: BaseContract, method: string, args: readonly unknown[]) {
  const wallet = stack.connection.wallet(from);
  await (await (contract.connect(wallet) as BaseContract).getFunction(method)(...args)).wait();
}

function node(method: string, ...params: unknown[]): Promise<unknown> {
  return stack.connection.provider.send(method, params);
}

function startIndex(): Promise<Server> {
  const server = createServer((request, response) => {
    if (indexAnswers === undefined) {
      response.destroy();
      return;
    }
    const open = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    response.writeHead(200, { ...open, "content-type": indexAnswers.type });
    response.end(request.method === "OPTIONS" ? "" : indexAnswers.body);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}
