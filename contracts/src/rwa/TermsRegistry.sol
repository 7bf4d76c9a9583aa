// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ITermsRegistry} from "../interfaces/ITermsRegistry.sol";

/// @title TermsRegistry
/// @notice Terms by number, written once. Knows no position and no debt: the market holds to what is disclosed here.
///
/// Slots: `_terms[termsId]`, four each, read on a user's path and written by governance only.
contract TermsRegistry is ITermsRegistry, AccessManaged {
    /// @dev As in `Market`: 200% a year.
    uint256 private constant MAX_RATE_PER_YEAR = 2e18;
    uint256 private constant MAX_GRACE_PERIOD = 90 days;
    uint256 private constant MAX_DURATION = 3650 days;

    uint256 private _count;
    mapping(uint256 termsId => Terms) private _terms;

    constructor(address authority_) AccessManaged(authority_) {}

    /* GOVERNANCE */

    /// @inheritdoc ITermsRegistry
    function publish(Terms calldata terms, string calldata documentUri) external restricted returns (uint256 termsId) {
        _requireConsistent(terms);
        termsId = ++_count;
        _terms[termsId] = terms;
        emit TermsPublished(termsId, terms.market, terms, documentUri);
    }

    /// @inheritdoc ITermsRegistry
    function close(uint256 termsId, uint40 openUntil) external restricted {
        Terms storage terms = _published(termsId);
        bool sooner = openUntil < terms.openUntil && openUntil >= block.timestamp;
        require(sooner, MayOnlyCloseSooner(termsId, terms.openUntil));
        terms.openUntil = openUntil;
        emit TermsClosed(termsId, openUntil);
    }

    /* VIEWS */

    /// @inheritdoc ITermsRegistry
    function termsOf(uint256 termsId) external view returns (Terms memory) {
        return _published(termsId);
    }

    /// @inheritdoc ITermsRegistry
    function count() external view returns (uint256) {
        return _count;
    }

    /// @inheritdoc ITermsRegistry
    function phaseOf(uint256 termsId) external view returns (Phase) {
        Terms storage terms = _published(termsId);
        if (block.timestamp < terms.openUntil) return Phase.Open;
        if (terms.rateKind == RateKind.Variable || block.timestamp < terms.maturity) return Phase.Closed;
        return block.timestamp < uint256(terms.maturity) + terms.gracePeriod ? Phase.Grace : Phase.Overdue;
    }

    /// @inheritdoc ITermsRegistry
    function isOpen(uint256 termsId, address market) external view returns (bool) {
        Terms storage terms = _terms[termsId];
        return terms.market == market && block.timestamp < terms.openUntil;
    }

    /* INTERNAL */

    function _published(uint256 termsId) private view returns (Terms storage terms) {
        terms = _terms[termsId];
        require(terms.market != address(0), NoSuchTerms(termsId));
    }

    function _requireConsistent(Terms calldata terms) private view {
        require(terms.market.code.length > 0, InvalidTerms("no market at this address"));
        require(terms.documentHash != bytes32(0), InvalidTerms("the document's hash is missing"));
        require(terms.cap > 0, InvalidTerms("the cap is zero"));
        require(terms.openUntil > block.timestamp, InvalidTerms("closed already"));
        require(terms.marginPerYear <= MAX_RATE_PER_YEAR, InvalidTerms("margin above 200%"));
        if (terms.rateKind == RateKind.Variable) {
            require(
                terms.ratePerYear == 0 && terms.maturity == 0 && terms.penaltyPerYear == 0 && terms.gracePeriod == 0,
                InvalidTerms("variable terms have no rate, maturity, grace and penalty of their own")
            );
            require(terms.marginPerYear == 0, InvalidTerms("variable terms pay the market's rate"));
        } else {
            require(
                terms.ratePerYear > 0 && terms.ratePerYear <= MAX_RATE_PER_YEAR,
                InvalidTerms("fixed rate zero or above 200%")
            );
            require(terms.penaltyPerYear <= MAX_RATE_PER_YEAR, InvalidTerms("penalty above 200%"));
            // So that debt is never taken on that is due already.
            require(terms.maturity > terms.openUntil, InvalidTerms("matures while open"));
            require(terms.maturity <= block.timestamp + MAX_DURATION, InvalidTerms("matures in more than ten years"));
            require(terms.gracePeriod <= MAX_GRACE_PERIOD, InvalidTerms("grace above 90 days"));
        }
    }
}
