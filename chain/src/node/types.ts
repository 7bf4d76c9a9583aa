// What the node offers upwards: the contract between block production and JSON-RPC. Quantities are bigint, bytes are
// lower-case hex. It must not know how requests arrive, nor how JSON-RPC spells a value.

import type {
  AccessListEntry,
  AccessSets,
  AccountOverride,
  AccountProof,
  Address,
  ExecutionResult,
  Halt,
  Hardfork,
  Hash,
  Hex,
  TraceListener,
} from "../engine/types.ts";
import type { BlockReport } from "../profiler/report.ts";
import type { BlobSchedule } from "../protocol/forks.ts";
import type { BlockHeader, Withdrawal } from "../protocol/header.ts";
import type { RequestHandler } from "../rpc/types.ts";
import type { SignedAuthorization, Transaction } from "../transaction/types.ts";

export type {
  AccessListEntry,
  AccessSets,
  AccountOverride,
  AccountProof,
  Address,
  Hardfork,
  Hash,
  Hex,
} from "../engine/types.ts";
export type { BlockReport, ReportLocation } from "../profiler/report.ts";
export type { BlockHeader, Withdrawal } from "../protocol/header.ts";
export type { SignedAuthorization, Transaction } from "../transaction/types.ts";

/* CONFIGURATION */

/** How blocks come about. `auto` mines one block per transaction; `interval` mines on a clock (milliseconds; a pair is a
 *  range to draw from); neither leaves it to evm_mine. Both together are allowed, as in Hardhat. */
export interface MiningConfig {
  auto: boolean;
  interval: number | readonly [number, number];
  /** Order of independent senders in a block: by effective tip, then arrival; or by arrival alone. */
  order: "priority" | "fifo";
}

/** From this time on (seconds) the chain follows these rules. */
export interface ForkActivation {
  timestamp: bigint;
  hardfork: Hardfork;
  blobSchedule: BlobSchedule;
}

export interface GenesisAccount {
  balance?: bigint;
  nonce?: bigint;
  code?: Hex;
  storage?: Record<Hash, Hash>;
}

/** Options of a chain; every field has the default named beside it. */
export interface ChainOptions {
  /** 31337 */
  chainId?: bigint;
  /** osaka, with the newest blob schedule. */
  hardfork?: Hardfork;
  /** Overrides `hardfork` with a timetable, oldest first; the first entry holds at genesis. */
  forks?: readonly ForkActivation[];
  /** Threads that execute; all cores. */
  workers?: number;
  /** Unlocked accounts; 20, or none with a genesis header. */
  accounts?: number;
  /** Wei of each; 10,000 ether. */
  accountBalance?: bigint;
  /** test test test test test test test test test test test junk */
  mnemonic?: string;
  /** 60,000,000 */
  blockGasLimit?: bigint;
  /** Genesis time in seconds; now. Later blocks keep the offset to the clock. */
  timestamp?: bigint;
  /** Wei per gas of the genesis block; 1 gwei. */
  initialBaseFeePerGas?: bigint;
  mining?: Partial<MiningConfig>;
  /** 0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e, as Hardhat. */
  coinbase?: Address;
  /** Lifts EIP-170 and EIP-3860; false. */
  allowUnlimitedContractSize?: boolean;
  /** Further accounts of the genesis state (fixtures); none. */
  alloc?: Record<Address, GenesisAccount>;
  /**
   * Directory that keeps the chain beyond the process, made where it is missing; none: the chain lives in memory. A chain
   * that is in it goes on with the options it began with. Only workers and mining may then be others.
   */
  dataDir?: string;
  /** A complete genesis header (fixtures); without it one is made. System contracts are then not predeployed. */
  genesisHeader?: BlockHeader;
}

/* BLOCKS, TRANSACTIONS, RECEIPTS, LOGS */

export type BlockTag = "latest" | "pending" | "earliest" | "safe" | "finalized";

/** safe and finalized are the newest block on a devchain. */
export type BlockReference = BlockTag | bigint | { blockHash: Hash; requireCanonical?: boolean };

