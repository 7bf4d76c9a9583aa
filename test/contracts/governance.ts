// Voting, the timelock, the guardian and the treasury, over a protocol that was handed over.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { handOver, standardRules } from "../../contracts/deployment/governance.ts";
import { holders } from "../../contracts/deployment/powers.ts";
import { type AnyContract, marketOf } from "../../contracts/deployment/protocol.ts";
import {
  type Call,
  carry,
  enact,
  FOR,
  type Governed,
  governed,
  oneMarketOfEachKind,
  proposalOf,
  propose,
  rules,
  stateOf,
  timelockDelay,
  toActive,
} from "./support/governance.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, deployedWith, open, options, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

const standard = () => deployedWith(oneMarketOfEachKind);

function raise(g: Governed, scaled: bigint = units(1_000)): Call {
  return { target: g.policy, method: "raiseDebtCap", args: [g.market.target, scaled] };
}

async function capOf({ market }: Governed): Promise<bigint> {
  const [cap] = await market.debtCap();
  return cap;
}

function replaceGuardian(g: Governed, by: string): Call {
  return { target: g.governor, method: "setProposalGuardian", args: [by] };
}

describe("PLDR", () => {
  it("has a fixed supply, in the timelock's hands but for the first holders, and counts votes by time", async () => {
    const g = await loadFixture(governed);
    expect(await g.token.totalSupply()).to.equal(units(100_000_000));
    expect(await g.token.balanceOf(g.timelock)).to.equal(units(60_000_000));
    expect(await g.token.balanceOf(g.voter)).to.equal(units(10_000_000));
    expect(await g.token.balanceOf(g.deployer)).to.equal(0n);
    expect(await g.token.CLOCK_MODE()).to.equal("mode=timestamp");
    expect(await g.governor.CLOCK_MODE()).to.equal("mode=timestamp");
    expect(await g.token.clock()).to.equal((await ethers.provider.getBlock("latest"))?.timestamp);
    await as(g.token, g.bob).delegate(g.carol);
    expect(await g.token.getVotes(g.carol)).to.equal(units(30_000_000));
    await as(g.token, g.bob).transfer(g.alice, units(10_000_000));
    expect(await g.token.getVotes(g.carol)).to.equal(units(20_000_000));
  });

  it("cannot be allocated beyond its supply", async () => {
    const g = await loadFixture(governed);
    const factory = await ethers.getContractFactory("PLDR");
    const half = { holder: g.alice.address, amount: units(50_000_001) };
    await expect(factory.deploy(g.timelock.target, [half, half]))
      .to.be.revertedWithCustomError(g.token, "AllocatedTooMuch")
      .withArgs(units(100_000_002), units(100_000_000));
  });

  it("takes permits", async () => {
    const g = await loadFixture(governed);
    const deadline = (await time.latest()) + DAY;
    const { name, version, chainId, verifyingContract } = await g.token.eip712Domain();
    const types = {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    };
    const message = {
      owner: g.bob.address,
      spender: g.carol.address,
      value: units(5),
      nonce: await g.token.nonces(g.bob),
      deadline,
    };
    const domain = { name, version, chainId, verifyingContract };
    const { v, r, s } = ethers.Signature.from(await g.bob.signTypedData(domain, types, message));
    await g.token.permit(g.bob, g.carol, units(5), deadline, v, r, s);
    expect(await g.token.allowance(g.bob, g.carol)).to.equal(units(5));
    expect(await g.token.nonces(g.bob)).to.equal(1n);
  });
});

