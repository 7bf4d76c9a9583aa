// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {LANES} from "./Lanes.sol";
import {Rebalancing} from "./Rebalancing.sol";

/// @title LaneEscrow
/// @notice A cap split over lanes in escrow (P. O'Neil, "The Escrow Transactional Method", 1986). Each lane holds a free
/// part of the cap. An operation that its own lane can honour touches that lane's slot alone; one that it cannot takes
/// from its neighbours. It is refused only when all lanes together cannot honour it.
///
/// Invariant: sum(used) + sum(free) = cap + overhang, and overhang > 0 implies that every free part is 0.
library LaneEscrow {
    using SafeCast for uint256;

    struct Account {
        uint128 used; //  16 bytes
        uint128 free; //  16 bytes: one slot per lane
    }

    struct Book {
        Account[LANES] lanes;
        /// What all lanes together may use.
        uint128 cap;
        /// By how much use exceeds the cap after a cut. Repayments pay it off before they free anything.
        uint128 overhang;
    }

    /// @dev How many neighbours give half of their surplus before the rest is spread over all lanes, so that one large
    /// operation does not leave a single neighbourhood dry.
    uint256 private constant NEAR_DONORS = 8;

    /// @notice The lanes together cannot honour `requested`; ask for `available` at most.
    error CapExceeded(uint256 requested, uint256 available);
    /// @notice The cap is `cap`, so it cannot be cut by `cut`.
    error CutBeyondCap(uint256 cut, uint256 cap);

    /* HOT PATH */

    /// @notice Uses `amount` of the cap in `lane`. Own lane first, then half the surplus of up to eight neighbours in
    /// order, then all lanes in proportion to what they have free.
    /// @dev Writes `lanes[lane]` only, where its free part suffices.
    function take(Book storage book, uint256 lane, uint256 amount) internal {
        Account storage own = book.lanes[lane];
        uint256 free = own.free;
        if (free < amount) free = _gather(book, lane, amount, free);
        own.free = (free - amount).toUint128();
        own.used = (own.used + amount).toUint128();
    }

    /// @notice Gives back `amount` that `lane` used; it pays off an overhang first and frees the rest in the same lane.
    /// @dev Reads the cap's slot, writes it only while there is an overhang.
    function release(Book storage book, uint256 lane, uint256 amount) internal {
        uint256 freed = amount;
        uint256 overhang = book.overhang;
        if (overhang > 0) {
            uint256 paid = Math.min(overhang, amount);
            book.overhang = (overhang - paid).toUint128();
            freed = amount - paid;
        }
        Account storage own = book.lanes[lane];
        own.used = (own.used - amount).toUint128();
        own.free = (own.free + freed).toUint128();
    }

    /// @notice Moves `amount` of what lane `from` uses to lane `to`; both keep their free parts.
    function move(Book storage book, uint256 from, uint256 to, uint256 amount) internal {
        if (from == to) return;
        book.lanes[from].used = (book.lanes[from].used - amount).toUint128();
        book.lanes[to].used = (book.lanes[to].used + amount).toUint128();
    }

    /* GOVERNANCE */

    /// @notice Raises the cap: pays off an overhang, then spreads the rest evenly.
    function raise(Book storage book, uint256 amount) internal {
        book.cap = (book.cap + amount).toUint128();
        uint256 paid = Math.min(book.overhang, amount);
        book.overhang -= paid.toUint128();
        uint256 rest = amount - paid;
        uint256 each = rest / LANES;
        uint256 remainder = rest % LANES;
        for (uint256 lane = 0; lane < LANES; ++lane) {
            book.lanes[lane].free += (each + (lane < remainder ? 1 : 0)).toUint128();
        }
    }

    /// @notice Cuts the cap: drains free parts in proportion, what they cannot give becomes overhang.
    function cut(Book storage book, uint256 amount) internal {
        require(amount <= book.cap, CutBeyondCap(amount, book.cap));
        book.cap -= amount.toUint128();
        uint256 total = totalFree(book);
        if (total <= amount) {
            for (uint256 lane = 0; lane < LANES; ++lane) book.lanes[lane].free = 0;
            book.overhang += (amount - total).toUint128();
        } else {
            _drain(book, amount, total);
        }
    }

    /* LEVELLING */

    /// @notice Levels the free parts. Writes the lanes that change, and nobody's use.
    /// @return total what is free, which stays what it was.
    function rebalance(Book storage book) internal returns (uint256 total) {
        total = totalFree(book);
        for (uint256 lane = 0; lane < LANES; ++lane) {
            uint256 level = Rebalancing.levelOf(total, lane);
            if (book.lanes[lane].free != level) book.lanes[lane].free = level.toUint128();
        }
    }

    /// @notice The part of what is free that lies above level, wad.
    function imbalance(Book storage book) internal view returns (uint256) {
        uint256[LANES] memory free;
        for (uint256 lane = 0; lane < LANES; ++lane) free[lane] = book.lanes[lane].free;
        return Rebalancing.imbalanceOf(free);
    }

    /* TOTALS: 32 slots, for views and checkpoints */

    function totalUsed(Book storage book) internal view returns (uint256 total) {
        for (uint256 lane = 0; lane < LANES; ++lane) total += book.lanes[lane].used;
    }

    function totalFree(Book storage book) internal view returns (uint256 total) {
        for (uint256 lane = 0; lane < LANES; ++lane) total += book.lanes[lane].free;
    }

    /* TAKING FROM NEIGHBOURS */

    /// @dev Returns the free part of `lane` after the neighbours gave, at least `amount`; the caller writes it.
    function _gather(Book storage book, uint256 lane, uint256 amount, uint256 free) private returns (uint256) {
        uint256 gathered = free;
        for (uint256 step = 1; step <= NEAR_DONORS && gathered < amount; ++step) {
            Account storage donor = book.lanes[(lane + step) % LANES];
            uint256 surplus = donor.free;
            if (surplus == 0) continue;
            uint256 half = surplus - surplus / 2;
            donor.free = (surplus - half).toUint128();
            gathered += half;
        }
        if (gathered >= amount) return gathered;

        book.lanes[lane].free = 0;
        uint256 elsewhere = totalFree(book);
        uint256 missing = amount - gathered;
        require(missing <= elsewhere, CapExceeded(amount, gathered + elsewhere));
        _drain(book, missing, elsewhere);
        return amount;
    }

    /// @dev Takes `amount` out of `total` = sum(free), each lane in proportion, rounded up, until it is complete.
    function _drain(Book storage book, uint256 amount, uint256 total) private {
        uint256 missing = amount;
        for (uint256 lane = 0; lane < LANES && missing > 0; ++lane) {
            uint256 free = book.lanes[lane].free;
            if (free == 0) continue;
            uint256 given = Math.min(Math.mulDiv(free, amount, total, Math.Rounding.Ceil), missing);
            book.lanes[lane].free = (free - given).toUint128();
            missing -= given;
        }
    }
}
