// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ComparisonFeed
/// @notice A market feed whose answer and failures tests choose.
contract ComparisonFeed {
    enum Failure {
        None,
        Reverts,
        AnswersShort
    }

    // solhint-disable-next-line immutable-vars-naming
    uint8 public immutable decimals;
    int256 private _answer;
    uint256 private _updatedAt;
    Failure private _failure;

    error OutOfOrder();

    constructor(uint8 decimals_) {
        decimals = decimals_;
    }

    function set(int256 answer, uint256 updatedAt, Failure failure) external {
        (_answer, _updatedAt, _failure) = (answer, updatedAt, failure);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        require(_failure != Failure.Reverts, OutOfOrder());
        if (_failure == Failure.AnswersShort) {
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                return(0, 32)
            }
        }
        return (1, _answer, _updatedAt, _updatedAt, 1);
    }
}
