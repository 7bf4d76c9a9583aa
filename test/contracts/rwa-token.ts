// The permissioned token and the registry behind it: who may hold, freeze, forced transfer, documents.
import { expect } from "chai";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, deployed, NETHERLANDS, open, TIERS, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const PROSPECTUS = ethers.id("prospectus");

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

  it("keeps residents of blocked jurisdictions out", async () => {
    const s = await loadFixture(deployed);
    await s.collateral.setJurisdictionBlocked(NETHERLANDS, true);
    await expect(as(s.collateral, s.alice).transfer(s.bob, 1))
      .to.be.revertedWithCustomError(s.collateral, "JurisdictionNotAllowed")
      .withArgs(s.bob, NETHERLANDS);
    expect(await s.collateral.jurisdictionBlocked(NETHERLANDS)).to.equal(true);
  });

  it("freezes persons, parts and whole accounts", async () => {
    const s = await loadFixture(deployed);
    const token = as(s.collateral, s.alice);
    await s.registry.setFrozen(s.alice, true);
    await expect(token.transfer(s.bob, 1)).to.be.revertedWithCustomError(token, "SenderNotEligible");
    await s.registry.setFrozen(s.alice, false);
    await s.collateral.setFrozenAmount(s.alice, units(9_999));
    await expect(token.transfer(s.bob, units(2)))
      .to.be.revertedWithCustomError(token, "AmountFrozen")
      .withArgs(s.alice, units(1), units(2));
    await token.transfer(s.bob, units(1));
    await s.collateral.setFrozenAmount(s.alice, ethers.MaxUint256);
    await expect(token.transfer(s.bob, 1)).to.be.revertedWithCustomError(token, "AmountFrozen");
    await expect(as(s.collateral, s.bob).transfer(s.alice, 1)).to.be.revertedWithCustomError(
      token,
      "ReceiverNotEligible",
    );
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
      () => s.collateral.setFrozenAmount(custodian, 1),
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

  it("publishes documents with their hashes", async () => {
    const s = await loadFixture(deployed);
    const hash = ethers.id("bytes of the document");
    await s.collateral.setDocument(PROSPECTUS, "ipfs://prospectus", hash);
    const document = await s.collateral.document(PROSPECTUS);
    expect([document.uri, document.contentHash]).to.deep.equal(["ipfs://prospectus", hash]);
    expect(await s.collateral.documentNames()).to.deep.equal([PROSPECTUS]);
    await s.collateral.removeDocument(PROSPECTUS);
    expect(await s.collateral.documentNames()).to.deep.equal([]);
    await expect(s.collateral.document(PROSPECTUS)).to.be.revertedWithCustomError(
      s.collateral,
      "UnknownDocument",
    );
    await expect(s.collateral.removeDocument(PROSPECTUS)).to.be.revertedWithCustomError(
      s.collateral,
      "UnknownDocument",
    );
  });
});

describe("EligibilityRegistry", () => {
  const bits = { known: 1, valid: 2, frozen: 4, hold: 8, borrow: 16, liquidate: 32, custodian: 64 };

  it("says what a person may do, by tier, expiry and freeze", async () => {
    const s = await loadFixture(deployed);
    const standing = async (who: unknown) => Number((await s.registry.standingOf(who))[0]);
    const { known, valid, frozen, hold, borrow, liquidate, custodian } = bits;
    expect(await standing(s.stranger)).to.equal(0);
    expect(await standing(s.alice)).to.equal(known | valid | hold | borrow);
    expect(await standing(s.keeper)).to.equal(known | valid | hold | borrow | liquidate);
    expect(await standing(await s.market.custodian(31))).to.equal(known | custodian);
    await s.registry.setFrozen(s.keeper, true);
    expect(await standing(s.keeper)).to.equal(known | valid | frozen);
    const expiry = (await time.latest()) + DAY;
    await s.registry.setPerson(s.keeper, TIERS.holder, 56, expiry);
    expect(await standing(s.keeper), "an update keeps the freeze").to.equal(known | valid | frozen);
    await s.registry.setFrozen(s.keeper, false);
    expect(await s.registry.standingOf(s.keeper)).to.deep.equal([BigInt(known | valid | hold), 56n]);
    await time.increaseTo(expiry);
    expect(await standing(s.keeper)).to.equal(known);
    await s.registry.removePerson(s.keeper);
    expect(await standing(s.keeper)).to.equal(0);
  });

  it("is the registrar's, and refuses records that make no sense", async () => {
    const s = await loadFixture(deployed);
    const later = (await time.latest()) + DAY;
    await expect(as(s.registry, s.alice).setFrozen(s.alice, false)).to.be.revertedWithCustomError(
      s.registry,
      "AccessManagedUnauthorized",
    );
    await expect(s.registry.setPerson(s.alice, 0, 0, later)).to.be.revertedWithCustomError(
      s.registry,
      "TierMissing",
    );
    await expect(s.registry.setPerson(s.alice, 1, 0, 1)).to.be.revertedWithCustomError(
      s.registry,
      "ExpiryInThePast",
    );
    await expect(s.registry.setFrozen(s.stranger, true)).to.be.revertedWithCustomError(
      s.registry,
      "UnknownPerson",
    );
    await expect(
      s.registry.setPerson(await s.market.custodian(0), 1, 0, later),
    ).to.be.revertedWithCustomError(s.registry, "IsCustodian");
  });
});
