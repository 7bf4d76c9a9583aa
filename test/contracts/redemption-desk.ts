// The issuer's redemption: requests wait until the issuer pays, each at its own price, and are claimed in whole or in part.
import { expect } from "chai";
import type { AnyContract } from "../../contracts/deployment/protocol.ts";
import { deployDesk } from "./support/desk.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, deployed, open, type Setup, units } from "./support/setup.ts";

const { loadFixture } = networkHelpers;

type DeskSetup = Setup & { desk: AnyContract };

async function withDesk(): Promise<DeskSetup> {
  const s = await deployed();
  await open(s, s.bob, 5_000n, 200_000n);
  const desk = await deployDesk(s, s.bob);
  for (const who of [s.alice, s.bob]) await as(s.collateral, who).approve(desk, ethers.MaxUint256);
  return { ...s, desk };
}

/** Alice asks for `shares` wei of the token; her first request has number 1. */
const ask = (s: DeskSetup, shares: bigint) => as(s.desk, s.alice).requestRedeem(shares, s.alice, s.alice);

/** What the desk says of request `requestId` and of all that Alice may claim. */
async function stateOf(s: DeskSetup, requestId: number): Promise<Record<string, bigint>> {
  return {
    pending: await s.desk.pendingRedeemRequest(requestId, s.alice),
    claimable: await s.desk.claimableRedeemRequest(requestId, s.alice),
    maxRedeem: await s.desk.maxRedeem(s.alice),
    maxWithdraw: await s.desk.maxWithdraw(s.alice),
  };
}

