// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ILendingHandler} from "./ILendingHandler.sol";
import {IMarket} from "../../../contracts/src/interfaces/IMarket.sol";
import {ILendingWorld, MARKETS, TERMS, USERS} from "./ILendingWorld.sol";
import {newLendingHandler} from "./Make.sol";
import {VM} from "./Vm.sol";

/// @title RepaymentTest
/// @notice Invariant L14 (docs/protocol.md): whatever happened, and with everything stopped that anybody can stop, every debt
/// can be repaid in part and in full by whoever holds pUSD.
contract RepaymentTest {
    ILendingHandler private _handler;
    ILendingWorld private _world;

    function setUp() public {
        _handler = newLendingHandler(false);
        _world = _handler.world();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev Goes back to where it began: what an invariant does must not be part of the campaign.
    function invariant_L14_repaymentAlwaysWorks() public {
        uint256 id = VM.snapshotState();
        _handler.stopEverything();
        for (uint256 m = 0; m < MARKETS; ++m) {
            for (uint256 i = 0; i <= USERS; ++i) {
                for (uint256 kind = 0; kind < TERMS; ++kind) {
                    address owner = i < USERS ? _world.user(i) : _world.whale();
                    _repay(_world.market(m), owner, _world.termsId(m, kind));
                }
            }
        }
        VM.revertToState(id);
    }

    function _repay(IMarket market, address owner, uint256 termsId) private {
        uint256 debt = market.debtOf(owner, termsId);
        if (debt == 0) return;
        address payer = _world.whale();
        if (_world.stablecoin().balanceOf(payer) < debt) return;
        VM.startPrank(payer);
        if (debt > 2) _requireRepaid(market, owner, termsId, debt / 2);
        uint256 rest = market.debtOf(owner, termsId);
        require(rest <= debt - debt / 2 + 1, "L14: a repayment in part did not reduce the debt");
        _requireRepaid(market, owner, termsId, type(uint256).max);
        VM.stopPrank();
        require(market.debtOf(owner, termsId) == 0, "L14: a repayment in full left debt");
    }

    function _requireRepaid(IMarket market, address owner, uint256 termsId, uint256 assets) private {
        try market.repay(owner, termsId, assets) {} catch {
            revert("L14: a repayment was refused");
        }
    }
}
