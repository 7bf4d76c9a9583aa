// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Custody} from "../libraries/Custody.sol";
import {LaneStock} from "../libraries/LaneStock.sol";
import {LANES} from "../libraries/Lanes.sol";
import {Custodian} from "../market/Custodian.sol";

/// @title LaneTreasury
/// @notice One token held with 32 custodians, one per lane, so that two lanes differ in the token's `balanceOf` slots too.
/// Counts what came in by its own book: a token sent to a custodian by anybody else is not counted.
///
/// Invariant: each custodian holds at least what the book says of its lane.
/// Hot slots: `_cash.lanes[lane]`, and in the token the custodian's balance.
abstract contract LaneTreasury {
    using LaneStock for LaneStock.Book;
    using SafeERC20 for IERC20;

    IERC20 internal immutable _HELD;
    LaneStock.Book private _cash;

    /// @notice The token delivered another amount than asked for, such as one with a fee on transfer.
    error InexactTransfer(uint256 received, uint256 expected);

    /// @dev The custodians are the deriving contract's first 32 creations: `Custody` computes their addresses.
    constructor(IERC20 held) {
        _HELD = held;
        for (uint256 lane = 0; lane < LANES; ++lane) new Custodian();
    }

    /// @notice The custodian of `lane`.
    function custodian(uint256 lane) public view returns (address) {
        return Custody.custodianOf(address(this), lane);
    }

    /// @notice What is counted in `lane`, in units of the token.
    function cashOf(uint256 lane) external view returns (uint256) {
        return _cash.freeOf(_never(), lane);
    }

    /// @dev Moves `amount` from `from`, by its allowance to this contract, to the custodian of `lane`.
    function _receive(uint256 lane, address from, uint256 amount) internal {
        _cash.put(_never(), lane, amount);
        address holder = custodian(lane);
        uint256 before = _HELD.balanceOf(holder);
        _HELD.safeTransferFrom(from, holder, amount);
        uint256 received = _HELD.balanceOf(holder) - before;
        require(received == amount, InexactTransfer(received, amount));
    }

    /// @dev Sends `amount` to `to` from the custodian of `lane`, which others supply first where it has too little.
    function _pay(uint256 lane, address to, uint256 amount) internal {
        // A custodian's `send` moves tokens, not ether.
        // solhint-disable multiple-sends
        uint256[] memory given = _cash.take(_never(), lane, amount, "cash");
        address holder = custodian(lane);
        for (uint256 donor = 0; donor < given.length; ++donor) {
            if (given[donor] > 0) Custodian(custodian(donor)).send(_HELD, holder, given[donor]);
        }
        Custodian(holder).send(_HELD, to, amount);
        // solhint-enable multiple-sends
    }

    /// @dev Reads 32 slots.
    function _totalCash() internal view returns (uint256) {
        return _cash.sum(_never());
    }

    function _never() internal pure returns (LaneStock.Refill memory) {
        return LaneStock.Refill({period: 0, quota: 0});
    }
}
