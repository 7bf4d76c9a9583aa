"use client";
// Where an amount is typed. Exact to the token's last decimal; Max fills in all of it, dust included, and tells the
// action so, which may then ask for the largest number where the contract clips.
import { useId } from "react";
import { formatAmount, toInput } from "../lib/format.ts";
import { words } from "../words.ts";
import { classes } from "./classes.ts";

type Props = {
  label: string;
  /** As typed. */
  text: string;
  /** `max` where it came from the button and was not touched since. */
  onChange(text: string, max: boolean): void;
  token: { symbol: string; decimals: number };
  /** The most there is; nothing: no button. */
  max?: bigint;
  maxLabel?: string;
  /** What is owed is told rounded up; what is held, cut off. */
  owed?: boolean;
  /** Why it cannot be this, in words. */
  issue?: string | undefined;
  disabled?: boolean;
};

export function AmountInput({
  label,
  text,
  onChange,
  token,
  max,
  maxLabel,
  owed = false,
  issue,
  disabled,
}: Props) {
  const id = useId();
  const { symbol, decimals } = token;
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="text-small font-medium">
        {label}
      </label>
      <div
        className={classes(
          "flex items-stretch rounded-md border bg-paper focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-water",
          issue === undefined ? "border-line-strong" : "border-risk",
        )}
      >
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          placeholder="0.00"
          value={text}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value, false)}
          aria-invalid={issue !== undefined}
          aria-describedby={`${id}-about`}
          className="w-0 min-w-0 flex-1 bg-transparent px-3 py-2.5 text-title font-semibold outline-none placeholder:text-muted disabled:text-muted"
        />
        <span className="self-center px-3 font-medium text-muted">{symbol}</span>
        {max !== undefined && (
          <button
            type="button"
            disabled={disabled}
            onClick={() => onChange(toInput(max, decimals), true)}
            className="m-1 rounded-sm bg-water-soft px-3 text-small font-semibold text-ink hover:bg-sunk"
          >
            {words.amount.max}
          </button>
        )}
      </div>
      <p id={`${id}-about`} className={classes("min-h-5 text-small", issue ? "text-risk" : "text-muted")}>
        {issue ??
          (max !== undefined &&
            `${maxLabel ?? words.amount.available}: ${formatAmount(max, decimals, { rounding: owed ? "ceil" : "trunc" })} ${symbol}`)}
      </p>
    </div>
  );
}
