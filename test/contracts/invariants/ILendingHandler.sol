// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ILendingWorld} from "./ILendingWorld.sol";

/// @title ILendingHandler
/// @notice What a test asks of `LendingHandler`, beside its acts.
interface ILendingHandler {
    function world() external view returns (ILendingWorld);

    /// @notice What was found broken first, by the invariant's number; empty where nothing was.
    function broken(string calldata invariant_) external view returns (string memory);

    /// @notice How often an act succeeded.
    function done(string calldata act) external view returns (uint256);

    /// @notice Whether a position's collateral went by order of law.
    function seized(uint256 m, address owner, uint256 kind) external view returns (bool);

    /// @notice Pulls everything that governance, guardian, registrar, agent and attestors can pull. For who made the handler.
    function stopEverything() external;
}
