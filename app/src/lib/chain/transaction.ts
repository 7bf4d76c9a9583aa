"use client";
// One transaction with its receipt and the block it is in, and why it failed where it did.
import { useQuery } from "@tanstack/react-query";
import type { Hash, PublicClient, Transaction, TransactionReceipt } from "viem";
import type { ArgumentFormat } from "../errors.ts";
import { whyReverted } from "../transactions/why-reverted.ts";
import { useChainClient } from "./client.tsx";
import { keys } from "./keys.ts";
import type { At } from "./useChainQuery.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type FoundTransaction = {
  transaction: Transaction;
  /** Nothing while it waits for a block. */
  receipt: TransactionReceipt | undefined;
  block: At | undefined;
};

/** `value` is null where the chain has no such transaction. */
export function useTransaction(hash: Hash | undefined) {
  return useChainQuery({
    key: keys.transaction(hash ?? ""),
    enabled: hash !== undefined,
    read: (client) => readTransaction(client, hash as Hash),
  });
}

export async function readTransaction(client: PublicClient, hash: Hash): Promise<FoundTransaction | null> {
  const transaction = await missingIsNull(client.getTransaction({ hash }));
  if (transaction === null) return null;
  const receipt = (await missingIsNull(client.getTransactionReceipt({ hash }))) ?? undefined;
  if (receipt === undefined) return { transaction, receipt, block: undefined };
  const { number, timestamp } = await client.getBlock({ blockHash: receipt.blockHash });
  return { transaction, receipt, block: { number, timestamp } };
}

async function missingIsNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (/NotFound/.test(String((error as { name?: string }).name))) return null;
    throw error;
  }
}

/** The reason of a failed one, once units are known or cannot be; it does not change once it is in a block. */
export function useFailure(
  receipt: TransactionReceipt | undefined,
  { format, known }: { format: ArgumentFormat | undefined; known: boolean },
) {
  const client = useChainClient();
  return useQuery({
    queryKey: ["failure", receipt?.transactionHash, receipt?.blockHash, format !== undefined],
    enabled: receipt?.status === "reverted" && known,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => {
      const { transactionHash, blockNumber } = receipt as TransactionReceipt;
      return whyReverted(client, transactionHash, blockNumber, format);
    },
  });
}
