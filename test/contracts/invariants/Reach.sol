// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @dev What counts the acts that succeeded.
interface ICounting {
    function done(string calldata act) external view returns (uint256);
}

/// @title Reach
/// @notice An invariant is worth nothing where acts are refused: walks a handler at random and asks that every act succeeded.
abstract contract Reach {
    uint256 private constant _WALKS = 25;
    uint256 private constant _ACTS = 100;

    mapping(string name => uint256) private _done;

    /// @dev A handler in a new world.
    function _newHandler() internal virtual returns (address);

    /// @param acts what is called, with random words; @param names what must have succeeded.
    function _requireReached(bytes4[] memory acts, string[] memory names) internal {
        for (uint256 walk = 0; walk < _WALKS; ++walk) {
            address handler = _newHandler();
            for (uint256 i = 0; i < _ACTS; ++i) _step(handler, acts, keccak256(abi.encode(walk, i)));
            for (uint256 i = 0; i < names.length; ++i) _done[names[i]] += ICounting(handler).done(names[i]);
        }
        string memory missing = "";
        for (uint256 i = 0; i < names.length; ++i) {
            if (_done[names[i]] == 0) missing = string.concat(missing, " ", names[i]);
        }
        require(bytes(missing).length == 0, string.concat("never succeeded:", missing));
    }

    function _step(address handler, bytes4[] memory acts, bytes32 seed) private {
        bytes memory call = abi.encodePacked(acts[uint256(seed) % acts.length]);
        for (uint256 word = 0; word < 5; ++word) call = bytes.concat(call, keccak256(abi.encode(seed, word)));
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, ) = handler.call(call);
        require(ok, "an act reverted");
    }
}
