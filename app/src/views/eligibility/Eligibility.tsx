"use client";
// Answers: may I hold and borrow, until when, and if not, what is missing? Applies to the registrar, and takes it back.
import { iEligibilityRegistryAbi } from "@polder/contracts";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { ActForm } from "../../features/ActForm.tsx";
import { ApplyForm } from "../../features/eligibility/ApplyForm.tsx";
import { jurisdictionName } from "../../features/eligibility/jurisdictions.ts";
import { eligibilityOf, lastDenial } from "../../features/eligibility/logic.ts";
import { keys } from "../../lib/chain/keys.ts";
import { usePortfolio } from "../../lib/chain/portfolio.ts";
import { useRegistry } from "../../lib/chain/registry.ts";
import { formatDate } from "../../lib/format.ts";
import { bytes32Text } from "../../lib/safe-text.ts";
import { useRecord } from "../../lib/settings.tsx";
import { Address as AddressText } from "../../parts/Address.tsx";
import { Button } from "../../parts/Button.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";

export function Eligibility() {
  const { address } = useConnection();
  const { eligibility: e } = words;
  return (
    <div className="page flex flex-col gap-12 pt-10 sm:pt-14">
      {address === undefined ? (
        <header className="flex flex-col items-start gap-4">
          <h1 className="text-hero font-semibold tracking-tight">{e.question}</h1>
          <p className="max-w-prose text-lead text-muted">{e.lead}</p>
          <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
        </header>
      ) : (
        <Standing key={address} account={address} />
      )}
    </div>
  );
}

function Standing({ account }: { account: Address }) {
  const portfolio = usePortfolio(account);
  const registry = useRegistry();
  const { eligibility: e } = words;
  const standing = portfolio.data?.value.standing;
  const error = portfolio.error ?? registry.error;
  if ((error && (standing === undefined || registry.data === undefined)) || standing?.ok === false) {
    return (
      <>
        <h1 className="text-figure font-semibold">{e.question}</h1>
        <ErrorBox
          {...(error && { detail: error.message })}
          onRetry={() => void Promise.all([portfolio.refetch(), registry.refetch()])}
        />
      </>
    );
  }
  if (standing === undefined || registry.data === undefined)
    return <Skeleton className="h-16 w-full max-w-2xl" />;
  const mine = registry.data.value.decisions.filter(({ person }) => person === account);
  const denial = lastDenial(mine);
  const { record, request } = standing;
  const state = eligibilityOf({ standing: standing.standing, record, request, denied: denial !== undefined });
  const until = record.expiry > FOREVER ? undefined : formatDate(record.expiry);
  const tier = e.tiers[record.tier as 0 | 1 | 2 | 3] ?? "";
  const said = {
    frozen: e.states.frozen,
    approved:
      until === undefined
        ? e.states.approvedForever(e.may[record.tier as 1 | 2 | 3])
        : e.states.approved(e.may[record.tier as 1 | 2 | 3], until),
    requested: e.states.requested,
    expired: e.states.expired(until ?? ""),
    denied: e.states.denied(denial?.reason === undefined ? "" : bytes32Text(denial.reason)),
    none: e.states.none,
  }[state];
  return (
    <>
      <header className="flex flex-col gap-4">
        <p className="flex flex-wrap items-center gap-3">
          <Tag tone={state === "approved" ? "reed" : state === "frozen" ? "risk" : "plain"}>
            {e.tags[state]}
          </Tag>
          <AddressText value={account} />
        </p>
        <h1 className="max-w-4xl text-hero font-semibold tracking-tight">{said}</h1>
        <p className="max-w-prose text-lead text-muted">
          {`${e.explained[state]} `}
          <SourceButton label={e.question} source={{ at: portfolio.data?.at, formula: e.formula }} />
        </p>
        {record.tier > 0 && (
          <p className="text-muted">
            {e.onRecord(tier, record.jurisdiction === 0 ? e.unknown : jurisdictionName(record.jurisdiction))}
          </p>
        )}
      </header>
      {state === "approved" && denial?.reason !== undefined && (
        <p className="max-w-prose text-muted">{e.deniedBeside(bytes32Text(denial.reason))}</p>
      )}
      {request.tier > 0 && <Requested request={request} account={account} />}
      {state !== "frozen" && (
        <section className="flex max-w-xl flex-col gap-5">
          <h2 className="text-title font-semibold">
            {request.tier > 0 ? e.applyAnew : record.tier > 0 ? e.applyMore : e.apply}
          </h2>
          <ApplyForm account={account} />
        </section>
      )}
    </>
  );
}

/** Records that do not expire have the largest number; no date is that far. */
const FOREVER = 10n ** 12n;

function Requested({
  request,
  account,
}: {
  request: { tier: number; jurisdiction: number; evidenceHash: string };
  account: Address;
}) {
  const { shared } = useRecord();
  const { eligibility: e } = words;
  return (
    <section className="flex max-w-xl flex-col gap-4 border border-line p-5">
      <h2 className="text-title font-semibold">{e.waiting}</h2>
      <dl className="flex flex-col gap-2">
        <Pair term={e.wanted}>{e.tiers[request.tier as 0 | 1 | 2 | 3]}</Pair>
        <Pair term={e.residence}>
          {request.jurisdiction === 0 ? e.unknown : jurisdictionName(request.jurisdiction)}
        </Pair>
        <Pair term={e.evidence}>
          <AddressText value={request.evidenceHash} />
        </Pair>
      </dl>
      <ActForm
        label={e.withdraw}
        submit={e.withdraw}
        look="secondary"
        request={() => ({
          title: e.withdrawTitle,
          call: {
            address: shared.registry as Address,
            abi: iEligibilityRegistryAbi,
            functionName: "withdrawRequest",
            args: [],
          },
          invalidates: [keys.portfolio(account), keys.registry],
        })}
      />
    </section>
  );
}

function Pair({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4">
      <dt className="text-muted">{term}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}
