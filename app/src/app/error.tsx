"use client";
// What stands where a page failed to render: the rest of the frame goes on.
import { ErrorBox } from "../parts/ErrorBox.tsx";
import { words } from "../words.ts";

export default function PageError({ error, reset }: { error: Error; reset(): void }) {
  return (
    <div className="page py-16">
      <ErrorBox title={words.errors.page} detail={error.message} onRetry={reset} />
    </div>
  );
}
