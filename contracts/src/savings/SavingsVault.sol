// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ISavingsVault} from "../interfaces/ISavingsVault.sol";
import {LaneStock} from "../libraries/LaneStock.sol";
import {LANES, Lanes} from "../libraries/Lanes.sol";
import {SignedLanes} from "../libraries/SignedLanes.sol";
import {LaneERC20} from "../token/LaneERC20.sol";
import {LaneTreasury} from "../token/LaneTreasury.sol";

/// @title SavingsVault
/// @notice ERC-4626 on pUSD without a slot that all savers write: shares, cash and the room for new shares lie in lanes,
/// and the price is a pure function of time, set when yield is paid.
///
/// A price that rises by itself must be paid for whoever comes in meanwhile. So a payment vests per share of a cap on
/// shares, `growth = (cash - shares * index) / cap`, and new shares come out of the room between shares and cap:
///   cash >= shares * index(t) for every t, by construction.
/// What vested on room that nobody filled is left over and vests with the next payment. The index stands still at the
/// moment of payment, so that depositing just before gains nothing.
///
/// Hot slots, of the owner's lane: `_shares.lanes`, `_room.lanes`, the treasury's; the owner's balance. Only read: `_vesting`.
contract SavingsVault is ISavingsVault, LaneERC20, LaneTreasury, AccessManaged, ReentrancyGuardTransient {
    using LaneStock for LaneStock.Book;
    using SignedLanes for SignedLanes.Book;
    using SafeCast for uint256;
    using SafeCast for int256;

    uint256 private constant RAY = 1e27;
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_HEADROOM_BPS = 100 * BPS;

    address private immutable _SURPLUS;
    /// @dev Seconds over which a payment vests.
    uint256 private immutable _EPOCH;

    Vesting private _vesting;
    uint128 private _minShareCap;
    uint32 private _headroomBps;
    SignedLanes.Book private _shares;
    LaneStock.Book private _room;

    modifier onlySurplus() {
        require(msg.sender == _SURPLUS, NotTheSurplus(msg.sender));
        _;
    }

    /// @param epoch seconds over which a payment vests.
    constructor(
        address authority_,
        IERC20 stablecoin_,
        address surplus_,
        uint256 epoch,
        uint256 minShareCap,
        uint256 headroomBps
    ) LaneERC20("Polder Savings USD", "sPUSD", 18) LaneTreasury(stablecoin_) AccessManaged(authority_) {
        require(address(stablecoin_) != address(0) && surplus_ != address(0), ZeroAddress());
        require(epoch > 0, ZeroAmount());
        _SURPLUS = surplus_;
        _EPOCH = epoch;
        _vesting = Vesting({
            index: uint128(RAY),
            growth: 0,
            start: uint40(block.timestamp),
            end: uint40(block.timestamp)
        });
        _setShareCap(minShareCap, headroomBps);
        _room.level(_never(), minShareCap);
    }

    /* SAVERS */

    /// @inheritdoc IERC4626
    function deposit(uint256 assets, address receiver) external nonReentrant returns (uint256 shares) {
        shares = previewDeposit(assets);
        _deposit(assets, shares, receiver);
    }

    /// @inheritdoc IERC4626
    function mint(uint256 shares, address receiver) external nonReentrant returns (uint256 assets) {
        assets = previewMint(shares);
        _deposit(assets, shares, receiver);
    }

    /// @inheritdoc IERC4626
    function withdraw(uint256 assets, address receiver, address owner) external nonReentrant returns (uint256 shares) {
        shares = previewWithdraw(assets);
        _withdraw(assets, shares, receiver, owner);
    }

    /// @inheritdoc IERC4626
    function redeem(uint256 shares, address receiver, address owner) external nonReentrant returns (uint256 assets) {
        assets = previewRedeem(shares);
        _withdraw(assets, shares, receiver, owner);
    }

    /* SURPLUS */

    /// @inheritdoc ISavingsVault
    function payYield(uint256 assets) external nonReentrant onlySurplus {
        require(block.timestamp >= _vesting.end, StillVesting(_vesting.end));
        uint256 current = index();
        require(current > 0, Closed());
        for (uint256 lane = 0; lane < LANES; ++lane) {
            uint256 part = assets / LANES + (lane < assets % LANES ? 1 : 0);
            if (part > 0) _receive(lane, msg.sender, part);
        }
        uint256 shares = totalSupply();
        uint256 cap = Math.max(_minShareCap, shares + Math.mulDiv(shares, _headroomBps, BPS));
        _room.level(_never(), cap - shares);
        uint256 end = block.timestamp + _EPOCH;
        uint256 budget = _vest(current, shares, cap, end);
        emit YieldPaid(assets, budget, _vesting.growth, cap, end);
    }

    /// @inheritdoc ISavingsVault
    function absorbLoss(uint256 assets) external nonReentrant onlySurplus returns (uint256 drawn) {
        uint256 cash = _totalCash();
        drawn = Math.min(assets, cash);
        if (drawn == 0) return 0;
        uint256 shares = totalSupply();
        uint256 current = index();
        uint256 left = cash - drawn;
        if (_owed(shares, current) > left) current = Math.mulDiv(left, RAY, shares);
        _pay(Lanes.laneOf(msg.sender), msg.sender, drawn);
        _vest(current, shares, shares + _room.sum(_never()), Math.max(_vesting.end, block.timestamp));
        emit LossAbsorbed(drawn, current);
    }

    /* GOVERNANCE */

    /// @inheritdoc ISavingsVault
    function setShareCap(uint256 minShareCap, uint256 headroomBps) external restricted {
        _setShareCap(minShareCap, headroomBps);
    }

    /* VIEWS */

    /// @inheritdoc ISavingsVault
    function index() public view returns (uint256) {
        Vesting memory v = _vesting;
        if (block.timestamp >= v.end) return uint256(v.index) + v.growth;
        return v.index + (uint256(v.growth) * (block.timestamp - v.start)) / (v.end - v.start);
    }

    /// @inheritdoc ISavingsVault
    function vesting() external view returns (Vesting memory) {
        return _vesting;
    }

    /// @inheritdoc ISavingsVault
    function nextPaymentAt() external view returns (uint256) {
        return _vesting.end;
    }

    /// @inheritdoc IERC4626
    function asset() external view returns (address) {
        return address(_HELD);
    }

    /// @inheritdoc IERC20
    /// @dev Reads 33 slots: for people and indexers, never called on a hot path.
    function totalSupply() public view returns (uint256) {
        return _shares.sum().toUint256();
    }

    /// @inheritdoc IERC4626
    /// @dev What the shares are worth now; the cash that still vests is not in it.
    function totalAssets() external view returns (uint256) {
        return convertToAssets(totalSupply());
    }

    /// @inheritdoc IERC4626
    function convertToShares(uint256 assets) public view returns (uint256) {
        uint256 current = index();
        return current == 0 ? 0 : Math.mulDiv(assets, RAY, current);
    }

    /// @inheritdoc IERC4626
    function convertToAssets(uint256 shares) public view returns (uint256) {
        return Math.mulDiv(shares, index(), RAY);
    }

    /// @inheritdoc IERC4626
    function previewDeposit(uint256 assets) public view returns (uint256) {
        return convertToShares(assets);
    }

    /// @inheritdoc IERC4626
    function previewMint(uint256 shares) public view returns (uint256) {
        return _owed(shares, index());
    }

    /// @inheritdoc IERC4626
    function previewWithdraw(uint256 assets) public view returns (uint256) {
        uint256 current = index();
        return current == 0 ? 0 : Math.mulDiv(assets, RAY, current, Math.Rounding.Ceil);
    }

    /// @inheritdoc IERC4626
    function previewRedeem(uint256 shares) public view returns (uint256) {
        return convertToAssets(shares);
    }

    /// @inheritdoc IERC4626
    /// @dev Reads 32 slots.
    function maxDeposit(address receiver) external view returns (uint256) {
        return convertToAssets(maxMint(receiver));
    }

    /// @inheritdoc IERC4626
    /// @dev Reads 32 slots.
    function maxMint(address) public view returns (uint256) {
        return index() == 0 ? 0 : _room.sum(_never());
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) external view returns (uint256) {
        return convertToAssets(balanceOf(owner));
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) external view returns (uint256) {
        return balanceOf(owner);
    }

    /* INTERNAL */

    function _deposit(uint256 assets, uint256 shares, address receiver) private {
        require(index() > 0, Closed());
        require(shares > 0 && assets > 0, ZeroAmount());
        uint256 lane = Lanes.laneOf(receiver);
        _room.take(_never(), lane, shares, "share cap");
        _receive(lane, msg.sender, assets);
        _mint(_shares, lane, receiver, shares);
        emit Deposit(msg.sender, receiver, assets, shares);
    }

    /// @dev In the owner's lane, where his shares may not have entered: shares are transferable, lanes are signed.
    function _withdraw(uint256 assets, uint256 shares, address receiver, address owner) private {
        require(shares > 0 && assets > 0, ZeroAmount());
        if (msg.sender != owner) _spendAllowance(owner, msg.sender, shares);
        uint256 lane = Lanes.laneOf(owner);
        _burn(_shares, lane, owner, shares);
        _room.put(_never(), lane, shares);
        _pay(lane, receiver, assets);
        emit Withdraw(msg.sender, receiver, owner, assets, shares);
    }

    /// @dev Lets what the cash exceeds the shares' worth by vest from now to `end`, per share of `cap`.
    function _vest(uint256 current, uint256 shares, uint256 cap, uint256 end) private returns (uint256 budget) {
        budget = _totalCash() - _owed(shares, current);
        uint256 growth = cap == 0 || end == block.timestamp ? 0 : Math.mulDiv(budget, RAY, cap);
        _vesting = Vesting({
            index: current.toUint128(),
            growth: growth.toUint128(),
            start: uint40(block.timestamp),
            end: end.toUint40()
        });
    }

    function _setShareCap(uint256 minShareCap, uint256 headroomBps) private {
        // Below one whole share the growth of the index could leave its field.
        require(minShareCap >= 1e18 && headroomBps <= MAX_HEADROOM_BPS, InvalidShareCap());
        _minShareCap = minShareCap.toUint128();
        _headroomBps = headroomBps.toUint32();
        emit ShareCapSettingsSet(minShareCap, headroomBps);
    }

    /// @dev Assets that `shares` stand for, rounded up.
    function _owed(uint256 shares, uint256 current) private pure returns (uint256) {
        return Math.mulDiv(shares, current, RAY, Math.Rounding.Ceil);
    }
}
