// The router: what people do in several steps, in one transaction, after which it holds nothing.
import { expect } from "chai";
import { type AnyContract, deploy } from "../../contracts/deployment/protocol.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { dollars, type PegSetup, sayDollar, withPeg } from "./support/peg.ts";
import { type Permit, signAuthorisation, signPermit } from "./support/permit.ts";
import { busyPool, deployedWithPool, type PoolSetup } from "./support/pool.ts";
import { as, open, units } from "./support/setup.ts";
import { type Surrounded, surrounded } from "./support/surroundings.ts";

const { loadFixture, time } = networkHelpers;
const max = ethers.MaxUint256;

type WithRouter<S> = S & { router: AnyContract };
type Person = PegSetup["alice"];

async function routed<S extends { deployer: Person }>(s: S): Promise<WithRouter<S>> {
  return { ...s, router: await deploy(s.deployer, "Router", []) };
}

/** Alice owes 80,000 and approved nobody; the peg holds dollars of Bob's. */
async function pegged(): Promise<WithRouter<PegSetup>> {
  const s = await withPeg();
  await open(s, s.alice, 2_000n, 80_000n);
  await sayDollar(s);
  await as(s.peg, s.bob).swapIn(dollars(200_000), 0, s.bob);
  return routed(s);
}

async function pooled(): Promise<WithRouter<PoolSetup>> {
  return routed(await deployedWithPool());
}

async function busy(): Promise<WithRouter<PoolSetup>> {
  return routed(await busyPool());
}

async function saving(): Promise<WithRouter<Surrounded>> {
  return routed(await surrounded());
}

/** The call data of `method` of the router. */
function call({ router }: { router: AnyContract }, method: string, ...args: unknown[]): string {
  return router.interface.encodeFunctionData(method, args);
}

/** The call by which `owner`'s permit of `token` is used. */
function permitCall(s: { router: AnyContract }, token: AnyContract, value: bigint, p: Permit): string {
  return call(s, "permit", token.target, value, p.deadline, p.v, p.r, p.s);
}

/** Nothing lies with the router, and it lets nobody have anything. */
async function expectEmpty(
  { router }: { router: AnyContract },
  tokens: AnyContract[],
  spenders: AnyContract[],
): Promise<void> {
  for (const token of tokens) {
    expect(await token.balanceOf(router), "tokens with the router").to.equal(0n);
    for (const spender of spenders) expect(await token.allowance(router, spender)).to.equal(0n);
  }
}

