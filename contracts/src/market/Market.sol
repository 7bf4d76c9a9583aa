// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IEligibilityRegistry} from "../interfaces/IEligibilityRegistry.sol";
import {ILiquiditySource} from "../interfaces/ILiquiditySource.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {INavOracle} from "../interfaces/INavOracle.sol";
import {IRateModel} from "../interfaces/IRateModel.sol";
import {IRebalanced} from "../interfaces/IRebalanced.sol";
import {ITermsRegistry} from "../interfaces/ITermsRegistry.sol";
import {Custody} from "../libraries/Custody.sol";
import {IndexMath, INDEX_ONE, WAD} from "../libraries/IndexMath.sol";
import {LaneEscrow} from "../libraries/LaneEscrow.sol";
import {LANES, Lanes} from "../libraries/Lanes.sol";
import {LinearDebt} from "../libraries/LinearDebt.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {Standing} from "../libraries/Standing.sol";
import {Batch} from "../token/Batch.sol";
import {Checkpoints} from "./Checkpoints.sol";
import {Custodian} from "./Custodian.sol";
import {Liquidations} from "./Liquidations.sol";
import {Loans} from "./Loans.sol";
import {MarketSettings} from "./MarketSettings.sol";
import {MarketConfig, MarketState} from "./MarketState.sol";
import {Resolutions} from "./Resolutions.sol";

