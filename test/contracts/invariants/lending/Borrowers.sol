// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IMarket} from "../../../../contracts/src/interfaces/IMarket.sol";
import {MARKETS, TERMS} from "../ILendingWorld.sol";
import {VM} from "../Vm.sol";
import {Watch} from "./Watch.sol";

/// @title Borrowers
/// @notice What borrowers do, and what others try on their positions.
abstract contract Borrowers is Watch {
    function addCollateral(uint256 payer, uint256 who, uint256 where, uint256 kind, uint256 amount) external {
        (uint256 m, uint256 k, address owner) = (where % MARKETS, kind % TERMS, _person(who));
        address from = _person(payer);
        bytes memory call = abi.encodeCall(
            IMarket.addCollateral,
            (owner, world.termsId(m, k), _bound(amount, 1, world.token().balanceOf(from) / 2))
        );
        _act("addCollateral", from, address(world.market(m)), call, Touch(Nature.Help, m, owner, k));
    }

    function removeCollateral(uint256 who, uint256 where, uint256 kind, uint256 amount) external {
        address owner = _person(who);
        (uint256 m, uint256 k) = _pledged(owner, where % MARKETS, kind % TERMS);
        IMarket market = world.market(m);
        uint256 termsId = world.termsId(m, k);
        uint256 collateral = market.positionOf(owner, termsId).collateral;
        bytes memory call = abi.encodeCall(
            IMarket.removeCollateral,
            (owner, termsId, _bound(amount, 1, amount % 2 == 0 ? collateral : collateral / 4), owner)
        );
        _act("removeCollateral", owner, address(market), call, Touch(Nature.Own, m, owner, k));
    }

    /// @dev A position of `owner` with collateral, from the one asked for on; that one where there is none.
    function _pledged(address owner, uint256 where, uint256 kind) private view returns (uint256 m, uint256 k) {
        for (uint256 step = 0; step < MARKETS * TERMS; ++step) {
            (m, k) = ((where + step / TERMS) % MARKETS, (kind + step) % TERMS);
            if (world.market(m).positionOf(owner, world.termsId(m, k)).collateral > 0) return (m, k);
        }
    }

    /// @notice Adds collateral, and borrows nearly all that it allows.
    function open(uint256 who, uint256 where, uint256 kind, uint256 amount) external {
        _open(_person(who), where % MARKETS, kind % TERMS, _bound(amount, 10e18, 2_000e18));
    }

    function _open(address owner, uint256 m, uint256 k, uint256 tokens) internal {
        IMarket market = world.market(m);
        bytes memory call = abi.encodeCall(IMarket.addCollateral, (owner, world.termsId(m, k), tokens));
        _act("addCollateral", owner, address(market), call, Touch(Nature.Help, m, owner, k));
        _borrow(m, k, owner, (market.collateralValue(tokens) * 75) / 100);
    }

    /// @dev Up to a tenth more than the position allows, so that the limit is met from both sides.
    function borrow(uint256 who, uint256 where, uint256 kind, uint256 amount) external {
        (uint256 m, uint256 k, address owner) = (where % MARKETS, kind % TERMS, _person(who));
        IMarket market = world.market(m);
        uint256 termsId = world.termsId(m, k);
        uint256 limit = (market.collateralValue(market.positionOf(owner, termsId).collateral) * 88) / 100;
        uint256 debt = market.debtOf(owner, termsId);
        _borrow(m, k, owner, _bound(amount, 100e18, limit > debt ? limit - debt : 0));
    }

    function _borrow(uint256 m, uint256 k, address owner, uint256 assets) private {
        bytes memory call = abi.encodeCall(IMarket.borrow, (owner, world.termsId(m, k), assets, owner));
        _act("borrow", owner, address(world.market(m)), call, Touch(Nature.Own, m, owner, k));
    }

    function repay(uint256 payer, uint256 who, uint256 where, uint256 kind, uint256 amount) external {
        (uint256 m, uint256 k, address owner) = (where % MARKETS, kind % TERMS, _person(who));
        IMarket market = world.market(m);
        uint256 termsId = world.termsId(m, k);
        uint256 assets = _bound(amount, 1, (market.debtOf(owner, termsId) * 5) / 4);
        bytes memory call = abi.encodeCall(IMarket.repay, (owner, termsId, assets));
        _act("repay", _person(payer), address(market), call, Touch(Nature.Help, m, owner, k));
    }

    function consent(uint256 who, uint256 where, uint256 kind, uint256 lltv) external {
        (uint256 m, uint256 k, address owner) = (where % MARKETS, kind % TERMS, _person(who));
        bytes memory call = abi.encodeCall(
            IMarket.setConsent,
            (world.termsId(m, k), uint64(_bound(lltv, 0.6e18, 0.84e18)), 0.01e18)
        );
        _act("setConsent", owner, address(world.market(m)), call, _apart());
    }

    /// @notice Somebody who was not authorised borrows or removes collateral for somebody else.
    function trespass(uint256 who, uint256 whose, uint256 where, uint256 kind, uint256 amount) external {
        (uint256 m, uint256 k, address owner) = (where % MARKETS, kind % TERMS, _person(whose));
        address caller = _person(who);
        if (caller == owner) return;
        uint256 termsId = world.termsId(m, k);
        bytes memory call =
            amount % 2 == 0
                ? abi.encodeCall(IMarket.borrow, (owner, termsId, _bound(amount, 100e18, 1_000e18), caller))
                : abi.encodeCall(IMarket.removeCollateral, (owner, termsId, _bound(amount, 1, 1e18), caller));
        (bool ok, ) = _act("trespass", caller, address(world.market(m)), call, Touch(Nature.Help, m, owner, k));
        if (ok) _break("L12", "trespass: acted for somebody who did not authorise it");
    }

    /// @notice Borrows and repays within the second, or adds collateral and removes it.
    function roundTrip(uint256 who, uint256 where, uint256 kind, uint256 amount) external {
        (uint256 m, uint256 k, address owner) = (where % MARKETS, kind % TERMS, _person(who));
        IMarket market = world.market(m);
        uint256 termsId = world.termsId(m, k);
        uint256 debt = market.debtOf(owner, termsId);
        uint256 tokens = world.token().balanceOf(owner);
        uint256 cash = world.stablecoin().balanceOf(owner);
        uint256 assets = _bound(amount, 100e18, 20_000e18);
        VM.startPrank(owner);
        try market.addCollateral(owner, termsId, _bound(amount, 1, tokens)) {
            try market.borrow(owner, termsId, assets, owner) {
                uint256 taken = market.debtOf(owner, termsId) - debt;
                market.repay(owner, termsId, debt == 0 ? type(uint256).max : taken);
                // What was owed before is owed still, and a wei more where the payment was rounded.
                if (market.debtOf(owner, termsId) < debt) _break("L11", "borrow, repay: owes less than before");
                ++done["roundTrip"];
            } catch {}
            if (market.debtOf(owner, termsId) == debt) {
                uint256 added = tokens - world.token().balanceOf(owner);
                try market.removeCollateral(owner, termsId, added, owner) {} catch {}
            }
        } catch {}
        VM.stopPrank();
        if (world.token().balanceOf(owner) > tokens) _break("L11", "add, remove: has more collateral than before");
        if (world.stablecoin().balanceOf(owner) > cash) _break("L11", "borrow, repay: has more pUSD than before");
    }
}
