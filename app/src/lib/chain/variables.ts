"use client";
// Names the storage that transactions of a block waited for as Solidity variables: by the contracts' storage layouts, and by
// what the transactions hashed, which the node tells by executing them again. Where it does not, slots stay slots.
import type { StorageLayout } from "@polder/chain/profiler/variables.ts";
import { variablesAt, variableText } from "@polder/chain/profiler/variables.ts";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { numberToHex, type PublicClient } from "viem";
import { type Contracts, type Location, layoutName } from "../contracts.ts";
import { shortHex } from "../format.ts";
import { useContracts } from "../names.ts";
import type { BlockHead } from "./blocks.ts";
import { useChainClient } from "./client.tsx";

type Layouts = Readonly<Record<string, StorageLayout>>;
type Preimages = Readonly<Record<string, string>>;

/** Transactions that are executed again for it at most: a trace takes several times as long as the block itself. */
const MOST = 1_000;

/** The variable at a location of the block, in Solidity's words; nothing where it is not known (yet). */
export function useVariables(
  block: Pick<BlockHead, "hash" | "number"> | undefined,
  /** Transactions in it. */
  count: number,
): (location: Location) => string | undefined {
  const client = useChainClient();
  const contracts = useContracts();
  const layouts = useQuery({
    queryKey: ["layouts"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<Layouts> => {
      const response = await fetch("/contracts/layouts");
      if (!response.ok) throw new Error(`the app's server answered with status ${response.status}`);
      return response.json();
    },
  }).data;
  const preimages = useQuery({
    queryKey: ["preimages", block?.hash],
    enabled: block !== undefined && count > 1 && count <= MOST,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: () => readPreimages(client, (block as BlockHead).number),
  }).data;
  return useCallback(
    (location) => layouts && nameOf(location, contracts, layouts, preimages ?? {}),
    [layouts, contracts, preimages],
  );
}

async function readPreimages(client: PublicClient, number: bigint): Promise<Preimages> {
  const traces = (await client.request({
    method: "debug_traceBlockByNumber" as never,
    params: [numberToHex(number), { tracer: "keccak256PreimageTracer" }] as never,
  })) as { result?: Preimages }[];
  return Object.assign({}, ...traces.map(({ result }) => result));
}

function nameOf(
  { address, kind, slot }: Location,
  contracts: Contracts,
  layouts: Layouts,
  preimages: Preimages,
): string | undefined {
  const contract = contracts.get(address.toLowerCase());
  const layout = contract && layouts[layoutName(contract.abi)];
  if (kind !== "storage" || slot === undefined || layout === undefined) return undefined;
  const written = ({ index, type }: { index: string; type: string }) =>
    type === "address" ? (contracts.get(index.toLowerCase())?.name ?? shortHex(index)) : short(index);
  return variableText(variablesAt(layout, slot, preimages), written) || undefined;
}

/** Hashes as keys say nothing at full length. */
function short(index: string): string {
  return /^0x[0-9a-f]{64}$/.test(index) ? shortHex(index) : index;
}
