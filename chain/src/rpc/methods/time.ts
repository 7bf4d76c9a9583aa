// The chain's clock. Hardhat answers some of these in decimal strings, and so do we.

import { method } from "../method.ts";
import { looseQuantity, required } from "../parameters.ts";

const timestamp = required("timestamp in seconds", looseQuantity());
const seconds = required("seconds", looseQuantity());

export const timeMethods = [
  method("evm_increaseTime", [seconds], async ({ node }, by) => (await node.increaseTime(by)).toString()),
  method("evm_setNextBlockTimestamp", [timestamp], async ({ node }, at) => {
    await node.setNextBlockTimestamp(at);
    return at.toString();
  }),
  /** Gives the new offset to the machine's clock, in seconds. */
  method("evm_setTime", [timestamp], async ({ node }, at) => Number(await node.setTime(at))),
  method("anvil_setBlockTimestampInterval", [seconds], async ({ node }, every) => {
    await node.setBlockTimestampInterval(every);
    return null;
  }),
  method("anvil_removeBlockTimestampInterval", [], ({ node }) => node.setBlockTimestampInterval(null)),
];
