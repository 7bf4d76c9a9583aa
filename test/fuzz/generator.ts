// Makes random chains: a genesis, then block after block against the state the chain has reached, so that nonces and
// balances are mostly right and sometimes wrong on purpose. It must not know the engine beyond reading state.

import type {
  AccessListEntry,
  Address,
  Authorization,
  BlockEnvironment,
  Hardfork,
  Hash,
  Hex,
  Message,
} from "../../chain/src/engine/types.ts";
import { bigintToWord, bytesToHex } from "../../chain/src/protocol/bytes.ts";
import { blobBaseFee } from "../../chain/src/protocol/fees.ts";
import {
  BLOB_SCHEDULES,
  GAS_PER_BLOB,
  isAtLeast,
  maxBlobsPerTransaction,
} from "../../chain/src/protocol/forks.ts";
import { people } from "./accounts.ts";
import * as contracts from "./contracts.ts";
import type { Random } from "./random.ts";
import type { FuzzBlock, Genesis } from "./scenario.ts";

export interface StateReader {
  getBalance(address: Address): bigint;
  getNonce(address: Address): bigint;
}

export interface GeneratorOptions {
  /** On average. */
  transactionsPerBlock: number;
}

const CHAIN_ID = 31_337n;
const GENESIS_TIME = 1_800_000_000n;
const GWEI = 10n ** 9n;
const ETHER = 10n ** 18n;
/** Senders with little: what they get in a block decides whether they can pay. */
const POOR = people.slice(-4);
const RICH = people.slice(0, -4);
const HOT_SLOTS = 6;
const RANDOM_CONTRACTS = 12;

const numbered = (prefix: string, index: number): Address =>
  `0x${prefix.padEnd(36, "0")}${index.toString(16).padStart(4, "0")}`;

/** Accounts that do not exist at first: touched, paid, created. */
const GHOSTS = Array.from({ length: 8 }, (_, index) => numbered("9057", index));
const DELEGATION_PREFIX = "ef0100";

export class ChainGenerator {
  readonly genesis: Genesis;
  readonly hardfork: Hardfork;
  readonly #random: Random;
  readonly #options: GeneratorOptions;
  readonly #tokens: Address[];
  readonly #counters: Address[];
  readonly #pair: Address;
  readonly #branching: Address;
  readonly #payer: Address;
  readonly #factory: Address;
  readonly #machines: Address[];
  readonly #targets: Address[];
  #number = 0n;
  #timestamp = GENESIS_TIME;
  /** What the nonces of this block's senders are after its transactions so far. */
  #nonces = new Map<Address, bigint>();
  #state: StateReader = { getBalance: () => 0n, getNonce: () => 0n };
  #baseFee = GWEI;

