// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {INavOracle} from "../interfaces/INavOracle.sol";
import {IndexMath, WAD} from "../libraries/IndexMath.sol";
import {Lanes} from "../libraries/Lanes.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {Standing} from "../libraries/Standing.sol";
import {Loans} from "./Loans.sol";
import {MarketConfig, MarketState} from "./MarketState.sol";

/// @title Resolutions
/// @notice What happens to a position in default beside its liquidation: it is impaired, marked for sale, redeemed in a workout,
/// seized by order of law, written off. Linked: the market calls it by delegatecall.
library Resolutions {
    using IndexMath for uint256;
    using Loans for MarketConfig;
    using Loans for MarketState;
    using SafeCast for uint256;

    /* FOR LIQUIDATIONS */

    /// @notice The phase a position is in, and until when. A mark counts no longer once an operation of the position has passed a
    /// health check; its clock starts anew where the NAV could not be used meanwhile.
    function phaseOf(
        MarketConfig memory c,
        IMarket.Resolution memory resolution,
        IMarket.Position memory position
    ) internal view returns (IMarket.Phase, uint256 until) {
        if (resolution.markedAt <= position.healthCheckedAt) return (IMarket.Phase.None, type(uint256).max);
        until = Math.max(resolution.markedAt, c.oracle.usableSince()) + c.saleWindow;
        if (block.timestamp < until) return (IMarket.Phase.Window, until);
        until += c.auctionDuration;
        if (block.timestamp < until) return (IMarket.Phase.Auction, until);
        return (IMarket.Phase.Workout, type(uint256).max);
    }

    /// @notice Takes the mark off; what is in workout stays there.
    function clear(MarketState storage s, address owner, uint256 termsId) internal {
        s.resolutions[owner][termsId].markedAt = 0;
        emit IMarket.Unmarked(owner, termsId, msg.sender);
    }

    /* MARKING */

    function mark(MarketState storage s, MarketConfig memory c, address owner, uint256 termsId) external {
        require(c.saleWindow + c.auctionDuration > 0, IMarket.NoAuctions());
        require(msg.sender != owner, IMarket.SelfLiquidation());
        Loans.requireStanding(c.registry, msg.sender, Standing.LIQUIDATE);
        IMarket.Position memory position = s.positions[owner][termsId];
        _requireInDefault(s, c, owner, termsId, position);
        uint256 coolOffUntil = uint256(position.healthCheckedAt) + c.coolOff;
        require(block.timestamp >= coolOffUntil, IMarket.CoolingOff(coolOffUntil));
        IMarket.Resolution storage resolution = s.resolutions[owner][termsId];
        uint256 markedAt = resolution.markedAt;
        require(markedAt <= position.healthCheckedAt, IMarket.AlreadyMarked(markedAt));

        resolution.markedAt = uint40(block.timestamp);
        uint256 auctionFrom = block.timestamp + c.saleWindow;
        emit IMarket.Marked(owner, termsId, msg.sender, auctionFrom, auctionFrom + c.auctionDuration);
    }

    function unmark(MarketState storage s, MarketConfig memory c, address owner, uint256 termsId) external {
        bool marked = s.resolutions[owner][termsId].markedAt > 0;
        require(marked && !_isInDefault(s, c, termsId, s.positions[owner][termsId]), IMarket.CannotUnmark());
        clear(s, owner, termsId);
    }

    function resolutionOf(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId
    ) external view returns (IMarket.Phase phase, uint256 until, IMarket.Resolution memory stored) {
        stored = s.resolutions[owner][termsId];
        (phase, until) = phaseOf(c, stored, s.positions[owner][termsId]);
    }

    /* WORKOUT */

    function startWorkout(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId,
        uint256 amount
    ) external {
        IMarket.Position memory position = s.positions[owner][termsId];
        IMarket.Resolution storage resolution = s.resolutions[owner][termsId];
        (IMarket.Phase phase, ) = phaseOf(c, resolution, position);
        // Where there are no auctions, a position in default is ripe at once.
        if (c.saleWindow + c.auctionDuration == 0) phase = IMarket.Phase.Workout;
        bool ripe = msg.sender == c.workout && phase == IMarket.Phase.Workout;
        require(ripe, IMarket.NotInWorkout(msg.sender, phase));
        require(amount > 0, IMarket.ZeroAmount());
        _requireInDefault(s, c, owner, termsId, position);
        require(amount <= position.collateral, IMarket.InsufficientCollateral(amount, position.collateral));

        s.positions[owner][termsId].collateral = uint104(position.collateral - amount);
        resolution.inWorkout = (resolution.inWorkout + amount).toUint104();
        emit IMarket.WorkoutStarted(owner, termsId, amount, resolution.inWorkout);
        s.sendCollateral(c.collateral, Lanes.laneOf(owner), c.workout, amount);
    }

    function endWorkout(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId,
        uint256 amount
    ) external {
        require(msg.sender == c.workout, IMarket.NotInWorkout(msg.sender, IMarket.Phase.Workout));
        IMarket.Resolution storage resolution = s.resolutions[owner][termsId];
        require(amount <= resolution.inWorkout, IMarket.InsufficientCollateral(amount, resolution.inWorkout));
        resolution.inWorkout -= uint104(amount);
        emit IMarket.WorkoutEnded(owner, termsId, amount, resolution.inWorkout);
    }

    /* LOSSES */

    function writeOff(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId
    ) external returns (uint256 loss) {
        IMarket.Position storage position = s.positions[owner][termsId];
        uint256 scaled = position.scaledDebt;
        require(scaled > 0, IMarket.NoDebt(owner, termsId));
        require(position.collateral == 0, IMarket.CollateralLeft(position.collateral));
        uint256 inWorkout = s.resolutions[owner][termsId].inWorkout;
        require(inWorkout == 0, IMarket.WorkoutPending(inWorkout));

        loss = scaled.toAssetsUp(s.earningIndex(termsId));
        position.scaledDebt = 0;
        uint256 lane = Lanes.laneOf(owner);
        s.release(termsId, lane, scaled);
        if (s.resolutions[owner][termsId].markedAt > 0) clear(s, owner, termsId);
        emit IMarket.WrittenOff(owner, termsId, scaled, loss);
        s.bookLoss(c, owner, termsId, lane, loss);
    }

    /// @dev Judged by what the collateral would bring: at the end of an auction where there are auctions, else at the
    /// minimum bonus. What is in workout counts as collateral still.
    function impair(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId
    ) external returns (uint256 unrealised) {
        (uint256 nav, , INavOracle.Status status) = c.oracle.read();
        require(status <= INavOracle.Status.Stale, IMarket.NavNotUsable(uint8(status)));
        IMarket.Position memory position = s.positions[owner][termsId];
        uint256 collateral = uint256(position.collateral) + s.resolutions[owner][termsId].inWorkout;
        uint256 value = c.valueOf(collateral, nav);
        uint256 debt = uint256(position.scaledDebt).toAssetsUp(s.earningIndex(termsId));
        if (debt > 0 && (value * c.liquidation.lltv < debt * WAD || s.isOverdue(termsId))) {
            uint256 markup = c.auctionDuration > 0 ? c.auctionEnd : WAD + c.liquidation.minBonus;
            unrealised = LiquidationMath.closeAll(value, debt, markup).loss;
        }
        s.setImpairment(owner, termsId, unrealised);
        c.source.recordLoss(0, s.totalImpairment);
    }

    function forceSeize(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId,
        uint256 amount,
        address receiver
    ) external {
        require(amount > 0, IMarket.ZeroAmount());
        Loans.requireStanding(c.registry, receiver, Standing.HOLD);
        IMarket.Position storage position = s.positions[owner][termsId];
        uint256 collateral = position.collateral;
        require(amount <= collateral, IMarket.InsufficientCollateral(amount, collateral));
        position.collateral = uint104(collateral - amount);
        emit IMarket.CollateralForceSeized(owner, termsId, receiver, msg.sender, amount);
        s.sendCollateral(c.collateral, Lanes.laneOf(owner), receiver, amount);
    }

    /* IN DEFAULT */

    function _requireInDefault(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId,
        IMarket.Position memory position
    ) private view {
        require(position.scaledDebt > 0, IMarket.NoDebt(owner, termsId));
        if (_isInDefault(s, c, termsId, position)) return;
        (, uint256 nav, ) = c.oracle.read();
        uint256 debt = uint256(position.scaledDebt).toAssetsUp(s.owedIndex(termsId));
        uint256 value = c.valueOf(position.collateral, nav);
        revert IMarket.NotLiquidatable(LiquidationMath.health(value, debt, c.liquidation.lltv));
    }

    /// @dev Overdue, or unhealthy at a NAV that can be used.
    function _isInDefault(
        MarketState storage s,
        MarketConfig memory c,
        uint256 termsId,
        IMarket.Position memory position
    ) private view returns (bool) {
        if (position.scaledDebt == 0) return false;
        if (s.isOverdue(termsId)) return true;
        (, uint256 nav, INavOracle.Status status) = c.oracle.read();
        require(status <= INavOracle.Status.Stale, IMarket.NavNotUsable(uint8(status)));
        uint256 debt = uint256(position.scaledDebt).toAssetsUp(s.owedIndex(termsId));
        return c.valueOf(position.collateral, nav) * c.liquidation.lltv < debt * WAD;
    }
}
