// The command line of votes as a holder uses it: from a file to an executed proposal, and what it refuses. In this process but
// for one command, since starting takes longer than what is asked.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { promisify, stripVTControlCharacters } from "node:util";
import { govern as run } from "../../scripts/govern/command.ts";
import { VOTER, type World } from "./support.ts";

const script = join(import.meta.dirname, "../../scripts/govern/main.ts");

export function command(world: () => World): void {
  const govern = async (...args: string[]): Promise<string> => {
    const written: string[] = [];
    const well = await run([...args, "--rpc-url", world().chain.url], (text) => written.push(text));
    assert.ok(well, written.join("\n"));
    return stripVTControlCharacters(written.join("\n"));
  };
  const file = (name: string, text: string): string => {
    const path = join(world().folder, name);
    writeFileSync(path, text);
    return path;
  };
  const raise = (by: string) => ({
    title: "Raise the cap",
    description: "Demand is there.",
    actions: [{ type: "raiseDebtCap", market: "treasury-bills", by }],
  });

  it("takes a proposal from a file to its execution", () =>
    world().apart(async () => {
      const w = world();
      // TypeScript, since JSON comes below.
      const path = file("raise.ts", `export default ${JSON.stringify(raise("1000000"))};`);
      const change = /Treasury bills: debt cap +100,000,000 pUSD +101,000,000 pUSD/;
      const [simulated, dry] = await Promise.all([
        govern("simulate", path),
        govern("propose", path, "--dry-run"),
      ]);
      assert.match(simulated, /Capital policy: raiseDebtCap/);
      assert.match(simulated, change);
      assert.match(simulated, /loosens risk {2}Treasury bills: debt cap/);
      assert.match(dry, /would propose, as account 4/);
      const { sent, simulation } = JSON.parse(await govern("propose", path, "--json"));
      assert.equal(sent.from, w.governing.address(VOTER));
      assert.equal(simulation.outcome.succeeds, true);
      const proposal = await w.governing.find("latest");
      const number = `${proposal.id}`.slice(0, 10);

      await w.travelTo(proposal.snapshot + 1n);
      await govern("vote", number, "for", "--reason", "good", "--account", "5");
      const again = govern("vote", number, "against", "--account", "5");
      const [listed] = await Promise.all([govern("list"), assert.rejects(again, /has voted already/)]);
      assert.match(listed, new RegExp(`${number.slice(0, 8)} +Active +11,000,000 .* Raise the cap`));
      await w.travelTo(proposal.deadline + 1n);
      await govern("queue", "latest");
      const early = govern("execute", "latest");
      const [queued] = await Promise.all([
        govern("simulate", number),
        assert.rejects(early, /it may be executed from .* on/),
      ]);
      assert.match(queued, change);
      await w.travelTo((await w.again(proposal)).eta + 1n);
      await govern("execute", number, "--account", "9");
      const shown = await govern("show", number);
      assert.match(shown, /state +Executed/);
      assert.match(shown, change);
      assert.match(shown, /0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc +for +11,000,000 +good/);
    }));

  it("proposes nothing that would fail, and says why a file or a call is wrong", async () => {
    const path = file("too-much.json", JSON.stringify(raise("50000000")));
    const wrong = file("wrong.json", JSON.stringify(raise("a lot")));
    await Promise.all([
      assert.rejects(
        govern("propose", path),
        /it is not proposed, because it would not execute\. .*NotCovered/,
      ),
      assert.rejects(
        promisify(execFile)(process.execPath, [script, "simulate", path, "--rpc-url", world().chain.url]),
        {
          code: 1,
          stdout: /would not execute/,
        },
      ),
      assert.rejects(govern("propose", wrong), /actions\[0\]\.by: "a lot" cannot be read/),
      assert.rejects(govern("vote", "latest"), /vote takes 2 behind it, not 1/),
      assert.rejects(govern("vote", "latest", "for"), /no proposal's number begins with "latest"/),
      assert.rejects(govern("enact"), /unknown command "enact": one of propose/),
    ]);
  });

  it("delegates, and shows who votes with how much", () =>
    world().apart(async () => {
      await govern("delegate", "8", "--account", "6");
      const delegates = JSON.parse(await govern("delegates", "--json")) as {
        account: string;
        votes: string;
      }[];
      assert.deepEqual(
        delegates.map(({ votes }) => BigInt(votes) / 10n ** 18n),
        [12_080_000n, 12_000_000n, 11_000_000n, 8_450_000n, 920_000n, 50_000n],
      );
      assert.equal(delegates[0]?.account, world().connection.wallet(8).address);
    }));
}
