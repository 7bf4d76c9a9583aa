// The deployed market with its interest going to the surplus and the peg module open, and people who owe and hold pUSD.
import { ethers } from "./network.ts";
import { CEILING, INFLOW_CAP } from "./peg.ts";
import { as, deployed, open, type Setup, units } from "./setup.ts";

export type Surrounded = Setup;

/** Debt cap of the market, pUSD at index 1; it needs 10% of capital, the peg's 3,200,000 need 1%. */
export const DEBT_CAP = units(1_000_000);

/** Everybody owes 150,000 and holds them; nobody has put capital in. */
export async function surrounded(): Promise<Surrounded> {
  const s = await deployed();
  await s.facility.setSurplus(s.surplus);
  const [cap] = await s.market.debtCap();
  await s.market.cutDebtCap(cap - DEBT_CAP);
  await s.peg.raiseCeiling(CEILING);
  await s.peg.raiseInflowCap(INFLOW_CAP);
  for (const who of [s.alice, s.bob, s.carol]) {
    await open(s, who, who === s.alice ? 1_800n : 5_000n, 150_000n);
    for (const spender of [s.savings, s.backstop]) {
      await as(s.stablecoin, who).approve(spender, ethers.MaxUint256);
    }
  }
  return s;
}
