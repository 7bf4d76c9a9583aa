// The one tree of JSON-RPC errors. Codes follow JSON-RPC 2.0, EIP-1474, EIP-7966 and geth; wording follows geth where viem's
// and ethers' error classes match on it. It knows nothing of transport or of the node.

import type { Json, RpcErrorObject } from "./types.ts";

/** Any failure a client is told about. `message` says what is wrong and, where that helps, what to do next. */
export class RpcError extends Error {
  override readonly name: string = "RpcError";
  readonly code: number;
  readonly data: Json | undefined;

  constructor(code: number, message: string, options: { data?: Json; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = options.data;
  }
}

/** The body is not JSON. */
export class ParseError extends RpcError {
  override readonly name = "ParseError";
  constructor(detail: string) {
    super(-32700, `parse error: ${detail}`);
  }
}

/** JSON, but not a JSON-RPC 2.0 request. */
export class InvalidRequestError extends RpcError {
  override readonly name = "InvalidRequestError";
  constructor(detail: string) {
    super(-32600, `invalid request: ${detail}`);
  }
}

export class MethodNotFoundError extends RpcError {
  override readonly name = "MethodNotFoundError";
  constructor(method: string, suggestion?: string) {
    super(
      -32601,
      `the method ${method} does not exist/is not available${suggestion ? `; did you mean ${suggestion}?` : ""}`,
    );
  }
}

/** Wrong number, type or range of parameters. */
export class InvalidParamsError extends RpcError {
  override readonly name = "InvalidParamsError";
  constructor(message: string) {
    super(-32602, message);
  }
}

/** A fault of ours; the chain goes on. */
export class InternalError extends RpcError {
  override readonly name = "InternalError";
  constructor(message: string, cause?: unknown) {
    super(-32603, `internal error: ${message}`, { cause });
  }
}

/** The request is fine, its answer is a failure: geth's catch-all. */
export class ServerError extends RpcError {
  override readonly name = "ServerError";
  constructor(message: string, data?: Json) {
    super(-32000, message, { data });
  }
}

/** EIP-1474: the named thing does not exist. */
export class ResourceNotFoundError extends RpcError {
  override readonly name = "ResourceNotFoundError";
  constructor(message: string) {
    super(-32001, message);
  }
}

/** EIP-1474: the method is known, but not supported here. */
export class UnsupportedError extends RpcError {
  override readonly name = "UnsupportedError";
  constructor(message: string) {
    super(-32004, message);
  }
}

/** EIP-1474: too much at once. */
export class LimitExceededError extends RpcError {
  override readonly name = "LimitExceededError";
  constructor(message: string) {
    super(-32005, message);
  }
}

/** Execution reverted; `data` is the raw revert data (geth, code 3). */
export class RevertError extends RpcError {
  override readonly name = "RevertError";
  constructor(message: string, data: string) {
    super(3, message, { data });
  }
}

/**
 * What goes into a response: of an RpcError, or of an error that carries its `code` and `data` because it crossed a
 * thread. Anything else is a fault of ours and says so.
 */
export function errorObject(error: unknown): RpcErrorObject {
  if (error instanceof Error && "code" in error && typeof error.code === "number") {
    const data = "data" in error ? (error.data as Json | undefined) : undefined;
    return { code: error.code, message: error.message, ...(data === undefined ? {} : { data }) };
  }
  return errorObject(new InternalError(error instanceof Error ? error.message : String(error), error));
}
