// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

// The library takes structs from memory.
// solhint-disable gas-calldata-parameters

import {LinearDebt} from "../../../contracts/src/libraries/LinearDebt.sol";
import {VestingPrice} from "../../../contracts/src/pool/VestingPrice.sol";

/// @title PriceHarness
/// @notice Opens what a pool's price and fixed debt come to at the time of the block, many at once.
contract PriceHarness {
    using LinearDebt for LinearDebt.Lane;
    using VestingPrice for VestingPrice.Price;

    struct Loan {
        uint256 scaled;
        uint256 ratePerYear;
        uint256 start;
    }

    LinearDebt.Lane private _lane;

    function prices(
        VestingPrice.Price[] memory p
    ) external view returns (uint256 now_, uint256[] memory vested, uint256[] memory redemption) {
        vested = new uint256[](p.length);
        redemption = new uint256[](p.length);
        for (uint256 i = 0; i < p.length; ++i) {
            (vested[i], redemption[i]) = (p[i].vestedPrice(), p[i].redemptionPrice());
        }
        return (block.timestamp, vested, redemption);
    }

    function rolls(
        VestingPrice.Price[] memory p,
        VestingPrice.Roll[] memory r,
        uint256 one
    ) external view returns (uint256 now_, VestingPrice.Price[] memory next, uint256[] memory fees) {
        next = new VestingPrice.Price[](p.length);
        fees = new uint256[](p.length);
        for (uint256 i = 0; i < p.length; ++i) (next[i], fees[i]) = p[i].roll(r[i], one);
        return (block.timestamp, next, fees);
    }

    function losses(
        VestingPrice.Price[] memory p,
        uint256[] calldata loss,
        uint256[] calldata shares
    ) external view returns (uint256 now_, VestingPrice.Price[] memory) {
        for (uint256 i = 0; i < p.length; ++i) p[i].lose(loss[i], shares[i]);
        return (block.timestamp, p);
    }

    /// @notice What a lane owes after all of `added` were, and of these the first `removed` taken away again.
    function lane(
        Loan[] calldata added,
        uint256 removed
    ) external returns (uint256 now_, uint256 withAll, uint256 exact) {
        for (uint256 i = 0; i < added.length; ++i) {
            _lane.add(added[i].scaled, added[i].ratePerYear, added[i].start);
        }
        withAll = _lane.exact();
        for (uint256 i = 0; i < removed; ++i) {
            _lane.subtract(added[i].scaled, added[i].ratePerYear, added[i].start);
        }
        return (block.timestamp, withAll, _lane.exact());
    }
}
