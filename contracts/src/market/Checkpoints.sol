// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

// What comes in is handed on to internal functions, which take it from memory.
// solhint-disable gas-calldata-parameters

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IndexMath, INDEX_ONE, WAD, YEAR} from "../libraries/IndexMath.sol";
import {LaneEscrow} from "../libraries/LaneEscrow.sol";
import {LANES} from "../libraries/Lanes.sol";
import {LinearDebt} from "../libraries/LinearDebt.sol";
import {Rebalancing} from "../libraries/Rebalancing.sol";
import {TimeSum} from "../libraries/TimeSum.sol";
import {Loans} from "./Loans.sol";
import {MarketConfig, MarketState} from "./MarketState.sol";

/// @title Checkpoints
/// @notice Writes the index, settles interest, and sets for the next stretch the rate and how much may be lent at fixed rates.
/// Levels the caps over the lanes. Linked: the market calls it by delegatecall.
library Checkpoints {
    using IndexMath for uint256;
    using LaneEscrow for LaneEscrow.Book;
    using LinearDebt for LinearDebt.Lane;
    using Loans for MarketState;
    using SafeCast for uint256;
    using TimeSum for TimeSum.Sum;

    /// @dev 200% a year: at this rate the exponential is defined for 67 years without a checkpoint.
    uint256 internal constant MAX_RATE_PER_YEAR = 2e18;
    /// @dev What rate and fixed cap follow is averaged over at least this time: two checkpoints around a moment show hardly any of it.
    uint256 private constant AVERAGING_WINDOW = 1 hours;
    /// @dev Of what there is to lend, at most this part is lent at fixed rates, wad: lenders must be able to leave.
    uint256 private constant MAX_FIXED_SHARE = 0.4e18;
    /// @dev The fixed cap is written again once it is off by more than a 64th: it takes 32 slots.
    uint256 private constant FIXED_CAP_STEPS = 64;

    /// @dev What a checkpoint works out. Averages are over the stretch since the last one.
    struct Stretch {
        uint256 elapsed; //     seconds
        uint256 index; //       wad
        uint256 averageDebt; // assets, fixed debt included
        uint256 lendable; //    assets: debt and cash, or what the cap allows where the source mints
    }

    function checkpoint(MarketState storage s, MarketConfig memory c) external {
        Stretch memory k;
        k.elapsed = block.timestamp - s.accrual.timestamp;
        k.index = s.variableIndex();
        (uint256 owed, uint256 fixedOwed) = totalDebt(s);
        IMarket.RateState memory state = s.rate;
        _average(s, c, k, state);
        uint256 rate = _nextRate(c, k, state);
        s.rate = state;
        s.accrual = IMarket.Accrual({
            index: k.index.toUint128(),
            ratePerYear: uint64(rate),
            timestamp: uint64(block.timestamp)
        });
        if (s.controls.hasFixedTerms) _setFixedCap(s, state.lendable, fixedOwed);
        (uint256 profit, uint256 shortfall) = c.source.settle(owed);
        s.stops.lossNotCovered = shortfall > 0;
        emit IMarket.Checkpoint(k.index, rate, owed, state.utilisation, profit, shortfall);
    }

    /* LEVELLING */

    /// @dev Each cap by itself: one that is level enough costs nothing.
    function rebalance(MarketState storage s) external {
        (uint256 ofVariable, uint256 ofFixed) = _imbalances(s);
        Rebalancing.requireDue(Math.max(ofVariable, ofFixed), s.rebalancedAt);
        s.rebalancedAt = block.timestamp;
        uint256 free = Rebalancing.isDue(ofVariable) ? s.variableDebt.rebalance() : 0;
        uint256 freeFixed = Rebalancing.isDue(ofFixed) ? s.fixedDebt.rebalance() : 0;
        emit IMarket.Rebalanced(msg.sender, free, freeFixed);
    }

    function rebalancing(MarketState storage s) external view returns (uint256, uint256, uint256) {
        (uint256 ofVariable, uint256 ofFixed) = _imbalances(s);
        return (Math.max(ofVariable, ofFixed), Rebalancing.THRESHOLD, s.rebalancedAt + Rebalancing.INTERVAL);
    }

    function _imbalances(MarketState storage s) private view returns (uint256 ofVariable, uint256 ofFixed) {
        return (s.variableDebt.imbalance(), s.controls.hasFixedTerms ? s.fixedDebt.imbalance() : 0);
    }

    /* TOTALS */

    /// @notice What all positions owe without penalties, and the part of it under fixed terms, both rounded down.
    function totalDebt(MarketState storage s) public view returns (uint256 total, uint256 fixedPart) {
        if (s.controls.hasFixedTerms) {
            for (uint256 lane = 0; lane < LANES; ++lane) fixedPart += s.linearDebt[lane].exact();
            fixedPart /= INDEX_ONE;
        }
        total = s.variableDebt.totalUsed().toAssetsDown(s.variableIndex() * YEAR) + fixedPart;
    }

    /// @notice What positions may come to owe under all caps, rounded up, in assets.
    function exposureCap(MarketState storage s) external view returns (uint256 exposure) {
        uint256 scaled = uint256(s.variableDebt.cap) + s.variableDebt.overhang;
        exposure = scaled.toAssetsUp(s.variableIndex() * YEAR);
        if (!s.controls.hasFixedTerms) return exposure;
        (, uint256 fixedPart) = totalDebt(s);
        return exposure + fixedPart + 1 + s.fixedDebt.totalFree();
    }

    /* THE NEXT STRETCH */

    /// @dev Debt against debt and cash, or against the cap where the source has no cash. A stretch of no seconds weighs nothing.
    function _average(
        MarketState storage s,
        MarketConfig memory c,
        Stretch memory k,
        IMarket.RateState memory state
    ) private {
        uint256 variableTime = 0;
        uint256 fixedTime = state.fixedDebtTime;
        for (uint256 lane = 0; lane < LANES; ++lane) {
            variableTime += s.variableTime[lane].at(s.variableDebt.lanes[lane].used);
        }
        if (s.controls.hasFixedTerms) {
            fixedTime = 0;
            for (uint256 lane = 0; lane < LANES; ++lane) fixedTime += s.linearDebt[lane].timeSum();
        }
        uint256 seconds_ = Math.max(k.elapsed, 1);
        uint256 variableDebt = ((variableTime - state.debtTime) / seconds_).toAssetsDown(k.index * YEAR);
        k.averageDebt = variableDebt + (fixedTime - state.fixedDebtTime) / seconds_;
        uint256 cash = c.source.averageCash();
        if (cash < type(uint256).max) {
            k.lendable = k.averageDebt + cash;
            state.lendable = _overWindow(k.lendable, state.lendable, k.elapsed).toUint128();
        } else {
            k.lendable = uint256(s.variableDebt.cap).toAssetsDown(k.index * YEAR);
            state.lendable = k.lendable.toUint128();
        }
        state.debtTime = variableTime.toUint128();
        state.fixedDebtTime = fixedTime.toUint128();
    }

    /// @dev By the average utilisation over the window.
    function _nextRate(
        MarketConfig memory c,
        Stretch memory k,
        IMarket.RateState memory state
    ) private view returns (uint256 rate) {
        uint256 utilisation = k.lendable == 0 ? 0 : Math.min(Math.mulDiv(k.averageDebt, WAD, k.lendable), WAD);
        utilisation = _overWindow(utilisation, state.utilisation, k.elapsed);
        uint256 rateAtTarget;
        (rate, rateAtTarget) = c.rateModel.nextRate(state.rateAtTarget, utilisation, k.elapsed);
        rate = Math.min(rate, MAX_RATE_PER_YEAR);
        state.utilisation = uint64(utilisation);
        state.rateAtTarget = rateAtTarget.toUint64();
    }

    /// @dev The average of the last stretch, filled up to an hour with the one before it.
    function _overWindow(uint256 average, uint256 before, uint256 elapsed) private pure returns (uint256) {
        if (elapsed >= AVERAGING_WINDOW) return average;
        return (average * elapsed + before * (AVERAGING_WINDOW - elapsed)) / AVERAGING_WINDOW;
    }

    /// @dev What is free becomes `MAX_FIXED_SHARE` of the lendable less what fixed debt owes; where it owes more, repayments
    /// free nothing until it owes less. Of the average over the window, so that a deposit made for the checkpoint opens nothing.
    function _setFixedCap(MarketState storage s, uint256 lendable, uint256 fixedOwed) private {
        uint256 limit = Math.mulDiv(lendable, MAX_FIXED_SHARE, WAD);
        uint256 wanted = Math.saturatingSub(s.fixedDebt.totalUsed() + limit, fixedOwed);
        uint256 cap = s.fixedDebt.cap;
        uint256 step = cap / FIXED_CAP_STEPS;
        if (wanted > cap + step) s.fixedDebt.raise(wanted - cap);
        else if (wanted + step < cap) s.fixedDebt.cut(cap - wanted);
        else return;
        emit IMarket.FixedDebtCapSet(fixedOwed, s.fixedDebt.cap);
    }
}
