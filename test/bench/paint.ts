/// <reference lib="dom" />
// How soon each page of the built app stands, and how long it keeps the browser from answering: largest contentful paint, when
// the last of it came, and total blocking time, over a chain with ninety days of history, on this machine.
//   node test/bench/paint.ts [--loads N] [--only NAME,...] [--url URL --rpc-url URL]
import { availableParallelism } from "node:os";
import { parseArgs, styleText } from "node:util";
import type { Browser } from "playwright-core";
import { readRecord } from "../../contracts/deployment/record.ts";
import { DEFAULT_RPC_URL } from "../../scripts/lib/connection.ts";
import { newPage, type Place, placesOf, settled } from "../app/support/places.ts";
import { stage } from "../app/support/stage.ts";
import { launchBrowser } from "../support/browser.ts";

const HELP = `Times how soon each page of the app stands.

  node test/bench/paint.ts [options]

  --loads N       how often each page is loaded, with an empty cache (5)
  --only LIST     only pages of these names, separated by commas
  --url URL       an app that runs; else one with a chain and its history is started
  --rpc-url URL   the chain of that (POLDER_RPC_URL, else ${DEFAULT_RPC_URL}), its record in POLDER_DEPLOYMENTS
  --help          this text

Medians at 1280 by 800 without throttling. Time it on a machine that does nothing else. Ends with 1 where a page misses the
goal: painted within GOAL ms, blocked for no more than MOST ms.
`;

/** Milliseconds. */
const GOAL = 2_000;
const MOST = 200;
/** What the browser calls a long task, milliseconds. */
const LONG = 50;
const SIZE = { width: 1280, height: 800 };

type Measured = {
  /** Milliseconds since the navigation began. */
  painted: number;
  /** When anything was added or taken away for the last time before it had settled. */
  complete: number;
  /** Of tasks between the first paint and when the page had settled, what is above 50 ms. */
  blocked: number;
  /** Of scripts, as they came over the wire. */
  bytes: number;
};

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      loads: { type: "string", default: "5" },
      only: { type: "string" },
      url: { type: "string" },
      "rpc-url": { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP.replace("GOAL", String(GOAL)).replace("MOST", String(MOST)));
    return 0;
  }
  const only = values.only?.split(",");
  const { url, connection, stop } = await stage(values.url, values["rpc-url"]);
  const { browser, close } = await launchBrowser();
  try {
    const places = (await placesOf(connection, readRecord(connection.chainId))).filter(
      ({ name }) => only === undefined || only.includes(name),
    );
    // The server compiles what it runs for the first time.
    for (const place of places) await load(browser, url, place);
    console.log(`${availableParallelism()} cores, medians of ${values.loads} loads\n`);
    console.log("| Page | Painted, ms | Complete, ms | Blocked, ms | Script, KiB |\n|---|---|---|---|---|");
    let missed = 0;
    for (const place of places) {
      const all: Measured[] = [];
      for (let i = 0; i < Number(values.loads); i++) all.push(await load(browser, url, place));
      const { painted, complete, blocked, bytes } = medianOf(all);
      const line = `| ${place.name} | ${[painted, complete, blocked, bytes / 1_024].map(Math.round).join(" | ")} |`;
      const misses = painted > GOAL || blocked > MOST;
      if (misses) missed++;
      console.log(misses ? styleText("red", line) : line);
    }
    return missed === 0 ? 0 : 1;
  } finally {
    await close();
    await stop();
  }
}

async function load(browser: Browser, url: string, { path }: Place): Promise<Measured> {
  const context = await browser.newContext({ viewport: SIZE });
  try {
    const page = await newPage(context);
    await page.addInitScript(observe);
    await page.goto(url + path);
    await settled(page);
    return await page.evaluate(read, LONG);
  } finally {
    await context.close();
  }
}

type Seen = { largest: number; changed: number; tasks: { start: number; duration: number }[] };

/** In the page, before its own scripts. */
function observe(): void {
  const seen: Seen = { largest: 0, changed: 0, tasks: [] };
  Object.assign(window, { polderSeen: seen });
  new MutationObserver(() => {
    seen.changed = performance.now();
  }).observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) seen.largest = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) seen.tasks.push({ start: startTime, duration });
  }).observe({ type: "longtask", buffered: true });
}

/** In the page, once it has settled. */
function read(long: number): Measured {
  const { largest, changed, tasks } = (window as unknown as { polderSeen: Seen }).polderSeen;
  const first = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  const resources = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const scripts = resources.filter(({ name }) => /\.js(\?|$)/.test(name));
  return {
    painted: largest,
    complete: changed,
    blocked: tasks
      .filter(({ start, duration }) => start + duration > first)
      .reduce((sum, { duration }) => sum + duration - long, 0),
    bytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  };
}

function medianOf(all: readonly Measured[]): Measured {
  const median = (key: keyof Measured) =>
    all.map((each) => each[key]).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  return {
    painted: median("painted"),
    complete: median("complete"),
    blocked: median("blocked"),
    bytes: median("bytes"),
  };
}

process.exitCode = await main();
