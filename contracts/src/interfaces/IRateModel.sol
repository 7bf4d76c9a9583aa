// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title IRateModel
/// @notice The borrow rate for the next stretch, asked for at a market's checkpoint.
interface IRateModel {
    /// @param currentRate per year, continuously compounded, wad.
    /// @param utilisation debt / cap, wad.
    /// @param elapsed seconds since the last checkpoint.
    /// @return per year, continuously compounded, wad.
    function nextRate(uint256 currentRate, uint256 utilisation, uint256 elapsed) external view returns (uint256);
}
