// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title SaleVenue
/// @notice Buys a token at a price, for a buyer who funds it. Needs to be on record where that token is permissioned.
contract SaleVenue {
    IERC20 private immutable _BOUGHT;
    IERC20 private immutable _PAID;
    /// @dev Units paid per 1e18 units bought.
    uint256 private immutable _PRICE;

    error PaidTooLittle(uint256 paid, uint256 minimum);

    constructor(IERC20 bought, IERC20 paid, uint256 price) {
        (_BOUGHT, _PAID, _PRICE) = (bought, paid, price);
    }

    function sell(uint256 amount, uint256 minPaid) external returns (uint256 paid) {
        paid = (amount * _PRICE) / 1e18;
        require(paid >= minPaid, PaidTooLittle(paid, minPaid));
        _BOUGHT.transferFrom(msg.sender, address(this), amount);
        _PAID.transfer(msg.sender, paid);
    }
}
