/// <reference lib="dom" />
// Every page of the app with an address that exists on the chain at hand, what can be opened on it, and how one knows that it
// has settled. Shared by what checks, photographs and times pages; judges none.
import type { BrowserContext, Page } from "playwright-core";
import { marketOf } from "../../../contracts/deployment/protocol.ts";
import {
  connectGovernance,
  connectProtocol,
  type DeploymentRecord,
} from "../../../contracts/deployment/record.ts";
import type { Connection } from "../../../scripts/lib/connection.ts";
import { ROLES } from "../../../scripts/lib/deployment.ts";
import { APPLICANT, RESIDENT } from "./resident.ts";

/** A dialog, a tab, a form filled in: what a page shows once somebody has acted on it. */
export type View = { name: string; open(page: Page): Promise<void> };

export type Place = {
  name: string;
  path: string;
  /** Of the phrase: who sees most here. */
  account: number;
  /** For the connected; each is opened on the page as it was loaded. */
  views: readonly View[];
};

/** Throws where the chain has no history: nobody was liquidated, nothing proposed. */
export async function placesOf(connection: Connection, record: DeploymentRecord): Promise<Place[]> {
  const { provider } = connection;
  const { market, oracle } = marketOf(connectProtocol(record, provider), "harvest");
  const { governor } = connectGovernance(record, provider);
  const [sold, proposals, bills] = await Promise.all([
    market.queryFilter("Liquidated", 0),
    governor.queryFilter("ProposalCreated", 0),
    marketOf(connectProtocol(record, provider), "treasury-bills").market.queryFilter("Borrowed", 0),
  ]);
  const [sale, proposal, loan] = [sold[0], proposals.at(-1), bills[0]];
  if (!sale || !proposal || !loan) throw new Error("this chain has no history");
  const [decided] = proposals;
  const idOf = (event: typeof proposal) => ("args" in event ? String(event.args.proposalId) : "");
  const failed = await failedOf(connection);
  const report = (await oracle.queryFilter("NavPending", 0))[0];
  const place = (name: string, path: string, views: View[] = [], account = RESIDENT): Place => ({
    name,
    path,
    account,
    views,
  });
  const [firstVoter = 4] = ROLES.voters;
  return [
    place("overview", "/", [PANEL]),
    place("markets", "/markets"),
    place("market", "/markets/treasury-bills", [
      filled("borrow", "Amount to borrow", "500"),
      tab("Repay"),
      tab("Collateral"),
      tab("Documents"),
      tab("Risk"),
      tab("Lanes"),
      source("Borrow rate"),
    ]),
    place("pool", "/markets/harvest", [tab("Lend"), tab("Withdraw"), tab("Terms")]),
    place("portfolio", "/portfolio", [dialog("Liquidation band")]),
    place("stablecoin", "/stablecoin", [choice("pUSD to devUSD")]),
    place("savings", "/stablecoin/savings", [tab("Redeem")]),
    place("backstop", "/stablecoin/backstop", [tab("Leave")]),
    place("assets", "/assets"),
    place("asset", "/assets/harvest"),
    place("document", "/assets/harvest/documents/valuation"),
    place("eligibility", "/eligibility"),
    place("application", "/eligibility", [], APPLICANT),
    place(
      "issuer",
      "/issuer",
      [
        dialog("Approve"),
        dialog("Deny"),
        tab("Persons", dialog("Freeze")),
        tab("Tokens"),
        tab("Redemptions"),
      ],
      ROLES.registrar,
    ),
    place("liquidations", "/liquidations"),
    place("receipt", `/liquidations/${sale.transactionHash}/${sale.index}`),
    place("governance", "/governance", [], firstVoter),
    place("proposal", `/governance/${idOf(proposal)}`, [], firstVoter),
    ...(decided === undefined ? [] : [place("decided", `/governance/${idOf(decided)}`, [], firstVoter)]),
    place("new-proposal", "/governance/new", [DRAFT], firstVoter),
    place("delegates", "/governance/delegates", [], firstVoter),
    place("guardian", "/governance/guardian", [dialog("Pause new debt in Treasury bills")], ROLES.guardian),
    place("blocks", "/blocks"),
    place("block", `/blocks/${loan.blockNumber}`),
    place("transaction", `/tx/${loan.transactionHash}`),
    ...(report === undefined ? [] : [place("report", `/tx/${report.transactionHash}`)]),
    ...(failed === undefined ? [] : [place("failed", `/tx/${failed}`)]),
    place("development", "/development"),
    place("gallery", "/gallery", [dialog("Open")]),
  ];
}

/** A transaction of the newest blocks that failed; nothing where none did. */
async function failedOf({ provider }: Connection): Promise<string | undefined> {
  const newest = await provider.getBlockNumber();
  for (let number = newest; number > Math.max(0, newest - 30); number--) {
    const receipts: { status: string; transactionHash: string }[] = await provider.send(
      "eth_getBlockReceipts",
      [`0x${number.toString(16)}`],
    );
    const failed = receipts.find(({ status }) => status === "0x0");
    if (failed !== undefined) return failed.transactionHash;
  }
  return undefined;
}

