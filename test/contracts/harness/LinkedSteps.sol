// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LinkedBase} from "./LinkedBase.sol";

/// @title LinkedSteps
/// @notice A library with storage pointers in its interface, which links to another.
library LinkedSteps {
    struct Book {
        uint256 total;
    }

    function add(Book storage book, uint256 value) external {
        book.total += LinkedBase.twice(value);
    }
}
