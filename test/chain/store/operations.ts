// Random operations on a chain, over JSON-RPC's methods: everything that changes blocks, state, pool, clock or settings.
// Refusals are part of it. The same seed gives the same operations on the same chain.

import { privateKeyToAccount } from "viem/accounts";
import { address, COUNTER, initcode, OWN_COUNTER, REVERTER, word } from "../node/support.ts";
import type { KeptChain } from "./chain.ts";

export const KEYS = [
  "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
  "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
  "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
] as const;
const signers = KEYS.map((key) => privateKeyToAccount(key));
export const SENDERS = signers.map((signer) => signer.address.toLowerCase());
export const CONTRACTS = [address(0xc0), address(0xc1), address(0xc2)];
/** A contract, and an account without a key: both send when impersonated. */
export const IMPERSONATED = [address(0xc0), address(0xd0)];
export const ACCOUNTS = [...SENDERS, ...CONTRACTS, address(0xd0), address(0xd1), address(0xfee)];

export type Random = (below: number) => number;
const hex = (value: number | bigint) => `0x${value.toString(16)}`;
const GWEI = 10n ** 9n;

export interface Tally {
  done: Map<string, number>;
  refused: Map<string, number>;
}

export const emptyTally = (): Tally => ({ done: new Map(), refused: new Map() });

/** Contracts to call, and senders without keys. */
export async function furnish({ rpc }: KeptChain): Promise<void> {
  for (const [i, code] of [COUNTER, OWN_COUNTER, REVERTER].entries())
    await rpc("hardhat_setCode", CONTRACTS[i], code);
  for (const account of IMPERSONATED) {
    await rpc("hardhat_setBalance", account, hex(10n ** 20n));
    await rpc("hardhat_impersonateAccount", account);
  }
}

/** One operation, drawn by `random`. */
export async function operate(chain: KeptChain, random: Random, tally: Tally): Promise<void> {
  const total = OPERATIONS.reduce((sum, [, weight]) => sum + weight, 0);
  const drawn = random(total);
  let sum = 0;
  const [name, , run] = OPERATIONS.find(([, weight]) => {
    sum += weight;
    return drawn < sum;
  })!;
  const count = (counts: Map<string, number>) => counts.set(name, (counts.get(name) ?? 0) + 1);
  try {
    await run(chain, random);
    count(tally.done);
  } catch (error) {
    // Anything but a refusal is a fault of ours.
    if (typeof (error as { code?: unknown }).code !== "number") throw error;
    if ((error as { code: number }).code === -32603) throw error;
    count(tally.refused);
  }
}

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)]!;
const headTime = async ({ rpc }: KeptChain) =>
  Number((await rpc("eth_getBlockByNumber", "latest", false)).timestamp);

/** Of any type, sometimes with a nonce ahead, to a contract or an account, now and then a creation. */
async function signed({ rpc }: KeptChain, random: Random): Promise<string> {
  const who = random(signers.length);
  const signer = signers[who]!;
  const nonce =
    Number(await rpc("eth_getTransactionCount", SENDERS[who], "pending")) + (random(6) === 0 ? 1 : 0);
  const to = pick(random, [...CONTRACTS, ...ACCOUNTS]) as `0x${string}`;
  const price = BigInt(2 + random(20)) * GWEI;
  const base = { nonce, gas: 150_000n, to, value: BigInt(random(1000)), chainId: 31_337 };
  const dynamic = { ...base, maxFeePerGas: price, maxPriorityFeePerGas: GWEI };
  switch (random(6)) {
    case 0:
      return signer.signTransaction({
        ...base,
        type: "legacy",
        gasPrice: price,
        chainId: random(2) ? 31_337 : undefined,
      });
    case 1:
      return signer.signTransaction({
        ...base,
        type: "eip2930",
        gasPrice: price,
        accessList: [{ address: to, storageKeys: [word(0)] }],
      });
    case 2: {
      const blobVersionedHashes = [`0x01${word(random(99)).slice(4)}` as const];
      return signer.signTransaction({
        ...dynamic,
        type: "eip4844",
        maxFeePerBlobGas: GWEI,
        blobVersionedHashes,
        sidecars: undefined,
      } as never);
    }
    case 3: {
      const authorization = await signer.signAuthorization({
        chainId: 31_337,
        nonce: nonce + 1,
        contractAddress: pick(random, CONTRACTS),
      });
      return signer.signTransaction({ ...dynamic, type: "eip7702", authorizationList: [authorization] });
    }
    case 4:
      return signer.signTransaction({
        ...dynamic,
        to: undefined,
        type: "eip1559",
        value: 0n,
        data: initcode(COUNTER),
      });
    default:
      return signer.signTransaction({ ...dynamic, type: "eip1559" });
  }
}

async function someHash({ rpc }: KeptChain, random: Random): Promise<string> {
  const waiting = await rpc("eth_pendingTransactions");
  return waiting.length === 0 ? word(random(5)) : pick(random, waiting as { hash: string }[]).hash;
}

type Operation = (chain: KeptChain, random: Random) => Promise<unknown>;

