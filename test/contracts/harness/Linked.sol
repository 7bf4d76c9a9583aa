// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LinkedBase} from "./LinkedBase.sol";
import {LinkedSteps} from "./LinkedSteps.sol";

/// @title Linked
/// @notice Calls two libraries: what linking is tested with.
contract Linked {
    using LinkedSteps for LinkedSteps.Book;

    LinkedSteps.Book private _book;

    constructor(uint256 first) {
        _book.add(first);
    }

    function add(uint256 value) external {
        _book.add(LinkedBase.twice(value));
    }

    function total() external view returns (uint256) {
        return _book.total;
    }
}
