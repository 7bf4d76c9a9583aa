// Permit or approval, and what that makes of the number of signatures and transactions.
import { words } from "../../words.ts";

export function PermitChoice({ approve, onChange }: { approve: boolean; onChange(approve: boolean): void }) {
  const { approveInstead, permitEffect, approveEffect } = words.transactions;
  return (
    <div className="flex flex-col gap-1 text-small text-muted">
      <label className="flex items-baseline gap-2">
        <input type="checkbox" checked={approve} onChange={(event) => onChange(event.target.checked)} />
        {approveInstead}
      </label>
      <p>{approve ? approveEffect : permitEffect}</p>
    </div>
  );
}
