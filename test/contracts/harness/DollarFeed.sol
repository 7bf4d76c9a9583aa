// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title DollarFeed
/// @notice An AggregatorV3 feed of 8 decimals that says what a test tells it.
contract DollarFeed {
    int256 private _answer;
    uint256 private _updatedAt;

    function set(int256 answer, uint256 updatedAt) external {
        _answer = answer;
        _updatedAt = updatedAt;
    }

    function decimals() external pure returns (uint8) {
        return 8;
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, _answer, _updatedAt, _updatedAt, 1);
    }
}
