// What is measured: how a fresh node is prepared for a workload, and the transactions of each round. Works through
// JSON-RPC alone; it must not know which node it talks to, nor clocks.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Address, Hex } from "../../chain/src/engine/types.ts";
import { bigintToWord, bytesToHex, concatBytes, hexToBytes } from "../../chain/src/protocol/bytes.ts";
import { connect } from "../../scripts/lib/connection.ts";
import { Scenario } from "../../scripts/scenario.ts";
import { addressOf, signTransaction } from "../support/sign.ts";
import type { Rpc } from "./rpc.ts";
import { quantity } from "./rpc.ts";

export interface Prepared {
  /** Signed transactions of a round, all valid on the prepared state; different rounds sign different ones. */
  transactions(round: number): Hex[];
  /** How many of a mined round's transactions succeeded. */
  successes(rpc: Rpc, hashes: readonly Hex[]): Promise<number>;
}

export interface Workload {
  name: string;
  what: string;
  /** Transactions in the block. */
  size: number;
  prepare(rpc: Rpc): Promise<Prepared>;
}

const CHAIN_ID = 31_337n;
const GWEI = 10n ** 9n;
const ETHER = 10n ** 18n;
const MAX_FEE = 100n * GWEI;

interface Sender {
  privateKey: Hex;
  address: Address;
}

function senders(count: number): Sender[] {
  return Array.from({ length: count }, (_, index) => {
    const privateKey: Hex = `0x${createHash("sha256").update(`polder bench ${index}`).digest("hex")}`;
    return { privateKey, address: addressOf(privateKey) };
  });
}

/**
 * Distinct accounts that do not exist before: what they hold afterwards tells which transfers succeeded (anvil takes
 * minutes over the receipts of a block of 10,000).
 */
function recipient(index: number): Address {
  return `0x${(0xbe9c_0000_0000n + BigInt(index)).toString(16).padStart(40, "0")}`;
}

/** The tip differs from round to round, so that no node has seen a round's transactions before. */
function transfersOf(
  from: readonly Sender[],
  gas: bigint,
  call: (index: number) => { to: Address; value: bigint; data: Hex },
) {
  return (round: number): Hex[] =>
    from.map(({ address, privateKey }, index) =>
      signTransaction(
        {
          type: 2,
          chainId: CHAIN_ID,
          nonce: 0n,
          gas,
          maxFeePerGas: MAX_FEE,
          maxPriorityFeePerGas: GWEI + BigInt(round),
          accessList: [],
          ...call(index),
        },
        address,
        privateKey,
      ),
    );
}

async function fund(rpc: Rpc, addresses: readonly Address[]): Promise<void> {
  await rpc.all(
    addresses.map((address) => ({ method: "hardhat_setBalance", params: [address, quantity(10n * ETHER)] })),
  );
}

export function rawTransfers(size: number): Workload {
  return {
    name: "transfers",
    what: `${size} raw transfers between distinct accounts`,
    size,
    async prepare(rpc) {
      const from = senders(size);
      await fund(
        rpc,
        from.map(({ address }) => address),
      );
      return {
        transactions: transfersOf(from, 21_000n, (index) => ({
          to: recipient(index),
          value: 1n,
          data: "0x",
        })),
        async successes(node) {
          const calls = from.map((_, index) => ({
            method: "eth_getBalance",
            params: [recipient(index), "latest"],
          }));
          return (await node.all<Hex>(calls)).filter((balance) => BigInt(balance) === 1n).length;
        },
      };
    },
  };
}

const TOKEN: Address = "0x70ce70ce70ce70ce70ce70ce70ce70ce70ce70ce";
/** transfer(address,uint256) */
const TRANSFER = "a9059cbb";