/** What a page says of something that does not exist. */
export const ABSENT: readonly Pick<Place, "name" | "path">[] = [
  { name: "nowhere", path: "/nowhere" },
  { name: "no market", path: "/markets/none" },
  { name: "no asset", path: "/assets/none" },
  { name: "no document", path: "/assets/harvest/documents/none" },
  { name: "no receipt", path: `/liquidations/0x${"12".repeat(32)}/0` },
  { name: "no proposal", path: "/governance/12" },
  { name: "no block", path: "/blocks/99999999" },
  { name: "no transaction", path: `/tx/0x${"12".repeat(32)}` },
];

/** Not connected. */
export const CONNECT: View = {
  name: "connect",
  open: async (page) => {
    await page.getByRole("button", { name: "Connect wallet" }).first().click();
    await page.getByRole("button", { name: /^Account 19/ }).waitFor();
  },
};

export const MENU: View = {
  name: "menu",
  open: (page) => page.getByRole("button", { name: "Menu" }).click(),
};

const PANEL: View = {
  name: "wallet",
  open: async (page) => {
    await page.getByRole("banner").getByRole("button", { name: /^0x/ }).click();
    await page.getByRole("dialog").waitFor();
  },
};

/** A proposal that would lower a market's debt cap, with what it would change. */
const DRAFT: View = {
  name: "draft",
  open: async (page) => {
    await page.getByLabel("What it does").selectOption({ label: "Raise a debt cap" });
    await page.getByLabel("Market", { exact: true }).selectOption({ label: "Treasury bills" });
    await page.getByLabel("By", { exact: true }).fill("50,000");
    await page.getByLabel("Title").fill("A little more room for bills");
    await page.getByRole("heading", { name: /Would/ }).first().waitFor();
  },
};

function tab(name: string, then?: View): View {
  return {
    name: [name, then?.name].filter((each) => each !== undefined).join(" "),
    open: async (page) => {
      await page.getByRole("tab", { name, exact: true }).click();
      await then?.open(page);
    },
  };
}

function dialog(button: string): View {
  return {
    name: button,
    open: async (page) => {
      await page.getByRole("main").getByRole("button", { name: button, exact: true }).first().click();
      await page.getByRole("dialog").waitFor();
    },
  };
}

function choice(label: string): View {
  return { name: label, open: (page) => page.getByText(label, { exact: true }).click() };
}

function filled(name: string, label: string, text: string): View {
  return { name, open: (page) => page.getByLabel(label, { exact: true }).fill(text) };
}

/** Where a figure comes from. */
function source(label: string): View {
  return {
    name: "source",
    open: (page) =>
      page
        .getByRole("button", { name: `Where ${label} comes from` })
        .first()
        .click(),
  };
}

/** Connects every page of `context` by the development wallet. */
export async function connectAs(
  context: BrowserContext,
  connection: Connection,
  account: number,
): Promise<void> {
  const { address } = connection.wallet(account);
  await context.addInitScript((kept) => localStorage.setItem("polder.development.account", kept), address);
}

/** Back to the page as it was loaded. */
export async function close(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

const inFlight = new WeakMap<Page, Set<unknown>>();

/** A new page; `settled` counts what it asks for. */
export async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const asked = new Set<unknown>();
  inFlight.set(page, asked);
  page.on("request", (request) => asked.add(request));
  for (const end of ["requestfinished", "requestfailed"] as const) {
    page.on(end as "requestfinished", (request) => asked.delete(request));
  }
  return page;
}

/** All is there: nothing is being read, and for a moment nothing was asked for, added or taken away. */
export async function settled(page: Page, connected = false): Promise<void> {
  await page.locator("h1").first().waitFor();
  if (connected) await page.getByRole("banner").getByRole("button", { name: /^0x/ }).waitFor();
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    const still = await page.evaluate(unchanged, QUIET);
    if (still && inFlight.get(page)?.size === 0) return;
  }
  throw new Error(`${page.url()} does not settle`);
}

const PATIENCE = 20_000;
/** Milliseconds; what follows an answer comes sooner. */
const QUIET = 120;

/** In the page: whether nothing waits in it, and nothing changes for so long. */
function unchanged(quiet: number): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (still: boolean) => {
      observer.disconnect();
      clearTimeout(timer);
      resolve(still);
    };
    const observer = new MutationObserver(() => done(false));
    const timer = setTimeout(
      () => done(document.querySelector("main .breathing:not([data-samples] *)") === null),
      quiet,
    );
    observer.observe(document.querySelector("main") ?? document.body, { childList: true, subtree: true });
  });
}
