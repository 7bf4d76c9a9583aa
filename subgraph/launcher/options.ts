// The launcher's command line.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "@polder/chain/cli/usage.ts";

export const HELP = `
  node subgraph/main.ts [options]

  Indexes the protocol's events and serves them as GraphQL at /graphql.

  --port PORT          TCP port to serve on (42069)
  --host ADDRESS       address to listen on (127.0.0.1)
  --rpc-url URL        node to read from (POLDER_RPC_URL, else http://127.0.0.1:8545)
  --chain-id N         the chain it must be; left out, whichever the node is of
  --data-dir DIR       where the database is kept (.polder/index)
  --log-format FORMAT  pretty or json, one object per line (pretty)
  --help               this text

  Which contracts are indexed is in the record of the deployment, <POLDER_DEPLOYMENTS>/<chain id>.json. With DATABASE_URL
  the database is that PostgreSQL's, else one of its own in DIR.
`;

export type Options = {
  port: number;
  host: string;
  rpcUrl: string;
  chainId: number | undefined;
  dataDirectory: string;
  logFormat: "pretty" | "json";
};

/** Undefined where help was asked for. Throws a UsageError. */
export function readOptions(args: readonly string[]): Options | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const format = values["log-format"];
  if (format !== "pretty" && format !== "json") {
    throw new UsageError(`--log-format is pretty or json, not "${format}"`);
  }
  const rpcUrl = values["rpc-url"] ?? process.env.POLDER_RPC_URL ?? "http://127.0.0.1:8545";
  if (!URL.canParse(rpcUrl) || !/^https?:$/.test(new URL(rpcUrl).protocol)) {
    throw new UsageError(`--rpc-url takes an http or https address, not "${rpcUrl}"`);
  }
  return {
    port: whole("--port", values.port, 65_535),
    host: values.host,
    rpcUrl,
    chainId: values["chain-id"] === undefined ? undefined : whole("--chain-id", values["chain-id"], 2 ** 52),
    dataDirectory: resolve(values["data-dir"] ?? resolve(import.meta.dirname, "../../.polder/index")),
    logFormat: format,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string", default: "42069" },
        host: { type: "string", default: "127.0.0.1" },
        "rpc-url": { type: "string" },
        "chain-id": { type: "string" },
        "data-dir": { type: "string" },
        "log-format": { type: "string", default: "pretty" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; --help explains`);
  }
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= most) return value;
  throw new UsageError(`${name} takes a whole number from 1 to ${most}, not "${text}"`);
}
