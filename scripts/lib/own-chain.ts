// A devchain of the script's own, for as long as the script runs: on a free port, in a process of its own, gone with it.
import { spawn } from "node:child_process";
import { join } from "node:path";

const COMMAND = join(import.meta.dirname, "../../chain/bin/polder.mjs");
const PATIENCE = 60_000; // milliseconds

export type OwnChain = { url: string; stop(): void };

/** Starts `polder node`. Throws, with what it printed, where it does not say where it listens. */
export async function startOwnChain(): Promise<OwnChain> {
  const child = spawn(process.execPath, [COMMAND, "node", "--port", "0", "--log-format", "json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => void child.kill();
  process.once("exit", stop);
  let printed = "";
  try {
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("it does not say where it listens")), PATIENCE);
      const read = (text: string): void => {
        printed = (printed + text).slice(-4_096);
        const found = /"url":"(http:[^"]+)"/.exec(printed)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      };
      child.stdout.setEncoding("utf8").on("data", read);
      child.stderr.setEncoding("utf8").on("data", read);
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        reject(new Error(`it ended with ${signal ?? `exit code ${code}`}`)),
      );
    });
    return { url, stop };
  } catch (error) {
    stop();
    throw new Error(`the chain did not start: ${(error as Error).message}\n${printed}`);
  }
}
