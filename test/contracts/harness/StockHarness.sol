// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LANES} from "../../../contracts/src/libraries/Lanes.sol";
import {LaneStock} from "../../../contracts/src/libraries/LaneStock.sol";

/// @title StockHarness
/// @notice Opens the stock library to tests, which compare it with the bigint model.
contract StockHarness {
    using LaneStock for LaneStock.Book;

    LaneStock.Book private _book;

    /// @notice What the last `take` had the others give.
    uint256[] public given;

    function put(LaneStock.Refill calldata refill, uint256 lane, uint256 amount) external {
        _book.put(refill, lane, amount);
    }

    function take(LaneStock.Refill calldata refill, uint256 lane, uint256 amount) external {
        given = _book.take(refill, lane, amount, "stock");
    }

    function level(LaneStock.Refill calldata refill, uint256 total) external {
        _book.level(refill, total);
    }

    function lanes(LaneStock.Refill calldata refill) external view returns (uint256[LANES] memory free) {
        for (uint256 lane = 0; lane < LANES; ++lane) free[lane] = _book.freeOf(refill, lane);
    }
}
