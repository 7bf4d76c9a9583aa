// One tree of errors for what a user of the chain may do wrong or must learn. Messages use geth's words where tools
// look for them. It must not know JSON-RPC's codes; rpc/ maps kinds to codes.

import type { Halt, Hash, Hex } from "../engine/types.ts";

export type ChainErrorKind =
  | "invalid-input" // a parameter that no chain could accept
  | "transaction-rejected" // refused at admission or for the next block
  | "execution-reverted"
  | "execution-failed" // ran out of gas, invalid opcode and the like
  | "block-not-found"
  | "not-found"
  | "unknown-account" // no key for this address
  | "invalid-block" // importBlock
  | "unsupported"
  | "storage" // the data directory
  | "internal";

export class ChainError extends Error {
  readonly kind: ChainErrorKind;
  constructor(kind: ChainErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.kind = kind;
  }
}

/** A transaction that the pool or the next block cannot take; `reason` is stable, the message is for people. */
export class TransactionRejectedError extends ChainError {
  readonly reason: string;
  readonly hash: Hash | null;
  constructor(reason: string, message: string, hash: Hash | null = null) {
    super("transaction-rejected", message);
    this.reason = reason;
    this.hash = hash;
  }
}

/** REVERT, with the data that the contract gave. */
export class ExecutionRevertedError extends ChainError {
  readonly output: Hex;
  constructor(message: string, output: Hex) {
    super("execution-reverted", message);
    this.output = output;
  }
}

/** Any other failure of the EVM. */
export class ExecutionFailedError extends ChainError {
  readonly halt: Halt;
  constructor(halt: Halt, message: string) {
    super("execution-failed", message);
    this.halt = halt;
  }
}

/** A block that the chain refuses; `rule` names the check that failed. */
export class InvalidBlockError extends ChainError {
  readonly rule: string;
  constructor(rule: string, message: string) {
    super("invalid-block", `invalid block: ${message}`);
    this.rule = rule;
  }
}
