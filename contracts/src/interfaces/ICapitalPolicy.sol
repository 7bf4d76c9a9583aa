// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ICapitalPolicy
/// @notice What pUSD may come to be backed by, weighted by its risk, must be covered by surplus and backstop. Caps count,
/// not their use.
interface ICapitalPolicy {
    enum Kind {
        None,
        /// A market whose debt cap is in scaled debt (`IMarket`).
        Market,
        /// A peg module with a ceiling in its own token (`IPegModule`).
        Peg
    }

    struct Exposure {
        address target;
        Kind kind;
        /// Capital per unit of the cap, basis points.
        uint16 weightBps;
    }

    event ExposureSet(address indexed target, Kind kind, uint256 weightBps);
    event ExposureRemoved(address indexed target);
    event CapRaised(address indexed target, uint256 amount, uint256 requiredCapital, uint256 capital);

    /// @notice The caps need `required` of capital and there is `capital`: add to the surplus or the backstop, or cut caps.
    error NotCovered(uint256 required, uint256 capital);
    /// @notice `target` is not listed here as `kind`: `setExposure` lists it.
    error NotListed(address target, Kind kind);
    /// @notice `target` still has a cap: cut it to zero first.
    error StillExposed(address target, uint256 cap);
    /// @notice Only `limit` exposures are allowed, so that the sum stays readable.
    error TooManyExposures(uint256 limit);
    /// @notice A weight lies between 1 and 10,000 basis points, and the kind names one.
    error InvalidExposure();
    /// @notice An address is zero.
    error ZeroAddress();

    /// @notice Lists `target`, or changes its weight. Restricted.
    function setExposure(address target, Kind kind, uint16 weightBps) external;

    /// @notice Takes `target`, whose cap is zero, off the list. Restricted.
    function removeExposure(address target) external;

    /// @notice Raises a listed market's debt cap by `scaled`, and refuses where capital does not cover all caps then.
    /// Restricted; this contract must hold the right to raise.
    function raiseDebtCap(address market, uint256 scaled) external;

    /// @notice Raises a listed peg module's ceiling by `assets` likewise. Restricted.
    function raiseCeiling(address peg, uint256 assets) external;

    /// @notice Reverts with `NotCovered` where the caps need more than there is.
    function requireCovered() external view;

    /// @notice Capital that all caps need, pUSD, rounded up.
    function requiredCapital() external view returns (uint256);

    /// @notice Surplus and backstop, queued exits excluded, pUSD.
    function capital() external view returns (uint256);

    /// @notice Capital beyond what the caps need; 0 where they need more.
    function excess() external view returns (uint256);

    function exposures() external view returns (Exposure[] memory);

    /// @notice The cap of one exposure in pUSD, with what exceeds it after a cut.
    function capOf(address target) external view returns (uint256);
}
