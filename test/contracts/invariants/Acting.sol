// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ILendingWorld, USERS} from "./ILendingWorld.sol";
import {newLendingWorld} from "./Make.sol";
import {VM} from "./Vm.sol";

/// @title Acting
/// @notice A world, and acts in it that may be refused. What a handler finds broken it writes down by the invariant's number
/// (docs/protocol.md), since a revert would undo the act.
abstract contract Acting {
    ILendingWorld public immutable world;

    /// @notice What was found broken first, by the invariant's number; empty where nothing was.
    mapping(string invariant_ => string) public broken;
    /// @notice How often an act succeeded.
    mapping(string act => uint256) public done;

    constructor() {
        world = newLendingWorld(address(this));
    }

    /// @dev Calls `target` as `actor`; what reverts did not happen, which an act may.
    function _call(
        string memory name,
        address actor,
        address target,
        bytes memory data
    ) internal returns (bool ok, bytes memory result) {
        if (actor != address(this)) VM.prank(actor);
        // solhint-disable-next-line avoid-low-level-calls
        (ok, result) = target.call(data);
        if (ok) ++done[name];
    }

    function _break(string memory invariant_, string memory what) internal {
        if (bytes(broken[invariant_]).length == 0) broken[invariant_] = string.concat(invariant_, ": ", what);
    }

    function _person(uint256 seed) internal view returns (address) {
        return world.user(seed % USERS);
    }

    function _bound(uint256 seed, uint256 least, uint256 most) internal pure returns (uint256) {
        return most <= least ? least : least + (seed % (most - least + 1));
    }

    /// @dev What to cut off a cap: at times all of it, so that use stands above it.
    function _cut(uint256 cap, uint256 amount) internal pure returns (uint256) {
        return amount % 4 == 0 ? cap : _bound(amount, 1, cap / 4);
    }
}
