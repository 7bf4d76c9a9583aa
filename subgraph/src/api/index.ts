// What is served over HTTP: the tables as GraphQL, and whether they are as new as the chain. Ponder adds /health, /ready
// (which comes when the past is indexed, before the last blocks are), /status and /metrics by itself.

import { db, publicClients } from "ponder:api";
import schema from "ponder:schema";
import { Hono } from "hono";
import { graphql } from "ponder";

const app = new Hono();

app.use("/", graphql({ db, schema }));
app.use("/graphql", graphql({ db, schema }));

/** 200 once the index has the newest block that the chain has, else 503; both with how far it is. */
app.get("/synced", async (c) => {
  const [head, block] = await Promise.all([publicClients.polder.getBlockNumber({ cacheTime: 0 }), indexed()]);
  const answer = { block, head: Number(head) };
  if (block >= answer.head) return c.json(answer);
  return c.json({ ...answer, reason: `${answer.head - block} blocks behind the chain` }, 503);
});

/** The newest block that rows are of. */
async function indexed(): Promise<number> {
  const response = await app.request("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: "{ _meta { status } }" }),
  });
  const { data } = (await response.json()) as {
    data: { _meta: { status: { polder?: { block: { number: number } } } } };
  };
  return data._meta.status.polder?.block.number ?? 0;
}

export default app;
