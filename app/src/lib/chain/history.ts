"use client";
// What an account did, from the chain's own events: in markets, pools, savings, the backstop and the peg module. Complete
// without the index; two requests for logs, since an account stands in one of two places.
import { iBackstopAbi, iMarketAbi, iPegModuleAbi } from "@polder/contracts";
import {
  type Address,
  encodeEventTopics,
  formatLog,
  type Log,
  numberToHex,
  pad,
  parseEventLogs,
  type RpcLog,
} from "viem";
import { useRecord } from "../settings.tsx";
import { timesOf } from "./checkpoints.ts";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type HistoryKind =
  | "borrowed"
  | "repaid"
  | "collateralAdded"
  | "collateralRemoved"
  | "liquidated"
  | "seized"
  | "deposited"
  | "withdrawn"
  | "swappedIn"
  | "swappedOut"
  | "exitRequested"
  | "exitCancelled";

export type HistoryEntry = {
  kind: HistoryKind;
  /** Seconds. */
  time: bigint;
  block: bigint;
  hash: `0x${string}`;
  index: number;
  /** The market, vault or peg module. */
  contract: Address;
  /** Of a market. */
  termsId: bigint | undefined;
  amount: bigint;
  /** Of a liquidation: what was taken of the collateral; of a vault: its shares; of a swap: what came out. */
  other: bigint | undefined;
};

const OWNER_FIRST = [
  "Borrowed",
  "Repaid",
  "CollateralAdded",
  "CollateralRemoved",
  "Liquidated",
  "CollateralForceSeized",
];
const PAYER_FIRST = ["SwappedIn", "SwappedOut"];
const OWNER_FIRST_OF_BACKSTOP = ["ExitRequested", "ExitCancelled"];

const EVENTS = [...iMarketAbi, ...iBackstopAbi, ...iPegModuleAbi].filter(
  (item) =>
    item.type === "event" &&
    [...OWNER_FIRST, ...PAYER_FIRST, ...OWNER_FIRST_OF_BACKSTOP, "Deposit", "Withdraw"].includes(item.name),
);

/** Newest first. */
export function useHistory(account: Address | undefined) {
  const { markets, shared, startBlock } = useRecord();
  return useChainQuery({
    key: keys.history(account ?? "0x"),
    enabled: account !== undefined,
    read: async (client, toBlock): Promise<HistoryEntry[]> => {
      const owner = pad(account as Address);
      const pools = markets.filter(({ kind }) => kind === "pool").map(({ source }) => source);
      const vaults = [...pools, shared.savings, shared.backstop];
      const all = [...markets.map(({ market }) => market), shared.peg, ...vaults];
      const ask = async (address: readonly string[], topics: (string | string[] | null)[]) =>
        (await client.request({
          method: "eth_getLogs",
          params: [
            {
              address: address as Address[],
              topics: topics as never,
              fromBlock: numberToHex(startBlock),
              toBlock: numberToHex(toBlock),
            },
          ],
        })) as RpcLog[];
      const signatures = (names: readonly string[]) => names.map(topicOf);
      const [first, deposits, withdrawals] = await Promise.all([
        ask(all, [signatures([...OWNER_FIRST, ...PAYER_FIRST, ...OWNER_FIRST_OF_BACKSTOP]), owner]),
        ask(vaults, [signatures(["Deposit"]), null, owner]),
        ask(vaults, [signatures(["Withdraw"]), null, null, owner]),
      ]);
      const logs = [...first, ...deposits, ...withdrawals].map((log) => formatLog(log));
      const parsed = parseEventLogs({ abi: EVENTS, logs: logs as Log[] });
      const times = await timesOf(client, parsed as never);
      return parsed
        .flatMap((log) => {
          const entry = entryOf(log.eventName, log.args as unknown as Readonly<Record<string, bigint>>);
          if (entry === undefined || log.blockNumber === null || log.transactionHash === null) return [];
          return [
            {
              ...entry,
              time: times.get(log.blockNumber) ?? 0n,
              block: log.blockNumber,
              hash: log.transactionHash,
              index: log.logIndex ?? 0,
              contract: log.address,
            },
          ];
        })
        .sort((a, b) => (a.block === b.block ? b.index - a.index : a.block < b.block ? 1 : -1));
    },
  });
}

function topicOf(eventName: string): string {
  const item = EVENTS.find((each) => each.type === "event" && each.name === eventName);
  return encodeEventTopics({ abi: [item] } as never)[0] as string;
}

function entryOf(
  name: string,
  args: Readonly<Record<string, bigint>>,
): Pick<HistoryEntry, "kind" | "termsId" | "amount" | "other"> | undefined {
  const { termsId, assets = 0n, amount = 0n, shares = 0n, value = 0n, repaid = 0n, seized = 0n } = args;
  switch (name) {
    case "Borrowed":
      return { kind: "borrowed", termsId, amount: assets, other: undefined };
    case "Repaid":
      return { kind: "repaid", termsId, amount: assets, other: undefined };
    case "CollateralAdded":
      return { kind: "collateralAdded", termsId, amount, other: undefined };
    case "CollateralRemoved":
      return { kind: "collateralRemoved", termsId, amount, other: undefined };
    case "CollateralForceSeized":
      return { kind: "seized", termsId, amount, other: undefined };
    case "Liquidated":
      return { kind: "liquidated", termsId, amount: repaid, other: seized };
    case "Deposit":
      return { kind: "deposited", termsId: undefined, amount: assets, other: shares };
    case "Withdraw":
      return { kind: "withdrawn", termsId: undefined, amount: assets, other: shares };
    case "SwappedIn":
      return { kind: "swappedIn", termsId: undefined, amount: assets, other: value };
    case "SwappedOut":
      return { kind: "swappedOut", termsId: undefined, amount: value, other: assets };
    case "ExitRequested":
      return { kind: "exitRequested", termsId: undefined, amount: shares, other: undefined };
    case "ExitCancelled":
      return { kind: "exitCancelled", termsId: undefined, amount: shares, other: undefined };
    default:
      return undefined;
  }
}
