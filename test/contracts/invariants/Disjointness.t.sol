// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IMarket} from "../../../contracts/src/interfaces/IMarket.sol";
import {ILendingWorld, MARKETS} from "./ILendingWorld.sol";
import {newLendingWorld} from "./Make.sol";
import {VM} from "./Vm.sol";

/// @title DisjointnessTest
/// @notice Invariant L15 (docs/protocol.md): what a user does on his own lane's path changes no slot that a user in another lane
/// reads or writes, whatever both do, in one market or in two. `test/contracts/disjointness.ts` asks the same of what the
/// engine commits.
contract DisjointnessTest {
    /// @dev What an act reads or writes, and what it changes, by target.
    struct Trace {
        bytes32[][] touched;
        bytes32[][] changed;
    }

    /// @dev Lanes 1 and 9.
    uint256 private constant _FIRST = 0;
    uint256 private constant _SECOND = 3;
    uint256 private constant _ACTS = 7;

    ILendingWorld private _world;
    address[] private _targets;

    function setUp() public {
        _world = newLendingWorld(address(this));
        _targets = [
            address(_world.stablecoin()),
            address(_world.token()),
            address(_world.registry()),
            address(_world.oracle()),
            address(_world.surplus()),
            _world.facility(),
            address(_world.pool()),
            address(_world.market(0)),
            address(_world.market(1))
        ];
        for (uint256 m = 0; m < MARKETS; ++m) {
            for (uint256 i = 0; i < 2; ++i) {
                address user = _world.user(i == 0 ? _FIRST : _SECOND);
                IMarket market = _world.market(m);
                VM.startPrank(user);
                if (m == 0) _world.pool().deposit(100_000e18, user);
                market.addCollateral(user, 0, 1_000e18);
                VM.stopPrank();
            }
        }
        for (uint256 m = 0; m < MARKETS; ++m) {
            for (uint256 i = 0; i < 2; ++i) {
                address user = _world.user(i == 0 ? _FIRST : _SECOND);
                IMarket market = _world.market(m);
                VM.startPrank(user);
                market.borrow(user, 0, 1_000e18, user);
                VM.stopPrank();
            }
        }
        VM.warp(block.timestamp + 1 hours);
    }

    /// @dev Each act of the one in each market against each of the other.
    function testFuzz_L15_usersInDifferentLanesShareNothing(uint256 amount, uint256 elapsed) public {
        VM.warp(block.timestamp + (elapsed % 2 days));
        uint256 size = 1_000 + (amount % 500e18);
        Trace[] memory first = _traces(_FIRST, size);
        Trace[] memory second = _traces(_SECOND, size);
        for (uint256 i = 0; i < first.length; ++i) {
            for (uint256 j = 0; j < second.length; ++j) {
                for (uint256 t = 0; t < _targets.length; ++t) {
                    _requireApart(first[i].changed[t], second[j].touched[t]);
                    _requireApart(second[j].changed[t], first[i].touched[t]);
                }
            }
        }
    }

    function _traces(uint256 who, uint256 size) private returns (Trace[] memory traces) {
        traces = new Trace[](_ACTS * MARKETS);
        for (uint256 i = 0; i < traces.length; ++i) {
            (traces[i].touched, traces[i].changed) = _traced(who, i % _ACTS, i / _ACTS, size);
        }
    }

    /// @dev The slots that an act reads or writes, and those of which it changes the value, by target.
    function _traced(
        uint256 who,
        uint256 act,
        uint256 m,
        uint256 amount
    ) private returns (bytes32[][] memory touched, bytes32[][] memory changed) {
        uint256 id = VM.snapshotState();
        VM.record();
        _act(_world.user(who), act, m, amount);
        touched = new bytes32[][](_targets.length);
        changed = new bytes32[][](_targets.length);
        bytes32[][] memory values = new bytes32[][](_targets.length);
        for (uint256 t = 0; t < _targets.length; ++t) {
            (touched[t], changed[t]) = VM.accesses(_targets[t]);
            values[t] = new bytes32[](changed[t].length);
            for (uint256 i = 0; i < changed[t].length; ++i) values[t][i] = VM.load(_targets[t], changed[t][i]);
        }
        VM.revertToState(id);
        for (uint256 t = 0; t < _targets.length; ++t) {
            for (uint256 i = 0; i < changed[t].length; ++i) {
                // A store that changes nothing meets nobody.
                if (VM.load(_targets[t], changed[t][i]) == values[t][i]) changed[t][i] = bytes32(type(uint256).max);
            }
        }
    }

    function _act(address user, uint256 act, uint256 m, uint256 amount) private {
        IMarket market = _world.market(m);
        address target =
            act < 4
                ? address(market)
                : act < 6
                    ? address(_world.pool())
                    : address(_world.stablecoin());
        bytes memory call;
        if (act == 0) call = abi.encodeCall(IMarket.borrow, (user, 0, amount, user));
        else if (act == 1) call = abi.encodeCall(IMarket.repay, (user, 0, amount));
        else if (act == 2) call = abi.encodeCall(IMarket.addCollateral, (user, 0, amount));
        else if (act == 3) call = abi.encodeCall(IMarket.removeCollateral, (user, 0, amount, user));
        else if (act == 4) call = abi.encodeCall(IERC4626.deposit, (amount, user));
        else if (act == 5) call = abi.encodeCall(IERC4626.withdraw, (amount, user, user));
        else call = abi.encodeCall(IERC20.transfer, (address(uint160(user) + 32), amount));
        VM.prank(user);
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, bytes memory result) = target.call(call);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(result, 0x20), mload(result))
            }
        }
    }

    function _requireApart(bytes32[] memory changed, bytes32[] memory touched) private pure {
        for (uint256 i = 0; i < changed.length; ++i) {
            for (uint256 j = 0; j < touched.length; ++j) {
                require(changed[i] != touched[j], "L15: a slot that one user changes is another one's too");
            }
        }
    }
}
