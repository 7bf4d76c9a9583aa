// What no other node tells: how parallel a block was, and what made transactions wait.

import { encodeReport } from "../encode.ts";
import { method } from "../method.ts";
import { block, optional } from "../parameters.ts";

export const parallelMethods = [
  method("parallel_getBlockReport", [optional("block", block, "latest")], async ({ node }, at) => {
    const report = await node.getBlockReport(at);
    return report && encodeReport(report);
  }),
];
