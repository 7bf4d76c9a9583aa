// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {SignedLanes} from "../libraries/SignedLanes.sol";

/// @title LaneERC20
/// @notice ERC-20 with EIP-2612 permits and no single supply slot: who mints names the book and the lane in which the
/// supply is counted. One override point, `_update`, as in OpenZeppelin's ERC20, whose one `_totalSupply` slot every
/// mint and burn would share.
///
/// Hot slots of a transfer: the two balances, and the allowance where one is spent. Nothing else is written.
abstract contract LaneERC20 is IERC20, IERC20Metadata, IERC20Permit, IERC20Errors, EIP712, Nonces {
    using SignedLanes for SignedLanes.Book;

    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    string private _name;
    string private _symbol;
    uint8 private immutable _DECIMALS;

    mapping(address account => uint256) private _balances;
    mapping(address owner => mapping(address spender => uint256)) private _allowances;

    /// @notice The permit was valid until `deadline`: sign a new one.
    error ERC2612ExpiredSignature(uint256 deadline);
    /// @notice The permit was signed by `signer`, not by `owner`.
    error ERC2612InvalidSigner(address signer, address owner);

    constructor(string memory name_, string memory symbol_, uint8 decimals_) EIP712(name_, "1") {
        _name = name_;
        _symbol = symbol_;
        _DECIMALS = decimals_;
    }

    /* METADATA */

    /// @inheritdoc IERC20Metadata
    function name() external view returns (string memory) {
        return _name;
    }

    /// @inheritdoc IERC20Metadata
    function symbol() external view returns (string memory) {
        return _symbol;
    }

    /// @inheritdoc IERC20Metadata
    function decimals() external view returns (uint8) {
        return _DECIMALS;
    }

    /* BALANCES AND ALLOWANCES */

    /// @inheritdoc IERC20
    function balanceOf(address account) public view returns (uint256) {
        return _balances[account];
    }

    /// @inheritdoc IERC20
    function allowance(address owner, address spender) public view returns (uint256) {
        return _allowances[owner][spender];
    }

    /// @inheritdoc IERC20
    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    /// @inheritdoc IERC20
    function transfer(address to, uint256 value) external returns (bool) {
        _transfer(msg.sender, to, value);
        return true;
    }

    /// @inheritdoc IERC20
    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spendAllowance(from, msg.sender, value);
        _transfer(from, to, value);
        return true;
    }

    /* PERMIT */

    /// @inheritdoc IERC20Permit
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        require(block.timestamp <= deadline, ERC2612ExpiredSignature(deadline));
        bytes32 structHash = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, _useNonce(owner), deadline));
        address signer = ECDSA.recover(_hashTypedDataV4(structHash), v, r, s);
        require(signer == owner, ERC2612InvalidSigner(signer, owner));
        _approve(owner, spender, value);
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(IERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    /// @inheritdoc IERC20Permit
    // solhint-disable-next-line func-name-mixedcase
    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    /* INTERNAL */

    function _transfer(address from, address to, uint256 value) internal {
        require(from != address(0), ERC20InvalidSender(address(0)));
        require(to != address(0), ERC20InvalidReceiver(address(0)));
        _update(from, to, value);
    }

    /// @dev Mints to `to` and counts it in `lane` of `book`.
    function _mint(SignedLanes.Book storage book, uint256 lane, address to, uint256 value) internal {
        require(to != address(0), ERC20InvalidReceiver(address(0)));
        book.add(lane, value);
        _update(address(0), to, value);
    }

    /// @dev Burns from `from` and counts it in `lane` of `book`, which may be another than it was minted in.
    function _burn(SignedLanes.Book storage book, uint256 lane, address from, uint256 value) internal {
        require(from != address(0), ERC20InvalidSender(address(0)));
        book.subtract(lane, value);
        _update(from, address(0), value);
    }

    /// @dev Moves a balance; `from` zero mints, `to` zero burns. The one place to add a rule about who may hold.
    function _update(address from, address to, uint256 value) internal virtual {
        if (from != address(0)) {
            uint256 balance = _balances[from];
            require(balance >= value, ERC20InsufficientBalance(from, balance, value));
            unchecked {
                _balances[from] = balance - value;
            }
        }
        // Checked: without one supply slot nothing else bounds a balance.
        if (to != address(0)) _balances[to] += value;
        emit Transfer(from, to, value);
    }

    function _approve(address owner, address spender, uint256 value) internal {
        require(owner != address(0), ERC20InvalidApprover(address(0)));
        require(spender != address(0), ERC20InvalidSpender(address(0)));
        _allowances[owner][spender] = value;
        emit Approval(owner, spender, value);
    }

    /// @dev An infinite allowance is not written back.
    function _spendAllowance(address owner, address spender, uint256 value) internal {
        uint256 allowed = _allowances[owner][spender];
        if (allowed == type(uint256).max) return;
        require(allowed >= value, ERC20InsufficientAllowance(spender, allowed, value));
        unchecked {
            _allowances[owner][spender] = allowed - value;
        }
    }
}
