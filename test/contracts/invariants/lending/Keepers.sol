// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ILendingPool} from "../../../../contracts/src/interfaces/ILendingPool.sol";
import {IMarket} from "../../../../contracts/src/interfaces/IMarket.sol";
import {ISurplus} from "../../../../contracts/src/interfaces/ISurplus.sol";
import {MARKETS, TERMS, USERS} from "../ILendingWorld.sol";
import {Watch} from "./Watch.sol";

/// @title Keepers
/// @notice What keepers do, in season and out of it.
abstract contract Keepers is Watch {
    /// @notice Moves the resolution of a position in default on.
    function resolve(uint256 by, uint256 how, uint256 whose, uint256 where, uint256 kind) external {
        if (how % 8 < 2) _markAll();
        else if (how % 8 == 2) _tryMark(by, whose, kind);
        else if (how % 8 < 5) _unmarkAll();
        else if (how % 8 == 5) _writeOff(whose, where, kind);
        else _writeOffAll(where % MARKETS);
    }

    /// @notice Brings what is stored up to date.
    function keep(uint256 by, uint256 how, uint256 whose, uint256 where, uint256 kind) external {
        if (how % 8 < 2) _impair(by, whose, where, kind);
        else if (how % 8 < 4) _checkpoint(by, where);
        else if (how % 8 == 4) _coverLoss(by);
        else if (how % 8 == 5) _distribute(by);
        else if (how % 8 == 6) _rebalanceMarket(by, where);
        else _rebalancePool(by);
    }

    /// @notice Somebody liquidates a position, in full or in part, whether it may be or not.
    function liquidate(uint256 by, uint256 whose, uint256 where, uint256 kind, uint256 amount) external {
        (uint256 m, uint256 k, address owner) = (where % MARKETS, kind % TERMS, _person(whose));
        _liquidate(_person(by), m, k, owner, amount);
    }

    /// @notice The whale liquidates whatever is in default.
    function liquidateAll(uint256 amount) external {
        _liquidateAll(amount);
    }

    function _liquidateAll(uint256 amount) internal {
        for (uint256 m = 0; m < MARKETS; ++m) {
            for (uint256 k = 0; k < TERMS; ++k) {
                for (uint256 i = 0; i < USERS; ++i) {
                    if (_inDefault(m, k, world.user(i))) _liquidate(world.whale(), m, k, world.user(i), amount);
                }
            }
        }
    }

    function _inDefault(uint256 m, uint256 k, address owner) private view returns (bool) {
        IMarket market = world.market(m);
        uint256 termsId = world.termsId(m, k);
        uint256 debt = market.debtOf(owner, termsId);
        return debt > 0 && (market.healthOf(owner, termsId) < 1e18 || _isOverdue(m, k));
    }

    function _liquidate(address by, uint256 m, uint256 k, address owner, uint256 amount) private {
        IMarket market = world.market(m);
        uint256 termsId = world.termsId(m, k);
        uint256 debt = market.debtOf(owner, termsId);
        if (debt == 0) return;
        uint256 most = amount % 3 == 0 ? _bound(amount, 1, debt) : type(uint256).max;
        bytes memory call = abi.encodeCall(IMarket.liquidate, (owner, termsId, most, 0, by, ""));
        _act("liquidate", by, address(market), call, Touch(Nature.Liquidation, m, owner, k));
    }

    /// @notice Marks a position, whether it is in default or not.
    function _tryMark(uint256 by, uint256 whose, uint256 kind) private {
        _mark(_person(by), kind % TERMS, _person(whose));
    }

    /// @notice The whale marks whatever is in default.
    function _markAll() internal {
        for (uint256 k = 0; k < TERMS; ++k) {
            for (uint256 i = 0; i < USERS; ++i) {
                if (_inDefault(1, k, world.user(i))) _mark(world.whale(), k, world.user(i));
            }
        }
    }

    function _mark(address by, uint256 k, address owner) private {
        bool inDefault = _inDefault(1, k, owner);
        bytes memory call = abi.encodeCall(IMarket.mark, (owner, world.termsId(1, k)));
        (bool ok, ) = _act("mark", by, address(world.market(1)), call, _apart());
        if (ok && !inDefault) _break("L7", "mark: a position that is not in default");
    }

    /// @notice Takes marks off where they may be taken off, and tries it elsewhere.
    function _unmarkAll() private {
        for (uint256 k = 0; k < TERMS; ++k) {
            for (uint256 i = 0; i < USERS; ++i) {
                (, , IMarket.Resolution memory stored) = world.market(1).resolutionOf(
                    world.user(i),
                    world.termsId(1, k)
                );
                if (stored.markedAt == 0 && i > 0) continue;
                bytes memory call = abi.encodeCall(IMarket.unmark, (world.user(i), world.termsId(1, k)));
                _act("unmark", world.whale(), address(world.market(1)), call, _apart());
            }
        }
    }

    /// @notice A position without collateral: what it owes is a loss.
    function _writeOff(uint256 whose, uint256 where, uint256 kind) private {
        (uint256 m, uint256 k, address owner) = (where % MARKETS, kind % TERMS, _person(whose));
        bytes memory call = abi.encodeCall(IMarket.writeOff, (owner, world.termsId(m, k)));
        _act("writeOff", world.whale(), address(world.market(m)), call, Touch(Nature.Help, m, owner, k));
    }

    function _writeOffAll(uint256 m) private {
        for (uint256 k = 0; k < TERMS; ++k) {
            for (uint256 i = 0; i < USERS; ++i) {
                if (world.market(m).positionOf(world.user(i), world.termsId(m, k)).collateral == 0) _writeOff(i, m, k);
            }
        }
    }

    function _impair(uint256 by, uint256 whose, uint256 where, uint256 kind) private {
        (uint256 m, uint256 k) = (where % MARKETS, kind % TERMS);
        bytes memory call = abi.encodeCall(IMarket.impair, (_person(whose), world.termsId(m, k)));
        _act("impair", _person(by), address(world.market(m)), call, _apart());
    }

    function _checkpoint(uint256 by, uint256 where) private {
        bytes memory call = abi.encodeCall(IMarket.checkpoint, ());
        _act("checkpoint", _person(by), address(world.market(where % MARKETS)), call, _apart());
    }

    function _coverLoss(uint256 by) internal {
        bytes memory call = abi.encodeCall(ISurplus.coverLoss, (world.facility()));
        _act("coverLoss", _person(by), address(world.surplus()), call, _apart());
    }

    function _distribute(uint256 by) private {
        _act("distribute", _person(by), address(world.surplus()), abi.encodeCall(ISurplus.distribute, ()), _apart());
    }

    /// @notice Levels a market's caps.
    function _rebalanceMarket(uint256 by, uint256 where) private {
        uint256 m = where % MARKETS;
        IMarket market = world.market(m);
        uint256[4] memory before = _ofMarket(market);
        (bool ok, ) = _act(
            "rebalanceMarket",
            _person(by),
            address(market),
            abi.encodeCall(IMarket.rebalance, ()),
            _apart()
        );
        uint256[4] memory later = _ofMarket(market);
        for (uint256 i = 0; ok && i < 4; ++i) {
            if (later[i] != before[i]) _break("L16", "rebalance: a market's use or room changed");
        }
    }

    /// @notice Levels the pool's cash and supply cap.
    function _rebalancePool(uint256 by) private {
        ILendingPool pool = world.pool();
        uint256[4] memory before = _ofPool(pool);
        bytes memory call = abi.encodeCall(ILendingPool.rebalance, (_person(by)));
        (bool ok, ) = _act("rebalancePool", _person(by), address(pool), call, _apart());
        uint256[4] memory later = _ofPool(pool);
        for (uint256 i = 0; ok && i < 4; ++i) {
            if (later[i] != before[i]) _break("L16", "rebalance: the pool's cash, shares, room or price changed");
        }
    }

    function _ofMarket(IMarket market) private view returns (uint256[4] memory sums) {
        for (uint256 lane = 0; lane < 32; ++lane) {
            (uint256 used, uint256 free, , ) = market.laneOf(lane);
            (uint256 usedFixed, uint256 freeFixed, ) = market.fixedLaneOf(lane);
            // Weighted, so that use which moved between lanes shows.
            sums[0] += used * (lane + 1);
            sums[1] += free;
            sums[2] += usedFixed * (lane + 1);
            sums[3] += freeFixed;
        }
    }

    function _ofPool(ILendingPool pool) private view returns (uint256[4] memory sums) {
        for (uint256 lane = 0; lane < 32; ++lane) {
            (uint256 cash, uint256 shares, uint256 free) = pool.laneOf(lane);
            sums[0] += cash;
            sums[1] += shares * (lane + 1);
            sums[2] += free;
        }
        (sums[3], ) = pool.prices();
    }
}
