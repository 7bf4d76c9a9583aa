// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {INDEX_ONE, IndexMath} from "./IndexMath.sol";
import {TimeSum} from "./TimeSum.sol";

/// @title LinearDebt
/// @notice What all fixed-rate positions of a lane owe, under whatever terms: a sum of linear functions of time is one,
///   debt(t) = (base + slope * t) / INDEX_ONE,
/// so that a lane needs two numbers for all terms together. Exact: rounding enters only where a total is read. Penalties are
/// not in it; they are income once they are paid.
library LinearDebt {
    using TimeSum for TimeSum.Sum;

    /// @dev Three slots.
    struct Lane {
        int256 base; //  1 / INDEX_ONE assets, at time 0
        uint256 slope; // 1 / INDEX_ONE assets per second
        TimeSum.Sum time; // the integral of the debt over time, in assets
    }

    /// @notice Adds `scaled` debt of terms that pay `ratePerYear`, wad, since `start`, seconds.
    function add(Lane storage self, uint256 scaled, uint256 ratePerYear, uint256 start) internal {
        self.time.touch(_mean(self));
        uint256 slope = scaled * ratePerYear;
        self.base += int256(scaled * INDEX_ONE) - int256(slope * start);
        self.slope += slope;
    }

    /// @notice Takes `scaled` debt of such terms away.
    function subtract(Lane storage self, uint256 scaled, uint256 ratePerYear, uint256 start) internal {
        self.time.touch(_mean(self));
        uint256 slope = scaled * ratePerYear;
        self.base -= int256(scaled * INDEX_ONE) - int256(slope * start);
        self.slope -= slope;
    }

    /// @notice What the lane owes now, in units of 1 / INDEX_ONE assets: exact, so that lanes can be summed before rounding.
    function exact(Lane storage self) internal view returns (uint256) {
        return uint256(self.base + int256(self.slope * block.timestamp));
    }

    /// @notice The integral of the debt over time up to now, assets * seconds.
    function timeSum(Lane storage self) internal view returns (uint256) {
        return self.time.at(_mean(self));
    }

    /// @dev The average since the last touch: of a linear function, its value in the middle.
    function _mean(Lane storage self) private view returns (uint256) {
        uint256 both = self.slope * (self.time.touchedAt + block.timestamp);
        return uint256(2 * self.base + int256(both)) / (2 * INDEX_ONE);
    }
}
