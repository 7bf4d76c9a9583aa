"use client";
// Stands in place of every page where no deployment is recorded: what to do.
import { useSettings } from "../lib/settings.tsx";
import { words } from "../words.ts";

export function MissingDeployment() {
  const { chainId, rpcUrl } = useSettings();
  const { title, advice, chain, steps, reload } = words.missing;
  return (
    <div className="page flex flex-col gap-6 py-16">
      <h1 className="text-hero font-semibold tracking-tight">{title}</h1>
      <p className="max-w-prose text-lead text-muted">
        {advice} {chain(chainId, rpcUrl)}
      </p>
      <ol className="flex flex-col gap-4">
        {steps.map(({ text, command }) => (
          <li key={command}>
            {text}
            <pre className="mt-1 overflow-x-auto bg-sunk px-4 py-3 font-mono">{command}</pre>
          </li>
        ))}
      </ol>
      <p className="text-muted">{reload}</p>
    </div>
  );
}
