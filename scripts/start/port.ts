// Who answers at a port: so that a port in use is said in words. Knows no service of ours.
import { createConnection } from "node:net";

const PATIENCE = 1_500;

/** What answers at `port` of this machine, in words; undefined where nothing does. */
export async function occupant(port: number): Promise<string | undefined> {
  if (port === 0 || !(await listens(port))) return undefined;
  const url = `http://127.0.0.1:${port}`;
  const version = await ask(url, "web3_clientVersion");
  if (version !== undefined) {
    const chainId = await ask(url, "eth_chainId");
    return `another node answers at ${port}: ${version}${chainId === undefined ? "" : `, chain ${Number(chainId)}`}`;
  }
  const server = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) }).then(
    ({ headers, status }) => headers.get("x-powered-by") ?? headers.get("server") ?? `HTTP ${status}`,
    () => undefined,
  );
  return server === undefined
    ? `something listens at ${port} already`
    : `a web server answers at ${port}: ${server}`;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE, () => end(true));
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

async function ask(url: string, method: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const { result } = (await response.json()) as { result?: unknown };
    return typeof result === "string" ? result : undefined;
  } catch {
    return undefined;
  }
}
