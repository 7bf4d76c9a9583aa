// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title IERC7540Redeem
/// @notice The redeeming half of an asynchronous vault (ERC-7540), as an issuer offers it.
interface IERC7540Redeem is IERC165 {
    /// @notice Asks for the redemption of `shares` of `owner`, to be claimed by `controller`.
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId);

    /// @notice Shares of a request that can be claimed.
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);

    /// @notice Shares of a request that wait.
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);

    /// @notice Claims `shares` of what `controller` may claim.
    function redeem(uint256 shares, address receiver, address controller) external returns (uint256 assets);

    /// @notice The token that redemption pays.
    function asset() external view returns (address);

    /// @notice The token that is redeemed (ERC-7575).
    function share() external view returns (address);
}

/// @title IWorkout
/// @notice The last resort for a market's positions in default: their collateral is redeemed with the issuer, what comes pays
/// their debt, and what is left goes to their owner.
interface IWorkout {
    /// @dev One redemption, known by the issuer's desk and the number of the request there.
    struct Redemption {
        address owner; //    20 bytes
        bool abandoned; //    1 byte
        uint256 termsId;
        uint128 shares; //   16 bytes: collateral not claimed yet
    }

    event RedemptionRequested(
        address indexed desk,
        uint256 indexed requestId,
        address indexed owner,
        uint256 termsId,
        uint256 shares
    );
    /// @notice `assets` came for `shares`; `repaid` of them paid the debt, the rest went to the owner.
    event RedemptionSettled(
        address indexed desk,
        uint256 indexed requestId,
        address indexed owner,
        uint256 termsId,
        uint256 shares,
        uint256 assets,
        uint256 repaid
    );
    /// @notice The issuer will not pay for `shares`: what is owed can be written off.
    event RedemptionAbandoned(
        address indexed desk,
        uint256 indexed requestId,
        address indexed owner,
        uint256 termsId,
        uint256 shares
    );

    /// @notice The desk redeems another token, or pays another than the market lends.
    error WrongDesk(address desk);
    /// @notice No redemption runs under this number.
    error UnknownRedemption(address desk, uint256 requestId);
    /// @notice The issuer has not paid yet: nothing can be claimed.
    error NothingClaimable(address desk, uint256 requestId);

    /// @notice Takes `shares` of collateral of a position whose auction has ended out of the market and asks `desk` to
    /// redeem them. Restricted to the servicer.
    function redeem(address desk, address owner, uint256 termsId, uint256 shares) external returns (uint256 requestId);

    /// @notice Claims what the issuer has paid, repays the position's debt, hands the rest to its owner. Anybody may.
    function settle(address desk, uint256 requestId) external returns (uint256 assets, uint256 repaid);

    /// @notice Gives up on a redemption that the issuer does not honour, so that what is owed can be written off. What it still
    /// pays later goes to who bore the loss, by `settle`. Restricted to the servicer.
    function abandon(address desk, uint256 requestId) external;

    function market() external view returns (address);

    function redemptionOf(address desk, uint256 requestId) external view returns (Redemption memory);
}
