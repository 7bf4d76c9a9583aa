// Travels in time step by step. Between steps attestors report, where somebody runs them, so that no NAV goes stale on the way;
// and what the protocol needs done by anybody is done, as a keeper would.
import { iNavOracleAbi, iUpkeepAbi } from "@polder/contracts";
import {
  type Address,
  encodeAbiParameters,
  encodeFunctionData,
  type PublicClient,
  parseAbiParameters,
} from "viem";
import { isDue, nextStep } from "./logic.ts";
import { advance, sendUnlocked, unlockedAccounts } from "./node.ts";

/** Milliseconds that reports are waited for: of attestors who may not run, and of those who did on this journey. */
const PATIENCE = { first: 4_000, later: 15_000 };
/** Milliseconds between two looks. */
const PAUSE = 100;

export type Places = {
  oracles: readonly Address[];
  markets: readonly Address[];
  surplus: Address;
  upkeep: Address;
};

/** @returns how many NAV reports came on the way. */
export async function travel(
  client: PublicClient,
  seconds: number,
  places: Places,
  progress: (done: number) => void,
): Promise<number> {
  const [payer] = await unlockedAccounts(client);
  const end = (await chainTime(client)) + seconds;
  const first = await feedsOf(client, places.oracles);
  const given = new Set(first.filter(({ staleAt }) => staleAt === 0).map(({ oracle }) => oracle));
  let heard = false;
  for (;;) {
    const now = await chainTime(client);
    progress(seconds - (end - now));
    const feeds = (await feedsOf(client, places.oracles)).filter(({ oracle }) => !given.has(oracle));
    const step = nextStep(
      now,
      end,
      feeds.map(({ staleAt }) => staleAt),
    );
    if (step === "reports first") {
      const due = feeds.filter(({ staleAt }) => isDue(now, staleAt));
      const silent = await awaitReports(client, due, heard ? PATIENCE.later : PATIENCE.first);
      heard ||= silent.length < due.length;
      for (const { oracle } of silent) given.add(oracle);
      continue;
    }
    if (step === 0) break;
    await advance(client, step);
    if (payer !== undefined) await keepUp(client, places, payer);
  }
  const rounds = (feeds: readonly Feed[]) => feeds.reduce((sum, { nextRound }) => sum + nextRound, 0);
  return rounds(await feedsOf(client, places.oracles)) - rounds(first);
}

/** `staleAt` by the chain's clock, seconds; 0 where nobody ever reported. */
type Feed = { oracle: Address; nextRound: number; staleAt: number };

function feedsOf(client: PublicClient, oracles: readonly Address[]): Promise<Feed[]> {
  return Promise.all(
    oracles.map(async (oracle) => {
      const contract = { address: oracle, abi: iNavOracleAbi } as const;
      const [nextRound, { navDate }, { staleAfter }] = await Promise.all([
        client.readContract({ ...contract, functionName: "nextRound" }),
        client.readContract({ ...contract, functionName: "accepted" }),
        client.readContract({ ...contract, functionName: "settings" }),
      ]);
      return { oracle, nextRound, staleAt: Number(navDate) === 0 ? 0 : Number(navDate) + staleAfter };
    }),
  );
}

/** Until every one of `due` has a new NAV. Gives those that stayed silent. */
async function awaitReports(
  client: PublicClient,
  due: readonly Feed[],
  patience: number,
): Promise<readonly Feed[]> {
  const oracles = due.map(({ oracle }) => oracle);
  const until = performance.now() + patience;
  let silent = due;
  do {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const after = await feedsOf(client, oracles);
    silent = due.filter(({ staleAt }, i) => after[i]?.staleAt === staleAt);
  } while (silent.length > 0 && performance.now() < until);
  return silent;
}

const WATCH = parseAbiParameters(
  "(address[] markets, address surplus, uint256[] termsIds, address[] owners)",
);

/** Checkpoints, and what else `Upkeep` says is due. A keeper that runs may be quicker, which is as well. */
async function keepUp(client: PublicClient, { markets, surplus, upkeep }: Places, payer: Address) {
  const contract = { address: upkeep, abi: iUpkeepAbi } as const;
  const watch = encodeAbiParameters(WATCH, [{ markets, surplus, termsIds: [], owners: [] }]);
  try {
    const { result } = await client.simulateContract({
      ...contract,
      functionName: "checkUpkeep",
      args: [watch],
    });
    const [needed, tasks] = result;
    if (!needed) return;
    const data = encodeFunctionData({ ...contract, functionName: "performUpkeep", args: [tasks] });
    await sendUnlocked(client, payer, upkeep, data);
  } catch {
    // Somebody else did it, or nobody needs it: the journey does not hang on it.
  }
}

async function chainTime(client: PublicClient): Promise<number> {
  return Number((await client.getBlock()).timestamp);
}
