// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC7540Redeem} from "../../../contracts/src/interfaces/IERC7540.sol";

/// @title FalseDesk
/// @notice Takes what is to be redeemed and never pays.
contract FalseDesk is IERC7540Redeem {
    // solhint-disable-next-line immutable-vars-naming
    address public immutable share;
    // solhint-disable-next-line immutable-vars-naming
    address public immutable asset;

    constructor(address share_, address asset_) {
        (share, asset) = (share_, asset_);
    }

    function requestRedeem(uint256 shares, address, address owner) external returns (uint256) {
        SafeERC20.safeTransferFrom(IERC20(share), owner, address(this), shares);
        return 1;
    }

    function redeem(uint256, address, address) external pure returns (uint256) {
        return 0;
    }

    function claimableRedeemRequest(uint256, address) external pure returns (uint256) {
        return 0;
    }

    function pendingRedeemRequest(uint256, address) external pure returns (uint256) {
        return 0;
    }

    function maxRedeem(address) external pure returns (uint256) {
        return 0;
    }

    function setOperator(address controller, bool approved) external returns (bool) {
        emit OperatorSet(msg.sender, controller, approved);
        return true;
    }

    function isOperator(address, address) external pure returns (bool) {
        return true;
    }

    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return interfaceId == type(IERC165).interfaceId;
    }
}
