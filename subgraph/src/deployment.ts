// The deployment that is indexed, as the launcher hands it over by the environment: Ponder's bundler cannot load what
// reads records, nor the folder they lie in.
import { readFileSync } from "node:fs";
import type { DeploymentRecord, MarketRecord } from "@polder/contracts/deployment/record.ts";
import { type Address, zeroAddress } from "viem";

function read(): DeploymentRecord {
  const path = process.env.POLDER_INDEX_RECORD;
  if (!path)
    throw new Error("start the index with `node subgraph/main.ts`, which names the deployment to index");
  return JSON.parse(readFileSync(path, "utf8")) as DeploymentRecord;
}

export const record = read();

export const rpcUrl = process.env.POLDER_INDEX_RPC_URL;

/** Where nothing of a kind was deployed, an address that never emits. */
export const nowhere: Address = zeroAddress;

const byPart = new Map<string, MarketRecord>();
for (const market of record.markets) {
  const { collateral, oracle, rateModel, workout, desk, source } = market;
  for (const part of [market.market, collateral, oracle, rateModel, workout, desk, source]) {
    byPart.set(part.toLowerCase(), market);
  }
}

/** The market that a contract is part of: itself, its collateral, oracle, source, workout or desk. */
export function marketOf(contract: Address): MarketRecord | undefined {
  return byPart.get(contract.toLowerCase());
}

/** The address of that market, in lower case. Throws where the contract is part of none. */
export function marketAt(contract: Address): Address {
  const market = marketOf(contract);
  if (market === undefined) throw new Error(`${contract} is part of no market of the record`);
  return lower(market.market);
}

export function lower(address: string): Address {
  return address.toLowerCase() as Address;
}
