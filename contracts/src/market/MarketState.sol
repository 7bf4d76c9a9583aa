// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IEligibilityRegistry} from "../interfaces/IEligibilityRegistry.sol";
import {ILiquiditySource} from "../interfaces/ILiquiditySource.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {INavOracle} from "../interfaces/INavOracle.sol";
import {IRateModel} from "../interfaces/IRateModel.sol";
import {ITermsRegistry} from "../interfaces/ITermsRegistry.sol";
import {LaneEscrow} from "../libraries/LaneEscrow.sol";
import {LANES} from "../libraries/Lanes.sol";
import {LinearDebt} from "../libraries/LinearDebt.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {TimeSum} from "../libraries/TimeSum.sol";

/// @dev All storage of a market. It is one struct so that the linked libraries, which hold what is not done every day, work on
/// it as the market does.
struct MarketState {
    mapping(address owner => mapping(uint256 termsId => IMarket.Position)) positions;
    /// The cap on variable debt, in escrow per lane, and the integral of what it is used for.
    LaneEscrow.Book variableDebt;
    TimeSum.Sum[LANES] variableTime;
    /// The cap on fixed debt, and what it owes.
    LaneEscrow.Book fixedDebt;
    LinearDebt.Lane[LANES] linearDebt;
    IMarket.LaneCustody[LANES] custody;
    IMarket.Accrual accrual;
    IMarket.RateState rate;
    IMarket.Stops stops;
    IMarket.Controls controls;
    mapping(uint256 termsId => IMarket.AdoptedTerms) terms;
    mapping(uint256 termsId => LaneEscrow.Book) termsDebt;
    mapping(address owner => mapping(uint256 termsId => uint256)) impairments;
    uint256 totalImpairment;
    mapping(address owner => mapping(uint256 termsId => IMarket.Consent)) consents;
    mapping(address owner => mapping(uint256 termsId => IMarket.Resolution)) resolutions;
    mapping(address buyer => bool) preferredBuyers;
    mapping(address owner => mapping(address operator => bool)) authorised;
    mapping(address owner => uint256) authorisationNonces;
    /// When the caps were last levelled, seconds: a slot of its own, which no user's path reads.
    uint256 rebalancedAt;
}

/// @dev What a market was made of and never changes: its immutables, as it hands them to the linked libraries.
struct MarketConfig {
    IERC20 collateral;
    ILiquiditySource source;
    INavOracle oracle;
    IEligibilityRegistry registry;
    ITermsRegistry termsRegistry;
    IRateModel rateModel;
    address workout;
    /// value = collateral * nav * valueUp / valueDown, in the loan token's smallest unit.
    uint256 valueUp;
    uint256 valueDown;
    /// `liquidation.lltv` is the one in force now, by the ramp.
    LiquidationMath.Terms liquidation;
    uint256 coolOff;
    uint256 saleWindow;
    uint256 auctionDuration;
    uint256 auctionStart;
    uint256 auctionEnd;
}
