// What only a development chain allows: money for the asking, and accounts with gas. For seeds and tests.
import { MaxUint256, parseEther, toQuantity, type Wallet } from "ethers";
import type { AnyContract, Protocol } from "../../contracts/deployment/protocol.ts";
import { type Connection, DEVELOPMENT_CHAIN } from "./connection.ts";
import { type Intent, mineTogether } from "./together.ts";

/** Throws on every other chain. */
export function requireDevelopment({ chainId }: Connection, what: string): void {
  if (chainId === DEVELOPMENT_CHAIN) return;
  throw new Error(`${what} needs a development chain (${DEVELOPMENT_CHAIN}), not chain ${chainId}`);
}

/** Gives each of `addresses` the native token for gas. */
export async function giveGas({ provider }: Connection, addresses: readonly string[]): Promise<void> {
  const balance = toQuantity(parseEther("100"));
  await Promise.all(addresses.map((address) => provider.send("hardhat_setBalance", [address, balance])));
}

/**
 * Gives each of `accounts` pUSD, bought at the peg, and dollars, in whole ones. The peg takes so much a day and no more: it
 * refuses what exceeds that.
 */
export async function giveMoney(
  connection: Connection,
  { dollar, peg }: Pick<Protocol, "dollar" | "peg">,
  accounts: readonly Wallet[],
  { pusd, dollars }: { pusd: bigint; dollars: bigint },
): Promise<void> {
  requireDevelopment(connection, "giving money away");
  const unit = 10n ** 6n;
  const mined = async (intents: readonly Intent[]) => {
    const { outcomes } = await mineTogether(connection.provider, connection.chainId, intents);
    if (outcomes.some(({ ok }) => !ok)) throw new Error("the peg refused: less a day, or fewer accounts");
  };
  const call = (sender: Wallet, contract: AnyContract, method: string, args: unknown[]): Intent => ({
    sender,
    to: String(contract.target),
    data: contract.interface.encodeFunctionData(method, args),
    gasLimit: 400_000n,
  });
  await mined(
    accounts.map((account) => call(account, dollar, "mint", [account.address, (pusd + dollars) * unit])),
  );
  if (pusd === 0n) return;
  await mined(accounts.map((account) => call(account, dollar, "approve", [peg.target, MaxUint256])));
  await mined(accounts.map((account) => call(account, peg, "swapIn", [pusd * unit, 0, account.address])));
}
