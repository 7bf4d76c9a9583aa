// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Custodian
/// @notice Holds the tokens of one lane, so that two lanes differ in the tokens' `balanceOf` slots too. Obeys its maker.
contract Custodian {
    using SafeERC20 for IERC20;

    address private immutable _MAKER;

    /// @notice Only the contract that made this custodian may move what it holds.
    error NotTheMaker(address caller);

    constructor() {
        _MAKER = msg.sender;
    }

    /// @notice Sends `amount` of `token` to `to`. Maker only.
    function send(IERC20 token, address to, uint256 amount) external {
        require(msg.sender == _MAKER, NotTheMaker(msg.sender));
        token.safeTransfer(to, amount);
    }
}