  constructor(random: Random, options: GeneratorOptions) {
    this.#random = random;
    this.#options = options;
    this.hardfork = random.pick(["cancun", "prague", "osaka", "osaka"] as const);
    this.#tokens = [numbered("70ce", 0), numbered("70ce", 1)];
    this.#counters = [numbered("c0de", 0), numbered("c0de", 1)];
    this.#pair = numbered("9a19", 0);
    this.#branching = numbered("b4a0", 0);
    this.#payer = numbered("9a7e", 0);
    this.#factory = numbered("fac0", 0);
    this.#machines = Array.from({ length: RANDOM_CONTRACTS }, (_, index) => numbered("4a0d", index));
    this.#targets = [
      ...this.#machines,
      ...this.#machines,
      ...this.#counters,
      ...this.#tokens,
      this.#pair,
      this.#branching,
      this.#payer,
      this.#factory,
      ...people.slice(0, 6).map(({ address }) => address),
      ...GHOSTS,
    ];
    this.genesis = this.#makeGenesis();
  }

  #makeGenesis(): Genesis {
    const random = this.#random;
    const genesis: Genesis = {};
    const add = (
      address: Address,
      balance: bigint,
      code: Uint8Array | null,
      storage: Record<Hash, Hash> = {},
    ) => {
      const nonce = code === null ? 0n : 1n;
      genesis[address] = { balance, nonce, code: code === null ? "0x" : bytesToHex(code), storage };
    };
    for (const { address } of RICH) add(address, 1_000n * ETHER, null);
    for (const { address } of POOR) add(address, BigInt(random.below(5)) * 10n ** 14n, null);
    const balances: Record<Hash, Hash> = {};
    for (const { address } of people) {
      if (random.chance(0.8))
        balances[bigintToWord(BigInt(address))] = bigintToWord(BigInt(random.between(1, 200)));
    }
    for (const address of this.#tokens) add(address, 0n, contracts.token(), balances);
    for (const address of this.#counters) add(address, 0n, contracts.counter());
    add(this.#pair, 0n, contracts.pair());
    add(this.#branching, 0n, contracts.branching());
    add(this.#payer, 1_000n, contracts.payer());
    add(this.#factory, 100n, contracts.factory());
    const around = { addresses: this.#targets, slots: HOT_SLOTS };
    for (const address of this.#machines) {
      const storage: Record<Hash, Hash> = {};
      for (let slot = 0; slot < HOT_SLOTS; slot++) {
        if (random.chance(0.5))
          storage[bigintToWord(BigInt(slot))] = bigintToWord(BigInt(random.between(1, 9)));
      }
      add(address, BigInt(random.below(50)), contracts.randomContract(random, around), storage);
    }
    if (isAtLeast(this.hardfork, "prague")) {
      for (const { address } of RICH.slice(0, 2)) {
        genesis[address]!.code = `0x${DELEGATION_PREFIX}${random.pick(this.#machines).slice(2)}`;
        genesis[address]!.nonce = 1n;
      }
    }
    return genesis;
  }

  /** The next block on `state`, which is what the blocks so far have led to. */
  nextBlock(state: StateReader): FuzzBlock {
    const random = this.#random;
    this.#state = state;
    this.#nonces = new Map();
    this.#number++;
    this.#timestamp += BigInt(random.between(1, 15));
    this.#baseFee = BigInt(random.between(7, 50)) * (random.chance(0.5) ? GWEI : 1n);
    const environment = this.#environment();
    const target = this.#options.transactionsPerBlock;
    const count = random.weighted([
      [8, random.between(Math.ceil(target / 2), target)],
      [1, random.between(1, 3)],
      [1, 4 * target], // long enough for many threads to meet
    ]);
    const messages: Message[] = [];
    const add = (from?: Address): Address => {
      const message = this.#message(environment, from);
      const spoilt = random.chance(0.06);
      if (spoilt) this.#spoil(message, environment);
      messages.push(message);
      if (!spoilt && this.#canPay(message)) this.#advance(message);
      return message.sender;
    };
    while (messages.length < count) {
      const sender = add();
      // Sometimes one sender sends a chain.
      for (let more = random.chance(0.1) ? random.between(1, 6) : 0; more > 0; more--) add(sender);
    }
    return { environment, messages };
  }

  #environment(): BlockEnvironment {
    const random = this.#random;
    const schedule = BLOB_SCHEDULES[this.hardfork];
    const excess = BigInt(random.below(60)) * GAS_PER_BLOB;
    return {
      number: this.#number,
      timestamp: this.#timestamp,
      gasLimit: random.weighted([
        [8, 60_000_000n],
        [1, 3_000_000n],
        [1, 800_000n],
      ]),
      coinbase: random.weighted<Address>([
        [4, numbered("c014", 0)],
        [3, random.pick(people).address],
        [2, random.pick(this.#machines)],
        [1, random.pick(GHOSTS)],
      ]),
      prevRandao: bigintToWord(BigInt(random.u32())),
      baseFeePerGas: this.#baseFee,
      blobBaseFee: blobBaseFee(excess, schedule),
      maxBlobGas: BigInt(schedule.max) * GAS_PER_BLOB,
      maxBlobsPerTransaction: maxBlobsPerTransaction(this.hardfork, schedule),
      chainId: CHAIN_ID,
      hardfork: this.hardfork,
      ancestorHashes: [],
    };
  }

  #nonceOf(address: Address): bigint {
    let nonce = this.#nonces.get(address);
    if (nonce === undefined) {
      nonce = this.#state.getNonce(address);
      this.#nonces.set(address, nonce);
    }
    return nonce;
  }

  #message(environment: BlockEnvironment, from?: Address): Message {
    const random = this.#random;
    const sender = from ?? (random.chance(0.12) ? random.pick(POOR) : random.pick(RICH)).address;
    const type = this.#type();
    const message: Message = {
      type,
      sender,
      nonce: this.#nonceOf(sender),
      ...this.#fees(type),
      ...this.#action(sender),
    };
    if (type > 0 && random.chance(0.5)) {
      message.accessList = this.#accessList();
      for (const { storageKeys } of message.accessList) {
        message.gasLimit += 2_400n + 1_900n * BigInt(storageKeys.length); // EIP-2930
      }
    }
    if (type === 3) {
      if (message.to === null && random.chance(0.9)) message.to = random.pick(this.#targets);
      message.maxFeePerBlobGas = random.chance(0.9)
        ? environment.blobBaseFee * 2n
        : environment.blobBaseFee / 2n;
      message.blobVersionedHashes = this.#blobHashes();
    }
    if (type === 4) {
      if (message.to === null && random.chance(0.95)) message.to = random.pick(this.#targets);
      message.authorizationList = random.chance(0.97) ? this.#authorizations(sender) : [];
      message.gasLimit += 25_000n * BigInt(message.authorizationList.length);
    }
    return message;
  }

  #type(): number {
    const setCode = isAtLeast(this.hardfork, "prague") ? 15 : 1;
    return this.#random.weighted([
      [30, 0],
      [15, 1],
      [35, 2],
      [5, 3],
      [setCode, 4],
    ]);
  }

  #fees(type: number): { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } {
    const random = this.#random;
    const tip = BigInt(random.below(5)) * (random.chance(0.5) ? GWEI : 1n);
    const maxFeePerGas = this.#baseFee + (random.chance(0.3) ? tip / 2n : tip);
    if (type < 2) return { maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas };
    return { maxFeePerGas, maxPriorityFeePerGas: tip < maxFeePerGas ? tip : maxFeePerGas };
  }

  /** What it does: recipient, call data, value and gas. */
  #action(sender: Address): { to: Address | null; data: Hex; value: bigint; gasLimit: bigint } {
    const random = this.#random;
    const words = (...values: (bigint | number | Address)[]): Hex =>
      `0x${values.map((value) => bigintToWord(BigInt(value)).slice(2)).join("")}`;
    const anyone = () => random.pick([...people.map(({ address }) => address), ...GHOSTS]);
    const gas = (enough: number) => {
      if (enough > 60_000 && random.chance(0.08)) return BigInt(random.between(60_000, enough)); // often out of gas
      return BigInt(enough);
    };
    const kind = random.weighted([
      [20, "transfer"],
      [18, "token"],
      [10, "counter"],
      [6, "pair"],
      [5, "branching"],
      [6, "payer"],
      [5, "factory"],
      [30, "machine"],
      [6, "create"],
      [3, "delegate"],
    ]);
    switch (kind) {
      case "transfer": {
        const to = random.weighted([
          [6, anyone()],
          [1, sender],
          [1, random.pick(GHOSTS)],
          [2, random.pick(POOR).address],
        ]);
        return {
          to,
          data: "0x",
          value: this.#value(sender),
          gasLimit: gas(random.chance(0.7) ? 21_000 : 400_000),
        };
      }
      case "token": {
        const amount = random.chance(0.1) ? 10_000 : random.below(60);
        const mint = random.chance(0.15) ? 1 : 0;
        return {
          to: random.pick(this.#tokens),
          data: words(anyone(), amount, mint),
          value: 0n,
          gasLimit: gas(120_000),
        };
      }
      case "counter": {
        const slot = random.chance(0.5) ? 0n : BigInt(random.below(50));
        // Adding nothing is a silent store.
        const amount = random.chance(0.2) ? 0 : random.between(1, 3);
        return {
          to: random.pick(this.#counters),
          data: words(slot, amount),
          value: 0n,
          gasLimit: gas(90_000),
        };
      }
      case "pair":
        return {
          to: this.#pair,
          data: random.chance(0.5) ? "0x01" : "0x",
          value: 0n,
          gasLimit: gas(random.chance(0.9) ? 150_000 : 3_000_000),
        };
      case "branching":
        return {
          to: this.#branching,
          data: words(random.between(1, 5), random.between(1, 5)),
          value: 0n,
          gasLimit: gas(120_000),
        };
      case "payer": {
        const value = BigInt(random.below(3_000));
        return {
          to: this.#payer,
          data: words(random.pick(this.#targets), random.below(1_500), random.chance(0.2) ? 1 : 0),
          value,
          gasLimit: gas(400_000),
        };
      }
      case "factory":
        return {
          to: this.#factory,
          data: words(random.below(4), random.chance(0.7) ? 1 : 0),
          value: BigInt(random.below(3)),
          gasLimit: gas(500_000),
        };
      case "machine":
        return {
          to: random.pick(this.#machines),
          data: words(random.u32(), random.below(HOT_SLOTS), random.pick(this.#targets)),
          value: random.chance(0.3) ? BigInt(random.below(100)) : 0n,
          gasLimit: gas(random.pick([150_000, 600_000, 1_500_000])),
        };
      case "create": {
        const around = { addresses: this.#targets, slots: HOT_SLOTS };
        const code = random.chance(0.7)
          ? contracts.initcode(random, around)
          : contracts.randomContract(random, around);
        return { to: null, data: bytesToHex(code), value: BigInt(random.below(3)), gasLimit: gas(700_000) };
      }
      case "delegate":
        // To a person: runs code where the account is delegated.
        return {
          to: random.pick(people.slice(0, 6)).address,
          data: words(random.u32(), random.below(HOT_SLOTS), random.pick(this.#targets)),
          value: this.#value(sender),
          gasLimit: gas(500_000),
        };
      default:
        throw new Error(`no such action: ${kind}`);
    }
  }

  /** Small, nothing, or so much that it depends on what else happens in the block. */
  #value(sender: Address): bigint {
    const random = this.#random;
    return random.weighted([
      [6, BigInt(random.below(1_000))],
      [3, 0n],
      [2, BigInt(random.below(100)) * 10n ** 14n],
      [1, this.#state.getBalance(sender) / BigInt(random.between(1, 3))],
    ]);
  }

  #accessList(): AccessListEntry[] {
    const random = this.#random;
    return Array.from({ length: random.below(3) }, () => ({
      address: random.pick(this.#targets),
      storageKeys: Array.from({ length: random.below(3) }, () =>
        bigintToWord(BigInt(random.below(HOT_SLOTS))),
      ),
    }));
  }

  #blobHashes(): Hash[] {
    const random = this.#random;
    const count = random.weighted([
      [20, random.between(1, 3)],
      [3, 6],
      [1, 0],
      [1, 10],
    ]);
    const version = random.chance(0.95) ? "01" : "02";
    return Array.from(
      { length: count },
      () => `0x${version}${random.u32().toString(16).padStart(62, "0")}` as Hash,
    );
  }

  #authorizations(sender: Address): Authorization[] {
    const random = this.#random;
    // The sender's own nonce has gone up by one when its tuple is looked at.
    const expected = new Map<Address, bigint>([[sender, this.#nonceOf(sender) + 1n]]);
    return Array.from({ length: random.between(1, 3) }, () => {
      const authority = random.chance(0.3) ? sender : random.pick(people.slice(0, 8)).address;
      const nonce = expected.get(authority) ?? this.#nonceOf(authority);
      const fault = random.weighted([
        [12, "none"],
        [1, "nonce"],
        [1, "chain"],
        [1, "signature"],
      ]);
      if (fault === "none") expected.set(authority, nonce + 1n);
      return {
        chainId: fault === "chain" ? CHAIN_ID + 1n : random.pick([0n, CHAIN_ID]),
        address: random.weighted<Address>([
          [6, random.pick(this.#machines)],
          [2, numbered("", 0)], // clears the delegation
          [1, random.pick(this.#targets)],
          [1, numbered("", random.between(1, 9))], // a precompile runs as empty code
        ]),
        nonce: fault === "nonce" ? nonce + BigInt(random.pick([1, 5])) : nonce,
        authority: fault === "signature" ? null : authority,
      };
    });
  }

  /** What the nonces will be if the transaction is included. */
  #advance({ sender, nonce, authorizationList = [] }: Message): void {
    this.#nonces.set(sender, nonce + 1n);
    for (const { authority, chainId, nonce: expected } of authorizationList) {
      if (authority === null || (chainId !== 0n && chainId !== CHAIN_ID)) continue;
      if (this.#nonceOf(authority) === expected) this.#nonces.set(authority, expected + 1n);
    }
  }

  /** Makes the transaction one that the block must refuse, most of the time. */
  #spoil(message: Message, environment: BlockEnvironment): void {
    const random = this.#random;
    switch (random.below(8)) {
      case 0:
        message.nonce += BigInt(random.between(1, 3));
        break;
      case 1:
        message.nonce = message.nonce === 0n ? 5n : message.nonce - 1n;
        break;
      case 2:
        message.value = this.#state.getBalance(message.sender) + 1n;
        break;
      case 3:
        message.maxFeePerGas = environment.baseFeePerGas - 1n;
        message.maxPriorityFeePerGas = message.type < 2 ? message.maxFeePerGas : 0n;
        break;
      case 4:
        message.gasLimit = 20_999n;
        break;
      case 5:
        message.gasLimit = environment.gasLimit + 1n;
        break;
      case 6:
        if (message.type < 2) message.gasLimit = 0n;
        else message.maxPriorityFeePerGas = message.maxFeePerGas + 1n;
        break;
      default:
        message.nonce = 2n ** 64n - 1n;
    }
  }

  /** With what the sender had before the block. */
  #canPay({ sender, gasLimit, maxFeePerGas, value }: Message): boolean {
    return gasLimit * maxFeePerGas + value <= this.#state.getBalance(sender);
  }
}
