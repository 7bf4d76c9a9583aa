// pUSD: ERC-20 with permits, supply in signed lanes per facility, and who may mint.
import { expect } from "chai";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, deployed, open, type Setup, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

async function funded(): Promise<Setup> {
  const s = await deployed();
  await open(s, s.alice, 1_000n, 10_000n);
  return s;
}

describe("Stablecoin", () => {
  it("moves balances and allowances as ERC-20 says, with the errors of ERC-6093", async () => {
    const s = await loadFixture(funded);
    const token = as(s.stablecoin, s.alice);
    await expect(token.transfer(s.bob, units(4_000)))
      .to.emit(token, "Transfer")
      .withArgs(s.alice, s.bob, units(4_000));
    expect(await token.balanceOf(s.bob)).to.equal(units(4_000));
    await token.transfer(s.alice, units(6_000)); // to oneself
    expect(await token.balanceOf(s.alice)).to.equal(units(6_000));
    await expect(token.transfer(s.bob, units(6_001)))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
      .withArgs(s.alice, units(6_000), units(6_001));
    await expect(token.transfer(ethers.ZeroAddress, 1)).to.be.revertedWithCustomError(
      token,
      "ERC20InvalidReceiver",
    );
    await expect(token.approve(ethers.ZeroAddress, 1)).to.be.revertedWithCustomError(
      token,
      "ERC20InvalidSpender",
    );

    await expect(token.approve(s.carol, units(10)))
      .to.emit(token, "Approval")
      .withArgs(s.alice, s.carol, units(10));
    const spender = as(s.stablecoin, s.carol);
    await spender.transferFrom(s.alice, s.carol, units(7));
    expect(await token.allowance(s.alice, s.carol)).to.equal(units(3));
    await expect(spender.transferFrom(s.alice, s.carol, units(4))).to.be.revertedWithCustomError(
      token,
      "ERC20InsufficientAllowance",
    );
    await token.approve(s.carol, ethers.MaxUint256);
    await spender.transferFrom(s.alice, s.carol, units(4));
    expect(await token.allowance(s.alice, s.carol), "an infinite one is not used up").to.equal(
      ethers.MaxUint256,
    );
    expect([await token.name(), await token.symbol(), await token.decimals()]).to.deep.equal([
      "Polder USD",
      "pUSD",
      18n,
    ]);
  });

  it("takes a permit once, before its deadline, from its owner", async () => {
    const s = await loadFixture(funded);
    const deadline = (await time.latest()) + DAY;
    const { chainId } = await ethers.provider.getNetwork();
    const sign = async (nonce: bigint, until: number) => {
      const domain = {
        name: "Polder USD",
        version: "1",
        chainId,
        verifyingContract: String(s.stablecoin.target),
      };
      const types = {
        Permit: [
          "owner:address",
          "spender:address",
          "value:uint256",
          "nonce:uint256",
          "deadline:uint256",
        ].map((field) => ({ name: field.split(":")[0] ?? "", type: field.split(":")[1] ?? "" })),
      };
      const message = { owner: s.alice.address, spender: s.bob.address, value: 5n, nonce, deadline: until };
      return ethers.Signature.from(await s.alice.signTypedData(domain, types, message));
    };
    const { v, r, s: sig } = await sign(0n, deadline);
    const permit = (owner: string) => s.stablecoin.permit(owner, s.bob, 5n, deadline, v, r, sig);
    await expect(permit(s.carol.address)).to.be.revertedWithCustomError(s.stablecoin, "ERC2612InvalidSigner");
    await permit(s.alice.address);
    expect(await s.stablecoin.allowance(s.alice, s.bob)).to.equal(5n);
    expect(await s.stablecoin.nonces(s.alice)).to.equal(1n);
    await expect(permit(s.alice.address)).to.be.revertedWithCustomError(s.stablecoin, "ERC2612InvalidSigner");
    const late = await sign(1n, deadline);
    await time.increase(2 * DAY);
    await expect(
      s.stablecoin.permit(s.alice, s.bob, 5n, deadline, late.v, late.r, late.s),
    ).to.be.revertedWithCustomError(s.stablecoin, "ERC2612ExpiredSignature");
  });

  it("sums to the balances, whatever lane things enter and leave by", async () => {
    const s = await loadFixture(funded);
    const facility = s.stranger;
    const token = as(s.stablecoin, facility);
    await s.stablecoin.addFacility(facility);
    await token.mint(facility, units(100), 3);
    await token.burn(facility, units(40), 17);
    await token.mint(s.bob, units(1), 32);
    expect(await s.stablecoin.supplyLane(facility, 17)).to.equal(-units(40));
    expect(await s.stablecoin.supplyOf(facility)).to.equal(units(61));
    expect(await s.stablecoin.totalSupply()).to.equal(units(10_061));
    const balances = await Promise.all([s.alice, s.bob, facility].map((who) => s.stablecoin.balanceOf(who)));
    expect(balances.reduce((sum, balance) => sum + balance, 0n)).to.equal(units(10_061));
    await expect(token.mint(facility, 1, 33))
      .to.be.revertedWithCustomError(s.stablecoin, "UnknownLane")
      .withArgs(33);
  });

  it("lets facilities alone mint and burn, and retired ones burn", async () => {
    const s = await loadFixture(funded);
    await expect(s.stablecoin.mint(s.deployer, 1, 0)).to.be.revertedWithCustomError(
      s.stablecoin,
      "NotAFacility",
    );
    await expect(s.stablecoin.burn(s.deployer, 0, 0)).to.be.revertedWithCustomError(
      s.stablecoin,
      "NotAFacility",
    );
    await expect(as(s.stablecoin, s.bob).addFacility(s.bob)).to.be.revertedWithCustomError(
      s.stablecoin,
      "AccessManagedUnauthorized",
    );
    await s.stablecoin.addFacility(s.bob);
    await expect(s.stablecoin.addFacility(s.bob)).to.be.revertedWithCustomError(
      s.stablecoin,
      "FacilityKnown",
    );
    const facility = as(s.stablecoin, s.bob);
    await facility.mint(s.bob, 10, 0);
    await expect(facility.burn(s.alice, 1, 0)).to.be.revertedWithCustomError(
      s.stablecoin,
      "ERC20InsufficientAllowance",
    );
    await s.stablecoin.retireFacility(s.bob);
    await expect(facility.mint(s.bob, 1, 0)).to.be.revertedWithCustomError(s.stablecoin, "NotAFacility");
    await facility.burn(s.bob, 10, 0);
    await expect(s.stablecoin.retireFacility(s.bob)).to.be.revertedWithCustomError(
      s.stablecoin,
      "NotAFacility",
    );
    for (let i = (await s.stablecoin.facilities()).length; i < 16; i++)
      await s.stablecoin.addFacility(ethers.zeroPadValue(ethers.toBeHex(i + 1), 20));
    await expect(s.stablecoin.addFacility(s.carol)).to.be.revertedWithCustomError(
      s.stablecoin,
      "TooManyFacilities",
    );
    expect((await s.stablecoin.facilities()).length).to.equal(16);
  });

  it("serves its market alone", async () => {
    const s = await loadFixture(funded);
    for (const call of [
      () => s.facility.lend(s.alice, s.deployer, 1),
      () => s.facility.collect(s.alice, s.alice, 1),
      () => s.facility.settle(0),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(s.facility, "NotTheMarket")
        .withArgs(s.deployer, s.market);
    }
  });
});
