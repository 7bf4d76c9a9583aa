// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {IRebalanced} from "./IRebalanced.sol";

/// @title IMarket
/// @notice Loans in one stablecoin against one real-world asset. Amounts of debt are in the loan token's smallest unit,
/// amounts of collateral in the collateral token's, ratios in wad, rates per year.
interface IMarket is IRebalanced {
    /// @dev One slot. Debt is `scaledDebt * index`, rounded up.
    struct Position {
        uint104 collateral; //       13 bytes
        uint104 scaledDebt; //       13 bytes
        uint48 healthCheckedAt; //    6 bytes: when an operation last passed a health check; the cool-off runs from it
    }

    /// @dev What an owner signs (EIP-712) to let somebody act for him.
    struct Authorisation {
        address owner;
        address operator;
        bool authorised;
        uint256 nonce;
        uint256 deadline;
    }

    /// @dev One slot per lane.
    struct LaneCustody {
        uint128 collateral; // 16 bytes: sum of the lane's positions
        uint128 loss; //       16 bytes: losses booked in this lane, ever
    }

    /// @dev One slot, written by `checkpoint` only.
    struct Accrual {
        uint128 index; //       16 bytes, wad
        uint64 ratePerYear; //   8 bytes, wad
        uint64 timestamp; //     8 bytes
    }

    /// @dev Written by `checkpoint` only: what the rate is computed from.
    struct RateState {
        uint128 debtTime; //      16 bytes: the integral of variable scaled debt over time at the last checkpoint
        uint64 utilisation; //     8 bytes, wad: the average over the last hour or the last stretch, whichever is longer
        uint64 rateAtTarget; //    8 bytes, wad per year: the adaptive part
        uint128 fixedDebtTime; // 16 bytes: the integral of fixed debt over time, in assets, at the last checkpoint
        uint128 lendable; //      16 bytes, assets: debt and cash over the same time, or what a facility's cap allows
    }

    /// @dev One slot, read by new debt alone, since a loss may write it.
    struct Stops {
        bool newDebtPaused; //  1 byte
        bool lossNotCovered; // 1 byte
    }

    /// @dev One slot, written by governance only: the liquidation loan-to-value, which moves only by a ramp.
    struct Controls {
        bool hasFixedTerms; //   1 byte: whether there ever were fixed terms, which a checkpoint must then count
        uint64 lltvFrom; //      8 bytes, wad
        uint64 lltvTo; //        8 bytes, wad
        uint40 rampStart; //     5 bytes, seconds
        uint40 rampEnd; //       5 bytes, seconds
    }

    /// @dev Disclosed terms as the market holds to them, taken from the terms registry once.
    struct AdoptedTerms {
        bool fixedRate; //       1 byte
        uint40 start; //         5 bytes, seconds: their index is 1 then; 0 where never adopted
        uint40 maturity; //      5 bytes, seconds
        uint32 gracePeriod; //   4 bytes, seconds
        uint64 ratePerYear; //   8 bytes, wad
        uint64 penaltyPerYear; //8 bytes, wad
        uint64 marginPerYear; // 8 bytes, wad
    }

    /// @dev One slot: what the owner of a position lets liquidators do before it is unhealthy.
    struct Consent {
        uint64 lltv; //  8 bytes, wad: liquidatable above this loan-to-value; 0 where nothing is consented to
        uint64 bonus; // 8 bytes, wad
    }

    /// @dev One slot: how far the resolution of a position in default is.
    struct Resolution {
        uint40 markedAt; //    5 bytes, seconds; 0 where it is not marked
        uint104 inWorkout; // 13 bytes: collateral handed to the workout, whose proceeds are still to come
    }

    /// @dev Why a position may be liquidated.
    enum Cause {
        Unhealthy,
        Overdue,
        Consent
    }

    /// @dev How a position in default is resolved, by the time since it was marked.
    enum Phase {
        /// Not marked: liquidated at a discount.
        None,
        /// Preferred buyers alone, at the minimum bonus.
        Window,
        /// Dutch auction among all who may liquidate.
        Auction,
        /// Liquidated at a discount, or redeemed with the issuer.
        Workout
    }

    /// @dev Fixed at deployment, but that `maxLtv` and `lltv` move together by a ramp.
    struct Parameters {
        /// Debt may be taken on, and collateral removed, up to this loan-to-value.
        uint64 maxLtv;
        /// What liquidations follow; its `lltv` is above `maxLtv`.
        LiquidationMath.Terms liquidation;
        /// Seconds after a passed health check in which a position is not liquidated.
        uint32 coolOff;
        /// Seconds that preferred buyers have after a position was marked, and that the auction lasts then. Both 0: no
        /// marking, as for assets that trade by the day.
        uint32 saleWindow;
        uint32 auctionDuration;
        /// Value handed over per unit repaid, wad, at the start of the auction and at its end: from a premium to a discount.
        uint64 auctionStart;
        uint64 auctionEnd;
    }

