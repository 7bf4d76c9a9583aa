// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Custody} from "../libraries/Custody.sol";
import {LANES} from "../libraries/Lanes.sol";
import {Rebalancing} from "../libraries/Rebalancing.sol";
import {Custodian} from "../market/Custodian.sol";

/// @title LaneCash
/// @notice Cash split over lanes, each with a custodian of the contract that uses this, and its integral over time. An
/// operation that its own lane can pay touches that lane alone; one that it cannot takes from its neighbours, by the rule
/// of `LaneEscrow`, and is refused only when all lanes together cannot pay. Knows nothing of shares and debts.
library LaneCash {
    using Math for uint256;
    using SafeCast for uint256;

    struct Lane {
        uint96 cash; //      12 bytes: at most 79 thousand million tokens of 18 decimals
        uint40 touchedAt; //  5 bytes
        uint120 cashTime; // 15 bytes: cash * seconds up to `touchedAt`, modulo 2^120
    }

    struct Book {
        Lane[LANES] lanes;
    }

    /// @dev As in `LaneEscrow`: how many neighbours give half of what they have before all give in proportion.
    uint256 private constant NEAR_DONORS = 8;

    /// @notice The pool has `available` in cash, the rest is lent: ask for that at most, or wait for repayments.
    error InsufficientCash(uint256 requested, uint256 available);

    /* HOT PATH */

    /// @notice Counts `amount` that arrived with the custodian of `lane`.
    function add(Book storage book, uint256 lane, uint256 amount) internal {
        _set(book.lanes[lane], book.lanes[lane].cash + amount);
    }

    /// @notice Pays `amount` out of `lane`'s custody to `to`. Own lane first, then half the cash of up to eight neighbours in
    /// order, then all lanes in proportion; what others give passes through the own custodian.
    /// @dev Writes `lanes[lane]` only, where its cash suffices.
    function pay(Book storage book, IERC20 asset, uint256 lane, address to, uint256 amount) internal {
        uint256 cash = book.lanes[lane].cash;
        if (cash < amount) cash = _gather(book, asset, lane, amount, cash);
        _set(book.lanes[lane], cash - amount);
        Custodian(Custody.custodianOf(address(this), lane)).send(asset, to, amount);
    }

    /* LEVELLING */

    /// @notice Levels the cash, from the custodians of lanes with too much to those of lanes with too little, in order: each
    /// transfer levels one of the two, so that there is at least one transfer less than lanes that change.
    /// @return sum the cash, which stays what it was.
    function rebalance(Book storage book, IERC20 asset) internal returns (uint256 sum) {
        uint256[LANES] memory cash = _all(book);
        sum = total(book);
        for (uint256 lane = 0; lane < LANES; ++lane) {
            uint256 level = Rebalancing.levelOf(sum, lane);
            if (cash[lane] != level) _set(book.lanes[lane], level);
        }
        uint256 poor = 0;
        for (uint256 rich = 0; rich < LANES; ++rich) {
            uint256 level = Rebalancing.levelOf(sum, rich);
            while (cash[rich] > level) {
                uint256 missing = Rebalancing.levelOf(sum, poor).saturatingSub(cash[poor]);
                if (missing == 0) {
                    ++poor;
                    continue;
                }
                uint256 amount = missing.min(cash[rich] - level);
                cash[rich] -= amount;
                cash[poor] += amount;
                _send(asset, rich, poor, amount);
            }
        }
    }

    /// @notice The part of the cash that lies above level, wad.
    function imbalance(Book storage book) internal view returns (uint256) {
        return Rebalancing.imbalanceOf(_all(book));
    }

    /* TOTALS: 32 slots, for views and checkpoints */

    function total(Book storage book) internal view returns (uint256 sum) {
        for (uint256 lane = 0; lane < LANES; ++lane) sum += book.lanes[lane].cash;
    }

    /// @notice The integral of all cash over time up to now, modulo 2^120: differences count, which are exact while cash *
    /// seconds between two readings is below 2^120 (10^10 tokens of 18 decimals for four years).
    function totalCashTime(Book storage book) internal view returns (uint120 sum) {
        unchecked {
            for (uint256 lane = 0; lane < LANES; ++lane) sum += _cashTime(book.lanes[lane]);
        }
    }

    /* TAKING FROM NEIGHBOURS */

    /// @dev Returns the cash of `lane` after the neighbours gave, at least `amount`; the caller writes it.
    function _gather(
        Book storage book,
        IERC20 asset,
        uint256 lane,
        uint256 amount,
        uint256 cash
    ) private returns (uint256 gathered) {
        gathered = cash;
        for (uint256 step = 1; step <= NEAR_DONORS && gathered < amount; ++step) {
            uint256 donor = (lane + step) % LANES;
            uint256 surplus = book.lanes[donor].cash;
            gathered += _give(book, asset, donor, lane, surplus - surplus / 2);
        }
        if (gathered >= amount) return gathered;

        // What others have beyond what they gave: the own lane's part is gathered already.
        uint256 elsewhere = total(book) - cash;
        uint256 missing = amount - gathered;
        require(missing <= elsewhere, InsufficientCash(amount, gathered + elsewhere));
        uint256 wanted = missing;
        for (uint256 donor = 0; donor < LANES && missing > 0; ++donor) {
            if (donor == lane) continue;
            uint256 share = Math.mulDiv(book.lanes[donor].cash, wanted, elsewhere, Math.Rounding.Ceil);
            missing -= _give(book, asset, donor, lane, Math.min(share, missing));
        }
        return amount;
    }

    function _give(
        Book storage book,
        IERC20 asset,
        uint256 donor,
        uint256 lane,
        uint256 amount
    ) private returns (uint256) {
        if (amount == 0) return 0;
        _set(book.lanes[donor], book.lanes[donor].cash - amount);
        _send(asset, donor, lane, amount);
        return amount;
    }

    function _send(IERC20 asset, uint256 from, uint256 to, uint256 amount) private {
        Custodian(Custody.custodianOf(address(this), from)).send(asset, Custody.custodianOf(address(this), to), amount);
    }

    function _all(Book storage book) private view returns (uint256[LANES] memory cash) {
        for (uint256 lane = 0; lane < LANES; ++lane) cash[lane] = book.lanes[lane].cash;
    }

    /* ONE LANE */

    function _set(Lane storage lane, uint256 cash) private {
        uint120 cashTime = _cashTime(lane);
        lane.cash = cash.toUint96();
        lane.touchedAt = uint40(block.timestamp);
        lane.cashTime = cashTime;
    }

    function _cashTime(Lane storage lane) private view returns (uint120) {
        unchecked {
            return uint120(lane.cashTime + uint256(lane.cash) * (block.timestamp - lane.touchedAt));
        }
    }
}
