// The one connection that all contract tests share: Hardhat's simulated network, or the network named by --network.
import { network } from "hardhat";

const connection = await network.create();

export const { ethers, networkHelpers, provider } = connection;
/** Whether this is Hardhat's own network in this process, with all of its debug calls. */
export const isSimulated = connection.networkConfig.type === "edr-simulated";
