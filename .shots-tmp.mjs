import { launchBrowser } from "/work/wt/applend/test/support/browser.ts";

const { browser, close } = await launchBrowser();
const which = process.argv.slice(2);
const pages = {
  borrow: "/markets/treasury-bills",
  repay: "/markets/treasury-bills#repay",
  collateral: "/markets/trade-invoices#collateral",
  withdraw: "/markets/trade-invoices#withdraw",
  fixed: "/markets/trade-invoices",
  office: "/markets/office-building",
  portfolio: "/portfolio",
  stablecoin: "/stablecoin",
  savings: "/stablecoin/savings",
  backstop: "/stablecoin/backstop#leave",
};
const errors = [];
for (const theme of (process.env.THEMES ?? "light").split(","))
  for (const width of (process.env.WIDTHS ?? "1280,390").split(",").map(Number)) {
    const context = await browser.newContext({
      viewport: { width, height: width === 390 ? 844 : 900 },
      colorScheme: theme,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(15000);
    page.on("console", (m) => {
      if (m.type() === "error" && !/CONNECTION_REFUSED/.test(m.text())) errors.push(m.text());
    });
    page.on("pageerror", (e) => errors.push(e.message));
    await page.goto("http://127.0.0.1:3200/markets/treasury-bills");
    if (which.includes("disconnected")) {
      await page.waitForTimeout(1500);
      await page.screenshot({
        path: `/tmp/applend/shots/disconnected-${width}-${theme}.png`,
        fullPage: true,
      });
    }
    if (process.env.CONNECT !== "0") {
      await page.getByRole("button", { name: "Connect wallet" }).first().click();
      await page.getByRole("button", { name: /Account 8/ }).click();
      await page.waitForTimeout(1500);
    }
    for (const [name, path] of Object.entries(pages)) {
      if (which.length && !which.includes(name)) continue;
      await page.goto("about:blank");
      await page.goto("http://127.0.0.1:3200" + path);
      await page.waitForTimeout(2500);
      if (name === "borrow") {
        await page
          .getByLabel("Amount to borrow")
          .fill("500")
          .catch(() => {});
        await page.waitForTimeout(400);
      }
      if (name === "fixed") {
        await page
          .getByLabel(/Fixed rate/)
          .first()
          .check()
          .catch(() => {});
        await page
          .getByLabel("Amount to borrow")
          .fill("50")
          .catch(() => {});
        await page.waitForTimeout(400);
      }
      if (name === "repay") {
        await page
          .getByRole("button", { name: "Max" })
          .click()
          .catch(() => {});
        await page.waitForTimeout(400);
      }
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) errors.push(`${name} ${width}: ${over} px too wide`);
      await page.screenshot({ path: `/tmp/applend/shots/${name}-${width}-${theme}.png`, fullPage: true });
    }
    await context.close();
  }
await close();
console.log(errors.length ? errors : "no errors");
process.exit(0);
