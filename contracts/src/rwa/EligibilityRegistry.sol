// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IEligibilityRegistry} from "../interfaces/IEligibilityRegistry.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {LANES} from "../libraries/Lanes.sol";
import {Standing} from "../libraries/Standing.sol";

/// @title EligibilityRegistry
/// @notice Identity records kept by a registrar. Knows no token and no balance.
///
/// Slots: `_records[account]`, one per person or custodian, written by the registrar only.
contract EligibilityRegistry is IEligibilityRegistry, AccessManaged {
    mapping(address account => Record) private _records;

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

    /* REGISTRAR */

    /// @inheritdoc IEligibilityRegistry
    function setPerson(address person, Tier tier, uint16 jurisdiction, uint64 expiry) external restricted {
        _setPerson(person, tier, jurisdiction, expiry);
    }

    /// @inheritdoc IEligibilityRegistry
    function setPersons(address[] calldata persons, Tier tier, uint16 jurisdiction, uint64 expiry) external restricted {
        for (uint256 i = 0; i < persons.length; ++i) _setPerson(persons[i], tier, jurisdiction, expiry);
    }

    /// @inheritdoc IEligibilityRegistry
    function removePerson(address person) external restricted {
        _personRecord(person);
        delete _records[person];
        emit PersonRemoved(person);
    }

    /// @inheritdoc IEligibilityRegistry
    function setFrozen(address person, bool frozen) external restricted {
        _personRecord(person).frozen = frozen;
        emit FrozenSet(person, frozen);
    }

    /// @inheritdoc IEligibilityRegistry
    function admitCustodians(address market) external restricted {
        for (uint256 lane = 0; lane < LANES; ++lane) {
            _records[IMarket(market).custodian(lane)] = Record({
                tier: Tier.None,
                frozen: false,
                custodian: true,
                jurisdiction: 0,
                expiry: 0
            });
        }
        emit CustodiansAdmitted(market);
    }

    /* INTERNAL */

    function _setPerson(address person, Tier tier, uint16 jurisdiction, uint64 expiry) private {
        require(tier != Tier.None, TierMissing());
        require(expiry > block.timestamp, ExpiryInThePast(expiry));
        Record storage record = _records[person];
        require(!record.custodian, IsCustodian(person));
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