    event CollateralAdded(address indexed owner, uint256 indexed termsId, address indexed payer, uint256 amount);
    event CollateralRemoved(
        address indexed owner,
        uint256 indexed termsId,
        address indexed receiver,
        address caller,
        uint256 amount
    );
    event Borrowed(
        address indexed owner,
        uint256 indexed termsId,
        address indexed receiver,
        address caller,
        uint256 assets,
        uint256 scaled
    );
    event Repaid(address indexed owner, uint256 indexed termsId, address indexed payer, uint256 assets, uint256 scaled);
    event Liquidated(
        address indexed owner,
        uint256 indexed termsId,
        address indexed liquidator,
        address receiver,
        uint256 repaid,
        uint256 scaled,
        uint256 seized,
        uint256 loss
    );
    /// @notice Why the liquidation that follows was possible, in which phase, at which NAV, of how much debt, and the value of
    /// collateral handed over per unit repaid, wad.
    event LiquidationPriced(
        address indexed owner,
        uint256 indexed termsId,
        Cause cause,
        Phase phase,
        uint256 nav,
        uint256 debt,
        uint256 markup
    );
    event CollateralForceSeized(
        address indexed owner,
        uint256 indexed termsId,
        address indexed receiver,
        address agent,
        uint256 amount
    );
    event Checkpoint(
        uint256 index,
        uint256 ratePerYear,
        uint256 totalDebt,
        uint256 utilisation,
        uint256 profit,
        uint256 shortfall
    );
    /// @notice The free parts of the variable cap, `freeCap` together, and those of the fixed one lie evenly over the lanes now, a
    /// remainder one each in the first ones; 0 for a cap that was level enough and stays as it is.
    event Rebalanced(address indexed keeper, uint256 freeCap, uint256 freeFixedCap);
    /// @notice At the checkpoint: fixed debt, and the cap on scaled fixed debt that follows from what there is to lend.
    event FixedDebtCapSet(uint256 fixedDebt, uint256 newCap);
    event TermsAdopted(uint256 indexed termsId, AdoptedTerms terms, uint256 cap);
    event ConsentSet(address indexed owner, uint256 indexed termsId, uint256 lltv, uint256 bonus);
    event Marked(
        address indexed owner,
        uint256 indexed termsId,
        address indexed by,
        uint256 auctionFrom,
        uint256 auctionUntil
    );
    event Unmarked(address indexed owner, uint256 indexed termsId, address indexed by);
    /// @notice Collateral of a position in default went to the workout; `inWorkout` is all that is there now.
    event WorkoutStarted(address indexed owner, uint256 indexed termsId, uint256 amount, uint256 inWorkout);
    /// @notice The proceeds of `amount` have come, or never will.
    event WorkoutEnded(address indexed owner, uint256 indexed termsId, uint256 amount, uint256 inWorkout);
    event WrittenOff(address indexed owner, uint256 indexed termsId, uint256 scaled, uint256 loss);
    event PreferredBuyerSet(address indexed buyer, bool preferred);
    event LltvRamp(uint256 from, uint256 to, uint256 start, uint256 end);
    /// @notice What threatens to be lost in one position, and in all together.
    event Impaired(address indexed owner, uint256 indexed termsId, uint256 unrealised, uint256 total);
    event AuthorisationSet(address indexed owner, address indexed operator, bool authorised);
    event DebtCapRaised(uint256 scaled, uint256 newCap);
    event DebtCapCut(uint256 scaled, uint256 newCap);
    event NewDebtPaused(bool paused);

