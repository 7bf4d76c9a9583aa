// What the runner and its worker threads say to each other.

import type { Hardfork } from "../../chain/src/engine/types.ts";

/** Given to a worker at its start. */
export interface WorkerSettings {
  forks: readonly Hardfork[];
  filter: string | undefined;
}

/** Runner to worker. */
export interface FileJob {
  path: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Tests to take; undefined takes all. */
  quota: number | undefined;
  /** Tests of this file that were run before (a worker was lost). */
  skip: number;
}

export interface TestResult {
  path: string;
  name: string;
  /** Words, or null where the test passed. */
  failure: string | null;
  milliseconds: number;
}

/** Worker to runner. */
export type WorkerMessage =
  | { kind: "started"; name: string }
  | { kind: "finished"; result: TestResult }
  /** `unknown` where the file holds neither state nor blockchain tests. */
  | { kind: "done"; unknown: boolean };
