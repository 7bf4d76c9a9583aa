// The name by which tools know this node.

import { readFileSync } from "node:fs";

/** web3_clientVersion. hardhat-network-helpers refuses every first word but hardhat, anvil and zksync. */
export function clientVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return `hardhat/polder/${(JSON.parse(manifest) as { version: string }).version}`;
}
