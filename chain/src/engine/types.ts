// What the engine offers to the rest of the node, in TypeScript terms: addresses, hashes and data as lower-case hex,
// amounts as bigint. It knows nothing of JSON-RPC, pools or block production.

export type Hex = `0x${string}`;
/** 20 bytes, lower case. */
export type Address = Hex;
/** 32 bytes, lower case. */
export type Hash = Hex;

export type Hardfork = "cancun" | "prague" | "osaka";

/** A point in the state's history: what was committed up to and including it is visible. Grows with every commit. */
export type Version = number;

export interface BlockEnvironment {
  number: bigint;
  /** Seconds. */
  timestamp: bigint;
  gasLimit: bigint;
  coinbase: Address;
  prevRandao: Hash;
  /** Wei per gas. */
  baseFeePerGas: bigint;
  /** Wei per blob gas. */
  blobBaseFee: bigint;
  /** Blob gas the block may hold. */
  maxBlobGas: bigint;
  maxBlobsPerTransaction: number;
  chainId: bigint;
  hardfork: Hardfork;
  /** Hashes of up to 256 ancestors, the parent first. */
  ancestorHashes: readonly Hash[];
  /** Hardhat's allowUnlimitedContractSize. */
  unlimitedCodeSize?: boolean;
  /** Lifts the check of the fee cap against the base fee (calls without a gas price). */
  noBaseFee?: boolean;
}

export interface AccessListEntry {
  address: Address;
  storageKeys: readonly Hash[];
}

/** An EIP-7702 tuple; `authority` is the recovered signer, null when the signature is invalid (the tuple is then skipped). */
export interface Authorization {
  chainId: bigint;
  address: Address;
  nonce: bigint;
  authority: Address | null;
}

/** What is executed: a transaction whose signature has been recovered, or a call. */
export interface Message {
  /** EIP-2718 type, 0 to 4. */
  type: number;
  sender: Address;
  /** null creates a contract. */
  to: Address | null;
  nonce: bigint;
  gasLimit: bigint;
  value: bigint;
  data: Hex | Uint8Array;
  /** Wei per gas; the gas price of types 0 and 1. */
  maxFeePerGas: bigint;
  /** Wei per gas; equal to maxFeePerGas for types 0 and 1. */
  maxPriorityFeePerGas: bigint;
  maxFeePerBlobGas?: bigint;
  accessList?: readonly AccessListEntry[];
  blobVersionedHashes?: readonly Hash[];
  authorizationList?: readonly Authorization[];
  /** The sender did not sign (a devchain's impersonation): EIP-3607 does not hold, a contract may send. */
  impersonated?: boolean;
  /** All that the transaction returns is asked for; else no more than the beginning of a revert's reason is kept. */
  keepsOutput?: boolean;
  hash?: Hash;
  /** The signed envelope, the value in the transactions trie. */
  raw?: Uint8Array;
}

/** Message in the engine's own layout (layout.ts, TX_*), made once at admission; opaque to others. */
export type PackedMessage = Uint8Array;

export interface Log {
  address: Address;
  topics: Hash[];
  data: Hex;
}

/** Why a transaction was left out of the block. */
export type Exclusion =
  | "nonce-too-low"
  | "nonce-too-high"
  | "nonce-is-max"
  | "insufficient-funds"
  | "intrinsic-gas-too-low"
  | "gas-below-floor" // EIP-7623
  | "gas-limit-exceeds-maximum" // EIP-7825
  | "block-gas-exceeded"
  | "blob-gas-exceeded"
  | "max-fee-below-base-fee"
  | "priority-fee-above-max-fee"
  | "max-blob-fee-below-base-fee"
  | "sender-not-eoa" // EIP-3607
  | "initcode-too-large" // EIP-3860
  | "type-not-supported"
  | "blob-creates-contract"
  | "no-blobs"
  | "too-many-blobs"
  | "blob-hash-version"
  | "set-code-creates-contract"
  | "no-authorizations"
  | "out-of-memory"; // the engine's own arena; never on a sane gas limit

/** Why a message that did run failed. */
export type Halt =
  | "revert"
  | "out-of-gas"
  | "invalid-opcode"
  | "stack-underflow"
  | "stack-overflow"
  | "invalid-jump"
  | "static-violation"
  | "create-collision"
  | "code-too-large"
  | "code-prefix-0xef"
  | "return-data-out-of-bounds"
  | "initcode-too-large"
  | "precompile-failure"
  | "call-depth"
  | "insufficient-balance"
  | "nonce-overflow";

export interface ExecutionResult {
  success: boolean;
  /** Absent on success. */
  halt?: Halt;
  gasUsed: bigint;
  /** Gas given back for cleared storage, already taken off gasUsed. */
  gasRefunded: bigint;
  /** Return or revert data. */
  output: Uint8Array;
  logs: Log[];
  /** Of a creation, also a failed one. */
  contractAddress: Address | null;
}

