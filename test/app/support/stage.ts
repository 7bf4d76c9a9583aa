// The app over a chain with something on it, for tools that look at its pages: one that runs, or one of their own.
import { type Connection, connect, DEFAULT_RPC_URL } from "../../../scripts/lib/connection.ts";
import { settle } from "./resident.ts";
import { startStack } from "./stack.ts";

/** Where no `url` of an app is given, starts chain, history and app. */
export async function stage(
  url: string | undefined,
  rpcUrl = process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL,
): Promise<{ url: string; connection: Connection; stop(): Promise<void> }> {
  if (url === undefined) {
    const stack = await startStack({ history: true });
    await settle(stack.connection, stack.deployment.record);
    return stack;
  }
  const connection = await connect(rpcUrl);
  return { url, connection, stop: async () => connection.provider.destroy() };
}
