// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @dev One in fixed point with 27 decimals.
uint256 constant RAY = 1e27;

/// @title VestingPrice
/// @notice The two prices of a share as pure functions of time. Profit is promised to the shares at a roll and vests
/// linearly. A deposit pays for all that is promised, vested or not; a redemption gets what has vested, less the losses
/// that threaten:
///
///   issue price       I    = base + unvested
///   redemption price  R(t) = base + unvested * min((t - since) / duration, 1) - impairment
///
/// So every share brings at least what was promised to it, whoever comes and goes between two rolls, and
///   assets >= shares * I
/// holds without a total that deposits would write. Who deposits before a late checkpoint and leaves after it has earned
/// nothing. Knows no storage layout but its own, no token and no lane.
library VestingPrice {
    using Math for uint256;
    using SafeCast for uint256;

    struct Price {
        uint128 base; //       16 bytes: assets per share, ray, at `since`
        uint128 unvested; //   16 bytes: ray, added over `duration`
        uint128 impairment; // 16 bytes: ray, unrealised losses
        uint40 since; //        5 bytes
        uint40 duration; //     5 bytes
        uint40 rolledAt; //     5 bytes: when profit was last promised
    }

    /// @dev Profit and the shares it is for.
    struct Roll {
        uint256 assets; //      cash and debt, without what is kept for losses that threaten
        uint256 shares;
        uint256 recovered; //   part of the assets that came back after it was lost
        uint256 reserveFactor; // wad
        uint256 unrealised; //  losses that threaten and for which nothing is kept
    }

    /// @dev Profit is promised once a day at most; checkpoints in between set the rate alone.
    uint256 internal constant EPOCH = 1 days;
    uint256 internal constant RECOVERY_VESTING = 7 days;

    /// @notice What a new share costs, ray.
    function issuePrice(Price memory p) internal pure returns (uint256) {
        return uint256(p.base) + p.unvested;
    }

    /// @notice The part of the issue price that has vested, ray, rounded down.
    function vestedPrice(Price memory p) internal view returns (uint256) {
        uint256 elapsed = block.timestamp - p.since;
        if (elapsed >= p.duration) return issuePrice(p);
        return uint256(p.base) + (uint256(p.unvested) * elapsed) / p.duration;
    }

    /// @notice What a share brings now, ray; 0 where the losses that threaten exceed it.
    function redemptionPrice(Price memory p) internal view returns (uint256) {
        return vestedPrice(p).saturatingSub(p.impairment);
    }

    /// @notice Whether a roll is due: an epoch has passed.
    function isDue(Price memory p) internal view returns (bool) {
        return block.timestamp >= uint256(p.rolledAt) + EPOCH;
    }

    /// @notice Promises to the shares all assets not promised yet, less the reserve's part, for which shares are issued.
    /// @dev What is new vests over max(epoch, time since the last roll), recoveries over 7 days at least, what was
    /// vesting already over what it had left: the duration is the average, by amount, so that a later roll speeds nothing up.
    /// @param one a whole share, in its smallest unit. Profit is divided among that many shares of nobody too, so that with
    /// hardly any shares left it cannot drive the price to where a deposit rounds to nothing. Their part becomes profit of
    /// the next roll.
    function roll(Price memory p, Roll memory r, uint256 one) internal view returns (Price memory next, uint256 fee) {
        uint256 vested = vestedPrice(p);
        uint256 remaining = issuePrice(p) - vested;
        uint256 remainingTime = uint256(p.duration).saturatingSub(block.timestamp - p.since);
        uint256 profit =
            r.shares == 0 ? 0 : r.assets.saturatingSub(r.shares.mulDiv(issuePrice(p), RAY, Math.Rounding.Ceil));
        uint256 recovered = r.recovered.min(profit);
        fee = (profit - recovered).mulDiv(r.reserveFactor, 1e18);

        uint256 added = (profit - fee).mulDiv(RAY, r.shares + one);
        uint256 period = EPOCH.max(block.timestamp - p.rolledAt);
        if (recovered > 0) {
            period = ((profit - recovered) * period + recovered * period.max(RECOVERY_VESTING)).ceilDiv(profit);
        }
        uint256 unvested = remaining + added;
        next.base = vested.toUint128();
        next.unvested = unvested.toUint128();
        next.since = next.rolledAt = uint40(block.timestamp);
        if (unvested > 0) next.duration = uint40((remaining * remainingTime + added * period).ceilDiv(unvested));
        impair(next, r.unrealised, r.shares);
    }

    /// @notice Takes a realised loss from what has not vested, then from the base, rounded up: against all shares alike.
    function lose(Price memory p, uint256 loss, uint256 shares) internal view {
        if (loss == 0 || shares == 0) return;
        uint256 perShare = loss.mulDiv(RAY, shares, Math.Rounding.Ceil);
        uint256 vested = vestedPrice(p);
        uint256 remaining = issuePrice(p) - vested;
        p.duration = uint40(uint256(p.duration).saturatingSub(block.timestamp - p.since));
        p.since = uint40(block.timestamp);
        p.base = uint128(vested.saturatingSub(perShare.saturatingSub(remaining)));
        p.unvested = uint128(remaining.saturatingSub(perShare));
    }

    /// @notice Sets what threatens to be lost per share, rounded up.
    function impair(Price memory p, uint256 unrealised, uint256 shares) internal pure {
        if (shares == 0) p.impairment = 0;
        else p.impairment = uint128(unrealised.mulDiv(RAY, shares, Math.Rounding.Ceil).min(type(uint128).max));
    }
}
