"use client";
// Stops one thing at once, after a look at what that means: it is lifted by a vote alone.
import { iMarketAbi, iNavOracleAbi, iPegModuleAbi } from "@polder/contracts";
import { useState } from "react";
import type { Address } from "viem";
import { CHAIN } from "../../lib/chain/keys.ts";
import type { Call } from "../../lib/transactions/useAction.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { words } from "../../words.ts";
import { ActForm } from "../ActForm.tsx";
import type { Stop, StopKind } from "./logic.ts";

const CALLS: Readonly<Record<StopKind, Omit<Call, "address" | "args">>> = {
  newDebt: { abi: iMarketAbi, functionName: "pauseNewDebt" },
  feed: { abi: iNavOracleAbi, functionName: "pullRipcord" },
  inflow: { abi: iPegModuleAbi, functionName: "stopInflow" },
};

export function StopButton({ stop }: { stop: Stop }) {
  const [open, setOpen] = useState(false);
  const w = words.guardian.stops[stop.kind];
  const title = w.title(stop.market?.title ?? "");
  return (
    <>
      <Button look="risk" small onClick={() => setOpen(true)} aria-label={title}>
        {w.button}
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title={`${title}?`} description={w.means}>
        <ActForm
          label={title}
          submit={title}
          look="risk"
          request={() => ({
            title,
            call: { ...CALLS[stop.kind], address: stop.target as Address, args: [] },
            // What is stopped shows on many pages.
            invalidates: [[CHAIN]],
          })}
        >
          <p className="font-medium">{words.guardian.lifted}</p>
        </ActForm>
      </Dialog>
    </>
  );
}
