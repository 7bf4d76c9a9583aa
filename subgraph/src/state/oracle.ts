// An oracle's row, which its constructor's event makes.
import type { Context } from "ponder:registry";
import { oracle } from "ponder:schema";
import type { Address } from "viem";
import { lower } from "../deployment.ts";

export type OracleRow = typeof oracle.$inferSelect;

/** Throws where the oracle is not indexed. */
export async function oracleRow(db: Context["db"], id: Address): Promise<OracleRow> {
  const row = await db.find(oracle, { id: lower(id) });
  if (row) return { ...row };
  throw new Error(`oracle ${id} has no row: the index begins after it was deployed`);
}
