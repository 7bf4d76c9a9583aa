import { ponder } from "ponder:registry";
import { transfer } from "ponder:schema";

ponder.on("Stablecoin:Transfer", async ({ event, context }) => {
  await context.db.insert(transfer).values({
    id: event.id,
    blockNumber: event.block.number,
    timestamp: event.block.timestamp,
    transactionHash: event.transaction.hash,
    logIndex: event.log.logIndex,
    token: event.log.address,
    from: event.args.from,
    to: event.args.to,
    amount: event.args.value,
  });
});
