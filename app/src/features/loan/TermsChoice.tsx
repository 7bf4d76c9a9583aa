"use client";
// Which of the market's terms a loan is under. What is chosen is told in full, with the document that discloses it: who
// borrows accepts it.
import { useId } from "react";
import type { LoanTerms } from "../../lib/chain/terms.ts";
import { formatAmount, formatDate, formatDuration, formatPercent } from "../../lib/format.ts";
import { words } from "../../words.ts";

type Props = {
  marketKey: string;
  terms: readonly LoanTerms[];
  chosen: bigint;
  onChoose(id: bigint): void;
  /** What is told of each beside its name, such as what is owed. */
  note?(terms: LoanTerms): string | undefined;
  /** What is owed at maturity of what is typed, with its unit. */
  atMaturity?: string | undefined;
  /** Whether the chosen terms are accepted by what the form does. */
  accepts?: boolean;
  disabled?: boolean;
};

export function TermsChoice({
  marketKey,
  terms,
  chosen,
  onChoose,
  note,
  atMaturity,
  accepts = false,
  disabled,
}: Props) {
  const name = useId();
  const { loan: l } = words;
  const current = terms.find(({ id }) => id === chosen);
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-small font-medium">{l.terms}</legend>
      {terms.map((each) => (
        <label
          key={String(each.id)}
          className="flex min-h-10 cursor-pointer items-center gap-3 rounded-md border border-line px-3 py-1.5 has-checked:border-water has-checked:bg-water-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-water"
        >
          <input
            type="radio"
            name={name}
            className="accent-water outline-none"
            checked={each.id === chosen}
            disabled={disabled}
            onChange={() => onChoose(each.id)}
          />
          <span className="min-w-0 flex-1">
            <span className="font-medium">{termsName(each)}</span>
            <span className="block text-small text-muted">
              {note?.(each) ?? l.ratePerYear(formatPercent(each.ratePerYear))}
            </span>
          </span>
        </label>
      ))}
      {current !== undefined && (
        <TermsDetails marketKey={marketKey} terms={current} atMaturity={atMaturity} accepts={accepts} />
      )}
    </fieldset>
  );
}

export function termsName({ kind, maturity }: Pick<LoanTerms, "kind" | "maturity">): string {
  const { loan: l } = words;
  return kind === "fixed" ? l.fixedUntil(formatDate(maturity)) : kind === "variable" ? l.variable : l.own;
}

function TermsDetails({
  marketKey,
  terms,
  atMaturity,
  accepts,
}: {
  marketKey: string;
  terms: LoanTerms;
  atMaturity: string | undefined;
  accepts: boolean;
}) {
  const { loan: l } = words;
  const { document } = terms;
  return (
    <div className="flex flex-col gap-1 text-small">
      {terms.kind === "fixed" && (
        <dl className="flex flex-col gap-0.5">
          <Pair term={l.maturity}>{formatDate(terms.maturity)}</Pair>
          <Pair term={l.grace}>{formatDuration(terms.grace)}</Pair>
          <Pair term={l.penalty}>{l.onTop(formatPercent(terms.penaltyPerYear))}</Pair>
          {atMaturity !== undefined && <Pair term={l.owedAtMaturity}>{atMaturity}</Pair>}
        </dl>
      )}
      <p className="text-muted">
        {terms.kind === "fixed" ? l.fixedAbout : l.variableAbout}{" "}
        {document !== undefined && (
          <>
            {accepts ? l.accepts : l.disclosed}{" "}
            <a
              href={`/assets/${marketKey}/documents/${document.name}`}
              className="text-water underline underline-offset-2"
            >
              {l.documentOf(document.name.replaceAll("-", " "))}
            </a>
            .
          </>
        )}
      </p>
    </div>
  );
}

export function Pair({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="text-muted">{term}</dt>
      <dd className="text-right font-medium">{children}</dd>
    </div>
  );
}

/** What is owed, with its unit: rounded up. */
export function owed(value: bigint, token: { decimals: number; symbol: string }): string {
  return `${formatAmount(value, token.decimals, { rounding: "ceil" })} ${token.symbol}`;
}