    /// @notice The constructor was given parameters that contradict each other; `reason` says which.
    error InvalidParameters(string reason);
    /// @notice Nothing to do: the amount is zero, or rounds to zero.
    error ZeroAmount();
    error ZeroAddress();
    /// @notice No position can be opened under these terms here: `adoptTerms` takes published ones over; 0 is the variable rate.
    error UnknownTerms(uint256 termsId);
    /// @notice `caller` may not act for `owner`, who calls `setAuthorisation` to allow it.
    error NotAuthorised(address caller, address owner);
    /// @notice `account` needs an identity on record that allows this (bits of `Standing`).
    error NotEligible(address account, uint256 needed, uint256 standing);
    /// @notice Governance or a guardian stopped new debt; repaying goes on.
    error NewDebtIsPaused();
    /// @notice A loss is not covered yet: no new debt until a checkpoint finds it covered.
    error LossNotCovered();
    /// @notice The NAV does not allow this now (status of `INavOracle`).
    error NavNotUsable(uint8 status);
    /// @notice Debt would be `debt` and may be `limit` at most: borrow less or add collateral.
    error ExceedsMaxLtv(uint256 debt, uint256 limit);
    /// @notice Debt would be `debt`, `minimum` is the least.
    error DebtBelowMinimum(uint256 debt, uint256 minimum);
    /// @notice The position holds `available`.
    error InsufficientCollateral(uint256 requested, uint256 available);
    /// @notice The position owes nothing.
    error NoDebt(address owner, uint256 termsId);
    /// @notice The token delivered another amount than asked for, such as one with a fee on transfer.
    error InexactTransfer(uint256 received, uint256 expected);
    /// @notice Nobody liquidates himself: repay or add collateral instead.
    error SelfLiquidation();
    /// @notice The position is healthy, with a health factor of at least 1, not overdue, and within what its owner consented to.
    error NotLiquidatable(uint256 health);
    /// @notice The position passed a health check just now and is not liquidated before `until`.
    error CoolingOff(uint256 until);
    /// @notice This position can only be closed in full: offer at least `required`.
    error MustCloseInFull(uint256 required);
    /// @notice The liquidator asked for `minimum` of collateral at least.
    error SeizedTooLittle(uint256 seized, uint256 minimum);
    /// @notice Fixed terms pay at least `needed` when debt is taken on, the variable rate and their margin; they pay `rate`.
    error BelowVariableRate(uint256 rate, uint256 needed);
    /// @notice These terms take no new debt any more, or not in this market.
    error TermsNotOpen(uint256 termsId);
    /// @notice Debt under these terms is overdue: collateral is released once nothing is owed.
    error DebtOverdue(uint256 termsId);
    /// @notice The terms are adopted already.
    error TermsKnown(uint256 termsId);
    /// @notice A position may be liquidated sooner by consent, not later: `lltv` below the market's, 1 at most with the bonus.
    error InvalidConsent(uint256 lltv, uint256 bonus);
    /// @notice This market has no auctions: liquidate at a discount.
    error NoAuctions();
    /// @notice The position is marked already: see `resolutionOf`.
    error AlreadyMarked(uint256 markedAt);
    /// @notice The position is not marked, or still in default.
    error CannotUnmark();
    /// @notice Until `until` preferred buyers alone may buy; `setPreferredBuyer` names them.
    error PreferredBuyersOnly(uint256 until);
    /// @notice Only the market's workout may call, and only for a position whose auction has ended.
    error NotInWorkout(address caller, Phase phase);
    /// @notice `inWorkout` of collateral is with the workout: what it brings comes before any loss.
    error WorkoutPending(uint256 inWorkout);
    /// @notice The position still has collateral, which pays before debt is written off.
    error CollateralLeft(uint256 collateral);
    /// @notice A ramp takes between `least` and `most` seconds.
    error RampDuration(uint256 duration, uint256 least, uint256 most);
    /// @notice The authorisation was signed for nonce `expected`, or its deadline has passed: sign a new one.
    error AuthorisationOutdated(uint256 nonce, uint256 expected, uint256 deadline);
    /// @notice The authorisation is not signed by its owner.
    error AuthorisationNotSigned(address owner);
    /// @notice The source was made for another market.
    error SourceOfAnotherMarket(address market);

    /* USERS */

    /// @notice Adds `amount` of the caller's collateral to the position of `owner`. Needs no price.
    /// @dev Does not restart the cool-off.
    function addCollateral(address owner, uint256 termsId, uint256 amount) external;

    /// @notice Removes collateral to `receiver`. With debt left it needs a fresh NAV and stays within `maxLtv`; without
    /// debt it needs no price. An owner whose identity has expired may remove to himself, once he owes nothing.
    function removeCollateral(address owner, uint256 termsId, uint256 amount, address receiver) external;

    /// @notice Borrows `assets` to `receiver`.
    /// @return scaled the scaled debt taken on, rounded up.
    function borrow(address owner, uint256 termsId, uint256 assets, address receiver) external returns (uint256 scaled);

    /// @notice Repays up to `assets` of anyone's debt from the caller, who has approved `source()`. More than is owed is
    /// clipped to what is owed, so that the largest number repays all and nobody's earlier repayment makes this fail.
    /// @return repaid assets taken from the caller.
    function repay(address owner, uint256 termsId, uint256 assets) external returns (uint256 repaid);