export interface IncludedTransaction extends ExecutionResult {
  /** Position in the array handed to executeBlock. */
  position: number;
  /** Index in the block. */
  index: number;
  cumulativeGasUsed: bigint;
  /** Wei per gas. */
  effectiveGasPrice: bigint;
  blobGasUsed: bigint;
  /** 256 bytes. */
  logsBloom: Uint8Array;
}

export interface ExcludedTransaction {
  position: number;
  reason: Exclusion;
}

export type LocationKind = "balance" | "nonce" | "code" | "storage";

export interface Location {
  address: Address;
  kind: LocationKind;
  slot?: Hash;
}

/** What happened to one included transaction while the block executed; times in microseconds since the block began. */
export interface TransactionTelemetry {
  index: number;
  worker: number;
  /** 1 plus the number of re-executions. */
  attempts: number;
  /** Gas burnt in runs that were thrown away. */
  wastedGas: bigint;
  startedAt: number;
  finishedAt: number;
  /** Reads that no longer held when this transaction came to commit; writer is an index in the block. */
  conflicts: { writer: number; location: Location; codeAddress?: Address; pc?: number }[];
}

/** Committed accesses of one transaction: the same on every run, whatever the number of workers. */
export interface AccessSet {
  index: number;
  gasUsed: bigint;
  /** Ids into AccessSets.locations. A location both read and changed is in both. A write of the value already there is none. */
  reads: Uint32Array;
  writes: Uint32Array;
}

/** The committed accesses of one block. */
export interface AccessSets {
  /** What ids refer to. */
  readonly locations: readonly Location[];
  readonly transactions: readonly AccessSet[];
}

export interface BlockExecution {
  included: IncludedTransaction[];
  excluded: ExcludedTransaction[];
  gasUsed: bigint;
  blobGasUsed: bigint;
  /** 256 bytes. */
  logsBloom: Uint8Array;
  transactionsRoot: Hash;
  receiptsRoot: Hash;
  workers: number;
  /** Runs that were thrown away. */
  reExecutions: number;
  /** Decoded when read. */
  readonly telemetry: readonly TransactionTelemetry[];
}

export interface SealedBlock {
  stateRoot: Hash;
  /** The state after this block. */
  version: Version;
}

export interface AccountOverride {
  balance?: bigint;
  nonce?: bigint;
  code?: Hex;
  /** Replaces the whole storage. */
  state?: Record<Hash, Hash>;
  /** Replaces single slots. */
  stateDiff?: Record<Hash, Hash>;
}

export interface CallOptions {
  /** State to run on; the newest by default. */
  at?: Version;
  overrides?: Record<Address, AccountOverride>;
}

export interface CallResult extends ExecutionResult {
  /** Set when the message is invalid (for instance funds) and did not run at all. */
  invalid?: Exclusion;
  /** Accounts and slots touched, for eth_createAccessList. */
  accessList: AccessListEntry[];
}

/* TRACING */

/** State as the traced execution sees it: now, or as its transaction found it (`before`). */
export interface TraceState {
  getBalance(address: Address, before?: boolean): bigint;
  getNonce(address: Address, before?: boolean): bigint;
  getCode(address: Address, before?: boolean): Uint8Array;
  getCodeHash(address: Address, before?: boolean): Hash;
  getStorage(address: Address, slot: Hash, before?: boolean): Hash;
}

/** An instruction that is about to run. It holds during the call that hands it over; what is read of it is copied. */
export interface TraceStep {
  readonly pc: number;
  readonly opcode: number;
  /** Gas left. */
  readonly gas: number;
  /** 0 for the transaction's own message. */
  readonly depth: number;
  /** Words. */
  readonly stackHeight: number;
  /** The word `index` places below the topmost; there must be so many. */
  peek(index: number): bigint;
  /** All words, the lowest first, as 0x-hex without leading zeros. */
  stack(): Hex[];
  /** Bytes. */
  readonly memorySize: number;
  /** `length` bytes of memory, zeros behind its end. */
  memory(offset: number, length: number): Uint8Array;
  /** Return data of the last message that this one made. */
  returnData(): Uint8Array;
  /** What ADDRESS gives: whose storage the instruction sees. */
  readonly self: Address;
  /** EIP-3529's counter, gas. */
  readonly refund: number;
}

export interface TraceMessageBegin {
  kind: "CALL" | "CALLCODE" | "DELEGATECALL" | "STATICCALL" | "CREATE" | "CREATE2";
  /** 0 for the transaction's own message. */
  depth: number;
  from: Address;
  /** Whose code runs, or the account that is created. */
  to: Address;
  /** Gas it begins with. */
  gas: number;
  /** Gas that its caller keeps meanwhile. */
  callerGas: number;
  /** Wei; a DELEGATECALL shows its caller's. */
  value: bigint;
  /** Call data or initcode. */
  input: Uint8Array;
}

