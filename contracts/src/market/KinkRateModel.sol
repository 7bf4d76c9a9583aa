// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IRateModel} from "../interfaces/IRateModel.sol";
import {WAD} from "../libraries/IndexMath.sol";

/// @title KinkRateModel
/// @notice A curve with one kink, which the rate approaches at a bounded speed: forty checkpoints in a row move it no
/// further than one, and a utilisation that stands for a moment moves it hardly at all. Pure: no storage.
contract KinkRateModel is IRateModel {
    struct Curve {
        /// Rates per year, wad: at no utilisation, at the kink, at full utilisation.
        uint64 rateAtZero;
        uint64 rateAtKink;
        uint64 rateAtFull;
        /// Utilisation at the kink, wad.
        uint64 kink;
        /// By how much the rate may move, per second, wad of rate per year.
        uint64 speed;
    }

    /// @dev Time without a checkpoint counts no further than this.
    uint256 private constant MAX_ELAPSED = 1 days;

    uint256 private immutable _RATE_AT_ZERO;
    uint256 private immutable _RATE_AT_KINK;
    uint256 private immutable _RATE_AT_FULL;
    uint256 private immutable _KINK;
    uint256 private immutable _SPEED;

    /// @notice Rates must rise with utilisation, and the kink lie between none and full.
    error InvalidCurve();

    constructor(Curve memory curve_) {
        require(curve_.kink > 0 && curve_.kink < WAD && curve_.speed > 0, InvalidCurve());
        require(curve_.rateAtZero <= curve_.rateAtKink && curve_.rateAtKink <= curve_.rateAtFull, InvalidCurve());
        _RATE_AT_ZERO = curve_.rateAtZero;
        _RATE_AT_KINK = curve_.rateAtKink;
        _RATE_AT_FULL = curve_.rateAtFull;
        _KINK = curve_.kink;
        _SPEED = curve_.speed;
    }

    /// @inheritdoc IRateModel
    function nextRate(uint256 currentRate, uint256 utilisation, uint256 elapsed) external view returns (uint256) {
        uint256 target = targetRate(utilisation);
        uint256 step = _SPEED * Math.min(elapsed, MAX_ELAPSED);
        if (target > currentRate) return Math.min(target, currentRate + step);
        return currentRate > step ? Math.max(target, currentRate - step) : target;
    }

    /// @notice The rate that `utilisation` tends to, per year, wad.
    function targetRate(uint256 utilisation) public view returns (uint256) {
        uint256 use = Math.min(utilisation, WAD);
        if (use <= _KINK) return _RATE_AT_ZERO + Math.mulDiv(_RATE_AT_KINK - _RATE_AT_ZERO, use, _KINK);
        return _RATE_AT_KINK + Math.mulDiv(_RATE_AT_FULL - _RATE_AT_KINK, use - _KINK, WAD - _KINK);
    }

    /// @notice The curve's parameters.
    function curve() external view returns (Curve memory) {
        return
            Curve({
                rateAtZero: uint64(_RATE_AT_ZERO),
                rateAtKink: uint64(_RATE_AT_KINK),
                rateAtFull: uint64(_RATE_AT_FULL),
                kink: uint64(_KINK),
                speed: uint64(_SPEED)
            });
    }
}
