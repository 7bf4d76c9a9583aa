// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LiquidationMath} from "../libraries/LiquidationMath.sol";

/// @title IMarket
/// @notice Loans in one stablecoin against one real-world asset. Amounts of debt are in the loan token's smallest unit,
/// amounts of collateral in the collateral token's, ratios in wad, rates per year.
interface IMarket {
    /// @dev One slot. Debt is `scaledDebt * index`, rounded up.
    struct Position {
        uint104 collateral; //       13 bytes
        uint104 scaledDebt; //       13 bytes
        uint48 healthCheckedAt; //    6 bytes: when an operation last passed a health check; the cool-off runs from it
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

    /// @dev One slot, written by `checkpoint` only: what the rate is computed from.
    struct RateState {
        uint128 debtTime; //    16 bytes: the integral of scaled debt over time at the last checkpoint
        uint64 utilisation; //   8 bytes, wad: the average over the last hour or the last stretch, whichever is longer
        uint64 rateAtTarget; //  8 bytes, wad per year: the adaptive part
    }

    /// @dev Fixed at deployment.
    struct Parameters {
        /// Debt may be taken on, and collateral removed, up to this loan-to-value.
        uint64 maxLtv;
        /// What liquidations follow; its `lltv` is above `maxLtv`.
        LiquidationMath.Terms liquidation;
        /// Seconds after a passed health check in which a position is not liquidated.
        uint32 coolOff;
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
    /// @notice No position can be opened under these terms here; 0 is the variable rate.
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
    /// @notice The position is healthy: its health factor is at least 1.
    error NotLiquidatable(uint256 health);
    /// @notice The position passed a health check just now and is not liquidated before `until`.
    error CoolingOff(uint256 until);
    /// @notice This position can only be closed in full: offer at least `required`.
    error MustCloseInFull(uint256 required);
    /// @notice The liquidator asked for `minimum` of collateral at least.
    error SeizedTooLittle(uint256 seized, uint256 minimum);
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

    /// @notice Liquidates up to `maxRepay` of an unhealthy position; the caller has approved `source()` and receives
    /// at least `minSeized` of collateral at `receiver`.
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

    /// @notice Takes `amount` out of one position's collateral by order of law and hands it to `receiver`, who must be
    /// eligible to hold. Restricted to the asset's agent.
    /// @dev Collateral only: the debt stays, whole. Asks for no price and no health, since the law does not; restarts no
    /// cool-off, so that a position left unhealthy may be liquidated at once, and one left without collateral is closed
    /// by `liquidate` at a loss. Passes whatever the owner's standing.
    function forceSeize(address owner, uint256 termsId, uint256 amount, address receiver) external;

    /// @notice Writes the index, settles interest and sets the rate for the next stretch. Anybody may, any time.
    function checkpoint() external;

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

    /// @notice The debt index now, wad.
    function borrowIndex() external view returns (uint256);

    function accrual() external view returns (Accrual memory);

    function rateState() external view returns (RateState memory);

    /// @notice What threatens to be lost in a position, as last assessed.
    function impairmentOf(address owner, uint256 termsId) external view returns (uint256);

    /// @notice What all positions owe, rounded down. Reads 32 slots. Reverts in a liquidator's callback, when it is half done.
    function totalDebt() external view returns (uint256);

    /// @notice Reads 32 slots.
    function totalCollateral() external view returns (uint256);

    /// @notice All losses ever booked. Reads 32 slots.
    function totalLoss() external view returns (uint256);

    /// @notice One lane: scaled debt, free scaled debt cap, collateral, losses.
    function laneOf(
        uint256 lane
    ) external view returns (uint256 scaledDebt, uint256 freeCap, uint256 collateral, uint256 loss);

    /// @notice The cap on scaled debt, and by how much a cut left use above it.
    function debtCap() external view returns (uint256 cap, uint256 overhang);

    /// @notice Whether new debt is paused, and whether a loss waits to be covered.
    function newDebtStops() external view returns (bool paused, bool lossNotCovered);

    function isAuthorised(address owner, address operator) external view returns (bool);
}

/// @title ILiquidationCallback
/// @notice What a liquidator without capital implements: it holds the collateral already and must have the repayment
/// ready, approved to the market's source, when it returns.
interface ILiquidationCallback {
    function onLiquidation(uint256 repaid, uint256 seized, bytes calldata data) external;
}
