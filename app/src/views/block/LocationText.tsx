// A place in the chain's state in words: whose balance, nonce or code, or which contract's variable; where that is not known, its
// storage slot.
import type { Location } from "../../lib/contracts.ts";
import { shortHex } from "../../lib/format.ts";
import { useContracts } from "../../lib/names.ts";
import { Address } from "../../parts/Address.tsx";
import { words } from "../../words.ts";

type Props = {
  location: Location;
  /** As `useVariables` names it. */
  variable: string | undefined;
};

export function LocationText({ location: { address, kind, slot }, variable }: Props) {
  const name = useContracts().get(address.toLowerCase())?.name;
  return (
    <span>
      {variable === undefined ? (
        <>
          {words.block.location[kind]}
          {slot !== undefined && (
            <span className="font-mono text-small text-muted" title={slot}>
              {" "}
              {slotText(slot)}
            </span>
          )}
        </>
      ) : (
        <span className="font-mono text-small font-medium [overflow-wrap:anywhere]" title={slot}>
          {variable}
        </span>
      )}{" "}
      {words.block.of} {name} <Address value={address} />
    </span>
  );
}

/** Small slots are the variables that a contract declares first: short in full. The others are hashes. */
function slotText(slot: string): string {
  const number = BigInt(slot);
  return number < 2n ** 32n ? `0x${number.toString(16)}` : shortHex(slot);
}