export interface Block {
  /** null for the pending block. */
  hash: Hash | null;
  header: BlockHeader;
  transactions: readonly MinedTransaction[];
  withdrawals: readonly Withdrawal[];
  /** Bytes of the RLP encoding. */
  size: bigint;
}

/** A transaction with its place; the place is null while it waits. */
export interface MinedTransaction {
  transaction: Transaction;
  blockHash: Hash | null;
  blockNumber: bigint | null;
  /** Seconds. */
  blockTimestamp: bigint | null;
  index: number | null;
  /** Wei per gas; what was paid, or the cap while pending. */
  effectiveGasPrice: bigint;
}

export interface LogEntry {
  address: Address;
  topics: readonly Hash[];
  data: Hex;
  blockHash: Hash | null;
  blockNumber: bigint | null;
  blockTimestamp: bigint | null;
  transactionHash: Hash;
  transactionIndex: number;
  /** Index in the block. */
  logIndex: number;
  /** True in notices of a reorganisation. */
  removed: boolean;
}

export interface Receipt {
  transaction: Transaction;
  blockHash: Hash;
  blockNumber: bigint;
  index: number;
  success: boolean;
  /** Why it failed; absent on success. */
  halt?: Halt;
  /** Return or revert data, kept for the developer. */
  output: Hex;
  cumulativeGasUsed: bigint;
  gasUsed: bigint;
  effectiveGasPrice: bigint;
  /** Of a successful creation. */
  contractAddress: Address | null;
  logs: readonly LogEntry[];
  /** 256 bytes. */
  logsBloom: Hex;
  blobGasUsed?: bigint;
  blobGasPrice?: bigint;
}

export interface LogFilter {
  /** latest where absent. */
  fromBlock?: BlockReference;
  toBlock?: BlockReference;
  /** Excludes fromBlock and toBlock. */
  blockHash?: Hash;
  /** Any of these; all where absent or empty. */
  addresses?: readonly Address[];
  /** By position: any of the listed, or null for all. */
  topics?: readonly (readonly Hash[] | null)[];
}

/* REQUESTS */

/** What eth_call, eth_estimateGas and eth_sendTransaction take. Absent fields are filled in. */
export interface TransactionRequest {
  from?: Address;
  /** null or absent creates a contract. */
  to?: Address | null;
  gas?: bigint;
  gasPrice?: bigint;
  maxFeePerGas?: bigint;
  maxPriorityFeePerGas?: bigint;
  maxFeePerBlobGas?: bigint;
  value?: bigint;
  nonce?: bigint;
  data?: Hex;
  chainId?: bigint;
  type?: number;
  accessList?: readonly AccessListEntry[];
  blobVersionedHashes?: readonly Hash[];
  authorizationList?: readonly SignedAuthorization[];
}

export type StateOverrides = Record<Address, AccountOverride>;

export interface BlockOverrides {
  number?: bigint;
  timestamp?: bigint;
  gasLimit?: bigint;
  coinbase?: Address;
  prevRandao?: Hash;
  baseFeePerGas?: bigint;
  blobBaseFee?: bigint;
}

export interface CallParameters {
  request: TransactionRequest;
  /** latest */
  block?: BlockReference;
  stateOverrides?: StateOverrides;
  blockOverrides?: BlockOverrides;
}

export interface AccessListResult {
  accessList: readonly AccessListEntry[];
  gasUsed: bigint;
  /** Words, where the call failed. */
  error?: string;
}

export interface FeeHistory {
  oldestBlock: bigint;
  /** One more than blocks: the last is the next block's. */
  baseFeePerGas: readonly bigint[];
  gasUsedRatio: readonly number[];
  baseFeePerBlobGas: readonly bigint[];
  blobGasUsedRatio: readonly number[];
  /** Present when percentiles were asked for. */
  reward?: readonly (readonly bigint[])[];
}

