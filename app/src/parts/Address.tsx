"use client";
// An address: short, whole on hover and for who does not see it, copied by a press.
import { useState } from "react";
import { shortHex } from "../lib/format.ts";
import { words } from "../words.ts";

export function Address({ value, name }: { value: string; name?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <span className="inline-flex items-baseline gap-2">
      {name !== undefined && <span>{name}</span>}
      <button
        type="button"
        title={value}
        aria-label={`${copied ? words.address.copied : shortHex(value)}: ${words.address.copy} ${value}`}
        onClick={() => void copy().catch(() => {})}
        className="rounded-sm py-0.5 font-mono whitespace-nowrap text-small text-muted underline decoration-line-strong decoration-dotted underline-offset-3 hover:text-ink"
      >
        {copied ? words.address.copied : shortHex(value)}
      </button>
    </span>
  );
}
