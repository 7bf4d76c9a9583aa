"use client";
// Whether the index answers, and how far behind the chain it is.
import { useQuery } from "@tanstack/react-query";
import { useHead } from "../chain/head.ts";
import { useSettings } from "../settings.tsx";
import { askIndex } from "./client.ts";

export type IndexHealth =
  | { state: "checking" }
  | { state: "down"; reason: string }
  /** `lag` in blocks behind the chain, 0 at its head; nothing while the chain is silent. */
  | { state: "up"; block: bigint; lag: bigint | undefined };

type Status = {
  _meta: { status: Record<string, { id: number; block: { number: number; timestamp: number } }> };
};

export function useIndexHealth(): IndexHealth {
  const { indexUrl, chainId } = useSettings();
  const head = useHead().data?.number;
  const { data, errorUpdatedAt, dataUpdatedAt, failureReason } = useQuery({
    queryKey: ["index-health"],
    queryFn: async ({ signal }) => {
      const { _meta } = await askIndex<Status>(indexUrl, "{ _meta { status } }", {}, signal);
      const chain = Object.values(_meta.status).find(({ id }) => id === chainId);
      if (chain === undefined) throw new Error(`the index does not know chain ${chainId}`);
      return BigInt(chain.block.number);
    },
    refetchInterval: 3_000,
    retry: false,
  });
  // Asking again does not make it less down meanwhile.
  if (errorUpdatedAt > dataUpdatedAt) return { state: "down", reason: failureReason?.message ?? "" };
  if (data === undefined) return { state: "checking" };
  return { state: "up", block: data, lag: head === undefined ? undefined : head > data ? head - data : 0n };
}
