// A worker thread of the conformance runner: takes files, runs the tests in them one after the other on an engine of
// its own, and reports each. It must not know where files come from or how results are shown.

import { parentPort, workerData } from "node:worker_threads";
import { createEngine } from "../../chain/src/engine/index.ts";
import type { Engine } from "../../chain/src/engine/types.ts";
import { runBlockchainTest, scopeOf } from "./blockchain-test.ts";
import type { FixtureFile } from "./fixture.ts";
import { hardforkOf, parseFixtureFile } from "./fixture.ts";
import type { FileJob, WorkerMessage, WorkerSettings } from "./messages.ts";
import { matcher } from "./options.ts";
import { inFixedOrder } from "./sample.ts";
import { runStateSubtest } from "./state-test.ts";

interface TestCase {
  name: string;
  /** Why it failed, or null. */
  run(): Promise<string | null>;
}

const port = parentPort!;
const { forks, filter } = workerData as WorkerSettings;
const matches = matcher(filter);
let engine: Engine | null = null;

/** Kept from test to test; one that threw may be broken and is replaced. */
async function withEngine(run: (engine: Engine) => Promise<string | null>): Promise<string | null> {
  const own = engine ?? (await createEngine({ workers: 1 }));
  engine = null;
  try {
    const failure = await run(own);
    engine = own;
    return failure;
  } catch (error) {
    await own.close().catch(() => {});
    throw error;
  }
}

function casesOf(file: FixtureFile): TestCase[] {
  switch (file.format) {
    case "state":
      return Object.entries(file.tests).flatMap(([name, fixture]) =>
        Object.entries(fixture.post).flatMap(([forkName, expectations]) => {
          const hardfork = hardforkOf(forkName);
          if (hardfork === undefined || !forks.includes(hardfork)) return [];
          return expectations.map((expectation) => {
            const { data, gas, value } = expectation.indexes;
            return {
              name: `${name} ${forkName} ${data}/${gas}/${value}`,
              run: () => withEngine((on) => runStateSubtest(on, fixture, forkName, hardfork, expectation)),
            };
          });
        }),
      );
    case "blockchain":
      return Object.entries(file.tests).flatMap(([name, fixture]) => {
        const scope = scopeOf(fixture);
        if (scope === null || !forks.includes(scope.hardfork)) return [];
        return [{ name, run: () => withEngine((on) => runBlockchainTest(on, fixture, scope)) }];
      });
    case "unknown":
      return [];
  }
}

function choose(cases: TestCase[], path: string, quota: number | undefined): TestCase[] {
  const kept = cases.filter(({ name }) => matches(`${path}::${name}`));
  if (quota === undefined) return kept;
  const chosen = new Set(inFixedOrder(kept.map(({ name }) => name)).slice(0, quota));
  return kept.filter(({ name }) => chosen.has(name));
}

function send(message: WorkerMessage): void {
  port.postMessage(message);
}

async function runFile({ path, bytes, quota, skip }: FileJob): Promise<void> {
  let file: FixtureFile;
  try {
    file = parseFixtureFile(bytes);
  } catch (error) {
    const failure = `not readable: ${(error as Error).message}`;
    send({ kind: "finished", result: { path, name: "(file)", failure, milliseconds: 0 } });
    send({ kind: "done", unknown: false });
    return;
  }
  for (const { name, run } of choose(casesOf(file), path, quota).slice(skip)) {
    send({ kind: "started", name });
    const start = performance.now();
    const failure = await run().catch(
      (error: unknown) => `threw ${error instanceof Error ? error.message : error}`,
    );
    send({ kind: "finished", result: { path, name, failure, milliseconds: performance.now() - start } });
  }
  send({ kind: "done", unknown: file.format === "unknown" });
}

port.on("message", (job: FileJob) => void runFile(job));
