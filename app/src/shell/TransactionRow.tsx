// One transaction that was sent from here: what it did, how it went, where it can be read.

import { formatTime } from "../lib/format.ts";
import type { Transaction, TransactionStatus } from "../lib/transactions/store.ts";
import { HashLink } from "../parts/HashLink.tsx";
import { Tag } from "../parts/Tag.tsx";
import { words } from "../words.ts";

const TONES = {
  pending: "water",
  confirmed: "reed",
  failed: "risk",
  replaced: "plain",
  dropped: "plain",
} as const;

export function StatusTag({ status }: { status: TransactionStatus }) {
  return <Tag tone={TONES[status]}>{words.transactions.status[status]}</Tag>;
}

export function TransactionRow({ transaction }: { transaction: Transaction }) {
  const { hash, title, status, sentAt, failure } = transaction;
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-start justify-between gap-3">
        <span className="font-medium">{title}</span>
        <StatusTag status={status} />
      </div>
      {failure !== undefined && <p className="text-small text-muted">{failure.words}</p>}
      <div className="flex justify-between gap-3 text-small text-muted">
        <HashLink hash={hash} />
        <span>{formatTime(sentAt)}</span>
      </div>
    </div>
  );
}
