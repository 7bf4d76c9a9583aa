// What went wrong, in words, with the exact message for who wants it and a way on.
import { words } from "../words.ts";
import { Button } from "./Button.tsx";

type Props = { title?: string; children?: string; detail?: string; onRetry?: () => void };

export function ErrorBox({ title = words.errors.title, children, detail, onRetry }: Props) {
  return (
    <div
      role="alert"
      className="flex flex-col items-start gap-2 border-l-4 border-line-strong bg-wash py-4 pr-5 pl-5"
    >
      <p className="font-semibold">{title}</p>
      {children !== undefined && <p className="max-w-prose">{children}</p>}
      {detail !== undefined && (
        <details className="max-w-full text-small text-muted">
          <summary>{words.errors.detail}</summary>
          <p className="mt-1 font-mono break-words">{detail}</p>
        </details>
      )}
      {onRetry !== undefined && (
        <Button look="secondary" small onClick={onRetry} className="mt-1">
          {words.errors.retry}
        </Button>
      )}
    </div>
  );
}
