// All methods, family by family.

import type { Method } from "../method.ts";
import { accountMethods } from "./account.ts";
import { blockMethods } from "./block.ts";
import { callMethods } from "./call.ts";
import { clientMethods } from "./client.ts";
import { debugMethods } from "./debug.ts";
import { debugTraceMethods } from "./debug-trace.ts";
import { feeMethods } from "./fee.ts";
import { logMethods } from "./log.ts";
import { miningMethods } from "./mining.ts";
import { parallelMethods } from "./parallel.ts";
import { poolMethods } from "./pool.ts";
import { sendMethods } from "./send.ts";
import { signMethods } from "./sign.ts";
import { simulateMethods } from "./simulate.ts";
import { snapshotMethods } from "./snapshot.ts";
import { stateMethods } from "./state.ts";
import { subscriptionMethods } from "./subscription.ts";
import { timeMethods } from "./time.ts";
import { transactionMethods } from "./transaction.ts";

export const methods: readonly Method[] = [
  ...accountMethods,
  ...blockMethods,
  ...callMethods,
  ...clientMethods,
  ...debugMethods,
  ...debugTraceMethods,
  ...feeMethods,
  ...logMethods,
  ...miningMethods,
  ...parallelMethods,
  ...poolMethods,
  ...sendMethods,
  ...signMethods,
  ...simulateMethods,
  ...snapshotMethods,
  ...stateMethods,
  ...subscriptionMethods,
  ...timeMethods,
  ...transactionMethods,
];
