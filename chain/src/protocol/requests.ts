// Requests of the execution layer to the consensus layer (EIP-7685): deposits found in logs (EIP-6110), and the hash
// over all of them. It must not know how logs and outputs were obtained.

import { sha256 } from "@noble/hashes/sha2.js";
import type { Hash, Log } from "../engine/types.ts";
import { bytesToBigint, bytesToHex, concatBytes, hexToBytes } from "./bytes.ts";
import { DEPOSIT_CONTRACT_ADDRESS } from "./system.ts";

/** keccak256("DepositEvent(bytes,bytes,bytes,bytes,bytes)"). */
const DEPOSIT_EVENT_TOPIC: Hash = "0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5";

export const DEPOSIT_REQUEST_TYPE = 0;
export const WITHDRAWAL_REQUEST_TYPE = 1;
export const CONSOLIDATION_REQUEST_TYPE = 2;

/** The event's five byte strings in ABI order: where each begins and how long it is (EIP-6110). */
const DEPOSIT_FIELDS = [
  { name: "pubkey", offset: 160, length: 48 },
  { name: "withdrawal_credentials", offset: 256, length: 32 },
  { name: "amount", offset: 320, length: 8 },
  { name: "signature", offset: 384, length: 96 },
  { name: "index", offset: 512, length: 8 },
] as const;
const DEPOSIT_EVENT_LENGTH = 576;

export class DepositLayoutError extends Error {
  override readonly name = "DepositLayoutError";
}

/** The deposit requests in a block's logs, one after another; throws DepositLayoutError on an event laid out otherwise. */
export function depositRequests(logs: Iterable<Log>): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const log of logs) {
    if (log.address !== DEPOSIT_CONTRACT_ADDRESS || log.topics[0] !== DEPOSIT_EVENT_TOPIC) continue;
    const data = hexToBytes(log.data);
    if (data.length !== DEPOSIT_EVENT_LENGTH) {
      throw new DepositLayoutError(
        `a deposit event has ${data.length} bytes instead of ${DEPOSIT_EVENT_LENGTH}`,
      );
    }
    DEPOSIT_FIELDS.forEach(({ name, offset, length }, i) => {
      const word = (at: number) => bytesToBigint(data.subarray(at, at + 32));
      if (word(32 * i) !== BigInt(offset) || word(offset) !== BigInt(length)) {
        throw new DepositLayoutError(`a deposit event's ${name} is not at ${offset} with ${length} bytes`);
      }
      parts.push(data.subarray(offset + 32, offset + 32 + length));
    });
  }
  return concatBytes(...parts);
}

/** EIP-7685: sha256 over the sha256 of each request list that is not empty, `type || data`, in order of type. */
export function requestsHash(requests: readonly { type: number; data: Uint8Array }[]): Hash {
  const digests = requests
    .filter(({ data }) => data.length > 0)
    .map(({ type, data }) => sha256(concatBytes(Uint8Array.of(type), data)));
  return bytesToHex(sha256(concatBytes(...digests)));
}
