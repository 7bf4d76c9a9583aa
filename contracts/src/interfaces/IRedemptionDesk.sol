// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC7540Redeem} from "./IERC7540.sol";

/// @title IRedemptionDesk
/// @notice An issuer's redemption: an asynchronous vault (ERC-7540) that redeems and takes no deposits. The issuer names the
/// price of each request when it pays for it, so there is none to preview or to convert at.
interface IRedemptionDesk is IERC7540Redeem {
    /// @dev Known by its number, from 1.
    struct Request {
        address controller; // 20 bytes
        bool fulfilled; //      1 byte
        uint128 shares; //     16 bytes: not claimed yet
        uint128 assets; //     16 bytes: paid and not claimed yet
    }

    /// @notice The issuer paid `assets` for the `shares` of a request and took these.
    event RequestFulfilled(
        uint256 indexed requestId,
        address indexed controller,
        address indexed agent,
        uint256 shares,
        uint256 assets
    );
    /// @notice Of a request `shares` were claimed, for `assets`.
    event RequestClaimed(uint256 indexed requestId, address indexed controller, uint256 shares, uint256 assets);
    /// @notice As in ERC-4626; `owner` is the controller.
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );

    /// @notice `caller` is neither `account` nor its operator: have it call `setOperator`.
    error NotOperator(address account, address caller);
    /// @notice An operator is somebody else.
    error OperatorOfItself();
    /// @notice An address is zero.
    error ZeroAddress();
    /// @notice An amount is zero.
    error ZeroAmount();
    /// @notice The request does not exist, or was paid already.
    error NotPending(uint256 requestId);
    /// @notice `controller` may claim `available`: ask for no more, or wait until the issuer has paid.
    error ExceedsClaimable(address controller, uint256 requested, uint256 available);
    /// @notice This desk redeems only: the token is bought from its issuer.
    error DepositsUnsupported();
    /// @notice The price is the issuer's to name when it pays: there is nothing to preview (ERC-7540).
    error PreviewUnsupported();

    /// @notice Pays `assets` of the caller's for the whole request and hands the caller its shares. Restricted to the issuer's
    /// agent, who must be on record as a holder.
    function fulfil(uint256 requestId, uint256 assets) external;

    /// @notice Claims exactly `assets` of what `controller` may claim, for `shares`, rounded up.
    function withdraw(uint256 assets, address receiver, address controller) external returns (uint256 shares);

    /// @notice All assets that `controller` may claim, of all its requests.
    function maxWithdraw(address controller) external view returns (uint256 assets);

    function requestOf(uint256 requestId) external view returns (Request memory);

    /* UNSUPPORTED */

    function deposit(uint256 assets, address receiver) external returns (uint256 shares);

    function mint(uint256 shares, address receiver) external returns (uint256 assets);

    /// @notice Zero.
    function maxDeposit(address receiver) external view returns (uint256);

    /// @notice Zero.
    function maxMint(address receiver) external view returns (uint256);

    function previewDeposit(uint256 assets) external view returns (uint256);

    function previewMint(uint256 shares) external view returns (uint256);

    function previewRedeem(uint256 shares) external view returns (uint256);

    function previewWithdraw(uint256 assets) external view returns (uint256);
}
