// Many positions fall due with one NAV report: how many blocks until one keeper has liquidated them all? Prints a table, and
// fails where it takes more than three.
//   node test/scripts/soak-keeper.ts [--positions N] [--signers N] [--block-time SECONDS]
import { parseArgs } from "node:util";
import { count, dim, table } from "../../scripts/lib/terminal.ts";
import { Service } from "./support/service.ts";
import { DAY, Stage } from "./support/stage.ts";

const { values } = parseArgs({
  options: {
    positions: { type: "string", default: "300" },
    signers: { type: "string", default: "8" },
    "block-time": { type: "string", default: "2" },
  },
});
const positions = Number(values.positions);
const milliseconds = Number(values["block-time"]) * 1_000;

const stage = await Stage.start();
let keeper: Service | undefined;
try {
  await stage.equipKeepers();
  await stage.borrow(positions);
  await stage.travel(DAY);
  await stage.report("treasury-bills", 90_00000000n); // 10% down: pending
  await stage.mineEvery(milliseconds);
  const args = ["run", "--signers", values.signers, "--metrics-port", "0", "--state-dir", stage.folder];
  keeper = new Service("scripts/keeper/main.ts", args, stage.env);
  await keeper.ready();
  const { provider } = stage.connection;
  const confirmed = await provider.waitForTransaction(await stage.confirm());
  if (confirmed === null) throw new Error("the confirmation was not mined");
  const began = Date.now();
  const blocks = new Map<number, number>();
  const { market } = stage.market();
  let done = 0;
  while (done < positions && Date.now() - began < 60_000) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const events = await market.queryFilter("Liquidated", confirmed.blockNumber, "latest");
    done = events.length;
    blocks.clear();
    for (const { blockNumber } of events) blocks.set(blockNumber, (blocks.get(blockNumber) ?? 0) + 1);
  }
  const rows = await Promise.all(
    [...blocks].map(async ([number, liquidations]) => {
      const block = await provider.getBlock(number);
      return [
        `+${number - confirmed.blockNumber}`,
        count(liquidations),
        count(block?.transactions.length ?? 0),
        count(block?.gasUsed ?? 0n),
      ];
    }),
  );
  console.log(
    `\n${table([{ head: "block" }, { head: "liquidated" }, { head: "transactions" }, { head: "gas" }], rows)}\n`,
  );
  const last = Math.max(...blocks.keys()) - confirmed.blockNumber;
  const reverted = keeper.of("reverted").length;
  console.log(
    `  ${done} of ${positions} liquidated by ${values.signers} signers within ${last} blocks of ${values["block-time"]} s; ${reverted} reverted`,
  );
  console.log(dim(`  seen after ${((Date.now() - began) / 1_000).toFixed(1)} s`));
  if (done < positions || last > 3 || reverted > 0) process.exitCode = 1;
} finally {
  const code = await keeper?.end();
  if (code !== undefined && code !== 0) {
    console.error(`the keeper ended with ${code}`);
    process.exitCode = 1;
  }
  await stage.stop();
}
