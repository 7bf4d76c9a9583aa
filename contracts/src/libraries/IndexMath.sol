// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @dev One in fixed point with 18 decimals.
uint256 constant WAD = 1e18;

/// @title IndexMath
/// @notice The variable debt index as a pure function of time, and the conversions between scaled debt (what a
/// position stores) and assets (what it owes).
library IndexMath {
    /// @dev Rates are per year of 365 days.
    uint256 internal constant YEAR = 365 days;

    /// @notice `index * exp(ratePerYear * elapsed / YEAR)`, wad.
    /// @dev The exponent and the product round down, exp itself is solady's expWad, monotonic: the index never falls. The
    /// same path whatever time has passed, so that a gas estimate of this second holds in the next.
    /// @param index wad; @param ratePerYear continuously compounded, wad; @param elapsed seconds.
    function grow(uint256 index, uint256 ratePerYear, uint256 elapsed) internal pure returns (uint256) {
        uint256 exponent = (ratePerYear * elapsed) / YEAR;
        return Math.mulDiv(index, uint256(FixedPointMathLib.expWad(int256(exponent))), WAD);
    }

    /// @notice Assets owed for `scaled`, rounded up: against the borrower.
    function toAssetsUp(uint256 scaled, uint256 index) internal pure returns (uint256) {
        return Math.mulDiv(scaled, index, WAD, Math.Rounding.Ceil);
    }

    /// @notice Assets covered for certain by `scaled`, rounded down: totals and profit.
    function toAssetsDown(uint256 scaled, uint256 index) internal pure returns (uint256) {
        return Math.mulDiv(scaled, index, WAD);
    }

    /// @notice Scaled debt taken on for `assets`, rounded up: against the borrower.
    function toScaledUp(uint256 assets, uint256 index) internal pure returns (uint256) {
        return Math.mulDiv(assets, WAD, index, Math.Rounding.Ceil);
    }

    /// @notice Scaled debt extinguished by paying `assets`, rounded down: against the borrower.
    function toScaledDown(uint256 assets, uint256 index) internal pure returns (uint256) {
        return Math.mulDiv(assets, WAD, index);
    }
}
