// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @dev One in fixed point with 18 decimals.
uint256 constant WAD = 1e18;
/// @dev Rates are per year of 365 days.
uint256 constant YEAR = 365 days;
/// @dev An index of one. Indices are in units of 1 / (WAD * YEAR), in which `1 + rate * seconds / year` is a whole number, so
/// that linear indices are exact and sums over positions are too.
uint256 constant INDEX_ONE = WAD * YEAR;

/// @title IndexMath
/// @notice Debt indices as pure functions of time, and the conversions between scaled debt (what a position stores) and
/// assets (what it owes).
library IndexMath {
    /// @notice The variable index: `index * exp(ratePerYear * elapsed / YEAR)`, wad.
    /// @dev The exponent and the product round down, exp itself is solady's expWad, monotonic: the index never falls. The
    /// same path whatever time has passed, so that a gas estimate of this second holds in the next.
    /// @param index wad; @param ratePerYear continuously compounded, wad; @param elapsed seconds.
    function grow(uint256 index, uint256 ratePerYear, uint256 elapsed) internal pure returns (uint256) {
        uint256 exponent = (ratePerYear * elapsed) / YEAR;
        return Math.mulDiv(index, uint256(FixedPointMathLib.expWad(int256(exponent))), WAD);
    }

    /// @notice The index of fixed terms: `1 + ratePerYear * elapsed / YEAR`, simple interest, exact.
    /// @param ratePerYear wad; @param elapsed seconds.
    function linear(uint256 ratePerYear, uint256 elapsed) internal pure returns (uint256) {
        return INDEX_ONE + ratePerYear * elapsed;
    }

    /// @notice What is owed beyond `index` after `overdue` seconds at the penalty rate, rounded up: against the borrower.
    function penalise(uint256 index, uint256 penaltyPerYear, uint256 overdue) internal pure returns (uint256) {
        return index + Math.mulDiv(index, penaltyPerYear * overdue, INDEX_ONE, Math.Rounding.Ceil);
    }

    /// @notice Assets owed for `scaled`, rounded up: against the borrower.
    function toAssetsUp(uint256 scaled, uint256 index) internal pure returns (uint256) {
        return Math.mulDiv(scaled, index, INDEX_ONE, Math.Rounding.Ceil);
    }

    /// @notice Assets covered for certain by `scaled`, rounded down: totals and profit.
    function toAssetsDown(uint256 scaled, uint256 index) internal pure returns (uint256) {
        return Math.mulDiv(scaled, index, INDEX_ONE);
    }

    /// @notice Scaled debt taken on for `assets`, rounded up: against the borrower.
    function toScaledUp(uint256 assets, uint256 index) internal pure returns (uint256) {
        return Math.mulDiv(assets, INDEX_ONE, index, Math.Rounding.Ceil);
    }

    /// @notice Scaled debt extinguished by paying `assets`, rounded down: against the borrower.
    function toScaledDown(uint256 assets, uint256 index) internal pure returns (uint256) {
        return Math.mulDiv(assets, INDEX_ONE, index);
    }
}
