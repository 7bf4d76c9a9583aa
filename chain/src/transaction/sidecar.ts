// The blobs that travel beside a type 3 transaction (EIP-4844, EIP-7594): shapes and versioned hashes. It does not
// verify KZG proofs: a devchain keeps no blobs, and only the hashes reach the EVM.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "../protocol/bytes.ts";
import { asBytes, asInteger, asList, type RlpItem } from "../protocol/rlp.ts";
import { transactionError } from "./errors.ts";
import type { Hash } from "./types.ts";

const BYTES_PER_BLOB = 131_072;
const BYTES_PER_COMMITMENT = 48;
const BYTES_PER_PROOF = 48;
/** EIP-7594: cells of an extended blob, each with its proof. */
const CELLS_PER_EXT_BLOB = 128;
const VERSIONED_HASH_VERSION_KZG = 1;

/** Checks counts and lengths of a network wrapper and gives the versioned hashes of its commitments. */
export function versionedHashesOf(wrapper: RlpItem[]): Hash[] {
  const withCells = wrapper.length === 5;
  if (!withCells && wrapper.length !== 4) {
    throw transactionError(
      "invalid-blob-sidecar",
      `${wrapper.length} parts instead of 4 or, with cell proofs, 5`,
    );
  }
  if (withCells) {
    const version = asInteger(wrapper[1], "wrapper version", 1);
    if (version !== 1n)
      throw transactionError("invalid-blob-sidecar", `wrapper version ${version} is not known`);
  }
  const [blobs, commitments, proofs] = wrapper
    .slice(-3)
    .map((part, i) =>
      asList(part, ["blobs", "commitments", "proofs"][i]!).map((item) => asBytes(item, "sidecar item")),
    );
  const expectedProofs = blobs!.length * (withCells ? CELLS_PER_EXT_BLOB : 1);
  if (commitments!.length !== blobs!.length || proofs!.length !== expectedProofs) {
    throw transactionError(
      "invalid-blob-sidecar",
      `${blobs!.length} blobs with ${commitments!.length} commitments and ${proofs!.length} proofs; expected ` +
        `${blobs!.length} and ${expectedProofs}`,
    );
  }
  requireLengths(blobs!, BYTES_PER_BLOB, "blob");
  requireLengths(commitments!, BYTES_PER_COMMITMENT, "commitment");
  requireLengths(proofs!, BYTES_PER_PROOF, "proof");
  return commitments!.map((commitment) => {
    const hash = sha256(commitment);
    hash[0] = VERSIONED_HASH_VERSION_KZG;
    return bytesToHex(hash);
  });
}

function requireLengths(items: Uint8Array[], length: number, name: string): void {
  const wrong = items.find((item) => item.length !== length);
  if (wrong)
    throw transactionError(
      "invalid-blob-sidecar",
      `a ${name} has ${wrong.length} bytes instead of ${length}`,
    );
}
