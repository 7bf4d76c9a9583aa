// Attacks by way of the router, which many have given allowances and authorised to borrow.
import { expect } from "chai";
import { type AnyContract, deploy } from "../../../contracts/deployment/protocol.ts";
import { deployHarness } from "../support/harness.ts";
import { ethers, networkHelpers } from "../support/network.ts";
import { dollars, type PegSetup, sayDollar, withPeg } from "../support/peg.ts";
import { as, open, units } from "../support/setup.ts";
import { wealthOf } from "../support/wealth.ts";

const { loadFixture } = networkHelpers;
const max = ethers.MaxUint256;

type Setup = PegSetup & { router: AnyContract; savings: AnyContract };

/** Alice trusts the router with everything: all allowances, and she authorised it. Bob attacks. */
async function trusted(): Promise<Setup> {
  const s = await withPeg();
  await open(s, s.alice, 3_000n, 100_000n);
  await open(s, s.bob, 3_000n, 1_000n);
  await as(s.stablecoin, s.alice).transfer(s.bob, units(10_000));
  await sayDollar(s);
  const router = await deploy(s.deployer, "Router", []);
  const savings = await deploy(s.deployer, "SavingsVault", [
    s.accessManager.target,
    s.stablecoin.target,
    s.deployer.address,
    86_400,
    units(100_000),
    0,
  ]);
  await as(s.stablecoin, s.alice).approve(savings, max);
  await as(savings, s.alice).deposit(units(20_000), s.alice);
  for (const token of [s.stablecoin, s.dollar, savings]) await as(token, s.alice).approve(router, max);
  await as(s.market, s.alice).setAuthorisation(router, true);
  for (const token of [s.stablecoin, s.dollar]) await as(token, s.bob).approve(router, max);
  return { ...s, router, savings };
}

function call(contract: AnyContract, method: string, args: unknown[]): string {
  return contract.interface.encodeFunctionData(method, args);
}

/** Alice's net worth, as long as her debt is the same but for interest. */
function wealth(s: Setup) {
  return wealthOf(s, [s.alice]);
}

describe("Attack: by way of the router", () => {
  it("somebody else's allowance and authorisation: there is no call that uses them", async () => {
    const s = await loadFixture(trusted);
    const before = await wealth(s);
    const bob = as(s.router, s.bob);
    const held = await s.stablecoin.balanceOf(s.bob);
    // Each acts for Bob: with his tokens, on his debt, or not at all.
    await expect(bob.borrowAndSwapOut(s.market, 0, units(500), s.peg, 0))
      .to.be.revertedWithCustomError(s.market, "NotAuthorised")
      .withArgs(s.router, s.bob);
    await expect(bob.borrowAndDeposit(s.market, 0, units(500), s.savings, 0)).to.be.revertedWithCustomError(
      s.market,
      "NotAuthorised",
    );
    await expect(bob.withdrawAndRepay(s.savings, units(100), max, s.market, 0)).to.be.revertedWithCustomError(
      s.savings,
      "ERC20InsufficientAllowance",
    );
    await bob.repay(s.market, s.alice, 0, units(100)); // a present to her, from his own
    expect(held - (await s.stablecoin.balanceOf(s.bob))).to.equal(units(100));
    await bob.deposit(s.savings, units(100), 0);
    expect(await s.savings.balanceOf(s.bob)).to.equal(units(100));
    expect((await wealth(s)) - before).to.be.greaterThan(units(99));
  });

  it("a false market, pool or peg: it gets what its caller handed over, and nothing of others'", async () => {
    const s = await loadFixture(trusted);
    const before = await wealth(s);
    const bob = as(s.router, s.bob);
    for (const token of [s.stablecoin, s.dollar]) {
      const target = await deployHarness("FalseTarget", token);
      // What it tries, with the router calling it: to take what the router lets it, of Alice and of the router.
      for (const attempt of [
        call(token, "transferFrom", [s.alice.address, target.target, 1_000n]),
        call(token, "transferFrom", [s.router.target, target.target, dollars(1_001)]),
      ]) {
        await target.tell(token, attempt);
        let passed = 0;
        for (const run of [
          () => bob.deposit(target, dollars(1_000), 0),
          () => bob.repay(target, s.alice, 0, dollars(1_000)),
          () => bob.swapInAndRepay(target, dollars(1_000), 0, s.market, 0),
          () => bob.borrowAndSwapOut(target, 0, 0, target, 0),
          () => bob.borrowAndDeposit(target, 0, 0, target, 0),
          () => bob.withdrawAndRepay(target, dollars(1_000), max, target, 0),
        ]) {
          const sent = await run().catch(() => undefined);
          if (sent) passed++;
          expect(await target.succeeded()).to.equal(false);
          expect(await token.balanceOf(target)).to.equal(0n);
          expect(await token.allowance(s.router, target), "no allowance outlives the call").to.equal(0n);
        }
        expect(
          passed,
          "a deposit, a repayment and loans of nothing go through, to no effect",
        ).to.be.greaterThan(3);
      }
    }
    const lost = before - (await wealth(s));
    expect(lost, "but some seconds' interest").to.be.lessThan(units(1));
    for (const token of [s.stablecoin, s.dollar, s.savings])
      expect(await token.balanceOf(s.router)).to.equal(0n);
  });

  it("calls from a false target back into the router: refused while it works for somebody", async () => {
    const s = await loadFixture(trusted);
    const target = await deployHarness("FalseTarget", s.stablecoin);
    for (const attempt of [
      call(s.router, "multicall", [[]]),
      call(s.router, "deposit", [s.savings.target, 1n, 0n]),
      call(s.router, "borrowAndSwapOut", [s.market.target, 0, units(1_000), s.peg.target, 0]),
      call(s.router, "permit", [s.stablecoin.target, 1n, 1n, 27, ethers.ZeroHash, ethers.ZeroHash]),
    ]) {
      await target.tell(s.router, attempt);
      // Alice herself falls for it: what she hands over comes back, and nobody acts in her name.
      const before = await wealth(s);
      await as(s.router, s.alice).deposit(target, units(1_000), 0);
      expect(await target.succeeded()).to.equal(false);
      expect(s.router.interface.parseError(await target.result())?.name).to.equal("Busy");
      expect(before - (await wealth(s))).to.be.lessThan(units(1));
    }
  });

  it("a market's, a token's and a vault's own functions under a false name: none of the router's calls fits", async () => {
    const s = await loadFixture(trusted);
    const selectors = (contract: AnyContract, names: string[]) =>
      names.map((name) => contract.interface.getFunction(name)?.selector);
    const made = [
      ...selectors(s.market, ["borrow", "repay", "debtOf", "source", "loanToken"]),
      ...selectors(s.savings, ["asset"]),
      ...["deposit(uint256,address)", "withdraw(uint256,address,address)"].map((name) =>
        ethers.id(name).slice(0, 10),
      ),
      ...selectors(s.peg, ["swapIn", "swapOut", "asset"]),
    ];
    const dangerous = [
      ...selectors(s.stablecoin, ["transfer", "transferFrom", "approve", "burn", "mint"]),
      ...selectors(s.market, ["removeCollateral", "setAuthorisation", "liquidate"]),
    ];
    for (const selector of dangerous) expect(made).not.to.include(selector);
  });
});
