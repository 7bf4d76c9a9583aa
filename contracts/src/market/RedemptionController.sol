// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC7540Operator} from "../interfaces/IERC7540.sol";

/// @title RedemptionController
/// @notice Controls one redemption at a desk, so that a desk which claims per controller keeps its proceeds apart from those of
/// all others. Lets its maker claim, once and for all, and can do nothing else.
contract RedemptionController {
    constructor(IERC7540Operator desk) {
        desk.setOperator(msg.sender, true);
    }
}
