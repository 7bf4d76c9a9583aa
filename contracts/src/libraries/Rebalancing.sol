// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IRebalanced} from "../interfaces/IRebalanced.sol";
import {WAD} from "./IndexMath.sol";
import {LANES} from "./Lanes.sol";

/// @title Rebalancing
/// @notice What level lanes are, how far others are from it, and when they may be levelled. Knows no storage.
library Rebalancing {
    /// @dev A quarter: as when 8 of 32 level lanes ran dry, or more than a third of what there was came into one lane. Any one
    /// operation that takes from its neighbours leaves level lanes below 0.14, and operations that still find what they need in
    /// their own lane gain nothing by levelling.
    uint256 internal constant THRESHOLD = 0.25e18;
    /// @dev Levelling writes every lane, which holds up whatever else is in the same block.
    uint256 internal constant INTERVAL = 1 hours;

    /// @notice The part of `lane` in a level `total`: even, the remainder one each to the first lanes.
    function levelOf(uint256 total, uint256 lane) internal pure returns (uint256) {
        return total / LANES + (lane < total % LANES ? 1 : 0);
    }

    /// @notice The part of `parts` that lies above level, wad, rounded down: what would have to move. It is half the sum of all
    /// distances from level, 0 once levelled, however little there is, and 31/32 where all is in one lane.
    function imbalanceOf(uint256[LANES] memory parts) internal pure returns (uint256) {
        uint256 total = 0;
        for (uint256 lane = 0; lane < LANES; ++lane) total += parts[lane];
        if (total == 0) return 0;
        uint256 surplus = 0;
        for (uint256 lane = 0; lane < LANES; ++lane) {
            uint256 level = levelOf(total, lane);
            if (parts[lane] > level) surplus += parts[lane] - level;
        }
        return (surplus * WAD) / total;
    }

    function isDue(uint256 imbalance) internal pure returns (bool) {
        return imbalance >= THRESHOLD;
    }

    /// @param last when the lanes were last levelled.
    function requireDue(uint256 imbalance, uint256 last) internal view {
        uint256 from = last + INTERVAL;
        require(block.timestamp >= from, IRebalanced.RebalancedJustNow(from));
        require(isDue(imbalance), IRebalanced.Balanced(imbalance, THRESHOLD));
    }
}