export interface SimulateParameters {
  blockStateCalls: readonly {
    blockOverrides?: BlockOverrides & { withdrawals?: readonly Withdrawal[]; parentBeaconBlockRoot?: Hash };
    stateOverrides?: StateOverrides;
    calls?: readonly TransactionRequest[];
  }[];
  /** Adds a log per value transfer, from 0xeeee..ee. */
  traceTransfers?: boolean;
  /** Nonces, funds and base fee as in a real block. */
  validation?: boolean;
  /** latest */
  block?: BlockReference;
}

export interface SimulatedCall {
  success: boolean;
  returnData: Hex;
  gasUsed: bigint;
  logs: readonly LogEntry[];
  /** Absent on success; code 3 for reverts, -32015 for other failures of the EVM. */
  error?: { code: number; message: string; data?: Hex };
}

export interface SimulatedBlock {
  block: Block;
  calls: readonly SimulatedCall[];
}

/* TRACING */

/** What a tracer may know of the execution before it begins. */
export interface TraceSubject {
  from: Address;
  /** null creates a contract. */
  to: Address | null;
  /** The limit. */
  gas: bigint;
  coinbase: Address;
  /** Signers of the EIP-7702 authorisations whose signatures are valid. */
  authorities: readonly Address[];
}

/** Watches one execution and tells what it saw. */
export interface Tracer<T> extends TraceListener {
  result(outcome: ExecutionResult): T;
}

/** Makes a tracer for one execution. */
export type TracerFactory<T> = (subject: TraceSubject) => Tracer<T>;

export interface TraceCallParameters extends CallParameters {
  /** Runs the call before this transaction of the block instead of after the block. */
  transactionIndex?: number;
}

/* POOL */

export interface PoolContent {
  /** Executable now, by sender, in nonce order. */
  pending: ReadonlyMap<Address, readonly Transaction[]>;
  /** Waiting for an earlier nonce. */
  queued: ReadonlyMap<Address, readonly Transaction[]>;
}

/** What a request may wait for: how the transaction ended. */
export type TransactionOutcome =
  | { status: "mined"; receipt: Receipt }
  | { status: "pending" }
  /** Dropped from the pool; `reason` in words. */
  | { status: "dropped"; reason: string }
  | { status: "unknown" };

/* EVENTS */

export type ChainEvent =
  | { type: "block"; block: Block; logs: readonly LogEntry[] }
  /** Blocks that left the chain (revert, reorganisation), newest first; their logs marked removed. */
  | { type: "removed"; blocks: readonly Block[]; logs: readonly LogEntry[] }
  /** Entered the pool and is executable. */
  | { type: "pendingTransaction"; transaction: Transaction };

/** What happened in a block, for a line in the terminal. */
export interface BlockSummary {
  number: bigint;
  hash: Hash;
  timestamp: bigint;
  transactions: number;
  failed: number;
  gasUsed: bigint;
  gasLimit: bigint;
  baseFeePerGas: bigint;
  workers: number;
  reExecutions: number;
  /** From the first transaction to the sealed block. */
  milliseconds: number;
}

/* THE NODE */

export interface NodeInfo {
  chainId: bigint;
  hardfork: Hardfork;
  workers: number;
  coinbase: Address;
  blockGasLimit: bigint;
  mining: MiningConfig;
  /** Changes with reset(), not with a restart on a data directory: tells tools that the chain began anew. */
  instanceId: Hash;
  genesisHash: Hash;
  timeOffset: bigint;
}

/**
 * A chain with its pool and its history. Every method is safe to call at any time: what touches state waits its turn
 * in one queue. Failures are ChainError (errors.ts) with a `kind`; references to blocks that do not exist reject
 * with kind "block-not-found", except where null is documented.
 */
export interface ChainNode {
  readonly chainId: bigint;
  /** The newest block. */
  readonly head: Block;
  info(): NodeInfo;