    /// @notice Liquidates up to `maxRepay` of a position that is unhealthy, overdue, or in the band its owner consented to; the
    /// caller has approved `source()` and receives at least `minSeized` of collateral at `receiver`. At a discount, and while the
    /// position is marked at what the phase of its resolution asks: `liquidationQuote` tells.
    /// @param data where not empty, the caller is called back (`ILiquidationCallback`) after it received the collateral and
    /// before it pays.
    function liquidate(
        address owner,
        uint256 termsId,
        uint256 maxRepay,
        uint256 minSeized,
        address receiver,
        bytes calldata data
    ) external returns (uint256 repaid, uint256 seized, uint256 loss);

    /// @notice Lets `operator` borrow and remove collateral for the caller, or no longer.
    function setAuthorisation(address operator, bool authorised) external;

    /// @notice The same for whoever signed it (EIP-712; contracts by ERC-1271). Anybody may bring it, once.
    function setAuthorisationWithSig(Authorisation calldata authorisation, bytes calldata signature) external;

    /// @notice Lets liquidators act on the caller's position above `lltv`, for `bonus`, both wad, before it is unhealthy; zeros
    /// take it back.
    function setConsent(uint256 termsId, uint64 lltv, uint64 bonus) external;

    /// @notice Takes over terms that the registry publishes for this market. Anybody may, once; debt under them grows from now.
    function adoptTerms(uint256 termsId) external;

    /// @notice Marks a position in default, unhealthy or overdue: preferred buyers have the sale window, then an auction
    /// follows, and no discount is given meanwhile. For whoever may liquidate, but the owner.
    function mark(address owner, uint256 termsId) external;

    /// @notice Takes the mark off a position that is no longer in default. Anybody may.
    function unmark(address owner, uint256 termsId) external;

    /// @notice Books what is owed by a position without collateral as a loss. Anybody may.
    /// @return loss in assets.
    function writeOff(address owner, uint256 termsId) external returns (uint256 loss);

    /* WORKOUT */

    /// @notice Hands `amount` of a position's collateral to the workout, which redeems it with the issuer. Workout only, for a
    /// position in default whose auction has ended.
    function startWorkout(address owner, uint256 termsId, uint256 amount) external;

    /// @notice The proceeds of `amount` have come, or never will. Workout only.
    function endWorkout(address owner, uint256 termsId, uint256 amount) external;

    /// @notice Takes `amount` out of one position's collateral by order of law and hands it to `receiver`, who must be
    /// eligible to hold. Restricted to the asset's agent.
    /// @dev Collateral only: the debt stays, whole. Asks for no price and no health, since the law does not; restarts no
    /// cool-off, so that a position left unhealthy may be liquidated at once, and one left without collateral is closed
    /// by `liquidate` at a loss. Passes whatever the owner's standing.
    function forceSeize(address owner, uint256 termsId, uint256 amount, address receiver) external;

    /// @notice Writes the index, settles interest and sets the rate for the next stretch. Anybody may, any time.
    function checkpoint() external;

    /// @notice Levels the free parts of the debt caps over the lanes, once one is out of level by `rebalancing`'s threshold and an
    /// interval has passed. Anybody may; nobody's debt or room changes.
    function rebalance() external;

    /// @notice Assesses what threatens to be lost in a position: the loss that closing it in full at the lower of accepted and
    /// pending NAV would leave, if it would, else nothing. Anybody may, any time, in both directions; lenders who leave
    /// leave at the price after it.
    /// @return unrealised in assets.
    function impair(address owner, uint256 termsId) external returns (uint256 unrealised);

    /* GOVERNANCE */

    /// @notice Raises the debt cap by `scaled`, in units of scaled debt. Restricted.
    function raiseDebtCap(uint256 scaled) external;

    /// @notice Cuts the debt cap by `scaled`. What is used already stays until repaid. Restricted.
    function cutDebtCap(uint256 scaled) external;

    /// @notice Stops new debt. Restricted.
    function pauseNewDebt() external;

    /// @notice Allows new debt again. Restricted.
    function resumeNewDebt() external;

    /// @notice Moves the liquidation loan-to-value to `target`, wad, linearly within `duration` seconds; the one up to which debt
    /// may be taken on moves in proportion. Restricted.
    function rampLltv(uint64 target, uint32 duration) external;

    /// @notice Lets `buyer` buy in the sale window of a marked position, or no longer. Restricted.
    function setPreferredBuyer(address buyer, bool preferred) external;

    /* VIEWS */

    function collateralToken() external view returns (address);

    function loanToken() external view returns (address);

