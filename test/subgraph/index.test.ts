// The index against the chain: after operations drawn at random, after reorganisations, restarts and kills, every position,
// total and rate is the chain's at the same block.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  buildClientSchema,
  buildSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from "graphql";
import { compare } from "./compare.ts";
import { World } from "./operations.ts";
import { Stack } from "./stack.ts";

const OPERATIONS = 60;
const SEED = 20_261_126;
/** Milliseconds: PGlite makes its files anew, which takes half a minute of a busy machine. */
const PATIENCE = 240_000;

let stack: Stack;
let world: World;

before(async () => {
  stack = await Stack.start();
  world = new World(stack.connection, stack.record, SEED);
  await world.prepare();
  await world.crisis();
});

after(async () => {
  await stack?.stop();
});

async function requireEqual(): Promise<void> {
  const { compared, mismatches, block } = await compare(
    stack.graph,
    stack.record,
    stack.rpcUrl,
    PATIENCE,
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${stack.printed()}`, { cause: error });
  });
  assert.deepEqual(mismatches, [], `of ${compared} values at block ${block}`);
  assert.ok(compared > 500, `only ${compared} values were compared`);
}

test("equals the chain after operations of every kind", async (t) => {
  await world.act(OPERATIONS);
  await requireEqual();
  const done = [...world.done].map(([name, times]) => `${name} ${times}`).join(", ");
  t.diagnostic(`${world.refused} refused; ${done}`);
});

test("serves the published schema", async () => {
  const introspection = await stack.graph.query(getIntrospectionQuery());
  const published = readFileSync(join(import.meta.dirname, "../../subgraph/schema.graphql"), "utf8");
  const printed = (schema: GraphQLSchema) => printSchema(lexicographicSortSchema(schema));
  // Compared as one: a difference of nine thousand lines would tell nobody more.
  const same = printed(buildClientSchema(introspection)) === printed(buildSchema(published));
  assert.ok(same, "subgraph/schema.graphql is not what is served: run `node subgraph/tools/schema.ts`");
});

test("follows a reorganisation of ten blocks", async () => {
  const { provider } = stack.connection;
  const snapshot = await provider.send("evm_snapshot", []);
  const from = Number(await provider.send("eth_blockNumber", []));
  while (Number(await provider.send("eth_blockNumber", [])) < from + 10) await world.act(1);
  await stack.graph.reach(Number(await provider.send("eth_blockNumber", [])));
  await provider.send("evm_revert", [snapshot]);
  while (Number(await provider.send("eth_blockNumber", [])) < from + 12) await world.act(1);
  await requireEqual();
});

test("goes on after the chain was killed", async () => {
  await stack.killChain();
  await stack.startChain();
  await world.unlock();
  await world.act(10);
  await requireEqual();
});

test("goes on after it was stopped, and stops with exit code 0", async () => {
  assert.equal(await stack.stopIndex(), 0);
  await world.act(10);
  stack.startIndex();
  await requireEqual();
});

test("goes on after it was killed", async () => {
  await stack.killIndex();
  await world.act(5);
  stack.startIndex();
  await requireEqual();
});
