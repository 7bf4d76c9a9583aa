// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LaneEscrow} from "../../../contracts/src/libraries/LaneEscrow.sol";
import {LANES} from "../../../contracts/src/libraries/Lanes.sol";

/// @title EscrowHarness
/// @notice Opens the escrow library to tests, which compare it with the bigint model.
contract EscrowHarness {
    using LaneEscrow for LaneEscrow.Book;

    LaneEscrow.Book private _book;

    function take(uint256 lane, uint256 amount) external {
        _book.take(lane, amount);
    }

    function release(uint256 lane, uint256 amount) external {
        _book.release(lane, amount);
    }

    function raise(uint256 amount) external {
        _book.raise(amount);
    }

    function cut(uint256 amount) external {
        _book.cut(amount);
    }

    function rebalance() external {
        _book.rebalance();
    }

    function imbalance() external view returns (uint256) {
        return _book.imbalance();
    }

    function state()
        external
        view
        returns (uint256[LANES] memory used, uint256[LANES] memory free, uint256 cap, uint256 overhang)
    {
        for (uint256 lane = 0; lane < LANES; ++lane) {
            used[lane] = _book.lanes[lane].used;
            free[lane] = _book.lanes[lane].free;
        }
        return (used, free, _book.cap, _book.overhang);
    }
}
