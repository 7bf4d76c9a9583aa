// How positions in default are resolved beside liquidations: marks, workouts, redemptions, seizures by order of law.
import { type Context, ponder } from "ponder:registry";
import { redemption, resolution } from "ponder:schema";
import type { Address } from "viem";
import { lower, marketAt, marketOf } from "../deployment.ts";
import {
  keepMarket,
  keepPosition,
  marketRow,
  type PositionRow,
  positionRow,
  termsRow,
} from "../state/market.ts";
import { act, type Occurrence, originOf } from "../state/rows.ts";

/** Changes a position and tells the resolution of it. */
async function resolve(
  db: Context["db"],
  event: Occurrence & { args: { owner: Address; termsId: bigint } },
  change: (before: PositionRow) => Partial<PositionRow>,
  told: Pick<typeof resolution.$inferInsert, "action" | "by"> &
    Partial<Pick<typeof resolution.$inferInsert, "auctionFrom" | "auctionUntil" | "amount" | "receiver">>,
): Promise<void> {
  const { owner, termsId } = event.args;
  const within = await marketRow(db, event.log.address);
  const terms = await termsRow(db, termsId);
  const before = await positionRow(db, event, owner, termsId);
  const { after, opened } = await keepPosition(db, event, before, change(before), { within, terms });
  await keepMarket(db, event, {
    ...within,
    totalCollateral: within.totalCollateral + after.collateral - before.collateral,
    openPositionCount: within.openPositionCount + opened,
  });
  await db.insert(resolution).values({
    ...originOf(event),
    market: within.id,
    account: owner,
    termsId,
    position: after.id,
    ...told,
  });
}

ponder.on("Market:Marked", async ({ event, context: { db } }) => {
  const { by, auctionFrom, auctionUntil } = event.args;
  const clock = { auctionFrom, auctionUntil };
  const change = () => ({ markedAt: event.block.timestamp, ...clock });
  await resolve(db, event, change, { action: "MARKED", by, ...clock });
});

ponder.on("Market:Unmarked", async ({ event, context: { db } }) => {
  const change = () => ({ markedAt: 0n, auctionFrom: 0n, auctionUntil: 0n });
  await resolve(db, event, change, { action: "UNMARKED", by: event.args.by });
});

ponder.on("Market:WorkoutStarted", async ({ event, context: { db } }) => {
  const { amount, inWorkout } = event.args;
  const change = ({ collateral }: PositionRow) => ({ collateral: collateral - amount, inWorkout });
  await resolve(db, event, change, { action: "WORKOUT_STARTED", by: workoutOf(event), amount });
});

ponder.on("Market:WorkoutEnded", async ({ event, context: { db } }) => {
  const { amount, inWorkout } = event.args;
  const change = () => ({ inWorkout });
  await resolve(db, event, change, { action: "WORKOUT_ENDED", by: workoutOf(event), amount });
});

ponder.on("Market:CollateralForceSeized", async ({ event, context: { db } }) => {
  const { owner, receiver, agent, amount, termsId } = event.args;
  const change = ({ collateral }: PositionRow) => ({ collateral: collateral - amount });
  await resolve(db, event, change, { action: "FORCE_SEIZED", by: agent, receiver, amount });
  const within = await marketRow(db, event.log.address);
  const deed = { market: within.id, termsId, token: within.collateralToken, amount };
  await act(db, event, { ...deed, kind: "FORCE_SEIZED", account: owner, counterparty: receiver });
});

function workoutOf(event: Occurrence): Address {
  return lower(marketOf(event.log.address)?.workout ?? event.log.address);
}

/* REDEMPTIONS WITH THE ISSUER */

type Redemption = Omit<typeof redemption.$inferInsert, keyof ReturnType<typeof originOf> | "market">;

async function redeem(db: Context["db"], event: Occurrence, told: Redemption): Promise<void> {
  await db.insert(redemption).values({ ...originOf(event), market: marketAt(event.log.address), ...told });
}

ponder.on("Workout:RedemptionRequested", async ({ event, context: { db } }) => {
  const { controller, owner, termsId, requestId, shares } = event.args;
  await redeem(db, event, { action: "OPENED", controller, owner, termsId, requestId, shares });
});

ponder.on("Workout:RedemptionSettled", async ({ event, context: { db } }) => {
  const { controller, owner, termsId, shares, assets, repaid } = event.args;
  await redeem(db, event, { action: "SETTLED", controller, owner, termsId, shares, assets, repaid });
});

ponder.on("Workout:RedemptionAbandoned", async ({ event, context: { db } }) => {
  const { controller, owner, termsId, shares } = event.args;
  await redeem(db, event, { action: "ABANDONED", controller, owner, termsId, shares });
});

ponder.on("RedemptionDesk:RedeemRequest", async ({ event, context: { db } }) => {
  const { controller, owner, requestId, shares } = event.args;
  await redeem(db, event, { action: "REQUESTED", controller, owner, requestId, shares });
});

ponder.on("RedemptionDesk:RequestFulfilled", async ({ event, context: { db } }) => {
  const { requestId, controller, shares, assets } = event.args;
  await redeem(db, event, { action: "FULFILLED", controller, requestId, shares, assets });
});

ponder.on("RedemptionDesk:RequestClaimed", async ({ event, context: { db } }) => {
  const { requestId, controller, shares, assets } = event.args;
  await redeem(db, event, { action: "CLAIMED", controller, requestId, shares, assets });
});
