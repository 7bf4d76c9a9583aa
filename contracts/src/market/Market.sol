// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IEligibilityRegistry} from "../interfaces/IEligibilityRegistry.sol";
import {ILiquiditySource} from "../interfaces/ILiquiditySource.sol";
import {ILiquidationCallback, IMarket} from "../interfaces/IMarket.sol";
import {INavOracle} from "../interfaces/INavOracle.sol";
import {IRateModel} from "../interfaces/IRateModel.sol";
import {Custody} from "../libraries/Custody.sol";
import {IndexMath, WAD} from "../libraries/IndexMath.sol";
import {LaneEscrow} from "../libraries/LaneEscrow.sol";
import {LANES, Lanes} from "../libraries/Lanes.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {Standing} from "../libraries/Standing.sol";
import {TimeSum} from "../libraries/TimeSum.sol";
import {Custodian} from "./Custodian.sol";

/// @title Market
/// @notice Lends one stablecoin against one real-world asset.
///
/// Hot slots, all by owner or by the owner's lane:
///   `_positions[owner][termsId]`  collateral, scaled debt, time of the last health check
///   `_debt.lanes[lane]`           scaled debt and free debt cap
///   `_debtTime[lane]`             the integral of scaled debt over time
///   `_custody[lane]`              collateral and losses
///   outside: the custodian's and the owner's token balances, the stablecoin's supply lane
/// Read by everybody and written by nobody on a user's path: `_accrual` and `_rate` (checkpoint), `_debt.cap` and
/// `_stops` (governance; a loss sets a flag), the oracle, the registry. Accruing interest writes nothing. The lock is transient.
contract Market is IMarket, AccessManaged, ReentrancyGuardTransient {
    using IndexMath for uint256;
    using LaneEscrow for LaneEscrow.Book;
    using SafeCast for uint256;
    using SafeERC20 for IERC20Metadata;
    using Standing for uint256;
    using TimeSum for TimeSum.Sum;

    /// @dev What the market is made of.
    struct Setup {
        address authority;
        IERC20Metadata collateralToken;
        ILiquiditySource source;
        INavOracle oracle;
        IEligibilityRegistry registry;
        IRateModel rateModel;
        /// Rate at the target utilisation, and the rate until the first checkpoint.
        uint64 initialRatePerYear;
        Parameters parameters;
    }

    struct Stops {
        bool newDebtPaused;
        bool lossNotCovered;
    }

    /// @dev The variable rate. Positions are keyed by terms so that fixed ones come beside it.
    uint256 private constant VARIABLE = 0;
    /// @dev 200% a year: at this rate the exponential is defined for 67 years without a checkpoint.
    uint256 private constant MAX_RATE_PER_YEAR = 2e18;
    /// @dev Utilisation is an average over at least this time, so that two checkpoints around a moment show hardly any of it.
    uint256 private constant AVERAGING_WINDOW = 1 hours;

    IERC20Metadata private immutable _COLLATERAL;
    ILiquiditySource private immutable _SOURCE;
    address private immutable _LOAN_TOKEN;
    INavOracle private immutable _ORACLE;
    IEligibilityRegistry private immutable _REGISTRY;
    IRateModel private immutable _RATE_MODEL;

    /// @dev value = collateral * nav * _VALUE_UP / _VALUE_DOWN, in the loan token's smallest unit.
    uint256 private immutable _VALUE_UP;
    uint256 private immutable _VALUE_DOWN;

    uint256 private immutable _MAX_LTV;
    uint256 private immutable _LLTV;
    uint256 private immutable _TARGET_HEALTH;
    uint256 private immutable _MIN_BONUS;
    uint256 private immutable _MAX_BONUS;
    uint256 private immutable _HEALTH_FOR_MAX_BONUS;
    uint256 private immutable _MIN_DEBT;
    uint256 private immutable _COOL_OFF;

    mapping(address owner => mapping(uint256 termsId => Position)) private _positions;
    LaneEscrow.Book private _debt;
    TimeSum.Sum[LANES] private _debtTime;
    LaneCustody[LANES] private _custody;
    Accrual private _accrual;
    RateState private _rate;
    Stops private _stops;
    mapping(address owner => mapping(uint256 termsId => uint256)) private _impairments;
    uint256 private _totalImpairment;
    mapping(address owner => mapping(address operator => bool)) private _authorised;

    constructor(Setup memory setup) AccessManaged(setup.authority) {
        Parameters memory p = setup.parameters;
        _requireConsistent(p);
        require(setup.initialRatePerYear <= MAX_RATE_PER_YEAR, InvalidParameters("initial rate above 200%"));
        require(setup.source.market() == address(this), SourceOfAnotherMarket(setup.source.market()));

        _COLLATERAL = setup.collateralToken;
        _SOURCE = setup.source;
        _LOAN_TOKEN = setup.source.asset();
        _ORACLE = setup.oracle;
        _REGISTRY = setup.registry;
        _RATE_MODEL = setup.rateModel;
        _VALUE_UP = 10 ** IERC20Metadata(_LOAN_TOKEN).decimals();
        _VALUE_DOWN = 10 ** (uint256(setup.collateralToken.decimals()) + setup.oracle.decimals());

        _MAX_LTV = p.maxLtv;
        _LLTV = p.liquidation.lltv;
        _TARGET_HEALTH = p.liquidation.targetHealth;
        _MIN_BONUS = p.liquidation.minBonus;
        _MAX_BONUS = p.liquidation.maxBonus;
        _HEALTH_FOR_MAX_BONUS = p.liquidation.healthForMaxBonus;
        _MIN_DEBT = p.liquidation.minDebt;
        _COOL_OFF = p.coolOff;

        _accrual = Accrual({
            index: uint128(WAD),
            ratePerYear: setup.initialRatePerYear,
            timestamp: uint64(block.timestamp)
        });
        _rate.rateAtTarget = setup.initialRatePerYear;
        // The first creations of this contract, so that `Custody` can compute their addresses.
        for (uint256 lane = 0; lane < LANES; ++lane) {
            assert(address(new Custodian()) == Custody.custodianOf(address(this), lane));
        }
    }

    /* COLLATERAL */

    /// @inheritdoc IMarket
    function addCollateral(address owner, uint256 termsId, uint256 amount) external nonReentrant {
        _requireTerms(termsId);
        require(amount > 0, ZeroAmount());
        // Valid or not: whoever is on record can claim it back, and adding must help a borrower whose record expired.
        _requireStanding(owner, Standing.KNOWN);

        uint256 lane = Lanes.laneOf(owner);
        Position storage position = _positions[owner][termsId];
        position.collateral = (position.collateral + amount).toUint104();
        _custody[lane].collateral = (_custody[lane].collateral + amount).toUint128();
        emit CollateralAdded(owner, termsId, msg.sender, amount);

        address holder = Custody.custodianOf(address(this), lane);
        uint256 before = _COLLATERAL.balanceOf(holder);
        _COLLATERAL.safeTransferFrom(msg.sender, holder, amount);
        uint256 received = _COLLATERAL.balanceOf(holder) - before;
        require(received == amount, InexactTransfer(received, amount));
    }

    /// @inheritdoc IMarket
    function removeCollateral(address owner, uint256 termsId, uint256 amount, address receiver) external nonReentrant {
        _requireTerms(termsId);
        _requireAuthorised(owner);
        require(amount > 0, ZeroAmount());
        require(receiver != address(0), ZeroAddress());

        Position memory position = _positions[owner][termsId];
        require(amount <= position.collateral, InsufficientCollateral(amount, position.collateral));
        position.collateral -= uint104(amount);
        _requireMayRemove(owner, receiver, position.scaledDebt > 0);
        if (position.scaledDebt > 0) {
            _requireWithinMaxLtv(position.collateral, uint256(position.scaledDebt).toAssetsUp(_index()));
            position.healthCheckedAt = uint48(block.timestamp);
        }
        _positions[owner][termsId] = position;
        emit CollateralRemoved(owner, termsId, receiver, msg.sender, amount);
        _release(Lanes.laneOf(owner), receiver, amount);
    }

    /* DEBT */

    /// @inheritdoc IMarket
    function borrow(
        address owner,
        uint256 termsId,
        uint256 assets,
        address receiver
    ) external nonReentrant returns (uint256 scaled) {
        _requireTerms(termsId);
        _requireAuthorised(owner);
        require(assets > 0, ZeroAmount());
        require(receiver != address(0), ZeroAddress());
        Stops memory stops = _stops;
        require(!stops.newDebtPaused, NewDebtIsPaused());
        require(!stops.lossNotCovered, LossNotCovered());
        _requireStanding(owner, Standing.BORROW);

        uint256 index = _index();
        scaled = assets.toScaledUp(index);
        Position memory position = _positions[owner][termsId];
        position.scaledDebt = (position.scaledDebt + scaled).toUint104();
        uint256 debt = uint256(position.scaledDebt).toAssetsUp(index);
        require(debt >= _MIN_DEBT, DebtBelowMinimum(debt, _MIN_DEBT));
        _requireWithinMaxLtv(position.collateral, debt);
        position.healthCheckedAt = uint48(block.timestamp);

        _positions[owner][termsId] = position;
        _takeDebt(Lanes.laneOf(owner), scaled);
        emit Borrowed(owner, termsId, receiver, msg.sender, assets, scaled);
        _SOURCE.lend(owner, receiver, assets);
    }

    /// @inheritdoc IMarket
    function repay(address owner, uint256 termsId, uint256 assets) external nonReentrant returns (uint256 repaid) {
        Position storage position = _positions[owner][termsId];
        uint256 scaledDebt = position.scaledDebt;
        require(scaledDebt > 0, NoDebt(owner, termsId));

        uint256 scaled;
        (repaid, scaled) = _extinguish(scaledDebt, assets, _index());
        position.scaledDebt = uint104(scaledDebt - scaled);
        _releaseDebt(Lanes.laneOf(owner), scaled);
        emit Repaid(owner, termsId, msg.sender, repaid, scaled);
        _SOURCE.collect(owner, msg.sender, repaid);
    }

    /* LIQUIDATION */

    /// @inheritdoc IMarket
    function liquidate(
        address owner,
        uint256 termsId,
        uint256 maxRepay,
        uint256 minSeized,
        address receiver,
        bytes calldata data
    ) external nonReentrant returns (uint256 repaid, uint256 seized, uint256 loss) {
        require(msg.sender != owner && receiver != owner, SelfLiquidation());
        _requireStanding(msg.sender, Standing.LIQUIDATE);
        if (receiver != msg.sender) _requireStanding(receiver, Standing.HOLD);

        Position memory position = _positions[owner][termsId];
        uint256 index = _index();
        (LiquidationMath.Quote memory quote, uint256 value) = _quote(owner, termsId, position, index);
        uint256 scaled;
        if (quote.closeInFull) {
            require(maxRepay >= quote.repay, MustCloseInFull(quote.repay));
            (repaid, scaled, loss) = (quote.repay, position.scaledDebt, quote.loss);
        } else {
            (repaid, scaled) = _extinguish(position.scaledDebt, Math.min(maxRepay, quote.repay), index);
        }
        seized = _seizure(position.collateral, value, repaid, quote);
        require(seized >= minSeized, SeizedTooLittle(seized, minSeized));

        uint256 lane = Lanes.laneOf(owner);
        position.scaledDebt -= uint104(scaled);
        position.collateral -= uint104(seized);
        _positions[owner][termsId] = position;
        _releaseDebt(lane, scaled);
        _bookLoss(owner, termsId, lane, loss);
        emit Liquidated(owner, termsId, msg.sender, receiver, repaid, scaled, seized, loss);

        if (seized > 0) _release(lane, receiver, seized);
        if (data.length > 0) ILiquidationCallback(msg.sender).onLiquidation(repaid, seized, data);
        if (repaid > 0) _SOURCE.collect(owner, msg.sender, repaid);
    }

    /* FORCED SEIZURE */

    /// @inheritdoc IMarket
    function forceSeize(
        address owner,
        uint256 termsId,
        uint256 amount,
        address receiver
    ) external nonReentrant restricted {
        require(amount > 0, ZeroAmount());
        _requireStanding(receiver, Standing.HOLD);
        Position storage position = _positions[owner][termsId];
        uint256 collateral = position.collateral;
        require(amount <= collateral, InsufficientCollateral(amount, collateral));
        position.collateral = uint104(collateral - amount);
        emit CollateralForceSeized(owner, termsId, receiver, msg.sender, amount);
        _release(Lanes.laneOf(owner), receiver, amount);
    }

    /* AUTHORISATION */

    /// @inheritdoc IMarket
    function setAuthorisation(address operator, bool authorised) external {
        _authorised[msg.sender][operator] = authorised;
        emit AuthorisationSet(msg.sender, operator, authorised);
    }

    /* CHECKPOINT */

    /// @inheritdoc IMarket
    function checkpoint() external nonReentrant {
        Accrual memory previous = _accrual;
        uint256 index = _index();
        uint256 owed = _debt.totalUsed().toAssetsDown(index);
        (uint256 rate, RateState memory state) = _nextRate(_rate, index, block.timestamp - previous.timestamp);
        _rate = state;
        _accrual = Accrual({index: index.toUint128(), ratePerYear: uint64(rate), timestamp: uint64(block.timestamp)});
        (uint256 profit, uint256 shortfall) = _SOURCE.settle(owed);
        _stops.lossNotCovered = shortfall > 0;
        emit Checkpoint(index, rate, owed, state.utilisation, profit, shortfall);
    }

    /// @inheritdoc IMarket
    function impair(address owner, uint256 termsId) external nonReentrant returns (uint256 unrealised) {
        (uint256 nav, , INavOracle.Status status) = _ORACLE.read();
        require(status <= INavOracle.Status.Stale, NavNotUsable(uint8(status)));
        Position memory position = _positions[owner][termsId];
        uint256 value = _value(position.collateral, nav);
        uint256 debt = uint256(position.scaledDebt).toAssetsUp(_index());
        if (value * _LLTV < debt * WAD) unrealised = LiquidationMath.quote(value, debt, _terms()).loss;
        _setImpairment(owner, termsId, unrealised);
        _SOURCE.recordLoss(0, _totalImpairment);
    }

    /* GOVERNANCE */

    /// @inheritdoc IMarket
    function raiseDebtCap(uint256 scaled) external restricted {
        _debt.raise(scaled);
        emit DebtCapRaised(scaled, _debt.cap);
    }

    /// @inheritdoc IMarket
    function cutDebtCap(uint256 scaled) external restricted {
        _debt.cut(scaled);
        emit DebtCapCut(scaled, _debt.cap);
    }

    /// @inheritdoc IMarket
    function pauseNewDebt() external restricted {
        _stops.newDebtPaused = true;
        emit NewDebtPaused(true);
    }

    /// @inheritdoc IMarket
    function resumeNewDebt() external restricted {
        _stops.newDebtPaused = false;
        emit NewDebtPaused(false);
    }

    /* VIEWS: THE MARKET */

    /// @inheritdoc IMarket
    function collateralToken() external view returns (address) {
        return address(_COLLATERAL);
    }

    /// @inheritdoc IMarket
    function loanToken() external view returns (address) {
        return _LOAN_TOKEN;
    }

    /// @inheritdoc IMarket
    function source() external view returns (address) {
        return address(_SOURCE);
    }

    /// @inheritdoc IMarket
    function oracle() external view returns (address) {
        return address(_ORACLE);
    }

    /// @inheritdoc IMarket
    function registry() external view returns (address) {
        return address(_REGISTRY);
    }

    /// @inheritdoc IMarket
    function rateModel() external view returns (address) {
        return address(_RATE_MODEL);
    }

    /// @inheritdoc IMarket
    function parameters() external view returns (Parameters memory) {
        return Parameters({maxLtv: uint64(_MAX_LTV), liquidation: _terms(), coolOff: uint32(_COOL_OFF)});
    }

    /// @inheritdoc IMarket
    function custodian(uint256 lane) external view returns (address) {
        return Custody.custodianOf(address(this), lane);
    }

    /// @inheritdoc IMarket
    function borrowIndex() external view returns (uint256) {
        return _index();
    }

    /// @inheritdoc IMarket
    function accrual() external view returns (Accrual memory) {
        return _accrual;
    }

    /// @inheritdoc IMarket
    function rateState() external view returns (RateState memory) {
        return _rate;
    }

    /// @inheritdoc IMarket
    function impairmentOf(address owner, uint256 termsId) external view returns (uint256) {
        return _impairments[owner][termsId];
    }

    /// @inheritdoc IMarket
    /// @dev Not while a repayment is under way: in a liquidator's callback debt is gone that is not paid yet, which would
    /// show at the source as a loss to be covered.
    function totalDebt() external view nonReentrantView returns (uint256) {
        return _debt.totalUsed().toAssetsDown(_index());
    }

    /// @inheritdoc IMarket
    function totalCollateral() external view returns (uint256 total) {
        for (uint256 lane = 0; lane < LANES; ++lane) total += _custody[lane].collateral;
    }

    /// @inheritdoc IMarket
    function totalLoss() external view returns (uint256 total) {
        for (uint256 lane = 0; lane < LANES; ++lane) total += _custody[lane].loss;
    }

    /// @inheritdoc IMarket
    function laneOf(uint256 lane) external view returns (uint256, uint256, uint256, uint256) {
        LaneEscrow.Account memory account = _debt.lanes[lane];
        return (account.used, account.free, _custody[lane].collateral, _custody[lane].loss);
    }

    /// @inheritdoc IMarket
    function debtCap() external view returns (uint256, uint256) {
        return (_debt.cap, _debt.overhang);
    }

    /// @inheritdoc IMarket
    function newDebtStops() external view returns (bool, bool) {
        return (_stops.newDebtPaused, _stops.lossNotCovered);
    }

    /* VIEWS: POSITIONS */

    /// @inheritdoc IMarket
    function positionOf(address owner, uint256 termsId) external view returns (Position memory) {
        return _positions[owner][termsId];
    }

    /// @inheritdoc IMarket
    function debtOf(address owner, uint256 termsId) external view returns (uint256) {
        return uint256(_positions[owner][termsId].scaledDebt).toAssetsUp(_index());
    }

    /// @inheritdoc IMarket
    function collateralValue(uint256 collateral) external view returns (uint256) {
        (, uint256 nav, ) = _ORACLE.read();
        return _value(collateral, nav);
    }

    /// @inheritdoc IMarket
    function healthOf(address owner, uint256 termsId) external view returns (uint256) {
        Position memory position = _positions[owner][termsId];
        (, uint256 nav, ) = _ORACLE.read();
        uint256 debt = uint256(position.scaledDebt).toAssetsUp(_index());
        return LiquidationMath.health(_value(position.collateral, nav), debt, _LLTV);
    }

    /// @inheritdoc IMarket
    function liquidationQuote(
        address owner,
        uint256 termsId
    ) external view returns (LiquidationMath.Quote memory quote, uint256 seized) {
        Position memory position = _positions[owner][termsId];
        uint256 value;
        (quote, value) = _quote(owner, termsId, position, _index());
        seized = _seizure(position.collateral, value, quote.repay, quote);
    }

    /// @inheritdoc IMarket
    function isAuthorised(address owner, address operator) external view returns (bool) {
        return _authorised[owner][operator];
    }

    /* INTERNAL: WHO MAY */

    function _requireTerms(uint256 termsId) private pure {
        require(termsId == VARIABLE, UnknownTerms(termsId));
    }

    function _requireAuthorised(address owner) private view {
        require(msg.sender == owner || _authorised[owner][msg.sender], NotAuthorised(msg.sender, owner));
    }

    function _requireStanding(address account, uint256 needed) private view {
        (uint256 standing, ) = _REGISTRY.standingOf(account);
        require(standing.has(needed), NotEligible(account, needed, standing));
    }

    /// @dev Never while frozen. Expired: to himself alone, and only without debt.
    function _requireMayRemove(address owner, address receiver, bool indebted) private view {
        (uint256 standing, ) = _REGISTRY.standingOf(owner);
        require(
            standing.has(Standing.KNOWN) && !standing.has(Standing.FROZEN),
            NotEligible(owner, Standing.KNOWN, standing)
        );
        if (indebted || receiver != owner) {
            require(standing.has(Standing.VALID), NotEligible(owner, Standing.VALID, standing));
        }
        if (receiver != owner) _requireStanding(receiver, Standing.HOLD);
    }

    /* INTERNAL: MATHEMATICS */

    function _index() private view returns (uint256) {
        Accrual memory a = _accrual;
        return uint256(a.index).grow(a.ratePerYear, block.timestamp - a.timestamp);
    }

    /// @dev The rate for the next stretch by the average utilisation of the last one, `elapsed` seconds long: debt against
    /// debt and cash, or against the cap where the source has no cash. A stretch of no seconds weighs nothing.
    function _nextRate(
        RateState memory state,
        uint256 index,
        uint256 elapsed
    ) private returns (uint256 rate, RateState memory next) {
        uint256 debtTime = 0;
        for (uint256 lane = 0; lane < LANES; ++lane) debtTime += _debtTime[lane].at(_debt.lanes[lane].used);
        uint256 scaled = (debtTime - state.debtTime) / Math.max(elapsed, 1);
        uint256 cash = _SOURCE.averageCash();
        (uint256 debt, uint256 capacity) = (scaled, _debt.cap);
        if (cash < type(uint256).max) {
            debt = scaled.toAssetsDown(index);
            capacity = debt + cash;
        }
        uint256 utilisation = capacity == 0 ? 0 : Math.min(Math.mulDiv(debt, WAD, capacity), WAD);
        if (elapsed < AVERAGING_WINDOW) {
            utilisation = (utilisation * elapsed + state.utilisation * (AVERAGING_WINDOW - elapsed)) / AVERAGING_WINDOW;
        }
        uint256 rateAtTarget;
        (rate, rateAtTarget) = _RATE_MODEL.nextRate(state.rateAtTarget, utilisation, elapsed);
        rate = Math.min(rate, MAX_RATE_PER_YEAR);
        next = RateState({
            debtTime: debtTime.toUint128(),
            utilisation: uint64(utilisation),
            rateAtTarget: rateAtTarget.toUint64()
        });
    }

    /// @dev Rounded down: against the borrower.
    function _value(uint256 collateral, uint256 nav) private view returns (uint256) {
        return Math.mulDiv(collateral, nav * _VALUE_UP, _VALUE_DOWN);
    }

    function _requireWithinMaxLtv(uint256 collateral, uint256 debt) private view {
        (uint256 nav, , INavOracle.Status status) = _ORACLE.read();
        require(status == INavOracle.Status.Fresh, NavNotUsable(uint8(status)));
        uint256 limit = Math.mulDiv(_value(collateral, nav), _MAX_LTV, WAD);
        require(debt <= limit, ExceedsMaxLtv(debt, limit));
    }

    /// @dev How much of `scaledDebt` a payment of `assets` extinguishes, and what is taken for it: never more than owed.
    function _extinguish(
        uint256 scaledDebt,
        uint256 assets,
        uint256 index
    ) private pure returns (uint256 paid, uint256 scaled) {
        uint256 owed = scaledDebt.toAssetsUp(index);
        if (assets >= owed) return (owed, scaledDebt);
        scaled = assets.toScaledDown(index);
        require(scaled > 0, ZeroAmount());
        return (assets, scaled);
    }

    function _terms() private view returns (LiquidationMath.Terms memory) {
        return
            LiquidationMath.Terms({
                lltv: _LLTV,
                targetHealth: _TARGET_HEALTH,
                minBonus: _MIN_BONUS,
                maxBonus: _MAX_BONUS,
                healthForMaxBonus: _HEALTH_FOR_MAX_BONUS,
                minDebt: _MIN_DEBT
            });
    }

    /// @dev The quote of a position that may be liquidated now, and the value of its collateral.
    function _quote(
        address owner,
        uint256 termsId,
        Position memory position,
        uint256 index
    ) private view returns (LiquidationMath.Quote memory, uint256 value) {
        require(position.scaledDebt > 0, NoDebt(owner, termsId));
        (, uint256 nav, INavOracle.Status status) = _ORACLE.read();
        require(status <= INavOracle.Status.Stale, NavNotUsable(uint8(status)));
        value = _value(position.collateral, nav);
        uint256 debt = uint256(position.scaledDebt).toAssetsUp(index);
        require(value * _LLTV < debt * WAD, NotLiquidatable(LiquidationMath.health(value, debt, _LLTV)));
        uint256 until = uint256(position.healthCheckedAt) + _COOL_OFF;
        require(block.timestamp >= until, CoolingOff(until));
        return (LiquidationMath.quote(value, debt, _terms()), value);
    }

    /// @dev Collateral for a repayment of `repaid`, rounded down; all of it where a loss is booked.
    function _seizure(
        uint256 collateral,
        uint256 value,
        uint256 repaid,
        LiquidationMath.Quote memory quote
    ) private pure returns (uint256) {
        if (quote.loss > 0 || value == 0) return collateral;
        return Math.min(Math.mulDiv(Math.mulDiv(repaid, WAD + quote.bonus, WAD), collateral, value), collateral);
    }

    /* INTERNAL: EFFECTS */

    /// @dev Hands collateral out of `lane`'s custody.
    function _release(uint256 lane, address receiver, uint256 amount) private {
        _custody[lane].collateral -= amount.toUint128();
        Custodian(Custody.custodianOf(address(this), lane)).send(_COLLATERAL, receiver, amount);
    }

    function _takeDebt(uint256 lane, uint256 scaled) private {
        _debtTime[lane].touch(_debt.lanes[lane].used);
        _debt.take(lane, scaled);
    }

    function _releaseDebt(uint256 lane, uint256 scaled) private {
        _debtTime[lane].touch(_debt.lanes[lane].used);
        _debt.release(lane, scaled);
    }

    /// @dev A loss, if any, takes the place of what was feared. Before the callback, in which the liquidator may redeem.
    function _bookLoss(address owner, uint256 termsId, uint256 lane, uint256 loss) private {
        bool impaired = _impairments[owner][termsId] > 0;
        if (impaired) _setImpairment(owner, termsId, 0);
        if (loss > 0) {
            _custody[lane].loss += loss.toUint128();
            // The only flag that a user's call may write, and only its first loss: later ones write the same value.
            if (!_stops.lossNotCovered) _stops.lossNotCovered = true;
        }
        if (impaired || loss > 0) _SOURCE.recordLoss(loss, _totalImpairment);
    }

    function _setImpairment(address owner, uint256 termsId, uint256 unrealised) private {
        uint256 total = _totalImpairment - _impairments[owner][termsId] + unrealised;
        _impairments[owner][termsId] = unrealised;
        _totalImpairment = total;
        emit Impaired(owner, termsId, unrealised, total);
    }

    /// @dev What the mathematics of `LiquidationMath` takes for granted.
    function _requireConsistent(Parameters memory p) private pure {
        LiquidationMath.Terms memory terms = p.liquidation;
        require(p.maxLtv > 0 && p.maxLtv < terms.lltv, InvalidParameters("maxLtv must be below lltv"));
        require(terms.minBonus > 0 && terms.minBonus <= terms.maxBonus, InvalidParameters("minBonus, then maxBonus"));
        require(terms.lltv * (WAD + terms.maxBonus) <= WAD * WAD, InvalidParameters("lltv * (1 + maxBonus) above 1"));
        require(terms.targetHealth > WAD, InvalidParameters("targetHealth must be above 1"));
        require(
            terms.healthForMaxBonus > 0 && terms.healthForMaxBonus < WAD,
            InvalidParameters("healthForMaxBonus between 0 and 1")
        );
    }
}
