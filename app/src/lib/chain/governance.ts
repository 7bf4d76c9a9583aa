"use client";
// What votes decide, read from the chain by the library of proposals. That holds every contract's ABI, so it is fetched where
// it is needed and not before. Knows no index.
import { pLDRAbi } from "@polder/contracts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Address } from "viem";
import { useRecord } from "../settings.tsx";
import { useChainClient } from "./client.tsx";
import { keys } from "./keys.ts";
import { type Read, useChainQuery } from "./useChainQuery.ts";

type Library = typeof import("@polder/contracts/proposals");
export type Protocol = Awaited<ReturnType<Library["loadProtocol"]>>;
export type ProposalView = Awaited<ReturnType<Library["listProposals"]>>[number];
export type ProposalDetail = Awaited<ReturnType<Library["showProposal"]>>;
export type ProposalState = ProposalView["state"];
export type Simulation = Awaited<ReturnType<Library["simulate"]>>;
export type Change = Simulation["changes"][number];
export type Warning = Simulation["warnings"][number];
export type DecodedCall = ReturnType<Library["decodeCall"]>;
export type Call = DecodedCall["call"];
export type Delegate = Awaited<ReturnType<Library["listDelegates"]>>[number];
export type { Action, ActionType, FieldKind, Step, Support } from "@polder/contracts/proposals";

/** The library, and the names of the deployment that it looks at. */
export type Governance = { library: Library; protocol: Protocol };

/** Not asked where the deployment is not governed by votes. */
export function useGovernance() {
  const client = useChainClient();
  const record = useRecord();
  return useQuery({
    queryKey: keys.governed,
    enabled: record.governance !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
    queryFn: async (): Promise<Governance> => {
      const library = await import("@polder/contracts/proposals");
      return { library, protocol: await library.loadProtocol(client, record) };
    },
  });
}

/** Every proposal, the newest first. */
export function useProposals({ library, protocol }: Governance) {
  return useChainQuery({
    key: keys.proposals,
    read: (client): Promise<ProposalView[]> => library.listProposals(client, protocol),
  });
}

const ENDED: readonly ProposalState[] = ["Executed", "Canceled", "Defeated", "Expired"];

/** One proposal with its votes and steps. What has come to its end is not read again: what it changed is costly to compare. */
export function useProposal({ library, protocol }: Governance, id: bigint) {
  const queries = useQueryClient();
  const key = keys.proposal(id.toString());
  return useChainQuery({
    key,
    read: async (client): Promise<ProposalDetail> => {
      const known = queries.getQueryData<Read<ProposalDetail>>(key)?.value;
      if (known !== undefined && ENDED.includes(known.state)) return known;
      return library.showProposal(client, protocol, id);
    },
  });
}

/** What an open proposal would do from the newest block on. Asked when its state changes, and on demand. */
export function useSimulation({ library, protocol }: Governance, proposal: ProposalView) {
  const progress = library.progressOf(proposal);
  return useChainQuery({
    key: keys.simulation(`${proposal.id} ${proposal.state}`),
    enabled: progress !== undefined,
    read: (client): Promise<Simulation> =>
      library.simulate(client, protocol, {
        calls: proposal.calls,
        description: proposal.description,
        ...(progress !== undefined && { progress }),
      }),
  });
}

export const proposalActs = ["vote", "queue", "execute", "cancel"] as const;
export type ProposalAct = (typeof proposalActs)[number];

/** Why `account` may not, for each of what can be done with a proposal; undefined where it may. */
export function useRefusals(
  { library, protocol }: Governance,
  proposal: ProposalView,
  account: Address | undefined,
) {
  return useChainQuery({
    key: keys.refusals(`${proposal.id} ${proposal.state}`, account ?? "0x"),
    enabled: account !== undefined,
    read: async (client): Promise<Record<ProposalAct, string | undefined>> => {
      const refusals = await Promise.all(
        proposalActs.map((act) => library.refusalOf(client, protocol, proposal, act, account as Address)),
      );
      return Object.fromEntries(proposalActs.map((act, i) => [act, refusals[i]])) as Record<
        ProposalAct,
        string | undefined
      >;
    },
  });
}

/** Why `account` may not propose now, in a clause; undefined where it may. */
export function useProposingRefusal({ library, protocol }: Governance, account: Address | undefined) {
  return useChainQuery({
    key: keys.proposing(account ?? "0x"),
    enabled: account !== undefined,
    read: async (client) => ({
      refusal: await library.proposingRefusal(client, protocol, account as Address),
    }),
  });
}

/** Everybody who votes, the most votes first, with the block times that their votes changed at. */
export function useDelegates({ library, protocol }: Governance) {
  const queries = useQueryClient();
  return useChainQuery({
    key: keys.delegates,
    read: async (client): Promise<{ delegates: Delegate[]; times: ReadonlyMap<bigint, bigint> }> => {
      const delegates = await library.listDelegates(client, protocol);
      const known = queries.getQueryData<Read<{ times: ReadonlyMap<bigint, bigint> }>>(keys.delegates);
      const times = new Map(known?.value.times);
      const blocks = new Set(delegates.flatMap(({ history }) => history.map(({ block }) => block)));
      await Promise.all(
        [...blocks]
          .filter((block) => !times.has(block))
          .map(async (blockNumber) =>
            times.set(blockNumber, (await client.getBlock({ blockNumber })).timestamp),
          ),
      );
      return { delegates, times };
    },
  });
}

/** PLDR of an account: what it holds, who votes with it, and the votes that it has itself. */
export type Ballot = { balance: bigint; delegate: Address; votes: bigint };

export function useBallot({ protocol }: Governance, account: Address | undefined) {
  return useChainQuery({
    key: keys.ballot(account ?? "0x"),
    enabled: account !== undefined,
    read: async (client, blockNumber): Promise<Ballot> => {
      const token = { address: protocol.governance.token, abi: pLDRAbi, blockNumber } as const;
      const args = [account as Address] as const;
      const [balance, delegate, votes] = await Promise.all([
        client.readContract({ ...token, functionName: "balanceOf", args }),
        client.readContract({ ...token, functionName: "delegates", args }),
        client.readContract({ ...token, functionName: "getVotes", args }),
      ]);
      return { balance, delegate, votes };
    },
  });
}
