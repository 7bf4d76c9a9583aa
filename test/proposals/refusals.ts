// What is refused, before and by the contracts: caps that capital does not cover, votes that are late, doubled or of nobody, and
// proposals that would be read as something that they are not.
import assert from "node:assert/strict";
import { it } from "node:test";
import { encodeFunctionData, type Hex } from "viem";
import {
  capitalPolicyAbi,
  pLDRAbi,
  polderGovernorAbi,
  timelockControllerAbi,
} from "../../contracts/build/abi.ts";
import { type AnyContract, marketOf } from "../../contracts/deployment/protocol.ts";
import {
  type Action,
  buildCalls,
  type Call,
  decodeCall,
  describe,
  progressOf,
  proposalId,
  proposalText,
  reasonOf,
  refusalOf,
  showProposal,
  simulate,
} from "../../contracts/proposals/index.ts";
import { view } from "../../contracts/proposals/rpc.ts";
import { GUARDIAN, VOTER, type World } from "./support.ts";

const RAISE: Action = { type: "raiseDebtCap", market: "treasury-bills", by: "1000000" };
const TOO_MUCH: Action = { type: "raiseDebtCap", market: "treasury-bills", by: "50000000" };
const NEVER_DELEGATED = 49;

export function refusals(world: () => World): void {
  const calls = (...actions: Action[]): Promise<Call[]> => buildCalls(world().rpc, world().protocol, actions);

  it("a cap that capital does not cover: before it is submitted, and when it is executed", () =>
    world().apart(async () => {
      const w = world();
      const proposed = await calls(RAISE, TOO_MUCH);
      const description = describe("Too much", "");
      const simulated = await simulate(w.rpc, w.protocol, { calls: proposed, description });
      assert.ok(!simulated.outcome.succeeds);
      assert.equal(simulated.outcome.failing, 1);
      assert.equal(simulated.outcome.reason.name, "NotCovered");
      assert.match(
        simulated.outcome.reason.text,
        /^NotCovered \(required: 3,27\d,\d+\.\d+ pUSD, capital: 2,498,750 pUSD\)\. The caps need/,
      );
      assert.deepEqual(simulated.changes, []);
      assert.deepEqual(
        simulated.warnings.slice(0, 2).map(({ kind, call }) => [kind, call]),
        [
          ["fails", 1],
          ["exceeds the capital policy", 1],
        ],
      );
      const proposal = await w.carry(await w.propose(proposed, description));
      await w.travelTo(proposal.eta + 1n);
      const failure: unknown = await w
        .send(w.governing.step(await w.again(proposal), "execute", VOTER))
        .catch((e) => e);
      const reason = reasonOf(w.protocol, (failure as { data: Hex }).data);
      assert.equal(reason.name, "NotCovered");
      // What is queued is simulated from where it stands, and fails no less.
      const progress = progressOf(await w.again(proposal));
      assert.equal(progress?.state, "Queued");
      const again = await simulate(w.rpc, w.protocol, { calls: proposed, description, progress });
      assert.ok(!again.outcome.succeeds && again.outcome.reason.name === "NotCovered");
    }));

  it("votes that are early, of nobody, doubled or late, in words, and proposals of who has too few votes", () =>
    world().apart(async () => {
      const w = world();
      const description = describe("Raise the cap", "Why not.");
      const proposed = await calls(RAISE);
      const poor = w.governing.propose(proposed, description, NEVER_DELEGATED);
      await assert.rejects(poor, /has 0 votes, and proposing takes 100,000/);
      const proposal = await w.propose(proposed, description);
      assert.equal(proposal.id, proposalId(proposed, description));
      await holds();
      const vote = async (account: number) =>
        w.send(w.governing.vote(await w.again(proposal), "for", "because", account));
      await assert.rejects(vote(VOTER), /votes are taken from .* on; it is/);
      assert.match(
        (await refused("queue", VOTER)) ?? "",
        /only what passed a vote is queued; the proposal is waiting/,
      );
      await w.travelTo(proposal.snapshot + 1n);
      await assert.rejects(vote(NEVER_DELEGATED), /had no votes at .*PLDR votes once it is delegated/);
      await holds();
      await vote(VOTER);
      await holds();
      await assert.rejects(vote(VOTER), /has voted already, and a vote is not changed/);
      await w.travelTo(proposal.deadline + 1n);
      await holds();
      await assert.rejects(vote(5), /votes were taken until .*; the proposal is passed, and not queued yet/);
      assert.match((await refused("execute", VOTER)) ?? "", /only what is queued is executed/);
      assert.match(
        (await refused("cancel", VOTER)) ?? "",
        /the proposer .* cancels before votes are taken, the guardian/,
      );
      await w.send(w.governing.step(await w.again(proposal), "queue", 5));
      assert.match((await refused("execute", VOTER)) ?? "", /it may be executed from .* on; it is/);
      const shown = await showProposal(w.rpc, w.protocol, proposal.id);
      assert.deepEqual(
        shown.voters.map(({ voter, support, weight, reason }) => [voter, support, weight, reason]),
        [[w.governing.address(VOTER), "for", 12_000_000n * 10n ** 18n, "because"]],
      );
      assert.deepEqual(
        shown.timeline.map(({ kind }) => kind),
        ["proposed", "queued"],
      );
      await w.send(w.governing.step(await w.again(proposal), "cancel", GUARDIAN));
      assert.equal((await w.again(proposal)).state, "Canceled");
      assert.equal(progressOf(await w.again(proposal)), undefined);

      /** Simulated from where it stands, it would still execute. */
      async function holds(): Promise<void> {
        const progress = progressOf(await w.again(proposal));
        const simulated = await simulate(w.rpc, w.protocol, { calls: proposed, description, progress });
        assert.ok(simulated.outcome.succeeds, progress?.state);
        assert.equal(simulated.changes[0]?.text.after, "101,000,000 pUSD", progress?.state);
      }

      async function refused(
        action: "queue" | "execute" | "cancel",
        account: number,
      ): Promise<string | undefined> {
        const { rpc, protocol, governing } = w;
        return refusalOf(rpc, protocol, await w.again(proposal), action, governing.address(account));
      }
    }));

  it("nothing of a pause: a guardian's takes effect at once", () =>
    world().apart(async () => {
      const { contracts, connection } = world();
      const { market } = marketOf(contracts, "treasury-bills");
      const paused = market.connect(connection.wallet(GUARDIAN)) as AnyContract;
      await (await paused.pauseNewDebt()).wait();
      assert.deepEqual([...(await market.newDebtStops())], [true, false]);
    }));

  it("to show calldata as what it is not", async () => {
    const { protocol, record } = world();
    const [raise] = await calls(RAISE);
    assert.ok(raise !== undefined);
    const plain = decodeCall(protocol, raise);
    assert.deepEqual(plain.flags, []);
    assert.equal(plain.signature, "raiseDebtCap(address,uint256)");
    assert.match(plain.text, /^Capital policy: raiseDebtCap\(market: Treasury bills: market \(0x/);

    const with_ = (change: Partial<Call>) => decodeCall(protocol, { ...raise, ...change });
    // Something behind the arguments.
    assert.deepEqual(with_({ data: `${raise.data}${"00".repeat(32)}` }).flags, ["not canonical"]);
    assert.deepEqual(with_({ data: `${raise.data}01` }).flags, ["not canonical"]);
    // Dirty bits above an address.
    const dirty = `${raise.data.slice(0, 10)}01${raise.data.slice(12)}` as Hex;
    assert.ok(with_({ data: dirty }).flags.includes("not canonical"));
    // Too short.
    assert.deepEqual(with_({ data: raise.data.slice(0, -2) as Hex }).flags, ["not canonical"]);
    // A stranger that answers to the same selector has no name.
    const stranger = with_({ target: "0x00000000000000000000000000000000000057a6" });
    assert.deepEqual(stranger.flags, ["unknown target"]);
    assert.equal(stranger.method, undefined);
    assert.match(stranger.text, /^unknown contract 0x0{36}57[aA]6: data 0x/);
    // A function that the contract does not have.
    const odd = with_({ target: record.shared.peg as Hex });
    assert.deepEqual([odd.flags, odd.method], [["unknown function"], undefined]);
    assert.deepEqual(with_({ value: 1n }).flags, ["sends ether"]);
    // Offsets that point elsewhere: the same arguments, encoded in another way.
    const batch = encodeFunctionData({
      abi: timelockControllerAbi,
      functionName: "scheduleBatch",
      args: [[raise.target], [0n], [raise.data], `0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`, 0n],
    });
    const scheduled = decodeCall(protocol, { target: protocol.governance.timelock, value: 0n, data: batch });
    assert.deepEqual(scheduled.flags, []);
    assert.equal(scheduled.inner[0]?.text, plain.text);
    const nested = encodeFunctionData({
      abi: capitalPolicyAbi,
      functionName: "raiseDebtCap",
      args: [protocol.governance.timelock, 1n],
    });
    const hidden = encodeFunctionData({
      abi: timelockControllerAbi,
      functionName: "scheduleBatch",
      args: [[raise.target], [0n], [`${nested}ff`], `0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`, 0n],
    });
    const within = decodeCall(protocol, { target: protocol.governance.timelock, value: 0n, data: hidden });
    assert.deepEqual(within.flags, ["not canonical"]);
    // Carried by call upon call.
    const relayed = Array.from({ length: 6 }).reduce<Hex>(
      (data) =>
        encodeFunctionData({
          abi: polderGovernorAbi,
          functionName: "relay",
          args: [protocol.governance.governor, 0n, data],
        }),
      raise.data,
    );
    const deep = decodeCall(protocol, { target: protocol.governance.governor, value: 0n, data: relayed });
    assert.deepEqual(deep.flags, ["nested too deep"]);
  });

  it("to read a name from a contract that the record does not name", () =>
    world().apart(async () => {
      const w = world();
      // To every call it answers the string "pUSD": its symbol, and its name.
      const code = "0x60205f526004602052637055534460e01b60405260605ff3";
      const fake = "0x00000000000000000000000000000000000fa4e5";
      await w.ask("hardhat_setCode", fake, code);
      assert.equal(await view(w.rpc, { address: fake, abi: pLDRAbi, functionName: "symbol" }), "pUSD");
      const data = encodeFunctionData({
        abi: pLDRAbi,
        functionName: "transfer",
        args: [w.governing.address(VOTER), 1n],
      });
      const call: Call = { target: fake, value: 0n, data };
      const simulated = await simulate(w.rpc, w.protocol, { calls: [call], description: "x" });
      assert.ok(
        !JSON.stringify(simulated.calls, (_, each) => (typeof each === "bigint" ? `${each}` : each)).includes(
          "pUSD",
        ),
      );
      assert.ok(simulated.warnings.some(({ kind }) => kind === "cannot be decoded"));
    }));

  it("to hide in a description, whose hash is that of all its bytes", async () => {
    const hostile = [
      ["Raise\u202e the cap", "direction overrides"],
      ["Raise\u200b the cap", "invisible characters"],
      ["Raise\u0007 the cap", "control characters"],
      ["R\u0430ise the cap", "letters of several scripts in one word"], // Cyrillic a
    ] as const;
    for (const [title, suspicion] of hostile) {
      const description = describe(title, "<script>alert(1)</script>[x](javascript:alert(1))");
      const text = proposalText(description);
      assert.ok(text.suspicions.includes(suspicion), suspicion);
      assert.doesNotMatch(text.title, /[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u);
    }
    assert.deepEqual(
      proposalText("# Raise the cap\n\nA\tlist:\n- naïve – 5 €, Δ of the NAV, Ж").suspicions,
      [],
    );
    const w = world();
    await w.apart(async () => {
      const [title, suspicion] = hostile[0];
      const description = describe(title, "");
      const proposal = await w.propose(await calls(RAISE), description);
      assert.equal(proposal.description, description);
      assert.equal(proposal.text.hash, proposalText(description).hash);
      const { calls: proposed } = proposal;
      const { warnings } = await simulate(w.rpc, w.protocol, {
        calls: proposed,
        description,
        progress: progressOf(proposal),
      });
      assert.ok(warnings.some(({ kind, text }) => kind === "may mislead" && text.includes(suspicion)));
    });
  });
}
