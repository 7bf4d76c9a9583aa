// eth_simulateV1: calls in blocks that never happen.

import { TransactionRejectedError } from "../../node/errors.ts";
import type { SimulateParameters } from "../../node/types.ts";
import { encodeSimulated } from "../encode.ts";
import { RpcError } from "../errors.ts";
import { method } from "../method.ts";
import {
  arrayOf,
  block,
  boolean,
  compact,
  type Decoder,
  fieldsOf,
  optional,
  required,
  word,
} from "../parameters.ts";
import { blockOverrides, stateOverrides, transactionRequest, withdrawals } from "../requests.ts";

/** Of one request, gaps between block numbers included (geth). */
const MAX_BLOCKS = 256;

/** execution-apis: codes of eth_simulateV1 for a call that no block could hold, by the node's reason. */
const REJECTION_CODES: Record<string, number> = {
  "nonce-too-low": -38010,
  "nonce-too-high": -38011,
  "max-fee-below-base-fee": -38012,
  "intrinsic-gas-too-low": -38013,
  "gas-below-floor": -38013,
  "insufficient-funds": -38014,
  "block-gas-exceeded": -38015,
  "sender-not-eoa": -38024,
  "initcode-too-large": -38025,
};

type BlockStateCall = SimulateParameters["blockStateCalls"][number];

const simulatedOverrides: Decoder<NonNullable<BlockStateCall["blockOverrides"]>> = (value, path) => {
  const field = fieldsOf(value, path);
  return {
    ...blockOverrides(value, path),
    ...compact({
      withdrawals: field("withdrawals", withdrawals),
      parentBeaconBlockRoot: field("beaconRoot", word) ?? field("parentBeaconBlockRoot", word),
    }),
  };
};

const blockStateCall: Decoder<BlockStateCall> = (value, path) => {
  const field = fieldsOf(value, path);
  return compact<BlockStateCall>({
    blockOverrides: field("blockOverrides", simulatedOverrides),
    stateOverrides: field("stateOverrides", stateOverrides),
    calls: field("calls", arrayOf(transactionRequest)),
  });
};

interface Payload extends Omit<SimulateParameters, "block"> {
  returnFullTransactions: boolean;
}

const payload: Decoder<Payload> = (value, path) => {
  const field = fieldsOf(value, path);
  return {
    blockStateCalls: field("blockStateCalls", arrayOf(blockStateCall)) ?? [],
    traceTransfers: field("traceTransfers", boolean) ?? false,
    validation: field("validation", boolean) ?? false,
    returnFullTransactions: field("returnFullTransactions", boolean) ?? false,
  };
};

export const simulateMethods = [
  method(
    "eth_simulateV1",
    [required("payload", payload), optional("block", block, "latest")],
    async ({ node }, { returnFullTransactions, ...simulation }, at) => {
      if (simulation.blockStateCalls.length > MAX_BLOCKS) throw new RpcError(-38026, "too many blocks");
      try {
        const blocks = await node.simulate({ ...simulation, block: at });
        return blocks.map((simulated) => encodeSimulated(simulated, returnFullTransactions));
      } catch (error) {
        const code = error instanceof TransactionRejectedError ? REJECTION_CODES[error.reason] : undefined;
        throw code === undefined ? error : new RpcError(code, `err: ${(error as Error).message}`);
      }
    },
  ),
];
