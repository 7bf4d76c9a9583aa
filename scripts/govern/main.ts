// Runs the command line of votes: node scripts/govern/main.ts <command> [options]
import { explain } from "../lib/errors.ts";
import { govern } from "./command.ts";

try {
  if (!(await govern(process.argv.slice(2), console.log))) process.exitCode = 1;
} catch (error) {
  console.error(`govern: ${explain(error)}`);
  process.exitCode = 1;
}
