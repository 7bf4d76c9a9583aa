"use client";
// Asks the registrar for a record. What proves it goes to him off the chain; the chain gets the hash of it alone.
import { iEligibilityRegistryAbi } from "@polder/contracts";
import { useState } from "react";
import type { Address, Hash } from "viem";
import { useConnection } from "wagmi";
import { keys } from "../../lib/chain/keys.ts";
import { useRecord } from "../../lib/settings.tsx";
import { HashInput } from "../../parts/HashInput.tsx";
import { Select } from "../../parts/Select.tsx";
import { words } from "../../words.ts";
import { ActForm } from "../ActForm.tsx";
import { jurisdictions } from "./jurisdictions.ts";
import { applicationIssue, TIERS } from "./logic.ts";

const REGISTRAR = 0;

export function ApplyForm({ account }: { account: Address }) {
  const { shared } = useRecord();
  const { isConnected } = useConnection();
  const [tier, setTier] = useState("2");
  const [jurisdiction, setJurisdiction] = useState("528");
  const [evidence, setEvidence] = useState<Hash | undefined>();
  const { eligibility: e } = words;
  const issue = applicationIssue({ connected: isConnected, evidence });
  return (
    <ActForm
      label={e.apply}
      submit={e.submit}
      issue={issue === undefined ? undefined : e.issues[issue]}
      request={() =>
        evidence === undefined
          ? undefined
          : {
              title: e.applyTitle(e.tiers[Number(tier) as 1 | 2 | 3]),
              call: {
                address: shared.registry as Address,
                abi: iEligibilityRegistryAbi,
                functionName: "makeRequest",
                args: [
                  {
                    tier: Number(tier),
                    jurisdiction: Number(jurisdiction),
                    issuer: REGISTRAR,
                    evidenceHash: evidence,
                  },
                ],
              },
              invalidates: [keys.portfolio(account), keys.registry],
            }
      }
    >
      <Select
        label={e.wanted}
        value={tier}
        onChange={setTier}
        options={([TIERS.holder, TIERS.borrower, TIERS.liquidator] as const).map((each) => ({
          value: String(each),
          label: `${e.tiers[each]}: ${e.may[each]}`,
        }))}
      />
      <Select
        label={e.residence}
        value={jurisdiction}
        onChange={setJurisdiction}
        options={jurisdictions.map(({ code, name }) => ({ value: String(code), label: name }))}
      />
      <HashInput label={e.evidence} hash={evidence} onChange={setEvidence} textToo />
      <p className="text-small text-muted">{e.evidenceAbout}</p>
    </ActForm>
  );
}
