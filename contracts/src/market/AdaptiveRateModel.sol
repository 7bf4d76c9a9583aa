// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IRateModel} from "../interfaces/IRateModel.sol";
import {WAD} from "../libraries/IndexMath.sol";

/// @title AdaptiveRateModel
/// @notice A curve with one kink at the target utilisation, applied at once, times the rate at target, which grows while use
/// is above target and falls while below, at a bounded speed. Growth is exponential in time: forty checkpoints in a row move
/// it as far as one. Pure: no storage.
contract AdaptiveRateModel is IRateModel {
    struct Curve {
        /// Utilisation at which the rate at target applies, wad.
        uint64 target;
        /// The curve at no and at full utilisation, as multiples of the rate at target, wad.
        uint64 multipleAtZero;
        uint64 multipleAtFull;
        /// By how much the logarithm of the rate at target moves per second at the ends of the curve, wad.
        uint64 speed;
        /// Bounds of the rate at target, per year, wad.
        uint64 minRateAtTarget;
        uint64 maxRateAtTarget;
    }

    /// @dev Time without a checkpoint counts no further than this.
    uint256 private constant MAX_ELAPSED = 1 days;
    /// @dev No more than doubling or halving in a day or so.
    uint256 private constant MAX_SPEED = WAD / MAX_ELAPSED;

    uint256 private immutable _TARGET;
    uint256 private immutable _MULTIPLE_AT_ZERO;
    uint256 private immutable _MULTIPLE_AT_FULL;
    uint256 private immutable _SPEED;
    uint256 private immutable _MIN_RATE_AT_TARGET;
    uint256 private immutable _MAX_RATE_AT_TARGET;

    /// @notice The target must lie between none and full, the multiples around 1, the bounds in order, the speed at most 1 a day.
    error InvalidCurve();

    constructor(Curve memory curve_) {
        require(curve_.target > 0 && curve_.target < WAD && curve_.speed <= MAX_SPEED, InvalidCurve());
        require(curve_.multipleAtZero <= WAD && curve_.multipleAtFull >= WAD, InvalidCurve());
        require(curve_.minRateAtTarget > 0 && curve_.minRateAtTarget <= curve_.maxRateAtTarget, InvalidCurve());
        _TARGET = curve_.target;
        _MULTIPLE_AT_ZERO = curve_.multipleAtZero;
        _MULTIPLE_AT_FULL = curve_.multipleAtFull;
        _SPEED = curve_.speed;
        _MIN_RATE_AT_TARGET = curve_.minRateAtTarget;
        _MAX_RATE_AT_TARGET = curve_.maxRateAtTarget;
    }

    /// @inheritdoc IRateModel
    function nextRate(
        uint256 rateAtTarget,
        uint256 utilisation,
        uint256 elapsed
    ) external view returns (uint256 rate, uint256 nextRateAtTarget) {
        uint256 use = Math.min(utilisation, WAD);
        int256 error_ =
            use > _TARGET
                ? int256(Math.mulDiv(use - _TARGET, WAD, WAD - _TARGET))
                : -int256(Math.mulDiv(_TARGET - use, WAD, _TARGET));
        int256 exponent = (error_ * int256(_SPEED * Math.min(elapsed, MAX_ELAPSED))) / int256(WAD);
        uint256 grown = Math.mulDiv(rateAtTarget, uint256(FixedPointMathLib.expWad(exponent)), WAD);
        nextRateAtTarget = Math.min(Math.max(grown, _MIN_RATE_AT_TARGET), _MAX_RATE_AT_TARGET);
        rate = Math.mulDiv(nextRateAtTarget, multiple(use), WAD);
    }

    /// @notice The curve: by what the rate at target is multiplied at `utilisation`, both wad, rounded down.
    function multiple(uint256 utilisation) public view returns (uint256) {
        uint256 use = Math.min(utilisation, WAD);
        if (use <= _TARGET) return _MULTIPLE_AT_ZERO + Math.mulDiv(WAD - _MULTIPLE_AT_ZERO, use, _TARGET);
        return WAD + Math.mulDiv(_MULTIPLE_AT_FULL - WAD, use - _TARGET, WAD - _TARGET);
    }

    /// @notice The curve's parameters.
    function curve() external view returns (Curve memory) {
        return
            Curve({
                target: uint64(_TARGET),
                multipleAtZero: uint64(_MULTIPLE_AT_ZERO),
                multipleAtFull: uint64(_MULTIPLE_AT_FULL),
                speed: uint64(_SPEED),
                minRateAtTarget: uint64(_MIN_RATE_AT_TARGET),
                maxRateAtTarget: uint64(_MAX_RATE_AT_TARGET)
            });
    }
}
