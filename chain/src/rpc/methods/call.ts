// Execution without effect: eth_call, eth_estimateGas, eth_createAccessList.

import type {
  BlockOverrides,
  BlockReference,
  CallParameters,
  StateOverrides,
  TransactionRequest,
} from "../../node/types.ts";
import { quantity } from "../encode.ts";
import { method } from "../method.ts";
import { block, compact, optional, required } from "../parameters.ts";
import { blockOverrides, stateOverrides, transactionRequest } from "../requests.ts";

const parameters = [
  required("call", transactionRequest),
  optional("block", block),
  optional("state overrides", stateOverrides),
  optional("block overrides", blockOverrides),
] as const;

function collect(
  request: TransactionRequest,
  at: BlockReference | undefined,
  state: StateOverrides | undefined,
  environment: BlockOverrides | undefined,
): CallParameters {
  return compact<CallParameters>({ request, block: at, stateOverrides: state, blockOverrides: environment });
}

export const callMethods = [
  method("eth_call", parameters, ({ node }, ...values) => node.call(collect(...values))),
  // Like Hardhat's and anvil's: for the block that the transaction will be in, with the timestamp set for it.
  method("eth_estimateGas", parameters, async ({ node }, request, at, ...overrides) =>
    quantity(await node.estimateGas(collect(request, at ?? "pending", ...overrides))),
  ),
  method("eth_createAccessList", parameters, async ({ node }, ...values) => {
    const { accessList, gasUsed, error } = await node.createAccessList(collect(...values));
    return {
      accessList: accessList.map(({ address, storageKeys }) => ({ address, storageKeys: [...storageKeys] })),
      gasUsed: quantity(gasUsed),
      ...(error === undefined ? {} : { error }),
    };
  }),
];
