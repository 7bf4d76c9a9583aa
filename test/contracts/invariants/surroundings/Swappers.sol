// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IPegModule} from "../../../../contracts/src/interfaces/IPegModule.sol";
import {Acting} from "../Acting.sol";
import {IDollarFeed} from "../ILendingWorld.sol";
import {VM} from "../Vm.sol";

/// @title Swappers
/// @notice Who swaps dollars and pUSD, and what befalls the dollar.
abstract contract Swappers is Acting {
    /// @notice Dollars taken within a window of the inflow cap.
    mapping(uint256 window => uint256) public inflow;

    function swapIn(uint256 who, uint256 amount) external {
        address person = _person(who);
        uint256 assets = _bound(amount, 1, world.dollar().balanceOf(person));
        bytes memory call = abi.encodeCall(IPegModule.swapIn, (assets, 0, person));
        (bool ok, ) = _call("swapIn", person, address(world.peg()), call);
        if (ok) inflow[block.timestamp / 1 days] += assets;
    }

    function swapOut(uint256 who, uint256 amount) external {
        _swapOut(_person(who), amount);
    }

    function _swapOut(address person, uint256 amount) private {
        uint256 most = world.peg().reserve() * 1e12;
        uint256 balance = world.stablecoin().balanceOf(person);
        uint256 value = _bound(amount, 1, most < balance ? most : balance);
        bytes memory call = abi.encodeCall(IPegModule.swapOut, (value, 0, person));
        _call("swapOut", person, address(world.peg()), call);
    }

    function settleFees(uint256 who) external {
        _call("settleFees", _person(who), address(world.peg()), abi.encodeCall(IPegModule.settleFees, ()));
    }

    /// @notice The dollar trades within 60 basis points of one, which is a little more than the module takes.
    function say(uint256 answer) external {
        bytes memory call = abi.encodeCall(IDollarFeed.say, (int256(_bound(answer, 99.4e6, 100.6e6)), block.timestamp));
        _call("say", address(this), address(world.dollarFeed()), call);
    }

    function ceiling(uint256 up, uint256 amount) external {
        uint256 assets = _bound(amount, 1, 100_000e6);
        bytes memory call =
            up % 2 == 0
                ? abi.encodeCall(IPegModule.raiseCeiling, (assets))
                : abi.encodeCall(IPegModule.cutCeiling, (assets));
        _call("ceiling", address(this), address(world.peg()), call);
    }

    /// @notice The ceiling is cut a little below what the reserve holds, and somebody swaps out, more than that at times.
    function squeeze(uint256 who, uint256 amount) external {
        IPegModule peg = world.peg();
        (uint256 room, ) = peg.room();
        uint256 cut = room + _bound(amount, 0, peg.reserve() / 4);
        if (cut > 0) _call("ceiling", address(this), address(peg), abi.encodeCall(IPegModule.cutCeiling, (cut)));
        _swapOut(_person(who), amount);
    }

    /// @notice Swaps dollars in and what that gave out again, or the other way round, within the second.
    function swapTwice(uint256 who, uint256 how, uint256 amount) external {
        address person = _person(who);
        IPegModule peg = world.peg();
        uint256 dollars = world.dollar().balanceOf(person);
        uint256 cash = world.stablecoin().balanceOf(person);
        VM.startPrank(person);
        if (how % 2 == 0) {
            uint256 assets = _bound(amount, 1, dollars);
            try peg.swapIn(assets, 0, person) returns (uint256 value) {
                inflow[block.timestamp / 1 days] += assets;
                ++done["swapTwice"];
                try peg.swapOut(value, 0, person) {} catch {}
            } catch {}
        } else {
            try peg.swapOut(_bound(amount, 1, cash / 2), 0, person) returns (uint256 assets) {
                try peg.swapIn(assets, 0, person) {
                    inflow[block.timestamp / 1 days] += assets;
                } catch {}
            } catch {}
        }
        VM.stopPrank();
        bool more = world.dollar().balanceOf(person) > dollars && world.stablecoin().balanceOf(person) >= cash;
        bool richer = world.stablecoin().balanceOf(person) > cash && world.dollar().balanceOf(person) >= dollars;
        if (more || richer) _break("L11", "swapped twice: has more than before");
    }
}
