// What is served over HTTP: the tables as GraphQL. Ponder adds /health, /ready, /status and /metrics by itself.

import { db } from "ponder:api";
import schema from "ponder:schema";
import { Hono } from "hono";
import { graphql } from "ponder";

const app = new Hono();
app.use("/", graphql({ db, schema }));
app.use("/graphql", graphql({ db, schema }));

export default app;
