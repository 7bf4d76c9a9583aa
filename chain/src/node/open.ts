// A node whose chain outlives the process. It must not know what the log's records look like on disk.

import type { Engine } from "../engine/types.ts";
import type { DataDirectory } from "../store/directory.ts";
import { Accounts } from "./accounts.ts";
import { ChainCore } from "./core.ts";
import { Events } from "./events.ts";
import { checkAccounts, reopenedOptions } from "./identity.ts";
import { Impersonation } from "./impersonation.ts";
import { Journal } from "./journal.ts";
import { DevchainNode } from "./node.ts";
import { resolveOptions } from "./options.ts";
import { isMostlyIdle, restore, survey, tidy } from "./restore.ts";
import type { ChainOptions, RestoreProgress } from "./types.ts";

/**
 * As createNode(), with the chain that the directory keeps: taken up from its log, or begun in it. What a promise of the node
 * tells is on disk when the log has synced. The caller closes the directory after the node.
 */
export async function openNode(
  engine: Engine,
  { log, path }: DataDirectory,
  options: ChainOptions = {},
  onError: (error: unknown) => void = () => {},
  onProgress: (progress: RestoreProgress) => void = () => {},
): Promise<DevchainNode> {
  const found = await survey(log);
  const config = resolveOptions(found ? reopenedOptions(options, found.genesis, path) : options);
  const accounts = new Accounts(config.mnemonic, config.accounts);
  if (found) checkAccounts(accounts.addresses, found.genesis, path);
  const events = new Events(onError);
  const core = new ChainCore(engine, config, accounts, (event) => events.emit(event), found?.genesis);
  const impersonation = new Impersonation();
  if (found) {
    await restore(core, impersonation, log, found, onProgress);
    if (isMostlyIdle(log, found)) await tidy(log, found);
  }
  core.keep(new Journal(log, core.circumstances), found === null);
  const kept = { directory: path, restoredBlocks: core.head.header.number, cutBytes: log.cutBytes };
  return new DevchainNode(core, accounts, events, onError, impersonation, kept);
}
