// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LANES} from "./Lanes.sol";

/// @title LaneStock
/// @notice A quantity split over lanes that may be put into one lane and taken from another: cash, room under a ceiling,
/// or an allowance that is full again in every period. As in `LaneEscrow`, which also counts what each lane uses, an
/// operation that its lane can honour touches that lane's slot alone, and none is refused while all lanes together could.
///
/// Invariant: what was put in less what was taken = sum of the lanes (within a period, where there is a refill).
library LaneStock {
    using SafeCast for uint256;

    struct Lane {
        uint208 free; //   26 bytes
        uint48 period; //   6 bytes: the period `free` belongs to
    }

    struct Book {
        Lane[LANES] lanes;
    }

    /// @dev A lane last written in another period than `period` holds its even part of `quota`. A stock that is never
    /// refilled has period and quota 0.
    struct Refill {
        uint256 period;
        uint256 quota;
    }

    uint256 private constant NEAR_DONORS = 8;

    /// @notice All lanes together have `available` of `what` (text in 32 bytes): ask for that at most.
    error LanesExhausted(bytes32 what, uint256 requested, uint256 available);

    /* HOT PATH */

    /// @notice Takes `amount` out of `lane`: its own part first, then half of what each of up to eight neighbours has,
    /// in order, then from all others in proportion.
    /// @param what named in the refusal.
    /// @return given what each lane gave to `lane`; of length 0 where its own part sufficed and no other slot was touched.
    function take(
        Book storage book,
        Refill memory refill,
        uint256 lane,
        uint256 amount,
        bytes32 what
    ) internal returns (uint256[] memory given) {
        uint256 free = freeOf(book, refill, lane);
        if (free < amount) (free, given) = _gather(book, refill, lane, amount, what);
        _write(book, refill, lane, free - amount);
    }

    /// @notice Puts `amount` into `lane`.
    function put(Book storage book, Refill memory refill, uint256 lane, uint256 amount) internal {
        _write(book, refill, lane, freeOf(book, refill, lane) + amount);
    }

    /// @notice What `lane` holds now.
    function freeOf(Book storage book, Refill memory refill, uint256 lane) internal view returns (uint256) {
        Lane memory own = book.lanes[lane];
        return own.period == refill.period ? own.free : _part(refill.quota, lane);
    }

    /* COLD PATH: 32 slots */

    /// @notice Spreads `total` evenly, in place of what the lanes hold.
    function level(Book storage book, Refill memory refill, uint256 total) internal {
        for (uint256 lane = 0; lane < LANES; ++lane) _write(book, refill, lane, _part(total, lane));
    }

    /// @notice What all lanes hold.
    function sum(Book storage book, Refill memory refill) internal view returns (uint256 total) {
        for (uint256 lane = 0; lane < LANES; ++lane) total += freeOf(book, refill, lane);
    }

    /// @dev Returns what `lane` has after the others gave, at least `amount`; the caller writes it.
    function _gather(
        Book storage book,
        Refill memory refill,
        uint256 lane,
        uint256 amount,
        bytes32 what
    ) private returns (uint256 gathered, uint256[] memory given) {
        given = new uint256[](LANES);
        gathered = freeOf(book, refill, lane);
        for (uint256 step = 1; step <= NEAR_DONORS && gathered < amount; ++step) {
            uint256 donor = (lane + step) % LANES;
            uint256 free = freeOf(book, refill, donor);
            if (free == 0) continue;
            uint256 half = free - free / 2;
            given[donor] = half;
            gathered += half;
            _write(book, refill, donor, free - half);
        }
        if (gathered >= amount) return (gathered, given);

        uint256 missing = amount - gathered;
        uint256 elsewhere = sum(book, refill) - freeOf(book, refill, lane);
        require(missing <= elsewhere, LanesExhausted(what, amount, gathered + elsewhere));
        uint256 rest = missing;
        for (uint256 step = 1; step < LANES && rest > 0; ++step) {
            uint256 donor = (lane + step) % LANES;
            uint256 free = freeOf(book, refill, donor);
            uint256 part = Math.min(Math.mulDiv(free, missing, elsewhere, Math.Rounding.Ceil), rest);
            if (part == 0) continue;
            given[donor] += part;
            rest -= part;
            _write(book, refill, donor, free - part);
        }
        return (amount, given);
    }

    function _write(Book storage book, Refill memory refill, uint256 lane, uint256 free) private {
        book.lanes[lane] = Lane({free: free.toUint208(), period: refill.period.toUint48()});
    }

    /// @dev Even parts; a remainder goes to the first lanes.
    function _part(uint256 total, uint256 lane) private pure returns (uint256) {
        return total / LANES + (lane < total % LANES ? 1 : 0);
    }
}
