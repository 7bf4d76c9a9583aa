// Attacks on governance by votes that are not the voter's to keep.
import { expect } from "chai";
import { FOR, type Governed, governed, propose, rules, stateOf, toActive } from "../support/governance.ts";
import { deployHarness } from "../support/harness.ts";
import { ethers, networkHelpers } from "../support/network.ts";
import { as, DAY, units } from "../support/setup.ts";

const { loadFixture, time } = networkHelpers;
const LOAN = units(30_000_000);

/** What the attacker wants: the treasury's PLDR for himself. */
function plunder(g: Governed, to: string) {
  return { target: g.token, method: "transfer", args: [to, units(1_000_000)] };
}

describe("Attack: governance flash vote", () => {
  it("tokens borrowed for a transaction weigh nothing: neither to vote nor to propose", async () => {
    const g = await loadFixture(governed);
    const flash = await deployHarness("FlashVoter", g.token, g.governor, g.bob);
    await as(g.token, g.bob).approve(flash, ethers.MaxUint256);
    const proposal = await propose(
      g,
      [plunder(g, String(flash.target))],
      "the treasury to a borrower of votes",
    );
    await toActive();
    expect(await flash.vote.staticCall(proposal.id, LOAN)).to.equal(0n);
    await flash.vote(proposal.id, LOAN);
    const data = g.accessManager.interface.encodeFunctionData("grantRole", [0, flash.target, 0]);
    await expect(flash.propose(g.accessManager, data, LOAN))
      .to.be.revertedWithCustomError(g.governor, "GovernorInsufficientProposerVotes")
      .withArgs(flash, 0n, rules.proposalThreshold);

    await time.increase(rules.votingPeriod + DAY);
    expect(await stateOf(g, proposal)).to.equal("Defeated");
    expect([await g.token.balanceOf(flash), await g.token.balanceOf(g.bob)]).to.deep.equal([0n, LOAN]);
  });

  it("tokens borrowed and kept after the snapshot weigh nothing either", async () => {
    const g = await loadFixture(governed);
    const proposal = await propose(g, [plunder(g, g.carol.address)], "the treasury to a late buyer");
    await toActive();
    await as(g.token, g.bob).transfer(g.carol, LOAN);
    await as(g.token, g.carol).delegate(g.carol);
    await time.increase(DAY);
    await as(g.governor, g.carol).castVote(proposal.id, FOR);
    const [against, votesFor, abstained] = await g.governor.proposalVotes(proposal.id);
    expect([against, votesFor, abstained]).to.deep.equal([0n, 0n, 0n]);
    await time.increase(rules.votingPeriod);
    expect(await stateOf(g, proposal)).to.equal("Defeated");
    expect(await g.token.balanceOf(g.carol)).to.equal(LOAN);
  });

  it("tokens that vote and are passed on vote once", async () => {
    const g = await loadFixture(governed);
    await as(g.token, g.bob).delegate(g.bob);
    await time.increase(1);
    const proposal = await propose(g, [plunder(g, g.carol.address)], "the treasury by the same votes twice");
    await toActive();
    await as(g.governor, g.bob).castVote(proposal.id, FOR);
    await as(g.token, g.bob).transfer(g.carol, LOAN);
    await as(g.token, g.carol).delegate(g.carol);
    await time.increase(1);
    await as(g.governor, g.carol).castVote(proposal.id, FOR);
    await expect(as(g.governor, g.bob).castVote(proposal.id, FOR)).to.be.revertedWithCustomError(
      g.governor,
      "GovernorAlreadyCastVote",
    );
    expect((await g.governor.proposalVotes(proposal.id))[1]).to.equal(LOAN);
  });
});
