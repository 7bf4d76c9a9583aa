// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

/// @title Batch
/// @notice Several calls of one account in one transaction, all or none, with the permits they need. Who calls stays who calls.
abstract contract Batch is Multicall {
    /// @notice `token` refused the permit, and the allowance of `spender` is `allowance`, less than `value`: sign a new one.
    error PermitRefused(address token, address spender, uint256 allowance, uint256 value);

    /// @notice Uses the caller's permit of `token` for `spender` (EIP-2612).
    /// @dev Anybody who sees it can bring it first. What counts is the allowance.
    function permitToken(
        address token,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        // solhint-disable-next-line no-empty-blocks
        try IERC20Permit(token).permit(msg.sender, spender, value, deadline, v, r, s) {} catch {
            uint256 allowance = IERC20(token).allowance(msg.sender, spender);
            require(allowance >= value, PermitRefused(token, spender, allowance, value));
        }
    }
}
