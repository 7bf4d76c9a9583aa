// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Holders} from "./Holders.sol";
import {Savers} from "./Savers.sol";
import {Swappers} from "./Swappers.sol";

/// @title SurroundingsHandler
/// @notice Everybody who acts around the markets: at the peg, in savings, behind losses, with the asset's token and its NAV.
contract SurroundingsHandler is Swappers, Savers, Holders {}
