// A copy of the repository's tracked files in a temporary folder, with what was built, for runs that change sources or
// artifacts. It must not know what they change.

import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "./child.ts";

export interface Ended {
  code: number | null;
  /** Standard output and standard error. */
  output: string;
}

/** Is removed when the process ends. */
export class Copy {
  readonly path = mkdtempSync(join(tmpdir(), "polder-copy-"));

  constructor() {
    process.once("exit", () => rmSync(this.path, { recursive: true, force: true }));
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    for (const file of listed.split("\0").filter((name) => name !== "" && existsSync(join(ROOT, name)))) {
      mkdirSync(dirname(join(this.path, file)), { recursive: true });
      cpSync(join(ROOT, file), join(this.path, file));
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.path, "node_modules"));
    for (const built of ["contracts/build", "chain/engine/build"]) {
      if (existsSync(join(ROOT, built)))
        cpSync(join(ROOT, built), join(this.path, built), { recursive: true });
    }
  }

  /** Runs Hardhat in the copy; `show` gets what it prints meanwhile. */
  hardhat(
    args: readonly string[],
    { environment = {}, show }: { environment?: Record<string, string>; show?: (text: string) => void } = {},
  ): Promise<Ended> {
    const cli = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: this.path,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    const stop = () => child.kill();
    process.once("exit", stop);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        show?.(text);
      });
    }
    return new Promise((done) =>
      child.on("close", (code) => {
        process.off("exit", stop);
        done({ code, output });
      }),
    );
  }
}
