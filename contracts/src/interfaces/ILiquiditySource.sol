// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ILiquiditySource
/// @notice Where a market's loans come from and repayments go to. `MintFacility` mints and burns pUSD; a lenders' pool
/// stands behind the same interface. Each source serves one market.
interface ILiquiditySource {
    /// @notice Only the market of this source may call.
    error NotTheMarket(address caller, address market);

    /// @notice The market this source serves.
    function market() external view returns (address);

    /// @notice The token lent. Its payers approve this source, not the market.
    function asset() external view returns (address);

    /// @notice Hands `assets` to `receiver`, in the lane of `owner`. Market only.
    function lend(address owner, address receiver, uint256 assets) external;

    /// @notice Takes `assets` from `payer`, by its allowance to this source, in the lane of `owner`. Market only.
    function collect(address owner, address payer, uint256 assets) external;

    /// @notice Called at each checkpoint with what all performing positions owe, rounded down. Market only.
    /// @return profit assets paid out to the surplus now.
    /// @return shortfall assets this source has out beyond what is owed: a loss nobody has covered yet.
    function settle(uint256 totalDebt) external returns (uint256 profit, uint256 shortfall);

    /// @notice Called at each checkpoint: the cash that could have been lent besides, on average since the
    /// last such call; the largest number where the debt cap alone bounds what is lent. Market only.
    function averageCash() external returns (uint256);

    /// @notice Pays `assets` of the caller's into this source against losses. Anyone may.
    function recover(uint256 assets) external;

    /// @notice A liquidation left `realised` of debt that nobody will pay; `unrealised` is what threatens to be lost in all
    /// other positions together. Market only.
    /// @return uncovered what nobody has borne yet: while there is such a loss, the market gives no new debt.
    function recordLoss(uint256 realised, uint256 unrealised) external returns (uint256 uncovered);
}