const OPERATIONS: readonly [string, number, Operation][] = [
  [
    "raw transaction",
    20,
    async (chain, random) => chain.rpc("eth_sendRawTransaction", await signed(chain, random)),
  ],
  [
    "transaction",
    10,
    ({ rpc }, random) =>
      rpc("eth_sendTransaction", {
        from: pick(random, SENDERS),
        to: pick(random, ACCOUNTS),
        value: hex(random(10 ** 6)),
        gas: hex(200_000),
      }),
  ],
  [
    "impersonated transaction",
    8,
    ({ rpc }, random) =>
      rpc("eth_sendTransaction", {
        from: pick(random, IMPERSONATED),
        to: pick(random, ACCOUNTS),
        gas: hex(200_000),
      }),
  ],
  [
    "replacement",
    4,
    async ({ rpc }, random) => {
      const waiting = (await rpc("eth_pendingTransactions")) as { from: string; nonce: string }[];
      const { from, nonce } =
        waiting.length > 0 ? pick(random, waiting) : { from: SENDERS[0]!, nonce: "0x0" };
      return rpc("eth_sendTransaction", {
        from,
        nonce,
        to: ACCOUNTS[0],
        gas: hex(60_000),
        maxFeePerGas: hex(90n * GWEI),
        maxPriorityFeePerGas: hex(30n * GWEI),
      });
    },
  ],
  ["automine", 6, ({ rpc }, random) => rpc("evm_setAutomine", random(2) === 0)],
  ["mine", 8, ({ rpc }) => rpc("evm_mine")],
  ["mine many", 3, ({ rpc }, random) => rpc("hardhat_mine", hex(1 + random(4)), hex(1 + random(100)))],
  [
    "mine none at a time",
    1,
    async (chain) => chain.rpc("evm_mine", { blocks: 0, timestamp: (await headTime(chain)) + 77 }),
  ],
  [
    "balance",
    3,
    ({ rpc }, random) =>
      rpc("hardhat_setBalance", pick(random, ACCOUNTS), hex(10n ** 21n + BigInt(random(9)))),
  ],
  ["nonce", 2, ({ rpc }, random) => rpc("hardhat_setNonce", pick(random, ACCOUNTS), hex(random(12)))],
  [
    "code",
    1,
    ({ rpc }, random) =>
      rpc("hardhat_setCode", pick(random, CONTRACTS), pick(random, [COUNTER, OWN_COUNTER, "0x"])),
  ],
  [
    "storage",
    2,
    ({ rpc }, random) =>
      rpc("hardhat_setStorageAt", pick(random, CONTRACTS), hex(random(2)), word(random(3))),
  ],
  [
    "coinbase",
    2,
    ({ rpc }, random) => rpc("hardhat_setCoinbase", pick(random, [address(0xfee), address(0xd1)])),
  ],
  ["prevRandao", 2, ({ rpc }, random) => rpc("hardhat_setPrevRandao", word(random(1000)))],
  [
    "base fee",
    2,
    ({ rpc }, random) => rpc("hardhat_setNextBlockBaseFeePerGas", hex(BigInt(random(3)) * GWEI + 7n)),
  ],
  ["gas limit", 1, ({ rpc }, random) => rpc("evm_setBlockGasLimit", hex(200_000 + random(30_000_000)))],
  ["increase time", 3, ({ rpc }, random) => rpc("evm_increaseTime", hex(random(10_000)))],
  [
    "next time",
    2,
    async (chain, random) =>
      chain.rpc("evm_setNextBlockTimestamp", hex((await headTime(chain)) + random(1000))),
  ],
  ["time", 1, async (chain, random) => chain.rpc("evm_setTime", hex((await headTime(chain)) + random(1000)))],
  ["time between", 1, ({ rpc }, random) => rpc("anvil_setBlockTimestampInterval", hex(random(20)))],
  ["no time between", 1, ({ rpc }) => rpc("anvil_removeBlockTimestampInterval")],
  ["impersonate", 1, ({ rpc }, random) => rpc("hardhat_impersonateAccount", pick(random, IMPERSONATED))],
  [
    "stop impersonating",
    1,
    ({ rpc }, random) => rpc("hardhat_stopImpersonatingAccount", pick(random, IMPERSONATED)),
  ],
  ["impersonate all", 1, ({ rpc }, random) => rpc("anvil_autoImpersonateAccount", random(2) === 0)],
  ["drop", 2, async (chain, random) => chain.rpc("hardhat_dropTransaction", await someHash(chain, random))],
  ["drop one's", 1, ({ rpc }, random) => rpc("anvil_removePoolTransactions", pick(random, SENDERS))],
  ["drop all", 1, ({ rpc }) => rpc("anvil_dropAllTransactions")],
  ["rollback", 2, ({ rpc }, random) => rpc("anvil_rollback", hex(random(4)))],
  [
    "reorg",
    2,
    async (chain, random) =>
      chain.rpc("anvil_reorg", 3, [
        [await signed(chain, random), 0],
        [{ from: SENDERS[1], to: CONTRACTS[0], gas: hex(100_000) }, 2],
      ]),
  ],
  // A peer's block: our own, taken back and given again.
  [
    "import",
    3,
    async (chain) => {
      await chain.rpc("evm_mine");
      const raw = (await chain.rpc("debug_getRawBlock", "latest")) as string;
      await chain.rpc("anvil_rollback");
      try {
        await chain.node.importBlock(Buffer.from(raw.slice(2), "hex"));
      } catch (error) {
        throw Object.assign(error as Error, { code: 1 });
      }
    },
  ],
];
