// The sums and decisions of the pages of governance: what is urgent, what a form comes to, what a stranger's markdown may do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { delegateIssue, fromText, toText } from "../../app/src/features/delegate/logic.ts";
import {
  type ActionForm,
  complaintOf,
  emptyAction,
  groups,
  toProposal,
} from "../../app/src/features/propose/logic.ts";
import { LONGEST_REASON, voteIssue } from "../../app/src/features/vote/logic.ts";
import { sentence } from "../../app/src/lib/sentence.ts";
import { pointsOf } from "../../app/src/views/delegates/power.ts";
import { mostUrgent, quorumShare, sharesOf } from "../../app/src/views/governance/standing.ts";
import { canBeSet, visibleLines, webLink } from "../../app/src/views/proposal/markdown.ts";
import { actionShapes, ProposalError, parseDraft, visible } from "../../contracts/proposals/index.ts";

test("the proposal whose time ends first comes first, then one that waits for somebody", () => {
  const queued = { state: "Queued", remaining: 50n } as const;
  const active = { state: "Active", remaining: 20n } as const;
  const ready = { state: "Queued", remaining: 0n } as const;
  const over = { state: "Executed", remaining: undefined } as const;
  assert.equal(mostUrgent([over, queued, active, ready]), active);
  assert.equal(mostUrgent([over, ready]), ready);
  assert.equal(mostUrgent([over]), undefined);
});

test("the quorum counts those for and those who abstain, the bar all of them", () => {
  const votes = { for: 3n, against: 6n, abstain: 1n };
  assert.equal(quorumShare({ votes, quorum: 8n }), 0.5);
  assert.equal(quorumShare({ votes, quorum: 4n }), 1);
  assert.deepEqual(sharesOf({ votes }), { for: 0.3, against: 0.6, abstain: 0.1 });
  assert.equal(sharesOf({ votes: { for: 0n, against: 0n, abstain: 0n } }), undefined);
});

test("a form comes to what the library reads, and its complaints come back to the fields", () => {
  const form = (fields: Partial<ActionForm>): ActionForm => ({ ...emptyAction(0), ...fields });
  const draft = {
    title: " Raise ",
    body: "Why",
    actions: [
      form({ type: "raiseDebtCap", values: { market: "treasury-bills", by: "5,000,000" } }),
      form({
        type: "rampLltv",
        values: { market: "harvest", to: "80", over: "14" },
        units: { over: "hours" },
      }),
      form({ type: "setVotingRules", values: { quorum: "5%", votingDelay: "  " } }),
      form({ type: "setPoolCover", values: { market: "harvest" } }),
    ],
  };
  assert.deepEqual(parseDraft(toProposal(draft, actionShapes)), {
    title: "Raise",
    description: "Why",
    actions: [
      { type: "raiseDebtCap", market: "treasury-bills", by: "5000000" },
      { type: "rampLltv", market: "harvest", to: "80%", over: "14 hours" },
      { type: "setVotingRules", quorum: "5%" },
      { type: "setPoolCover", market: "harvest", covered: false },
    ],
  });
  const wrong = { ...draft, actions: [form({ type: "raiseDebtCap", values: { by: "much" } })] };
  assert.throws(
    () => parseDraft(toProposal(wrong, actionShapes)),
    (error) => {
      assert.ok(error instanceof ProposalError);
      assert.deepEqual(complaintOf(error), { at: { action: 0, field: "market" }, text: "is missing" });
      return true;
    },
  );
});

test("every action of the library can be chosen, once", () => {
  const offered = Object.values(groups).flat();
  assert.deepEqual([...offered].sort(), Object.keys(actionShapes).sort());
});

test("a link leads to the web or nowhere, and says where", () => {
  for (const href of [
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:1",
    "file:///etc/passwd",
    "/governance",
    "//evil.example",
    "https://polder.example@evil.example/",
    undefined,
  ]) {
    assert.equal(webLink(href), undefined, String(href));
  }
  assert.equal(webLink("https://evil.example/a")?.host, "evil.example");
  // Look-alike letters are named as what they are.
  assert.equal(webLink("https://p\u043elder.example")?.host, "xn--plder-jye.example");
});

test("what is not seen is written out, line by line; what would take a browser minutes is not set", () => {
  assert.equal(visibleLines("a\u202eb\n\tc\u200bd", visible), "a\\u{202e}b\n    c\\u{200b}d");
  assert.ok(canBeSet("# A\n\n- one\n  - two\n\n> [a](https://b.example) **c** | d |"));
  assert.ok(!canBeSet("x".repeat(20_001)));
  assert.ok(!canBeSet(`ok\n${"> ".repeat(500)}deep`));
  assert.ok(!canBeSet("[".repeat(5_000)));
  assert.ok(!canBeSet("[a".repeat(5_000)));
});

test("a vote needs a choice and a short reason; clauses become sentences", () => {
  const good = { connected: true, support: "for", reason: "" } as const;
  assert.equal(voteIssue(good), undefined);
  assert.equal(voteIssue({ ...good, support: undefined }), "noChoice");
  assert.equal(voteIssue({ ...good, reason: "x".repeat(LONGEST_REASON + 1) }), "tooLong");
  assert.equal(sentence("votes are taken later"), "Votes are taken later.");
  assert.equal(sentence("0xAb has voted"), "0xAb has voted.");
});

const [A, B] = [
  "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
  "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
] as const;

test("votes are not delegated to nobody, nor to whom they are delegated already", () => {
  const state = { connected: true, to: A, current: B, balance: 1n } as const;
  assert.equal(delegateIssue(state), undefined);
  assert.equal(delegateIssue({ ...state, current: A }), "already");
  assert.equal(delegateIssue({ ...state, to: `0x${"0".repeat(40)}` }), "nobody");
  assert.equal(delegateIssue({ ...state, to: A.toLowerCase().replace("c8", "C8") }), "notAnAddress");
  assert.equal(delegateIssue({ ...state, balance: 0n }), "holdsNothing");
});

test("a signed delegation survives being handed on as text, and no other text is one", () => {
  const signed = {
    delegator: A,
    delegatee: B,
    nonce: 3n,
    expiry: 9n,
    signature: `0x${"11".repeat(65)}`,
  } as const;
  assert.deepEqual(fromText(toText(signed)), signed);
  for (const text of [
    "",
    "{}",
    "null",
    toText({ ...signed, signature: "0x11" }),
    toText(signed).replace('"3"', "3"),
  ]) {
    assert.equal(fromText(text), undefined, text);
  }
});

test("of several changes in one second the last is drawn", () => {
  const history = [
    { block: 1n, votes: 5n },
    { block: 2n, votes: 7n },
    { block: 3n, votes: 1n },
  ];
  const times = new Map([
    [1n, 10n],
    [2n, 10n],
    [3n, 12n],
  ]);
  assert.deepEqual(pointsOf({ history }, times), [
    { time: 10n, votes: 7n },
    { time: 12n, votes: 1n },
  ]);
});
