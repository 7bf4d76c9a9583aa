// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IBackstop} from "../interfaces/IBackstop.sol";
import {ICapitalPolicy} from "../interfaces/ICapitalPolicy.sol";
import {ILiquiditySource} from "../interfaces/ILiquiditySource.sol";
import {ISavingsVault} from "../interfaces/ISavingsVault.sol";
import {IStablecoin} from "../interfaces/IStablecoin.sol";
import {ISurplus} from "../interfaces/ISurplus.sol";
import {MintFacility} from "./MintFacility.sol";

/// @title Surplus
/// @notice Holds the protocol's own pUSD. Interest and fees are minted to it; it pays savers and backstop out of what the
/// capital policy does not need, and is the first to bear a facility's loss. There is no other way out, for governance
/// neither. Here the balance is the truth: what is given to it is the protocol's.
contract Surplus is ISurplus, AccessManaged, ReentrancyGuardTransient {
    using SafeCast for uint256;

    uint256 private constant BPS = 10_000;

    IStablecoin private immutable _STABLECOIN;

    ISavingsVault private _savings;
    IBackstop private _backstop;
    ICapitalPolicy private _policy;
    uint16 private _savingsBps;
    uint16 private _backstopBps;
    mapping(address pool => bool) private _coveredPools;

    /// @dev Who bears how much of a loss.
    struct Borne {
        uint256 own;
        uint256 fromBackstop;
        uint256 fromSavings;
        uint256 rest;
    }

    constructor(address authority_, IStablecoin stablecoin_) AccessManaged(authority_) {
        require(address(stablecoin_) != address(0), ZeroAddress());
        _STABLECOIN = stablecoin_;
    }

    /// @inheritdoc ISurplus
    /// @dev Paced by the vault, which takes no payment while the last one vests.
    function distribute() external nonReentrant returns (uint256 toSavings, uint256 toBackstop) {
        _requireConnected();
        uint256 balance = _STABLECOIN.balanceOf(address(this));
        uint256 payable_ = Math.min(balance, _policy.excess());
        toSavings = Math.mulDiv(payable_, _savingsBps, BPS);
        if (_backstop.totalSupply() > 0) toBackstop = Math.mulDiv(payable_, _backstopBps, BPS);

        _STABLECOIN.approve(address(_savings), toSavings);
        _savings.payYield(toSavings);
        if (toBackstop > 0) {
            _STABLECOIN.approve(address(_backstop), toBackstop);
            _backstop.payPremium(toBackstop);
        }
        emit Distributed(toSavings, toBackstop, balance - toSavings - toBackstop);
    }

    /// @inheritdoc ISurplus
    function coverLoss(address facility) external nonReentrant returns (uint256 covered) {
        _requireConnected();
        require(_STABLECOIN.statusOf(facility) != IStablecoin.FacilityStatus.None, UnknownFacility(facility));
        uint256 loss = MintFacility(facility).shortfall();
        require(loss > 0, NoShortfall(facility));

        Borne memory b = _gather(loss, true);
        covered = loss - b.rest;
        _STABLECOIN.approve(facility, covered);
        MintFacility(facility).recover(covered);
        emit LossCovered(facility, loss, b.own, b.fromBackstop, b.fromSavings, b.rest);
    }

    /// @inheritdoc ISurplus
    function bearLoss(uint256 loss, address receiver) external nonReentrant returns (uint256 borne) {
        _requireConnected();
        bool isFacility = _STABLECOIN.statusOf(msg.sender) != IStablecoin.FacilityStatus.None;
        require(isFacility || _coveredPools[msg.sender], NotCovered(msg.sender));
        Borne memory b = _gather(loss, isFacility);
        borne = loss - b.rest;
        if (borne > 0) _STABLECOIN.transfer(receiver, borne);
        emit LossCovered(msg.sender, loss, b.own, b.fromBackstop, b.fromSavings, b.rest);
    }

    /// @dev What each step of the waterfall gives, in their order, until `loss` is complete.
    function _gather(uint256 loss, bool saversToo) private returns (Borne memory b) {
        b.own = Math.min(loss, _STABLECOIN.balanceOf(address(this)));
        b.rest = loss - b.own;
        if (b.rest > 0) b.fromBackstop = _backstop.drawLoss(b.rest);
        b.rest -= b.fromBackstop;
        if (b.rest > 0 && saversToo) b.fromSavings = _savings.absorbLoss(b.rest);
        b.rest -= b.fromSavings;
    }

    /* GOVERNANCE */

    /// @inheritdoc ISurplus
    function setOutlets(address savings_, address backstop_, address policy_) external restricted {
        require(savings_ != address(0) && backstop_ != address(0) && policy_ != address(0), ZeroAddress());
        _savings = ISavingsVault(savings_);
        _backstop = IBackstop(backstop_);
        _policy = ICapitalPolicy(policy_);
        emit OutletsSet(savings_, backstop_, policy_);
    }

    /// @inheritdoc ISurplus
    function setShares(uint256 savingsBps, uint256 backstopBps) external restricted {
        require(savingsBps + backstopBps <= BPS, SharesAboveWhole(savingsBps + backstopBps));
        _savingsBps = savingsBps.toUint16();
        _backstopBps = backstopBps.toUint16();
        emit SharesSet(savingsBps, backstopBps);
    }

    /// @inheritdoc ISurplus
    function coverPool(address pool) external restricted {
        require(ILiquiditySource(pool).asset() == address(_STABLECOIN), NotCovered(pool));
        _coveredPools[pool] = true;
        emit PoolCoverSet(pool, true);
    }

    /// @inheritdoc ISurplus
    function uncoverPool(address pool) external restricted {
        _coveredPools[pool] = false;
        emit PoolCoverSet(pool, false);
    }

    /* VIEWS */

    /// @inheritdoc ISurplus
    function isCovered(address pool) external view returns (bool) {
        return _coveredPools[pool];
    }

    /// @inheritdoc ISurplus
    function outlets() external view returns (address, address, address) {
        return (address(_savings), address(_backstop), address(_policy));
    }

    /// @inheritdoc ISurplus
    function shares() external view returns (uint256, uint256) {
        return (_savingsBps, _backstopBps);
    }

    function _requireConnected() private view {
        require(address(_policy) != address(0), NotConnected());
    }
}
