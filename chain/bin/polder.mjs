#!/usr/bin/env node
// The polder command. Plain JavaScript, so that a Node too old to read the TypeScript behind it is told so in words; it
// knows nothing of the commands themselves.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(
    `polder: this is Node ${process.versions.node}, and Polder needs Node >= 22.13. Install a current one from ` +
      "https://nodejs.org; or use npm start and npm run chain in the repository, which bring Node along on Linux x64.\n",
  );
  process.exit(1);
}

if (process.features.typescript) {
  const { main } = await import("../src/cli/main.ts");
  process.exitCode = await main(process.argv.slice(2));
} else {
  // Node 22.13 to 22.17 and 23.0 to 23.5 read TypeScript only when asked to.
  const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"];
  const child = spawn(
    process.execPath,
    [...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    {
      stdio: "inherit",
    },
  );
  process.on("SIGINT", () => {}); // the terminal tells the child, too
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
