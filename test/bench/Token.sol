// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title Token
/// @notice The field's usual ERC-20, for the benchmark's transfers. Its balances are set in storage before the run.
contract Token is ERC20 {
    constructor() ERC20("Benchmark", "BENCH") {}
}
