// No operation on its own lane costs more than Aave's own figure for it, and what neighbours give costs what it must.
import { expect } from "chai";
import { gasOf, gasOfTaking, NEIGHBOURS, OPERATIONS, PEERS, TAKING } from "./support/gas.ts";
import { isSimulated } from "./support/network.ts";

describe("Gas", () => {
  // Gas is the same on every network that follows the rules, which is the conformance suite's matter.
  before(function () {
    if (!isSimulated) this.skip();
  });

  for (const operation of OPERATIONS) {
    it(`of ${operation} stays below Aave v3's`, async () => {
      expect(await gasOf(operation)).to.be.lessThan(PEERS.aave[operation]);
    });
  }

  for (const operation of TAKING) {
    it(`of ${operation} rises with the neighbours that give, to all of them`, async () => {
      let last = await gasOf(operation);
      for (const neighbours of NEIGHBOURS) {
        const gas = await gasOfTaking(operation, neighbours);
        expect(gas, `${neighbours} neighbours`).to.be.greaterThan(last);
        last = gas;
      }
      expect(last, "all lanes, of what a block holds").to.be.lessThan(2_000_000);
    });
  }
});
