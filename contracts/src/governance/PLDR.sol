// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC6372Utils} from "@openzeppelin/contracts/utils/ERC6372Utils.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {Time} from "@openzeppelin/contracts/utils/types/Time.sol";

/// @title PLDR
/// @notice The voting token: a fixed supply, permits, votes by checkpoint. Knows nothing of what is voted on.
///
/// No hot path of the protocol touches it, so that it keeps OpenZeppelin's single total supply. Nobody can mint.
contract PLDR is ERC20, ERC20Permit, ERC20Votes {
    /// @dev Who holds how much from the beginning, in the smallest unit.
    struct Allocation {
        address holder;
        uint256 amount;
    }

    uint256 private constant SUPPLY = 100_000_000e18;

    /// @notice The allocations are more than the whole supply: give out less.
    error AllocatedTooMuch(uint256 allocated, uint256 supply);

    /// @param treasury receives what the allocations leave: the timelock.
    constructor(
        address treasury,
        Allocation[] memory allocations
    ) ERC20("Polder Governance", "PLDR") ERC20Permit("Polder Governance") {
        uint256 allocated = 0;
        for (uint256 i = 0; i < allocations.length; ++i) {
            allocated += allocations[i].amount;
            require(allocated <= SUPPLY, AllocatedTooMuch(allocated, SUPPLY));
            _mint(allocations[i].holder, allocations[i].amount);
        }
        _mint(treasury, SUPPLY - allocated);
    }

    /// @notice Seconds since 1970: votes count at a time, not at a block (ERC-6372).
    function clock() public view override returns (uint48) {
        return Time.timestamp();
    }

    /// @notice Names the clock (ERC-6372).
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public view override returns (string memory) {
        return ERC6372Utils.timestampClockMode(clock());
    }

    /// @notice The next nonce of `owner`, of permits and of delegations by signature.
    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
