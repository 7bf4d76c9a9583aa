// Deploying contracts that call linked libraries: each library once, wherever it is linked from.
import { expect } from "chai";
import { artifacts } from "hardhat";
import { deploy, deployLibraries, type Libraries } from "../../contracts/deployment/contract.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers } from "./support/network.ts";

const BASE = "test/contracts/harness/LinkedBase.sol:LinkedBase";
const STEPS = "test/contracts/harness/LinkedSteps.sol:LinkedSteps";

async function accounts() {
  const [deployer, other] = await ethers.getSigners();
  if (!deployer || !other) throw new Error("the network must unlock 2 accounts");
  return { deployer, other };
}

describe("Linking", () => {
  it("puts the addresses of all libraries in, those of libraries of libraries too", async () => {
    const linked = await deployHarness("Linked", 5);
    expect(await linked.total()).to.equal(10n); // its constructor calls both
    await linked.add(1);
    expect(await linked.total()).to.equal(14n);
  });

  it("deploys each library once for all contracts that share the map, and names it there", async () => {
    const { deployer } = await accounts();
    const artifact = await artifacts.readArtifact("Linked");
    const libraries: Libraries = new Map();
    await deployLibraries(deployer, artifact, libraries);
    expect([...libraries.keys()].sort()).to.deep.equal([BASE, STEPS]);
    const deployed = new Map(libraries);

    const nonce = await deployer.getNonce();
    const first = await deploy(deployer, artifact, [1], libraries);
    const second = await deploy(deployer, artifact, [2], libraries);
    expect(await deployer.getNonce(), "one transaction each").to.equal(nonce + 2);
    expect(libraries).to.deep.equal(deployed);
    for (const contract of [first, second]) {
      const code = (await ethers.provider.getCode(contract)).toLowerCase();
      for (const [name, address] of libraries) {
        expect(code, name).to.include(address.slice(2).toLowerCase());
        expect((await ethers.provider.getCode(address)).length, name).to.be.greaterThan(2);
      }
    }
    expect([await first.total(), await second.total()]).to.deep.equal([2n, 4n]);
  });

  it("takes a library that is there already", async () => {
    const { deployer, other } = await accounts();
    const artifact = await artifacts.readArtifact("Linked");
    const base = await deploy(other, await artifacts.readArtifact("LinkedBase"), []);
    const libraries: Libraries = new Map([[BASE, String(base.target)]]);
    await deploy(deployer, artifact, [1], libraries);
    expect(libraries.get(BASE)).to.equal(base.target);
    const steps = await ethers.provider.getCode(libraries.get(STEPS) ?? "");
    expect(steps.toLowerCase()).to.include(String(base.target).slice(2).toLowerCase());
  });
});
