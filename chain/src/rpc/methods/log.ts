// Logs, at once or by filters that are polled.

import { encodeLog } from "../encode.ts";
import { method } from "../method.ts";
import { boolean, optional, quantity, required } from "../parameters.ts";
import { logFilter } from "../requests.ts";

const filterId = required("filter id", quantity());

export const logMethods = [
  method("eth_getLogs", [required("filter", logFilter)], async ({ node }, filter) =>
    (await node.getLogs(filter)).map(encodeLog),
  ),
  method("eth_newFilter", [optional("filter", logFilter, {})], ({ filters }, filter) =>
    filters.newLogFilter(filter),
  ),
  method("eth_newBlockFilter", [], ({ filters }) => filters.newBlockFilter()),
  method(
    "eth_newPendingTransactionFilter",
    [optional("full transactions", boolean, false)],
    ({ filters }, full) => filters.newTransactionFilter(full),
  ),
  method("eth_getFilterChanges", [filterId], ({ filters }, id) => filters.changes(id)),
  method("eth_getFilterLogs", [filterId], async ({ filters, node }, id) =>
    (await node.getLogs(filters.logFilter(id))).map(encodeLog),
  ),
  method("eth_uninstallFilter", [filterId], ({ filters }, id) => filters.uninstall(id)),
];
