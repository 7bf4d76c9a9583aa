// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title LinkedBase
/// @notice A library that another library calls from outside.
library LinkedBase {
    function twice(uint256 value) external pure returns (uint256) {
        return 2 * value;
    }
}
