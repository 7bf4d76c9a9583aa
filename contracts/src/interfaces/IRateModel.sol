// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title IRateModel
/// @notice The borrow rate for the next stretch, asked for at a market's checkpoint. Rates are per year, continuously
/// compounded, wad.
interface IRateModel {
    /// @param rateAtTarget the adaptive part, which the market keeps between checkpoints.
    /// @param utilisation the average since the last checkpoint, wad.
    /// @param elapsed seconds since the last checkpoint.
    /// @return rate for the next stretch.
    /// @return nextRateAtTarget the adaptive part after this stretch.
    function nextRate(
        uint256 rateAtTarget,
        uint256 utilisation,
        uint256 elapsed
    ) external view returns (uint256 rate, uint256 nextRateAtTarget);
}
