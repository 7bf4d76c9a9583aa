"use client";
// A line of text with its label, and why it cannot be this.
import { useId } from "react";
import { classes } from "./classes.ts";

type Props = {
  label: string;
  value: string;
  onChange(value: string): void;
  /** Why it cannot be this, in words. */
  issue?: string | undefined;
  hint?: string;
  placeholder?: string;
  /** For addresses and hashes. */
  mono?: boolean;
  type?: "text" | "date";
  disabled?: boolean;
};

export function TextInput({
  label,
  value,
  onChange,
  issue,
  hint,
  placeholder,
  mono,
  type = "text",
  disabled,
}: Props) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <label htmlFor={id} className="text-small font-medium">
        {label}
      </label>
      <input
        id={id}
        type={type}
        value={value}
        disabled={disabled}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={issue !== undefined}
        aria-describedby={`${id}-about`}
        className={classes(
          "min-h-11 w-full min-w-0 rounded-md border bg-paper px-3 placeholder:text-muted disabled:text-muted",
          mono && "font-mono",
          issue === undefined ? "border-line-strong" : "border-risk",
        )}
      />
      <p id={`${id}-about`} className={classes("text-small", issue ? "text-risk" : "text-muted")}>
        {issue ?? hint}
      </p>
    </div>
  );
}
