// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IPegModule} from "../interfaces/IPegModule.sol";
import {IRouter} from "../interfaces/IRouter.sol";

/// @title Router
/// @notice What people do in several steps, in one transaction. No storage, no owner, no token of anybody's between calls.
///
/// What keeps one caller from another, whatever contracts he names:
///   - tokens are taken from `msg.sender` alone, and `msg.sender` is the owner in every call that needs an authorisation;
///   - what a call leaves here goes back before it ends, and no allowance outlives it;
///   - while it is at work for one account it takes no calls from others, so that nobody finds it with tokens in hand.
/// Loans and withdrawals pass through here; what is minted for the caller goes to him, so that it lies in his lane.
contract Router is IRouter {
    using SafeERC20 for IERC20;

    address private transient _account;

    /// @dev Acts for one account at a time. That account may call again from within: it acts for itself then too.
    modifier forCaller() {
        address account = _account;
        if (account == address(0)) {
            _account = msg.sender;
            _;
            _account = address(0);
        } else {
            require(account == msg.sender, Busy(account));
            _;
        }
    }

    /* BATCH */

    /// @inheritdoc IRouter
    function multicall(bytes[] calldata calls) external forCaller returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) {
            results[i] = Address.functionDelegateCall(address(this), calls[i]);
        }
    }

    /// @inheritdoc IRouter
    function permit(
        IERC20Permit token,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external forCaller {
        // solhint-disable-next-line no-empty-blocks
        try token.permit(msg.sender, address(this), value, deadline, v, r, s) {} catch {}
    }

    /// @inheritdoc IRouter
    function authorise(
        IMarket market,
        bool authorised,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external forCaller {
        IMarket.Authorisation memory authorisation = IMarket.Authorisation({
            owner: msg.sender,
            operator: address(this),
            authorised: authorised,
            nonce: nonce,
            deadline: deadline
        });
        // solhint-disable-next-line no-empty-blocks
        try market.setAuthorisationWithSig(authorisation, signature) {} catch {}
    }

    /* LENDING */

    /// @inheritdoc IRouter
    function deposit(IERC4626 vault, uint256 assets, uint256 minShares) external forCaller returns (uint256 shares) {
        IERC20 token = IERC20(vault.asset());
        token.safeTransferFrom(msg.sender, address(this), assets);
        return _deposit(vault, token, assets, minShares);
    }

    /* DEBT */

    /// @inheritdoc IRouter
    function repay(
        IMarket market,
        address owner,
        uint256 termsId,
        uint256 assets
    ) external forCaller returns (uint256 repaid) {
        IERC20 token = IERC20(market.loanToken());
        uint256 amount = _owed(market, owner, termsId, assets);
        token.safeTransferFrom(msg.sender, address(this), amount);
        return _repay(market, token, owner, termsId, amount);
    }

    /// @inheritdoc IRouter
    function swapInAndRepay(
        IPegModule peg,
        uint256 dollars,
        uint256 minValue,
        IMarket market,
        uint256 termsId
    ) external forCaller returns (uint256 value, uint256 repaid) {
        IERC20 dollar = IERC20(peg.asset());
        dollar.safeTransferFrom(msg.sender, address(this), dollars);
        dollar.forceApprove(address(peg), dollars);
        value = peg.swapIn(dollars, minValue, msg.sender);
        _clear(dollar, address(peg));

        IERC20 token = IERC20(market.loanToken());
        uint256 amount = _owed(market, msg.sender, termsId, value);
        token.safeTransferFrom(msg.sender, address(this), amount);
        repaid = _repay(market, token, msg.sender, termsId, amount);
    }

    /// @inheritdoc IRouter
    function withdrawAndRepay(
        IERC4626 vault,
        uint256 assets,
        uint256 maxShares,
        IMarket market,
        uint256 termsId
    ) external forCaller returns (uint256 repaid) {
        uint256 amount = _owed(market, msg.sender, termsId, assets);
        uint256 shares = vault.withdraw(amount, address(this), msg.sender);
        require(shares <= maxShares, TooManyShares(shares, maxShares));
        return _repay(market, IERC20(market.loanToken()), msg.sender, termsId, amount);
    }

    /// @inheritdoc IRouter
    function borrowAndSwapOut(
        IMarket market,
        uint256 termsId,
        uint256 assets,
        IPegModule peg,
        uint256 minDollars
    ) external forCaller returns (uint256 dollars) {
        IERC20 token = _borrow(market, termsId, assets);
        token.forceApprove(address(peg), assets);
        dollars = peg.swapOut(assets, minDollars, msg.sender);
        _clear(token, address(peg));
    }

    /// @inheritdoc IRouter
    function borrowAndDeposit(
        IMarket market,
        uint256 termsId,
        uint256 assets,
        IERC4626 vault,
        uint256 minShares
    ) external forCaller returns (uint256 shares) {
        return _deposit(vault, _borrow(market, termsId, assets), assets, minShares);
    }

    /* INTERNAL */

    /// @dev Deposits `assets` that lie here.
    function _deposit(
        IERC4626 vault,
        IERC20 token,
        uint256 assets,
        uint256 minShares
    ) private returns (uint256 shares) {
        token.forceApprove(address(vault), assets);
        shares = vault.deposit(assets, msg.sender);
        require(shares >= minShares, TooFewShares(shares, minShares));
        _clear(token, address(vault));
    }

    /// @dev Repays with `amount` that lies here.
    function _repay(
        IMarket market,
        IERC20 token,
        address owner,
        uint256 termsId,
        uint256 amount
    ) private returns (uint256 repaid) {
        address source = market.source();
        token.forceApprove(source, amount);
        repaid = market.repay(owner, termsId, amount);
        _clear(token, source);
    }

    /// @dev Borrows for the caller to here. Measured, since what follows spends it.
    function _borrow(IMarket market, uint256 termsId, uint256 assets) private returns (IERC20 token) {
        token = IERC20(market.loanToken());
        uint256 before = token.balanceOf(address(this));
        market.borrow(msg.sender, termsId, assets, address(this));
        uint256 received = token.balanceOf(address(this)) - before;
        require(received == assets, InexactLoan(received, assets));
    }

    /// @dev What of `assets` is owed, at most.
    function _owed(
        IMarket market,
        address owner,
        uint256 termsId,
        uint256 assets
    ) private view returns (uint256 amount) {
        amount = Math.min(assets, market.debtOf(owner, termsId));
        require(amount > 0, ZeroAmount());
    }

    /// @dev Ends `spender`'s allowance and hands what is left of `token` to the caller, strays included.
    function _clear(IERC20 token, address spender) private {
        if (token.allowance(address(this), spender) > 0) token.forceApprove(spender, 0);
        uint256 left = token.balanceOf(address(this));
        if (left > 0) token.safeTransfer(msg.sender, left);
    }
}
