// What no other node tells: how parallel a block was, what made transactions wait, and what each read and changed.

import { encodeAccessSets, encodeReport } from "../encode.ts";
import { method } from "../method.ts";
import { block, optional } from "../parameters.ts";

export const parallelMethods = [
  method("parallel_getBlockReport", [optional("block", block, "latest")], async ({ node }, at) => {
    const report = await node.getBlockReport(at);
    return report && encodeReport(report);
  }),
  method("parallel_getAccessSets", [optional("block", block, "latest")], async ({ node }, at) => {
    const sets = await node.getAccessSets(at);
    return sets && encodeAccessSets(sets);
  }),
];
