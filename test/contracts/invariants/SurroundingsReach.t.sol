// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SurroundingsHandler} from "./surroundings/SurroundingsHandler.sol";
import {newSurroundingsHandler} from "./Make.sol";
import {Reach} from "./Reach.sol";

/// @title SurroundingsReachTest
/// @notice Every act around the markets can succeed.
contract SurroundingsReachTest is Reach {
    SurroundingsHandler private _handler;

    function test_everyActSucceeds() public {
        _handler = SurroundingsHandler(_newHandler());
        bytes4[] memory acts = new bytes4[](21);
        acts[0] = _handler.swapIn.selector;
        acts[1] = _handler.swapOut.selector;
        acts[2] = _handler.settleFees.selector;
        acts[3] = _handler.say.selector;
        acts[4] = _handler.ceiling.selector;
        acts[5] = _handler.swapTwice.selector;
        acts[6] = _handler.save.selector;
        acts[7] = _handler.unsave.selector;
        acts[8] = _handler.visitSavings.selector;
        acts[9] = _handler.back.selector;
        acts[10] = _handler.leave.selector;
        acts[11] = _handler.distribute.selector;
        acts[12] = _handler.earn.selector;
        acts[13] = _handler.lose.selector;
        acts[14] = _handler.raiseCap.selector;
        acts[15] = _handler.pass.selector;
        acts[16] = _handler.send.selector;
        acts[17] = _handler.administer.selector;
        acts[18] = _handler.value.selector;
        acts[19] = _handler.promote.selector;
        acts[20] = _handler.squeeze.selector;
        string[] memory names = new string[](22);
        names[0] = "swapIn";
        names[1] = "swapOut";
        names[2] = "settleFees";
        names[3] = "say";
        names[4] = "ceiling";
        names[5] = "swapTwice";
        names[6] = "save";
        names[7] = "unsave";
        names[8] = "visitSavings";
        names[9] = "back";
        names[10] = "requestExit";
        names[11] = "cancelExit";
        names[12] = "leave";
        names[13] = "distribute";
        names[14] = "earn";
        names[15] = "lose";
        names[16] = "raiseCap";
        names[17] = "send";
        names[18] = "administer";
        names[19] = "report";
        names[20] = "suggest";
        names[21] = "promote";
        _requireReached(acts, names);
    }

    function _newHandler() internal override returns (address) {
        return address(newSurroundingsHandler());
    }
}
