// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {ILiquiditySource} from "../interfaces/ILiquiditySource.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {ISurplus} from "../interfaces/ISurplus.sol";
import {Custody} from "../libraries/Custody.sol";
import {LaneEscrow} from "../libraries/LaneEscrow.sol";
import {LANES, Lanes} from "../libraries/Lanes.sol";
import {Custodian} from "../market/Custodian.sol";
import {Batch} from "../token/Batch.sol";
import {LaneERC20} from "../token/LaneERC20.sol";
import {LaneCash} from "./LaneCash.sol";
import {RAY, VestingPrice} from "./VestingPrice.sol";

/// @title LendingPool
/// @notice Lenders' money for one market.
///
/// Hot slots, all by owner or by the owner's lane:
///   `_balances[owner]`      shares (LaneERC20)
///   `_shares.lanes[lane]`   shares of the lane's holders and the free part of the supply cap
///   `_cash.lanes[lane]`     cash and its integral over time
///   outside: the custodian's and the owner's token balances
/// Read by everybody and written by nobody on a user's path: `_price` (checkpoint; losses), `_shares.cap`.
contract LendingPool is LaneERC20, AccessManaged, ReentrancyGuardTransient, Batch, ILendingPool {
    using LaneCash for LaneCash.Book;
    using LaneEscrow for LaneEscrow.Book;
    using Math for uint256;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using VestingPrice for VestingPrice.Price;

    struct Average {
        uint120 cashTime;
        uint40 timestamp;
    }

    struct Reserve {
        address surplus; //       20 bytes
        uint64 reserveFactor; //   8 bytes, wad
    }

    /// @dev Below a millionth of the first price a deposit could buy shares beyond any number.
    uint256 private constant LEAST_PRICE = RAY / 1e6;
    uint256 private constant MAX_RESERVE_FACTOR = 0.5e18;

    IERC20 private immutable _ASSET;
    address private immutable _MARKET;
    uint256 private immutable _ONE;

    LaneEscrow.Book private _shares;
    LaneCash.Book private _cash;
    VestingPrice.Price private _price;
    Average private _average;
    Reserve private _reserve;
    /// @dev Recoveries since the last roll, and losses that threaten.
    uint128 private _recovered;
    uint128 private _unrealised;

    modifier onlyMarket() {
        require(msg.sender == _MARKET, NotTheMarket(msg.sender, _MARKET));
        _;
    }

    /// @param market_ the market, which is deployed after this pool: its address is computed beforehand.
    constructor(
        address authority_,
        IERC20Metadata asset_,
        address market_,
        string memory name_,
        string memory symbol_,
        address surplus_,
        uint256 reserveFactor_
    ) LaneERC20(name_, symbol_, asset_.decimals()) AccessManaged(authority_) {
        require(market_ != address(0), ZeroAddress());
        _ASSET = asset_;
        _MARKET = market_;
        _ONE = 10 ** asset_.decimals();
        _price.base = uint128(RAY);
        _price.since = _price.rolledAt = uint40(block.timestamp);
        _average.timestamp = uint40(block.timestamp);
        _setReserve(surplus_, reserveFactor_);
        // The first creations of this contract, so that `Custody` can compute their addresses.
        for (uint256 lane = 0; lane < LANES; ++lane) {
            assert(address(new Custodian()) == Custody.custodianOf(address(this), lane));
        }
    }

    /* LENDERS */

    /// @inheritdoc IERC4626
    function deposit(uint256 assets, address receiver) external nonReentrant returns (uint256 shares) {
        uint256 issue = _requireOpen();
        shares = assets.mulDiv(RAY, issue);
        _issue(receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function mint(uint256 shares, address receiver) external nonReentrant returns (uint256 assets) {
        uint256 issue = _requireOpen();
        assets = shares.mulDiv(issue, RAY, Math.Rounding.Ceil);
        _issue(receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function withdraw(uint256 assets, address receiver, address owner) external nonReentrant returns (uint256 shares) {
        shares = previewWithdraw(assets);
        _redeem(owner, receiver, assets, shares);
    }

    /// @inheritdoc IERC4626
    function redeem(uint256 shares, address receiver, address owner) external nonReentrant returns (uint256 assets) {
        assets = previewRedeem(shares);
        _redeem(owner, receiver, assets, shares);
    }

    /// @inheritdoc ILiquiditySource
    /// @dev It vests over 7 days at least.
    function recover(uint256 assets) external nonReentrant {
        _recovered += assets.toUint128();
        emit Recovered(msg.sender, assets);
        _receive(Lanes.laneOf(msg.sender), msg.sender, assets);
    }

    /* MARKET */

    /// @inheritdoc ILiquiditySource
    function lend(address owner, address receiver, uint256 assets) external onlyMarket nonReentrant {
        _cash.pay(_ASSET, Lanes.laneOf(owner), receiver, assets);
    }

    /// @inheritdoc ILiquiditySource
    function collect(address owner, address payer, uint256 assets) external onlyMarket nonReentrant {
        _receive(Lanes.laneOf(owner), payer, assets);
    }

    /// @inheritdoc ILiquiditySource
    /// @dev Once an epoch; earlier checkpoints set the rate alone. The surplus gets shares, within the supply cap.
    function settle(uint256 totalDebt) external onlyMarket returns (uint256 fee, uint256 shortfall) {
        VestingPrice.Price memory current = _price;
        shortfall = 0; // lenders bear losses themselves
        if (!current.isDue()) return (0, shortfall);
        uint256 shares = _shares.totalUsed();
        uint256 absorbed = _absorbed(current, shares);
        VestingPrice.Price memory next;
        (next, fee) = current.roll(
            VestingPrice.Roll({
                assets: (_cash.total() + totalDebt).saturatingSub(absorbed),
                shares: shares,
                recovered: _recovered,
                reserveFactor: _reserve.reserveFactor,
                unrealised: _unrealised - absorbed
            }),
            _ONE
        );
        _price = next;
        _recovered = 0;
        uint256 feeShares = 0;
        if (fee > 0 && next.issuePrice() >= LEAST_PRICE) {
            feeShares = fee.mulDiv(RAY, next.issuePrice()).min(_shares.totalFree());
            _mintShares(_reserve.surplus, feeShares);
        }
        emit Rolled(next.base, next.unvested, next.duration, fee, feeShares);
    }

    /// @inheritdoc ILiquiditySource
    function averageCash() external onlyMarket returns (uint256) {
        Average memory previous = _average;
        uint120 cashTime = _cash.totalCashTime();
        _average = Average({cashTime: cashTime, timestamp: uint40(block.timestamp)});
        unchecked {
            return uint256(cashTime - previous.cashTime) / (block.timestamp - previous.timestamp).max(1);
        }
    }

    /// @inheritdoc ILiquiditySource
    /// @dev At once, not at the next checkpoint: who redeems in between would leave the loss to others.
    function recordLoss(uint256 realised, uint256 unrealised) external onlyMarket returns (uint256) {
        VestingPrice.Price memory p = _price;
        uint256 shares = _shares.totalUsed();
        uint256 absorbed = _absorbed(p, shares);
        uint256 covered = realised.min(absorbed);
        uint256 rest = realised - covered;
        // Profit that has not vested first, then the surplus and the backstop, then the lenders' price.
        uint256 beyondProfit = rest.saturatingSub((p.issuePrice() - p.vestedPrice()).mulDiv(shares, RAY));
        uint256 borne = beyondProfit == 0 ? 0 : _askSurplus(beyondProfit);
        p.lose(rest - borne, shares);
        p.impair(unrealised.saturatingSub(absorbed - covered), shares);
        _price = p;
        _unrealised = unrealised.toUint128();
        emit LossRecorded(realised, unrealised, borne, p.base, p.unvested, p.impairment);
        return 0; // what is left, lenders bear
    }

    /* GOVERNANCE */

    /// @inheritdoc ILendingPool
    function raiseSupplyCap(uint256 shares) external restricted {
        _shares.raise(shares);
        emit SupplyCapRaised(shares, _shares.cap);
    }

    /// @inheritdoc ILendingPool
    function cutSupplyCap(uint256 shares) external restricted {
        _shares.cut(shares);
        emit SupplyCapCut(shares, _shares.cap);
    }

    /// @inheritdoc ILendingPool
    function setReserve(address surplus, uint256 reserveFactor) external restricted {
        _setReserve(surplus, reserveFactor);
    }

    /* VIEWS: ERC-4626 */

    /// @inheritdoc ILendingPool
    function asset() external view returns (address) {
        return address(_ASSET);
    }

    /// @inheritdoc IERC4626
    /// @dev Cash and what borrowers owe, vested or not, rounded down. Reads 64 slots.
    function totalAssets() external view returns (uint256) {
        return _cash.total() + IMarket(_MARKET).totalDebt();
    }

    /// @inheritdoc IERC20
    /// @dev Reads 32 slots: for people and indexers, never called on a hot path.
    function totalSupply() external view returns (uint256) {
        return _shares.totalUsed();
    }

    /// @inheritdoc IERC4626
    function convertToShares(uint256 assets) external view returns (uint256) {
        return previewDeposit(assets);
    }

    /// @inheritdoc IERC4626
    function convertToAssets(uint256 shares) external view returns (uint256) {
        return previewRedeem(shares);
    }

    /// @inheritdoc IERC4626
    function previewDeposit(uint256 assets) public view returns (uint256) {
        return assets.mulDiv(RAY, _requireOpen());
    }

    /// @inheritdoc IERC4626
    function previewMint(uint256 shares) external view returns (uint256) {
        return shares.mulDiv(_requireOpen(), RAY, Math.Rounding.Ceil);
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256 assets) public view returns (uint256) {
        uint256 redemption = _price.redemptionPrice();
        require(redemption > 0, PoolClosed());
        return assets.mulDiv(RAY, redemption, Math.Rounding.Ceil);
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256 shares) public view returns (uint256) {
        return shares.mulDiv(_price.redemptionPrice(), RAY);
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address) external view returns (uint256) {
        return _isOpen() ? _shares.totalFree().mulDiv(_price.issuePrice(), RAY) : 0;
    }

    /// @inheritdoc IERC4626
    function maxMint(address) external view returns (uint256) {
        return _isOpen() ? _shares.totalFree() : 0;
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) external view returns (uint256) {
        return previewRedeem(balanceOf(owner)).min(_cash.total());
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) external view returns (uint256) {
        uint256 redemption = _price.redemptionPrice();
        return redemption == 0 ? 0 : balanceOf(owner).min(_cash.total().mulDiv(RAY, redemption));
    }

    /* VIEWS: THE POOL */

    /// @inheritdoc ILiquiditySource
    function market() external view returns (address) {
        return _MARKET;
    }

    /// @inheritdoc ILendingPool
    function prices() external view returns (uint256 issue, uint256 redemption) {
        VestingPrice.Price memory p = _price;
        return (p.issuePrice(), p.redemptionPrice());
    }

    /// @inheritdoc ILendingPool
    function price() external view returns (uint256, uint256, uint256, uint256, uint256, uint256) {
        VestingPrice.Price memory p = _price;
        return (p.base, p.unvested, p.impairment, p.since, p.duration, p.rolledAt);
    }

    /// @inheritdoc ILendingPool
    function laneOf(uint256 lane) external view returns (uint256, uint256, uint256) {
        return (_cash.lanes[lane].cash, _shares.lanes[lane].used, _shares.lanes[lane].free);
    }

    /// @inheritdoc ILendingPool
    function totalCash() external view returns (uint256) {
        return _cash.total();
    }

    /// @inheritdoc ILendingPool
    function supplyCap() external view returns (uint256, uint256) {
        return (_shares.cap, _shares.overhang);
    }

    /// @inheritdoc ILendingPool
    function reserve() external view returns (address, uint256) {
        return (_reserve.surplus, _reserve.reserveFactor);
    }

    /// @inheritdoc ILendingPool
    function custodian(uint256 lane) external view returns (address) {
        return Custody.custodianOf(address(this), lane);
    }

    /* INTERNAL */

    function _isOpen() private view returns (bool) {
        VestingPrice.Price memory p = _price;
        return p.redemptionPrice() > 0 && p.issuePrice() >= LEAST_PRICE;
    }

    /// @dev Returns the issue price.
    function _requireOpen() private view returns (uint256) {
        require(_isOpen(), PoolClosed());
        return _price.issuePrice();
    }

    /// @dev What those who redeemed at the impaired price left behind of the losses that threaten: it is for these losses
    /// alone. Less, never more, than they left: deposits in between count against it.
    function _absorbed(VestingPrice.Price memory p, uint256 shares) private view returns (uint256) {
        return uint256(_unrealised).saturatingSub(uint256(p.impairment).mulDiv(shares, RAY, Math.Rounding.Ceil));
    }

    function _issue(address receiver, uint256 assets, uint256 shares) private {
        require(shares > 0, ZeroAmount());
        _mintShares(receiver, shares);
        emit Deposit(msg.sender, receiver, assets, shares);
        _receive(Lanes.laneOf(receiver), msg.sender, assets);
    }

    function _mintShares(address receiver, uint256 shares) private {
        require(receiver != address(0), ERC20InvalidReceiver(address(0)));
        _shares.take(Lanes.laneOf(receiver), shares);
        _update(address(0), receiver, shares);
    }

    function _redeem(address owner, address receiver, uint256 assets, uint256 shares) private {
        require(assets > 0, ZeroAmount());
        require(receiver != address(0), ZeroAddress());
        if (msg.sender != owner) _spendAllowance(owner, msg.sender, shares);
        _update(owner, address(0), shares);
        uint256 lane = Lanes.laneOf(owner);
        _shares.release(lane, shares);
        emit Withdraw(msg.sender, receiver, owner, assets, shares);
        _cash.pay(_ASSET, lane, receiver, assets);
    }

    /// @dev What the surplus pays of a loss, where it covers this pool. Nothing there may hold up a liquidation.
    function _askSurplus(uint256 loss) private returns (uint256 borne) {
        address surplus = _reserve.surplus;
        if (surplus.code.length == 0) return 0;
        address holder = Custody.custodianOf(address(this), 0);
        uint256 before = _ASSET.balanceOf(holder);
        // solhint-disable-next-line no-empty-blocks
        try ISurplus(surplus).bearLoss(loss, holder) {} catch {}
        borne = (_ASSET.balanceOf(holder) - before).min(loss);
        if (borne > 0) _cash.add(0, borne);
    }

    /// @dev Takes exactly `assets` from `payer` into the custody of `lane`.
    function _receive(uint256 lane, address payer, uint256 assets) private {
        _cash.add(lane, assets);
        address holder = Custody.custodianOf(address(this), lane);
        uint256 before = _ASSET.balanceOf(holder);
        _ASSET.safeTransferFrom(payer, holder, assets);
        uint256 received = _ASSET.balanceOf(holder) - before;
        require(received == assets, InexactTransfer(received, assets));
    }

    /// @dev A transfer takes its shares along to the receiver's lane: a lane's shares are those of its holders.
    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (from != address(0) && to != address(0)) _shares.move(Lanes.laneOf(from), Lanes.laneOf(to), value);
    }

    function _setReserve(address surplus, uint256 reserveFactor) private {
        require(surplus != address(0), ZeroAddress());
        require(reserveFactor <= MAX_RESERVE_FACTOR, ReserveFactorTooHigh(reserveFactor, MAX_RESERVE_FACTOR));
        _reserve = Reserve({surplus: surplus, reserveFactor: uint64(reserveFactor)});
        emit ReserveSet(surplus, reserveFactor);
    }
}
