// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ILiquidationCallback, IMarket} from "../interfaces/IMarket.sol";
import {INavOracle} from "../interfaces/INavOracle.sol";
import {IndexMath, WAD} from "../libraries/IndexMath.sol";
import {Lanes} from "../libraries/Lanes.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {Standing} from "../libraries/Standing.sol";
import {Loans} from "./Loans.sol";
import {MarketConfig, MarketState} from "./MarketState.sol";
import {Resolutions} from "./Resolutions.sol";

/// @title Liquidations
/// @notice The sale of collateral of a position that is unhealthy, overdue, or in the band its owner consented to: at a
/// discount, or while it is marked at what the phase of its resolution asks. Linked: the market calls it by delegatecall.
library Liquidations {
    using IndexMath for uint256;
    using Loans for MarketConfig;
    using Loans for MarketState;

    /// @dev As in `IMarket.liquidate`.
    struct Call {
        address owner;
        uint256 termsId;
        uint256 maxRepay;
        uint256 minSeized;
        address receiver;
        bytes data;
    }

    /// @dev A position that may be liquidated, and how.
    struct Case {
        IMarket.Position position;
        IMarket.Cause cause;
        IMarket.Phase phase;
        uint256 until;
        uint256 nav;
        uint256 index;
        uint256 value;
        uint256 debt;
        LiquidationMath.Quote quote;
    }

    function liquidate(
        MarketState storage s,
        MarketConfig memory c,
        Call memory call
    ) external returns (uint256 repaid, uint256 seized, uint256 loss) {
        (address owner, uint256 termsId) = (call.owner, call.termsId);
        require(msg.sender != owner && call.receiver != owner, IMarket.SelfLiquidation());
        Loans.requireStanding(c.registry, msg.sender, Standing.LIQUIDATE);
        if (call.receiver != msg.sender) Loans.requireStanding(c.registry, call.receiver, Standing.HOLD);

        Case memory k = _case(s, c, owner, termsId);
        bool admitted = k.phase != IMarket.Phase.Window || s.preferredBuyers[msg.sender];
        require(admitted, IMarket.PreferredBuyersOnly(k.until));

        uint256 scaled;
        (repaid, scaled, loss) = _settlement(s, c, k, termsId, call.maxRepay);
        seized = _seizure(k, repaid);
        require(seized >= call.minSeized, IMarket.SeizedTooLittle(seized, call.minSeized));

        k.position.scaledDebt -= uint104(scaled);
        k.position.collateral -= uint104(seized);
        s.positions[owner][termsId] = k.position;
        uint256 lane = Lanes.laneOf(owner);
        s.release(termsId, lane, scaled);
        if (k.phase != IMarket.Phase.None && k.position.scaledDebt == 0) Resolutions.clear(s, owner, termsId);
        emit IMarket.LiquidationPriced(owner, termsId, k.cause, k.phase, k.nav, k.debt, k.quote.markup);
        emit IMarket.Liquidated(owner, termsId, msg.sender, call.receiver, repaid, scaled, seized, loss);
        s.bookLoss(c, owner, termsId, lane, loss);

        if (seized > 0) s.sendCollateral(c.collateral, lane, call.receiver, seized);
        if (call.data.length > 0) ILiquidationCallback(msg.sender).onLiquidation(repaid, seized, call.data);
        if (repaid > 0) c.source.collect(owner, msg.sender, repaid);
    }

    /// @dev What a liquidation would do now. Reverts as `liquidate` would, but for who may.
    function preview(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId
    ) external view returns (LiquidationMath.Quote memory, uint256 seized) {
        Case memory k = _case(s, c, owner, termsId);
        return (k.quote, _seizure(k, k.quote.repay));
    }

    function _case(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId
    ) private view returns (Case memory k) {
        k.position = s.positions[owner][termsId];
        require(k.position.scaledDebt > 0, IMarket.NoDebt(owner, termsId));
        INavOracle.Status status;
        (, k.nav, status) = c.oracle.read();
        require(status <= INavOracle.Status.Stale, IMarket.NavNotUsable(uint8(status)));
        k.index = s.owedIndex(termsId);
        k.value = c.valueOf(k.position.collateral, k.nav);
        k.debt = uint256(k.position.scaledDebt).toAssetsUp(k.index);

        LiquidationMath.Terms memory terms = c.liquidation;
        (k.cause, terms) = _cause(s, k, owner, termsId, terms);
        uint256 coolOffUntil = uint256(k.position.healthCheckedAt) + c.coolOff;
        require(block.timestamp >= coolOffUntil, IMarket.CoolingOff(coolOffUntil));

        IMarket.Resolution memory resolution = s.resolutions[owner][termsId];
        require(resolution.inWorkout == 0, IMarket.WorkoutPending(resolution.inWorkout));
        (k.phase, k.until) = Resolutions.phaseOf(c, resolution, k.position);
        k.quote = _quote(c, k, terms);
    }

    /// @dev Why the position may be liquidated, and the terms that follow.
    function _cause(
        MarketState storage s,
        Case memory k,
        address owner,
        uint256 termsId,
        LiquidationMath.Terms memory terms
    ) private view returns (IMarket.Cause, LiquidationMath.Terms memory) {
        if (k.value * terms.lltv < k.debt * WAD) return (IMarket.Cause.Unhealthy, terms);
        if (s.isOverdue(termsId)) return (IMarket.Cause.Overdue, terms);
        IMarket.Consent memory consent = s.consents[owner][termsId];
        require(
            consent.lltv > 0 && consent.lltv < terms.lltv && k.value * consent.lltv < k.debt * WAD,
            IMarket.NotLiquidatable(LiquidationMath.health(k.value, k.debt, terms.lltv))
        );
        terms.lltv = consent.lltv;
        // Within the band the collateral is worth more than the debt; what it pays, a later ramp may have made less.
        uint256 headroom = Math.mulDiv(k.value - k.debt, WAD, k.debt);
        terms.minBonus = terms.maxBonus = Math.min(consent.bonus, headroom);
        return (IMarket.Cause.Consent, terms);
    }

    function _quote(
        MarketConfig memory c,
        Case memory k,
        LiquidationMath.Terms memory terms
    ) private view returns (LiquidationMath.Quote memory) {
        bool discount = k.phase == IMarket.Phase.None || k.phase == IMarket.Phase.Workout;
        if (discount && k.cause != IMarket.Cause.Overdue) return LiquidationMath.quote(k.value, k.debt, terms);
        uint256 markup = WAD + terms.minBonus;
        if (k.phase == IMarket.Phase.Auction) markup = _auctionMarkup(c, k.until);
        if (k.cause != IMarket.Cause.Overdue) return LiquidationMath.quoteAt(k.value, k.debt, markup, terms);
        // Overdue though healthy: any part of it, since there is no health to restore.
        if (Math.mulDiv(k.value, WAD, markup, Math.Rounding.Ceil) < k.debt) {
            return LiquidationMath.closeAll(k.value, k.debt, markup);
        }
        return LiquidationMath.Quote({repay: k.debt, markup: markup, loss: 0, closeInFull: false});
    }

    /// @dev Linear from the start's markup to the end's.
    function _auctionMarkup(MarketConfig memory c, uint256 until) private view returns (uint256) {
        uint256 left = until - block.timestamp;
        return (c.auctionStart * left + c.auctionEnd * (c.auctionDuration - left)) / c.auctionDuration;
    }

    /// @dev What is paid, what it extinguishes, and what of the books is lost.
    function _settlement(
        MarketState storage s,
        MarketConfig memory c,
        Case memory k,
        uint256 termsId,
        uint256 maxRepay
    ) private view returns (uint256 repaid, uint256 scaled, uint256 loss) {
        if (!k.quote.closeInFull) {
            (repaid, scaled) = Loans.extinguish(k.position.scaledDebt, Math.min(maxRepay, k.quote.repay), k.index);
            uint256 rest = (k.position.scaledDebt - scaled).toAssetsUp(k.index);
            uint256 least = c.liquidation.minDebt;
            require(rest == 0 || rest >= least, IMarket.DebtBelowMinimum(rest, least));
            return (repaid, scaled, 0);
        }
        require(maxRepay >= k.quote.repay, IMarket.MustCloseInFull(k.quote.repay));
        (repaid, scaled) = (k.quote.repay, k.position.scaledDebt);
        if (k.quote.loss > 0) {
            // A penalty that is never paid was never counted.
            loss = Math.saturatingSub(scaled.toAssetsUp(s.earningIndex(termsId)), repaid);
        }
    }

    /// @dev Collateral for a repayment of `repaid`, rounded down; all of it where a loss is booked.
    function _seizure(Case memory k, uint256 repaid) private pure returns (uint256) {
        uint256 collateral = k.position.collateral;
        if (k.quote.loss > 0 || k.value == 0) return collateral;
        return Math.min(Math.mulDiv(Math.mulDiv(repaid, k.quote.markup, WAD), collateral, k.value), collateral);
    }
}
