// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEligibilityRegistry} from "../interfaces/IEligibilityRegistry.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {Custody} from "../libraries/Custody.sol";
import {IndexMath, YEAR} from "../libraries/IndexMath.sol";
import {LaneEscrow} from "../libraries/LaneEscrow.sol";
import {Standing} from "../libraries/Standing.sol";
import {TimeSum} from "../libraries/TimeSum.sol";
import {Custodian} from "./Custodian.sol";
import {MarketConfig, MarketState} from "./MarketState.sol";
import {TermsBooks} from "./TermsBooks.sol";

/// @title Loans
/// @notice What the market and its linked libraries have in common: at which index debt is owed, in which books it is counted,
/// what leaves custody. Internal: its code is part of whoever uses it.
library Loans {
    using IndexMath for uint256;
    using LaneEscrow for LaneEscrow.Book;
    using SafeCast for uint256;
    using Standing for uint256;
    using TimeSum for TimeSum.Sum;

    /// @dev The market's own variable rate, under no terms but the market's.
    uint256 internal constant VARIABLE = 0;

    /* INDEX */

    /// @notice The variable index now, wad.
    function variableIndex(MarketState storage s) internal view returns (uint256) {
        IMarket.Accrual memory a = s.accrual;
        return uint256(a.index).grow(a.ratePerYear, block.timestamp - a.timestamp);
    }

    /// @notice The index at which debt under `termsId` is owed now, in units of 1 / `INDEX_ONE`.
    function owedIndex(MarketState storage s, uint256 termsId) internal view returns (uint256 index) {
        if (termsId == VARIABLE) return variableIndex(s) * YEAR;
        IMarket.AdoptedTerms memory t = s.terms[termsId];
        if (!t.fixedRate) return variableIndex(s) * YEAR;
        index = uint256(t.ratePerYear).linear(block.timestamp - t.start);
        uint256 due = _overdueFrom(t);
        if (block.timestamp > due) index = index.penalise(t.penaltyPerYear, block.timestamp - due);
    }

    /// @notice The same without a penalty: what the books count, since a penalty is income once it is paid.
    function earningIndex(MarketState storage s, uint256 termsId) internal view returns (uint256) {
        IMarket.AdoptedTerms memory t = s.terms[termsId];
        return t.fixedRate ? uint256(t.ratePerYear).linear(block.timestamp - t.start) : variableIndex(s) * YEAR;
    }

    /// @notice Whether debt under `termsId` is past its grace period.
    function isOverdue(MarketState storage s, uint256 termsId) internal view returns (bool) {
        IMarket.AdoptedTerms memory t = s.terms[termsId];
        return t.fixedRate && block.timestamp >= _overdueFrom(t);
    }

    function _overdueFrom(IMarket.AdoptedTerms memory t) private pure returns (uint256) {
        return uint256(t.maturity) + t.gracePeriod;
    }

    /// @notice How much of `scaledDebt` a payment of `assets` extinguishes, and what is taken for it: never more than owed.
    function extinguish(
        uint256 scaledDebt,
        uint256 assets,
        uint256 index
    ) internal pure returns (uint256 paid, uint256 scaled) {
        uint256 owed = scaledDebt.toAssetsUp(index);
        if (assets >= owed) return (owed, scaledDebt);
        scaled = assets.toScaledDown(index);
        require(scaled > 0, IMarket.ZeroAmount());
        return (assets, scaled);
    }

    /* BOOKS */

    /// @notice Counts `scaled` new debt in `lane`. Own lane first; others give where its caps do not suffice.
    function take(MarketState storage s, uint256 termsId, uint256 lane, uint256 scaled) internal {
        if (termsId != VARIABLE && TermsBooks.take(s, termsId, lane, scaled)) return;
        s.variableTime[lane].touch(s.variableDebt.lanes[lane].used);
        s.variableDebt.take(lane, scaled);
    }

    /// @notice Counts `scaled` debt no longer.
    function release(MarketState storage s, uint256 termsId, uint256 lane, uint256 scaled) internal {
        if (termsId != VARIABLE && TermsBooks.release(s, termsId, lane, scaled)) return;
        s.variableTime[lane].touch(s.variableDebt.lanes[lane].used);
        s.variableDebt.release(lane, scaled);
    }

    /* LOSSES */

    /// @notice Books a realised loss, if any, in the place of what was feared for this position, and has the source bear it.
    /// @dev Before a liquidator's callback, in which he may redeem.
    function bookLoss(
        MarketState storage s,
        MarketConfig memory c,
        address owner,
        uint256 termsId,
        uint256 lane,
        uint256 loss
    ) internal {
        bool impaired = s.impairments[owner][termsId] > 0;
        if (impaired) setImpairment(s, owner, termsId, 0);
        if (loss > 0) s.custody[lane].loss += loss.toUint128();
        if (!impaired && loss == 0) return;
        uint256 uncovered = c.source.recordLoss(loss, s.totalImpairment);
        // The only flag that a user's call may write, and only the first such loss: later ones write the same value.
        if (uncovered > 0 && !s.stops.lossNotCovered) s.stops.lossNotCovered = true;
    }

    /// @notice Sets what threatens to be lost in one position.
    function setImpairment(MarketState storage s, address owner, uint256 termsId, uint256 unrealised) internal {
        uint256 total = s.totalImpairment - s.impairments[owner][termsId] + unrealised;
        s.impairments[owner][termsId] = unrealised;
        s.totalImpairment = total;
        emit IMarket.Impaired(owner, termsId, unrealised, total);
    }

    /* COLLATERAL */

    /// @notice Hands collateral out of `lane`'s custody.
    function sendCollateral(
        MarketState storage s,
        IERC20 token,
        uint256 lane,
        address receiver,
        uint256 amount
    ) internal {
        s.custody[lane].collateral -= amount.toUint128();
        Custodian(Custody.custodianOf(address(this), lane)).send(token, receiver, amount);
    }

    /// @notice The value of `collateral` at `nav`, in the loan token, rounded down: against the borrower.
    function valueOf(MarketConfig memory c, uint256 collateral, uint256 nav) internal pure returns (uint256) {
        return Math.mulDiv(collateral, nav * c.valueUp, c.valueDown);
    }

    /* CONTROLS */

    /// @notice The liquidation loan-to-value in force, wad, by the ramp: linear between its ends.
    function lltvNow(IMarket.Controls memory k) internal view returns (uint256) {
        if (block.timestamp >= k.rampEnd) return k.lltvTo;
        uint256 elapsed = block.timestamp - k.rampStart;
        uint256 duration = k.rampEnd - k.rampStart;
        return (k.lltvFrom * (duration - elapsed) + k.lltvTo * elapsed) / duration;
    }

    /// @notice Reverts where `account` has not all of `needed` (bits of `Standing`).
    function requireStanding(IEligibilityRegistry registry, address account, uint256 needed) internal view {
        (uint256 standing, ) = registry.standingOf(account);
        require(standing.has(needed), IMarket.NotEligible(account, needed, standing));
    }
}
