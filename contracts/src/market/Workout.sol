// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ILiquiditySource} from "../interfaces/ILiquiditySource.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IERC7540Redeem, IWorkout} from "../interfaces/IWorkout.sol";

/// @title Workout
/// @notice Redeems the collateral of one market's positions in default with its issuer (ERC-7540). Holds collateral only
/// within a call, and no debt: the market counts what is in workout until its proceeds have come. Must be on record as a holder.
contract Workout is IWorkout, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    IMarket private immutable _MARKET;

    mapping(address desk => mapping(uint256 requestId => Redemption)) private _redemptions;

    /// @param market_ the market, which is deployed after this: its address is computed beforehand.
    constructor(address authority_, IMarket market_) AccessManaged(authority_) {
        _MARKET = market_;
    }

    /// @inheritdoc IWorkout
    function redeem(
        address desk,
        address owner,
        uint256 termsId,
        uint256 shares
    ) external nonReentrant restricted returns (uint256 requestId) {
        IERC20 collateral = IERC20(_MARKET.collateralToken());
        bool fits =
            IERC7540Redeem(desk).share() == address(collateral) && IERC7540Redeem(desk).asset() == _MARKET.loanToken();
        require(fits, WrongDesk(desk));

        _MARKET.startWorkout(owner, termsId, shares);
        collateral.forceApprove(desk, shares);
        requestId = IERC7540Redeem(desk).requestRedeem(shares, address(this), address(this));
        // Requests may be added up under one number, but not those of two positions.
        require(_redemptions[desk][requestId].owner == address(0), WrongDesk(desk));
        _redemptions[desk][requestId] = Redemption({
            owner: owner,
            termsId: termsId,
            shares: uint128(shares),
            abandoned: false
        });
        emit RedemptionRequested(desk, requestId, owner, termsId, shares);
    }

    /// @inheritdoc IWorkout
    function settle(address desk, uint256 requestId) external nonReentrant returns (uint256 assets, uint256 repaid) {
        Redemption memory redemption = _known(desk, requestId);
        uint256 shares = IERC7540Redeem(desk).claimableRedeemRequest(requestId, address(this));
        require(shares > 0 && shares <= redemption.shares, NothingClaimable(desk, requestId));
        redemption.shares -= uint128(shares);
        if (redemption.shares == 0) delete _redemptions[desk][requestId];
        else _redemptions[desk][requestId] = redemption;

        IERC20 loanToken = IERC20(_MARKET.loanToken());
        uint256 before = loanToken.balanceOf(address(this));
        IERC7540Redeem(desk).redeem(shares, address(this), address(this));
        assets = loanToken.balanceOf(address(this)) - before;

        (address owner, uint256 termsId) = (redemption.owner, redemption.termsId);
        address source = _MARKET.source();
        loanToken.forceApprove(source, assets);
        if (redemption.abandoned) {
            // What was owed was written off: this is a recovery.
            if (assets > 0) ILiquiditySource(source).recover(assets);
        } else {
            _MARKET.endWorkout(owner, termsId, shares);
            if (assets > 0 && _MARKET.debtOf(owner, termsId) > 0) repaid = _MARKET.repay(owner, termsId, assets);
            loanToken.safeTransfer(owner, assets - repaid);
        }
        emit RedemptionSettled(desk, requestId, owner, termsId, shares, assets, repaid);
    }

    /// @inheritdoc IWorkout
    function abandon(address desk, uint256 requestId) external nonReentrant restricted {
        Redemption storage redemption = _redemptions[desk][requestId];
        (address owner, uint256 termsId, uint256 shares) = (redemption.owner, redemption.termsId, redemption.shares);
        require(owner != address(0) && !redemption.abandoned, UnknownRedemption(desk, requestId));
        redemption.abandoned = true;
        _MARKET.endWorkout(owner, termsId, shares);
        emit RedemptionAbandoned(desk, requestId, owner, termsId, shares);
    }

    /* VIEWS */

    /// @inheritdoc IWorkout
    function market() external view returns (address) {
        return address(_MARKET);
    }

    /// @inheritdoc IWorkout
    function redemptionOf(address desk, uint256 requestId) external view returns (Redemption memory) {
        return _redemptions[desk][requestId];
    }

    function _known(address desk, uint256 requestId) private view returns (Redemption memory redemption) {
        redemption = _redemptions[desk][requestId];
        require(redemption.owner != address(0), UnknownRedemption(desk, requestId));
    }
}
