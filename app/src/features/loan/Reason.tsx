// Why an action cannot be done now, in words, whatever is typed; with the way on where there is one.
import { PageLink } from "../../parts/PageLink.tsx";
import { words } from "../../words.ts";

export function Reason({ children, eligibility = false }: { children: string; eligibility?: boolean }) {
  return (
    <div role="status" className="flex flex-col gap-1 border-l-4 border-line-strong bg-wash py-2.5 pr-3 pl-4">
      <p>{children}</p>
      {eligibility && (
        <PageLink href="/eligibility" className="font-medium text-water underline underline-offset-4">
          {words.loan.toEligibility}
        </PageLink>
      )}
    </div>
  );
}
