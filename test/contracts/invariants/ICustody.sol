// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ICustody
/// @notice What a treasury has that keeps its cash with one custodian per lane.
interface ICustody {
    function custodian(uint256 lane) external view returns (address);

    function cashOf(uint256 lane) external view returns (uint256);
}
