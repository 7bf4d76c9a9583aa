// Signatures by accounts whose keys the node holds.

import { encodeSigned } from "../encode.ts";
import { InvalidParamsError } from "../errors.ts";
import { method } from "../method.ts";
import { address, type Decoder, data, object, required } from "../parameters.ts";
import { transactionRequest } from "../requests.ts";

/** An object, or its JSON in a string, as wallets take both. */
const typedData: Decoder<unknown> = (value, path) => {
  if (typeof value !== "string") return object(value, path);
  try {
    return object(JSON.parse(value), path);
  } catch (error) {
    if (error instanceof InvalidParamsError) throw error;
    throw new InvalidParamsError(
      `${path}: should be EIP-712 typed data, an object or its JSON: ${String(error)}`,
    );
  }
};

export const signMethods = [
  method("eth_sign", [required("address", address), required("message", data)], ({ node }, who, message) =>
    node.sign(who, message),
  ),
  method(
    "personal_sign",
    [required("message", data), required("address", address)],
    ({ node }, message, who) => node.sign(who, message),
  ),
  method(
    ["eth_signTypedData_v4", "eth_signTypedData"],
    [required("address", address), required("typed data", typedData)],
    ({ node }, who, typed) => node.signTypedData(who, typed),
  ),
  method("eth_signTransaction", [required("transaction", transactionRequest)], async ({ node }, request) => {
    const signed = await node.signTransaction(request);
    return { raw: signed.raw, tx: encodeSigned(signed, signed.gasPrice ?? signed.maxFeePerGas ?? 0n) };
  }),
];
