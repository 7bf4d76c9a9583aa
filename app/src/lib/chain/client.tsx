"use client";
// The one client that reads the chain.
import { createContext, useContext } from "react";
import type { PublicClient } from "viem";

export const ClientContext = createContext<PublicClient | undefined>(undefined);

export function useChainClient(): PublicClient {
  const client = useContext(ClientContext);
  if (client === undefined) throw new Error("outside of Providers");
  return client;
}