describe("Governor and timelock", () => {
  it("raise a cap: propose, vote, queue, wait, execute", async () => {
    const g = await loadFixture(governed);
    const proposal = await propose(g, [raise(g)], "Raise the cap of the Treasury bill market");
    expect(await g.governor.hashProposal(...proposal.reference)).to.equal(proposal.id);
    expect(await stateOf(g, proposal)).to.equal("Pending");
    const vote = () => as(g.governor, g.voter).castVote(proposal.id, FOR);
    await expect(vote()).to.be.revertedWithCustomError(g.governor, "GovernorUnexpectedProposalState");
    await toActive();
    expect(await stateOf(g, proposal)).to.equal("Active");
    await vote();
    await expect(vote()).to.be.revertedWithCustomError(g.governor, "GovernorAlreadyCastVote");
    const queue = () => g.governor.queue(...proposal.reference);
    await expect(queue()).to.be.revertedWithCustomError(g.governor, "GovernorUnexpectedProposalState");
    await time.increase(rules.votingPeriod);
    expect(await stateOf(g, proposal)).to.equal("Succeeded");
    const execute = () => as(g.governor, g.stranger).execute(...proposal.reference);
    await expect(execute(), "not queued").to.be.revertedWithCustomError(
      g.governor,
      "GovernorUnexpectedProposalState",
    );
    await queue();
    expect(await stateOf(g, proposal)).to.equal("Queued");
    const eta = Number(await g.governor.proposalEta(proposal.id));
    expect(eta).to.equal((await time.latest()) + timelockDelay);
    await time.increaseTo(eta - 10);
    await expect(execute(), "ten seconds early").to.be.revertedWithCustomError(
      g.timelock,
      "TimelockUnexpectedOperationState",
    );
    expect(await capOf(g)).to.equal(options.debtCap);
    await time.increaseTo(eta);
    await expect(execute())
      .to.emit(g.market, "DebtCapRaised")
      .withArgs(units(1_000), options.debtCap + units(1_000));
    expect(await stateOf(g, proposal)).to.equal("Executed");
  });

  it("do nothing below the quorum, against a majority, or for who holds too little to propose", async () => {
    const g = await loadFixture(governed);
    // Below 4 million of 100 million: the voter keeps one unit too few.
    await as(g.token, g.voter).transfer(g.carol, units(6_000_001));
    await time.increase(1);
    const few = await propose(g, [raise(g)], "by too few");
    await as(g.token, g.carol).delegate(g.carol);
    await toActive();
    await as(g.governor, g.voter).castVote(few.id, FOR);
    await time.increase(rules.votingPeriod);
    expect(await stateOf(g, few)).to.equal("Defeated");
    await expect(g.governor.queue(...few.reference)).to.be.revertedWithCustomError(
      g.governor,
      "GovernorUnexpectedProposalState",
    );

    const contested = await propose(g, [raise(g)], "contested");
    await toActive();
    await as(g.governor, g.voter).castVote(contested.id, FOR);
    await as(g.governor, g.carol).castVote(contested.id, 0);
    await time.increase(rules.votingPeriod);
    expect(await stateOf(g, contested)).to.equal("Defeated");

    await as(g.token, g.alice).delegate(g.alice);
    await as(g.token, g.bob).transfer(g.alice, rules.proposalThreshold - 1n);
    await time.increase(1);
    const { actions, description } = proposalOf([raise(g)], "from too small a holder");
    await expect(as(g.governor, g.alice).propose(...actions, description))
      .to.be.revertedWithCustomError(g.governor, "GovernorInsufficientProposerVotes")
      .withArgs(g.alice, rules.proposalThreshold - 1n, rules.proposalThreshold);
  });

  it("keep voting open for a day after a quorum reached late", async () => {
    const g = await loadFixture(governed);
    const proposal = await propose(g, [raise(g)], "decided in the last minute");
    const deadline = Number(await g.governor.proposalDeadline(proposal.id));
    await time.increaseTo(deadline - 60);
    await as(g.governor, g.voter).castVote(proposal.id, FOR);
    const extended = (await time.latest()) + rules.lateQuorumExtension;
    expect(await g.governor.proposalDeadline(proposal.id)).to.equal(extended);
    await time.increaseTo(deadline + 60);
    expect(await stateOf(g, proposal)).to.equal("Active");
  });

  it("spend the treasury by a vote, and nobody else does", async () => {
    const g = await loadFixture(governed);
    const pay = { target: g.token, method: "transfer", args: [g.alice.address, units(7)] };
    await enact(g, [pay], "Pay a grant");
    expect(await g.token.balanceOf(g.alice)).to.equal(units(7));
    const { actions } = proposalOf([pay], "");
    await expect(
      as(g.timelock, g.guardian).schedule(
        g.token.target,
        0,
        actions[2][0],
        ethers.ZeroHash,
        ethers.ZeroHash,
        timelockDelay,
      ),
    ).to.be.revertedWithCustomError(g.timelock, "AccessControlUnauthorizedAccount");
  });

  it("raise what backs pUSD through the capital policy alone, and no further than capital covers", async () => {
    const g = await loadFixture(governed);
    const past: Call = { target: g.market, method: "raiseDebtCap", args: [1] };
    const peg: Call = { target: g.peg, method: "raiseCeiling", args: [1] };
    for (const [call, description] of [
      [past, "past the policy"],
      [peg, "the ceiling past the policy"],
    ] as const) {
      await expect(enact(g, [call], description)).to.be.revertedWithCustomError(
        call.target,
        "AccessManagedUnauthorized",
      );
    }
    // 2% of 20 million is more than what the first capital left.
    await expect(enact(g, [raise(g, units(20_000_000))], "too much")).to.be.revertedWithCustomError(
      g.policy,
      "NotCovered",
    );
    await enact(g, [raise(g, units(10_000_000))], "as much as is covered");
    expect(await capOf(g)).to.equal(options.debtCap + units(10_000_000));
  });

  it("raise the debt cap of a market of lenders, who bear its losses, without it", async () => {
    const g = await loadFixture(governed);
    const { market } = marketOf(g, "trade-invoices");
    const [before] = await market.debtCap();
    await enact(g, [{ target: market, method: "raiseDebtCap", args: [7] }], "more invoices");
    expect((await market.debtCap())[0]).to.equal(before + 7n);
  });

  it("leave the interest of the facility to the surplus", async () => {
    const g = await loadFixture(governed);
    await open(g, g.alice, 1_000n, 50_000n);
    await time.increase(30 * DAY);
    await g.market.checkpoint();
    expect(await g.stablecoin.balanceOf(g.surplus)).to.be.greaterThan(units(200));
    for (const nobody of [g.deployer, g.timelock]) {
      expect(await g.stablecoin.balanceOf(nobody)).to.equal(0n);
    }
  });
});

