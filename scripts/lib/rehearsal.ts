// A deployment rehearsed: carried out whole on a devchain of its own, and counted, so that a dry run says what the real one sends,
// and what that costs at another chain's prices.
import { Wallet } from "ethers";
import { type Connection, connect, DEVELOPMENT_CHAIN } from "./connection.ts";
import { appointmentsOf, type DeployOptions, deployStandard } from "./deployment.ts";
import { giveGas } from "./development.ts";
import { startOwnChain } from "./own-chain.ts";

export type Rehearsal = {
  transactions: number;
  creations: number;
  gas: bigint;
  /** The largest transaction's. */
  mostGas: bigint;
};

/**
 * Deploys with `options`, but a dollar token of its own, on a fresh devchain that is gone afterwards. Its record is thrown
 * away too.
 */
export async function rehearse(target: Connection, options: DeployOptions): Promise<Rehearsal> {
  const chain = await startOwnChain();
  try {
    const connection = await connect(chain.url);
    try {
      const key = (options.deployer ?? target.wallet(0)).privateKey;
      const deployer = new Wallet(key, connection.provider);
      await giveGas(connection, [deployer.address]);
      const { handOver = false } = options;
      // On a development chain whoever is appointed there is appointed here.
      const appointments =
        options.appointments ?? (target.chainId === DEVELOPMENT_CHAIN ? undefined : appointmentsOf(target));
      const who = appointments === undefined ? {} : { appointments };
      await deployStandard(connection, { handOver, ...who, deployer, keepNoRecord: true });
      return await count(connection, deployer.address);
    } finally {
      connection.provider.destroy();
    }
  } finally {
    chain.stop();
  }
}

async function count({ provider }: Connection, deployer: string): Promise<Rehearsal> {
  const rehearsal = { transactions: 0, creations: 0, gas: 0n, mostGas: 0n };
  const head = await provider.getBlockNumber();
  for (let number = 1; number <= head; number++) {
    const receipts = await provider.send("eth_getBlockReceipts", [`0x${number.toString(16)}`]);
    for (const { from, contractAddress, gasUsed } of receipts) {
      if (from !== deployer.toLowerCase()) continue;
      const gas = BigInt(gasUsed);
      rehearsal.transactions += 1;
      if (contractAddress !== null) rehearsal.creations += 1;
      rehearsal.gas += gas;
      if (gas > rehearsal.mostGas) rehearsal.mostGas = gas;
    }
  }
  return rehearsal;
}
