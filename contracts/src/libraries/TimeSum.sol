// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title TimeSum
/// @notice The integral of a value over time, kept beside the value and brought up to date before each change of it. The
/// difference of two readings by the seconds between them is the average: a value that stands for a moment hardly counts.
library TimeSum {
    using SafeCast for uint256;

    struct Sum {
        uint200 sum; //     25 bytes: value * seconds up to `touchedAt`
        uint48 touchedAt; // 6 bytes
        uint8 touches; //    1 byte: modulo 256, so that each touch changes the slot
    }

    /// @notice Adds the time that `value` stood since the last change. To be called before the value changes.
    /// @dev Costs the same within the second of the last touch, so that a gas estimate of this second holds in the next.
    function touch(Sum storage self, uint256 value) internal {
        uint200 sum = at(self, value).toUint200();
        self.sum = sum;
        self.touchedAt = uint48(block.timestamp);
        unchecked {
            ++self.touches;
        }
    }

    /// @notice The integral up to now, with `value` standing since the last change.
    function at(Sum storage self, uint256 value) internal view returns (uint256) {
        return self.sum + value * (block.timestamp - self.touchedAt);
    }
}