describe("Guardian", () => {
  /** Loosenings of every kind, by `who`. */
  function loosenings(g: Governed, who: HardhatEthersSigner): [AnyContract, () => Promise<unknown>][] {
    const { accessManager, facility, market, oracle, peg, policy, stablecoin } = g;
    const invoices = marketOf(g, "trade-invoices");
    const { role } = holders.guardian;
    return [
      [market, () => as(market, who).raiseDebtCap(1)],
      [policy, () => as(policy, who).raiseDebtCap(market, 1)],
      [invoices.market, () => as(invoices.market, who).raiseDebtCap(1)],
      [invoices.source, () => as(invoices.source, who).raiseSupplyCap(1)],
      [peg, () => as(peg, who).raiseCeiling(1)],
      [policy, () => as(policy, who).raiseCeiling(peg, 1)],
      [peg, () => as(peg, who).raiseInflowCap(ethers.MaxUint256)],
      [peg, () => as(peg, who).resumeInflow()],
      [peg, () => as(peg, who).setFees({ inBps: 0, outBps: 0 })],
      [market, () => as(market, who).resumeNewDebt()],
      [oracle, () => as(oracle, who).setAttestor(who, true)],
      [stablecoin, () => as(stablecoin, who).addFacility(who)],
      [facility, () => as(facility, who).setSurplus(who)],
      [accessManager, () => as(accessManager, who).grantRole(role, who, 0)],
      [accessManager, () => as(accessManager, who).setTargetClosed(market, true)],
    ];
  }

  it("tightens at once, and a vote loosens again", async () => {
    const g = await loadFixture(governed);
    await as(g.market, g.guardian).pauseNewDebt();
    await as(g.market, g.alice).addCollateral(g.alice, 0, units(100));
    const borrow = () => as(g.market, g.alice).borrow(g.alice, 0, units(1_000), g.alice);
    await expect(borrow()).to.be.revertedWithCustomError(g.market, "NewDebtIsPaused");
    await as(g.market, g.guardian).cutDebtCap(options.debtCap / 2n);
    expect(await capOf(g)).to.equal(options.debtCap / 2n);
    await as(g.oracle, g.guardian).pullRipcord();

    await enact(g, [{ target: g.market, method: "resumeNewDebt", args: [] }], "Resume");
    await expect(borrow(), "the ripcord is still pulled").to.be.revertedWithCustomError(
      g.market,
      "NavNotUsable",
    );
    await enact(
      g,
      [
        { target: g.market, method: "pauseNewDebt", args: [] },
        { target: g.market, method: "cutDebtCap", args: [units(1)] },
      ],
      "A vote may tighten too",
    );
    expect(await capOf(g)).to.equal(options.debtCap / 2n - units(1));
  });

  it("stops and cuts the peg's inflow, and what lenders may supply, at once; what is in goes out as ever", async () => {
    const g = await loadFixture(governed);
    const { source: pool } = marketOf(g, "trade-invoices");
    const dollars = 10_000n * 10n ** 6n;
    await g.dollar.mint(g.alice, 3n * dollars);
    for (const spender of [g.peg, pool]) await as(g.dollar, g.alice).approve(spender, ethers.MaxUint256);
    await as(g.stablecoin, g.alice).approve(g.peg, ethers.MaxUint256);
    await as(g.peg, g.alice).swapIn(dollars, 0, g.alice);
    await as(pool, g.alice).deposit(dollars, g.alice);

    const [supplyCap] = await pool.supplyCap();
    await as(pool, g.guardian).cutSupplyCap(supplyCap);
    await as(g.peg, g.guardian).cutInflowCap(1);
    await as(g.peg, g.guardian).cutCeiling((await g.peg.ceiling())[0]);
    await as(g.peg, g.guardian).stopInflow();
    await expect(as(pool, g.alice).deposit(1, g.alice)).to.be.revertedWithCustomError(pool, "CapExceeded");
    await expect(as(g.peg, g.alice).swapIn(dollars, 0, g.alice)).to.be.revertedWithCustomError(
      g.peg,
      "InflowNotOpen",
    );
    await as(pool, g.alice).redeem(await pool.balanceOf(g.alice), g.alice, g.alice);
    await as(g.peg, g.alice).swapOut(await g.stablecoin.balanceOf(g.alice), 0, g.alice);
    // Less the fees of both ways, and the rounding of the pool.
    expect(await g.dollar.balanceOf(g.alice)).to.be.greaterThan(3n * dollars - 16n * 10n ** 6n);
  });

  it("cannot loosen, nor can the deployer, a voter or anybody else", async () => {
    const g = await loadFixture(governed);
    for (const who of [g.guardian, g.deployer, g.voter, g.registrar, g.agent, g.stranger]) {
      for (const [contract, call] of loosenings(g, who)) {
        const error =
          contract === g.accessManager ? "AccessManagerUnauthorizedAccount" : "AccessManagedUnauthorized";
        await expect(call()).to.be.revertedWithCustomError(contract, error);
      }
    }
    for (const who of [g.deployer, g.voter, g.registrar, g.agent, g.stranger]) {
      for (const call of [() => as(g.market, who).pauseNewDebt(), () => as(g.market, who).cutDebtCap(1)]) {
        await expect(call()).to.be.revertedWithCustomError(g.market, "AccessManagedUnauthorized");
      }
    }
  });

  it("cancels a proposal at any stage, and nobody else does", async () => {
    const g = await loadFixture(governed);
    const cancel = (who: HardhatEthersSigner, { reference }: { reference: readonly unknown[] }) =>
      as(g.governor, who).cancel(...reference);

    const pending = await propose(g, [raise(g)], "cancelled while pending");
    await expect(cancel(g.stranger, pending)).to.be.revertedWithCustomError(
      g.governor,
      "GovernorUnableToCancel",
    );
    await cancel(g.guardian, pending);
    expect(await stateOf(g, pending)).to.equal("Canceled");

    const active = await propose(g, [raise(g)], "cancelled while active");
    await toActive();
    await expect(cancel(g.voter, active), "its proposer, once voting began").to.be.revertedWithCustomError(
      g.governor,
      "GovernorUnableToCancel",
    );
    await cancel(g.guardian, active);
    expect(await stateOf(g, active)).to.equal("Canceled");

    const queued = await propose(g, [raise(g)], "cancelled in the timelock");
    await carry(g, queued);
    await cancel(g.guardian, queued);
    await time.increase(timelockDelay);
    await expect(g.governor.execute(...queued.reference)).to.be.revertedWithCustomError(
      g.governor,
      "GovernorUnexpectedProposalState",
    );
    expect(await capOf(g)).to.equal(options.debtCap);
  });

  it("cannot cancel its own replacement, but whatever comes with more than that", async () => {
    const g = await loadFixture(governed);
    const cancel = (who: HardhatEthersSigner, { reference }: { reference: readonly unknown[] }) =>
      as(g.governor, who).cancel(...reference);

    const loaded = await propose(g, [replaceGuardian(g, g.carol.address), raise(g)], "with a rider");
    expect(await g.governor.replacesGuardian(loaded.id)).to.equal(false);
    await cancel(g.guardian, loaded);
    const disguised = await propose(
      g,
      [{ target: g.governor, method: "setVotingDelay", args: [0] }],
      "another setter of the governor",
    );
    await cancel(g.guardian, disguised);

    const proposal = await propose(g, [replaceGuardian(g, g.carol.address)], "another guardian");
    expect(await g.governor.replacesGuardian(proposal.id)).to.equal(true);
    const refused = async () =>
      expect(cancel(g.guardian, proposal)).to.be.revertedWithCustomError(
        g.governor,
        "GovernorUnableToCancel",
      );
    await refused();
    await carry(g, proposal);
    await refused();
    await time.increase(timelockDelay);
    await g.governor.execute(...proposal.reference);
    expect(await g.governor.proposalGuardian()).to.equal(g.carol.address);

    // Then his role in the access manager goes, and he cannot cancel that either.
    const { role } = holders.guardian;
    const removal = await propose(
      g,
      [
        { target: g.accessManager, method: "revokeRole", args: [role, g.guardian.address] },
        { target: g.accessManager, method: "grantRole", args: [role, g.carol.address, 0] },
      ],
      "and his role",
    );
    await expect(cancel(g.guardian, removal)).to.be.revertedWithCustomError(
      g.governor,
      "GovernorUnableToCancel",
    );
    await carry(g, removal);
    await time.increase(timelockDelay);
    await g.governor.execute(...removal.reference);
    await expect(as(g.market, g.guardian).pauseNewDebt()).to.be.revertedWithCustomError(
      g.market,
      "AccessManagedUnauthorized",
    );
    await as(g.market, g.carol).pauseNewDebt();
  });

  it("must be named", async () => {
    const g = await loadFixture(governed);
    const factory = await ethers.getContractFactory("PolderGovernor");
    await expect(
      factory.deploy(g.token.target, g.timelock.target, ethers.ZeroAddress, rules),
    ).to.be.revertedWithCustomError(g.governor, "GuardianMissing");
  });
});

describe("Hand-over", () => {
  it("refuses to leave the deployer a role, votes or an attestor's key", async () => {
    const s = await loadFixture(standard);
    const others = {
      ...standardRules,
      guardian: s.alice.address,
      registrar: s.bob.address,
      agent: s.carol.address,
      servicer: s.keeper.address,
      allocations: [],
    };
    const me = s.deployer.address;
    for (const [named, role] of [
      [{ ...others, guardian: me }, "guardian"],
      [{ ...others, registrar: me.toLowerCase() }, "registrar"],
      [{ ...others, agent: me }, "agent"],
      [{ ...others, servicer: me }, "servicer"],
      [{ ...others, allocations: [{ holder: me, amount: 1n }] }, "holder of PLDR"],
    ] as const) {
      const error = await handOver(s.deployer, s, named).catch((thrown: Error) => thrown);
      expect(String(error)).to.match(new RegExp(`is named ${role}`));
    }
    await s.oracle.setAttestor(me, true);
    const error = await handOver(s.deployer, s, others).catch((thrown: Error) => thrown);
    expect(String(error)).to.match(/is named attestor/);
    expect(await s.accessManager.hasRole(0, me), "and nothing was handed over").to.deep.equal([true, 0n]);
  });
});
