// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LendingHandler} from "./lending/LendingHandler.sol";
import {newLendingHandler} from "./Make.sol";
import {Reach} from "./Reach.sol";

/// @title LendingReachTest
/// @notice Every act of lenders, borrowers, keepers and of who is outside can succeed.
contract LendingReachTest is Reach {
    LendingHandler private _handler;

    function test_everyActSucceeds() public {
        _handler = LendingHandler(_newHandler());
        bytes4[] memory acts = new bytes4[](22);
        acts[0] = _handler.addCollateral.selector;
        acts[1] = _handler.open.selector;
        acts[2] = _handler.borrow.selector;
        acts[3] = _handler.removeCollateral.selector;
        acts[4] = _handler.repay.selector;
        acts[5] = _handler.consent.selector;
        acts[6] = _handler.trespass.selector;
        acts[7] = _handler.roundTrip.selector;
        acts[8] = _handler.lend.selector;
        acts[9] = _handler.saving.selector;
        acts[10] = _handler.give.selector;
        acts[11] = _handler.visit.selector;
        acts[12] = _handler.liquidate.selector;
        acts[13] = _handler.liquidateAll.selector;
        acts[14] = _handler.crash.selector;
        acts[15] = _handler.resolve.selector;
        acts[16] = _handler.keep.selector;
        acts[17] = _handler.pass.selector;
        acts[18] = _handler.value.selector;
        acts[19] = _handler.suggest.selector;
        acts[20] = _handler.govern.selector;
        acts[21] = _handler.enforce.selector;
        string[] memory names = new string[](36);
        names[0] = "addCollateral";
        names[1] = "removeCollateral";
        names[2] = "borrow";
        names[3] = "repay";
        names[4] = "setConsent";
        names[5] = "roundTrip";
        names[6] = "deposit";
        names[7] = "mint";
        names[8] = "withdraw";
        names[9] = "redeem";
        names[10] = "transfer";
        names[11] = "donate";
        names[12] = "save";
        names[13] = "unsave";
        names[14] = "visit";
        names[15] = "liquidate";
        names[16] = "mark";
        names[17] = "unmark";
        names[18] = "writeOff";
        names[19] = "impair";
        names[20] = "checkpoint";
        names[21] = "coverLoss";
        names[22] = "distribute";
        names[23] = "rebalanceMarket";
        names[24] = "rebalancePool";
        names[25] = "pass";
        names[26] = "value";
        names[27] = "suggest";
        names[28] = "rampLltv";
        names[29] = "forceSeize";
        names[30] = "raiseCap";
        names[31] = "supplyCap";
        names[32] = "pauseNewDebt";
        names[33] = "freeze";
        names[34] = "pauseToken";
        names[35] = "cutCap";
        _requireReached(acts, names);
    }

    function _newHandler() internal override returns (address) {
        return address(newLendingHandler(false));
    }
}
