// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IMarket} from "../../../../contracts/src/interfaces/IMarket.sol";
import {Acting} from "../Acting.sol";
import {MARKETS, TERMS, USERS} from "../ILendingWorld.sol";

/// @title Watch
/// @notice Lets an act happen and judges it by what all positions, prices and supplies were before and are after it. What it
/// finds broken it writes down by the invariant's number (docs/protocol.md), since a revert would undo the act.
abstract contract Watch is Acting {
    /// @dev What an act may do to a position.
    enum Nature {
        /// Nothing, to none.
        Apart,
        /// Its owner's act: on this position, within the limits.
        Own,
        /// Anybody's in its favour.
        Help,
        Liquidation,
        /// By order of law: takes collateral.
        Law,
        /// Time, a NAV or a ramp: worsens any of them, changes none.
        World
    }

    /// @dev The position an act is about.
    struct Touch {
        Nature nature;
        uint256 m;
        address owner;
        uint256 kind;
    }

    struct Seen {
        uint256 collateral;
        uint256 scaled;
        uint256 debt;
        uint256 value;
        bool healthy;
    }

    struct Picture {
        uint256[MARKETS] index;
        uint256[MARKETS] loss;
        /// pUSD of the facility beyond the debt it is for, where positive a loss nobody has covered.
        int256 uncovered;
        /// The pool's prices, and that of savings.
        uint256 issue;
        uint256 redemption;
        uint256 savings;
        Seen[(USERS + 1) * MARKETS * TERMS] positions;
    }

    /// @dev Whether acts are judged: it takes most of the time.
    bool private immutable _WATCHING;

    /// @notice Positions whose collateral went by order of law.
    mapping(uint256 m => mapping(address owner => mapping(uint256 kind => bool))) public seized;

    constructor(bool watching) {
        _WATCHING = watching;
    }

    /* ACTING */

    /// @dev Calls `target` as `actor`; what reverts did not happen, which an act may.
    function _act(
        string memory name,
        address actor,
        address target,
        bytes memory data,
        Touch memory touch
    ) internal returns (bool ok, bytes memory result) {
        Picture memory before;
        if (_WATCHING) before = _picture();
        (ok, result) = _call(name, actor, target, data);
        if (ok && _WATCHING) _judge(name, before, touch);
    }

    /* PICTURES */

    function _personAt(uint256 i) internal view returns (address) {
        return i < USERS ? world.user(i) : world.whale();
    }

    function _picture() private view returns (Picture memory p) {
        (, uint256 nav, ) = world.oracle().read();
        for (uint256 m = 0; m < MARKETS; ++m) {
            IMarket market = world.market(m);
            p.index[m] = market.borrowIndex();
            p.loss[m] = market.totalLoss();
            uint256 lltv = market.parameters().liquidation.lltv;
            for (uint256 i = 0; i <= USERS; ++i) {
                for (uint256 kind = 0; kind < TERMS; ++kind) {
                    p.positions[(m * (USERS + 1) + i) * TERMS + kind] = _see(m, _personAt(i), kind, nav, lltv);
                }
            }
        }
        uint256 debt = world.market(0).totalDebt();
        p.uncovered = world.stablecoin().supplyOf(world.facility()) - int256(debt);
        (p.issue, p.redemption) = world.pool().prices();
        p.savings = world.savings().index();
    }

    function _see(
        uint256 m,
        address owner,
        uint256 kind,
        uint256 nav,
        uint256 lltv
    ) private view returns (Seen memory seen) {
        IMarket market = world.market(m);
        uint256 termsId = world.termsId(m, kind);
        IMarket.Position memory position = market.positionOf(owner, termsId);
        seen.collateral = position.collateral;
        seen.scaled = position.scaledDebt;
        seen.healthy = true;
        if (seen.scaled == 0) return seen;
        seen.debt = market.debtOf(owner, termsId);
        seen.value = (seen.collateral * nav) / 1e8;
        seen.healthy = seen.value * lltv >= seen.debt * 1e18;
    }

    /* JUDGING */

    function _judge(string memory act, Picture memory before, Touch memory touch) private {
        Picture memory later = _picture();
        // A loss that nobody bore when it was booked may be borne later.
        bool lost =
            later.loss[0] + later.loss[1] > before.loss[0] + before.loss[1] ||
                (before.uncovered > 0 && later.uncovered < before.uncovered);
        _judgePrices(act, before, later, lost);
        for (uint256 m = 0; m < MARKETS; ++m) {
            for (uint256 i = 0; i <= USERS; ++i) {
                for (uint256 kind = 0; kind < TERMS; ++kind) {
                    uint256 at = (m * (USERS + 1) + i) * TERMS + kind;
                    bool touched =
                        touch.nature != Nature.Apart &&
                            touch.nature != Nature.World &&
                            touch.m == m &&
                            touch.kind == kind &&
                            touch.owner == _personAt(i);
                    _judgePosition(act, before.positions[at], later.positions[at], touch, touched);
                }
            }
        }
    }

    function _judgePrices(string memory act, Picture memory before, Picture memory later, bool lost) private {
        for (uint256 m = 0; m < MARKETS; ++m) {
            if (later.index[m] < before.index[m]) _break("L5", string.concat(act, ": the debt index fell"));
        }
        if (!lost && later.issue < before.issue)
            _break("L5", string.concat(act, ": the pool's price fell without a loss"));
        if (!lost && later.savings < before.savings)
            _break("L5", string.concat(act, ": the savings index fell without a loss"));
        // What is minted for a debt is rounded down, and what is burned for it up, by a wei each.
        int256 declared = int256(later.loss[0] - before.loss[0]);
        if (later.uncovered > before.uncovered + declared + 2 && later.uncovered > 2) {
            _break("L2", string.concat(act, ": pUSD without debt, reserve or a declared loss behind it"));
        }
    }

    function _judgePosition(
        string memory act,
        Seen memory before,
        Seen memory later,
        Touch memory touch,
        bool touched
    ) private {
        bool changed = later.collateral != before.collateral || later.scaled != before.scaled;
        if (!touched && changed) _break("L13", string.concat(act, ": changed a position that it is not about"));
        bool worse = later.collateral < before.collateral || later.scaled > before.scaled;
        if (touched && touch.nature == Nature.Help && worse) _break("L12", string.concat(act, ": worsened a position"));
        if (!changed && touch.nature != Nature.World && later.debt != before.debt) {
            _break("L12", string.concat(act, ": changed what somebody owes"));
        }
        bool mayWorsen = touch.nature == Nature.World || (touched && touch.nature == Nature.Law);
        if (before.healthy && !later.healthy && !mayWorsen) {
            _break("L6", string.concat(act, ": made a healthy position unhealthy"));
        }
        if (touched && touch.nature == Nature.Liquidation) _judgeLiquidation(act, before, later, touch);
    }

    function _judgeLiquidation(string memory act, Seen memory before, Seen memory later, Touch memory touch) private {
        if (before.healthy && !_isOverdue(touch.m, touch.kind) && !_hasConsented(before, touch)) {
            _break("L7", string.concat(act, ": liquidated a position that may not be"));
        }
        if (later.scaled > 0) {
            if (later.collateral == 0) _break("L9", string.concat(act, ": left debt without collateral"));
            // A wei of rounding on either side.
            if ((later.value + 1) * before.debt < before.value * (later.debt - 1)) {
                _break("L8", string.concat(act, ": a partial liquidation worsened health"));
            }
        }
    }

    function _isOverdue(uint256 m, uint256 kind) internal view returns (bool) {
        IMarket.AdoptedTerms memory t = world.market(m).termsOf(world.termsId(m, kind));
        return t.fixedRate && block.timestamp >= uint256(t.maturity) + t.gracePeriod;
    }

    function _hasConsented(Seen memory seen, Touch memory touch) private view returns (bool) {
        IMarket market = world.market(touch.m);
        IMarket.Consent memory consent = market.consentOf(touch.owner, world.termsId(touch.m, touch.kind));
        return consent.lltv > 0 && seen.value * consent.lltv < seen.debt * 1e18;
    }

    /* WHAT ACTS SHARE */

    function _apart() internal pure returns (Touch memory) {
        return Touch(Nature.Apart, 0, address(0), 0);
    }

    function _world() internal pure returns (Touch memory) {
        return Touch(Nature.World, 0, address(0), 0);
    }
}
