// The seam between the chain thread (dispatcher) and the main thread (transport), and what a library user sees of it:
// JSON-RPC requests, notifications and error objects. It knows nothing of sockets or of the node.

/** Plain JSON: what crosses the thread boundary and what JSON.stringify takes. Quantities are hex strings already. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface RpcRequest {
  method: string;
  /** Absent counts as []. Named parameters (an object) are refused with -32602. */
  params?: unknown;
}

/** The `error` member of a JSON-RPC response; survives structured cloning. */
export interface RpcErrorObject {
  code: number;
  message: string;
  /** Raw revert data as hex for code 3, otherwise whatever helps. */
  data?: Json;
}

export type RpcOutcome = { result: Json } | { error: RpcErrorObject };

/** Params of an `eth_subscription` notification. */
export interface RpcNotification {
  subscription: string;
  result: Json;
}

/** What the chain thread runs requests with. */
export interface Dispatcher {
  /** Answers one request. Rejects with an RpcError; errorObject() of errors.ts turns it into a member of a response. */
  request(request: RpcRequest): Promise<Json>;
  /** Answers a batch in order; one failing request does not touch the others. */
  requestAll(requests: readonly RpcRequest[]): Promise<RpcOutcome[]>;
  /** Calls back for each event of a subscription made with eth_subscribe. Returns the unsubscriber. */
  onNotification(listener: (notification: RpcNotification) => void): () => void;
  close(): void;
}

/** What the transport needs of the chain thread: the dispatcher, from afar. */
export type RequestHandler = Pick<Dispatcher, "request" | "requestAll" | "onNotification">;
