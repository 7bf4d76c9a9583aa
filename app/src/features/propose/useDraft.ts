"use client";
// A draft while it is written: what is wrong with it, the calls that it takes, and what they would do.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useChainClient } from "../../lib/chain/client.tsx";
import type { Call, Governance, Simulation } from "../../lib/chain/governance.ts";
import { fetchHead } from "../../lib/chain/head.ts";
import { keys } from "../../lib/chain/keys.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { type Complaint, complaintOf, type Draft, emptyAction, toProposal } from "./logic.ts";

/** What is proposed and what that would do, together: the calls that were simulated are those that are sent. */
export type Outlook = { calls: readonly Call[]; description: string; simulation: Simulation; at: At };

/** Milliseconds without a stroke before a simulation. */
const PAUSE = 700;

export function useDraft({ library, protocol }: Governance) {
  const [draft, setDraft] = useState<Draft>({ title: "", body: "", actions: [emptyAction(0)] });
  const client = useChainClient();
  const queries = useQueryClient();

  const proposal = useMemo(() => toProposal(draft, library.actionShapes), [draft, library]);
  const written = JSON.stringify(proposal);
  const [settled, setSettled] = useState(written);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(written), PAUSE);
    return () => clearTimeout(timer);
  }, [written]);

  const complaints = useMemo(() => check(library, proposal), [library, proposal]);
  const query = useQuery({
    queryKey: keys.simulation(written),
    enabled: complaints.length === 0 && settled === written,
    retry: false,
    queryFn: async (): Promise<Outlook> => {
      const { title, description: body, actions } = library.parseDraft(proposal);
      const { number, timestamp } = await fetchHead(queries, client);
      const calls = await library.buildCalls(client, protocol, actions);
      const description = library.describe(title, body);
      const simulation = await library.simulate(client, protocol, { calls, description });
      return { calls, description, simulation, at: { number, timestamp } };
    },
  });
  const { error } = query;
  const refused = error instanceof library.ProposalError ? complaintOf(error) : undefined;
  return {
    draft,
    setDraft,
    complaints: refused === undefined ? complaints : [refused],
    outlook: query.data,
    /** Written, good, and not simulated yet. */
    waiting: complaints.length === 0 && query.data === undefined && error === null,
    failed: refused === undefined ? error : null,
    retry: () => void query.refetch(),
  };
}

/** The first complaint about each part of it. */
function check(library: Governance["library"], proposal: unknown): Complaint[] {
  const { actions } = proposal as { actions: readonly unknown[] };
  const complaints = new Map<string, Complaint>();
  const attempt = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof library.ProposalError)) throw error;
      complaints.set(error.path, complaintOf(error));
    }
  };
  attempt(() => library.parseDraft(proposal));
  for (const [i, action] of actions.entries()) {
    attempt(() => library.parseAction(action, `actions[${i}]`));
  }
  return [...complaints.values()];
}
