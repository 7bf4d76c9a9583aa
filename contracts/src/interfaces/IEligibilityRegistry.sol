// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title IEligibilityRegistry
/// @notice Who may hold, borrow and liquidate. One slot per person, only read on hot paths.
interface IEligibilityRegistry {
    /// @dev Each tier includes the ones before it.
    enum Tier {
        None,
        Holder,
        Borrower,
        Liquidator
    }

    struct Record {
        Tier tier; //            1 byte
        bool frozen; //          1 byte
        bool custodian; //       1 byte
        uint16 jurisdiction; //  2 bytes, ISO 3166-1 numeric
        uint64 expiry; //        8 bytes, seconds; valid while block.timestamp < expiry
    }

    event PersonSet(address indexed person, Tier tier, uint16 jurisdiction, uint64 expiry);
    event PersonRemoved(address indexed person);
    event FrozenSet(address indexed person, bool frozen);
    event CustodiansAdmitted(address indexed market);

    /// @notice `account` is a custodian, not a person.
    error IsCustodian(address account);
    /// @notice Nobody is on record under `account`: register it first.
    error UnknownPerson(address account);
    /// @notice Use `removePerson` to take somebody off the record.
    error TierMissing();
    /// @notice The record would have expired already.
    error ExpiryInThePast(uint64 expiry);

    /// @notice What `account` may do now (bits of `Standing`) and where it is resident.
    function standingOf(address account) external view returns (uint256 standing, uint16 jurisdiction);

    function recordOf(address account) external view returns (Record memory);

    /// @notice Puts or updates a person on record; keeps a freeze. Restricted.
    function setPerson(address person, Tier tier, uint16 jurisdiction, uint64 expiry) external;

    /// @notice The same for many. Restricted.
    function setPersons(address[] calldata persons, Tier tier, uint16 jurisdiction, uint64 expiry) external;

    /// @notice Takes a person off the record. What it has in custody stays there until it is registered again. Restricted.
    function removePerson(address person) external;

    /// @notice Freezes or releases a person. Restricted.
    function setFrozen(address person, bool frozen) external;

    /// @notice Admits all custodians of `market` at once. Restricted.
    function admitCustodians(address market) external;
}
