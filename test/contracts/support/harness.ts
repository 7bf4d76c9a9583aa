// Deploys the harness contracts that open libraries to tests, by the same way as the protocol's.
import { artifacts } from "hardhat";
import { type AnyContract, deploy } from "../../../contracts/deployment/contract.ts";
import { ethers } from "./network.ts";

export async function deployHarness(name: string, ...args: unknown[]): Promise<AnyContract> {
  const [deployer] = await ethers.getSigners();
  if (deployer === undefined) throw new Error("the network must unlock an account");
  return deploy(deployer, await artifacts.readArtifact(name), args);
}