export function tokenTransfers(size: number): Workload {
  return {
    name: "erc20",
    what: `${size} ERC-20 transfers between distinct accounts`,
    size,
    async prepare(rpc) {
      const from = senders(size);
      await fund(
        rpc,
        from.map(({ address }) => address),
      );
      await rpc.call("hardhat_setCode", TOKEN, compileToken());
      await rpc.all(
        from.map(({ address }) => ({
          method: "hardhat_setStorageAt",
          params: [TOKEN, quantity(BigInt(balanceSlot(address))), bigintToWord(1_000n * ETHER)],
        })),
      );
      return {
        transactions: transfersOf(from, 100_000n, (index) => ({
          to: TOKEN,
          value: 0n,
          data: `0x${TRANSFER}${bigintToWord(BigInt(recipient(index))).slice(2)}${bigintToWord(ETHER).slice(2)}`,
        })),
        async successes(node) {
          const slots = from.map((_, index) => quantity(BigInt(balanceSlot(recipient(index)))));
          const calls = slots.map((slot) => ({
            method: "eth_getStorageAt",
            params: [TOKEN, slot, "latest"],
          }));
          return (await node.all<Hex>(calls)).filter((balance) => BigInt(balance) === ETHER).length;
        },
      };
    },
  };
}

/** OpenZeppelin's ERC20 keeps its balances in the mapping at slot 0. */
function balanceSlot(account: Address): Hex {
  return bytesToHex(
    keccak_256(concatBytes(hexToBytes(bigintToWord(BigInt(account))), hexToBytes(bigintToWord(0n)))),
  );
}

let token: Hex | null = null;

/** The runtime code of Token.sol. */
function compileToken(): Hex {
  if (token !== null) return token;
  const require = createRequire(import.meta.url);
  const solc = require("solc") as {
    compile(input: string, callbacks: { import(path: string): { contents: string } }): string;
  };
  const input = {
    language: "Solidity",
    sources: { "Token.sol": { content: readFileSync(new URL("./Token.sol", import.meta.url), "utf8") } },
    settings: {
      evmVersion: "cancun",
      optimizer: { enabled: true, runs: 20_000 },
      outputSelection: { "*": { Token: ["evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), {
      import: (path) => ({ contents: readFileSync(require.resolve(path), "utf8") }),
    }),
  );
  const code = output.contracts?.["Token.sol"]?.Token?.evm.deployedBytecode.object as string | undefined;
  if (code === undefined) throw new Error(`Token.sol does not compile: ${JSON.stringify(output.errors)}`);
  token = `0x${code}`;
  return token;
}

const BORROW_GAS = 500_000n;
const NAV_FALL = 800n;

/** `name` scenario is the demonstration's, borrows the same with more people; what is measured is the block of loans. */
export function borrows(name: string, what: string, size: number): Workload {
  return {
    name,
    what,
    size,
    async prepare(rpc) {
      await rpc.call("evm_setAutomine", true);
      const connection = await connect(rpc.url);
      try {
        const scenario = await Scenario.create(connection, { borrowers: size, seed: 1, navFall: NAV_FALL });
        await scenario.prepare();
        await rpc.call("evm_setAutomine", false);
        const { market } = scenario.market;
        const addresses = scenario.borrowers.map(({ wallet }) => wallet.address.toLowerCase() as Address);
        const nonces = await rpc.all<Hex>(
          addresses.map((address) => ({ method: "eth_getTransactionCount", params: [address, "latest"] })),
        );
        const to = String(market.target).toLowerCase() as Address;
        const calls = scenario.borrowers.map(
          ({ wallet, debt }) =>
            market.interface.encodeFunctionData("borrow", [wallet.address, 0, debt, wallet.address]) as Hex,
        );
        return {
          transactions: (round) =>
            scenario.borrowers.map(({ wallet }, index) =>
              signTransaction(
                {
                  type: 2,
                  chainId: CHAIN_ID,
                  nonce: BigInt(nonces[index]!),
                  gas: BORROW_GAS,
                  maxFeePerGas: MAX_FEE,
                  maxPriorityFeePerGas: GWEI + BigInt(round),
                  accessList: [],
                  to,
                  value: 0n,
                  data: calls[index]!,
                },
                addresses[index]!,
                wallet.privateKey as Hex,
              ),
            ),
          async successes(node, hashes) {
            const calls = hashes.map((hash) => ({ method: "eth_getTransactionReceipt", params: [hash] }));
            return (await node.all<{ status: Hex }>(calls)).filter(({ status }) => status === "0x1").length;
          },
        };
      } finally {
        connection.provider.destroy();
      }
    },
  };
}
