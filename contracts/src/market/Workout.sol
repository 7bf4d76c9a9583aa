// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IERC7540Redeem} from "../interfaces/IERC7540.sol";
import {ILiquiditySource} from "../interfaces/ILiquiditySource.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IWorkout} from "../interfaces/IWorkout.sol";
import {RedemptionController} from "./RedemptionController.sol";

/// @title Workout
/// @notice Redeems the collateral of one market's positions in default with its issuer (ERC-7540). Holds collateral only
/// within a call, and no debt: the market counts what is in workout until its proceeds have come. Must be on record as a holder.
contract Workout is IWorkout, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    IMarket private immutable _MARKET;

    mapping(address controller => Redemption) private _redemptions;

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
    ) external nonReentrant restricted returns (address controller) {
        IERC20 collateral = IERC20(_MARKET.collateralToken());
        bool fits =
            IERC7540Redeem(desk).share() == address(collateral) && IERC7540Redeem(desk).asset() == _MARKET.loanToken();
        require(fits, WrongDesk(desk));

        _MARKET.startWorkout(owner, termsId, shares);
        controller = address(new RedemptionController(IERC7540Redeem(desk)));
        collateral.forceApprove(desk, shares);
        uint256 requestId = IERC7540Redeem(desk).requestRedeem(shares, controller, address(this));
        _redemptions[controller] = Redemption({
            desk: desk,
            abandoned: false,
            owner: owner,
            termsId: termsId,
            requestId: requestId,
            shares: shares
        });
        emit RedemptionRequested(controller, desk, owner, termsId, requestId, shares);
    }

    /// @inheritdoc IWorkout
    /// @dev Anybody may ask for the redemption of shares of his in favour of our controller. All that it may claim is claimed, but
    /// no more counts than is this redemption's: the rest is a gift to the position.
    function settle(address controller) external nonReentrant returns (uint256 assets, uint256 repaid) {
        Redemption memory redemption = _redemptions[controller];
        require(redemption.shares > 0, UnknownRedemption(controller));
        IERC7540Redeem desk = IERC7540Redeem(redemption.desk);
        uint256 claimable = desk.claimableRedeemRequest(redemption.requestId, controller);
        require(claimable > 0, NothingClaimable(controller));
        uint256 shares = Math.min(claimable, redemption.shares);
        _redemptions[controller].shares = redemption.shares - shares;

        IERC20 loanToken = IERC20(_MARKET.loanToken());
        uint256 before = loanToken.balanceOf(address(this));
        desk.redeem(desk.maxRedeem(controller), address(this), controller);
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
        emit RedemptionSettled(controller, owner, termsId, shares, assets, repaid);
    }

    /// @inheritdoc IWorkout
    function abandon(address controller) external nonReentrant restricted {
        Redemption storage redemption = _redemptions[controller];
        (address owner, uint256 termsId, uint256 shares) = (redemption.owner, redemption.termsId, redemption.shares);
        require(shares > 0 && !redemption.abandoned, UnknownRedemption(controller));
        redemption.abandoned = true;
        _MARKET.endWorkout(owner, termsId, shares);
        emit RedemptionAbandoned(controller, owner, termsId, shares);
    }

    /* VIEWS */

    /// @inheritdoc IWorkout
    function market() external view returns (address) {
        return address(_MARKET);
    }

    /// @inheritdoc IWorkout
    function redemptionOf(address controller) external view returns (Redemption memory) {
        return _redemptions[controller];
    }
}
