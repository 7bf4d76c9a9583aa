// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {LendingHandler} from "./lending/LendingHandler.sol";
import {newLendingHandler} from "./Make.sol";

/// @title LendingReachTest
/// @notice An invariant is worth nothing where acts are refused: over a long random walk, every act of the handler succeeds.
contract LendingReachTest {
    uint256 private constant _WALKS = 25;
    uint256 private constant _ACTS = 100;

    LendingHandler private _handler;
    mapping(string name => uint256) private _done;

    function test_everyActSucceeds() public {
        string[36] memory names = _names();
        for (uint256 walk = 0; walk < _WALKS; ++walk) {
            _handler = LendingHandler(address(newLendingHandler(false)));
            _walk(walk);
            for (uint256 i = 0; i < names.length; ++i) _done[names[i]] += _handler.done(names[i]);
        }
        string memory missing = "";
        for (uint256 i = 0; i < names.length; ++i) {
            if (_done[names[i]] == 0) missing = string.concat(missing, " ", names[i]);
        }
        require(bytes(missing).length == 0, string.concat("never succeeded:", missing));
    }

    function _walk(uint256 walk) private {
        bytes4[] memory acts = _acts();
        for (uint256 i = 0; i < _ACTS; ++i) {
            bytes32 seed = keccak256(abi.encode(walk, i));
            bytes memory call = abi.encodePacked(acts[uint256(seed) % acts.length]);
            for (uint256 word = 0; word < 5; ++word) call = bytes.concat(call, keccak256(abi.encode(seed, word)));
            // solhint-disable-next-line avoid-low-level-calls
            (bool ok, ) = address(_handler).call(call);
            require(ok, "an act reverted");
        }
    }

    function _acts() private view returns (bytes4[] memory acts) {
        bytes4[22] memory all = [
            _handler.addCollateral.selector,
            _handler.open.selector,
            _handler.borrow.selector,
            _handler.removeCollateral.selector,
            _handler.repay.selector,
            _handler.consent.selector,
            _handler.trespass.selector,
            _handler.roundTrip.selector,
            _handler.lend.selector,
            _handler.saving.selector,
            _handler.give.selector,
            _handler.visit.selector,
            _handler.liquidate.selector,
            _handler.liquidateAll.selector,
            _handler.crash.selector,
            _handler.resolve.selector,
            _handler.keep.selector,
            _handler.pass.selector,
            _handler.value.selector,
            _handler.suggest.selector,
            _handler.govern.selector,
            _handler.enforce.selector
        ];
        acts = new bytes4[](all.length);
        for (uint256 i = 0; i < all.length; ++i) acts[i] = all[i];
    }

    function _names() private pure returns (string[36] memory) {
        return
            [
                "addCollateral",
                "removeCollateral",
                "borrow",
                "repay",
                "setConsent",
                "roundTrip",
                "deposit",
                "mint",
                "withdraw",
                "redeem",
                "transfer",
                "donate",
                "save",
                "unsave",
                "visit",
                "liquidate",
                "mark",
                "unmark",
                "writeOff",
                "impair",
                "checkpoint",
                "coverLoss",
                "distribute",
                "rebalanceMarket",
                "rebalancePool",
                "pass",
                "value",
                "suggest",
                "rampLltv",
                "forceSeize",
                "raiseCap",
                "supplyCap",
                "pauseNewDebt",
                "freeze",
                "pauseToken",
                "cutCap"
            ];
    }
}
