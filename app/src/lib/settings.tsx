"use client";
// Which network the app shows, as the server read it: URLs, and the record of what is deployed there.
import type { DeploymentRecord, MarketRecord } from "@polder/contracts/deployment/record.ts";
import { createContext, type ReactNode, useContext } from "react";

export type Settings = {
  chainId: number;
  /** Both as the browser reaches them. */
  rpcUrl: string;
  indexUrl: string;
  walletConnectProjectId: string | undefined;
  /** Nothing where the protocol was not deployed. */
  record: DeploymentRecord | undefined;
};

/** The chain id of a development chain, whose node signs for unlocked accounts. */
export const DEVELOPMENT_CHAIN = 31_337;

const Context = createContext<Settings | undefined>(undefined);

export function SettingsProvider({ settings, children }: { settings: Settings; children: ReactNode }) {
  return <Context value={settings}>{children}</Context>;
}

export function useSettings(): Settings {
  const settings = useContext(Context);
  if (settings === undefined) throw new Error("outside of SettingsProvider");
  return settings;
}

/** The deployment's record. Pages are rendered only where there is one: the shell says what to do otherwise. */
export function useRecord(): DeploymentRecord {
  const { record } = useSettings();
  if (record === undefined) throw new Error("no deployment is recorded");
  return record;
}

/** The market that `key` names. Throws where the record has none: the route has asked before. */
export function useMarketRecord(key: string): MarketRecord {
  const market = useRecord().markets.find((each) => each.key === key);
  if (market === undefined) throw new Error(`no market ${key} in the record`);
  return market;
}
