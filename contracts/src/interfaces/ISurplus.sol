// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ISurplus
/// @notice Where interest and fees arrive as pUSD, from where yield and premiums are paid, and the first to bear a loss.
interface ISurplus {
    event OutletsSet(address indexed savings, address indexed backstop, address indexed policy);
    event SharesSet(uint256 savingsBps, uint256 backstopBps);
    event Distributed(uint256 toSavings, uint256 toBackstop, uint256 kept);
    event LossCovered(
        address indexed facility,
        uint256 loss,
        uint256 fromSurplus,
        uint256 fromBackstop,
        uint256 fromSavings,
        uint256 uncovered
    );

    /// @notice The shares exceed the whole.
    error SharesAboveWhole(uint256 sumBps);
    /// @notice `facility` mints no pUSD: governance adds facilities to the stablecoin.
    error UnknownFacility(address facility);
    /// @notice `facility` has no shortfall now.
    error NoShortfall(address facility);
    /// @notice The savings vault, the backstop and the policy are not set yet: governance calls `setOutlets`.
    error NotConnected();
    /// @notice An address is zero.
    error ZeroAddress();

    /// @notice Pays the shares set, of what capital exceeds the caps' needs by, to savers and backstop. Anyone may, once per
    /// epoch of the savings vault.
    function distribute() external returns (uint256 toSavings, uint256 toBackstop);

    /// @notice Covers the shortfall of `facility`: from here, then from the backstop, then from the savers; what is left is
    /// a deficit, during which that facility's market gives no new loans. Anyone may.
    function coverLoss(address facility) external returns (uint256 covered);

    /// @notice Names who is paid and drawn from. Restricted.
    function setOutlets(address savings, address backstop, address policy) external;

    /// @notice Sets which part of the excess is paid to savers and backstop, basis points. Restricted.
    function setShares(uint256 savingsBps, uint256 backstopBps) external;

    function outlets() external view returns (address savings, address backstop, address policy);
    function shares() external view returns (uint256 savingsBps, uint256 backstopBps);
}
