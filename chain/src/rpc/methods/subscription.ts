// eth_subscribe and eth_unsubscribe. That they need a lasting connection is for the transport to say.

import { InvalidParamsError } from "../errors.ts";
import { method } from "../method.ts";
import { anything, boolean, optional, required, string } from "../parameters.ts";
import { logFilter } from "../requests.ts";
import type { Topic } from "../subscriptions.ts";

function topicOf(name: string, argument: unknown): Topic {
  const path = "invalid argument 1";
  switch (name) {
    case "newHeads":
    case "syncing":
      return { kind: name };
    case "logs":
      return { kind: "logs", filter: argument === undefined ? {} : logFilter(argument, `${path} (filter)`) };
    case "newPendingTransactions":
      return {
        kind: name,
        full: argument === undefined ? false : boolean(argument, `${path} (full transactions)`),
      };
    default:
      throw new InvalidParamsError(
        `no "${name}" subscription in eth namespace; there are newHeads, logs, newPendingTransactions and syncing`,
      );
  }
}

export const subscriptionMethods = [
  method(
    "eth_subscribe",
    [required("kind", string), optional("argument", anything)],
    ({ subscriptions }, kind, argument) => subscriptions.open(topicOf(kind, argument ?? undefined)),
  ),
  method("eth_unsubscribe", [required("subscription id", string)], ({ subscriptions }, id) =>
    subscriptions.close(id),
  ),
];
