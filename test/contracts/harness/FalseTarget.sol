// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title FalseTarget
/// @notice Poses as market, pool and peg module to a router: whatever it is asked it answers so that the router holds its
/// caller's tokens and allowances to it, and then does what its maker told it. It notes how that ended.
contract FalseTarget {
    address public loanToken;
    address public source;
    bool public succeeded;
    bytes public result;

    address private _then;
    bytes private _thenData;

    /// @param token what it says it lends, takes and pays.
    constructor(address token) {
        loanToken = token;
        source = address(this);
    }

    /// @notice What to call, when the router calls.
    function tell(address then, bytes calldata data) external {
        (_then, _thenData) = (then, data);
    }

    function asset() external view returns (address) {
        return loanToken;
    }

    function debtOf(address, uint256) external pure returns (uint256) {
        return type(uint256).max;
    }

    function borrow(address, uint256, uint256, address) external returns (uint256) {
        _act();
        return 0;
    }

    function repay(address, uint256, uint256) external returns (uint256) {
        _act();
        return 0;
    }

    function deposit(uint256, address) external returns (uint256) {
        _act();
        return type(uint256).max;
    }

    function withdraw(uint256, address, address) external returns (uint256) {
        _act();
        return 0;
    }

    function swapIn(uint256, uint256, address) external returns (uint256) {
        _act();
        return type(uint256).max;
    }

    function swapOut(uint256, uint256, address) external returns (uint256) {
        _act();
        return 0;
    }

    function _act() private {
        // solhint-disable-next-line avoid-low-level-calls
        if (_then != address(0)) (succeeded, result) = _then.call(_thenData);
    }
}
