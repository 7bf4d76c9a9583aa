// A Chromium for tests, and the launcher of it: the one in $CHROMIUM, the system's, else the one of @sparticuz/chromium,
// which needs no system package. Knows no page.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  // Shared memory in a container may be too small for a page.
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts a browser; `close` of the returned object ends it and removes what was unpacked for it. */
export async function launchBrowser(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const { executablePath, environment, clean } = await findChromium();
  try {
    const browser = await chromium.launch({
      executablePath,
      args: FLAGS,
      env: { ...process.env, ...environment } as Record<string, string>,
    });
    return {
      browser,
      close: async () => {
        await browser.close();
        clean();
      },
    };
  } catch (error) {
    clean();
    throw new Error(
      `no browser starts from ${executablePath}; set CHROMIUM to one that does: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

async function findChromium(): Promise<{
  executablePath: string;
  environment: Record<string, string>;
  clean(): void;
}> {
  const named = process.env.CHROMIUM;
  if (named !== undefined) return { executablePath: named, environment: {}, clean: () => {} };
  const system = "/usr/bin/chromium";
  if (existsSync(system)) return { executablePath: system, environment: {}, clean: () => {} };
  // It unpacks into the temporary folder and takes whatever lies there already: so one of our own, set before the import.
  const folder = mkdtempSync(join(tmpdir(), "polder-chromium-"));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs22.x";
  try {
    const { default: sparticuz } = await import("@sparticuz/chromium");
    const executablePath = await sparticuz.executablePath();
    // Its own list of fonts names folders of another machine; without any font Chromium draws no text, or crashes.
    const fonts = join(folder, "polder-fonts.conf");
    const folders = [join(folder, "fonts"), "/usr/share/fonts"].map((path) => `<dir>${path}</dir>`).join("");
    const cache = `<cachedir>${join(folder, "fonts-cache")}</cachedir>`;
    writeFileSync(fonts, `<?xml version="1.0"?><fontconfig>${folders}${cache}</fontconfig>`);
    return {
      executablePath,
      environment: {
        LD_LIBRARY_PATH: join(folder, "al2023/lib"),
        TMPDIR: folder,
        FONTCONFIG_FILE: fonts,
      },
      clean: () => rmSync(folder, { recursive: true, force: true }),
    };
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
