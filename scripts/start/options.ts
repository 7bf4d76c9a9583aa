// The options of `npm start`. Knows what a value must look like, not what it does.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./child.ts";

/** What `npm start` runs, in the order in which it starts them. */
export const SERVICES = ["chain", "index", "attestor", "keeper", "app"] as const;

export type Service = (typeof SERVICES)[number];

export const HELP = `Runs everything: the chain, the protocol with ninety days of history, index, attestor, keeper and app, until Ctrl-C.
A second start goes on from where the first one ended.

  npm start -- [options]

  --only LIST           only these, separated by commas: ${SERVICES.join(", ")} (all). Without the chain, one must
                        answer at --port
  --reset               forgets what was kept, and begins anew
  --data-dir DIR        where it is kept (.polder/stack)
  --in-memory           keeps nothing
  --no-seed             deploys, but plays no history
  --seed N              who the people of the history are; the same number, the same history (1)
  --port, --app-port, --index-port, --keeper-port, --attestor-port PORT
                        8545, 3000, 42069, 9101, 9102
  --host ADDRESS, --allow-host NAME, --allow-origin ORIGIN, --workers N, --hardfork NAME, --block-time SECONDS
                        the chain's; npm run chain -- --help explains them
  -v, --verbose         all that each of them says
  --log-format FORMAT   pretty, or json: an object per line
  --help                this text
`;

const text = { type: "string" } as const;
const flag = { type: "boolean", default: false } as const;
const list = { type: "string", multiple: true } as const;

/** Passed on to the chain as they are. */
const CHAIN = {
  host: text,
  "allow-host": list,
  "allow-origin": list,
  workers: text,
  hardfork: text,
  "block-time": text,
};

export type Options = {
  help: boolean;
  services: readonly Service[];
  ports: Record<Service, number>;
  dataDir: string;
  inMemory: boolean;
  reset: boolean;
  /** Undefined: no history. */
  seed: number | undefined;
  verbose: boolean;
  json: boolean;
  chainArguments: string[];
};

/** @throws where an option is unknown, or its value makes no sense */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...CHAIN,
      only: text,
      reset: flag,
      "data-dir": text,
      "in-memory": flag,
      "no-seed": flag,
      seed: { type: "string", default: "1" },
      port: { type: "string", default: "8545" },
      "app-port": { type: "string", default: "3000" },
      "index-port": { type: "string", default: "42069" },
      "keeper-port": { type: "string", default: "9101" },
      "attestor-port": { type: "string", default: "9102" },
      verbose: { type: "boolean", short: "v", default: false },
      "log-format": { type: "string", default: "pretty" },
      help: flag,
    },
  });
  if (values["in-memory"] && (values["data-dir"] !== undefined || values.reset)) {
    throw new Error("--in-memory keeps nothing: it goes with neither --data-dir nor --reset");
  }
  if (values["log-format"] !== "pretty" && values["log-format"] !== "json") {
    throw new Error(`--log-format is pretty or json, not "${values["log-format"]}"`);
  }
  const chainArguments = (Object.keys(CHAIN) as (keyof typeof CHAIN)[]).flatMap((name) =>
    [values[name] ?? []].flat().map((value) => `--${name}=${value}`),
  );
  return {
    help: values.help,
    services: servicesOf(values.only),
    ports: {
      chain: whole("port", values.port, 65_535),
      app: whole("app-port", values["app-port"], 65_535),
      index: whole("index-port", values["index-port"], 65_535),
      keeper: whole("keeper-port", values["keeper-port"], 65_535),
      attestor: whole("attestor-port", values["attestor-port"], 65_535),
    },
    dataDir: resolve(values["data-dir"] ?? `${ROOT}/.polder/stack`),
    inMemory: values["in-memory"],
    reset: values.reset,
    seed: values["no-seed"] ? undefined : whole("seed", values.seed, 2 ** 32 - 1),
    verbose: values.verbose,
    json: values["log-format"] === "json",
    chainArguments,
  };
}

function servicesOf(only: string | undefined): readonly Service[] {
  if (only === undefined) return SERVICES;
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !(SERVICES as readonly string[]).includes(name));
  if (unknown !== undefined)
    throw new Error(`--only ${unknown}: unknown; choose from ${SERVICES.join(", ")}`);
  return SERVICES.filter((name) => names.includes(name));
}

function whole(name: string, value: string, most: number): number {
  const number = Number(value);
  if (value.trim() !== "" && Number.isSafeInteger(number) && number >= 0 && number <= most) return number;
  throw new Error(`--${name} takes a whole number up to ${most}, not "${value}"`);
}
