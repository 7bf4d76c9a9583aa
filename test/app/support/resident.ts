// Two accounts of the development wallet with something to show, on top of the seed's history: one borrows, saves, bears the
// first loss and waits to leave, the other has applied for a record. Everything through the contracts, as people do it.
import { id, MaxUint256 } from "ethers";
import type { AnyContract } from "../../../contracts/deployment/contract.ts";
import { marketOf } from "../../../contracts/deployment/protocol.ts";
import { connectProtocol, type DeploymentRecord } from "../../../contracts/deployment/record.ts";
import type { Connection } from "../../../scripts/lib/connection.ts";
import { ROLES } from "../../../scripts/lib/deployment.ts";

/** Of the phrase, as the development wallet counts them. */
export const RESIDENT = 9;
export const APPLICANT = 8;

const WAD = 10n ** 18n;
const USD = 10n ** 6n;
const BORROWER = 2;
const GERMANY = 276;
const YEAR = 365 * 86_400;

export async function settle(connection: Connection, record: DeploymentRecord): Promise<void> {
  const protocol = connectProtocol(record, connection.provider);
  const { registry, dollar, peg, stablecoin, savings, backstop } = protocol;
  const bills = marketOf(protocol, "treasury-bills");
  const { address } = connection.wallet(RESIDENT);
  const now = (await connection.provider.getBlock("latest"))?.timestamp ?? 0;
  const send = async (account: number, contract: AnyContract, method: string, ...args: unknown[]) => {
    const signed = contract.connect(connection.wallet(account)) as AnyContract;
    await (await signed[method](...args)).wait();
  };
  await send(ROLES.registrar, registry, "setPersons", [address], BORROWER, GERMANY, now + YEAR);
  await send(ROLES.agent, bills.collateral, "mint", address, 300n * WAD);
  await send(RESIDENT, dollar, "mint", address, 20_000n * USD);
  await send(RESIDENT, dollar, "approve", peg.target, MaxUint256);
  await send(RESIDENT, peg, "swapIn", 8_000n * USD, 0, address);
  for (const vault of [savings, backstop]) {
    await send(RESIDENT, stablecoin, "approve", vault.target, MaxUint256);
    await send(RESIDENT, vault, "deposit", 1_500n * WAD, address);
  }
  await send(RESIDENT, backstop, "requestExit", 500n * WAD);
  await send(RESIDENT, bills.collateral, "approve", bills.market.target, MaxUint256);
  const terms = bills.terms[0]?.id ?? 0;
  await send(RESIDENT, bills.market, "addCollateral", address, terms, 120n * WAD);
  await send(RESIDENT, bills.market, "borrow", address, terms, 8_250n * WAD, address);
  // One that fails in its block: a wallet would have been told before.
  const market = bills.market.connect(connection.wallet(RESIDENT)) as AnyContract;
  const refused = await market.borrow(address, terms, 90_000n * WAD, address, { gasLimit: 1_000_000n });
  await refused.wait().catch(() => {});
  await send(APPLICANT, registry, "makeRequest", [BORROWER, GERMANY, 0, id("passport")]);
}
