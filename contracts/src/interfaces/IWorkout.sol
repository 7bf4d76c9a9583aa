// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title IWorkout
/// @notice The last resort for a market's positions in default: their collateral is redeemed with the issuer, what comes pays
/// their debt, and what is left goes to their owner.
interface IWorkout {
    /// @dev One redemption, known by its controller: an account made for it alone, under which the desk keeps its proceeds.
    struct Redemption {
        address desk; //     20 bytes
        bool abandoned; //    1 byte
        address owner; //    20 bytes
        uint256 termsId;
        uint256 requestId; // the desk's
        uint256 shares; //    collateral not claimed yet
    }

    event RedemptionRequested(
        address indexed controller,
        address indexed desk,
        address indexed owner,
        uint256 termsId,
        uint256 requestId,
        uint256 shares
    );
    /// @notice `assets` came for `shares`; `repaid` of them paid the debt, the rest went to the owner.
    event RedemptionSettled(
        address indexed controller,
        address indexed owner,
        uint256 indexed termsId,
        uint256 shares,
        uint256 assets,
        uint256 repaid
    );
    /// @notice The issuer will not pay for `shares`: what is owed can be written off.
    event RedemptionAbandoned(
        address indexed controller,
        address indexed owner,
        uint256 indexed termsId,
        uint256 shares
    );

    /// @notice The desk redeems another token, or pays another than the market lends.
    error WrongDesk(address desk);
    /// @notice No redemption has this controller, or it was claimed in full or given up already.
    error UnknownRedemption(address controller);
    /// @notice The issuer has not paid yet: nothing can be claimed.
    error NothingClaimable(address controller);

    /// @notice Takes `shares` of collateral of a position whose auction has ended out of the market and asks `desk` to
    /// redeem them. Restricted to the servicer.
    function redeem(address desk, address owner, uint256 termsId, uint256 shares) external returns (address controller);

    /// @notice Claims what the issuer has paid, repays the position's debt, hands the rest to its owner. Anybody may.
    function settle(address controller) external returns (uint256 assets, uint256 repaid);

    /// @notice Gives up on a redemption that the issuer does not honour, so that what is owed can be written off. What it still
    /// pays later goes to who bore the loss, by `settle`. Restricted to the servicer.
    function abandon(address controller) external;

    function market() external view returns (address);

    function redemptionOf(address controller) external view returns (Redemption memory);
}
