// Photographs every page, what can be opened on it and what it says when something is missing, in both themes and as wide as a
// desk and a phone, for people to look at.
//   node test/app/screenshots.ts [--out FOLDER] [--only NAME,...] [--url URL --rpc-url URL]
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { readRecord } from "../../contracts/deployment/record.ts";
import { type Connection, DEFAULT_RPC_URL } from "../../scripts/lib/connection.ts";
import { launchBrowser } from "../support/browser.ts";
import { PHONE, setTheme, type Theme, WIDE } from "./support/audit.ts";
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
import { stage } from "./support/stage.ts";

const HELP = `Photographs every page of the app, as PNG.

  node test/app/screenshots.ts [options]

  --out FOLDER    where to (.polder/screenshots)
  --only LIST     only pages of these names, separated by commas
  --url URL       an app that runs; else one with a chain and its history is started
  --rpc-url URL   the chain of that (POLDER_RPC_URL, else ${DEFAULT_RPC_URL}), its record in POLDER_DEPLOYMENTS
  --help          this text

A file is named after page, what is open on it, width and theme.
`;

/** Each width with its themes; the second is looked at without a reload. */
const FRAMES: readonly { width: string; size: typeof WIDE; themes: readonly Theme[] }[] = [
  { width: "1280", size: WIDE, themes: ["light", "dark"] },
  { width: "390", size: PHONE, themes: ["light", "dark"] },
];

type Studio = {
  url: string;
  connection: Connection;
  folder: string;
  context(size: typeof WIDE, account?: number): Promise<BrowserContext>;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: join(import.meta.dirname, "../../.polder/screenshots") },
      only: { type: "string" },
      url: { type: "string" },
      "rpc-url": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const only = values.only?.split(",");
  const wanted = ({ name }: { name: string }) => only === undefined || only.includes(name);
  const { url, connection, stop } = await stage(values.url, values["rpc-url"]);
  const { browser, close: closeBrowser } = await launchBrowser();
  try {
    const folder = resolve(values.out);
    mkdirSync(folder, { recursive: true });
    const contexts = new Map<string, Promise<BrowserContext>>();
    const context = (size: typeof WIDE, account?: number) => {
      const key = `${size.width} ${account}`;
      const made = contexts.get(key) ?? open(size, account);
      contexts.set(key, made);
      return made;
    };
    const open = async (size: typeof WIDE, account?: number) => {
      const made = await browser.newContext({ viewport: size, reducedMotion: "reduce" });
      if (account !== undefined) await connectAs(made, connection, account);
      return made;
    };
    const studio: Studio = { url, connection, folder, context };
    const places = await placesOf(connection, readRecord(connection.chainId));
    for (const place of places.filter(wanted)) await shoot(studio, place);
    for (const { name, path } of ABSENT.filter(wanted)) await shootOne(studio, { name, path, views: [] });
    const [home] = places;
    if (home !== undefined && wanted({ name: "connect" })) {
      await shootOne(studio, { ...home, name: "disconnected", views: [CONNECT, MENU] });
    }
  } finally {
    await closeBrowser();
    await stop();
  }
}

function shoot(studio: Studio, place: Place): Promise<void> {
  return shootOne(studio, place, place.account);
}

async function shootOne(
  { url, folder, context }: Studio,
  { name, path, views }: Pick<Place, "name" | "path" | "views">,
  account?: number,
): Promise<void> {
  for (const { width, size, themes } of FRAMES) {
    const page = await newPage(await context(size, account));
    await page.goto(url + path);
    await settled(page, account !== undefined);
    const take = async (view?: View) => {
      for (const theme of themes) {
        await setTheme(page, theme);
        const parts = [name, view?.name, width, theme].filter((each) => each !== undefined);
        const file = parts.map((each) => each.replaceAll(/\W+/g, "-")).join(".");
        await page.screenshot({ path: join(folder, `${file}.png`), fullPage: !(await isCovered(page)) });
      }
    };
    await take();
    // The menu is a phone's.
    for (const view of views.filter((each) => each !== MENU || size === PHONE)) {
      await view.open(page);
      await settled(page);
      await take(view);
      await close(page);
    }
    await warnOfWidth(page, `${name} at ${width}`);
    await page.close();
  }
  console.log(`${name.padEnd(16)} ${path}`);
}

/** A dialog stands before what is on the screen, not before the whole page. */
async function isCovered(page: Page): Promise<boolean> {
  return (await page.getByRole("dialog").count()) > 0;
}

async function warnOfWidth(page: Page, what: string): Promise<void> {
  const beyond = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  if (beyond > 0) console.warn(`${what}: ${beyond} pixels wider than the window`);
}

await main();
