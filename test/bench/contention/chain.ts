// A devchain in this process, driven in whole blocks: accounts without keys send, a block is mined when it is asked for,
// at a time that does not depend on the clock. It must not know what is sent.

import { BrowserProvider, type Eip1193Provider, type Signer, toQuantity } from "ethers";
import type { Hex } from "../../../chain/src/engine/types.ts";
import { createDevchain, type Devchain } from "../../../chain/src/index.ts";

/** Of blocks, in seconds. */
const BLOCK_TIME = 12;
const GENESIS = 1_800_000_000n;
/** Room for a thousand transactions that may take from all lanes. */
const BLOCK_GAS = 8_000_000_000n;
const GAS_PRICE = "0x174876e800"; // 100 gwei

export interface Call {
  from: string;
  to: string;
  data: string;
  gas: bigint;
}

export interface Accesses {
  locations: { address: string; kind: string; slot?: string }[];
  transactions: { index: number; gasUsed: Hex; reads: number[]; writes: number[] }[];
}

export interface Report {
  workers: number;
  reExecutions: number;
  totalGas: Hex;
  parallelism: number;
  criticalPath: { transactions: number[] };
}

export interface MinedBlock {
  number: number;
  /** Of each call, in order. */
  succeeded: boolean[];
}

export class BlockChain {
  readonly deployer: Signer;
  readonly #devchain: Devchain;

  private constructor(devchain: Devchain, deployer: Signer) {
    this.#devchain = devchain;
    this.deployer = deployer;
  }

  static async start(workers: number): Promise<BlockChain> {
    const devchain = await createDevchain({
      workers,
      blockGasLimit: BLOCK_GAS,
      timestamp: GENESIS,
      initialBaseFeePerGas: 0n,
      mining: { order: "fifo" },
    });
    const provider = new BrowserProvider(devchain as unknown as Eip1193Provider, undefined, {
      cacheTimeout: -1,
      pollingInterval: 4,
    });
    const chain = new BlockChain(devchain, await provider.getSigner(0));
    await chain.request("anvil_setBlockTimestampInterval", BLOCK_TIME);
    return chain;
  }

  /** Of the newest block, in seconds. */
  async time(): Promise<number> {
    const { timestamp } = await this.request<{ timestamp: Hex }>("eth_getBlockByNumber", "latest", false);
    return Number(timestamp);
  }

  request<T>(method: string, ...params: readonly unknown[]): Promise<T> {
    return this.#devchain.request({ method, params: params as never }) as Promise<T>;
  }

  /** Makes `accounts` able to send, without keys, and gives them what gas costs. */
  async unlock(accounts: readonly string[]): Promise<void> {
    for (const account of accounts) {
      await this.request("hardhat_impersonateAccount", account);
      await this.request("hardhat_setBalance", account, toQuantity(10n ** 24n));
    }
  }

  /** A transaction of the deployer's, in a block of its own. */
  async alone<T extends { wait(): Promise<unknown> }>(send: () => Promise<T>): Promise<void> {
    await (await send()).wait();
  }

  /** All calls in one block, in this order. */
  async mine(calls: readonly Call[]): Promise<MinedBlock> {
    await this.request("evm_setAutomine", false);
    const hashes: Hex[] = [];
    for (const { from, to, data, gas } of calls) {
      hashes.push(
        await this.request("eth_sendTransaction", {
          from,
          to,
          data,
          gas: toQuantity(gas),
          gasPrice: GAS_PRICE,
        }),
      );
    }
    await this.request("evm_mine");
    await this.request("evm_setAutomine", true);
    const block = await this.request<{ number: Hex; transactions: Hex[] }>(
      "eth_getBlockByNumber",
      "latest",
      false,
    );
    if (block.transactions.join() !== hashes.join()) {
      throw new Error(`${hashes.length} transactions were sent, the block has ${block.transactions.length}`);
    }
    const receipts = await this.request<{ status: Hex }[]>("eth_getBlockReceipts", block.number);
    return { number: Number(block.number), succeeded: receipts.map(({ status }) => status === "0x1") };
  }

  report({ number }: MinedBlock): Promise<Report> {
    return this.request("parallel_getBlockReport", toQuantity(number));
  }

  accesses({ number }: MinedBlock): Promise<Accesses> {
    return this.request("parallel_getAccessSets", toQuantity(number));
  }

  close(): Promise<void> {
    return this.#devchain.close();
  }
}
