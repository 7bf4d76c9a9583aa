// Deploys the harness contracts that open libraries to tests.
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { ethers } from "./network.ts";

export async function deployHarness(name: string, ...args: unknown[]): Promise<AnyContract> {
  const contract = await ethers.deployContract(name, args);
  await contract.waitForDeployment();
  return contract as unknown as AnyContract;
}
