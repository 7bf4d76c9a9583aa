// Changing accounts at the newest height, and sending from accounts without a key. Hardhat answers true, so do we.

import { UnsupportedError } from "../errors.ts";
import { method } from "../method.ts";
import { address, anything, boolean, data, looseQuantity, optional, required, word } from "../parameters.ts";

const who = required("address", address);
const amount = required("balance in wei", looseQuantity(256));

async function done(change: Promise<void>): Promise<true> {
  await change;
  return true;
}

/** A method that other nodes have and this one does not, with what to do instead. */
function unsupported(name: string, advice: string) {
  return method(
    name,
    Array.from({ length: 4 }, (_, index) => optional(`argument ${index}`, anything)),
    () => {
      throw new UnsupportedError(`${name} is not supported: ${advice}`);
    },
  );
}

export const stateMethods = [
  method(["hardhat_setBalance", "evm_setAccountBalance"], [who, amount], ({ node }, account, balance) =>
    done(node.setBalance(account, balance)),
  ),
  method("anvil_addBalance", [who, amount], async ({ node }, account, balance) =>
    done(node.setBalance(account, (await node.getBalance(account)) + balance)),
  ),
  method(
    ["hardhat_setNonce", "evm_setAccountNonce"],
    [who, required("nonce", looseQuantity(64))],
    ({ node }, account, nonce) => done(node.setNonce(account, nonce)),
  ),
  method(
    ["hardhat_setCode", "evm_setAccountCode"],
    [who, required("code", data)],
    ({ node }, account, code) => done(node.setCode(account, code)),
  ),
  method(
    ["hardhat_setStorageAt", "evm_setAccountStorageAt"],
    [who, required("slot", word), required("value", word)],
    ({ node }, account, slot, value) => done(node.setStorage(account, slot, value)),
  ),
  method("hardhat_impersonateAccount", [who], ({ node }, account) => done(node.impersonate(account))),
  method("hardhat_stopImpersonatingAccount", [who], ({ node }, account) => node.stopImpersonating(account)),
  method(
    ["anvil_autoImpersonateAccount", "hardhat_autoImpersonateAccount"],
    [required("enabled", boolean)],
    ({ node }, enabled) => done(node.setAutoImpersonate(enabled)),
  ),

  unsupported("anvil_setRpcUrl", "this chain does not fork another one; start a new one instead"),
  unsupported(
    "hardhat_setMinGasPrice",
    "gas is priced by EIP-1559 here; use hardhat_setNextBlockBaseFeePerGas",
  ),
  unsupported("anvil_setChainId", "the chain id is fixed; start the node with --chain-id"),
  unsupported(
    "anvil_dumpState",
    "state can't be exported yet; use evm_snapshot and evm_revert within one run",
  ),
  unsupported("anvil_loadState", "state can't be imported yet; replay the transactions, or use the setters"),
  unsupported("anvil_impersonateSignature", "use hardhat_impersonateAccount and eth_sendTransaction"),
  unsupported("evm_addAccount", "start the node with --accounts, or use hardhat_impersonateAccount"),
];
