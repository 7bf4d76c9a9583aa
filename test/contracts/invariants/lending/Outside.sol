// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IEligibilityRegistry} from "../../../../contracts/src/interfaces/IEligibilityRegistry.sol";
import {ILendingPool} from "../../../../contracts/src/interfaces/ILendingPool.sol";
import {IMarket} from "../../../../contracts/src/interfaces/IMarket.sol";
import {INavOracle} from "../../../../contracts/src/interfaces/INavOracle.sol";
import {IRwaToken} from "../../../../contracts/src/interfaces/IRwaToken.sol";
import {ILendingWorld, MARKETS, TERMS} from "../ILendingWorld.sol";
import {VM} from "../Vm.sol";
import {Watch} from "./Watch.sol";

/// @title Outside
/// @notice What befalls a market: time, valuations, governance, a guardian, the law.
abstract contract Outside is Watch {
    bool private _passing;

    function govern(uint256 how, uint256 where, uint256 amount) external {
        if (how % 8 == 0) _rampLltv(where, amount);
        else if (how % 8 < 3) _raiseCap(where, amount);
        else if (how % 8 < 5) _cutCap(where, amount);
        else if (how % 8 < 7) _supplyCap(how / 8, amount);
        else _pauseNewDebt(where, amount);
    }

    function enforce(uint256 how, uint256 who, uint256 to, uint256 where, uint256 amount) external {
        if (how % 4 < 2) _forceSeize(who, to, where, how / 4, amount);
        else if (how % 4 == 2) _freeze(who, amount);
        else _pauseToken(amount);
    }

    /* TIME AND NAV */

    function pass(uint256 time) external {
        _pass(_bound(time, 1, 12 hours));
    }

    /// @notice A NAV anywhere within the range, accepted at once; time enough for a report to be due passes before.
    function value(uint256 time, uint256 nav) external {
        _value(_bound(time, 1 hours, 3 hours), _bound(nav, 75e8, 150e8));
    }

    function _value(uint256 wait, uint256 nav) internal {
        _pass(wait);
        _act("value", address(this), address(world), abi.encodeCall(ILendingWorld.report, (nav)), _world());
    }

    /// @notice A report of the smaller quorum, accepted within bounds, else pending; or what is pending is promoted.
    function suggest(uint256 how, uint256 change) external {
        if (how % 2 == 0) _suggest(change);
        else _promote();
    }

    function _suggest(uint256 change) private {
        _pass(2 hours);
        uint256 nav = (world.oracle().accepted().nav * _bound(change, 9_000, 11_000)) / 10_000;
        _act("suggest", address(this), address(world), abi.encodeCall(ILendingWorld.suggest, (nav)), _world());
    }

    function _promote() private {
        _act("promote", address(this), address(world.oracle()), abi.encodeCall(INavOracle.promote, ()), _world());
    }

    /// @dev A call of its own, so that it is watched as any other act. A fuzzer may call as anybody, even as this contract.
    function warp(uint256 time) external {
        if (!_passing) return;
        _passing = false;
        VM.warp(block.timestamp + time);
    }

    function _pass(uint256 time) private {
        _passing = true;
        _act("pass", address(this), address(this), abi.encodeCall(this.warp, (time)), _world());
    }

    /* GOVERNANCE */

    function _rampLltv(uint256 where, uint256 target) private {
        bytes memory call = abi.encodeCall(IMarket.rampLltv, (uint64(_bound(target, 0.82e18, 0.87e18)), 7 days));
        _act("rampLltv", address(this), address(world.market(where % MARKETS)), call, _world());
    }

    function _raiseCap(uint256 where, uint256 amount) private {
        bytes memory call = abi.encodeCall(IMarket.raiseDebtCap, (_bound(amount, 1, 2_000_000e18)));
        _act("raiseCap", address(this), address(world.market(where % MARKETS)), call, _apart());
    }

    function _cutCap(uint256 where, uint256 amount) private {
        IMarket market = world.market(where % MARKETS);
        (uint256 cap, ) = market.debtCap();
        _act(
            "cutCap",
            address(this),
            address(market),
            abi.encodeCall(IMarket.cutDebtCap, (_cut(cap, amount))),
            _apart()
        );
    }

    function _supplyCap(uint256 up, uint256 amount) private {
        (uint256 cap, ) = world.pool().supplyCap();
        bytes memory call =
            up % 2 == 0
                ? abi.encodeCall(ILendingPool.raiseSupplyCap, (_bound(amount, 1, 1_000_000e18)))
                : abi.encodeCall(ILendingPool.cutSupplyCap, (_cut(cap, amount)));
        _act("supplyCap", address(this), address(world.pool()), call, _apart());
    }

    /// @dev Mostly off, as what follows: hardly anything happens meanwhile.
    function _pauseNewDebt(uint256 where, uint256 on) private {
        bytes memory call =
            on % 4 == 0 ? abi.encodeCall(IMarket.pauseNewDebt, ()) : abi.encodeCall(IMarket.resumeNewDebt, ());
        _act("pauseNewDebt", address(this), address(world.market(where % MARKETS)), call, _apart());
    }

    /* LAW */

    function _forceSeize(uint256 whose, uint256 to, uint256 where, uint256 kind, uint256 amount) private {
        (uint256 m, uint256 k, address owner) = (where % MARKETS, kind % TERMS, _person(whose));
        IMarket market = world.market(m);
        uint256 termsId = world.termsId(m, k);
        uint256 collateral = market.positionOf(owner, termsId).collateral;
        uint256 taken = amount % 4 == 0 ? collateral : _bound(amount, 1, collateral / 8);
        bytes memory call = abi.encodeCall(IMarket.forceSeize, (owner, termsId, taken, _person(to)));
        (bool ok, ) = _act("forceSeize", address(this), address(market), call, Touch(Nature.Law, m, owner, k));
        if (ok) seized[m][owner][k] = true;
    }

    function _freeze(uint256 who, uint256 on) private {
        bytes memory call = abi.encodeCall(IEligibilityRegistry.setFrozen, (_person(who), on % 4 == 0));
        _act("freeze", address(this), address(world.registry()), call, _apart());
    }

    function _pauseToken(uint256 on) private {
        bytes memory call = on % 4 == 0 ? abi.encodeCall(IRwaToken.pause, ()) : abi.encodeCall(IRwaToken.unpause, ());
        _act("pauseToken", address(this), address(world.token()), call, _apart());
    }
}
