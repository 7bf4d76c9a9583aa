// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ILiquidationCallback, IMarket} from "../../../contracts/src/interfaces/IMarket.sol";

/// @title CallbackAttacker
/// @notice A liquidator that makes the calls it is told to between receiving the collateral and paying: an attacker who
/// reads, or has others read, what is half done. It notes how each call ended.
contract CallbackAttacker is ILiquidationCallback {
    struct Call {
        address target;
        bytes data;
    }

    IMarket private immutable _MARKET;
    bool[] private _succeeded;
    bytes[] private _returned;

    constructor(IMarket market_) {
        _MARKET = market_;
        IERC20(_MARKET.loanToken()).approve(_MARKET.source(), type(uint256).max);
    }

    /// @notice Liquidates with what pUSD lies here, and makes `calls` in between.
    function attack(address owner, uint256 maxRepay, Call[] calldata calls) external {
        _MARKET.liquidate(owner, 0, maxRepay, 0, address(this), abi.encode(calls));
    }

    function onLiquidation(uint256, uint256, bytes calldata data) external {
        Call[] memory calls = abi.decode(data, (Call[]));
        for (uint256 i = 0; i < calls.length; ++i) {
            // solhint-disable-next-line avoid-low-level-calls
            (bool success, bytes memory result) = calls[i].target.call(calls[i].data);
            _succeeded.push(success);
            _returned.push(result);
        }
    }

    function outcomes() external view returns (bool[] memory succeeded, bytes[] memory returned) {
        return (_succeeded, _returned);
    }
}
