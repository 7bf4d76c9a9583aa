// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {INavOracle} from "../interfaces/INavOracle.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {LANES} from "../libraries/Lanes.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";

/// @title Lens
/// @notice Reads of many positions or of a whole market in one call, for keepers and apps. Holds nothing, writes nothing.
contract Lens {
    struct PositionView {
        address owner;
        uint256 collateral;
        /// In the loan token, at the NAV in force.
        uint256 collateralValue;
        uint256 debt;
        /// Wad.
        uint256 health;
        /// Seconds; not liquidatable before.
        uint256 coolOffUntil;
        /// Whether `liquidate` would pass now; then what it would take and give.
        bool liquidatable;
        LiquidationMath.Quote quote;
        uint256 seizable;
    }

    struct MarketView {
        address collateralToken;
        address loanToken;
        uint256 newDebtNav;
        uint256 liquidationNav;
        INavOracle.Status navStatus;
        uint256 borrowIndex;
        uint256 ratePerYear;
        uint256 totalDebt;
        uint256 totalCollateral;
        uint256 totalLoss;
        uint256 debtCap;
        uint256 freeDebtCap;
        bool newDebtPaused;
        bool lossNotCovered;
    }

    /// @notice The positions of `owners` under `termsId`.
    function positions(
        IMarket market,
        uint256 termsId,
        address[] calldata owners
    ) external view returns (PositionView[] memory views) {
        uint256 coolOff = market.parameters().coolOff;
        views = new PositionView[](owners.length);
        for (uint256 i = 0; i < owners.length; ++i) views[i] = _position(market, termsId, owners[i], coolOff);
    }

    /// @notice The market's totals, its NAV and what stops it.
    function marketOf(IMarket market) external view returns (MarketView memory v) {
        v.collateralToken = market.collateralToken();
        v.loanToken = market.loanToken();
        (v.newDebtNav, v.liquidationNav, v.navStatus) = INavOracle(market.oracle()).read();
        v.borrowIndex = market.borrowIndex();
        v.ratePerYear = market.accrual().ratePerYear;
        v.totalDebt = market.totalDebt();
        v.totalCollateral = market.totalCollateral();
        v.totalLoss = market.totalLoss();
        (v.debtCap, ) = market.debtCap();
        for (uint256 lane = 0; lane < LANES; ++lane) {
            (, uint256 freeCap, , ) = market.laneOf(lane);
            v.freeDebtCap += freeCap;
        }
        (v.newDebtPaused, v.lossNotCovered) = market.newDebtStops();
    }

    function _position(
        IMarket market,
        uint256 termsId,
        address owner,
        uint256 coolOff
    ) private view returns (PositionView memory v) {
        IMarket.Position memory position = market.positionOf(owner, termsId);
        v.owner = owner;
        v.collateral = position.collateral;
        v.collateralValue = market.collateralValue(position.collateral);
        v.debt = market.debtOf(owner, termsId);
        v.health = market.healthOf(owner, termsId);
        v.coolOffUntil = uint256(position.healthCheckedAt) + coolOff;
        try market.liquidationQuote(owner, termsId) returns (LiquidationMath.Quote memory quote, uint256 seized) {
            v.liquidatable = true;
            v.quote = quote;
            v.seizable = seized;
            // solhint-disable-next-line no-empty-blocks
        } catch {} // not liquidatable: the quote stays empty
    }
}
