// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBackstop} from "../interfaces/IBackstop.sol";
import {IEligibilityRegistry} from "../interfaces/IEligibilityRegistry.sol";
import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {ILens} from "../interfaces/ILens.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {INavOracle} from "../interfaces/INavOracle.sol";
import {IRwaToken} from "../interfaces/IRwaToken.sol";
import {INDEX_ONE, WAD} from "../libraries/IndexMath.sol";
import {LANES} from "../libraries/Lanes.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {MintFacility} from "../stablecoin/MintFacility.sol";
import {MarketReads} from "./MarketReads.sol";

/// @title Lens
/// @notice Reads for apps and keepers. Holds nothing, writes nothing. Each part is read by a call of this contract to
/// itself, so that one which fails leaves the others standing.
contract Lens is ILens {
    using Math for uint256;
    using MarketReads for IMarket;
    using MarketReads for MarketReads.Scale;

    /* WHOLE PAGES */

    /// @inheritdoc ILens
    function portfolioOf(address account, Query calldata query) external view returns (Portfolio memory p) {
        uint256 terms = query.termsIds.length;
        p.positions = new PositionView[](query.markets.length * terms);
        for (uint256 i = 0; i < p.positions.length; ++i) {
            p.positions[i] = _position(query.markets[i / terms], query.termsIds[i % terms], account, query.operator);
        }
        p.vaults = new VaultView[](query.vaults.length);
        for (uint256 i = 0; i < p.vaults.length; ++i) {
            try this.vaultOf(IERC4626(query.vaults[i]), account) returns (VaultView memory v) {
                p.vaults[i] = v;
            } catch {
                p.vaults[i].vault = query.vaults[i];
            }
        }
        p.tokens = new TokenView[](query.tokens.length);
        for (uint256 i = 0; i < p.tokens.length; ++i) {
            try this.tokenOf(query.tokens[i], account, query.spenders) returns (TokenView memory v) {
                p.tokens[i] = v;
            } catch {
                p.tokens[i].token = query.tokens[i];
            }
        }
        try this.standingOf(IEligibilityRegistry(query.registry), account) returns (StandingView memory v) {
            p.standing = v;
            // solhint-disable-next-line no-empty-blocks
        } catch {} // none, or none that answers
        (p.timestamp, p.blockNumber) = (block.timestamp, block.number);
    }

    /// @inheritdoc ILens
    function marketsOf(address[] calldata markets) external view returns (MarketView[] memory views) {
        views = new MarketView[](markets.length);
        for (uint256 i = 0; i < markets.length; ++i) views[i] = marketOf(markets[i]);
    }

    /// @inheritdoc ILens
    function marketOf(address market) public view returns (MarketView memory v) {
        try this.totalsOf(IMarket(market)) returns (MarketView memory totals) {
            v = totals;
        } catch {
            v.market = market;
            return v;
        }
        try this.pausedOf(IRwaToken(v.collateralToken)) returns (bool paused) {
            v.collateralPaused = paused;
            // solhint-disable-next-line no-empty-blocks
        } catch {} // a token that cannot be paused
        try this.navOf(INavOracle(v.oracle)) returns (NavView memory nav) {
            v.nav = nav;
            // solhint-disable-next-line no-empty-blocks
        } catch {}
        if (MarketReads.isPooled(v.source)) {
            try this.poolOf(ILendingPool(v.source), v.ratePerYear, v.utilisation) returns (PoolView memory pool) {
                v.pool = pool;
                // solhint-disable-next-line no-empty-blocks
            } catch {}
        } else {
            try MintFacility(v.source).shortfall() returns (uint256 shortfall) {
                v.shortfall = shortfall;
                // solhint-disable-next-line no-empty-blocks
            } catch {}
        }
    }

    /// @inheritdoc ILens
    function positions(
        address market,
        uint256 termsId,
        address[] calldata owners
    ) external view returns (PositionView[] memory views) {
        views = new PositionView[](owners.length);
        for (uint256 i = 0; i < owners.length; ++i) views[i] = _position(market, termsId, owners[i], address(0));
    }

    /* PARTS: each fails where what it reads does */

    /// @notice A market without its NAV and its pool.
    function totalsOf(IMarket market) external view returns (MarketView memory v) {
        v.market = address(market);
        v.collateralToken = market.collateralToken();
        v.loanToken = market.loanToken();
        v.source = market.source();
        v.oracle = market.oracle();
        v.registry = market.registry();
        v.parameters = market.parameters();
        v.borrowIndex = market.borrowIndex();
        IMarket.Accrual memory accrual = market.accrual();
        (v.ratePerYear, v.checkpointAt) = (accrual.ratePerYear, accrual.timestamp);
        v.averageUtilisation = market.rateState().utilisation;
        v.utilisation = market.utilisation();
        v.totalDebt = market.totalDebt();
        v.totalCollateral = market.totalCollateral();
        v.totalLoss = market.totalLoss();
        (v.debtCap, v.debtOverhang) = market.debtCap();
        for (uint256 lane = 0; lane < LANES; ++lane) {
            (, uint256 free, , ) = market.laneOf(lane);
            (, uint256 freeFixed, ) = market.fixedLaneOf(lane);
            (v.freeDebtCap, v.freeFixedDebtCap) = (v.freeDebtCap + free, v.freeFixedDebtCap + freeFixed);
        }
        (v.fixedDebtCap, v.fixedDebtOverhang) = market.fixedDebtCap();
        v.totalFixedDebt = market.totalFixedDebt();
        (v.newDebtPaused, v.lossNotCovered) = market.newDebtStops();
        v.ok = true;
    }

    /// @notice A NAV with what is pending and how long it lasts.
    function navOf(INavOracle oracle) external view returns (NavView memory v) {
        (v.newDebtNav, v.liquidationNav, v.status) = oracle.read();
        v.decimals = oracle.decimals();
        INavOracle.Settings memory settings = oracle.settings();
        INavOracle.Valuation memory accepted = oracle.accepted();
        INavOracle.Valuation memory pending = oracle.pending();
        v.navDate = accepted.navDate;
        v.pendingNav = pending.nav;
        if (pending.nav > 0 && pending.nav < accepted.nav) {
            v.pendingUntil = uint256(pending.since) + settings.pendingDelay;
        }
        v.staleAt = v.navDate + settings.staleAfter;
        v.expiresAt = v.navDate + settings.expiredAfter;
        v.ok = true;
    }

    /// @notice A pool, with what its lenders come to earn of `ratePerYear` at `utilisation`, both wad.
    function poolOf(
        ILendingPool pool,
        uint256 ratePerYear,
        uint256 utilisation
    ) external view returns (PoolView memory v) {
        (v.issuePrice, v.redemptionPrice) = pool.prices();
        v.totalAssets = pool.totalAssets();
        v.cash = pool.totalCash();
        v.totalShares = pool.totalSupply();
        (v.supplyCap, ) = pool.supplyCap();
        v.depositable = pool.maxDeposit(address(0));
        (, v.reserveFactor) = pool.reserve();
        v.supplyRatePerYear = ratePerYear.mulDiv(utilisation, WAD).mulDiv(WAD - v.reserveFactor, WAD);
        v.ok = true;
    }

    /// @notice Whether a permissioned token is paused.
    function pausedOf(IRwaToken token) external view returns (bool) {
        return token.paused();
    }

    /// @notice A position without what needs a price.
    function accountOf(
        IMarket market,
        uint256 termsId,
        address owner,
        address operator
    ) external view returns (PositionView memory v) {
        IMarket.Position memory position = market.positionOf(owner, termsId);
        (v.market, v.termsId, v.owner) = (address(market), termsId, owner);
        v.collateral = position.collateral;
        v.debt = market.debtOf(owner, termsId);
        v.impairment = market.impairmentOf(owner, termsId);
        v.coolOffUntil = uint256(position.healthCheckedAt) + market.parameters().coolOff;
        v.operatorAuthorised = operator != address(0) && market.isAuthorised(owner, operator);
        v.terms = market.termsOf(termsId);
        v.overdue = v.terms.fixedRate && block.timestamp >= uint256(v.terms.maturity) + v.terms.gracePeriod;
        v.consent = market.consentOf(owner, termsId);
        IMarket.Resolution memory resolution;
        (v.phase, v.phaseUntil, resolution) = market.resolutionOf(owner, termsId);
        v.inWorkout = resolution.inWorkout;
        if (v.debt == 0) (v.removable, v.health) = (v.collateral, type(uint256).max);
        v.ok = true;
    }

    /// @notice The same position with its prices.
    function priced(PositionView memory v) external view returns (PositionView memory) {
        IMarket market = IMarket(v.market);
        MarketReads.Scale memory scale = market.scaleOf();
        IMarket.Parameters memory parameters = market.parameters();
        (uint256 newDebtNav, uint256 nav, INavOracle.Status status) = INavOracle(market.oracle()).read();
        uint256 lltv = parameters.liquidation.lltv;
        v.collateralValue = scale.valueAt(v.collateral, nav);
        v.health = LiquidationMath.health(v.collateralValue, v.debt, lltv);
        v.liquidationNav = scale.leastHealthyNav(v.collateral, v.debt, lltv);
        if (status == INavOracle.Status.Fresh) {
            uint256 limit = scale.valueAt(v.collateral, newDebtNav).mulDiv(parameters.maxLtv, WAD);
            if (v.termsId == 0 || v.terms.start > 0) {
                // Debt is rounded up twice when it is taken on.
                uint256 rounding = market.indexOf(v.termsId) / INDEX_ONE + 2;
                v.borrowable = limit.saturatingSub(v.debt + rounding);
            }
            if (v.debt > 0 && !v.overdue) {
                uint256 needed = scale.leastHealthyCollateral(newDebtNav, v.debt, parameters.maxLtv);
                v.removable = v.collateral.saturatingSub(needed);
            }
        }
        v.priced = nav > 0;
        try market.liquidationQuote(v.owner, v.termsId) returns (LiquidationMath.Quote memory quote, uint256 seized) {
            (v.liquidatable, v.quote, v.seizable) = (true, quote, seized);
            // solhint-disable-next-line no-empty-blocks
        } catch {} // not liquidatable: the quote stays empty
        return v;
    }

    /// @notice An account in a vault. A backstop's queue is told too.
    function vaultOf(IERC4626 vault, address account) external view returns (VaultView memory v) {
        v.vault = address(vault);
        v.asset = vault.asset();
        v.shares = vault.balanceOf(account);
        v.assets = vault.convertToAssets(v.shares);
        v.withdrawable = vault.maxWithdraw(account);
        v.depositable = vault.maxDeposit(account);
        try this.exitOf(IBackstop(address(vault)), account) returns (IBackstop.Exit memory exit) {
            (v.queuedShares, v.claimableFrom) = (exit.shares, exit.claimableFrom);
            v.queuedAssets = vault.convertToAssets(exit.shares);
            v.claimableShares = vault.maxRedeem(account);
            // solhint-disable-next-line no-empty-blocks
        } catch {} // no backstop
        v.ok = true;
    }

    /// @notice The queue of a backstop.
    function exitOf(IBackstop backstop, address account) external view returns (IBackstop.Exit memory) {
        return backstop.exitOf(account);
    }

    /// @notice An account's balance of a token, its allowances and, where the token is permissioned, its freezes.
    function tokenOf(
        address token,
        address account,
        address[] calldata spenders
    ) external view returns (TokenView memory v) {
        v.token = token;
        v.balance = IERC20(token).balanceOf(account);
        v.allowances = new uint256[](spenders.length);
        for (uint256 i = 0; i < spenders.length; ++i) {
            v.allowances[i] = IERC20(token).allowance(account, spenders[i]);
        }
        try this.freezeOf(IRwaToken(token), account) returns (uint256 frozen, bool accountFrozen) {
            (v.frozen, v.accountFrozen) = (frozen, accountFrozen);
            // solhint-disable-next-line no-empty-blocks
        } catch {} // not permissioned
        try this.nonceOf(IERC20Permit(token), account) returns (uint256 nonce) {
            v.nonce = nonce;
            // solhint-disable-next-line no-empty-blocks
        } catch {} // no permits
        v.ok = true;
    }

    /// @notice What of an account is frozen in a permissioned token.
    function freezeOf(IRwaToken token, address account) external view returns (uint256 frozen, bool accountFrozen) {
        return (token.getFrozenTokens(account), token.isFrozen(account));
    }

    /// @notice The nonce of an account's next permit.
    function nonceOf(IERC20Permit token, address account) external view returns (uint256) {
        return token.nonces(account);
    }

    /// @notice What a registry has on an account.
    function standingOf(IEligibilityRegistry registry, address account) external view returns (StandingView memory v) {
        (v.standing, ) = registry.standingOf(account);
        v.record = registry.recordOf(account);
        v.request = registry.requestOf(account);
        v.ok = true;
    }

    /* INTERNAL */

    function _position(
        address market,
        uint256 termsId,
        address owner,
        address operator
    ) private view returns (PositionView memory v) {
        try this.accountOf(IMarket(market), termsId, owner, operator) returns (PositionView memory account) {
            v = account;
        } catch {
            (v.market, v.termsId, v.owner) = (market, termsId, owner);
            return v;
        }
        try this.priced(v) returns (PositionView memory withPrices) {
            v = withPrices;
            // solhint-disable-next-line no-empty-blocks
        } catch {} // no price: the rest stands
    }
}
