// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ILendingHandler} from "./ILendingHandler.sol";
import {ILendingWorld} from "./ILendingWorld.sol";
import {ISurroundingsHandler} from "./ISurroundingsHandler.sol";
import {VM} from "./Vm.sol";

/// @notice A new lending world, administered by `administrator`.
function newLendingWorld(address administrator) returns (ILendingWorld) {
    return ILendingWorld(_make("test/contracts/harness/LendingWorld.sol:LendingWorld", abi.encode(administrator)));
}

/// @notice A handler in a world of its own, which judges its acts or does not.
function newLendingHandler(bool watching) returns (ILendingHandler) {
    return
        ILendingHandler(
            _make("test/contracts/invariants/lending/LendingHandler.sol:LendingHandler", abi.encode(watching))
        );
}

/// @notice A handler of what surrounds the markets, in a world of its own.
function newSurroundingsHandler() returns (ISurroundingsHandler) {
    return
        ISurroundingsHandler(
            _make("test/contracts/invariants/surroundings/SurroundingsHandler.sol:SurroundingsHandler", "")
        );
}

/// @dev By its artifact, so that what is large is compiled once and not into each test.
function _make(string memory artifact, bytes memory constructorArguments) returns (address made) {
    bytes memory creation = bytes.concat(VM.getCode(artifact), constructorArguments);
    assembly ("memory-safe") {
        made := create(0, add(creation, 0x20), mload(creation))
    }
    require(made != address(0), artifact);
}
