// Several calls in one transaction, with the permits they need, on market and pool.
import { expect } from "chai";
import type { AnyContract } from "../../contracts/deployment/protocol.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { deployedWithPool } from "./support/pool.ts";
import { as, HOUR, type Setup, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const types = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};

/** A permit of `owner` for `spender`, as the arguments of `permit` and of `permitToken`. */
async function permit(token: AnyContract, owner: Setup["alice"], spender: string, value: bigint) {
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  const deadline = (await time.latest()) + HOUR;
  const message = { owner: owner.address, spender, value, nonce: await token.nonces(owner), deadline };
  const domain = { name, version, chainId, verifyingContract };
  const { v, r, s } = ethers.Signature.from(await owner.signTypedData(domain, types, message));
  return {
    direct: [owner.address, spender, value, deadline, v, r, s] as const,
    batched: [token.target, spender, value, deadline, v, r, s] as const,
  };
}

describe("Batch", () => {
  it("adds collateral and borrows in one transaction, by a permit of the collateral", async () => {
    const s = await loadFixture(deployedWithPool);
    await as(s.pool, s.dora).deposit(units(100_000), s.dora);
    await as(s.collateral, s.alice).approve(s.market, 0);
    const { batched } = await permit(s.collateral, s.alice, String(s.market.target), units(100));
    const call = (name: string, args: readonly unknown[]) =>
      s.market.interface.encodeFunctionData(name, args);
    await as(s.market, s.alice).multicall([
      call("permitToken", batched),
      call("addCollateral", [s.alice.address, 0, units(100)]),
      call("borrow", [s.alice.address, 0, units(5_000), s.alice.address]),
    ]);
    expect((await s.market.positionOf(s.alice, 0)).collateral).to.equal(units(100));
    expect(await s.market.debtOf(s.alice, 0)).to.be.closeTo(units(5_000), 1n);
  });

  it("goes on where somebody brought the permit first, and says so where the allowance is missing", async () => {
    const s = await loadFixture(deployedWithPool);
    await as(s.stablecoin, s.dora).approve(s.pool, 0);
    const { direct, batched } = await permit(s.stablecoin, s.dora, String(s.pool.target), units(500));
    await as(s.stablecoin, s.stranger).permit(...direct);
    const deposit = (assets: bigint) =>
      as(s.pool, s.dora).multicall([
        s.pool.interface.encodeFunctionData("permitToken", batched),
        s.pool.interface.encodeFunctionData("deposit", [assets, s.dora.address]),
      ]);
    await deposit(units(100));
    expect(await s.pool.balanceOf(s.dora)).to.equal(units(100));
    await expect(deposit(units(100)), "400 are left of 500")
      .to.be.revertedWithCustomError(s.pool, "PermitRefused")
      .withArgs(s.stablecoin, s.pool, units(400), units(500));
  });

  it("keeps who calls, makes all or nothing, and tells why", async () => {
    const s = await loadFixture(deployedWithPool);
    const add = s.market.interface.encodeFunctionData("addCollateral", [s.alice.address, 0, units(1)]);
    const remove = s.market.interface.encodeFunctionData("removeCollateral", [
      s.alice.address,
      0,
      units(2),
      s.alice.address,
    ]);
    await expect(as(s.market, s.alice).multicall([add, remove]))
      .to.be.revertedWithCustomError(s.market, "InsufficientCollateral")
      .withArgs(units(2), units(1));
    expect((await s.market.positionOf(s.alice, 0)).collateral).to.equal(0n);
    await expect(as(s.market, s.bob).multicall([remove])).to.be.revertedWithCustomError(
      s.market,
      "NotAuthorised",
    );
  });
});
