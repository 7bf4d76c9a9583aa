// The commands of polder: which there are, their help and exit codes. What each does stands in a file of its own.

import { clientVersion } from "../rpc/version.ts";
import { UsageError } from "./usage.ts";

const HELP = `polder: stablecoin lending against tokenised real-world assets, on a parallel devchain

Usage: polder <command> [options]

Commands:
  node        runs the devchain alone (polder node --help)

Options:
  --version   prints the version
  --help      prints this
`;

/** Runs a command. @returns the exit code; 2 for a mistake in the command line, 1 for any other failure */
export async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  try {
    switch (command) {
      case "node": {
        // Loaded only now: --version need not wait for it.
        const { nodeHelp, runNode } = await import("./node.ts");
        if (!rest.includes("--help") && !rest.includes("-h")) return await runNode(rest);
        process.stdout.write(nodeHelp());
        return 0;
      }
      case "--version":
      case "-v":
      case "version":
        process.stdout.write(`${clientVersion().split("/").at(-1)}\n`);
        return 0;
      case undefined:
      case "--help":
      case "-h":
      case "help":
        process.stdout.write(HELP);
        return 0;
      default:
        throw new UsageError(`there is no command ${command}; polder --help lists them`);
    }
  } catch (error) {
    process.stderr.write(`polder: ${error instanceof Error ? error.message : String(error)}\n`);
    if (!(error instanceof UsageError) && error instanceof Error && process.env.DEBUG) {
      process.stderr.write(`${error.stack}\n`);
    }
    return error instanceof UsageError ? 2 : 1;
  }
}
