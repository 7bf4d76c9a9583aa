// Builds the dApp where that is needed and serves it. Which network it shows is read from the environment at run time.
//   node app/main.ts [--port 3000] [--host 127.0.0.1] [--rpc-url URL] [--index-url URL] [--dev]
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { format, parseArgs, stripVTControlCharacters } from "node:util";
import { createLog, type Log } from "../chain/src/cli/log.ts";
import { ensureBuilt } from "./server/build.ts";

const HELP = `Serves the dApp; builds it first where its sources have changed.

  node app/main.ts [options]

  --port PORT        where to listen (3000; 0: any free one)
  --host ADDRESS     on which address (127.0.0.1)
  --rpc-url URL      the chain, as browsers reach it (POLDER_RPC_URL, else http://127.0.0.1:8545). A chain of ours lets
                     in a page that it was told of: --allow-origin http://127.0.0.1:3000
  --index-url URL    the index, as browsers reach it (POLDER_INDEX_URL, else http://127.0.0.1:42069)
  --dev              rebuilds while sources change
  --log-format F     pretty or json
  --help             this text

  POLDER_DEPLOYMENTS                the folder of records (.polder/deployments)
  POLDER_WALLETCONNECT_PROJECT_ID   offers WalletConnect; without it no request leaves the machine
`;

class UsageError extends Error {}

type Options = { port: number; host: string; dev: boolean; log: Log };

async function main(): Promise<void> {
  const options = parse();
  if (options === undefined) return;
  const { log, dev, host } = options;
  if (!dev) takeOver(log);
  process.env.NEXT_TELEMETRY_DISABLED = "1";
  // Who is told to stop while it builds takes the build along.
  const leave = () => process.exit(0);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, leave);
  if (!dev) {
    const began = performance.now();
    const what = await ensureBuilt();
    if (what === "built") {
      log("info", "app built", { seconds: Number(((performance.now() - began) / 1000).toFixed(1)) });
    }
  }
  const { server, port, close } = await serve(options);
  log("info", "app listening", { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}` });
  const stop = () => {
    server.close(() => void close().finally(() => process.exit(0)));
    server.closeAllConnections();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.off(signal, leave);
    process.once(signal, stop);
  }
}

/** Next behind a server of our own, which answers before Next does whether the app is ready. */
async function serve({ port, host, dev }: Options): Promise<{
  server: Server;
  port: number;
  close(): Promise<void>;
}> {
  // Next reads it when it is loaded.
  Object.assign(process.env, { NODE_ENV: dev ? "development" : "production" });
  const { default: next } = await import("next");
  let ready = false;
  let handle: ((request: IncomingMessage, response: ServerResponse) => Promise<void>) | undefined;
  const server = createServer((request, response) => {
    if (request.url === "/ready" || handle === undefined) {
      response.writeHead(ready ? 200 : 503, {
        "content-type": "application/json",
        "cache-control": "no-store",
      });
      response.end(JSON.stringify(ready ? { ready } : { ready, reason: "the app is starting" }));
      return;
    }
    void handle(request, response);
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`port ${port} is taken: stop what answers there, or name another --port`)
          : error,
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
  const app = next({ dev, dir: import.meta.dirname, hostname: host, port: bound, httpServer: server });
  await app.prepare();
  handle = app.getRequestHandler();
  ready = true;
  return { server, port: bound, close: () => app.close() };
}

/** What Next and pages print becomes lines of ours; what Next tells of its start is told already. */
function takeOver(log: Log): void {
  const line =
    (level: "warn" | "error") =>
    (...what: unknown[]) =>
      log(level, stripVTControlCharacters(format(...what)));
  Object.assign(console, { log: () => {}, info: () => {}, warn: line("warn"), error: line("error") });
}

function parse(): Options | undefined {
  const { values } = read();
  if (values.help) {
    process.stdout.write(HELP);
    return undefined;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`--port ${values.port}: a number from 0 to 65535 is needed`);
  }
  const logFormat = values["log-format"];
  if (logFormat !== "pretty" && logFormat !== "json") {
    throw new UsageError(`--log-format ${logFormat}: pretty or json`);
  }
  for (const [variable, url] of [
    ["POLDER_RPC_URL", values["rpc-url"]],
    ["POLDER_INDEX_URL", values["index-url"]],
  ] as const) {
    if (url !== undefined) process.env[variable] = url;
    const given = process.env[variable];
    if (given !== undefined && !/^https?:\/\/[^\s;,'"]+$/.test(given)) {
      throw new UsageError(`${variable} ${given}: a URL that begins with http:// or https:// is needed`);
    }
  }
  process.env.POLDER_DEPLOYMENTS ??= join(import.meta.dirname, "../.polder/deployments");
  process.env.POLDER_DOCUMENTS ??= join(import.meta.dirname, "../contracts/deployment");
  return { port, host: values.host, dev: values.dev, log: createLog({ format: logFormat, silent: false }) };
}

function read() {
  try {
    return parseArgs({
      options: {
        port: { type: "string", default: "3000" },
        host: { type: "string", default: "127.0.0.1" },
        "rpc-url": { type: "string" },
        "index-url": { type: "string" },
        dev: { type: "boolean", default: false },
        "log-format": { type: "string", default: "pretty" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. See --help.`);
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`app: ${(error as Error).message}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
