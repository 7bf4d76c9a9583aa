// Liquidation amounts against the exact bigint model, and what they promise whatever the numbers are.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { networkHelpers } from "./support/network.ts";
import { below, seeded } from "./support/random.ts";
import { options, units, WAD } from "./support/setup.ts";

const { loadFixture } = networkHelpers;
const harness = () => deployHarness("MathHarness");
const terms = options.parameters.liquidation;

type Quote = { repay: bigint; markup: bigint; loss: bigint; closeInFull: boolean };

describe("LiquidationMath", () => {
  it("equals its model for 500 unhealthy positions, and keeps its promises for each", async () => {
    const math = await loadFixture(harness);
    const random = seeded(99);
    const debts = Array.from({ length: 500 }, () => 1n + below(random, 10n ** (18n + below(random, 8n))));
    // Health between 0 and 1, most of it where liquidations happen.
    const values = debts.map((debt) => {
      const health = random() < 0.7 ? WAD - below(random, WAD / 8n) : below(random, WAD);
      return (debt * health) / terms.lltv;
    });
    const quotes = (await math.quotes(values, debts, terms)) as Quote[];
    const seen = { partial: 0, full: 0, loss: 0 };
    quotes.forEach((quote, i) => {
      const [debt, value] = [debts[i] ?? 0n, values[i] ?? 0n];
      const expected = model.quoteLiquidation(value, debt, terms);
      expect({
        repay: quote.repay,
        markup: quote.markup,
        loss: quote.loss,
        closeInFull: quote.closeInFull,
      }).to.deep.equal(expected);

      const seizedValue = (quote.repay * quote.markup) / WAD;
      if (quote.loss > 0n) {
        seen.loss++;
        expect(quote.repay + quote.loss).to.equal(debt);
        return;
      }
      expect(seizedValue, "the collateral pays for repayment and bonus").to.be.lessThanOrEqual(value);
      if (quote.closeInFull) {
        seen.full++;
        return;
      }
      seen.partial++;
      const [restDebt, restValue] = [debt - quote.repay, value - seizedValue];
      expect(restDebt).to.be.greaterThanOrEqual(terms.minDebt);
      const after = (restValue * terms.lltv) / restDebt;
      expect(after, "target health restored").to.be.greaterThanOrEqual(terms.targetHealth - 1_000n);
      expect(after, "and not much more").to.be.lessThanOrEqual(terms.targetHealth + 1_000n);
    });
    expect(Math.min(seen.partial, seen.full, seen.loss), JSON.stringify(seen)).to.be.greaterThan(20);
  });

  it("raises the bonus as health falls and never above what the collateral can pay", async () => {
    const math = await loadFixture(harness);
    const debt = units(1_000_000);
    const healths = [99n, 98n, 97n, 96n, 95n, 94n, 93n, 92n, 91n].map((h) => (h * WAD) / 100n);
    const values = healths.map((h) => (debt * h) / terms.lltv);
    const quotes = (await math.quotes(values, new Array(values.length).fill(debt), terms)) as Quote[];
    const bonuses = quotes.map(({ markup }) => markup - WAD);
    expect(bonuses[1]).to.be.greaterThan(bonuses[0] ?? 0n);
    expect(bonuses[5]).to.equal(terms.maxBonus);
    bonuses.forEach((bonus, i) => {
      const headroom = (((values[i] ?? 0n) - debt) * WAD) / debt;
      expect(bonus).to.be.lessThanOrEqual(headroom);
    });
  });
});
