// Proposals on a real chain with the standard protocol handed over. One deployment for all of them, since it is what takes time.
import { after, before, describe } from "node:test";
import { command } from "./command.ts";
import { effects } from "./effects.ts";
import { powers } from "./powers.ts";
import { refusals } from "./refusals.ts";
import { World } from "./support.ts";

describe("proposals", () => {
  let world: World;

  before(async () => {
    world = await World.start();
  });

  after(async () => {
    await world?.stop();
  });

  describe("are made by powers that", () => powers(() => world));
  describe("refuse", () => refusals(() => world));
  describe("have a command line that", () => command(() => world));
  describe("do what their simulation says", () => effects(() => world));
});
