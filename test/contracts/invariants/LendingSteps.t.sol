// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ILendingHandler} from "./ILendingHandler.sol";
import {newLendingHandler} from "./Make.sol";

/// @title LendingStepsTest
/// @notice Invariants L2, L5 to L9, L11 to L13 and L16 (docs/protocol.md): what holds of every single act of anybody. The
/// handler judges each by what was before and what is after it.
contract LendingStepsTest {
    ILendingHandler private _handler;

    function setUp() public {
        _handler = newLendingHandler(true);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_L2_supplyIsCovered() public view {
        _requireWhole("L2");
    }

    function invariant_L5_indexesNeverFall() public view {
        _requireWhole("L5");
    }

    function invariant_L6_onlyTimePriceAndLawMakeUnhealthy() public view {
        _requireWhole("L6");
    }

    function invariant_L7_onlyLiquidatableAreLiquidated() public view {
        _requireWhole("L7");
    }

    function invariant_L8_partialLiquidationImproves() public view {
        _requireWhole("L8");
    }

    function invariant_L9_liquidationLeavesNoBareDebt() public view {
        _requireWhole("L9");
    }

    function invariant_L11_roundTripsNeverProfit() public view {
        _requireWhole("L11");
    }

    function invariant_L12_strangersCannotWorsen() public view {
        _requireWhole("L12");
    }

    function invariant_L13_nobodyChangesAnothersPosition() public view {
        _requireWhole("L13");
    }

    function invariant_L16_levellingChangesNoTotal() public view {
        _requireWhole("L16");
    }

    function _requireWhole(string memory invariant_) private view {
        string memory found = _handler.broken(invariant_);
        require(bytes(found).length == 0, found);
    }
}
