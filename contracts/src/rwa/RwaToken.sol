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
    using SignedLanes for SignedLanes.Book;
    using Standing for uint256;

    IEligibilityRegistry private immutable _REGISTRY;

    SignedLanes.Book private _supply;
    /// @dev What of a balance is frozen; the largest number freezes the account.
    mapping(address account => uint256) private _frozen;
    mapping(uint16 jurisdiction => bool) private _blocked;
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

    /* AGENT */

    /// @inheritdoc IRwaToken
    function mint(address to, uint256 amount) external restricted {
        _mint(_supply, Lanes.laneOf(to), to, amount);
    }

    /// @inheritdoc IRwaToken
    function burn(address from, uint256 amount) external restricted {
        _requireNoCustodian(from);
        _burn(_supply, Lanes.laneOf(from), from, amount);
    }

    /// @inheritdoc IRwaToken
    function forcedTransfer(address from, address to, uint256 amount) external restricted {
        _requireNoCustodian(from);
        require(to != address(0), ERC20InvalidReceiver(address(0)));
        _requireReceiver(to, false);
        super._update(from, to, amount);
        emit ForcedTransfer(from, to, amount, msg.sender);
    }

    /// @inheritdoc IRwaToken
    function setFrozenAmount(address account, uint256 amount) external restricted {
        _requireNoCustodian(account);
        _frozen[account] = amount;
        emit FrozenAmountSet(account, amount);
    }

    /// @inheritdoc IRwaToken
    function setJurisdictionBlocked(uint16 jurisdiction, bool blocked) external restricted {
        _blocked[jurisdiction] = blocked;
        emit JurisdictionBlocked(jurisdiction, blocked);
    }

    /// @inheritdoc IRwaToken
    function setDocument(bytes32 name_, string calldata uri, bytes32 contentHash) external restricted {
        _documents[name_] = Document({uri: uri, contentHash: contentHash, updatedAt: uint64(block.timestamp)});
        _documentNames.add(name_);
        emit DocumentUpdated(name_, uri, contentHash);
    }

    /// @inheritdoc IRwaToken
    function removeDocument(bytes32 name_) external restricted {
        require(_documentNames.remove(name_), UnknownDocument(name_));
        delete _documents[name_];
        emit DocumentRemoved(name_);
    }

    /* VIEWS */

    /// @inheritdoc IERC20
    /// @dev Reads 33 slots.
    function totalSupply() external view returns (uint256) {
        return _supply.sum().toUint256();
    }

    /// @inheritdoc IRwaToken
    function document(bytes32 name_) external view returns (Document memory) {
        require(_documentNames.contains(name_), UnknownDocument(name_));
        return _documents[name_];
    }

    /// @inheritdoc IRwaToken
    function documentNames() external view returns (bytes32[] memory) {
        return _documentNames.values();
    }

    /// @inheritdoc IRwaToken
    function frozenAmount(address account) external view returns (uint256) {
        return _frozen[account];
    }

    /// @inheritdoc IRwaToken
    function jurisdictionBlocked(uint16 jurisdiction) external view returns (bool) {
        return _blocked[jurisdiction];
    }

    /// @inheritdoc IRwaToken
    function registry() external view returns (address) {
        return address(_REGISTRY);
    }

    /* RULES OF HOLDING */

    /// @dev Burning is the agent's alone and passes a freeze, since redemption by order of law must.
    function _update(address from, address to, uint256 value) internal override {
        if (to != address(0)) {
            bool fromCustodian = false;
            if (from != address(0)) fromCustodian = _requireSender(from, value);
            _requireReceiver(to, fromCustodian);
        }
        super._update(from, to, value);
    }

    /// @dev An expired holder may still send: he must be able to leave.
    function _requireSender(address from, uint256 value) private view returns (bool isCustodian) {
        (uint256 standing, ) = _REGISTRY.standingOf(from);
        if (standing.has(Standing.CUSTODIAN)) return true;
        require(standing.has(Standing.KNOWN) && !standing.has(Standing.FROZEN), SenderNotEligible(from));
        uint256 frozen = _frozen[from];
        if (frozen > 0) {
            uint256 balance = balanceOf(from);
            uint256 available = balance > frozen ? balance - frozen : 0;
            require(value <= available, AmountFrozen(from, available, value));
        }
        return false;
    }

    /// @dev From a custodian an expired identity, or one of a jurisdiction blocked since, still receives: collateral stays
    /// claimable. The market sees to it that such a receiver is the owner himself.
    function _requireReceiver(address to, bool fromCustodian) private view {
        (uint256 standing, uint16 jurisdiction) = _REGISTRY.standingOf(to);
        if (standing.has(Standing.CUSTODIAN)) return;
        if (fromCustodian) {
            require(standing.has(Standing.KNOWN) && !standing.has(Standing.FROZEN), ReceiverNotEligible(to));
        } else {
            require(standing.has(Standing.HOLD), ReceiverNotEligible(to));
            require(!_blocked[jurisdiction], JurisdictionNotAllowed(to, jurisdiction));
        }
        require(_frozen[to] != type(uint256).max, ReceiverNotEligible(to));
    }

    function _requireNoCustodian(address account) private view {
        (uint256 standing, ) = _REGISTRY.standingOf(account);
        require(!standing.has(Standing.CUSTODIAN), CustodianProtected(account));
    }
}
