"use client";
// One act of a development chain's node at a time: how it goes, and how it ended.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Hash, PublicClient } from "viem";
import { useChainClient } from "../../lib/chain/client.tsx";
import { isAnother, readGenesis } from "../../lib/chain/head.ts";
import { CHAIN, keys } from "../../lib/chain/keys.ts";
import { explain, type Failure, failure } from "../../lib/errors.ts";
import { useSettings } from "../../lib/settings.tsx";

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
  const { record } = useSettings();
  const [state, setState] = useState<NodeState>({ step: "idle" });
  const run = async (act: NodeAct) => {
    setState({ step: "busy" });
    try {
      // On another chain the contracts' addresses have no code, and take whatever is sent to them.
      if (isAnother(await readGenesis(client), record?.genesisHash)) {
        setState({ step: "failed", failure: failure("restarted") });
        return;
      }
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
