// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {IEligibilityRegistry} from "./IEligibilityRegistry.sol";
import {IMarket} from "./IMarket.sol";
import {INavOracle} from "./INavOracle.sol";

/// @title ILens
/// @notice Reads of many positions or of whole markets in one call, for apps and keepers. No read fails as a whole because
/// a part does: where `ok` is false the fields after it are empty, and the rest stands.
interface ILens {
    struct PositionView {
        /// False: the market does not answer.
        bool ok;
        address market;
        uint256 termsId;
        address owner;
        uint256 collateral;
        uint256 debt;
        /// What threatens to be lost, as last assessed, in the loan token.
        uint256 impairment;
        /// Seconds; not liquidatable before.
        uint256 coolOffUntil;
        /// Whether the operator asked about may act for the owner.
        bool operatorAuthorised;
        /// As the market adopted them; empty for its own variable rate. Overdue: past maturity and grace.
        IMarket.AdoptedTerms terms;
        bool overdue;
        /// What the owner lets liquidators do sooner.
        IMarket.Consent consent;
        /// How far the resolution of a marked position is, when that ends, seconds, and what of its collateral is with the workout.
        IMarket.Phase phase;
        uint256 phaseUntil;
        uint256 inWorkout;
        /// False: there is no NAV, and what follows is empty.
        bool priced;
        /// In the loan token, at the NAV in force.
        uint256 collateralValue;
        /// Wad; the largest number without debt.
        uint256 health;
        /// The NAV below which the position is unhealthy; 0 without debt.
        uint256 liquidationNav;
        /// What may be borrowed more, to within a few units, and removed of the collateral, at the NAV for new debt; 0 with
        /// debt while that is not fresh, or overdue. The caps and pauses of the market come beside it.
        uint256 borrowable;
        uint256 removable;
        /// Whether `liquidate` would pass now; then what it would take and give.
        bool liquidatable;
        LiquidationMath.Quote quote;
        uint256 seizable;
    }

    struct NavView {
        bool ok;
        uint8 decimals;
        INavOracle.Status status;
        uint256 newDebtNav;
        uint256 liquidationNav;
        /// Of the accepted NAV, seconds.
        uint256 navDate;
        /// The pending NAV, 0 where there is none, and when a fall takes effect, seconds.
        uint256 pendingNav;
        uint256 pendingUntil;
        /// Seconds; from then on the NAV is stale, and expired.
        uint256 staleAt;
        uint256 expiresAt;
    }

    struct PoolView {
        /// False: loans are minted, not lent from a pool.
        bool ok;
        /// Ray: what a share costs, and what it brings.
        uint256 issuePrice;
        uint256 redemptionPrice;
        uint256 totalAssets;
        uint256 cash;
        uint256 totalShares;
        /// In shares.
        uint256 supplyCap;
        /// In assets: what may be deposited more.
        uint256 depositable;
        uint256 reserveFactor;
        /// What lenders come to earn of the rate as utilisation stands, per year, wad.
        uint256 supplyRatePerYear;
    }

    struct MarketView {
        bool ok;
        address market;
        address collateralToken;
        address loanToken;
        address source;
        address oracle;
        address registry;
        IMarket.Parameters parameters;
        uint256 borrowIndex;
        uint256 ratePerYear;
        /// Wad: what the rate was computed from, and what it is now.
        uint256 averageUtilisation;
        uint256 utilisation;
        /// Of the last checkpoint, seconds.
        uint256 checkpointAt;
        uint256 totalDebt;
        uint256 totalCollateral;
        uint256 totalLoss;
        /// In scaled debt: the cap, by how much use exceeds it, and what is free.
        uint256 debtCap;
        uint256 debtOverhang;
        uint256 freeDebtCap;
        /// The same of fixed debt, and what it owes of the total.
        uint256 fixedDebtCap;
        uint256 fixedDebtOverhang;
        uint256 freeFixedDebtCap;
        uint256 totalFixedDebt;
        /// What was minted beyond what is owed: a loss nobody covered.
        uint256 shortfall;
        bool newDebtPaused;
        bool lossNotCovered;
        /// Whether the collateral's agent paused it: nothing is added, removed or liquidated.
        bool collateralPaused;
        NavView nav;
        PoolView pool;
    }

    struct VaultView {
        bool ok;
        address vault;
        address asset;
        uint256 shares;
        /// What the shares bring now, and what of it can be withdrawn.
        uint256 assets;
        uint256 withdrawable;
        /// What may be deposited more, by anybody.
        uint256 depositable;
        /// Of a backstop: shares that queue for an exit, which `assets` leaves out, and their worth, since when they can be claimed, and what
        /// of them can be claimed now.
        uint256 queuedShares;
        uint256 queuedAssets;
        uint256 claimableFrom;
        uint256 claimableShares;
    }

    struct TokenView {
        bool ok;
        address token;
        uint256 balance;
        /// Of a permissioned token: what of the balance is frozen, and whether the account is.
        uint256 frozen;
        bool accountFrozen;
        /// One for each spender asked about.
        uint256[] allowances;
        /// For the next permit; 0 where the token has none.
        uint256 nonce;
    }

    struct StandingView {
        bool ok;
        /// Bits of `Standing`.
        uint256 standing;
        IEligibilityRegistry.Record record;
        IEligibilityRegistry.Request request;
    }

    /// @dev What to look at for an account.
    struct Query {
        /// Every market is asked under all terms.
        address[] markets;
        uint256[] termsIds;
        /// Pools, savings and backstops: whatever is an ERC-4626 vault.
        address[] vaults;
        address[] tokens;
        /// Whose allowances over the tokens are told; the shares of a vault are a token too.
        address[] spenders;
        /// Who may act for the account in the markets, such as a router; zero: nobody.
        address operator;
        /// Zero: none.
        address registry;
    }

    struct Portfolio {
        /// Of market 0 under all terms, then of market 1, and so on.
        PositionView[] positions;
        VaultView[] vaults;
        TokenView[] tokens;
        StandingView standing;
        /// Of the block read, seconds.
        uint256 timestamp;
        uint256 blockNumber;
    }

    /// @notice All that `account` has in what the query names.
    function portfolioOf(address account, Query calldata query) external view returns (Portfolio memory);

    /// @notice The markets' totals, rates, NAVs, pools, and what stops them.
    function marketsOf(address[] calldata markets) external view returns (MarketView[] memory);

    /// @notice One market.
    function marketOf(address market) external view returns (MarketView memory);

    /// @notice The positions of `owners` under `termsId`.
    function positions(
        address market,
        uint256 termsId,
        address[] calldata owners
    ) external view returns (PositionView[] memory);
}