/// @title Market
/// @notice Lends one stablecoin against one real-world asset. What users do every day is here; liquidations, resolutions,
/// checkpoints and settings are in linked libraries that work on the same `MarketState`.
///
/// Hot slots, all by owner or by the owner's lane:
///   `positions[owner][termsId]`   collateral, scaled debt, time of the last health check
///   `variableDebt.lanes[lane]`    variable scaled debt and the free part of its cap
///   `variableTime[lane]`          its integral over time
///   `custody[lane]`               collateral and losses
///   under terms besides           `termsDebt[termsId].lanes[lane]`; if fixed, `fixedDebt.lanes[lane]` and
///                                 `linearDebt[lane]` in the place of the variable ones
///   outside: the custodian's and the owner's token balances, the source's lane
/// Read by everybody and written by nobody on a user's path: `accrual` and `rate` (checkpoint), the caps' own slots and
/// `controls` (governance), `stops` (governance; a loss sets a flag), the terms, the oracle, the registry. Accruing
/// interest writes nothing. The lock is transient.
contract Market is IMarket, IERC5267, AccessManaged, ReentrancyGuardTransient, Batch {
    using IndexMath for uint256;
    using LinearDebt for LinearDebt.Lane;
    using LaneEscrow for LaneEscrow.Book;
    using Loans for MarketState;
    using SafeCast for uint256;
    using SafeERC20 for IERC20Metadata;
    using Standing for uint256;

    /// @dev What the market is made of.
    struct Setup {
        address authority;
        IERC20Metadata collateralToken;
        ILiquiditySource source;
        INavOracle oracle;
        IEligibilityRegistry registry;
        ITermsRegistry termsRegistry;
        IRateModel rateModel;
        /// Where collateral in default is redeemed; zero: nowhere.
        address workout;
        /// Rate at the target utilisation, and the rate until the first checkpoint.
        uint64 initialRatePerYear;
        Parameters parameters;
    }

    IERC20Metadata private immutable _COLLATERAL;
    ILiquiditySource private immutable _SOURCE;
    address private immutable _LOAN_TOKEN;
    INavOracle private immutable _ORACLE;
    IEligibilityRegistry private immutable _REGISTRY;
    ITermsRegistry private immutable _TERMS_REGISTRY;
    IRateModel private immutable _RATE_MODEL;
    address private immutable _WORKOUT;

    /// @dev value = collateral * nav * _VALUE_UP / _VALUE_DOWN, in the loan token's smallest unit.
    uint256 private immutable _VALUE_UP;
    uint256 private immutable _VALUE_DOWN;

    /// @dev What debt may be taken on at an lltv of `_LLTV`; both move by a ramp, in this proportion.
    uint256 private immutable _MAX_LTV;
    uint256 private immutable _LLTV;
    uint256 private immutable _TARGET_HEALTH;
    uint256 private immutable _MIN_BONUS;
    uint256 private immutable _MAX_BONUS;
    uint256 private immutable _HEALTH_FOR_MAX_BONUS;
    uint256 private immutable _MIN_DEBT;
    uint256 private immutable _COOL_OFF;
    uint256 private immutable _SALE_WINDOW;
    uint256 private immutable _AUCTION_DURATION;
    uint256 private immutable _AUCTION_START;
    uint256 private immutable _AUCTION_END;

    MarketState private _state;

    constructor(Setup memory setup) AccessManaged(setup.authority) {
        Parameters memory p = setup.parameters;
        MarketSettings.requireConsistent(p);
        require(
            setup.initialRatePerYear <= Checkpoints.MAX_RATE_PER_YEAR,
            InvalidParameters("initial rate above 200%")
        );
        require(setup.source.market() == address(this), SourceOfAnotherMarket(setup.source.market()));

        _COLLATERAL = setup.collateralToken;
        _SOURCE = setup.source;
        _LOAN_TOKEN = setup.source.asset();
        _ORACLE = setup.oracle;
        _REGISTRY = setup.registry;
        _TERMS_REGISTRY = setup.termsRegistry;
        _RATE_MODEL = setup.rateModel;
        _WORKOUT = setup.workout;
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
        _SALE_WINDOW = p.saleWindow;
        _AUCTION_DURATION = p.auctionDuration;
        _AUCTION_START = p.auctionStart;
        _AUCTION_END = p.auctionEnd;

        _state.accrual = Accrual({
            index: uint128(WAD),
            ratePerYear: setup.initialRatePerYear,
            timestamp: uint64(block.timestamp)
        });
        _state.rate.rateAtTarget = setup.initialRatePerYear;
        _state.controls.lltvTo = uint64(_LLTV);
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
        Loans.requireStanding(_REGISTRY, owner, Standing.KNOWN);

        uint256 lane = Lanes.laneOf(owner);
        Position storage position = _state.positions[owner][termsId];
        position.collateral = (position.collateral + amount).toUint104();
        _state.custody[lane].collateral = (_state.custody[lane].collateral + amount).toUint128();
        emit CollateralAdded(owner, termsId, msg.sender, amount);

        address holder = Custody.custodianOf(address(this), lane);
        uint256 before = _COLLATERAL.balanceOf(holder);
        _COLLATERAL.safeTransferFrom(msg.sender, holder, amount);
        uint256 received = _COLLATERAL.balanceOf(holder) - before;
        require(received == amount, InexactTransfer(received, amount));
    }

    /// @inheritdoc IMarket
    function removeCollateral(address owner, uint256 termsId, uint256 amount, address receiver) external nonReentrant {
        _requireAuthorised(owner);
        require(amount > 0, ZeroAmount());
        require(receiver != address(0), ZeroAddress());

        Position memory position = _state.positions[owner][termsId];
        require(amount <= position.collateral, InsufficientCollateral(amount, position.collateral));
        position.collateral -= uint104(amount);
        _requireMayRemove(owner, receiver, position.scaledDebt > 0);
        if (position.scaledDebt > 0) {
            // A passed check would restart the cool-off, for ever.
            require(termsId == Loans.VARIABLE || !_state.isOverdue(termsId), DebtOverdue(termsId));
            uint256 debt = uint256(position.scaledDebt).toAssetsUp(_state.owedIndex(termsId));
            _requireWithinMaxLtv(position.collateral, debt);
            position.healthCheckedAt = uint48(block.timestamp);
        }
        _state.positions[owner][termsId] = position;
        emit CollateralRemoved(owner, termsId, receiver, msg.sender, amount);
        _state.sendCollateral(_COLLATERAL, Lanes.laneOf(owner), receiver, amount);
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
        Stops memory stops = _state.stops;
        require(!stops.newDebtPaused, NewDebtIsPaused());
        require(!stops.lossNotCovered, LossNotCovered());
        Loans.requireStanding(_REGISTRY, owner, Standing.BORROW);
        if (termsId != Loans.VARIABLE) MarketSettings.requireOpen(_state, _TERMS_REGISTRY, termsId);

        uint256 index = _state.owedIndex(termsId);
        scaled = assets.toScaledUp(index);
        Position memory position = _state.positions[owner][termsId];
        position.scaledDebt = (position.scaledDebt + scaled).toUint104();
        uint256 debt = uint256(position.scaledDebt).toAssetsUp(index);
        require(debt >= _MIN_DEBT, DebtBelowMinimum(debt, _MIN_DEBT));
        _requireWithinMaxLtv(position.collateral, debt);
        position.healthCheckedAt = uint48(block.timestamp);

        _state.positions[owner][termsId] = position;
        _state.take(termsId, Lanes.laneOf(owner), scaled);
        emit Borrowed(owner, termsId, receiver, msg.sender, assets, scaled);
        _SOURCE.lend(owner, receiver, assets);
    }

    /// @inheritdoc IMarket
    function repay(address owner, uint256 termsId, uint256 assets) external nonReentrant returns (uint256 repaid) {
        Position storage position = _state.positions[owner][termsId];
        uint256 scaledDebt = position.scaledDebt;
        require(scaledDebt > 0, NoDebt(owner, termsId));

        uint256 scaled;
        (repaid, scaled) = Loans.extinguish(scaledDebt, assets, _state.owedIndex(termsId));
        position.scaledDebt = uint104(scaledDebt - scaled);
        _state.release(termsId, Lanes.laneOf(owner), scaled);
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
        return
            Liquidations.liquidate(
                _state,
                _config(),
                Liquidations.Call({
                    owner: owner,
                    termsId: termsId,
                    maxRepay: maxRepay,
                    minSeized: minSeized,
                    receiver: receiver,
                    data: data
                })
            );
    }

    /// @inheritdoc IMarket
    function setConsent(uint256 termsId, uint64 lltv, uint64 bonus) external {
        MarketSettings.setConsent(_state, _config(), termsId, lltv, bonus);
    }

    /* RESOLUTION */

    /// @inheritdoc IMarket
    function mark(address owner, uint256 termsId) external {
        Resolutions.mark(_state, _config(), owner, termsId);
    }

    /// @inheritdoc IMarket
    function unmark(address owner, uint256 termsId) external {
        Resolutions.unmark(_state, _config(), owner, termsId);
    }

    /// @inheritdoc IMarket
    function impair(address owner, uint256 termsId) external nonReentrant returns (uint256 unrealised) {
        return Resolutions.impair(_state, _config(), owner, termsId);
    }

    /// @inheritdoc IMarket
    function writeOff(address owner, uint256 termsId) external nonReentrant returns (uint256 loss) {
        return Resolutions.writeOff(_state, _config(), owner, termsId);
    }

    /// @inheritdoc IMarket
    function startWorkout(address owner, uint256 termsId, uint256 amount) external nonReentrant {
        Resolutions.startWorkout(_state, _config(), owner, termsId, amount);
    }

    /// @inheritdoc IMarket
    function endWorkout(address owner, uint256 termsId, uint256 amount) external nonReentrant {
        Resolutions.endWorkout(_state, _config(), owner, termsId, amount);
    }

    /// @inheritdoc IMarket
    function forceSeize(
        address owner,
        uint256 termsId,
        uint256 amount,
        address receiver
    ) external nonReentrant restricted {
        Resolutions.forceSeize(_state, _config(), owner, termsId, amount, receiver);
    }

    /* AUTHORISATION */

    /// @inheritdoc IMarket
    function setAuthorisation(address operator, bool authorised) external {
        _state.authorised[msg.sender][operator] = authorised;
        emit AuthorisationSet(msg.sender, operator, authorised);
    }

    /// @inheritdoc IMarket
    function setAuthorisationWithSig(Authorisation calldata authorisation, bytes calldata signature) external {
        MarketSettings.setAuthorisationWithSig(_state, authorisation, signature);
    }

    /* CHECKPOINT */

    /// @inheritdoc IMarket
    function checkpoint() external nonReentrant {
        Checkpoints.checkpoint(_state, _config());
    }

    /// @inheritdoc IMarket
    function rebalance() external nonReentrant {
        Checkpoints.rebalance(_state);
    }

    /// @inheritdoc IMarket
    function adoptTerms(uint256 termsId) external {
        MarketSettings.adoptTerms(_state, _config(), termsId);
    }

    /* GOVERNANCE */

    /// @inheritdoc IMarket
    function raiseDebtCap(uint256 scaled) external restricted {
        MarketSettings.raiseDebtCap(_state, scaled);
    }

    /// @inheritdoc IMarket
    function cutDebtCap(uint256 scaled) external restricted {
        MarketSettings.cutDebtCap(_state, scaled);
    }

    /// @inheritdoc IMarket
    function pauseNewDebt() external restricted {
        _state.stops.newDebtPaused = true;
        emit NewDebtPaused(true);
    }

    /// @inheritdoc IMarket
    function resumeNewDebt() external restricted {
        _state.stops.newDebtPaused = false;
        emit NewDebtPaused(false);
    }

    /// @inheritdoc IMarket
    function rampLltv(uint64 target, uint32 duration) external restricted {
        MarketSettings.rampLltv(_state, _MAX_BONUS, target, duration);
    }

    /// @inheritdoc IMarket
    function setPreferredBuyer(address buyer, bool preferred) external restricted {
        _state.preferredBuyers[buyer] = preferred;
        emit PreferredBuyerSet(buyer, preferred);
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
    function termsRegistry() external view returns (address) {
        return address(_TERMS_REGISTRY);
    }

    /// @inheritdoc IMarket
    function workout() external view returns (address) {
        return _WORKOUT;
    }

    /// @inheritdoc IMarket
    function rateModel() external view returns (address) {
        return address(_RATE_MODEL);
    }

    /// @inheritdoc IMarket
    function parameters() external view returns (Parameters memory) {
        LiquidationMath.Terms memory terms = _liquidationTerms();
        return
            Parameters({
                maxLtv: uint64(_maxLtv(terms.lltv)),
                liquidation: terms,
                coolOff: uint32(_COOL_OFF),
                saleWindow: uint32(_SALE_WINDOW),
                auctionDuration: uint32(_AUCTION_DURATION),
                auctionStart: uint64(_AUCTION_START),
                auctionEnd: uint64(_AUCTION_END)
            });
    }

    /// @inheritdoc IMarket
    function custodian(uint256 lane) external view returns (address) {
        return Custody.custodianOf(address(this), lane);
    }

    /// @inheritdoc IMarket
    function borrowIndex() external view returns (uint256) {
        return _state.variableIndex();
    }

    /// @inheritdoc IMarket
    function indexOf(uint256 termsId) external view returns (uint256) {
        _requireTerms(termsId);
        return _state.owedIndex(termsId);
    }

    /// @inheritdoc IMarket
    function accrual() external view returns (Accrual memory) {
        return _state.accrual;
    }

    /// @inheritdoc IMarket
    function rateState() external view returns (RateState memory) {
        return _state.rate;
    }

    /// @inheritdoc IMarket
    /// @dev Not while a repayment is under way: in a liquidator's callback debt is gone that is not paid yet, which would
    /// show at the source as a loss to be covered.
    function totalDebt() external view nonReentrantView returns (uint256 total) {
        (total, ) = Checkpoints.totalDebt(_state);
    }

    /// @inheritdoc IMarket
    function totalFixedDebt() external view nonReentrantView returns (uint256 fixedPart) {
        (, fixedPart) = Checkpoints.totalDebt(_state);
    }

    /// @inheritdoc IMarket
    function exposureCap() external view nonReentrantView returns (uint256) {
        return Checkpoints.exposureCap(_state);
    }

    /// @inheritdoc IMarket
    function totalCollateral() external view returns (uint256 total) {
        for (uint256 lane = 0; lane < LANES; ++lane) total += _state.custody[lane].collateral;
    }

    /// @inheritdoc IMarket
    function totalLoss() external view returns (uint256 total) {
        for (uint256 lane = 0; lane < LANES; ++lane) total += _state.custody[lane].loss;
    }

    /// @inheritdoc IMarket
    function laneOf(uint256 lane) external view returns (uint256, uint256, uint256, uint256) {
        LaneEscrow.Account memory account = _state.variableDebt.lanes[lane];
        return (account.used, account.free, _state.custody[lane].collateral, _state.custody[lane].loss);
    }

    /// @inheritdoc IMarket
    function fixedLaneOf(uint256 lane) external view returns (uint256, uint256, uint256) {
        LaneEscrow.Account memory account = _state.fixedDebt.lanes[lane];
        return (account.used, account.free, _state.linearDebt[lane].exact() / INDEX_ONE);
    }

    /// @inheritdoc IMarket
    function termsLaneOf(uint256 termsId, uint256 lane) external view returns (uint256, uint256) {
        LaneEscrow.Account memory account = _state.termsDebt[termsId].lanes[lane];
        return (account.used, account.free);
    }

    /// @inheritdoc IMarket
    function debtCap() external view returns (uint256, uint256) {
        return (_state.variableDebt.cap, _state.variableDebt.overhang);
    }

    /// @inheritdoc IMarket
    function fixedDebtCap() external view returns (uint256, uint256) {
        return (_state.fixedDebt.cap, _state.fixedDebt.overhang);
    }

    /// @inheritdoc IRebalanced
    function rebalancing() external view returns (uint256, uint256, uint256) {
        return Checkpoints.rebalancing(_state);
    }

    /// @inheritdoc IMarket
    function newDebtStops() external view returns (bool, bool) {
        return (_state.stops.newDebtPaused, _state.stops.lossNotCovered);
    }

    /// @inheritdoc IMarket
    function controls() external view returns (Controls memory) {
        return _state.controls;
    }

    /// @inheritdoc IMarket
    function termsOf(uint256 termsId) external view returns (AdoptedTerms memory) {
        return _state.terms[termsId];
    }

    /// @inheritdoc IMarket
    function isPreferredBuyer(address account) external view returns (bool) {
        return _state.preferredBuyers[account];
    }

    /* VIEWS: POSITIONS */

    /// @inheritdoc IMarket
    function positionOf(address owner, uint256 termsId) external view returns (Position memory) {
        return _state.positions[owner][termsId];
    }

    /// @inheritdoc IMarket
    function debtOf(address owner, uint256 termsId) external view returns (uint256) {
        return _debtOf(owner, termsId);
    }

    /// @inheritdoc IMarket
    function impairmentOf(address owner, uint256 termsId) external view returns (uint256) {
        return _state.impairments[owner][termsId];
    }

    /// @inheritdoc IMarket
    function consentOf(address owner, uint256 termsId) external view returns (Consent memory) {
        return _state.consents[owner][termsId];
    }

    /// @inheritdoc IMarket
    function resolutionOf(
        address owner,
        uint256 termsId
    ) external view returns (Phase phase, uint256 until, Resolution memory stored) {
        return Resolutions.resolutionOf(_state, _config(), owner, termsId);
    }

    /// @inheritdoc IMarket
    function collateralValue(uint256 collateral) external view returns (uint256) {
        (, uint256 nav, ) = _ORACLE.read();
        return _value(collateral, nav);
    }

    /// @inheritdoc IMarket
    function healthOf(address owner, uint256 termsId) external view returns (uint256) {
        (, uint256 nav, ) = _ORACLE.read();
        uint256 value = _value(_state.positions[owner][termsId].collateral, nav);
        return LiquidationMath.health(value, _debtOf(owner, termsId), Loans.lltvNow(_state.controls));
    }

    /// @inheritdoc IMarket
    function liquidationQuote(
        address owner,
        uint256 termsId
    ) external view returns (LiquidationMath.Quote memory quote, uint256 seized) {
        return Liquidations.preview(_state, _config(), owner, termsId);
    }

    /// @inheritdoc IMarket
    function isAuthorised(address owner, address operator) external view returns (bool) {
        return _state.authorised[owner][operator];
    }

    /// @inheritdoc IMarket
    function authorisationNonce(address owner) external view returns (uint256) {
        return _state.authorisationNonces[owner];
    }

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        return (0x0f, "Polder Market", "1", block.chainid, address(this), 0, new uint256[](0));
    }

    /* INTERNAL: WHO MAY */

    function _requireTerms(uint256 termsId) private view {
        require(termsId == Loans.VARIABLE || _state.terms[termsId].start > 0, UnknownTerms(termsId));
    }

    function _requireAuthorised(address owner) private view {
        require(msg.sender == owner || _state.authorised[owner][msg.sender], NotAuthorised(msg.sender, owner));
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
        if (receiver != owner) Loans.requireStanding(_REGISTRY, receiver, Standing.HOLD);
    }

    /* INTERNAL: MATHEMATICS */

    function _debtOf(address owner, uint256 termsId) private view returns (uint256) {
        return uint256(_state.positions[owner][termsId].scaledDebt).toAssetsUp(_state.owedIndex(termsId));
    }

    /// @dev Rounded down: against the borrower.
    function _value(uint256 collateral, uint256 nav) private view returns (uint256) {
        return Math.mulDiv(collateral, nav * _VALUE_UP, _VALUE_DOWN);
    }

    function _requireWithinMaxLtv(uint256 collateral, uint256 debt) private view {
        (uint256 nav, , INavOracle.Status status) = _ORACLE.read();
        require(status == INavOracle.Status.Fresh, NavNotUsable(uint8(status)));
        uint256 limit = Math.mulDiv(_value(collateral, nav), _maxLtv(Loans.lltvNow(_state.controls)), WAD);
        require(debt <= limit, ExceedsMaxLtv(debt, limit));
    }

    function _maxLtv(uint256 lltv) private view returns (uint256) {
        return (_MAX_LTV * lltv) / _LLTV;
    }

    function _liquidationTerms() private view returns (LiquidationMath.Terms memory) {
        return
            LiquidationMath.Terms({
                lltv: Loans.lltvNow(_state.controls),
                targetHealth: _TARGET_HEALTH,
                minBonus: _MIN_BONUS,
                maxBonus: _MAX_BONUS,
                healthForMaxBonus: _HEALTH_FOR_MAX_BONUS,
                minDebt: _MIN_DEBT
            });
    }

    function _config() private view returns (MarketConfig memory) {
        return
            MarketConfig({
                collateral: IERC20(_COLLATERAL),
                source: _SOURCE,
                oracle: _ORACLE,
                registry: _REGISTRY,
                termsRegistry: _TERMS_REGISTRY,
                rateModel: _RATE_MODEL,
                workout: _WORKOUT,
                valueUp: _VALUE_UP,
                valueDown: _VALUE_DOWN,
                liquidation: _liquidationTerms(),
                coolOff: _COOL_OFF,
                saleWindow: _SALE_WINDOW,
                auctionDuration: _AUCTION_DURATION,
                auctionStart: _AUCTION_START,
                auctionEnd: _AUCTION_END
            });
    }
}
