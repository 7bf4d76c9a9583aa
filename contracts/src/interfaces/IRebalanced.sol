// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title IRebalanced
/// @notice What is split over lanes and can be levelled again: see `Rebalancing`.
interface IRebalanced {
    /// @notice The lanes are level enough: levelling waits until `imbalance` has reached `threshold`, both wad.
    error Balanced(uint256 imbalance, uint256 threshold);
    /// @notice The lanes were levelled just now: come back at `until`.
    error RebalancedJustNow(uint256 until);

    /// @notice How far the lanes are from level, from when on they may be levelled, and at which imbalance. Reads 32 slots for
    /// each thing that is split.
    /// @return imbalance wad: the largest part, among the things that are split, that would have to move.
    /// @return threshold wad.
    /// @return from seconds.
    function rebalancing() external view returns (uint256 imbalance, uint256 threshold, uint256 from);
}
