// Builds the app when its sources have changed since the last build. Knows nothing of the network that it will serve.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const APP = join(import.meta.dirname, "..");
const OUTPUT = join(APP, ".next");
/** Names the sources of the build beside it. */
const MARK = join(OUTPUT, "polder-sources");
/** Names the process that builds, as long as it does, so that two starts make one build. */
const LOCK = join(APP, ".next-building");

const SOURCES = [
  "app/src/**/*",
  "app/!(next-env.d).{ts,mjs,json}", // that one is made by the build
  "contracts/index.ts",
  "contracts/build/{abi.ts,layouts.json}",
  "chain/src/profiler/variables.ts",
  "contracts/model/*.ts",
  "contracts/proposals/*.ts",
  "package-lock.json",
];

/** Whether a build was made, or one of the same sources was there. Throws with what Next printed where it fails. */
export async function ensureBuilt(): Promise<"built" | "fresh"> {
  if (isFresh()) return "fresh";
  await lock();
  process.once("exit", unlock);
  try {
    if (isFresh()) return "fresh";
    const sources = hashSources();
    await nextBuild();
    writeFileSync(MARK, sources);
    return "built";
  } finally {
    process.off("exit", unlock);
    unlock();
  }
}

function isFresh(): boolean {
  return existsSync(MARK) && readFileSync(MARK, "utf8") === hashSources();
}

function hashSources(): string {
  const root = join(APP, "..");
  const hash = createHash("sha256");
  for (const file of globSync(SOURCES, { cwd: root }).sort()) {
    const path = join(root, file);
    if (!statSync(path).isFile()) continue;
    hash.update(`${file}\0`).update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

/** A file is made by one alone. Whoever was killed while it built has left it behind. */
async function lock(): Promise<void> {
  for (;;) {
    try {
      writeFileSync(LOCK, `${process.pid}`, { flag: "wx" });
      return;
    } catch {
      if (!isHeld()) unlock();
      await setTimeout(250);
    }
  }
}

function unlock(): void {
  rmSync(LOCK, { recursive: true, force: true });
}

function isHeld(): boolean {
  try {
    process.kill(Number(readFileSync(LOCK, "utf8")), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's, but alive
  }
}

async function nextBuild(): Promise<void> {
  const cli = createRequire(import.meta.url).resolve("next/dist/bin/next");
  const child = spawn(process.execPath, [cli, "build", APP], {
    cwd: APP,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  let printed = "";
  const keep = (text: Buffer) => {
    printed = (printed + text.toString()).slice(-8_192);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const stop = () => child.kill();
  process.once("exit", stop);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  process.off("exit", stop);
  if (code !== 0) throw new Error(`the app does not build:\n${printed}`);
}
