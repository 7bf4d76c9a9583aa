// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Vm
/// @notice The cheatcodes that these tests use, as Foundry defines them and Hardhat serves them: time, callers, signatures,
/// the slots that a call touches, and states to go back to.
interface Vm {
    function warp(uint256 timestamp) external;

    function prank(address caller) external;

    function startPrank(address caller) external;

    function stopPrank() external;

    function addr(uint256 privateKey) external pure returns (address);

    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);

    /// @notice The creation code in the artifact that `what` names, as path:name.
    function getCode(string calldata what) external view returns (bytes memory);

    function getNonce(address account) external view returns (uint64);

    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);

    /// @notice Records reads and writes of storage from now on.
    function record() external;

    /// @notice The slots of `target` read and written since `record`; a slot that was written counts as read too.
    function accesses(address target) external view returns (bytes32[] memory reads, bytes32[] memory writes);

    function load(address target, bytes32 slot) external view returns (bytes32);

    function snapshotState() external returns (uint256 id);

    function revertToState(uint256 id) external returns (bool);

    function assume(bool condition) external pure;

    function expectRevert(bytes4 error_) external;

    function expectPartialRevert(bytes4 error_) external;
}

/// @dev The address the cheatcodes answer at: the last 20 bytes of keccak256("hevm cheat code").
Vm constant VM = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);
