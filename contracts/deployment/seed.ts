// The first capital. The capital policy raises no cap that surplus and backstop do not cover, and at first there is no pUSD
// to put there: so the deployer swaps dollars for pUSD under a ceiling of just as much and gives it to the backstop.
import type { Signer } from "ethers";
import { type AnyContract, sent } from "./contract.ts";
import type { Protocol, ProtocolOptions } from "./protocol.ts";

const BPS = 10_000n;

/** Throws where the deployer lacks the dollars of the seed, or where it would not cover the first caps. */
export async function requireFirstCapsCovered(
  deployer: Signer,
  dollar: AnyContract,
  { seed, markets, peg }: ProtocolOptions,
): Promise<void> {
  const scale = await pusdPerUnit(dollar);
  const parts = [
    { cap: peg.ceiling * scale, weightBps: peg.weightBps },
    ...markets.flatMap(({ source, debtCap }) =>
      source.kind === "facility" ? [{ cap: debtCap, weightBps: source.weightBps }] : [],
    ),
  ];
  const required = parts.reduce((sum, { cap, weightBps }) => sum + ceilBps(cap, weightBps), 0n);
  const capital = seed * scale - ceilBps(seed * scale, peg.fees.inBps);
  if (capital < required) {
    throw new Error(
      `the first caps need ${required} of capital in pUSD's smallest unit and the seed brings ${capital}: ` +
        "seed more or cap lower",
    );
  }
  if (seed > peg.inflowCap || seed > peg.ceiling) {
    throw new Error(
      "the seed goes through the peg module: its inflow cap and ceiling must be at least as much",
    );
  }
  const held = (await dollar.balanceOf(await deployer.getAddress())) as bigint;
  if (held < seed)
    throw new Error(`the deployer holds ${held} units of the dollar token, the seed takes ${seed}`);
}

/** Opens the peg module for the seed and puts it into the backstop. The deployer holds the shares. */
export async function seed(
  deployer: Signer,
  { peg, dollar, stablecoin, backstop }: Pick<Protocol, "peg" | "dollar" | "stablecoin" | "backstop">,
  { seed: assets, peg: { inflowCap } }: ProtocolOptions,
): Promise<void> {
  if (inflowCap > 0n) await sent(peg.raiseInflowCap(inflowCap));
  if (assets === 0n) return;
  const receiver = await deployer.getAddress();
  await sent(peg.raiseCeiling(assets));
  await sent(dollar.approve(peg.target, assets));
  await sent(peg.swapIn(assets, 0, receiver));
  const value = await stablecoin.balanceOf(receiver);
  await sent(stablecoin.approve(backstop.target, value));
  await sent(backstop.deposit(value, receiver));
}

async function pusdPerUnit(dollar: AnyContract): Promise<bigint> {
  return 10n ** (18n - BigInt(await dollar.decimals()));
}

/** ceil(amount * bps / 10,000) */
function ceilBps(amount: bigint, bps: number): bigint {
  return (amount * BigInt(bps) + BPS - 1n) / BPS;
}
