// `npm run conformance`: runs published fixtures and reports. It must not know a fixture's contents.

import type { Options } from "./options.ts";
import { HELP, matcher, parseOptions, UsageError } from "./options.ts";
import { runPool } from "./pool.ts";
import { Report, renderSummary } from "./report.ts";
import { chooseFiles } from "./sample.ts";
import { openSources } from "./source.ts";

async function run(options: Options): Promise<number> {
  matcher(options.filter); // a bad expression is told here, not by a worker
  const report = new Report();
  const progress = showProgress(report);
  try {
    const sources = (await Promise.all(options.paths.map(openSources))).flat();
    for (const source of sources) {
      const quota =
        options.sample === undefined ? undefined : chooseFiles(await source.list(), options.sample);
      await runPool(source.read(), {
        workers: options.workers,
        worker: new URL("./worker.ts", import.meta.url),
        settings: { forks: options.forks, filter: options.filter },
        timeout: options.timeout,
        quota,
        onResult: (result) => report.add(result),
        onUnknown: (file) => report.ignore(file),
      });
    }
  } finally {
    progress.stop();
  }
  const summary = report.summary();
  if (options.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  const text = renderSummary(summary, options.verbose);
  (options.json ? process.stderr : process.stdout).write(`${text}\n`);
  return summary.failed === 0 && summary.passed > 0 ? 0 : 1;
}

/** A line that counts, on a terminal only. */
function showProgress(report: Report): { stop(): void } {
  if (!process.stderr.isTTY) return { stop: () => {} };
  const timer = setInterval(() => {
    process.stderr.write(`\r${report.passed} passed, ${report.failed} failed `);
  }, 200);
  return {
    stop: () => {
      clearInterval(timer);
      process.stderr.write("\r\x1b[K");
    },
  };
}

try {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options === null) process.stdout.write(HELP);
  else process.exitCode = await run(options);
} catch (error) {
  const usage = error instanceof UsageError;
  process.stderr.write(
    `conformance: ${!process.env.DEBUG ? (error as Error).message : (error as Error).stack}\n`,
  );
  process.exitCode = usage ? 2 : 1;
}
