// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ISurplus
/// @notice Where interest and fees arrive as pUSD, from where yield and premiums are paid, and the first to bear a loss.
interface ISurplus {
    event OutletsSet(address indexed savings, address indexed backstop, address indexed policy);
    event SharesSet(uint256 savingsBps, uint256 backstopBps);
    event Distributed(uint256 toSavings, uint256 toBackstop, uint256 kept);
    event PoolCoverSet(address indexed pool, bool covered);
    /// @notice `source`, a facility or a pool, lost `loss`: who bore how much of it. `uncovered` is a deficit where a facility lost
    /// it, and the lenders' where a pool did.
    event LossCovered(
        address indexed source,
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
    /// @notice `source` is no facility of the stablecoin and no pool of it that governance covers.
    error NotCovered(address source);
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

    /// @notice Hands up to `loss` to `receiver`, for a loss that the caller's market has just realised: from here, then from the
    /// backstop, then, where the caller is a facility, from the savers. Facilities and covered pools only.
    function bearLoss(uint256 loss, address receiver) external returns (uint256 borne);

    /// @notice Has surplus and backstop bear losses of `pool`, which lends pUSD, before its lenders do. Its market belongs into the
    /// capital policy first. Restricted.
    function coverPool(address pool) external;

    /// @notice Leaves losses of `pool` to its lenders. Restricted.
    function uncoverPool(address pool) external;

    /// @notice Names who is paid and drawn from. Restricted.
    function setOutlets(address savings, address backstop, address policy) external;

    /// @notice Sets which part of the excess is paid to savers and backstop, basis points. Restricted.
    function setShares(uint256 savingsBps, uint256 backstopBps) external;

    function isCovered(address pool) external view returns (bool);
    function outlets() external view returns (address savings, address backstop, address policy);
    function shares() external view returns (uint256 savingsBps, uint256 backstopBps);
}
