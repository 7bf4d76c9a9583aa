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
        /// Bonus on what is repaid.
        uint256 bonus;
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
    /// @dev Partial: repaying x for x * (1 + bonus) restores the target health H where
    ///   lltv * (value - x * (1 + bonus)) / (debt - x) = H, so x = (H * debt - lltv * value) / (H - lltv * (1 + bonus)).
    /// The bonus stays at or below value / debt - 1: above it each partial liquidation would worsen the position. Where
    /// that leaves less than the minimum bonus, all collateral goes at the minimum bonus and the rest is a loss.
    function quote(uint256 value, uint256 debt, Terms memory terms) internal pure returns (Quote memory result) {
        uint256 headroom = value > debt ? (value - debt).mulDiv(WAD, debt) : 0;
        if (headroom < terms.minBonus) {
            result.bonus = terms.minBonus;
            result.repay = value.mulDiv(WAD, WAD + terms.minBonus, Math.Rounding.Ceil).min(debt);
            result.loss = debt - result.repay;
            result.closeInFull = true;
            return result;
        }

        result.bonus = _bonus(health(value, debt, terms.lltv), terms).min(headroom);
        result.repay = debt;
        result.closeInFull = true;
        uint256 recovered = terms.lltv.mulDiv(WAD + result.bonus, WAD, Math.Rounding.Ceil);
        if (recovered >= terms.targetHealth) return result;

        uint256 missing = terms.targetHealth * debt - terms.lltv * value;
        uint256 partialRepay = missing.ceilDiv(terms.targetHealth - recovered);
        if (partialRepay < debt && debt - partialRepay >= terms.minDebt) {
            result.repay = partialRepay;
            result.closeInFull = false;
        }
    }

    /// @dev Linear from `minBonus` at health 1 to `maxBonus` at `healthForMaxBonus` and below.
    function _bonus(uint256 factor, Terms memory terms) private pure returns (uint256) {
        if (factor <= terms.healthForMaxBonus) return terms.maxBonus;
        if (factor >= WAD) return terms.minBonus;
        return terms.minBonus + (terms.maxBonus - terms.minBonus).mulDiv(WAD - factor, WAD - terms.healthForMaxBonus);
    }
}
