"use client";
// Takes a file, or a text, and gives the keccak256 of its bytes. Both stay in the browser.
import { useId, useState } from "react";
import { type Hash, keccak256, stringToBytes } from "viem";
import { words } from "../words.ts";

type Props = {
  label: string;
  hash: Hash | undefined;
  onChange(hash: Hash | undefined): void;
  textToo?: boolean;
};

export function HashInput({ label, hash, onChange, textToo = false }: Props) {
  const id = useId();
  const [failed, setFailed] = useState(false);
  const [text, setText] = useState("");
  const { hashInput: h } = words;
  const take = async (file: File | undefined) => {
    setFailed(false);
    setText("");
    if (file === undefined) return onChange(undefined);
    try {
      onChange(keccak256(new Uint8Array(await file.arrayBuffer())));
    } catch {
      setFailed(true);
      onChange(undefined);
    }
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-small font-medium">{label}</legend>
      <input
        type="file"
        aria-label={`${label}: ${h.file}`}
        onChange={(event) => void take(event.target.files?.[0])}
        className="w-full min-w-0 text-small file:mr-3 file:min-h-10 file:rounded-md file:border file:border-line-strong file:bg-paper file:px-4 file:font-semibold file:text-ink"
      />
      {textToo && (
        <>
          <label htmlFor={id} className="text-small text-muted">
            {h.text}
          </label>
          <textarea
            id={id}
            rows={2}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              onChange(event.target.value === "" ? undefined : keccak256(stringToBytes(event.target.value)));
            }}
            className="w-full rounded-md border border-line-strong bg-paper px-3 py-2"
          />
        </>
      )}
      <p role="status" className="text-small break-all text-muted">
        {failed ? h.failed : hash === undefined ? h.none : `${h.hash} `}
        {hash !== undefined && <span className="font-mono">{hash}</span>}
      </p>
    </fieldset>
  );
}