describe("RedemptionDesk", () => {
  it("takes the tokens, numbers each request, and holds them until the agent pays", async () => {
    const s = await loadFixture(withDesk);
    await expect(ask(s, units(10)))
      .to.emit(s.desk, "RedeemRequest")
      .withArgs(s.alice, s.alice, 1, s.alice, units(10));
    await expect(ask(s, units(20)))
      .to.emit(s.desk, "RedeemRequest")
      .withArgs(s.alice, s.alice, 2, s.alice, units(20));
    expect(await s.collateral.balanceOf(s.desk)).to.equal(units(30));
    expect(await stateOf(s, 1)).to.deep.equal({
      pending: units(10),
      claimable: 0n,
      maxRedeem: 0n,
      maxWithdraw: 0n,
    });
    expect(await s.desk.pendingRedeemRequest(1, s.bob), "of another controller").to.equal(0n);

    const [cash, tokens] = [
      await s.stablecoin.balanceOf(s.deployer),
      await s.collateral.balanceOf(s.deployer),
    ];
    await expect(s.desk.fulfil(1, units(990)))
      .to.emit(s.desk, "RequestFulfilled")
      .withArgs(1, s.alice, s.deployer, units(10), units(990));
    expect(cash - (await s.stablecoin.balanceOf(s.deployer))).to.equal(units(990));
    expect((await s.collateral.balanceOf(s.deployer)) - tokens).to.equal(units(10));
    expect(await stateOf(s, 1)).to.deep.equal({
      pending: 0n,
      claimable: units(10),
      maxRedeem: units(10),
      maxWithdraw: units(990),
    });
    expect(await s.desk.claimableRedeemRequest(1, s.bob), "of another controller").to.equal(0n);
    expect(await s.desk.pendingRedeemRequest(2, s.alice), "the other waits").to.equal(units(20));
  });

  it("is paid by the agent alone, once, and for something", async () => {
    const s = await loadFixture(withDesk);
    await ask(s, units(10));
    await expect(as(s.desk, s.alice).fulfil(1, 1)).to.be.revertedWithCustomError(
      s.desk,
      "AccessManagedUnauthorized",
    );
    await expect(s.desk.fulfil(1, 0)).to.be.revertedWithCustomError(s.desk, "ZeroAmount");
    await expect(s.desk.fulfil(2, 1)).to.be.revertedWithCustomError(s.desk, "NotPending").withArgs(2);
    await s.desk.fulfil(1, units(990));
    await expect(s.desk.fulfil(1, 1)).to.be.revertedWithCustomError(s.desk, "NotPending").withArgs(1);
  });

  it("obeys owners, controllers and their operators", async () => {
    const s = await loadFixture(withDesk);
    const asBob = as(s.desk, s.bob);
    const askForAlice = () => asBob.requestRedeem(units(10), s.carol, s.alice);
    await expect(askForAlice()).to.be.revertedWithCustomError(s.desk, "NotOperator").withArgs(s.alice, s.bob);
    await expect(as(s.desk, s.alice).setOperator(s.alice, true)).to.be.revertedWithCustomError(
      s.desk,
      "OperatorOfItself",
    );
    await expect(as(s.desk, s.alice).setOperator(s.bob, true))
      .to.emit(s.desk, "OperatorSet")
      .withArgs(s.alice, s.bob, true);
    expect(await s.desk.isOperator(s.alice, s.bob)).to.equal(true);
    await askForAlice();
    await s.desk.fulfil(1, units(990));
    for (const call of ["redeem", "withdraw"]) {
      for (const who of [s.bob, s.alice]) {
        await expect(as(s.desk, who)[call](units(1), s.bob, s.carol))
          .to.be.revertedWithCustomError(s.desk, "NotOperator")
          .withArgs(s.carol, who);
      }
    }
    await as(s.desk, s.carol).setOperator(s.bob, true);
    await asBob.redeem(units(1), s.stranger, s.carol);
    expect(await s.stablecoin.balanceOf(s.stranger)).to.equal(units(99));
    await as(s.desk, s.carol).setOperator(s.bob, false);
    await expect(asBob.redeem(1, s.bob, s.carol)).to.be.revertedWithCustomError(s.desk, "NotOperator");
  });

  it("claims requests in the order of their payment, each at its own price", async () => {
    const s = await loadFixture(withDesk);
    await ask(s, units(10));
    await ask(s, units(10));
    await s.desk.fulfil(2, units(900));
    await s.desk.fulfil(1, units(1_000));
    const desk = as(s.desk, s.alice);
    await expect(desk.redeem(units(15), s.stranger, s.alice))
      .to.emit(s.desk, "Withdraw")
      .withArgs(s.alice, s.stranger, s.alice, units(1_400), units(15));
    expect(await stateOf(s, 2)).to.deep.include({
      claimable: 0n,
      maxRedeem: units(5),
      maxWithdraw: units(500),
    });
    await expect(desk.redeem(units(5) + 1n, s.alice, s.alice))
      .to.be.revertedWithCustomError(s.desk, "ExceedsClaimable")
      .withArgs(s.alice, units(5) + 1n, units(5));
    await expect(desk.withdraw(units(500) + 1n, s.alice, s.alice))
      .to.be.revertedWithCustomError(s.desk, "ExceedsClaimable")
      .withArgs(s.alice, units(500) + 1n, units(500));
    await desk.withdraw(units(500), s.stranger, s.alice);
    expect(await s.stablecoin.balanceOf(s.stranger)).to.equal(units(1_900));
    expect(await s.stablecoin.balanceOf(s.desk)).to.equal(0n);
  });

  it("rounds a claim in part for itself, and leaves nothing behind on the last one", async () => {
    const s = await loadFixture(withDesk);
    const desk = as(s.desk, s.alice);
    await ask(s, 3n);
    await s.desk.fulfil(1, 10);
    expect(await desk.redeem.staticCall(1, s.alice, s.alice), "floor(10 / 3)").to.equal(3n);
    await desk.redeem(1, s.alice, s.alice);
    expect(await desk.withdraw.staticCall(1, s.alice, s.alice), "ceil(2 / 7)").to.equal(1n);
    await desk.withdraw(1, s.alice, s.alice);
    expect(await desk.redeem.staticCall(1, s.alice, s.alice), "all that is left").to.equal(6n);
    await desk.redeem(1, s.alice, s.alice);
    expect(await s.stablecoin.balanceOf(s.desk)).to.equal(0n);
  });

  it("keeps what rounding left without shares for the next claim, be it of assets or of shares", async () => {
    const s = await loadFixture(withDesk);
    const desk = as(s.desk, s.alice);
    await ask(s, 1n);
    await ask(s, 2n);
    await s.desk.fulfil(1, 10);
    await s.desk.fulfil(2, 20);
    await desk.withdraw(4, s.stranger, s.alice);
    expect(await stateOf(s, 1)).to.deep.include({ claimable: 0n, maxRedeem: 2n, maxWithdraw: 26n });
    expect(await desk.withdraw.staticCall(6, s.stranger, s.alice), "paid for already").to.equal(0n);
    expect(await desk.redeem.staticCall(2, s.stranger, s.alice)).to.equal(26n);
    await desk.redeem(2, s.stranger, s.alice);
    expect(await s.stablecoin.balanceOf(s.stranger)).to.equal(30n);
    expect(await stateOf(s, 2)).to.deep.include({ claimable: 0n, maxRedeem: 0n, maxWithdraw: 0n });
  });

  it("takes no deposits, previews nothing, and refuses what is zero", async () => {
    const s = await loadFixture(withDesk);
    for (const call of ["deposit", "mint"]) {
      await expect(s.desk[call](1, s.alice)).to.be.revertedWithCustomError(s.desk, "DepositsUnsupported");
    }
    for (const [call, error] of [
      ["previewDeposit", "DepositsUnsupported"],
      ["previewMint", "DepositsUnsupported"],
      ["previewRedeem", "PreviewUnsupported"],
      ["previewWithdraw", "PreviewUnsupported"],
    ] as const) {
      await expect(s.desk[call](1)).to.be.revertedWithCustomError(s.desk, error);
    }
    expect([await s.desk.maxDeposit(s.alice), await s.desk.maxMint(s.alice)]).to.deep.equal([0n, 0n]);
    const desk = as(s.desk, s.alice);
    const zero = ethers.ZeroAddress;
    await expect(ask(s, 0n)).to.be.revertedWithCustomError(s.desk, "ZeroAmount");
    await expect(desk.redeem(0, s.alice, s.alice)).to.be.revertedWithCustomError(s.desk, "ZeroAmount");
    await expect(desk.withdraw(0, s.alice, s.alice)).to.be.revertedWithCustomError(s.desk, "ZeroAmount");
    await expect(desk.requestRedeem(1, zero, s.alice)).to.be.revertedWithCustomError(s.desk, "ZeroAddress");
    await expect(desk.redeem(1, zero, s.alice)).to.be.revertedWithCustomError(s.desk, "ZeroAddress");
  });

  it("names its interfaces by their ERC-165 identifiers", async () => {
    const s = await loadFixture(withDesk);
    for (const [identifier, supported] of [
      ["0x01ffc9a7", true],
      ["0xe3bc4e65", true],
      ["0x620ee8e4", true],
      ["0xce3bbe50", false], // asynchronous deposits
      ["0xffffffff", false],
    ] as const) {
      expect(await s.desk.supportsInterface(identifier), identifier).to.equal(supported);
    }
    expect(await s.desk.share()).to.equal(s.collateral.target);
    expect(await s.desk.asset()).to.equal(s.stablecoin.target);
  });
});
