// The permissioned token: who may hold, freeze, forced transfer, recovery, pause, documents.
import { expect } from "chai";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, deployed, NETHERLANDS, open, TIERS, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const PROSPECTUS = ethers.id("prospectus");

/** The words of a jurisdiction rule that lists `codes`. */
function bitmap(...codes: number[]): bigint[] {
  const words = [0n, 0n, 0n, 0n];
  for (const code of codes) words[code >> 8] = (words[code >> 8] ?? 0n) | (1n << BigInt(code & 255));
  return words;
}

describe("RwaToken", () => {
  it("goes to eligible receivers alone", async () => {
    const s = await loadFixture(deployed);
    const token = as(s.collateral, s.alice);
    await token.transfer(s.bob, units(1));
    await expect(token.transfer(s.stranger, units(1)))
      .to.be.revertedWithCustomError(token, "ReceiverNotEligible")
      .withArgs(s.stranger);
    await expect(s.collateral.mint(s.stranger, 1)).to.be.revertedWithCustomError(
      token,
      "ReceiverNotEligible",
    );
    await s.registry.setPerson(s.bob, TIERS.holder, NETHERLANDS, (await time.latest()) + DAY);
    await time.increase(DAY);
    await expect(token.transfer(s.bob, units(1))).to.be.revertedWithCustomError(token, "ReceiverNotEligible");
    // An expired holder may leave.
    await as(s.collateral, s.bob).transfer(s.alice, units(10_001));
    expect(await token.balanceOf(s.alice)).to.equal(units(20_000));
  });

  it("keeps residents of refused jurisdictions out, by a list of the refused or of the admitted", async () => {
    const s = await loadFixture(deployed);
    const send = () => as(s.collateral, s.alice).transfer(s.bob, 1);
    for (const [rule, allowed] of [
      [{ onlyListed: false, listed: bitmap(NETHERLANDS) }, false],
      [{ onlyListed: true, listed: bitmap(NETHERLANDS) }, true],
      [{ onlyListed: true, listed: bitmap(NETHERLANDS - 1, NETHERLANDS + 1, NETHERLANDS - 256) }, false],
      [{ onlyListed: false, listed: bitmap(0, 999) }, true],
    ] as const) {
      await expect(s.collateral.setJurisdictionRule(rule))
        .to.emit(s.collateral, "JurisdictionRuleSet")
        .withArgs(rule.onlyListed, rule.listed);
      expect(await s.collateral.jurisdictionRule()).to.deep.equal([rule.onlyListed, rule.listed]);
      expect(await s.collateral.jurisdictionAllowed(NETHERLANDS)).to.equal(allowed);
      if (allowed) await send();
      else {
        await expect(send())
          .to.be.revertedWithCustomError(s.collateral, "JurisdictionNotAllowed")
          .withArgs(s.bob, NETHERLANDS);
      }
    }
    expect(await s.collateral.jurisdictionAllowed(999)).to.equal(false);
    expect(await s.collateral.jurisdictionAllowed(65_535)).to.equal(true);
  });

  it("freezes parts of a balance, never more than there is", async () => {
    const s = await loadFixture(deployed);
    const token = as(s.collateral, s.alice);
    await s.collateral.freezePartialTokens(s.alice, units(9_000));
    await expect(s.collateral.freezePartialTokens(s.alice, units(1_001)))
      .to.be.revertedWithCustomError(token, "FreezeExceedsBalance")
      .withArgs(s.alice, units(1_000), units(1_001));
    await expect(s.collateral.freezePartialTokens(s.alice, units(999)))
      .to.emit(token, "TokensFrozen")
      .withArgs(s.alice, units(999));
    await expect(token.transfer(s.bob, units(2)))
      .to.be.revertedWithCustomError(token, "AmountFrozen")
      .withArgs(s.alice, units(1), units(2));
    await expect(as(s.market, s.alice).addCollateral(s.alice, 0, units(2))).to.be.revertedWithCustomError(
      token,
      "AmountFrozen",
    );
    await token.transfer(s.bob, units(1));
    await as(s.collateral, s.bob).transfer(s.alice, units(3));
    await token.transfer(s.bob, units(3));
    await expect(s.collateral.unfreezePartialTokens(s.alice, units(10_000)))
      .to.be.revertedWithCustomError(token, "UnfreezeExceedsFrozen")
      .withArgs(s.alice, units(9_999), units(10_000));
    await s.collateral.unfreezePartialTokens(s.alice, units(9_999));
    await token.transfer(s.bob, units(9_999));
    expect(await token.balanceOf(s.alice)).to.equal(0n);
  });

  it("freezes persons by the registry and accounts here, both ways, and releases them", async () => {
    const s = await loadFixture(deployed);
    const token = as(s.collateral, s.alice);
    const refusesBothWays = async () => {
      await expect(token.transfer(s.bob, 1)).to.be.revertedWithCustomError(token, "SenderNotEligible");
      await expect(as(s.collateral, s.bob).transfer(s.alice, 1)).to.be.revertedWithCustomError(
        token,
        "ReceiverNotEligible",
      );
      await expect(s.collateral.mint(s.alice, 1)).to.be.revertedWithCustomError(token, "ReceiverNotEligible");
    };
    await open(s, s.alice, 1n, 0n);
    await s.registry.setFrozen(s.alice, true);
    await refusesBothWays();
    await s.registry.setFrozen(s.alice, false);
    await s.collateral.setAddressFrozen(s.alice, true);
    expect(await s.collateral.isFrozen(s.alice)).to.equal(true);
    await refusesBothWays();
    // Out of custody too.
    const remove = () => as(s.market, s.alice).removeCollateral(s.alice, 0, 1, s.alice);
    await expect(remove()).to.be.revertedWithCustomError(token, "ReceiverNotEligible");
    await s.collateral.setAddressFrozen(s.alice, false);
    await remove();
    await token.transfer(s.bob, 1);
  });

  it("pauses all transfers but the agent's own acts", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1n, 0n);
    await s.collateral.pause();
    expect(await s.collateral.paused()).to.equal(true);
    await expect(s.collateral.pause()).to.be.revertedWithCustomError(s.collateral, "PauseUnchanged");
    for (const call of [
      () => as(s.collateral, s.alice).transfer(s.bob, 1),
      () => as(s.market, s.alice).addCollateral(s.alice, 0, 1),
      () => as(s.market, s.alice).removeCollateral(s.alice, 0, 1, s.alice),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(s.collateral, "TokenPaused");
    }
    await s.collateral.mint(s.alice, units(1));
    await s.collateral.burn(s.alice, units(1));
    await s.collateral.forcedTransfer(s.alice, s.bob, units(1));
    await s.collateral.unpause();
    await expect(s.collateral.unpause()).to.be.revertedWithCustomError(s.collateral, "PauseUnchanged");
    await as(s.collateral, s.alice).transfer(s.bob, 1);
  });

  it("moves a holder's tokens by order of law, whatever is frozen, but nothing in custody", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 100n, 0n);
    await s.registry.setFrozen(s.alice, true);
    await expect(s.collateral.forcedTransfer(s.alice, s.bob, units(5)))
      .to.emit(s.collateral, "ForcedTransfer")
      .withArgs(s.alice, s.bob, units(5), s.deployer);
    const custodian = await s.market.custodian(8);
    expect(await s.collateral.balanceOf(custodian)).to.equal(units(100));
    for (const call of [
      () => s.collateral.forcedTransfer(custodian, s.bob, 1),
      () => s.collateral.burn(custodian, 1),
      () => s.collateral.freezePartialTokens(custodian, 1),
      () => s.collateral.setAddressFrozen(custodian, true),
      () => s.collateral.recoverWallet(custodian, s.bob),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(s.collateral, "CustodianProtected")
        .withArgs(custodian);
    }
    await expect(s.registry.setFrozen(custodian, true)).to.be.revertedWithCustomError(
      s.registry,
      "IsCustodian",
    );
    await expect(s.collateral.forcedTransfer(s.alice, s.stranger, 1)).to.be.revertedWithCustomError(
      s.collateral,
      "ReceiverNotEligible",
    );
  });

  it("counts its supply over lanes and is the agent's to mint and burn", async () => {
    const s = await loadFixture(deployed);
    expect(await s.collateral.totalSupply()).to.equal(units(30_000));
    await as(s.collateral, s.alice).transfer(s.bob, units(10_000));
    await s.collateral.burn(s.bob, units(20_000)); // more than ever was minted in Bob's lane
    expect(await s.collateral.totalSupply()).to.equal(units(10_000));
    await expect(as(s.collateral, s.alice).mint(s.alice, 1)).to.be.revertedWithCustomError(
      s.collateral,
      "AccessManagedUnauthorized",
    );
  });

  it("releases as much of a frozen part as an order of law takes", async () => {
    const s = await loadFixture(deployed);
    await s.collateral.freezePartialTokens(s.alice, units(6_000));
    await s.collateral.forcedTransfer(s.alice, s.bob, units(4_000));
    expect(await s.collateral.getFrozenTokens(s.alice)).to.equal(units(6_000));
    await expect(s.collateral.forcedTransfer(s.alice, s.bob, units(1_000)))
      .to.emit(s.collateral, "TokensUnfrozen")
      .withArgs(s.alice, units(1_000));
    await s.collateral.burn(s.alice, units(2_000));
    expect(await s.collateral.getFrozenTokens(s.alice)).to.equal(units(3_000));
    expect(await s.collateral.balanceOf(s.alice)).to.equal(units(3_000));
    await expect(s.collateral.burn(s.alice, units(3_001))).to.be.revertedWithCustomError(
      s.collateral,
      "ERC20InsufficientBalance",
    );
    await expect(as(s.collateral, s.alice).transfer(s.bob, 1)).to.be.revertedWithCustomError(
      s.collateral,
      "AmountFrozen",
    );
  });

  it("recovers a lost wallet with its freezes; its position stays its own", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 100n, 0n);
    await s.collateral.freezePartialTokens(s.alice, units(9_000));
    await s.collateral.setAddressFrozen(s.alice, true);
    await expect(s.collateral.recoverWallet(s.alice, s.stranger)).to.be.revertedWithCustomError(
      s.collateral,
      "ReceiverNotEligible",
    );
    await expect(s.collateral.recoverWallet(s.alice, s.alice)).to.be.revertedWithCustomError(
      s.collateral,
      "RecoveryToItself",
    );
    const supply = await s.collateral.totalSupply();
    await expect(s.collateral.recoverWallet(s.alice, s.carol))
      .to.emit(s.collateral, "RecoverySuccess")
      .withArgs(s.alice, s.carol, units(9_900), units(9_000));
    expect(await s.collateral.balanceOf(s.alice)).to.equal(0n);
    expect(await s.collateral.balanceOf(s.carol)).to.equal(units(19_900));
    expect(await s.collateral.getFrozenTokens(s.alice)).to.equal(0n);
    expect(await s.collateral.getFrozenTokens(s.carol)).to.equal(units(9_000));
    expect([await s.collateral.isFrozen(s.alice), await s.collateral.isFrozen(s.carol)]).to.deep.equal([
      true,
      true,
    ]);
    expect(await s.collateral.totalSupply()).to.equal(supply);
    expect((await s.market.positionOf(s.alice, 0)).collateral).to.equal(units(100));
    await expect(s.collateral.recoverWallet(s.alice, s.bob)).to.be.revertedWithCustomError(
      s.collateral,
      "NothingToRecover",
    );
  });

  it("issues to many at once, all or none", async () => {
    const s = await loadFixture(deployed);
    await s.collateral.batchMint([s.alice, s.bob], [units(1), units(2)]);
    expect(await s.collateral.balanceOf(s.bob)).to.equal(units(10_002));
    expect(await s.collateral.totalSupply()).to.equal(units(30_003));
    await expect(s.collateral.batchMint([s.alice, s.bob], [1]))
      .to.be.revertedWithCustomError(s.collateral, "LengthsDiffer")
      .withArgs(2, 1);
    await expect(s.collateral.batchMint([s.alice, s.stranger], [1, 1])).to.be.revertedWithCustomError(
      s.collateral,
      "ReceiverNotEligible",
    );
    expect(await s.collateral.totalSupply()).to.equal(units(30_003));
  });

  it("is the agent's alone in all that only an agent may do", async () => {
    const s = await loadFixture(deployed);
    const token = as(s.collateral, s.alice);
    for (const call of [
      () => token.batchMint([s.alice], [1]),
      () => token.burn(s.bob, 1),
      () => token.forcedTransfer(s.bob, s.alice, 1),
      () => token.recoverWallet(s.bob, s.alice),
      () => token.setAddressFrozen(s.bob, true),
      () => token.freezePartialTokens(s.bob, 1),
      () => token.unfreezePartialTokens(s.bob, 0),
      () => token.pause(),
      () => token.unpause(),
      () => token.setJurisdictionRule({ onlyListed: true, listed: bitmap() }),
      () => token.setDocument(PROSPECTUS, "", PROSPECTUS),
      () => token.removeDocument(PROSPECTUS),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(token, "AccessManagedUnauthorized");
    }
  });

  it("publishes documents with their hashes", async () => {
    const s = await loadFixture(deployed);
    const hash = ethers.id("bytes of the document");
    await expect(s.collateral.setDocument(PROSPECTUS, "ipfs://prospectus", hash))
      .to.emit(s.collateral, "DocumentUpdated")
      .withArgs(PROSPECTUS, "ipfs://prospectus", hash);
    expect(await s.collateral.getDocument(PROSPECTUS)).to.deep.equal([
      "ipfs://prospectus",
      hash,
      BigInt(await time.latest()),
    ]);
    await s.collateral.setDocument(PROSPECTUS, "ipfs://second", PROSPECTUS);
    expect(await s.collateral.getAllDocuments()).to.deep.equal([PROSPECTUS]);
    await expect(s.collateral.setDocument(PROSPECTUS, "", ethers.ZeroHash)).to.be.revertedWithCustomError(
      s.collateral,
      "DocumentHashMissing",
    );
    await expect(s.collateral.removeDocument(PROSPECTUS))
      .to.emit(s.collateral, "DocumentRemoved")
      .withArgs(PROSPECTUS, "ipfs://second", PROSPECTUS);
    expect(await s.collateral.getAllDocuments()).to.deep.equal([]);
    for (const call of [
      () => s.collateral.getDocument(PROSPECTUS),
      () => s.collateral.removeDocument(PROSPECTUS),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(s.collateral, "UnknownDocument");
    }
  });
});
