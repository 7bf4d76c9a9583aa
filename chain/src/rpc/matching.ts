// Whether a log is one that a filter asks for. Pure; block references are resolved by the caller.

import type { BlockReference, LogEntry, LogFilter } from "../node/types.ts";

/** By address and topics alone. */
export function matchesContent(filter: LogFilter, log: LogEntry): boolean {
  const { addresses, topics } = filter;
  if (addresses !== undefined && addresses.length > 0 && !addresses.includes(log.address)) return false;
  return (topics ?? []).every((wanted, position) => {
    const topic = log.topics[position];
    // Even a wildcard asks that there be a topic at its position (geth).
    return topic !== undefined && (wanted === null || wanted.includes(topic));
  });
}

/** Also by the range of blocks, for logs as they appear: tags other than earliest mean "from now on". */
export function matchesArrival(filter: LogFilter, log: LogEntry): boolean {
  const number = log.blockNumber;
  if (number !== null && isAfter(filter.fromBlock, number)) return false;
  if (number !== null && typeof filter.toBlock === "bigint" && number > filter.toBlock) return false;
  if (filter.blockHash !== undefined && filter.blockHash !== log.blockHash) return false;
  return matchesContent(filter, log);
}

function isAfter(from: BlockReference | undefined, number: bigint): boolean {
  return typeof from === "bigint" && from > number;
}
