// Every page of the built app over a chain with ninety days of history, by axe-core: not connected, connected, with what can be
// opened on it, where what it names does not exist, where the chain is silent and where nothing is deployed; in both themes,
// and the connected ones as wide as a phone. No page may break a rule of WCAG 2.2 AA, or log an error.
import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { after, before, test } from "node:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";
import { listen, PHONE, setTheme, THEMES, violations, WIDE } from "./support/audit.ts";
import {
  ABSENT,
  CONNECT,
  close,
  connectAs,
  MENU,
  newPage,
  type Place,
  placesOf,
  settled,
  type View,
} from "./support/places.ts";
import { settle } from "./support/resident.ts";
import { type Stack, startStack } from "./support/stack.ts";

const BUILD = { timeout: 280_000 };
/** Nothing answers as the index here. */
const NO_INDEX = /ERR_CONNECTION_REFUSED/;
/** A colour that is on its way from one theme to the other is neither's. */
const STILL = { reducedMotion: "reduce" } as const;
/** Pages that are looked at side by side: one renders while the other is judged. */
const HANDS = 3;

let stack: Stack;
let browser: Browser;
let closeBrowser: () => Promise<void>;
let places: readonly Place[];

before(async () => {
  [stack, { browser, close: closeBrowser }] = await Promise.all([
    startStack({ history: true }),
    launchBrowser(),
  ]);
  const { connection, deployment } = stack;
  await settle(connection, deployment.record);
  places = await placesOf(connection, deployment.record);
}, BUILD);

after(async () => {
  await closeBrowser?.();
  await stack?.stop();
});

test("not connected, every page is accessible in both themes", async () => {
  const context = await browser.newContext({ ...STILL, viewport: WIDE });
  await all(places, async ({ name, path }) => {
    const { page, errors } = await open(context, path);
    const faults = await judged(page, name);
    if (path === "/") faults.push(...(await viewed(page, name, CONNECT)));
    await page.close();
    return [...faults, ...errors.map((error) => `${name}: ${error}`)];
  });
  await context.close();
});

test("connected and on a phone, every page is, and whatever is opened on it", async () => {
  const accounts = [...new Set(places.map(({ account }) => account))];
  const contexts = new Map<number, BrowserContext>();
  for (const account of accounts) {
    const context = await browser.newContext({ ...STILL, viewport: PHONE });
    await connectAs(context, stack.connection, account);
    contexts.set(account, context);
  }
  await all(places, async ({ name, path, account, views }) => {
    const context = contexts.get(account);
    assert.ok(context);
    const { page, errors } = await open(context, path, { connected: true });
    const faults = await judged(page, name);
    for (const view of path === "/" ? [...views, MENU] : views) {
      faults.push(...(await viewed(page, name, view)));
    }
    await page.close();
    return [...faults, ...errors.map((error) => `${name}: ${error}`)];
  });
  for (const context of contexts.values()) await context.close();
});

test("what does not exist is said accessibly", async () => {
  const context = await browser.newContext({ ...STILL, viewport: WIDE });
  await all(ABSENT, async ({ name, path }) => {
    const { page, errors } = await open(context, path, { expected: /ERR_CONNECTION_REFUSED|status of 404/ });
    const faults = await judged(page, name);
    await page.close();
    return [...faults, ...errors.map((error) => `${name}: ${error}`)];
  });
  await context.close();
});

test("so is that the chain is silent, on every page", async () => {
  const context = await browser.newContext({ ...STILL, viewport: WIDE });
  await context.route(`${stack.rpcUrl}/**`, (route) => route.abort("connectionrefused"));
  await all(
    places,
    async ({ name, path }) => {
      const { page, errors } = await open(context, path);
      await page
        .getByRole("alert")
        .getByText(/^The chain at .* does not answer/)
        .waitFor();
      const faults = await judged(page, `${name}, chain silent`);
      await page.close();
      return [...faults, ...errors.map((error) => `${name}, chain silent: ${error}`)];
    },
    2 * HANDS,
  ); // they wait for a second attempt
  await context.close();
});

test("and that nothing is deployed", async () => {
  const { path } = stack.deployment;
  renameSync(path, `${path}.away`);
  try {
    const context = await browser.newContext({ ...STILL, viewport: PHONE });
    const { page, errors } = await open(context, "/markets");
    await page.getByRole("heading", { level: 1, name: "Nothing is deployed on this chain yet" }).waitFor();
    assert.deepEqual([...(await judged(page, "not deployed")), ...errors], []);
    await context.close();
  } finally {
    renameSync(`${path}.away`, path);
  }
});

async function open(
  context: BrowserContext,
  path: string,
  { connected = false, expected = NO_INDEX } = {},
): Promise<{ page: Page; errors: string[] }> {
  const page = await newPage(context);
  const errors = listen(page, expected);
  await page.goto(stack.url + path);
  await settled(page, connected);
  return { page, errors };
}

/** What breaks a rule on the page as it stands; in the other theme nothing but colours can differ. */
async function judged(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  for (const theme of THEMES) {
    await setTheme(page, theme);
    faults.push(
      ...(await violations(page, theme !== THEMES[0])).map((fault) => `${name}, ${theme}: ${fault}`),
    );
  }
  return faults;
}

async function viewed(page: Page, name: string, view: View): Promise<string[]> {
  await view.open(page);
  await settled(page);
  const faults = await judged(page, `${name}, ${view.name}`);
  await close(page);
  return faults;
}

/** Looks at all, some at a time, and asserts that none has a fault. */
async function all<Each>(
  items: readonly Each[],
  look: (item: Each) => Promise<string[]>,
  hands = HANDS,
): Promise<void> {
  const left = [...items];
  const faults: string[] = [];
  const hand = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) faults.push(...(await look(item)));
  };
  await Promise.all(Array.from({ length: hands }, hand));
  assert.equal(faults.join("\n"), "");
}
