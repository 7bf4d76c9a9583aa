// Hardhat's node as the benchmark's peer: nothing but the network, mining on demand, in the order of arrival.

import { defineConfig } from "hardhat/config";

const network = {
  type: "edr-simulated",
  chainType: "l1",
  chainId: 31_337,
  hardfork: "osaka",
  blockGasLimit: 2_000_000_000n,
  mining: { auto: false, interval: 0, mempool: { order: "fifo" } },
} as const;

export default defineConfig({ networks: { default: network, node: network } });
