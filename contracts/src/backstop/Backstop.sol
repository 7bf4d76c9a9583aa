// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IBackstop} from "../interfaces/IBackstop.sol";
import {ICapitalPolicy} from "../interfaces/ICapitalPolicy.sol";

/// @title Backstop
/// @notice First-loss capital: losses that the surplus cannot bear lower the price of its shares. Entering and leaving is
/// rare, so it keeps plain totals rather than lanes.
///
/// The price follows the book `_held`, never the balance: a donation moves nothing. Premiums vest, so that entering
/// just before one gains nothing. Exits must be claimed within a window, else they queue again: whoever stood claimable
/// for good would bear no loss that he sees coming.
contract Backstop is IBackstop, ERC4626, AccessManaged {
    using SafeERC20 for IERC20;
    using SafeCast for uint256;

    struct Premium {
        uint128 amount;
        uint40 start;
        uint40 end;
    }

    address private immutable _SURPLUS;
    /// @dev Seconds in the queue, for claiming, and over which premiums vest.
    uint256 private immutable _DELAY;
    uint256 private immutable _CLAIM_WINDOW;
    uint256 private immutable _EPOCH;

    ICapitalPolicy private _policy;
    /// @dev Assets by the book, unvested premium included.
    uint256 private _held;
    Premium private _premium;
    /// @inheritdoc IBackstop
    uint256 public queuedShares;
    mapping(address owner => Exit) private _exits;

    modifier onlySurplus() {
        require(msg.sender == _SURPLUS, NotTheSurplus(msg.sender));
        _;
    }

    /// @param delay seconds an exit queues; @param claimWindow seconds it can be claimed then; @param epoch seconds over
    /// which a premium vests.
    constructor(
        address authority_,
        IERC20 stablecoin_,
        address surplus_,
        uint256 delay,
        uint256 claimWindow,
        uint256 epoch
    ) ERC20("Polder Backstop", "bpUSD") ERC4626(stablecoin_) AccessManaged(authority_) {
        require(address(stablecoin_) != address(0) && surplus_ != address(0), ZeroAddress());
        require(delay > 0 && claimWindow > 0 && epoch > 0, ZeroAmount());
        _SURPLUS = surplus_;
        _DELAY = delay;
        _CLAIM_WINDOW = claimWindow;
        _EPOCH = epoch;
    }

    /* QUEUE */

    /// @inheritdoc IBackstop
    function requestExit(uint256 shares) external {
        require(shares > 0, ZeroAmount());
        _transfer(msg.sender, address(this), shares);
        Exit storage exit = _exits[msg.sender];
        uint256 from = block.timestamp + _DELAY;
        exit.shares += shares.toUint128();
        exit.claimableFrom = from.toUint40();
        queuedShares += shares;
        if (address(_policy) != address(0)) _policy.requireCovered();
        emit ExitRequested(msg.sender, shares, from, from + _CLAIM_WINDOW);
    }

    /// @inheritdoc IBackstop
    function cancelExit() external {
        uint256 shares = _exits[msg.sender].shares;
        require(shares > 0, ZeroAmount());
        delete _exits[msg.sender];
        queuedShares -= shares;
        _transfer(address(this), msg.sender, shares);
        emit ExitCancelled(msg.sender, shares);
    }

    /* SURPLUS */

    /// @inheritdoc IBackstop
    function payPremium(uint256 assets) external onlySurplus {
        require(totalSupply() > 0, NoShares());
        uint256 amount = _unvested() + assets;
        uint256 end = block.timestamp + _EPOCH;
        _premium = Premium({amount: amount.toUint128(), start: uint40(block.timestamp), end: end.toUint40()});
        _held += assets;
        IERC20(asset()).safeTransferFrom(msg.sender, address(this), assets);
        emit PremiumPaid(assets, amount, end);
    }

    /// @inheritdoc IBackstop
    function drawLoss(uint256 assets) external onlySurplus returns (uint256 drawn) {
        drawn = Math.min(assets, _held);
        if (drawn == 0) return 0;
        uint256 unvested = _unvested();
        _premium.amount = (unvested - Math.min(unvested, drawn)).toUint128();
        _premium.start = uint40(block.timestamp);
        _held -= drawn;
        IERC20(asset()).safeTransfer(msg.sender, drawn);
        emit LossDrawn(drawn, capital());
    }

    /* GOVERNANCE */

    /// @inheritdoc IBackstop
    function setPolicy(address policy_) external restricted {
        require(policy_ != address(0), ZeroAddress());
        _policy = ICapitalPolicy(policy_);
        emit PolicySet(policy_);
    }

    /* VIEWS */

    /// @inheritdoc IBackstop
    function exitOf(address owner) external view returns (Exit memory) {
        return _exits[owner];
    }

    /// @inheritdoc IBackstop
    function policy() external view returns (address) {
        return address(_policy);
    }

    /// @inheritdoc IBackstop
    function capital() public view returns (uint256) {
        uint256 supply = totalSupply();
        return supply == 0 ? 0 : Math.mulDiv(totalAssets(), supply - queuedShares, supply);
    }

    /// @inheritdoc IERC4626
    function totalAssets() public view override(ERC4626, IERC4626) returns (uint256) {
        return _held - _unvested();
    }

    /// @inheritdoc IERC4626
    function maxDeposit(address) public view override(ERC4626, IERC4626) returns (uint256) {
        return _isClosed() ? 0 : type(uint256).max;
    }

    /// @inheritdoc IERC4626
    function maxMint(address) public view override(ERC4626, IERC4626) returns (uint256) {
        return _isClosed() ? 0 : type(uint256).max;
    }

    /// @inheritdoc IERC4626
    function maxRedeem(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        Exit memory exit = _exits[owner];
        bool open = block.timestamp >= exit.claimableFrom && block.timestamp < exit.claimableFrom + _CLAIM_WINDOW;
        return open ? exit.shares : 0;
    }

    /// @inheritdoc IERC4626
    function maxWithdraw(address owner) public view override(ERC4626, IERC4626) returns (uint256) {
        return _convertToAssets(maxRedeem(owner), Math.Rounding.Floor);
    }

    /* INTERNAL */

    function _deposit(address caller, address receiver, uint256 assets, uint256 shares) internal override {
        require(shares > 0, ZeroAmount());
        _held += assets;
        super._deposit(caller, receiver, assets, shares);
    }

    /// @dev Burns queued shares, which lie with this contract.
    function _withdraw(
        address caller,
        address receiver,
        address owner,
        uint256 assets,
        uint256 shares
    ) internal override {
        if (caller != owner) _spendAllowance(owner, caller, shares);
        _exits[owner].shares -= shares.toUint128();
        queuedShares -= shares;
        _held -= assets;
        _burn(address(this), shares);
        IERC20(asset()).safeTransfer(receiver, assets);
        emit Withdraw(caller, receiver, owner, assets, shares);
    }

    function _unvested() private view returns (uint256) {
        Premium memory p = _premium;
        if (block.timestamp >= p.end) return 0;
        return Math.mulDiv(p.amount, p.end - block.timestamp, p.end - p.start, Math.Rounding.Ceil);
    }

    /// @dev At a price of zero a deposit would belong to those whose capital was lost.
    function _isClosed() private view returns (bool) {
        return totalAssets() == 0 && totalSupply() > 0;
    }
}
