// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @dev How many lanes every hot total is kept in. A power of two.
uint256 constant LANES = 32;

/// @title Lanes
/// @notice The one function that says in which lane an account's share of a total is kept. Every contract uses it, so
/// that two accounts which differ in lane differ in every hot slot, and two that share a lane collide only once.
library Lanes {
    /// @notice The lane of `owner`, in [0, LANES). Always the owner's of the position, never the payer's.
    function laneOf(address owner) internal pure returns (uint256) {
        return uint160(owner) & (LANES - 1);
    }
}
