"use client";
// One act of a development chain's node at a time: how it goes, and how it ended.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Hash, PublicClient } from "viem";
import { useChainClient } from "../../lib/chain/client.tsx";
import { CHAIN, keys } from "../../lib/chain/keys.ts";
import { explain, type Failure } from "../../lib/errors.ts";

export type NodeState =
  | { step: "idle" }
  | { step: "busy"; progress?: string }
  | { step: "done"; text: string; hash?: Hash }
  | { step: "failed"; failure: Failure };

export type NodeAct = (
  client: PublicClient,
  progress: (text: string) => void,
) => Promise<{ text: string; hash?: Hash }>;

export function useNodeAction() {
  const client = useChainClient();
  const queries = useQueryClient();
  const [state, setState] = useState<NodeState>({ step: "idle" });
  const run = async (act: NodeAct) => {
    setState({ step: "busy" });
    try {
      const done = await act(client, (progress) => setState({ step: "busy", progress }));
      setState({ step: "done", ...done });
    } catch (error) {
      setState({ step: "failed", failure: await explain(error) });
    }
    void queries.invalidateQueries({ queryKey: keys.head });
    void queries.invalidateQueries({ queryKey: [CHAIN] });
  };
  return { state, busy: state.step === "busy", run };
}
