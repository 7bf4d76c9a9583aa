// Puts many transactions of many senders into one block: signed here, sent raw, mined on demand. For development chains,
// whose mining a client may command.
import { type JsonRpcProvider, type TransactionRequest, toQuantity, type Wallet } from "ethers";

export type Outcome = {
  hash: string;
  ok: boolean;
  gasUsed: bigint;
  /** Wei. */
  fee: bigint;
  index: number;
};

export type Intent = {
  sender: Wallet;
  to: string;
  data: string;
  gasLimit: bigint;
};

export type Mined = {
  number: number;
  gasUsed: bigint;
  gasLimit: bigint;
  outcomes: Outcome[];
};

type RawReceipt = {
  blockNumber: string;
  gasUsed: string;
  effectiveGasPrice: string;
  status: string;
  transactionIndex: string;
};

/**
 * Mines `intents` in one block and returns what became of each, in their order. Several of one sender keep their order.
 * Throws where they do not fit into one block. Mining goes back to what it was.
 * @param at the block's timestamp, seconds; by the chain's clock where left out
 */
export async function mineTogether(
  provider: JsonRpcProvider,
  chainId: number,
  intents: readonly Intent[],
  at?: number,
): Promise<Mined> {
  const raw = await sign(provider, chainId, intents);
  const automine = await provider.send("hardhat_getAutomine", []);
  await provider.send("evm_setAutomine", [false]);
  let hashes: string[];
  try {
    hashes = await Promise.all(
      raw.map((transaction) => provider.send("eth_sendRawTransaction", [transaction])),
    );
    if (at !== undefined) await provider.send("evm_setNextBlockTimestamp", [at]);
    await provider.send("evm_mine", []);
  } finally {
    await provider.send("evm_setAutomine", [automine]);
  }
  const receipts = await Promise.all(
    hashes.map((hash) => provider.send("eth_getTransactionReceipt", [hash]) as Promise<RawReceipt | null>),
  );
  const numbers = new Set(receipts.map((receipt) => receipt?.blockNumber));
  const [only] = numbers;
  if (numbers.size !== 1 || only === undefined) {
    const missing = receipts.filter((receipt) => receipt === null).length;
    throw new Error(
      `${intents.length} transactions did not go into one block (${missing} left out): raise the block gas limit`,
    );
  }
  const block = await provider.send("eth_getBlockByNumber", [only, false]);
  return {
    number: Number(only),
    gasUsed: BigInt(block.gasUsed),
    gasLimit: BigInt(block.gasLimit),
    outcomes: (receipts as RawReceipt[]).map((receipt, i) => ({
      hash: hashes[i] ?? "",
      ok: Number(receipt.status) === 1,
      gasUsed: BigInt(receipt.gasUsed),
      fee: BigInt(receipt.gasUsed) * BigInt(receipt.effectiveGasPrice),
      index: Number(receipt.transactionIndex),
    })),
  };
}

/** Signs each intent with its sender's next nonce, at a fee that stands twice the base fee. */
async function sign(
  provider: JsonRpcProvider,
  chainId: number,
  intents: readonly Intent[],
): Promise<string[]> {
  const senders = new Map(intents.map(({ sender }) => [sender.address, sender]));
  const nonces = new Map<string, number>();
  await Promise.all(
    [...senders.keys()].map(async (address) => {
      nonces.set(address, Number(await provider.send("eth_getTransactionCount", [address, "latest"])));
    }),
  );
  const { baseFeePerGas } = await provider.send("eth_getBlockByNumber", ["latest", false]);
  const maxPriorityFeePerGas = 10n ** 9n;
  const maxFeePerGas = BigInt(baseFeePerGas ?? toQuantity(0)) * 2n + maxPriorityFeePerGas;
  return Promise.all(
    intents.map(({ sender, to, data, gasLimit }) => {
      const nonce = nonces.get(sender.address) ?? 0;
      nonces.set(sender.address, nonce + 1);
      const request: TransactionRequest = {
        type: 2,
        chainId,
        nonce,
        to,
        data,
        gasLimit,
        maxFeePerGas,
        maxPriorityFeePerGas,
      };
      return sender.signTransaction(request);
    }),
  );
}
