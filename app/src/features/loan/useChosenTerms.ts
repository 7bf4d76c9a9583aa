"use client";
// Which terms a form is about: those the address names (`?terms=3`, as the portfolio links), else the first it offers.
import { useEffect, useState } from "react";
import type { LoanTerms } from "../../lib/chain/terms.ts";

export function useChosenTerms(offered: readonly Pick<LoanTerms, "id">[]): [bigint, (id: bigint) => void] {
  const [chosen, choose] = useState<bigint>();
  useEffect(() => {
    const named = new URLSearchParams(location.search).get("terms");
    if (named !== null && /^\d{1,9}$/.test(named)) choose((before) => before ?? BigInt(named));
  }, []);
  const found = offered.find(({ id }) => id === chosen) ?? offered[0];
  return [found?.id ?? 0n, choose];
}
