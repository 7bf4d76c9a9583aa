// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title IEligibilityRegistry
/// @notice Who may hold, borrow and liquidate. One slot per person, only read on hot paths. The registrar keeps all
/// records; an issuer's agents keep those of the persons it took on; persons ask for a record on chain.
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
        uint16 jurisdiction; //  2 bytes, ISO 3166-1 numeric, 0 where unknown
        uint64 expiry; //        8 bytes, seconds; valid while block.timestamp < expiry
        uint32 issuer; //        4 bytes, whose agents keep this record; 0: the registrar alone
    }

    /// @dev What a person asks for.
    struct Request {
        Tier tier;
        uint16 jurisdiction;
        /// Whose agents decide; 0: the registrar.
        uint32 issuer;
        /// Of the evidence that the person handed to the issuer off chain.
        bytes32 evidenceHash;
    }

    event PersonSet(address indexed person, Tier tier, uint16 jurisdiction, uint64 expiry);
    event IssuerOfPersonSet(address indexed person, uint32 indexed issuer);
    event PersonRemoved(address indexed person);
    event FrozenSet(address indexed person, bool frozen);
    event CustodiansAdmitted(address indexed market);
    event AgentSet(address indexed agent, uint32 indexed issuer);
    event RequestMade(
        address indexed person,
        uint32 indexed issuer,
        Tier tier,
        uint16 jurisdiction,
        bytes32 evidenceHash
    );
    event RequestWithdrawn(address indexed person);
    event RequestApproved(address indexed person, address indexed by);
    event RequestDenied(address indexed person, address indexed by, bytes32 reason);

    /// @notice `account` is a custodian, not a person.
    error IsCustodian(address account);
    /// @notice Nobody is on record under `account`: register it first.
    error UnknownPerson(address account);
    /// @notice Use `removePerson` to take somebody off the record.
    error TierMissing();
    /// @notice A frozen person stays on record, lest another issuer take it on unfrozen: release it first.
    error StillFrozen(address person);
    /// @notice The record would have expired already.
    error ExpiryInThePast(uint64 expiry);
    /// @notice ISO 3166-1 numeric codes are 1 to 999; 0 stands for unknown.
    error UnknownJurisdiction(uint16 jurisdiction);
    /// @notice `person` asked for nothing, or the request was decided already.
    error NoRequest(address person);
    /// @notice The request is no longer what was decided on: read it again.
    error RequestChanged(address person);

    /// @notice What `account` may do now (bits of `Standing`) and where it is resident.
    function standingOf(address account) external view returns (uint256 standing, uint16 jurisdiction);

    function recordOf(address account) external view returns (Record memory);

    /// @notice What `person` asks for; tier None where it asks for nothing.
    function requestOf(address person) external view returns (Request memory);

    /// @notice The issuer that `agent` acts for; 0 where it is no agent.
    function issuerOf(address agent) external view returns (uint32);

    /* RECORDS: REGISTRAR, OR AN AGENT FOR PERSONS OF ITS ISSUER AND NEW ONES */

    /// @notice Puts or updates a person on record; keeps a freeze and the issuer. Restricted.
    function setPerson(address person, Tier tier, uint16 jurisdiction, uint64 expiry) external;

    /// @notice The same for many. Restricted.
    function setPersons(address[] calldata persons, Tier tier, uint16 jurisdiction, uint64 expiry) external;

    /// @notice Takes a person off the record. What it has in custody stays there until it is registered again. Restricted.
    function removePerson(address person) external;

    /// @notice Freezes or releases a person. Restricted.
    function setFrozen(address person, bool frozen) external;

    /// @notice Approves exactly the request given, until `expiry`. Restricted to who may decide it.
    function approveRequest(address person, Request calldata request, uint64 expiry) external;

    /// @notice Denies the request of `person`; `reason` is the issuer's code. Restricted to who may decide it.
    function denyRequest(address person, bytes32 reason) external;

    /* PERSONS */

    /// @notice Asks for a record, in place of an earlier request.
    function makeRequest(Request calldata request) external;

    function withdrawRequest() external;

    /* REGISTRAR ALONE */

    /// @notice Makes `agent` act for `issuer`; 0 dismisses it. Restricted.
    function setAgent(address agent, uint32 issuer) external;

    /// @notice Admits all custodians of `market` at once. Restricted.
    function admitCustodians(address market) external;
}
