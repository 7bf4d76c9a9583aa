// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title Standing
/// @notice What an account may do now, as one word of bits: one call tells everything, and who asks needs no clock.
library Standing {
    /// On record, whatever else holds.
    uint256 internal constant KNOWN = 1 << 0;
    /// Record has not expired.
    uint256 internal constant VALID = 1 << 1;
    /// Frozen by the registrar: may neither send nor receive.
    uint256 internal constant FROZEN = 1 << 2;
    /// May receive permissioned tokens.
    uint256 internal constant HOLD = 1 << 3;
    /// May take on debt.
    uint256 internal constant BORROW = 1 << 4;
    /// May liquidate others and receive what it buys.
    uint256 internal constant LIQUIDATE = 1 << 5;
    /// A market's custodian: holds for others, is no person.
    uint256 internal constant CUSTODIAN = 1 << 6;

    function has(uint256 standing, uint256 bits) internal pure returns (bool) {
        return standing & bits == bits;
    }
}
