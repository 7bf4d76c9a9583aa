// Compiles the contracts where that was not done yet, or a source is newer than what was made of it, so that scripts run
// on a fresh clone.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const contracts = join(import.meta.dirname, "..");

/**
 * Returns once the contracts are compiled, with `harness` those of tests as well; says so on stderr while it lasts. Throws
 * where they do not compile.
 */
export function ensureCompiled({ harness = false } = {}): void {
  const made = join(contracts, "build/abi.ts");
  const complete =
    existsSync(join(contracts, "build/layouts.json")) &&
    (!harness || existsSync(join(contracts, "build/artifacts/test")));
  if (complete && existsSync(made) && statSync(made).mtimeMs >= newestSource()) return;
  process.stderr.write("polder: compiling the contracts, a minute or two\n");
  const { status } = spawnSync(
    process.execPath,
    [join(contracts, "tools/compile.ts"), ...(harness ? ["--harness"] : [])],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  if (status !== 0) throw new Error("the contracts do not compile: see above");
}

/** When the newest Solidity source was written, milliseconds. */
function newestSource(): number {
  const sources = ["src", "development"].flatMap((room) => {
    const folder = join(contracts, room);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return files.filter((file) => file.endsWith(".sol")).map((file) => join(folder, file));
  });
  return Math.max(...sources.map((file) => statSync(file).mtimeMs));
}
