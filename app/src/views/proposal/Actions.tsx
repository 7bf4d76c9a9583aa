// Each call of a proposal in the names of the contract that it goes to. Names come from the record alone: a stranger's contract is
// a stranger, however it calls itself.
import type { DecodedCall } from "../../lib/chain/governance.ts";
import { Address } from "../../parts/Address.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";

export function Actions({ calls }: { calls: readonly DecodedCall[] }) {
  return (
    <ol className="flex flex-col gap-6">
      {calls.map((call, i) => (
        <li key={i} className="flex flex-col gap-3 border-l-4 border-line pl-5">
          <p className="text-small text-muted">{words.proposal.call(i + 1)}</p>
          <Call call={call} />
        </li>
      ))}
    </ol>
  );
}

function Call({ call }: { call: DecodedCall }) {
  const p = words.proposal;
  const { contract, signature, method, flags, inner } = call;
  return (
    <>
      <div className="flex min-w-0 flex-col gap-1">
        <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className={contract === undefined ? "font-semibold text-risk" : "font-semibold"}>
            {contract?.title ?? p.unknownTarget}
          </span>
          <Address value={call.call.target} />
        </p>
        <p className="font-mono [overflow-wrap:anywhere]" title={signature}>
          {method ?? p.undecoded}
        </p>
        {flags.length > 0 && (
          <p className="flex flex-wrap gap-2">
            {flags.map((flag) => (
              <Tag key={flag} tone="risk">
                {p.flags[flag]}
              </Tag>
            ))}
          </p>
        )}
      </div>
      {method !== undefined &&
        (call.arguments.length === 0 ? (
          <p className="text-small text-muted">{p.noArguments}</p>
        ) : (
          <dl className="flex flex-col gap-1">
            {call.arguments.map(({ name, text }) => (
              <div key={name} className="grid gap-x-6 sm:grid-cols-[12rem_minmax(0,1fr)]">
                <dt className="text-muted [overflow-wrap:anywhere]">{name}</dt>
                <dd className="min-w-0 [overflow-wrap:anywhere]">{text}</dd>
              </div>
            ))}
          </dl>
        ))}
      {inner.length > 0 && (
        <div className="flex flex-col gap-3">
          <p className="text-small text-muted">{p.carries}</p>
          <Actions calls={inner} />
        </div>
      )}
      <details className="text-small">
        <summary className="text-muted">{p.raw}</summary>
        <dl className="mt-2 flex flex-col gap-2">
          <Raw term={p.target} value={call.call.target} />
          <Raw term={p.ether} value={call.call.value.toString()} />
          <Raw term={p.data} value={call.call.data} />
        </dl>
      </details>
    </>
  );
}

function Raw({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt className="text-muted">{term}</dt>
      <dd className="max-h-48 overflow-y-auto font-mono break-all">{value}</dd>
    </div>
  );
}
