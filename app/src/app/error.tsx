"use client";
// What stands where a page failed to render: the rest of the frame goes on.
import { ErrorBox } from "../parts/ErrorBox.tsx";
import { words } from "../words.ts";

export default function PageError({ error, reset }: { error: Error; reset(): void }) {
  return (
    <div className="page flex flex-col gap-6 pt-10 sm:pt-14">
      <h1 className="text-figure font-semibold tracking-tight">{words.errors.page}</h1>
      <ErrorBox detail={error.message} onRetry={reset} />
    </div>
  );
}
