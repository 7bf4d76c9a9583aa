// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IMarket} from "../../../../contracts/src/interfaces/IMarket.sol";
import {MARKETS, USERS} from "../ILendingWorld.sol";
import {VM} from "../Vm.sol";
import {Borrowers} from "./Borrowers.sol";
import {Keepers} from "./Keepers.sol";
import {Lenders} from "./Lenders.sol";
import {Outside} from "./Outside.sol";
import {Watch} from "./Watch.sol";

/// @title LendingHandler
/// @notice Everybody who acts in a lending world: what a fuzzer calls.
contract LendingHandler is Borrowers, Lenders, Keepers, Outside {
    address private immutable _MAKER;
    bool private _stopped;

    /// @dev Lenders fill the pool, and everybody owes something in each market: under its own terms or fixed ones.
    constructor(bool watching) Watch(watching) {
        _MAKER = msg.sender;
        for (uint256 i = 0; i < USERS; ++i) {
            address lender = world.user(i);
            VM.startPrank(lender);
            world.pool().deposit(100_000e18, lender);
            VM.stopPrank();
        }
        VM.warp(block.timestamp + 1 hours);
        for (uint256 m = 0; m < MARKETS; ++m) {
            world.market(m).checkpoint();
            for (uint256 i = 0; i < USERS; ++i) _open(world.user(i), m, i % 2 == 0 ? 0 : 2, (i + 2) * 100e18);
        }
    }

    /// @notice The NAV falls, and whatever is in default by that is liquidated or marked, or is not.
    function crash(uint256 nav, uint256 how, uint256 amount) external {
        _value(1 hours, 75e8 + (nav % 20e8));
        if (how % 4 == 0) _markAll();
        else if (how % 4 < 3) _liquidateAll(amount);
        _coverLoss(how);
    }

    /// @notice For the test alone, not an act: pulls everything that governance, guardian, registrar, agent and attestors can pull.
    function stopEverything() external {
        if (msg.sender != _MAKER || _stopped) return;
        _stopped = true;
        if (!world.token().paused()) world.token().pause();
        world.oracle().pullRipcord();
        for (uint256 m = 0; m < MARKETS; ++m) {
            IMarket market = world.market(m);
            market.pauseNewDebt();
            (uint256 cap, ) = market.debtCap();
            if (cap > 0) market.cutDebtCap(cap);
        }
        (uint256 supply, ) = world.pool().supplyCap();
        if (supply > 0) world.pool().cutSupplyCap(supply);
        for (uint256 i = 0; i <= USERS; ++i) world.registry().setFrozen(_personAt(i), true);
        world.stablecoin().retireFacility(world.facility());
    }
}