describe("Router", () => {
  it("deposits into a pool with a permit, in one transaction", async () => {
    const s = await loadFixture(pooled);
    const value = units(40_000);
    const permit = await signPermit(s.stablecoin, s.dora, s.router, value);
    const shares = await s.pool.previewDeposit(value);
    await as(s.router, s.dora).multicall([
      permitCall(s, s.stablecoin, value, permit),
      call(s, "deposit", s.pool.target, value, shares),
    ]);
    expect(await s.pool.balanceOf(s.dora)).to.equal(shares);
    expect(await s.stablecoin.balanceOf(s.dora)).to.equal(units(110_000));
    await expectEmpty(s, [s.stablecoin, s.pool], [s.pool]);

    await as(s.stablecoin, s.dora).approve(s.router, value);
    await expect(as(s.router, s.dora).deposit(s.pool, value, value + 1n))
      .to.be.revertedWithCustomError(s.router, "TooFewShares")
      .withArgs(value, value + 1n);
  });

  it("deposits into savings, whose room it takes in the saver's lane", async () => {
    const s = await loadFixture(saving);
    const permit = await signPermit(s.stablecoin, s.bob, s.router, units(2_000));
    await as(s.router, s.bob).multicall([
      permitCall(s, s.stablecoin, units(2_000), permit),
      call(s, "deposit", s.savings.target, units(2_000), 0),
    ]);
    expect(await s.savings.balanceOf(s.bob)).to.equal(units(2_000));
    await expectEmpty(s, [s.stablecoin, s.savings], [s.savings]);
  });

  it("goes on where somebody else brought the permit first, and says what is missing where it is wrong", async () => {
    const s = await loadFixture(pooled);
    const value = units(40_000);
    const { deadline, v, r, s: sig } = await signPermit(s.stablecoin, s.dora, s.router, value);
    await as(s.stablecoin, s.stranger).permit(s.dora, s.router, value, deadline, v, r, sig);
    const calls = [
      permitCall(s, s.stablecoin, value, { deadline, v, r, s: sig }),
      call(s, "deposit", s.pool.target, value, 0),
    ];
    await as(s.router, s.dora).multicall(calls);
    expect(await s.pool.balanceOf(s.dora)).to.equal(value);
    await expect(as(s.router, s.dora).multicall(calls)).to.be.revertedWithCustomError(
      s.stablecoin,
      "ERC20InsufficientAllowance",
    );
  });

  it("repays all with a permit for more, and takes no more than is owed", async () => {
    const s = await loadFixture(busy);
    await time.increase(1_000_000);
    const permit = await signPermit(s.stablecoin, s.alice, s.router, units(90_000));
    const before = await s.stablecoin.balanceOf(s.alice);
    await as(s.router, s.alice).multicall([
      permitCall(s, s.stablecoin, units(90_000), permit),
      call(s, "repay", s.market.target, s.alice.address, 0, max),
    ]);
    expect(await s.market.debtOf(s.alice, 0)).to.equal(0n);
    const [repaid] = await s.market.queryFilter("Repaid");
    if (!repaid || !("args" in repaid)) throw new Error("no event");
    expect(before - (await s.stablecoin.balanceOf(s.alice)))
      .to.equal(repaid.args.assets)
      .and.greaterThan(units(60_000));
    await expectEmpty(s, [s.stablecoin], [s.pool]);
    await expect(as(s.router, s.alice).repay(s.market, s.alice, 0, max)).to.be.revertedWithCustomError(
      s.router,
      "ZeroAmount",
    );
  });

  it("repays a part of somebody else's minted debt", async () => {
    const s = await loadFixture(busy);
    await as(s.stablecoin, s.alice).approve(s.router, units(1_000));
    const owed = await s.mintMarket.debtOf(s.carol, 0);
    const repaid = await as(s.router, s.alice).repay.staticCall(s.mintMarket, s.carol, 0, units(1_000));
    expect(repaid).to.equal(units(1_000));
    await as(s.router, s.alice).repay(s.mintMarket, s.carol, 0, units(1_000));
    expect(owed - (await s.mintMarket.debtOf(s.carol, 0))).to.be.greaterThan(units(999));
    await expectEmpty(s, [s.stablecoin], [s.facility]);
  });

  it("swaps dollars in by the peg and repays, with two permits; what is not owed stays the payer's", async () => {
    const s = await loadFixture(pegged);
    const permits = [
      permitCall(
        s,
        s.dollar,
        dollars(90_000),
        await signPermit(s.dollar, s.alice, s.router, dollars(90_000)),
      ),
      permitCall(s, s.stablecoin, max, await signPermit(s.stablecoin, s.alice, s.router, max)),
    ];
    const expected = await s.peg.previewSwapIn(dollars(90_000));
    const [held, held$] = [await s.stablecoin.balanceOf(s.alice), await s.dollar.balanceOf(s.alice)];
    await expect(
      as(s.router, s.alice).multicall([
        ...permits,
        call(s, "swapInAndRepay", s.peg.target, dollars(90_000), expected + 1n, s.market.target, 0),
      ]),
    ).to.be.revertedWithCustomError(s.peg, "SwapBelowMinimum");
    await as(s.router, s.alice).multicall([
      ...permits,
      call(s, "swapInAndRepay", s.peg.target, dollars(90_000), expected, s.market.target, 0),
    ]);
    expect(await s.market.debtOf(s.alice, 0)).to.equal(0n);
    expect(held$ - (await s.dollar.balanceOf(s.alice))).to.equal(dollars(90_000));
    const gained = (await s.stablecoin.balanceOf(s.alice)) - held;
    expect(gained).to.be.at.most(expected - units(80_000));
    expect(gained).to.be.greaterThan(expected - units(80_001));
    await expectEmpty(s, [s.stablecoin, s.dollar], [s.peg, s.facility]);
  });

  it("swaps in within the caller's lane, not its own", async () => {
    const s = await loadFixture(pegged);
    await as(s.dollar, s.alice).approve(s.router, max);
    await as(s.stablecoin, s.alice).approve(s.router, max);
    const lane = 8; // Alice's
    const before = await s.peg.cashOf(lane);
    await as(s.router, s.alice).swapInAndRepay(s.peg, dollars(1_000), 0, s.market, 0);
    expect((await s.peg.cashOf(lane)) - before).to.equal(dollars(1_000));
  });

  it("borrows and swaps out, for who authorised it alone", async () => {
    const s = await loadFixture(pegged);
    const router = as(s.router, s.alice);
    const expected = await s.peg.previewSwapOut(units(10_000));
    await expect(router.borrowAndSwapOut(s.market, 0, units(10_000), s.peg, 0))
      .to.be.revertedWithCustomError(s.market, "NotAuthorised")
      .withArgs(s.router, s.alice);
    await as(s.market, s.alice).setAuthorisation(s.router, true);
    const before = await s.dollar.balanceOf(s.alice);
    await router.borrowAndSwapOut(s.market, 0, units(10_000), s.peg, expected);
    expect((await s.dollar.balanceOf(s.alice)) - before).to.equal(expected);
    expect(await s.market.debtOf(s.alice, 0)).to.be.greaterThanOrEqual(units(90_000));
    await expect(
      router.borrowAndSwapOut(s.market, 0, units(10_000), s.peg, expected + 1n),
    ).to.be.revertedWithCustomError(s.peg, "SwapBelowMinimum");
    await expectEmpty(s, [s.stablecoin, s.dollar], [s.peg]);
  });

  it("borrows by a signature brought in the same transaction", async function () {
    const s = await loadFixture(pegged);
    if (!s.market.interface.hasFunction("setAuthorisationWithSig")) this.skip();
    const deadline = BigInt(await time.latest()) + 1_000n;
    const sign = (nonce: bigint, authorised = true) =>
      signAuthorisation(s.market, s.alice, s.router, { authorised, nonce, deadline });
    const authorise = async (nonce: bigint, authorised = true) =>
      call(s, "authorise", s.market.target, authorised, nonce, deadline, await sign(nonce, authorised));
    const borrow = call(s, "borrowAndSwapOut", s.market.target, 0, units(10_000), s.peg.target, 0);
    // Brought, used and taken back: nothing is left of the right to borrow.
    await as(s.router, s.alice).multicall([await authorise(0n), borrow, await authorise(1n, false)]);
    expect(await s.market.isAuthorised(s.alice, s.router)).to.equal(false);
    expect(await s.dollar.balanceOf(s.alice)).to.be.greaterThan(dollars(10_000_000));
    // Somebody else brings the next one first.
    const next = { owner: s.alice.address, operator: s.router.target, authorised: true, nonce: 2n, deadline };
    await as(s.market, s.stranger).setAuthorisationWithSig(next, await sign(2n));
    await as(s.router, s.alice).multicall([await authorise(2n), borrow]);
    await expectEmpty(s, [s.stablecoin, s.dollar], [s.peg]);
  });

  it("borrows and deposits into savings", async () => {
    const s = await loadFixture(saving);
    await as(s.market, s.bob).setAuthorisation(s.router, true);
    await as(s.router, s.bob).borrowAndDeposit(s.market, 0, units(5_000), s.savings, units(5_000));
    expect(await s.savings.balanceOf(s.bob)).to.equal(units(5_000));
    expect(await s.stablecoin.balanceOf(s.bob)).to.equal(units(150_000));
    await expect(
      as(s.router, s.bob).borrowAndDeposit(s.market, 0, units(5_000), s.savings, units(5_001)),
    ).to.be.revertedWithCustomError(s.router, "TooFewShares");
    await expectEmpty(s, [s.stablecoin, s.savings], [s.savings]);
  });

  it("withdraws from a pool and repays, all of it with the largest number", async () => {
    const s = await loadFixture(busy);
    // Alice lends beside: 20,000 of her loan went into the pool that she owes.
    await as(s.pool, s.alice).deposit(units(70_000), s.alice);
    const router = as(s.router, s.alice);
    const shares = await s.pool.balanceOf(s.alice);
    const permit = await signPermit(s.pool, s.alice, s.router, max);
    const held = await s.stablecoin.balanceOf(s.alice);
    await expect(
      router.multicall([
        permitCall(s, s.pool, max, permit),
        call(s, "withdrawAndRepay", s.pool.target, max, units(1), s.market.target, 0),
      ]),
    ).to.be.revertedWithCustomError(s.router, "TooManyShares");
    await router.multicall([
      permitCall(s, s.pool, max, permit),
      call(s, "withdrawAndRepay", s.pool.target, max, shares, s.market.target, 0),
    ]);
    expect(await s.market.debtOf(s.alice, 0)).to.equal(0n);
    expect(await s.stablecoin.balanceOf(s.alice)).to.equal(held);
    expect(shares - (await s.pool.balanceOf(s.alice)))
      .to.be.greaterThan(units(59_999))
      .and.lessThan(units(60_010));
    await expectEmpty(s, [s.stablecoin, s.pool], [s.pool]);
  });

  it("hands strays to whoever calls next, and keeps none", async () => {
    const s = await loadFixture(pooled);
    await as(s.stablecoin, s.emil).transfer(s.router, units(7));
    await as(s.stablecoin, s.dora).approve(s.router, units(100));
    await as(s.router, s.dora).deposit(s.pool, units(100), 0);
    expect(await s.stablecoin.balanceOf(s.dora)).to.equal(units(150_000 - 100 + 7));
    await expectEmpty(s, [s.stablecoin], [s.pool]);
  });

  it("makes a batch whole or not at all, with the reason of what failed", async () => {
    const s = await loadFixture(pooled);
    await as(s.stablecoin, s.dora).approve(s.router, units(100));
    await expect(
      as(s.router, s.dora).multicall([
        call(s, "deposit", s.pool.target, units(100), 0),
        call(s, "deposit", s.pool.target, units(100), 0),
      ]),
    )
      .to.be.revertedWithCustomError(s.stablecoin, "ERC20InsufficientAllowance")
      .withArgs(s.router, 0n, units(100));
    expect(await s.pool.balanceOf(s.dora)).to.equal(0n);
  });
});
