// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILiquidationCallback, IMarket} from "../../../contracts/src/interfaces/IMarket.sol";

/// @title FlashLiquidator
/// @notice A liquidator that owns nothing when it starts: in the callback it sells the collateral to its owner for the
/// repayment, or, told so, calls the market again.
contract FlashLiquidator is ILiquidationCallback {
    IMarket private immutable _MARKET;
    address private immutable _BUYER;

    constructor(IMarket market_, address buyer_) {
        _MARKET = market_;
        _BUYER = buyer_;
    }

    function liquidate(address owner, uint256 maxRepay, bool reenter) external {
        _MARKET.liquidate(owner, 0, maxRepay, 0, address(this), abi.encode(reenter));
    }

    function onLiquidation(uint256 repaid, uint256 seized, bytes calldata data) external {
        if (abi.decode(data, (bool))) _MARKET.checkpoint();
        IERC20(_MARKET.collateralToken()).transfer(_BUYER, seized);
        IERC20(_MARKET.loanToken()).transferFrom(_BUYER, address(this), repaid);
        IERC20(_MARKET.loanToken()).approve(_MARKET.source(), repaid);
    }
}
