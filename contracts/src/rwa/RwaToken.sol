// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IEligibilityRegistry} from "../interfaces/IEligibilityRegistry.sol";
import {IRwaToken} from "../interfaces/IRwaToken.sol";
import {Lanes} from "../libraries/Lanes.sol";
import {SignedLanes} from "../libraries/SignedLanes.sol";
import {Standing} from "../libraries/Standing.sol";
import {LaneERC20} from "../token/LaneERC20.sol";

/// @title RwaToken
/// @notice A tokenised real-world asset that only persons on record may hold. Knows nothing of markets but that their
/// custodians hold for others.
///
/// Hot slots: `_balances[holder]`; per mint or burn `_supply.lanes[lane of the holder]`. Written by the agent only: all
/// else.
contract RwaToken is LaneERC20, AccessManaged, IRwaToken {
    using EnumerableSet for EnumerableSet.Bytes32Set;
    using SafeCast for int256;
    using SafeCast for uint256;
    using SignedLanes for SignedLanes.Book;
    using Standing for uint256;

    IEligibilityRegistry private immutable _REGISTRY;

    /// @dev ISO 3166-1 numeric codes end at 999.
    uint256 private constant JURISDICTIONS = 1024;

    struct Document {
        string uri;
        bytes32 contentHash;
        uint64 updatedAt; // seconds
    }

    SignedLanes.Book private _supply;
    bool private _paused;
    /// @dev With `_paused` in one slot, since every transfer reads both.
    bool private _onlyListed;
    uint256[JURISDICTIONS / 256] private _listed;
    mapping(address account => Freeze) private _freezes;
    mapping(bytes32 name => Document) private _documents;
    EnumerableSet.Bytes32Set private _documentNames;

    constructor(
        address authority_,
        IEligibilityRegistry registry_,
        string memory name_,
        string memory symbol_,
        uint8 decimals_
    ) LaneERC20(name_, symbol_, decimals_) AccessManaged(authority_) {
        _REGISTRY = registry_;
    }

    /* SUPPLY */

    /// @inheritdoc IRwaToken
    function mint(address to, uint256 amount) external restricted {
        _mint(_supply, Lanes.laneOf(to), to, amount);
    }

    /// @inheritdoc IRwaToken
    function batchMint(address[] calldata receivers, uint256[] calldata amounts) external restricted {
        require(receivers.length == amounts.length, LengthsDiffer(receivers.length, amounts.length));
        for (uint256 i = 0; i < receivers.length; ++i) {
            _mint(_supply, Lanes.laneOf(receivers[i]), receivers[i], amounts[i]);
        }
    }

    /// @inheritdoc IRwaToken
    function burn(address from, uint256 amount) external restricted {
        _requireNoCustodian(from);
        _unfreezeFor(from, amount);
        _burn(_supply, Lanes.laneOf(from), from, amount);
    }

    /* BY ORDER OF LAW */

    /// @inheritdoc IRwaToken
    function forcedTransfer(address from, address to, uint256 amount) external restricted {
        _requireNoCustodian(from);
        _requireReceiver(to, false);
        _unfreezeFor(from, amount);
        super._update(from, to, amount);
        emit ForcedTransfer(from, to, amount, msg.sender);
    }

    /// @inheritdoc IRwaToken
    function recoverWallet(address lostWallet, address newWallet) external restricted {
        require(lostWallet != newWallet, RecoveryToItself(lostWallet));
        _requireNoCustodian(lostWallet);
        _requireReceiver(newWallet, false);
        uint256 amount = balanceOf(lostWallet);
        require(amount > 0, NothingToRecover(lostWallet));
        Freeze storage lost = _freezes[lostWallet];
        uint248 frozenAmount = lost.amount;
        bool frozen = lost.account;

        lost.amount = 0;
        super._update(lostWallet, newWallet, amount);
        if (frozenAmount > 0) {
            _freezes[newWallet].amount += frozenAmount;
            emit TokensUnfrozen(lostWallet, frozenAmount);
            emit TokensFrozen(newWallet, frozenAmount);
        }
        if (frozen) _setAddressFrozen(newWallet, true);
        emit RecoverySuccess(lostWallet, newWallet, amount, frozenAmount);
    }

    /// @inheritdoc IRwaToken
    function setAddressFrozen(address account, bool frozen) external restricted {
        _requireNoCustodian(account);
        _setAddressFrozen(account, frozen);
    }

    /// @inheritdoc IRwaToken
    function freezePartialTokens(address account, uint256 amount) external restricted {
        _requireNoCustodian(account);
        Freeze storage freeze = _freezes[account];
        uint256 available = balanceOf(account) - freeze.amount;
        require(amount <= available, FreezeExceedsBalance(account, available, amount));
        freeze.amount = (freeze.amount + amount).toUint248();
        emit TokensFrozen(account, amount);
    }

    /// @inheritdoc IRwaToken
    function unfreezePartialTokens(address account, uint256 amount) external restricted {
        uint256 frozen = _freezes[account].amount;
        require(amount <= frozen, UnfreezeExceedsFrozen(account, frozen, amount));
        _unfreeze(account, amount);
    }

    /// @inheritdoc IRwaToken
    function pause() external restricted {
        require(!_paused, PauseUnchanged());
        _paused = true;
        emit Paused(msg.sender);
    }

    /// @inheritdoc IRwaToken
    function unpause() external restricted {
        require(_paused, PauseUnchanged());
        _paused = false;
        emit Unpaused(msg.sender);
    }

    /// @inheritdoc IRwaToken
    function setJurisdictionRule(JurisdictionRule calldata rule) external restricted {
        _onlyListed = rule.onlyListed;
        _listed = rule.listed;
        emit JurisdictionRuleSet(rule.onlyListed, rule.listed);
    }

    /* DOCUMENTS */

    /// @inheritdoc IRwaToken
    function setDocument(bytes32 name_, string calldata uri, bytes32 documentHash) external restricted {
        require(documentHash != bytes32(0), DocumentHashMissing(name_));
        _documents[name_] = Document({uri: uri, contentHash: documentHash, updatedAt: uint64(block.timestamp)});
        _documentNames.add(name_);
        emit DocumentUpdated(name_, uri, documentHash);
    }

    /// @inheritdoc IRwaToken
    function removeDocument(bytes32 name_) external restricted {
        require(_documentNames.remove(name_), UnknownDocument(name_));
        emit DocumentRemoved(name_, _documents[name_].uri, _documents[name_].contentHash);
        delete _documents[name_];
    }

    /// @inheritdoc IRwaToken
    function getDocument(bytes32 name_) external view returns (string memory, bytes32, uint256) {
        require(_documentNames.contains(name_), UnknownDocument(name_));
        Document storage document = _documents[name_];
        return (document.uri, document.contentHash, document.updatedAt);
    }

    /// @inheritdoc IRwaToken
    function getAllDocuments() external view returns (bytes32[] memory) {
        return _documentNames.values();
    }

    /* VIEWS */

    /// @inheritdoc IERC20
    /// @dev Reads 33 slots.
    function totalSupply() external view returns (uint256) {
        return _supply.sum().toUint256();
    }

    /// @inheritdoc IRwaToken
    function paused() external view returns (bool) {
        return _paused;
    }

    /// @inheritdoc IRwaToken
    function isFrozen(address account) external view returns (bool) {
        return _freezes[account].account;
    }

    /// @inheritdoc IRwaToken
    function getFrozenTokens(address account) external view returns (uint256) {
        return _freezes[account].amount;
    }

    /// @inheritdoc IRwaToken
    function jurisdictionRule() external view returns (JurisdictionRule memory) {
        return JurisdictionRule({onlyListed: _onlyListed, listed: _listed});
    }

    /// @inheritdoc IRwaToken
    function jurisdictionAllowed(uint16 jurisdiction) public view returns (bool) {
        bool listed = jurisdiction < JURISDICTIONS && (_listed[jurisdiction / 256] >> (jurisdiction % 256)) & 1 == 1;
        return listed == _onlyListed;
    }

    /// @inheritdoc IRwaToken
    function registry() external view returns (address) {
        return address(_REGISTRY);
    }

    /* RULES OF HOLDING */

    /// @dev Minting and burning are the agent's alone and pass a pause; burning passes a freeze too, since a redemption by
    /// order of law must.
    function _update(address from, address to, uint256 value) internal override {
        if (to != address(0)) {
            bool fromCustodian = false;
            if (from != address(0)) {
                require(!_paused, TokenPaused());
                fromCustodian = _requireSender(from, value);
            }
            _requireReceiver(to, fromCustodian);
        }
        super._update(from, to, value);
    }

    /// @dev An expired holder may still send: he must be able to leave.
    function _requireSender(address from, uint256 value) private view returns (bool isCustodian) {
        (uint256 standing, ) = _REGISTRY.standingOf(from);
        if (standing.has(Standing.CUSTODIAN)) return true;
        Freeze memory freeze = _freezes[from];
        require(
            standing.has(Standing.KNOWN) && !standing.has(Standing.FROZEN) && !freeze.account,
            SenderNotEligible(from)
        );
        if (freeze.amount > 0) {
            uint256 available = balanceOf(from) - freeze.amount;
            require(value <= available, AmountFrozen(from, available, value));
        }
        return false;
    }

    /// @dev From a custodian an expired identity, or one of a jurisdiction refused since, still receives: collateral stays
    /// claimable. The market sees to it that an expired receiver is the owner himself.
    function _requireReceiver(address to, bool fromCustodian) private view {
        (uint256 standing, uint16 jurisdiction) = _REGISTRY.standingOf(to);
        if (standing.has(Standing.CUSTODIAN)) return;
        require(
            standing.has(fromCustodian ? Standing.KNOWN : Standing.HOLD) &&
                !standing.has(Standing.FROZEN) &&
                !_freezes[to].account,
            ReceiverNotEligible(to)
        );
        require(fromCustodian || jurisdictionAllowed(jurisdiction), JurisdictionNotAllowed(to, jurisdiction));
    }

    function _requireNoCustodian(address account) private view {
        (uint256 standing, ) = _REGISTRY.standingOf(account);
        require(!standing.has(Standing.CUSTODIAN), CustodianProtected(account));
    }

    /* FREEZE */

    function _setAddressFrozen(address account, bool frozen) private {
        _freezes[account].account = frozen;
        emit AddressFrozen(account, frozen, msg.sender);
    }

    function _unfreeze(address account, uint256 amount) private {
        _freezes[account].amount -= amount.toUint248();
        emit TokensUnfrozen(account, amount);
    }

    /// @dev Releases as much as `amount` needs to leave, so that what is frozen never exceeds the balance.
    function _unfreezeFor(address account, uint256 amount) private {
        uint256 balance = balanceOf(account);
        require(amount <= balance, ERC20InsufficientBalance(account, balance, amount));
        uint256 available = balance - _freezes[account].amount;
        if (amount > available) _unfreeze(account, amount - available);
    }
}
