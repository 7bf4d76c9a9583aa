// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IndexMath} from "../../../contracts/src/libraries/IndexMath.sol";
import {Lanes} from "../../../contracts/src/libraries/Lanes.sol";
import {LiquidationMath} from "../../../contracts/src/libraries/LiquidationMath.sol";

/// @title MathHarness
/// @notice Opens the pure libraries to tests, many values in one call.
contract MathHarness {
    function exp(int256[] calldata x) external pure returns (int256[] memory y) {
        y = new int256[](x.length);
        for (uint256 i = 0; i < x.length; ++i) y[i] = FixedPointMathLib.expWad(x[i]);
    }

    function grow(
        uint256 index,
        uint256 ratePerYear,
        uint256[] calldata elapsed
    ) external pure returns (uint256[] memory grown) {
        grown = new uint256[](elapsed.length);
        for (uint256 i = 0; i < elapsed.length; ++i) grown[i] = IndexMath.grow(index, ratePerYear, elapsed[i]);
    }

    function laneOf(address owner) external pure returns (uint256) {
        return Lanes.laneOf(owner);
    }

    function quotes(
        uint256[] calldata values,
        uint256[] calldata debts,
        LiquidationMath.Terms calldata terms
    ) external pure returns (LiquidationMath.Quote[] memory results) {
        results = new LiquidationMath.Quote[](values.length);
        for (uint256 i = 0; i < values.length; ++i) {
            results[i] = LiquidationMath.quote(values[i], debts[i], terms);
        }
    }
}
