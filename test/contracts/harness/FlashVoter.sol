// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice Borrows votes for the length of one call, tries to use them, and gives them back: an attacker.
contract FlashVoter {
    IERC20 private immutable _TOKEN;
    IGovernor private immutable _GOVERNOR;
    address private immutable _LENDER;

    constructor(IERC20 token, IGovernor governor, address lender) {
        _TOKEN = token;
        _GOVERNOR = governor;
        _LENDER = lender;
        IVotes(address(token)).delegate(address(this));
    }

    /// @notice Votes for a proposal with `amount` of the lender's tokens; returns the weight that counted.
    function vote(uint256 proposalId, uint256 amount) external returns (uint256 weight) {
        _TOKEN.transferFrom(_LENDER, address(this), amount);
        weight = _GOVERNOR.castVote(proposalId, 1);
        _TOKEN.transfer(_LENDER, amount);
    }

    /// @notice Proposes one call with `amount` of the lender's tokens.
    function propose(address target, bytes calldata data, uint256 amount) external {
        _TOKEN.transferFrom(_LENDER, address(this), amount);
        address[] memory targets = new address[](1);
        bytes[] memory calldatas = new bytes[](1);
        (targets[0], calldatas[0]) = (target, data);
        _GOVERNOR.propose(targets, new uint256[](1), calldatas, "flash");
        _TOKEN.transfer(_LENDER, amount);
    }
}
