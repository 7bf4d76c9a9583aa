// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {DoubleEndedQueue} from "@openzeppelin/contracts/utils/structs/DoubleEndedQueue.sol";
import {IERC7540Operator, IERC7540Redeem, IERC7540RedeemRequest} from "../interfaces/IERC7540.sol";
import {IRedemptionDesk} from "../interfaces/IRedemptionDesk.sol";

/// @title RedemptionDesk
/// @notice Takes an asset's tokens for redemption and holds them until the issuer pays, then holds the payment until it is
/// claimed. Knows no market and no price. Must be on record as a holder; its asset must move what it is told to, no less.
///
/// What is claimable is counted, never read from a balance. Claims take a controller's requests in the order of their payment,
/// each at its own price.
contract RedemptionDesk is IRedemptionDesk, AccessManaged, ReentrancyGuardTransient {
    using DoubleEndedQueue for DoubleEndedQueue.Bytes32Deque;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    struct Claims {
        uint128 shares; // 16 bytes
        uint128 assets; // 16 bytes
        /// Numbers of paid requests with something left to claim, first paid first.
        DoubleEndedQueue.Bytes32Deque queue;
    }

    IERC20 private immutable _SHARE;
    IERC20 private immutable _ASSET;

    uint256 private _lastRequestId;
    mapping(uint256 requestId => Request) private _requests;
    mapping(address controller => Claims) private _claims;
    mapping(address controller => mapping(address operator => bool)) private _operators;

    constructor(address authority_, IERC20 share_, IERC20 asset_) AccessManaged(authority_) {
        require(address(share_) != address(0) && address(asset_) != address(0), ZeroAddress());
        _SHARE = share_;
        _ASSET = asset_;
    }

    /* HOLDERS */

    /// @inheritdoc IERC7540Operator
    function setOperator(address operator, bool approved) external returns (bool) {
        require(operator != msg.sender, OperatorOfItself());
        _operators[msg.sender][operator] = approved;
        emit OperatorSet(msg.sender, operator, approved);
        return true;
    }

    /// @inheritdoc IERC7540RedeemRequest
    /// @dev By the owner's allowance to this desk.
    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external nonReentrant returns (uint256 requestId) {
        _requireOperator(owner);
        require(controller != address(0), ZeroAddress());
        require(shares > 0, ZeroAmount());
        requestId = ++_lastRequestId;
        _requests[requestId] = Request({
            controller: controller,
            fulfilled: false,
            shares: shares.toUint128(),
            assets: 0
        });
        emit RedeemRequest(controller, owner, requestId, msg.sender, shares);
        _SHARE.safeTransferFrom(owner, address(this), shares);
    }

    /// @inheritdoc IERC7540Redeem
    /// @dev Of a request in part the assets are rounded down; its last claim takes all that is left of it.
    function redeem(
        uint256 shares,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 assets) {
        Claims storage claims = _claimsOf(controller, receiver);
        require(shares > 0, ZeroAmount());
        require(shares <= claims.shares, ExceedsClaimable(controller, shares, claims.shares));
        for (uint256 left = shares; left > 0;) {
            uint256 requestId = uint256(claims.queue.front());
            Request memory request = _requests[requestId];
            uint256 part = Math.min(left, request.shares);
            uint256 paid = part == request.shares ? request.assets : (request.assets * part) / request.shares;
            left -= part;
            assets += paid;
            _claim(claims, requestId, request, part, paid);
        }
        _pay(claims, receiver, controller, shares, assets);
    }

    /// @inheritdoc IRedemptionDesk
    /// @dev Where rounding up takes a request's last share, what is left of its assets goes by the next claim, for no shares.
    function withdraw(
        uint256 assets,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 shares) {
        Claims storage claims = _claimsOf(controller, receiver);
        require(assets > 0, ZeroAmount());
        require(assets <= claims.assets, ExceedsClaimable(controller, assets, claims.assets));
        for (uint256 left = assets; left > 0;) {
            uint256 requestId = uint256(claims.queue.front());
            Request memory request = _requests[requestId];
            uint256 paid = Math.min(left, request.assets);
            uint256 part = Math.ceilDiv(request.shares * paid, request.assets);
            left -= paid;
            shares += part;
            _claim(claims, requestId, request, part, paid);
        }
        _pay(claims, receiver, controller, shares, assets);
    }

    /* ISSUER */

    /// @inheritdoc IRedemptionDesk
    function fulfil(uint256 requestId, uint256 assets) external nonReentrant restricted {
        Request storage request = _requests[requestId];
        (address controller, uint256 shares) = (request.controller, request.shares);
        require(controller != address(0) && !request.fulfilled, NotPending(requestId));
        require(assets > 0, ZeroAmount());
        request.fulfilled = true;
        request.assets = assets.toUint128();
        Claims storage claims = _claims[controller];
        claims.shares = (claims.shares + shares).toUint128();
        claims.assets = (claims.assets + assets).toUint128();
        claims.queue.pushBack(bytes32(requestId));
        emit RequestFulfilled(requestId, controller, msg.sender, shares, assets);
        _ASSET.safeTransferFrom(msg.sender, address(this), assets);
        _SHARE.safeTransfer(msg.sender, shares);
    }

    /* VIEWS */

    /// @inheritdoc IERC7540RedeemRequest
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        Request memory request = _requests[requestId];
        return request.controller == controller && !request.fulfilled ? request.shares : 0;
    }

    /// @inheritdoc IERC7540RedeemRequest
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256) {
        Request memory request = _requests[requestId];
        return request.controller == controller && request.fulfilled ? request.shares : 0;
    }

    /// @inheritdoc IERC7540Redeem
    function maxRedeem(address controller) external view returns (uint256) {
        return _claims[controller].shares;
    }

    /// @inheritdoc IRedemptionDesk
    function maxWithdraw(address controller) external view returns (uint256) {
        return _claims[controller].assets;
    }

    /// @inheritdoc IRedemptionDesk
    function requestOf(uint256 requestId) external view returns (Request memory) {
        return _requests[requestId];
    }

    /// @inheritdoc IERC7540Operator
    function isOperator(address controller, address operator) external view returns (bool) {
        return _operators[controller][operator];
    }

    /// @inheritdoc IERC7540Redeem
    function asset() external view returns (address) {
        return address(_ASSET);
    }

    /// @inheritdoc IERC7540Redeem
    function share() external view returns (address) {
        return address(_SHARE);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == type(IERC7540Operator).interfaceId ||
            interfaceId == type(IERC7540RedeemRequest).interfaceId;
    }

    /* UNSUPPORTED */

    /// @inheritdoc IRedemptionDesk
    function deposit(uint256, address) external pure returns (uint256) {
        revert DepositsUnsupported();
    }

    /// @inheritdoc IRedemptionDesk
    function mint(uint256, address) external pure returns (uint256) {
        revert DepositsUnsupported();
    }

    /// @inheritdoc IRedemptionDesk
    function maxDeposit(address) external pure returns (uint256) {
        return 0;
    }

    /// @inheritdoc IRedemptionDesk
    function maxMint(address) external pure returns (uint256) {
        return 0;
    }

    /// @inheritdoc IRedemptionDesk
    function previewDeposit(uint256) external pure returns (uint256) {
        revert DepositsUnsupported();
    }

    /// @inheritdoc IRedemptionDesk
    function previewMint(uint256) external pure returns (uint256) {
        revert DepositsUnsupported();
    }

    /// @inheritdoc IRedemptionDesk
    function previewRedeem(uint256) external pure returns (uint256) {
        revert PreviewUnsupported();
    }

    /// @inheritdoc IRedemptionDesk
    function previewWithdraw(uint256) external pure returns (uint256) {
        revert PreviewUnsupported();
    }

    /* INTERNAL */

    function _requireOperator(address account) private view {
        require(msg.sender == account || _operators[account][msg.sender], NotOperator(account, msg.sender));
    }

    function _claimsOf(address controller, address receiver) private view returns (Claims storage) {
        _requireOperator(controller);
        require(receiver != address(0), ZeroAddress());
        return _claims[controller];
    }

    /// @dev Takes `shares` and `assets` off the first request of the queue, and off the queue what has no assets left: shares
    /// never outlast them.
    function _claim(
        Claims storage claims,
        uint256 requestId,
        Request memory request,
        uint256 shares,
        uint256 assets
    ) private {
        request.shares -= uint128(shares);
        request.assets -= uint128(assets);
        _requests[requestId] = request;
        if (request.assets == 0) claims.queue.popFront();
        emit RequestClaimed(requestId, request.controller, shares, assets);
    }

    function _pay(Claims storage claims, address receiver, address controller, uint256 shares, uint256 assets) private {
        claims.shares -= uint128(shares);
        claims.assets -= uint128(assets);
        emit Withdraw(msg.sender, receiver, controller, assets, shares);
        if (assets > 0) _ASSET.safeTransfer(receiver, assets);
    }
}
