// A signed transaction as the pool, blocks and JSON-RPC hold it. It must not know state or blocks.

import type { AccessListEntry, Address, Hash, Hex } from "../engine/types.ts";

export type { AccessListEntry, Address, Hash, Hex } from "../engine/types.ts";

/** An EIP-7702 tuple with its signature. */
export interface SignedAuthorization {
  chainId: bigint;
  address: Address;
  nonce: bigint;
  yParity: bigint;
  r: bigint;
  s: bigint;
}

/** A transaction whose sender is known. Fields that a type does not have are absent. */
export interface Transaction {
  hash: Hash;
  /** EIP-2718 type, 0 to 4. */
  type: 0 | 1 | 2 | 3 | 4;
  from: Address;
  /** null creates a contract. */
  to: Address | null;
  nonce: bigint;
  gas: bigint;
  /** Wei. */
  value: bigint;
  data: Hex;
  /** Absent in type 0 without replay protection (EIP-155). */
  chainId?: bigint;
  /** Wei per gas, types 0 and 1. */
  gasPrice?: bigint;
  /** Wei per gas, types 2 to 4. */
  maxFeePerGas?: bigint;
  maxPriorityFeePerGas?: bigint;
  /** Wei per blob gas, type 3. */
  maxFeePerBlobGas?: bigint;
  blobVersionedHashes?: readonly Hash[];
  accessList?: readonly AccessListEntry[];
  authorizationList?: readonly SignedAuthorization[];
  /** Type 0: 27, 28 or EIP-155's; others: the parity. */
  v: bigint;
  r: bigint;
  s: bigint;
  yParity?: 0 | 1;
  /** The envelope as it stands in a block, without blob sidecar. */
  raw: Hex;
}
