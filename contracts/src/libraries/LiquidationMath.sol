// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {WAD} from "./IndexMath.sol";

/// @title LiquidationMath
/// @notice How much of an unhealthy position is repaid and what the liquidator gets for it. Pure: knows no storage, no
/// token and no clock. Values are in the loan token's smallest unit, ratios in wad.
library LiquidationMath {
    using Math for uint256;

    struct Terms {
        /// Liquidation loan-to-value: a position is unhealthy once debt > collateral value * lltv.
        uint256 lltv;
        /// Health factor that a partial liquidation restores, above 1.
        uint256 targetHealth;
        /// Bonus at health 1, and its upper bound, reached at `healthForMaxBonus`.
        uint256 minBonus;
        uint256 maxBonus;
        uint256 healthForMaxBonus;
        /// Debt below which a position may not be left (dust rule).
        uint256 minDebt;
    }

    struct Quote {
        /// What a liquidator may repay at most; all of it where `closeInFull`.
        uint256 repay;
        /// Value of collateral handed over per unit repaid, wad: 1 + bonus; below 1 where an auction asks for a premium.
        uint256 markup;
        /// Debt that the collateral cannot pay for: booked as a loss.
        uint256 loss;
        /// No partial liquidation is possible: it would leave dust, or not restore health.
        bool closeInFull;
    }

    /// @notice The health factor: collateral value * lltv / debt, rounded down; the largest number without debt.
    function health(uint256 collateralValue, uint256 debt, uint256 lltv) internal pure returns (uint256) {
        return debt == 0 ? type(uint256).max : collateralValue.mulDiv(lltv, debt);
    }

    /// @notice The liquidation of an unhealthy position with debt `debt` > 0 against `value` of collateral.
    /// @dev The bonus stays at or below value / debt - 1: above it each partial liquidation would worsen the position. Where
    /// that leaves less than the minimum bonus, all collateral goes at the minimum bonus and the rest is a loss.
    function quote(uint256 value, uint256 debt, Terms memory terms) internal pure returns (Quote memory) {
        uint256 headroom = value > debt ? (value - debt).mulDiv(WAD, debt) : 0;
        if (headroom < terms.minBonus) return closeAll(value, debt, WAD + terms.minBonus);
        return quoteAt(value, debt, WAD + _bonus(health(value, debt, terms.lltv), terms).min(headroom), terms);
    }

    /// @notice The sale of collateral of an unhealthy position at a given markup, wad.
    /// @dev Partial: repaying x for x * markup restores the target health H where
    ///   lltv * (value - x * markup) / (debt - x) = H, so x = (H * debt - lltv * value) / (H - lltv * markup).
    /// Where all collateral together does not pay the debt at this markup, all of it goes and the rest is a loss.
    function quoteAt(
        uint256 value,
        uint256 debt,
        uint256 markup,
        Terms memory terms
    ) internal pure returns (Quote memory result) {
        if (value.mulDiv(WAD, markup, Math.Rounding.Ceil) < debt) return closeAll(value, debt, markup);
        result = Quote({repay: debt, markup: markup, loss: 0, closeInFull: true});
        uint256 recovered = terms.lltv.mulDiv(markup, WAD, Math.Rounding.Ceil);
        if (recovered >= terms.targetHealth) return result;

        uint256 missing = terms.targetHealth * debt - terms.lltv * value;
        uint256 partialRepay = missing.ceilDiv(terms.targetHealth - recovered);
        if (partialRepay < debt && debt - partialRepay >= terms.minDebt) {
            result.repay = partialRepay;
            result.closeInFull = false;
        }
    }

    /// @notice All collateral for as much of the debt as it pays at `markup`, rounded up; the rest is a loss.
    function closeAll(uint256 value, uint256 debt, uint256 markup) internal pure returns (Quote memory result) {
        result.markup = markup;
        result.repay = value.mulDiv(WAD, markup, Math.Rounding.Ceil).min(debt);
        result.loss = debt - result.repay;
        result.closeInFull = true;
    }

    /// @dev Linear from `minBonus` at health 1 to `maxBonus` at `healthForMaxBonus` and below.
    function _bonus(uint256 factor, Terms memory terms) private pure returns (uint256) {
        if (factor <= terms.healthForMaxBonus) return terms.maxBonus;
        if (factor >= WAD) return terms.minBonus;
        return terms.minBonus + (terms.maxBonus - terms.minBonus).mulDiv(WAD - factor, WAD - terms.healthForMaxBonus);
    }
}
