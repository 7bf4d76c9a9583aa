// Thousands of operations drawn at random, the index compared with the chain every hundred, through reorganisations and
// restarts: `node test/subgraph/soak.ts [operations] [seed]`. Too long for `npm test`.
import { compare } from "./compare.ts";
import { World } from "./operations.ts";
import { Stack } from "./stack.ts";

const STEP = 100;
const REORGANISE_EVERY = 5; // steps
const RESTART_EVERY = 8;

const [operations = 2_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number);
console.log(`${operations} operations, seed ${seed}`);

const stack = await Stack.start();
let failed = false;
try {
  const world = new World(stack.connection, stack.record, seed);
  await world.prepare();
  await world.crisis();
  const { provider } = stack.connection;
  const head = async () => Number(await provider.send("eth_blockNumber", []));
  for (let done = STEP, step = 1; done <= operations && !failed; done += STEP, step++) {
    const began = performance.now();
    if (step % REORGANISE_EVERY === 0) {
      await stack.graph.reach(await head());
      const snapshot = await provider.send("evm_snapshot", []);
      const from = await head();
      while ((await head()) < from + 10) await world.act(1);
      await provider.send("evm_revert", [snapshot]);
    }
    await world.act(STEP);
    if (step % RESTART_EVERY === 0) {
      await stack.killIndex();
      stack.startIndex();
    }
    const { compared, mismatches, block } = await compare(stack.graph, stack.record, stack.rpcUrl, 300_000);
    const seconds = ((performance.now() - began) / 1_000).toFixed(1);
    console.log(
      `${done} operations, block ${block}: ${compared} values, ${mismatches.length} differ, ${seconds} s`,
    );
    for (const mismatch of mismatches) console.log(`  ${mismatch}`);
    failed = mismatches.length > 0;
  }
  const names = [...world.done].sort(([, a], [, b]) => b - a).map(([name, times]) => `${name} ${times}`);
  console.log(`${world.refused} refused; done: ${names.join(", ")}`);
} catch (error) {
  failed = true;
  console.log((error as Error).message, `\n${stack.printed()}`);
} finally {
  await stack.stop();
}
process.exit(failed ? 1 : 0);
