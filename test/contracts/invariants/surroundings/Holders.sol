// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {INavOracle} from "../../../../contracts/src/interfaces/INavOracle.sol";
import {IRwaToken} from "../../../../contracts/src/interfaces/IRwaToken.sol";
import {Acting} from "../Acting.sol";
import {ILendingWorld} from "../ILendingWorld.sol";
import {VM} from "../Vm.sol";

/// @title Holders
/// @notice Holders of the asset's token, its agent, its attestors, and time.
abstract contract Holders is Acting {
    function pass(uint256 time) external {
        VM.warp(block.timestamp + _bound(time, 1, 2 days));
    }

    function send(uint256 from, uint256 to, uint256 amount) external {
        address sender = _person(from);
        uint256 tokens = _bound(amount, 0, world.token().balanceOf(sender));
        (uint256 frozen, uint256 balance) = (world.token().getFrozenTokens(sender), world.token().balanceOf(sender));
        bytes memory call = abi.encodeCall(IERC20.transfer, (_person(to), tokens));
        (bool ok, ) = _call("send", sender, address(world.token()), call);
        if (ok && tokens > balance - frozen) _break("A1", "frozen tokens were sent");
    }

    function administer(uint256 how, uint256 who, uint256 to, uint256 amount) external {
        IRwaToken token = world.token();
        address person = _person(who);
        uint256 tokens = _bound(amount, 1, token.balanceOf(person));
        bytes memory call;
        if (how % 6 == 0) call = abi.encodeCall(IRwaToken.mint, (person, _bound(amount, 1, 1_000e18)));
        else if (how % 6 == 1) {
            // What is frozen is burned as well.
            _call(
                "freeze",
                address(this),
                address(token),
                abi.encodeCall(IRwaToken.freezePartialTokens, (person, tokens))
            );
            call = abi.encodeCall(IRwaToken.burn, (person, _bound(amount / 2, 1, token.balanceOf(person) / 2)));
        } else if (how % 6 == 2) call = abi.encodeCall(IRwaToken.freezePartialTokens, (person, tokens));
        else if (how % 6 == 3) {
            uint256 frozen = token.getFrozenTokens(person);
            call = abi.encodeCall(IRwaToken.unfreezePartialTokens, (person, _bound(amount, 1, frozen)));
        } else if (how % 6 == 4) call = abi.encodeCall(IRwaToken.forcedTransfer, (person, _person(to), tokens));
        else call = abi.encodeCall(IRwaToken.setAddressFrozen, (person, amount % 2 == 0));
        _call("administer", address(this), address(token), call);
    }

    function value(uint256 quorum, uint256 nav) external {
        INavOracle oracle = world.oracle();
        VM.warp(block.timestamp + 1 hours + 1);
        uint256 before = oracle.accepted().nav;
        uint256 next = (before * _bound(nav, 8_000, 12_000)) / 10_000;
        bool large = quorum % 3 == 0;
        bytes memory call =
            large ? abi.encodeCall(ILendingWorld.report, (next)) : abi.encodeCall(ILendingWorld.suggest, (next));
        (uint256 pending, bool mature) = _pending(oracle);
        (bool ok, ) = _call(large ? "report" : "suggest", address(this), address(world), call);
        if (!ok || large) return;
        uint256 later = oracle.accepted().nav;
        // What was pending long enough may be accepted first, and what is reported be within the bounds of that.
        uint256 lowest = mature && pending < before ? pending : before;
        if (later * 10_000 > before * 10_200) _break("N1", "a report of the smaller quorum rose beyond its bound");
        if (later * 10_000 < lowest * 9_600) _break("N1", "a report of the smaller quorum fell beyond its bound");
    }

    function promote() external {
        _call("promote", address(this), address(world.oracle()), abi.encodeCall(INavOracle.promote, ()));
    }

    function _pending(INavOracle oracle) private view returns (uint256 nav, bool mature) {
        INavOracle.Valuation memory pending = oracle.pending();
        return (pending.nav, pending.nav > 0 && block.timestamp >= uint256(pending.since) + 12 hours);
    }
}
