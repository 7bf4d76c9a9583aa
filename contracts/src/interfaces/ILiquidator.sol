// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ILiquidationCallback, IMarket} from "./IMarket.sol";

/// @title ILiquidator
/// @notice Liquidates without capital: takes the collateral, sells it, repays out of the proceeds and hands the rest to the
/// keeper who called. For its owner and the keepers he names; holds nothing between calls.
/// @dev A market lets it liquidate once the registry has it on record as a liquidator, and a permissioned token passes on
/// to venues alone that are on record as holders. Nobody should give it an allowance: its keepers choose what it calls.
interface ILiquidator is ILiquidationCallback {
    /// @dev How the collateral is sold.
    struct Sale {
        /// Takes the collateral by allowance and pays the loan token to this contract, in one call.
        address venue;
        /// What it is called with.
        bytes data;
        /// Where in `data`, in bytes, the amount of collateral belongs, which is known at the sale only; 0: nowhere.
        uint256 amountAt;
    }

    event KeeperSet(address indexed keeper, bool allowed);
    event Executed(
        address indexed keeper,
        address indexed market,
        address indexed owner,
        uint256 termsId,
        uint256 repaid,
        uint256 seized,
        uint256 profit
    );

    /// @notice `caller` is no keeper of this contract: its owner calls `setKeeper`.
    error NotAKeeper(address caller);
    /// @notice Nobody but the market that is being liquidated in calls back.
    error NotLiquidating(address caller);
    /// @notice A sale calls a venue, not the market, its source or the tokens.
    error NotAVenue(address venue);
    /// @notice `amountAt` lies outside of the data: it takes 32 bytes, after the selector.
    error AmountOutsideData(uint256 amountAt, uint256 length);
    /// @notice The sale brought `proceeds`, the market takes `repaid`.
    error SaleTooLow(uint256 proceeds, uint256 repaid);
    /// @notice The profit would be `profit`, less than the `minimum` asked for.
    error ProfitTooLow(uint256 profit, uint256 minimum);

    /// @notice Liquidates up to `maxRepay` of a position, sells what that brings and hands the caller the rest, at least
    /// `minProfit` of the loan token. For the owner and his keepers.
    /// @return profit in the loan token.
    function liquidate(
        IMarket market,
        address owner,
        uint256 termsId,
        uint256 maxRepay,
        uint256 minProfit,
        Sale calldata sale
    ) external returns (uint256 profit);

    /// @notice Lets `keeper` use this contract, or no longer. For the owner.
    function setKeeper(address keeper, bool allowed) external;

    function isKeeper(address account) external view returns (bool);
}