  /* history: null where there is no such thing */
  getBlock(block: BlockReference): Promise<Block | null>;
  /** RLP of the block: header, transactions, ommers, withdrawals. */
  getRawBlock(block: BlockReference): Promise<Hex | null>;
  getRawHeader(block: BlockReference): Promise<Hex | null>;
  /** EIP-2718 receipts as they stand in the trie. */
  getRawReceipts(block: BlockReference): Promise<Hex[] | null>;
  /** Pending ones too. */
  getTransaction(hash: Hash): Promise<MinedTransaction | null>;
  getTransactionByIndex(block: BlockReference, index: number): Promise<MinedTransaction | null>;
  getReceipt(hash: Hash): Promise<Receipt | null>;
  getBlockReceipts(block: BlockReference): Promise<Receipt[] | null>;
  getLogs(filter: LogFilter): Promise<LogEntry[]>;
  getOutcome(hash: Hash): Promise<TransactionOutcome>;
  /** Resolves when it is mined or dropped, or with "pending" after `milliseconds`. */
  waitForTransaction(hash: Hash, milliseconds: number): Promise<TransactionOutcome>;

  /* state; latest where no block is given */
  getBalance(address: Address, block?: BlockReference): Promise<bigint>;
  /** With "pending": counts the sender's executable transactions too. */
  getNonce(address: Address, block?: BlockReference): Promise<bigint>;
  getCode(address: Address, block?: BlockReference): Promise<Hex>;
  getStorage(address: Address, slot: Hash, block?: BlockReference): Promise<Hash>;
  /** Of the newest state only; older blocks reject with kind "unsupported". */
  getProof(address: Address, slots: readonly Hash[], block?: BlockReference): Promise<AccountProof>;

  /* execution without effect */
  /** Return data; rejects with ExecutionRevertedError or kind "execution-failed". */
  call(parameters: CallParameters): Promise<Hex>;
  estimateGas(parameters: CallParameters): Promise<bigint>;
  createAccessList(parameters: CallParameters): Promise<AccessListResult>;
  simulate(parameters: SimulateParameters): Promise<SimulatedBlock[]>;

  /* execution again, with a tracer watching */
  /** Rejects with kind "not-found" unless it is mined. */
  traceTransaction<T>(hash: Hash, trace: TracerFactory<T>): Promise<T>;
  /** Of each transaction, in order. The genesis block rejects with kind "unsupported". */
  traceBlock<T>(
    block: BlockReference,
    trace: TracerFactory<T>,
  ): Promise<{ transactionHash: Hash; result: T }[]>;
  traceCall<T>(parameters: TraceCallParameters, trace: TracerFactory<T>): Promise<T>;

  /* fees, wei per gas */
  gasPrice(): Promise<bigint>;
  maxPriorityFeePerGas(): Promise<bigint>;
  /** Of the next block. */
  blobBaseFee(): Promise<bigint>;
  feeHistory(
    blockCount: number,
    newestBlock: BlockReference,
    percentiles?: readonly number[],
  ): Promise<FeeHistory>;

  /* accounts whose keys the node holds */
  accounts(): readonly Address[];
  /** EIP-191 signature over `message`. */
  sign(address: Address, message: Hex): Promise<Hex>;
  /** EIP-712; `typedData` as in eth_signTypedData_v4, already parsed. */
  signTypedData(address: Address, typedData: unknown): Promise<Hex>;
  /** Fills in, signs, does not send. */
  signTransaction(request: TransactionRequest): Promise<Transaction>;

  /* sending: in automine the promise resolves once it is mined */
  sendTransaction(request: TransactionRequest): Promise<Hash>;
  sendRawTransaction(raw: Hex): Promise<Hash>;

  /* pool */
  pendingTransactions(): Promise<Transaction[]>;
  poolContent(): Promise<PoolContent>;
  /** True when it was there. */
  dropTransaction(hash: Hash): Promise<boolean>;
  dropAllTransactions(): Promise<void>;
  dropTransactionsOf(sender: Address): Promise<void>;

