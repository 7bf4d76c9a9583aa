// What the terminal shows once the node answers. Pure: from the chain's description to text.

import { formatEther, getAddress } from "viem";
import type { ChainDescription, KeptChain } from "../node/types.ts";
import { DEFAULT_MNEMONIC } from "./options.ts";

/** Accounts that are listed; more would push the addresses out of sight. */
const MAX_LISTED = 50;

export interface BannerFacts {
  /** http://127.0.0.1:8545 */
  url: string;
  version: string;
  description: ChainDescription;
  allowedOrigins: readonly string[];
}

export function renderBanner({ url, version, description, allowedOrigins }: BannerFacts): string {
  const { info, accounts, mnemonic, kept } = description;
  const rows = [
    ["HTTP", url],
    ["WebSocket", url.replace(/^http/, "ws")],
    ["Chain id", info.chainId.toString()],
    ["Hardfork", info.hardfork],
    ["Block gas limit", group(info.blockGasLimit)],
    ["Workers", `${info.workers}${info.workers === 1 ? " (transactions execute in sequence)" : ""}`],
    ["Mining", describeMining(info.mining)],
    ["Genesis time", new Date(Number(description.genesisTimestamp) * 1000).toISOString()],
    ["Chain kept in", kept ? `${kept.directory} (${describeRestored(kept)})` : "memory alone (--data-dir)"],
    ["Web pages let in", allowedOrigins.length === 0 ? "none (--allow-origin)" : allowedOrigins.join(", ")],
  ] as const;
  const facts = rows.map(([name, value]) => `  ${name.padEnd(18)}${value}`).join("\n");
  const listed = accounts.slice(0, MAX_LISTED).map(({ address, privateKey, balance }, index) => {
    return `  ${`(${index})`.padEnd(5)}${getAddress(address)}  ${privateKey}  ${group(formatEther(balance))}`;
  });
  const rest = accounts.length - listed.length;

  return `
Polder devchain ${version}

${facts}

Accounts (address, private key, balance in ether)
${listed.join("\n") || "  none (--accounts 0)"}${rest > 0 ? `\n  and ${rest} more` : ""}

  Mnemonic          ${mnemonic}

These keys are ${mnemonic === DEFAULT_MNEMONIC ? "known to everyone" : "printed above for all to see"}: whatever is sent to them on a real network is lost.
Wallets such as MetaMask remember nonces from before a restart: clear the account's activity data there
("Settings > Advanced > Clear activity tab data") when a transaction stays pending.
`;
}

/** What was found at the start. */
export function describeRestored({ restoredBlocks, cutBytes }: KeptChain): string {
  const found = restoredBlocks === 0n ? "at its genesis" : `taken up at block ${group(restoredBlocks)}`;
  return cutBytes === 0 ? found : `${found}; a damaged end of ${group(cutBytes)} bytes was cut off`;
}

function describeMining({ auto, interval }: ChainDescription["info"]["mining"]): string {
  const often = typeof interval === "number" ? interval : interval[0];
  const clock =
    often === 0 ? null : `every ${typeof interval === "number" ? interval : interval.join(" to ")} ms`;
  if (auto) return `a block at each transaction${clock ? `, and ${clock}` : ""}`;
  return clock ?? "when asked (evm_mine)";
}

/** Thousands apart: 60000000 -> 60,000,000. */
export function group(value: bigint | number | string): string {
  const [whole = "", fraction] = value.toString().split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
