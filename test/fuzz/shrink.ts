// Makes a failing scenario smaller while it still fails: fewer blocks, fewer transactions, simpler ones, less genesis.
// It must not know what failing means.

import type { Address, Hash, Message } from "../../chain/src/engine/types.ts";
import type { Scenario } from "./scenario.ts";

/** Delta debugging (Zeller 2002) over each dimension in turn, until nothing more goes or `deadline` (ms, performance.now) passes. */
export async function shrink(
  scenario: Scenario,
  fails: (scenario: Scenario) => Promise<boolean>,
  deadline: number,
): Promise<Scenario> {
  let best = scenario;
  const attempt = async (candidate: Scenario): Promise<boolean> => {
    if (performance.now() > deadline || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = -1; size !== weight(best) && performance.now() < deadline; ) {
    size = weight(best);
    await reduceList(
      () => best.blocks,
      (blocks) => attempt({ ...best, blocks }),
    );
    for (let index = 0; index < best.blocks.length; index++) {
      await reduceList(
        () => best.blocks[index]!.messages,
        (messages) =>
          attempt({ ...best, blocks: best.blocks.with(index, { ...best.blocks[index]!, messages }) }),
      );
    }
    await simplifyMessages(() => best, attempt);
    await reduceList(
      () => Object.entries(best.genesis) as [Address, Scenario["genesis"][Address]][],
      (accounts) => attempt({ ...best, genesis: Object.fromEntries(accounts) }),
    );
    for (const address of Object.keys(best.genesis) as Address[]) {
      await reduceList(
        () => Object.entries(best.genesis[address]!.storage) as [Hash, Hash][],
        (slots) => {
          const account = { ...best.genesis[address]!, storage: Object.fromEntries(slots) };
          return attempt({ ...best, genesis: { ...best.genesis, [address]: account } });
        },
      );
    }
  }
  return best;
}

function weight({ genesis, blocks }: Scenario): number {
  return JSON.stringify([genesis, blocks], (_, value) => (typeof value === "bigint" ? `${value}` : value))
    .length;
}

/** Drops chunks, from halves down to single items. */
async function reduceList<T>(
  current: () => readonly T[],
  keep: (items: T[]) => Promise<boolean>,
): Promise<void> {
  for (let chunk = Math.ceil(current().length / 2); chunk >= 1; chunk = Math.floor(chunk / 2)) {
    for (let start = 0; start < current().length; ) {
      const items = current().toSpliced(start, chunk);
      if (!(await keep(items))) start += chunk;
    }
  }
}

const SIMPLER: ((message: Message) => Message)[] = [
  (message) => ({ ...message, value: 0n }),
  (message) => ({ ...message, data: "0x" }),
  ({ accessList: _, ...message }) => message,
  ({ authorizationList: _, ...message }) => (message.type === 4 ? { ...message, type: 2 } : message),
];

async function simplifyMessages(
  current: () => Scenario,
  attempt: (scenario: Scenario) => Promise<boolean>,
): Promise<void> {
  for (let block = 0; block < current().blocks.length; block++) {
    for (let index = 0; index < current().blocks[block]!.messages.length; index++) {
      for (const simplify of SIMPLER) {
        const { genesis, blocks } = current();
        const { environment, messages } = blocks[block]!;
        const before = messages[index]!;
        const after = simplify(before);
        if (Object.keys(after).every((key) => after[key as keyof Message] === before[key as keyof Message])) {
          if (Object.keys(after).length === Object.keys(before).length) continue;
        }
        await attempt({
          genesis,
          blocks: blocks.with(block, { environment, messages: messages.with(index, after) }),
        });
      }
    }
  }
}
