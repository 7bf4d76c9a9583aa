// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {AggregatorV3Interface, INavOracle} from "../interfaces/INavOracle.sol";

/// @title NavOracle
/// @notice NAV reports of m of n attestors, with an accepted and a pending value. Knows no market.
///
/// Slots read by markets: `_accepted`, `_pending`, `_settings`. Nobody writes them on a user's path.
contract NavOracle is INavOracle, EIP712, AccessManaged {
    using EnumerableSet for EnumerableSet.AddressSet;
    using SafeCast for uint256;

    bytes32 private constant REPORT_TYPEHASH = keccak256(
        "NavReport(uint32 round,uint128 nav,uint64 navDate,bool ripcord)"
    );
    bytes32 private constant CONFIRMATION_TYPEHASH = keccak256(
        "NavConfirmation(uint32 round,uint128 nav,uint64 navDate)"
    );

    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_PENDING_DELAY = 24 hours;
    uint8 private constant MAX_DECIMALS = 18;
    /// @dev Who pulled the ripcord, as bits.
    uint8 private constant BY_ATTESTORS = 1;
    uint8 private constant BY_GOVERNANCE = 2;

    uint8 private immutable _DECIMALS;
    string private _description;

    Valuation private _accepted;
    Valuation private _pending;
    Settings private _settings;
    Comparison private _comparison;
    /// @dev Of the last report, whatever became of it.
    uint32 private _lastRound;
    uint40 private _lastReportAt;
    uint40 private _usableSince;
    mapping(uint256 round => Valuation) private _rounds;
    EnumerableSet.AddressSet private _attestors;

    /// @dev Notices when the NAV can be used again.
    modifier noticingUse() {
        bool before = _isUsable();
        _;
        if (!before && _isUsable()) _usableSince = uint40(block.timestamp);
    }

    constructor(
        address authority_,
        string memory description_,
        uint8 decimals_,
        address[] memory attestors_,
        Settings memory settings_
    ) EIP712("Polder NAV", "1") AccessManaged(authority_) {
        _description = description_;
        _DECIMALS = decimals_;
        require(decimals_ <= MAX_DECIMALS, InvalidSettings("more than 18 decimals"));
        for (uint256 i = 0; i < attestors_.length; ++i) _setAttestor(attestors_[i], true);
        _setSettings(settings_);
    }

    /* READING */

    /// @inheritdoc INavOracle
    function read() public view returns (uint256 newDebtNav, uint256 liquidationNav, Status status) {
        Valuation memory current = _accepted;
        Valuation memory next = _pending;
        Settings memory s = _settings;
        if (_isMature(current, next, s)) {
            next.ripcord = current.ripcord;
            current = next;
        }
        liquidationNav = current.nav;
        newDebtNav = next.nav != 0 && next.nav < current.nav ? next.nav : current.nav;
        status = _status(current, Math.max(current.navDate, next.navDate), s);
    }

    /// @inheritdoc AggregatorV3Interface
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        Valuation memory current = _accepted;
        Valuation memory next = _pending;
        Settings memory s = _settings;
        require(current.ripcord == 0, FeedStopped());
        if (_isMature(current, next, s)) {
            next.since += uint40(s.pendingDelay);
            return _roundData(next);
        }
        require(current.nav != 0, UnknownRound(0));
        return _roundData(current);
    }

    /// @inheritdoc AggregatorV3Interface
    function getRoundData(uint80 roundId) external view returns (uint80, int256, uint256, uint256, uint80) {
        Valuation memory valuation = _rounds[roundId];
        require(valuation.nav != 0, UnknownRound(roundId));
        return _roundData(valuation);
    }

    /// @inheritdoc AggregatorV3Interface
    function decimals() external view returns (uint8) {
        return _DECIMALS;
    }

    /// @inheritdoc AggregatorV3Interface
    function description() external view returns (string memory) {
        return _description;
    }

    /// @inheritdoc AggregatorV3Interface
    function version() external pure returns (uint256) {
        return 1;
    }

    /* REPORTING */

    /// @inheritdoc INavOracle
    function submit(NavReport calldata report, bytes[] calldata signatures) external noticingUse {
        require(report.round == _lastRound + 1, WrongRound(report.round, _lastRound + 1));
        Settings memory s = _settings;
        bool first = _accepted.nav == 0;
        _requireSignatures(reportDigest(report), signatures, first ? s.confirmQuorum : s.quorum);

        if (report.ripcord) {
            _lastRound = report.round;
            _setRipcord(BY_ATTESTORS, true);
            return;
        }
        _promoteIfMature(s);
        _requireDue(report, s);
        _lastRound = report.round;
        _lastReportAt = uint40(block.timestamp);
        _setRipcord(BY_ATTESTORS, false);

        Valuation memory current = _accepted;
        Valuation memory next = Valuation({
            nav: report.nav,
            navDate: uint256(report.navDate).toUint40(),
            since: uint40(block.timestamp),
            round: report.round,
            ripcord: 0
        });
        if (first || (_withinBounds(current.nav, next.nav, s) && _isBorneOut(next))) {
            _accept(next);
        } else {
            Valuation memory previous = _pending;
            bool fallsOn = previous.nav != 0 && previous.nav < current.nav && next.nav < current.nav;
            if (fallsOn) next.since = previous.since;
            _pending = next;
            emit NavPending(next.round, next.nav, next.navDate, next.since);
        }
    }

    /// @inheritdoc INavOracle
    function confirm(bytes[] calldata signatures) external noticingUse {
        Valuation memory next = _pending;
        require(next.nav != 0, NothingPending());
        Settings memory s = _settings;
        _requireSignatures(confirmationDigest(), signatures, s.confirmQuorum);
        uint256 ceiling = Math.mulDiv(_accepted.nav, BPS + s.maxUpBps, BPS);
        if (next.nav > ceiling) next.nav = ceiling.toUint128();
        _accept(next);
    }

    /// @inheritdoc INavOracle
    function promote() external {
        Valuation memory next = _pending;
        require(next.nav != 0 && next.nav < _accepted.nav, NothingPending());
        Settings memory s = _settings;
        require(_promoteIfMature(s), PendingNotMature(uint256(next.since) + s.pendingDelay));
    }

    /* GOVERNANCE */

    /// @inheritdoc INavOracle
    function pullRipcord() external restricted {
        _setRipcord(BY_GOVERNANCE, true);
    }

    /// @inheritdoc INavOracle
    function releaseRipcord() external restricted noticingUse {
        _setRipcord(BY_GOVERNANCE, false);
    }

    /// @inheritdoc INavOracle
    function setComparison(address feed, uint32 maxAge, uint16 maxDeviationBps) external restricted {
        uint8 feedDecimals = 0;
        if (feed != address(0)) {
            feedDecimals = AggregatorV3Interface(feed).decimals();
            bool bounded = maxAge > 0 && maxDeviationBps > 0 && maxDeviationBps < BPS;
            require(bounded && feedDecimals <= MAX_DECIMALS, InvalidComparison(feed));
        }
        _comparison = Comparison({
            feed: feed,
            maxAge: maxAge,
            maxDeviationBps: maxDeviationBps,
            decimals: feedDecimals
        });
        emit ComparisonSet(feed, maxAge, maxDeviationBps);
    }

    /// @inheritdoc INavOracle
    function setAttestor(address attestor, bool active) external restricted {
        _setAttestor(attestor, active);
        require(_attestors.length() >= _settings.confirmQuorum, InvalidSettings("fewer attestors than a quorum"));
    }

    /// @inheritdoc INavOracle
    function rotateAttestor(address retired, address successor) external restricted {
        _setAttestor(retired, false);
        _setAttestor(successor, true);
    }

    /// @inheritdoc INavOracle
    function setSettings(Settings calldata settings_) external restricted noticingUse {
        _setSettings(settings_);
    }

    /* VIEWS */

    /// @inheritdoc INavOracle
    function usableSince() external view returns (uint256) {
        return _usableSince;
    }

    /// @inheritdoc INavOracle
    function settings() external view returns (Settings memory) {
        return _settings;
    }

    /// @inheritdoc INavOracle
    function comparison() external view returns (Comparison memory) {
        return _comparison;
    }

    /// @inheritdoc INavOracle
    function accepted() external view returns (Valuation memory) {
        return _accepted;
    }

    /// @inheritdoc INavOracle
    function pending() external view returns (Valuation memory) {
        return _pending;
    }

    /// @inheritdoc INavOracle
    function nextRound() external view returns (uint32) {
        return _lastRound + 1;
    }

    /// @inheritdoc INavOracle
    function isAttestor(address account) external view returns (bool) {
        return _attestors.contains(account);
    }

    /// @inheritdoc INavOracle
    function attestors() external view returns (address[] memory) {
        return _attestors.values();
    }

    /// @inheritdoc INavOracle
    function reportDigest(NavReport calldata report) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(abi.encode(REPORT_TYPEHASH, report.round, report.nav, report.navDate, report.ripcord))
            );
    }

    /// @inheritdoc INavOracle
    function confirmationDigest() public view returns (bytes32) {
        Valuation memory next = _pending;
        return _hashTypedDataV4(keccak256(abi.encode(CONFIRMATION_TYPEHASH, next.round, next.nav, next.navDate)));
    }

    /* INTERNAL */

    function _isUsable() private view returns (bool) {
        (, , Status status) = read();
        return status <= Status.Stale;
    }

    /// @dev A lower pending NAV that has waited long enough is in force.
    function _isMature(Valuation memory current, Valuation memory next, Settings memory s) private view returns (bool) {
        return next.nav != 0 && next.nav < current.nav && block.timestamp >= uint256(next.since) + s.pendingDelay;
    }

    function _status(Valuation memory current, uint256 navDate, Settings memory s) private view returns (Status) {
        if (current.ripcord != 0) return Status.Ripcord;
        uint256 age = block.timestamp - navDate;
        if (current.nav == 0 || age >= s.expiredAfter) return Status.Expired;
        return age >= s.staleAfter ? Status.Stale : Status.Fresh;
    }

    function _withinBounds(uint256 current, uint256 next, Settings memory s) private pure returns (bool) {
        return next * BPS <= current * (BPS + s.maxUpBps) && next * BPS >= current * (BPS - s.maxDownBps);
    }

    /// @dev Whether the comparison feed, where there is one, is near enough. A feed without a usable answer bears nothing
    /// out: the NAV then waits for the larger quorum rather than going unchecked.
    function _isBorneOut(Valuation memory next) private returns (bool borneOut) {
        Comparison memory c = _comparison;
        if (c.feed == address(0)) return true;
        uint256 answer = Math.mulDiv(_answerOf(c), 10 ** _DECIMALS, 10 ** c.decimals);
        uint256 distance = next.nav > answer ? next.nav - answer : answer - next.nav;
        borneOut = answer != 0 && distance * BPS <= answer * c.maxDeviationBps;
        if (!borneOut) emit NavNotBorneOut(next.round, next.nav, answer);
    }

    /// @dev The feed's answer, or 0 where it has none that is positive and young enough. Called bare, since `try` does not
    /// catch an answer that does not decode; without a gas limit, since whoever submits could then starve the call.
    function _answerOf(Comparison memory c) private view returns (uint256) {
        (bool ok, bytes memory data) = c.feed.staticcall(abi.encodeCall(AggregatorV3Interface.latestRoundData, ()));
        if (!ok || data.length < 160) return 0;
        (, int256 answer, , uint256 updatedAt, ) = abi.decode(data, (uint256, int256, uint256, uint256, uint256));
        if (answer <= 0 || answer > int256(uint256(type(uint128).max))) return 0;
        if (updatedAt > block.timestamp || block.timestamp - updatedAt > c.maxAge) return 0;
        return uint256(answer);
    }

    function _setAttestor(address attestor, bool active) private {
        require(attestor != address(0), InvalidSettings("attestor zero"));
        bool changed = active ? _attestors.add(attestor) : _attestors.remove(attestor);
        require(changed, AttestorUnchanged(attestor));
        emit AttestorSet(attestor, active);
    }

    function _requireDue(NavReport calldata report, Settings memory s) private view {
        require(report.nav != 0, ZeroNav());
        uint256 lastDate = Math.max(_accepted.navDate, _pending.navDate);
        require(
            report.navDate > lastDate && report.navDate <= block.timestamp,
            WrongNavDate(report.navDate, lastDate, block.timestamp)
        );
        uint256 earliest = _lastReportAt == 0 ? 0 : uint256(_lastReportAt) + s.minInterval;
        require(block.timestamp >= earliest, TooEarly(earliest));
    }

    function _requireSignatures(bytes32 digest, bytes[] calldata signatures, uint256 needed) private view {
        require(signatures.length >= needed, TooFewSignatures(signatures.length, needed));
        address previous = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = ECDSA.recoverCalldata(digest, signatures[i]);
            require(_attestors.contains(signer), NotAnAttestor(signer));
            require(signer > previous, SignersNotSorted(previous, signer));
            previous = signer;
        }
    }

    function _accept(Valuation memory valuation) private {
        valuation.ripcord = _accepted.ripcord;
        valuation.since = uint40(block.timestamp);
        _accepted = valuation;
        _rounds[valuation.round] = valuation;
        delete _pending;
        emit NavAccepted(valuation.round, valuation.nav, valuation.navDate);
    }

    function _promoteIfMature(Settings memory s) private returns (bool mature) {
        Valuation memory next = _pending;
        mature = _isMature(_accepted, next, s);
        if (mature) _accept(next);
    }

    function _setRipcord(uint8 by, bool pulled) private {
        uint8 before = _accepted.ripcord;
        uint8 ripcord = pulled ? before | by : before & ~by;
        if (ripcord == before) return;
        _accepted.ripcord = ripcord;
        emit RipcordSet(ripcord);
    }

    function _setSettings(Settings memory s) private {
        require(s.staleAfter > 0 && s.expiredAfter > s.staleAfter, InvalidSettings("stale, then expired"));
        require(s.pendingDelay <= MAX_PENDING_DELAY, InvalidSettings("pending delay above 24 hours"));
        require(s.minInterval < s.staleAfter, InvalidSettings("stale before the next report is allowed"));
        require(s.maxUpBps > 0 && s.maxDownBps > 0 && s.maxDownBps < BPS, InvalidSettings("bounds"));
        require(s.quorum > 0 && s.confirmQuorum >= s.quorum, InvalidSettings("confirmation below the quorum"));
        require(s.confirmQuorum <= _attestors.length(), InvalidSettings("fewer attestors than a quorum"));
        _settings = s;
        emit SettingsSet(s);
    }

    function _roundData(Valuation memory v) private pure returns (uint80, int256, uint256, uint256, uint80) {
        return (uint80(v.round), int256(uint256(v.nav)), v.navDate, v.since, uint80(v.round));
    }
}
