// A log that ends anywhere opens with all that was acknowledged up to there: 200 random cuts.

import { describe, it } from "node:test";
import { cutRepeatedly } from "./cuts.ts";

describe("a cut log", () => {
  for (const seed of [11, 12]) {
    it(`opens at 100 random cuts with all that was acknowledged, seed ${seed}`, (context) =>
      cutRepeatedly(context, seed, 100));
  }
});
