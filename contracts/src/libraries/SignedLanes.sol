// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LANES} from "./Lanes.sol";

/// @dev The lane of what belongs to no account, such as interest minted to the surplus.
uint256 constant OWN_LANE = LANES;

/// @title SignedLanes
/// @notice A total kept as a sum of signed lanes: a value may enter in one lane and leave in another, so a single lane
/// may be below zero while the sum never is.
library SignedLanes {
    using SafeCast for uint256;

    struct Book {
        /// One slot per lane, the last one for what belongs to no account.
        int256[LANES + 1] lanes;
    }

    /// @notice A lane that does not exist.
    error UnknownLane(uint256 lane);

    function add(Book storage book, uint256 lane, uint256 value) internal {
        require(lane <= OWN_LANE, UnknownLane(lane));
        book.lanes[lane] += value.toInt256();
    }

    function subtract(Book storage book, uint256 lane, uint256 value) internal {
        require(lane <= OWN_LANE, UnknownLane(lane));
        book.lanes[lane] -= value.toInt256();
    }

    /// @notice The exact total. Reads 33 slots: for views and checkpoints, never on a hot path.
    function sum(Book storage book) internal view returns (int256 total) {
        for (uint256 lane = 0; lane <= OWN_LANE; ++lane) total += book.lanes[lane];
    }
}
