// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title IERC7540Operator
/// @notice Who may ask and claim for others (ERC-7540, 0xe3bc4e65).
interface IERC7540Operator {
    event OperatorSet(address indexed controller, address indexed operator, bool approved);

    /// @notice Lets `operator` ask for the caller's shares and claim what the caller controls, or no longer.
    function setOperator(address operator, bool approved) external returns (bool);

    function isOperator(address controller, address operator) external view returns (bool status);
}

/// @title IERC7540RedeemRequest
/// @notice Asking for a redemption (ERC-7540, 0x620ee8e4).
interface IERC7540RedeemRequest {
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );

    /// @notice Asks for the redemption of `shares` of `owner`, to be claimed by `controller`.
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId);

    /// @notice Shares of a request that wait.
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);

    /// @notice Shares of a request that can be claimed.
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);
}

/// @title IERC7540Redeem
/// @notice The redeeming half of an asynchronous vault (ERC-7540), as an issuer offers it.
interface IERC7540Redeem is IERC165, IERC7540Operator, IERC7540RedeemRequest {
    /// @notice Claims `shares` of what `controller` may claim.
    function redeem(uint256 shares, address receiver, address controller) external returns (uint256 assets);

    /// @notice All that `controller` may claim, of all its requests.
    function maxRedeem(address controller) external view returns (uint256 shares);

    /// @notice The token that redemption pays.
    function asset() external view returns (address);

    /// @notice The token that is redeemed (ERC-7575).
    function share() external view returns (address);
}
