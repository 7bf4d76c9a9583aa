// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title ITermsRegistry
/// @notice The disclosed terms that positions are opened under. Append-only: what somebody agreed to never changes. Terms
/// can be closed to new debt, sooner than disclosed and never later.
interface ITermsRegistry {
    enum RateKind {
        Variable,
        Fixed
    }

    /// @dev What a position under these terms may do now.
    enum Phase {
        /// Debt may be taken on.
        Open,
        /// No new debt; what there is runs on.
        Closed,
        /// Fixed terms past maturity: repay within the grace period.
        Grace,
        /// Past the grace period: penalty, and liquidation whatever the health.
        Overdue
    }

    struct Terms {
        /// The market that these terms are for.
        address market; //            20 bytes
        RateKind rateKind; //          1 byte
        /// Seconds; debt may be taken on while block.timestamp < openUntil.
        uint40 openUntil; //           5 bytes
        /// Seconds; debt is due then. 0 for variable terms, which have no maturity.
        uint40 maturity; //            5 bytes
        /// Per year, wad, of fixed terms: simple interest from their adoption by the market until repaid. 0 for variable terms.
        uint64 ratePerYear; //         8 bytes
        /// Per year, wad: by how much a fixed rate must exceed the market's variable rate for new debt to be taken on. 0 for
        /// variable terms, which pay the market's rate.
        uint64 marginPerYear; //       8 bytes
        /// Per year, wad, on debt overdue. 0 for variable terms.
        uint64 penaltyPerYear; //      8 bytes
        /// Seconds between maturity and overdue. 0 for variable terms.
        uint32 gracePeriod; //         4 bytes
        /// The most debt under these terms: in the loan token's smallest unit of fixed terms, scaled of variable ones.
        uint128 cap; //               16 bytes
        /// keccak256 of the document in which they are disclosed.
        bytes32 documentHash;
    }

    event TermsPublished(uint256 indexed termsId, address indexed market, Terms terms, string documentUri);
    event TermsClosed(uint256 indexed termsId, uint256 openUntil);

    /// @notice No terms were published under `termsId`; 0 is a market's own variable rate and needs none.
    error NoSuchTerms(uint256 termsId);
    /// @notice The terms contradict each other; `reason` says how.
    error InvalidTerms(string reason);
    /// @notice Terms close sooner than disclosed, at `openUntil` at the latest and not in the past.
    error MayOnlyCloseSooner(uint256 termsId, uint256 openUntil);

    /// @notice Publishes terms for good and returns their number, from 1 on. Restricted.
    function publish(Terms calldata terms, string calldata documentUri) external returns (uint256 termsId);

    /// @notice Ends new debt under `termsId` at `openUntil`, sooner than so far. Restricted.
    function close(uint256 termsId, uint40 openUntil) external;

    function termsOf(uint256 termsId) external view returns (Terms memory);

    /// @notice How many terms were published; the last one's number.
    function count() external view returns (uint256);

    function phaseOf(uint256 termsId) external view returns (Phase);

    /// @notice Whether new debt may be taken on in `market` under `termsId` now.
    function isOpen(uint256 termsId, address market) external view returns (bool);
}
