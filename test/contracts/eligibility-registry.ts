// Who is on record: tiers, expiry, freeze; the registrar, issuers' agents, and requests made on chain.
import { expect } from "chai";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, deployed, NETHERLANDS, type Setup, TIERS } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

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
    await s.registry.setFrozen(s.keeper, true);
    // Else another issuer could take the person on unfrozen.
    await expect(s.registry.removePerson(s.keeper)).to.be.revertedWithCustomError(s.registry, "StillFrozen");
    await s.registry.setFrozen(s.keeper, false);
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
    await expect(s.registry.setPerson(s.alice, 1, 1_000, later))
      .to.be.revertedWithCustomError(s.registry, "UnknownJurisdiction")
      .withArgs(1_000);
    await expect(s.registry.setFrozen(s.stranger, true)).to.be.revertedWithCustomError(
      s.registry,
      "UnknownPerson",
    );
    await expect(
      s.registry.setPerson(await s.market.custodian(0), 1, 0, later),
    ).to.be.revertedWithCustomError(s.registry, "IsCustodian");
  });
});

describe("EligibilityRegistry agents", () => {
  /** Alice is an agent of issuer 1, Bob of issuer 2. */
  async function withAgents(): Promise<Setup> {
    const s = await deployed();
    await s.registry.setAgent(s.alice, 1);
    await s.registry.setAgent(s.bob, 2);
    return s;
  }

  it("keep the persons of their issuer and nobody else's", async () => {
    const s = await loadFixture(withAgents);
    const [one, two] = [as(s.registry, s.alice), as(s.registry, s.bob)];
    const later = (await time.latest()) + DAY;
    await expect(one.setPersons([s.stranger], TIERS.borrower, NETHERLANDS, later))
      .to.emit(s.registry, "IssuerOfPersonSet")
      .withArgs(s.stranger, 1);
    expect((await s.registry.recordOf(s.stranger)).issuer).to.equal(1n);
    await one.setPerson(s.stranger, TIERS.holder, NETHERLANDS, later);
    const somebodyNew = ethers.Wallet.createRandom().address;
    for (const call of [
      () => two.setPerson(s.stranger, TIERS.liquidator, NETHERLANDS, later),
      () => two.setPersons([somebodyNew, s.stranger], TIERS.holder, NETHERLANDS, later),
      () => two.setFrozen(s.stranger, true),
      () => two.removePerson(s.stranger),
      () => one.setFrozen(s.carol, true), // on record by the registrar
      () => one.setAgent(s.stranger, 1),
      () => one.admitCustodians(s.market),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(s.registry, "AccessManagedUnauthorized");
    }
    const custodian = await s.market.custodian(3);
    await expect(one.setPerson(custodian, TIERS.holder, 0, later)).to.be.revertedWithCustomError(
      s.registry,
      "AccessManagedUnauthorized",
    );
    await s.registry.setPerson(s.stranger, TIERS.borrower, NETHERLANDS, later);
    expect((await s.registry.recordOf(s.stranger)).issuer, "the registrar leaves the issuer").to.equal(1n);
    await one.setFrozen(s.stranger, true);
    await one.setFrozen(s.stranger, false);
    await one.removePerson(s.stranger);
    await two.setPerson(s.stranger, TIERS.holder, NETHERLANDS, later);
    expect((await s.registry.recordOf(s.stranger)).issuer).to.equal(2n);
    await s.registry.setAgent(s.bob, 0);
    await expect(two.setFrozen(s.stranger, true)).to.be.revertedWithCustomError(
      s.registry,
      "AccessManagedUnauthorized",
    );
  });

  it("approve and deny what persons ask for, exactly as it was asked", async () => {
    const s = await loadFixture(withAgents);
    const [one, two, person] = [as(s.registry, s.alice), as(s.registry, s.bob), as(s.registry, s.stranger)];
    const later = (await time.latest()) + DAY;
    const request = { tier: TIERS.holder, jurisdiction: 56, issuer: 1, evidenceHash: ethers.id("passport") };
    await expect(one.approveRequest(s.stranger, request, later)).to.be.revertedWithCustomError(
      s.registry,
      "NoRequest",
    );
    await expect(person.makeRequest({ ...request, tier: 0 })).to.be.revertedWithCustomError(
      s.registry,
      "TierMissing",
    );
    await expect(person.makeRequest({ ...request, jurisdiction: 1_000 })).to.be.revertedWithCustomError(
      s.registry,
      "UnknownJurisdiction",
    );
    await expect(person.makeRequest(request))
      .to.emit(s.registry, "RequestMade")
      .withArgs(s.stranger, 1, TIERS.holder, 56, request.evidenceHash);
    expect((await s.registry.standingOf(s.stranger))[0], "asking gives nothing").to.equal(0n);
    for (const call of [
      () => two.approveRequest(s.stranger, request, later),
      () => two.denyRequest(s.stranger, ethers.ZeroHash),
      () => person.approveRequest(s.stranger, request, later),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(s.registry, "AccessManagedUnauthorized");
    }
    // Swapped just before the approval.
    await person.makeRequest({ ...request, tier: TIERS.liquidator });
    await expect(one.approveRequest(s.stranger, request, later)).to.be.revertedWithCustomError(
      s.registry,
      "RequestChanged",
    );
    await expect(one.denyRequest(s.stranger, ethers.id("tier")))
      .to.emit(s.registry, "RequestDenied")
      .withArgs(s.stranger, s.alice, ethers.id("tier"));
    await person.makeRequest(request);
    await expect(one.approveRequest(s.stranger, request, later))
      .to.emit(s.registry, "RequestApproved")
      .withArgs(s.stranger, s.alice);
    expect(await s.registry.recordOf(s.stranger)).to.deep.equal([1n, false, false, 56n, BigInt(later), 1n]);
    expect((await s.registry.requestOf(s.stranger)).tier).to.equal(0n);

    // An issuer does not take over another's person by that person's wish; the registrar may decide everything.
    await person.makeRequest({ ...request, issuer: 2 });
    await expect(
      two.approveRequest(s.stranger, { ...request, issuer: 2 }, later),
    ).to.be.revertedWithCustomError(s.registry, "AccessManagedUnauthorized");
    await s.registry.approveRequest(s.stranger, { ...request, issuer: 2 }, later + 1);
    expect((await s.registry.recordOf(s.stranger)).issuer).to.equal(1n);
    await person.makeRequest(request);
    await person.withdrawRequest();
    await expect(person.withdrawRequest()).to.be.revertedWithCustomError(s.registry, "NoRequest");
  });
});
