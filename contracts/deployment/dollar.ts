// The dollar token and its feed, which are not the protocol's: connects to them, and on a development chain makes ones that
// anybody can mint and set. Knows no network: who calls decides whether the chain is one for development.
import { Contract, type ContractRunner, type InterfaceAbi, type Signer } from "ethers";
import { loadArtifact } from "../artifacts.ts";
import { type AnyContract, deploy, sent } from "./contract.ts";

export type DollarAddresses = { token: string; feed: string };

/**
 * The dollar token and feed at these addresses, by the interfaces of those for development: all of ERC-20 with permits
 * and of AggregatorV3. `mint` and `say` are there on a development chain alone.
 */
export function attach(
  { token, feed }: DollarAddresses,
  runner: ContractRunner,
): { dollar: AnyContract; dollarFeed: AnyContract } {
  const at = (address: string, name: "DevelopmentDollar" | "DevelopmentFeed") =>
    new Contract(address, loadArtifact(name).abi as InterfaceAbi, runner) as unknown as AnyContract;
  return { dollar: at(token, "DevelopmentDollar"), dollarFeed: at(feed, "DevelopmentFeed") };
}

/** Deploys both and gives the deployer `amount` of dollars. */
export async function deployDevelopmentDollar(deployer: Signer, amount: bigint): Promise<DollarAddresses> {
  const token = await deploy(deployer, "DevelopmentDollar", []);
  const feed = await deploy(deployer, "DevelopmentFeed", []);
  await sent(token.mint(await deployer.getAddress(), amount));
  return { token: String(token.target), feed: String(feed.target) };
}
