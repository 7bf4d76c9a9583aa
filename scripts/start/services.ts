// What each service is started with and how one knows that it is ready. The only place that names their scripts.
import type { Options, Service } from "./options.ts";
import type { StackFolder } from "./state.ts";

export type Place = {
  options: Options;
  folder: StackFolder | undefined;
  /** Of the chain, once it listens. */
  rpcUrl: string;
  deployments: string;
};

export type Definition = {
  script: string;
  args: readonly string[];
  environment: Record<string, string>;
  /** Answers 200 once it is of use; empty where its log tells. */
  readyUrl: string;
  /** Milliseconds that it may take for that. */
  patience: number;
  /** Where people find it. */
  url: string;
};

const MINUTE = 60_000;
const DAY = 86_400;
/** Days that the history plays. */
export const HISTORY = 90;

/** The chain as it is started: where it is new and gets a history, that many days ago. */
export function chainArguments({ options, folder }: Omit<Place, "rpcUrl">, fresh: boolean): string[] {
  const { app } = options.ports;
  const kept = folder === undefined ? [] : [`--data-dir=${folder.chain}`];
  // A minute more than the history takes, for the deployment.
  const born = Math.floor(Date.now() / 1_000) - HISTORY * DAY - 60;
  return [
    `--port=${options.ports.chain}`,
    "--log-format=json",
    `--allow-origin=http://localhost:${app}`,
    `--allow-origin=http://127.0.0.1:${app}`,
    ...kept,
    ...(fresh && options.seed !== undefined ? [`--timestamp=${born}`] : []),
    ...options.chainArguments,
  ];
}

export function definitionOf(
  service: Exclude<Service, "chain">,
  { options, folder, rpcUrl, deployments }: Place,
): Definition {
  const port = options.ports[service];
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    POLDER_RPC_URL: rpcUrl,
    POLDER_DEPLOYMENTS: deployments,
    ...(options.services.includes("index") && {
      POLDER_INDEX_URL: `http://127.0.0.1:${options.ports.index}`,
    }),
  };
  const common = [`--rpc-url=${rpcUrl}`, "--log-format=json"];
  const served = { environment, url, readyUrl: `${url}/ready` };
  switch (service) {
    case "index": {
      const kept = folder === undefined ? [] : [`--data-dir=${folder.index}`];
      return {
        script: "subgraph/main.ts",
        args: [...common, `--port=${port}`, ...kept],
        ...served,
        readyUrl: `${url}/synced`,
        patience: 3 * MINUTE,
      };
    }
    case "attestor":
      return {
        script: "scripts/attest/main.ts",
        // Seconds; who travels in time waits for its reports.
        args: ["run", ...common, "--interval=0.4", `--metrics-port=${port}`],
        ...served,
        patience: MINUTE,
      };
    case "keeper":
      return {
        script: "scripts/keeper/main.ts",
        args: ["run", ...common, `--metrics-port=${port}`],
        ...served,
        patience: MINUTE,
      };
    case "app":
      return { script: "app/main.ts", args: [...common, `--port=${port}`], ...served, patience: 5 * MINUTE };
  }
}
