// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title DevelopmentFeed
/// @notice Stands in for a dollar feed (AggregatorV3) on a development chain: one dollar, fresh at every moment, until
/// somebody says something else.
/// @dev Warning: anybody may. Never for a chain on which anything has a value.
contract DevelopmentFeed {
    int256 private _answer = 1e8;
    /// @dev 0: as of now, whenever asked.
    uint256 private _updatedAt;

    event AnswerSaid(int256 answer, uint256 updatedAt);

    /// @notice From now on the feed answers `answer`, 8 decimals, as of `updatedAt`; 0 there means as of any moment it is
    /// asked. Anybody may.
    function say(int256 answer, uint256 updatedAt) external {
        (_answer, _updatedAt) = (answer, updatedAt);
        emit AnswerSaid(answer, updatedAt);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        uint256 updatedAt = _updatedAt == 0 ? block.timestamp : _updatedAt;
        return (1, _answer, updatedAt, updatedAt, 1);
    }

    function decimals() external pure returns (uint8) {
        return 8;
    }

    function description() external pure returns (string memory) {
        return "devUSD / USD";
    }
}