    /// @notice Where loans come from; whoever repays or liquidates approves it.
    function source() external view returns (address);

    function oracle() external view returns (address);

    function registry() external view returns (address);

    function rateModel() external view returns (address);

    function parameters() external view returns (Parameters memory);

    /// @notice The custodian that holds the collateral of `lane`.
    function custodian(uint256 lane) external view returns (address);

    function positionOf(address owner, uint256 termsId) external view returns (Position memory);

    /// @notice What a position owes now, rounded up.
    function debtOf(address owner, uint256 termsId) external view returns (uint256);

    /// @notice The value of `collateral` at the NAV in force, in the loan token, rounded down.
    function collateralValue(uint256 collateral) external view returns (uint256);

    /// @notice The health factor at the NAV in force, wad; the largest number without debt.
    function healthOf(address owner, uint256 termsId) external view returns (uint256);

    /// @notice What a liquidation of this position would do at the NAV in force. Reverts as `liquidate` would.
    function liquidationQuote(
        address owner,
        uint256 termsId
    ) external view returns (LiquidationMath.Quote memory quote, uint256 seized);

    /// @notice The variable debt index now, wad.
    function borrowIndex() external view returns (uint256);

    /// @notice The index under `termsId` now, penalty included, in units of 1 / `INDEX_ONE` (`IndexMath`).
    function indexOf(uint256 termsId) external view returns (uint256);

    function accrual() external view returns (Accrual memory);

    function rateState() external view returns (RateState memory);

    /// @notice What threatens to be lost in a position, as last assessed.
    function impairmentOf(address owner, uint256 termsId) external view returns (uint256);

    /// @notice What all positions owe, penalties left out, rounded down. Reads 32 slots, 96 where there are fixed terms. Reverts in
    /// a liquidator's callback, when it is half done; so do the two below.
    function totalDebt() external view returns (uint256);

    /// @notice What all positions under fixed terms owe, penalties left out, rounded down. Reads 64 slots.
    function totalFixedDebt() external view returns (uint256);

    /// @notice What positions may come to owe under all caps, rounded up, in assets.
    function exposureCap() external view returns (uint256);

    /// @notice Reads 32 slots.
    function totalCollateral() external view returns (uint256);

    /// @notice All losses ever booked. Reads 32 slots.
    function totalLoss() external view returns (uint256);

    /// @notice One lane: variable scaled debt, free cap on it, collateral, losses.
    function laneOf(
        uint256 lane
    ) external view returns (uint256 scaledDebt, uint256 freeCap, uint256 collateral, uint256 loss);

    /// @notice One lane's fixed debt: scaled, free cap on it, and what it owes now without penalties, rounded down.
    function fixedLaneOf(uint256 lane) external view returns (uint256 scaledDebt, uint256 freeCap, uint256 debt);

    /// @notice One lane's scaled debt under `termsId` and its free part of these terms' cap.
    function termsLaneOf(uint256 termsId, uint256 lane) external view returns (uint256 scaledDebt, uint256 freeCap);

    /// @notice The cap on variable scaled debt, and by how much a cut left use above it.
    function debtCap() external view returns (uint256 cap, uint256 overhang);

    /// @notice The same for fixed scaled debt, as the last checkpoint set it.
    function fixedDebtCap() external view returns (uint256 cap, uint256 overhang);

    /// @notice Whether new debt is paused, and whether a loss waits to be covered.
    function newDebtStops() external view returns (bool paused, bool lossNotCovered);

    function controls() external view returns (Controls memory);

    function termsOf(uint256 termsId) external view returns (AdoptedTerms memory);

    function consentOf(address owner, uint256 termsId) external view returns (Consent memory);

    /// @notice How far the resolution of a position is: the phase it is in, when that ends (the largest number where it does
    /// not), and what is stored.
    function resolutionOf(
        address owner,
        uint256 termsId
    ) external view returns (Phase phase, uint256 until, Resolution memory stored);

    function isPreferredBuyer(address account) external view returns (bool);

    /// @notice The number that the next signed authorisation of `owner` carries.
    function authorisationNonce(address owner) external view returns (uint256);

    /// @notice Where collateral in default is redeemed; zero: nowhere.
    function workout() external view returns (address);

    function termsRegistry() external view returns (address);

    function isAuthorised(address owner, address operator) external view returns (bool);
}

/// @title ILiquidationCallback
/// @notice What a liquidator without capital implements: it holds the collateral already and must have the repayment
/// ready, approved to the market's source, when it returns.
interface ILiquidationCallback {
    function onLiquidation(uint256 repaid, uint256 seized, bytes calldata data) external;
}
