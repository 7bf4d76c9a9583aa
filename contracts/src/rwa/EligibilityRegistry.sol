// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IEligibilityRegistry} from "../interfaces/IEligibilityRegistry.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {LANES} from "../libraries/Lanes.sol";
import {Standing} from "../libraries/Standing.sol";

/// @title EligibilityRegistry
/// @notice Identity records kept by a registrar and by the agents of issuers. Knows no token and no balance.
///
/// Slots: `_records[account]`, one per person or custodian, written by the registrar and the agents only. Nothing else is
/// read on a user's path.
contract EligibilityRegistry is IEligibilityRegistry, AccessManaged {
    uint16 private constant LAST_JURISDICTION = 999;

    mapping(address account => Record) private _records;
    mapping(address person => Request) private _requests;
    mapping(address agent => uint32) private _issuers;

    constructor(address authority_) AccessManaged(authority_) {}

    /* VIEWS */

    /// @inheritdoc IEligibilityRegistry
    function standingOf(address account) external view returns (uint256 standing, uint16 jurisdiction) {
        Record memory record = _records[account];
        if (record.custodian) return (Standing.KNOWN | Standing.CUSTODIAN, 0);
        if (record.tier == Tier.None) return (0, 0);
        jurisdiction = record.jurisdiction;
        standing = Standing.KNOWN;
        bool valid = block.timestamp < record.expiry;
        if (valid) standing |= Standing.VALID;
        if (record.frozen) return (standing | Standing.FROZEN, jurisdiction);
        if (!valid) return (standing, jurisdiction);
        standing |= Standing.HOLD;
        if (record.tier >= Tier.Borrower) standing |= Standing.BORROW;
        if (record.tier >= Tier.Liquidator) standing |= Standing.LIQUIDATE;
    }

    /// @inheritdoc IEligibilityRegistry
    function recordOf(address account) external view returns (Record memory) {
        return _records[account];
    }

    /// @inheritdoc IEligibilityRegistry
    function requestOf(address person) external view returns (Request memory) {
        return _requests[person];
    }

    /// @inheritdoc IEligibilityRegistry
    function issuerOf(address agent) external view returns (uint32) {
        return _issuers[agent];
    }

    /* RECORDS */

    /// @inheritdoc IEligibilityRegistry
    function setPerson(address person, Tier tier, uint16 jurisdiction, uint64 expiry) external {
        _requireKeeperOf(person);
        _setPerson(person, tier, jurisdiction, expiry, _issuers[msg.sender]);
    }

    /// @inheritdoc IEligibilityRegistry
    function setPersons(address[] calldata persons, Tier tier, uint16 jurisdiction, uint64 expiry) external {
        bool keepsAll = true;
        for (uint256 i = 0; i < persons.length; ++i) keepsAll = keepsAll && _isAgentOf(persons[i]);
        if (!keepsAll) _checkCanCall(msg.sender, msg.data);
        for (uint256 i = 0; i < persons.length; ++i) {
            _setPerson(persons[i], tier, jurisdiction, expiry, _issuers[msg.sender]);
        }
    }

    /// @inheritdoc IEligibilityRegistry
    function removePerson(address person) external {
        _requireKeeperOf(person);
        require(!_personRecord(person).frozen, StillFrozen(person));
        delete _records[person];
        emit PersonRemoved(person);
    }

    /// @inheritdoc IEligibilityRegistry
    function setFrozen(address person, bool frozen) external {
        _requireKeeperOf(person);
        _personRecord(person).frozen = frozen;
        emit FrozenSet(person, frozen);
    }

    /// @inheritdoc IEligibilityRegistry
    function approveRequest(address person, Request calldata request, uint64 expiry) external {
        Request memory made = _requests[person];
        require(made.tier != Tier.None, NoRequest(person));
        // What was read off chain and what is approved are the same: the person cannot swap it in between.
        require(keccak256(abi.encode(request)) == keccak256(abi.encode(made)), RequestChanged(person));
        if (!_isAgentFor(made.issuer) || !_isAgentOf(person)) _checkCanCall(msg.sender, msg.data);
        delete _requests[person];
        _setPerson(person, made.tier, made.jurisdiction, expiry, made.issuer);
        emit RequestApproved(person, msg.sender);
    }

    /// @inheritdoc IEligibilityRegistry
    function denyRequest(address person, bytes32 reason) external {
        require(_requests[person].tier != Tier.None, NoRequest(person));
        if (!_isAgentFor(_requests[person].issuer)) _checkCanCall(msg.sender, msg.data);
        delete _requests[person];
        emit RequestDenied(person, msg.sender, reason);
    }

    /* PERSONS */

    /// @inheritdoc IEligibilityRegistry
    function makeRequest(Request calldata request) external {
        require(request.tier != Tier.None, TierMissing());
        require(request.jurisdiction <= LAST_JURISDICTION, UnknownJurisdiction(request.jurisdiction));
        require(!_records[msg.sender].custodian, IsCustodian(msg.sender));
        _requests[msg.sender] = request;
        emit RequestMade(msg.sender, request.issuer, request.tier, request.jurisdiction, request.evidenceHash);
    }

    /// @inheritdoc IEligibilityRegistry
    function withdrawRequest() external {
        require(_requests[msg.sender].tier != Tier.None, NoRequest(msg.sender));
        delete _requests[msg.sender];
        emit RequestWithdrawn(msg.sender);
    }

    /* REGISTRAR */

    /// @inheritdoc IEligibilityRegistry
    function setAgent(address agent, uint32 issuer) external restricted {
        _issuers[agent] = issuer;
        emit AgentSet(agent, issuer);
    }

    /// @inheritdoc IEligibilityRegistry
    function admitCustodians(address market) external restricted {
        for (uint256 lane = 0; lane < LANES; ++lane) {
            _records[IMarket(market).custodian(lane)] = Record({
                tier: Tier.None,
                frozen: false,
                custodian: true,
                jurisdiction: 0,
                expiry: 0,
                issuer: 0
            });
        }
        emit CustodiansAdmitted(market);
    }

    /* INTERNAL */

    /// @dev The registrar, by the authority's word, keeps all records.
    function _requireKeeperOf(address person) private {
        if (!_isAgentOf(person)) _checkCanCall(msg.sender, msg.data);
    }

    /// @dev An agent keeps the records of its issuer and opens new ones.
    function _isAgentOf(address person) private view returns (bool) {
        Record storage record = _records[person];
        return
            !record.custodian &&
            _issuers[msg.sender] != 0 &&
            (record.tier == Tier.None || record.issuer == _issuers[msg.sender]);
    }

    function _isAgentFor(uint32 issuer) private view returns (bool) {
        return issuer != 0 && issuer == _issuers[msg.sender];
    }

    /// @dev `issuer` is who takes on a new person; of one on record it stays.
    function _setPerson(address person, Tier tier, uint16 jurisdiction, uint64 expiry, uint32 issuer) private {
        require(tier != Tier.None, TierMissing());
        require(expiry > block.timestamp, ExpiryInThePast(expiry));
        require(jurisdiction <= LAST_JURISDICTION, UnknownJurisdiction(jurisdiction));
        Record storage record = _records[person];
        require(!record.custodian, IsCustodian(person));
        if (record.tier == Tier.None && issuer != 0) {
            record.issuer = issuer;
            emit IssuerOfPersonSet(person, issuer);
        }
        record.tier = tier;
        record.jurisdiction = jurisdiction;
        record.expiry = expiry;
        emit PersonSet(person, tier, jurisdiction, expiry);
    }

    /// @dev The record of a person who must be on record.
    function _personRecord(address person) private view returns (Record storage record) {
        record = _records[person];
        require(!record.custodian, IsCustodian(person));
        require(record.tier != Tier.None, UnknownPerson(person));
    }
}