  /* making blocks */
  /** Mines `blocks` (1) blocks, `interval` seconds apart (1); `timestamp` is that of the first. Gives the new height. */
  mine(options?: { blocks?: bigint; interval?: bigint; timestamp?: bigint }): Promise<bigint>;
  setAutomine(enabled: boolean): Promise<void>;
  /** Milliseconds, 0 stops. */
  setIntervalMining(interval: number | readonly [number, number]): Promise<void>;
  setBlockGasLimit(limit: bigint): Promise<void>;
  setCoinbase(address: Address): Promise<void>;
  setNextBlockBaseFeePerGas(fee: bigint): Promise<void>;
  /** Of the next block. */
  setPrevRandao(value: Hash): Promise<void>;
  /** Validates and appends an RLP block as a peer's; rejects with InvalidBlockError and changes nothing. */
  importBlock(rlp: Uint8Array): Promise<Block>;

  /* time, seconds */
  /** The offset of the chain's clock after the call. */
  increaseTime(seconds: bigint): Promise<bigint>;
  setNextBlockTimestamp(timestamp: bigint): Promise<void>;
  /** Sets the clock; the next block follows it. Gives the new offset. */
  setTime(timestamp: bigint): Promise<bigint>;
  /** Between successive blocks, instead of the clock; null goes back to the clock. True when one was set before. */
  setBlockTimestampInterval(seconds: bigint | null): Promise<boolean>;

  /* changing state at the newest height */
  setBalance(address: Address, balance: bigint): Promise<void>;
  /** Rejects a nonce below the present one. */
  setNonce(address: Address, nonce: bigint): Promise<void>;
  setCode(address: Address, code: Hex): Promise<void>;
  setStorage(address: Address, slot: Hash, value: Hash): Promise<void>;
  /** Lets eth_sendTransaction send from the address without a key. */
  impersonate(address: Address): Promise<void>;
  /** True when it was impersonated. */
  stopImpersonating(address: Address): Promise<boolean>;
  setAutoImpersonate(enabled: boolean): Promise<void>;

  /* going back */
  snapshot(): Promise<bigint>;
  /** False when there is no such snapshot. It and all later ones are used up. */
  revert(snapshot: bigint): Promise<boolean>;
  /** Drops `depth` blocks; their transactions are lost. */
  rollback(depth: bigint): Promise<void>;
  /** Replaces the last `depth` blocks by as many new ones; each transaction goes to the block at offset `block`. */
  reorganise(
    depth: bigint,
    transactions: readonly { transaction: Hex | TransactionRequest; block: number }[],
  ): Promise<void>;
  /** A new chain from genesis, with the options given at first. */
  reset(): Promise<void>;

  /* how parallel a block was; null where there is no such block. Reports of very old blocks reject with kind "not-found" */
  getBlockReport(block: BlockReference): Promise<BlockReport | null>;
  getAccessSets(block: BlockReference): Promise<AccessSets | null>;
  summarise(block: BlockReference): Promise<BlockSummary | null>;

  /** Calls back in chain order; gives the function that stops it. */
  subscribe(listener: (event: ChainEvent) => void): () => void;
  close(): Promise<void>;
}

/* THE CHAIN THREAD */

/** The chain in a thread of its own, as the server's thread sees it: rpc/dispatch.ts's
 *  `createDispatcher(node: ChainNode): Dispatcher` runs in there. Errors of requests come over as RpcError. */
export interface ChainThread extends RequestHandler {
  /** After every block. */
  onBlock(listener: (summary: BlockSummary) => void): () => void;
  /** The thread ended by itself; nothing can be asked any more. */
  onExit(listener: (error: Error) => void): () => void;
  /** What a banner shows. */
  readonly description: ChainDescription;
  close(): Promise<void>;
}

export interface ChainDescription {
  info: NodeInfo;
  mnemonic: string;
  accounts: readonly { address: Address; privateKey: Hex; balance: bigint }[];
  genesisTimestamp: bigint;
  /** null: in memory alone. */
  kept: KeptChain | null;
}

/** How far a kept chain is taken up. */
export interface RestoreProgress {
  block: bigint;
  /** Of the log, from 0 to 1. */
  share: number;
}

/** A chain that is kept on disk, as it was found at the start. */
export interface KeptChain {
  directory: string;
  /** Height that was taken up; 0 of a chain that has just begun. */
  restoredBlocks: bigint;
  /** Of a write that a crash had cut short; dropped. */
  cutBytes: number;
}
