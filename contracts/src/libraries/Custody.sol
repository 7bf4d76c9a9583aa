// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Custody
/// @notice Where a contract's custodians are: its first 32 creations. Their addresses are computed, not stored.
library Custody {
    /// @notice The address of the custodian of `lane` made by `maker` as its creation number `lane + 1`.
    /// @dev CREATE (Yellow Paper, section 7): the right 20 bytes of keccak256(rlp([maker, nonce])), nonces from 1 (EIP-161);
    /// below 128 the list is 0xd6, 0x94, maker, nonce.
    function custodianOf(address maker, uint256 lane) internal pure returns (address) {
        bytes32 hash = keccak256(abi.encodePacked(bytes2(0xd694), maker, bytes1(uint8(lane + 1))));
        return address(uint160(uint256(hash)));
    }
}
