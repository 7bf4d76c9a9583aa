// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ILendingWorld} from "./ILendingWorld.sol";

/// @title ISurroundingsHandler
/// @notice What a test asks of `SurroundingsHandler`, beside its acts.
interface ISurroundingsHandler {
    function world() external view returns (ILendingWorld);

    /// @notice What was found broken first, by the invariant's number; empty where nothing was.
    function broken(string calldata invariant_) external view returns (string memory);

    /// @notice Dollars taken within a window of the inflow cap.
    function inflow(uint256 window) external view returns (uint256);
}
