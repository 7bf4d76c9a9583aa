// Who may act for an owner: by call, or by a signature that anybody brings.
import { expect } from "chai";
import type { AnyContract } from "../../contracts/deployment/protocol.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, deployed, HOUR, type Setup, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const types = {
  Authorisation: [
    { name: "owner", type: "address" },
    { name: "operator", type: "address" },
    { name: "authorised", type: "bool" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

async function authorisation(s: Setup, changes: Record<string, unknown> = {}) {
  return {
    owner: s.alice.address,
    operator: s.bob.address,
    authorised: true,
    nonce: await s.market.authorisationNonce(s.alice),
    deadline: (await time.latest()) + HOUR,
    ...changes,
  };
}

async function signed(market: AnyContract, signer: Setup["alice"], message: Record<string, unknown>) {
  const { name, version, chainId, verifyingContract } = await market.eip712Domain();
  return signer.signTypedData({ name, version, chainId, verifyingContract }, types, message);
}

describe("Market authorisation", () => {
  it("by call lets somebody borrow and remove collateral for the owner, until it is taken back", async () => {
    const s = await loadFixture(deployed);
    await as(s.market, s.alice).addCollateral(s.alice, 0, units(1_000));
    const borrow = () => as(s.market, s.bob).borrow(s.alice, 0, units(1_000), s.bob);
    await expect(borrow()).to.be.revertedWithCustomError(s.market, "NotAuthorised").withArgs(s.bob, s.alice);
    await as(s.market, s.alice).setAuthorisation(s.bob, true);
    await borrow();
    await as(s.market, s.alice).setAuthorisation(s.bob, false);
    await expect(borrow()).to.be.revertedWithCustomError(s.market, "NotAuthorised");
  });

  it("by signature is brought by anybody, once", async () => {
    const s = await loadFixture(deployed);
    const message = await authorisation(s);
    const signature = await signed(s.market, s.alice, message);
    await expect(as(s.market, s.stranger).setAuthorisationWithSig(message, signature))
      .to.emit(s.market, "AuthorisationSet")
      .withArgs(s.alice, s.bob, true);
    expect(await s.market.isAuthorised(s.alice, s.bob)).to.equal(true);
    await as(s.market, s.alice).setAuthorisation(s.bob, false);
    await expect(s.market.setAuthorisationWithSig(message, signature), "not again")
      .to.be.revertedWithCustomError(s.market, "AuthorisationOutdated")
      .withArgs(0, 1, message.deadline);
  });

  it("refuses another signer, another message, another market, a passed deadline", async () => {
    const s = await loadFixture(deployed);
    const message = await authorisation(s);
    const send = (signature: string, changed: Record<string, unknown> = message) =>
      s.market.setAuthorisationWithSig(changed, signature);
    const notSigned = (sending: Promise<unknown>) =>
      expect(sending).to.be.revertedWithCustomError(s.market, "AuthorisationNotSigned").withArgs(s.alice);
    await notSigned(send(await signed(s.market, s.bob, message)));
    const signature = await signed(s.market, s.alice, message);
    await notSigned(send(signature, { ...message, operator: s.carol.address }));
    await notSigned(send(signature.slice(0, -2)));
    const { name, version, chainId } = await s.market.eip712Domain();
    const elsewhere = { name, version, chainId, verifyingContract: s.lens.target as string };
    await notSigned(send(await s.alice.signTypedData(elsewhere, types, message)));
    await time.increase(2 * HOUR);
    await expect(send(signature)).to.be.revertedWithCustomError(s.market, "AuthorisationOutdated");
    expect(ethers.isHexString(signature, 65)).to.equal(true);
  });
});
