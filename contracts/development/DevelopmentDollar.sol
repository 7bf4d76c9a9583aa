// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title DevelopmentDollar
/// @notice Stands in for USDC on a development chain: 6 decimals, permits, and anybody takes as much as he likes.
/// @dev Warning: worthless, and so is whatever a peg module takes it for. The deployment makes one on a development chain
/// alone; on any other it is told which dollar token there is.
contract DevelopmentDollar is ERC20, ERC20Permit {
    constructor() ERC20("Development Dollar", "devUSD") ERC20Permit("Development Dollar") {}

    /// @notice Gives `amount` to `to`. Anybody may, of any amount.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice As USDC.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
