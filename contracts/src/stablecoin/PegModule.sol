// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AggregatorV3Interface} from "../interfaces/INavOracle.sol";
import {IPegModule} from "../interfaces/IPegModule.sol";
import {IStablecoin} from "../interfaces/IStablecoin.sol";
import {LaneStock} from "../libraries/LaneStock.sol";
import {Lanes} from "../libraries/Lanes.sol";
import {OWN_LANE} from "../libraries/SignedLanes.sol";
import {LaneTreasury} from "../token/LaneTreasury.sol";

/// @title PegModule
/// @notice Swaps a dollar token and pUSD one to one, less a fee. Its dollars are pUSD's redeemable reserve; nobody, neither
/// governance, can take them but by burning pUSD.
///
/// What it may take is bounded three ways: a ceiling on the reserve, a cap per window of time, and a feed that must say
/// about one dollar; where it says a little less, dollars are taken at that, since whoever owes pUSD would gain the
/// difference. Redeeming is bounded by the reserve alone. Both bounds are stocks in lanes:
///   reserve + room = ceiling + overhang, and overhang > 0 implies no room.
/// Fees are credited to nobody on the way: the reserve's worth beyond what was minted is settled later.
///
/// Hot slots, of the receiver's lane: `_room.lanes`, `_inflow.lanes` (swapping in), the treasury's. Only read: `_config`,
/// `_fees`, `_ceiling` (written while there is an overhang), `_inflowCap`.
contract PegModule is IPegModule, LaneTreasury, AccessManaged, ReentrancyGuardTransient {
    using LaneStock for LaneStock.Book;
    using SafeCast for uint256;

    struct Setup {
        address authority;
        IStablecoin stablecoin;
        IERC20Metadata asset;
        address surplus;
        /// Length of the inflow cap's window, seconds.
        uint256 window;
        Fees fees;
        FeedSettings feed;
    }

    struct Config {
        address feed; //           20 bytes
        uint16 maxDeviationBps; //  2
        uint32 staleAfter; //       4
        uint8 feedDecimals; //      1
        bool stopped; //            1
        uint16 feeInBps; //         2
        uint16 feeOutBps; //        2: one slot
    }

    struct Ceiling {
        uint128 assets; //   16 bytes
        uint128 overhang; // 16 bytes: one slot
    }

    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_FEE_BPS = 100;

    IStablecoin private immutable _STABLECOIN;
    address private immutable _SURPLUS;
    uint256 private immutable _WINDOW;
    /// @dev pUSD per unit of the dollar token.
    uint256 private immutable _SCALE;

    Config private _config;
    Ceiling private _ceiling;
    uint256 private _inflowCap;
    LaneStock.Book private _room;
    LaneStock.Book private _inflow;

    constructor(Setup memory s) LaneTreasury(s.asset) AccessManaged(s.authority) {
        require(address(s.stablecoin) != address(0) && s.surplus != address(0), ZeroAddress());
        require(s.window > 0, ZeroAmount());
        uint8 decimals = s.asset.decimals();
        require(decimals <= 18, TooManyDecimals(decimals));
        _SCALE = 10 ** (18 - decimals);
        _STABLECOIN = s.stablecoin;
        _SURPLUS = s.surplus;
        _WINDOW = s.window;
        _setFees(s.fees);
        _setFeed(s.feed);
    }

    /* SWAPS */

    /// @inheritdoc IPegModule
    function swapIn(uint256 assets, uint256 minValue, address receiver) external nonReentrant returns (uint256 value) {
        Config memory config = _config;
        value = _valueFor(_worth(assets, config), config.feeInBps);
        require(value > 0, ZeroAmount());
        require(value >= minValue, SwapBelowMinimum(value, minValue));

        uint256 lane = Lanes.laneOf(receiver);
        _room.take(_never(), lane, assets, "ceiling");
        _inflow.take(_refill(), lane, assets, "inflow cap");
        _receive(lane, msg.sender, assets);
        _STABLECOIN.mint(receiver, value, lane);
        emit SwappedIn(msg.sender, receiver, assets, value, assets * _SCALE - value);
    }

    /// @inheritdoc IPegModule
    function swapOut(
        uint256 value,
        uint256 minAssets,
        address receiver
    ) external nonReentrant returns (uint256 assets) {
        assets = _assetsFor(value, _config.feeOutBps);
        require(assets > 0, ZeroAmount());
        require(assets >= minAssets, SwapBelowMinimum(assets, minAssets));

        uint256 lane = Lanes.laneOf(receiver);
        uint256 overhang = _ceiling.overhang;
        uint256 paidOff = Math.min(overhang, assets);
        if (paidOff > 0) _ceiling.overhang = (overhang - paidOff).toUint128();
        if (assets > paidOff) _room.put(_never(), lane, assets - paidOff);
        _STABLECOIN.burn(msg.sender, value, lane);
        _pay(lane, receiver, assets);
        emit SwappedOut(msg.sender, receiver, value, assets);
    }

    /// @inheritdoc IPegModule
    /// @dev Only while the feed is good: a reserve that is worth less has earned nothing.
    function settleFees() external nonReentrant returns (uint256 value) {
        int256 gap = _worth(_totalCash(), _config).toInt256() - _STABLECOIN.supplyOf(address(this));
        if (gap <= 0) return 0;
        value = uint256(gap);
        _STABLECOIN.mint(_SURPLUS, value, OWN_LANE);
        emit FeesSettled(value);
    }

    /* GOVERNANCE */

    /// @inheritdoc IPegModule
    function setFees(Fees calldata fees_) external restricted {
        _setFees(fees_);
    }

    /// @inheritdoc IPegModule
    function setFeed(FeedSettings calldata settings) external restricted {
        _setFeed(settings);
    }

    /// @inheritdoc IPegModule
    function raiseCeiling(uint256 assets) external restricted {
        Ceiling memory current = _ceiling;
        uint256 paidOff = Math.min(current.overhang, assets);
        if (assets > paidOff) _room.level(_never(), _room.sum(_never()) + assets - paidOff);
        _setCeiling(current.assets + assets, current.overhang - paidOff);
    }

    /// @inheritdoc IPegModule
    function cutCeiling(uint256 assets) external restricted {
        Ceiling memory current = _ceiling;
        require(assets <= current.assets, CutBeyondCeiling(assets, current.assets));
        uint256 free = _room.sum(_never());
        uint256 drained = Math.min(free, assets);
        _room.level(_never(), free - drained);
        _setCeiling(current.assets - assets, current.overhang + assets - drained);
    }

    /// @inheritdoc IPegModule
    function raiseInflowCap(uint256 cap) external restricted {
        require(cap > _inflowCap, WrongDirection(_inflowCap));
        _setInflowCap(cap);
    }

    /// @inheritdoc IPegModule
    function cutInflowCap(uint256 cap) external restricted {
        require(cap < _inflowCap, WrongDirection(_inflowCap));
        _setInflowCap(cap);
    }

    /// @inheritdoc IPegModule
    function stopInflow() external restricted {
        _setStopped(true);
    }

    /// @inheritdoc IPegModule
    function resumeInflow() external restricted {
        _setStopped(false);
    }

    /* VIEWS */

    /// @inheritdoc IPegModule
    function stablecoin() external view returns (address) {
        return address(_STABLECOIN);
    }

    /// @inheritdoc IPegModule
    function asset() external view returns (address) {
        return address(_HELD);
    }

    /// @inheritdoc IPegModule
    function surplus() external view returns (address) {
        return _SURPLUS;
    }

    /// @inheritdoc IPegModule
    function fees() external view returns (Fees memory) {
        return Fees({inBps: _config.feeInBps, outBps: _config.feeOutBps});
    }

    /// @inheritdoc IPegModule
    function feed() external view returns (FeedSettings memory) {
        Config memory c = _config;
        return FeedSettings({feed: c.feed, maxDeviationBps: c.maxDeviationBps, staleAfter: c.staleAfter});
    }

    /// @inheritdoc IPegModule
    function inflowStatus() external view returns (InflowStatus status) {
        (status, ) = _inflowOf(_config);
    }

    /// @inheritdoc IPegModule
    function previewSwapIn(uint256 assets) external view returns (uint256) {
        Config memory config = _config;
        return _valueFor(_worth(assets, config), config.feeInBps);
    }

    /// @inheritdoc IPegModule
    function previewSwapOut(uint256 value) external view returns (uint256) {
        return _assetsFor(value, _config.feeOutBps);
    }

    /// @inheritdoc IPegModule
    function reserve() external view returns (uint256) {
        return _totalCash();
    }

    /// @inheritdoc IPegModule
    function room() external view returns (uint256 untilCeiling, uint256 inWindow) {
        return (_room.sum(_never()), _inflow.sum(_refill()));
    }

    /// @inheritdoc IPegModule
    function ceiling() external view returns (uint256, uint256) {
        return (_ceiling.assets, _ceiling.overhang);
    }

    /// @inheritdoc IPegModule
    function inflowCap() external view returns (uint256, uint256) {
        return (_inflowCap, _WINDOW);
    }

    /// @inheritdoc IPegModule
    function exposureCap() external view returns (uint256) {
        return (uint256(_ceiling.assets) + _ceiling.overhang) * _SCALE;
    }

    /* INTERNAL */

    /// @dev Of dollars worth `worth` in pUSD, less the fee.
    function _valueFor(uint256 worth, uint256 feeBps) private pure returns (uint256) {
        return worth - Math.mulDiv(worth, feeBps, BPS, Math.Rounding.Ceil);
    }

    function _assetsFor(uint256 value, uint256 feeBps) private view returns (uint256) {
        return Math.mulDiv(value, BPS - feeBps, BPS * _SCALE);
    }

    /// @dev What `assets` are worth by the feed in pUSD, at most one to one, rounded down. Reverts where none are taken.
    function _worth(uint256 assets, Config memory config) private view returns (uint256) {
        (InflowStatus status, uint256 answer) = _inflowOf(config);
        require(status == InflowStatus.Open, InflowNotOpen(status));
        uint256 one = 10 ** config.feedDecimals;
        return Math.mulDiv(assets * _SCALE, Math.min(answer, one), one);
    }

    /// @dev The feed's answer is meant only while the status is Open.
    function _inflowOf(Config memory config) private view returns (InflowStatus, uint256) {
        if (config.stopped) return (InflowStatus.Stopped, 0);
        (, int256 answer, , uint256 updatedAt, ) = AggregatorV3Interface(config.feed).latestRoundData();
        if (updatedAt > block.timestamp || block.timestamp - updatedAt >= config.staleAfter) {
            return (InflowStatus.FeedStale, 0);
        }
        // Both ways: above one dollar it is the feed that is more likely wrong.
        uint256 one = 10 ** config.feedDecimals;
        uint256 slack = (one * config.maxDeviationBps) / BPS;
        bool within = answer > 0 && uint256(answer) + slack >= one && uint256(answer) <= one + slack;
        return within ? (InflowStatus.Open, uint256(answer)) : (InflowStatus.FeedOutOfBounds, 0);
    }

    function _setFees(Fees memory fees_) private {
        require(fees_.inBps <= MAX_FEE_BPS && fees_.outBps <= MAX_FEE_BPS, FeeTooHigh(MAX_FEE_BPS));
        _config.feeInBps = fees_.inBps;
        _config.feeOutBps = fees_.outBps;
        emit FeesSet(fees_);
    }

    function _setFeed(FeedSettings memory settings) private {
        require(settings.feed != address(0), ZeroAddress());
        require(settings.maxDeviationBps < BPS && settings.staleAfter > 0, InvalidFeedSettings());
        uint8 decimals = AggregatorV3Interface(settings.feed).decimals();
        require(decimals <= 36, InvalidFeedSettings());
        _config.feed = settings.feed;
        _config.maxDeviationBps = settings.maxDeviationBps;
        _config.staleAfter = settings.staleAfter;
        _config.feedDecimals = decimals;
        emit FeedSet(settings);
    }

    function _setStopped(bool stopped) private {
        _config.stopped = stopped;
        emit InflowStopSet(stopped);
    }

    function _setCeiling(uint256 assets, uint256 overhang) private {
        _ceiling = Ceiling({assets: assets.toUint128(), overhang: overhang.toUint128()});
        emit CeilingSet(assets, overhang);
    }

    /// @dev What flowed in during the running window still counts against the new cap.
    function _setInflowCap(uint256 cap) private {
        uint256 usedInWindow = _inflowCap - Math.min(_inflowCap, _inflow.sum(_refill()));
        _inflowCap = cap;
        _inflow.level(_refill(), cap - Math.min(cap, usedInWindow));
        emit InflowCapSet(cap);
    }

    function _refill() private view returns (LaneStock.Refill memory) {
        return LaneStock.Refill({period: block.timestamp / _WINDOW, quota: _inflowCap});
    }
}