export interface TraceMessageEnd {
  depth: number;
  /** Absent on success. */
  halt?: Halt;
  gasLeft: number;
  /** Return or revert data, or the code of the account that was created. */
  output: Uint8Array;
}

/** Hears what a traced message does. Messages that are refused (depth, balance, nonce) begin and end too. */
export interface TraceListener {
  onStep?(step: TraceStep, state: TraceState): void;
  onMessageBegin?(message: TraceMessageBegin, state: TraceState): void;
  onMessageEnd?(end: TraceMessageEnd, state: TraceState): void;
  /** After fees and refunds. */
  onEnd?(state: TraceState): void;
}

/** One message of a sequence that is traced. */
export interface TraceRun {
  environment: BlockEnvironment;
  message: PackedMessage;
  /** By eth_call's rules, as Engine.call() has them. */
  call?: boolean;
  /** Take effect before this message. */
  overrides?: Record<Address, AccountOverride>;
  /** Without one it only runs. */
  listener?: TraceListener;
}

export interface TracedRun extends ExecutionResult {
  /** Set when the message is invalid and did not run; nothing behind it ran either. */
  invalid?: Exclusion;
}

export interface AccountProof {
  balance: bigint;
  nonce: bigint;
  codeHash: Hash;
  storageHash: Hash;
  accountProof: Hex[];
  storageProof: { key: Hash; value: bigint; proof: Hex[] }[];
}

export interface EngineOptions {
  /** Threads that execute, the calling one included. 1 executes everything on the calling thread. */
  workers: number;

  /* Hooks of the differential fuzzer. */

  /** Not zero: one thread speculates on every transaction, and first reads may see an older cell of the same block. */
  replaySeed?: bigint;
  /** Not zero: random delays where threads meet. */
  delaySeed?: bigint;
  /** Worker threads end at about one in n meetings and are replaced. */
  killOneIn?: number;
  /** Planted faults that the fuzzer must find: no validation; every n-th read is missing from the log. */
  faults?: { skipValidation?: boolean; dropRead?: number };
}

/** The engine as its one owning thread sees it. Not re-entrant: one call at a time, executeBlock included. */
export interface Engine {
  readonly workers: number;
  /** The newest version. */
  readonly head: Version;

  getBalance(address: Address, at?: Version): bigint;
  getNonce(address: Address, at?: Version): bigint;
  getCode(address: Address, at?: Version): Uint8Array;
  getCodeHash(address: Address, at?: Version): Hash;
  getStorage(address: Address, slot: Hash, at?: Version): Hash;

  /* Setters change the newest state at once, outside any block. */
  setBalance(address: Address, balance: bigint): void;
  setNonce(address: Address, nonce: bigint): void;
  setCode(address: Address, code: Uint8Array): void;
  setStorage(address: Address, slot: Hash, value: Hash): void;

  pack(message: Message): PackedMessage;

  /** Opens a block on the newest state. Everything until seal() belongs to it; abandon() undoes it. */
  beginBlock(environment: BlockEnvironment): void;
  /** Runs a system call (EIP-4788, 2935, 7002, 7251) as 0xff..fe with 30,000,000 gas; output null where it failed or no code is there. */
  systemCall(to: Address, data: Uint8Array): { success: boolean; hasCode: boolean; output: Uint8Array };
  /** Executes the transactions in order, in parallel where they do not collide. Once per block. */
  executeTransactions(transactions: readonly PackedMessage[]): Promise<BlockExecution>;
  /** Adds to a balance outside any transaction: withdrawals (in wei). */
  credit(address: Address, amount: bigint): void;
  /** Ends the block: hashes what it changed, in parallel where that pays. */
  seal(): Promise<SealedBlock>;
  abandon(): void;

  /** The committed accesses of the block that was executed last, with the locations that ids refer to. */
  accessSets(): AccessSets;

  /** Runs a message on a view of the state without changing it. */
  call(environment: BlockEnvironment, message: PackedMessage, options?: CallOptions): CallResult;

  /**
   * Runs messages one after another, each on what those before it left, and reports their steps. Changes nothing. The output
   * of a successful transaction is not kept; listeners hear it.
   */
  trace(runs: readonly TraceRun[], at?: Version): TracedRun[];

  /** The root of the newest state. */
  stateRoot(): Hash;
  getProof(address: Address, slots: readonly Hash[]): AccountProof;
  /** The root of the trie rlp(index) -> item. */
  orderedRoot(items: readonly Uint8Array[]): Hash;

  /** Forgets everything newer than `version`: evm_revert, reorganisations. */
  revertTo(version: Version): void;
  /** Back to the empty state. */
  reset(): void;

  /** keccak256. */
  keccak(data: Uint8Array): Uint8Array;
  /** Signers of many digests at once, spread over the workers; null where a signature does not recover. */
  recoverSenders(
    items: readonly { hash: Uint8Array; r: Uint8Array; s: Uint8Array; yParity: 0 | 1 }[],
  ): Promise<(Address | null)[]>;

  close(): Promise<void>;
}
