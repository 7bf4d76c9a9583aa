// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title AggregatorV3Interface
/// @notice Chainlink's feed interface, so that anybody who reads feeds reads the NAV.
// solhint-disable-next-line interface-starts-with-i
interface AggregatorV3Interface {
    function decimals() external view returns (uint8);
    function description() external view returns (string memory);
    function version() external view returns (uint256);
    function getRoundData(
        uint80 roundId
    ) external view returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
    function latestRoundData()
        external
        view
        returns (uint80 id, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}

/// @title INavOracle
/// @notice Net asset value per token, reported by m of n attestors.
interface INavOracle is AggregatorV3Interface {
    /// @dev Fresh: everything goes. Stale: no new debt, no removal of collateral; liquidations go on at the last NAV.
    /// Expired and Ripcord: liquidations stop too.
    enum Status {
        Fresh,
        Stale,
        Expired,
        Ripcord
    }

    /// @dev What attestors sign (EIP-712).
    struct NavReport {
        /// One more than the last report's.
        uint32 round;
        /// Per whole token, in `decimals()`.
        uint128 nav;
        /// When the assets were valued, seconds.
        uint64 navDate;
        /// True: do not use this feed. The NAV of such a report is ignored.
        bool ripcord;
    }

    struct Settings {
        /// Age of the valuation, in seconds, from which the NAV is stale, and from which it is expired.
        uint32 staleAfter;
        uint32 expiredAfter;
        /// Seconds after which a lower pending NAV takes effect for liquidations, at most 24 hours.
        uint32 pendingDelay;
        /// Seconds between two reports.
        uint32 minInterval;
        /// How far one report may move the accepted NAV, basis points.
        uint16 maxUpBps;
        uint16 maxDownBps;
        /// Signatures a report needs, and those that a first report or a confirmation needs.
        uint8 quorum;
        uint8 confirmQuorum;
    }

    struct Valuation {
        uint128 nav; //     16 bytes
        uint40 navDate; //   5 bytes
        uint40 since; //     5 bytes, accepted or pending since
        uint40 round; //     5 bytes
        uint8 ripcord; //    1 byte, of the accepted valuation only: 1 pulled by attestors, 2 by the restricted role, 3 by both
    }

    /// @dev A market feed beside the NAV. One slot.
    struct Comparison {
        address feed; //           20 bytes, AggregatorV3 per whole token in the same currency; zero: none
        uint32 maxAge; //           4 bytes, seconds
        uint16 maxDeviationBps; //  2 bytes, of the feed's answer
        uint8 decimals; //          1 byte, the feed's
    }

    event NavAccepted(uint256 indexed round, uint256 nav, uint256 navDate);
    event NavPending(uint256 indexed round, uint256 nav, uint256 navDate, uint256 since);
    /// @notice Who pulls the ripcord: 0 nobody, 1 the attestors by their last report, 2 the restricted role, 3 both.
    event RipcordSet(uint8 pulled);
    event ComparisonSet(address indexed feed, uint32 maxAge, uint16 maxDeviationBps);
    /// @notice The report of `round` is pending since the comparison feed does not bear it out; `answer` is in `decimals()`
    /// of the NAV, 0 where the feed gave none that is usable.
    event NavNotBorneOut(uint256 indexed round, uint256 nav, uint256 answer);
    event AttestorSet(address indexed attestor, bool active);
    event SettingsSet(Settings settings);

    /// @notice The next report is number `expected`.
    error WrongRound(uint256 round, uint256 expected);
    /// @notice A valuation must be later than the last one and not in the future.
    error WrongNavDate(uint256 navDate, uint256 lastNavDate, uint256 timestamp);
    /// @notice A NAV of zero would close the market: pull the ripcord instead.
    error ZeroNav();
    /// @notice The next report is due from `earliest` on.
    error TooEarly(uint256 earliest);
    /// @notice `given` signatures, `needed` are needed.
    error TooFewSignatures(uint256 given, uint256 needed);
    /// @notice Signatures must be sorted by signer, ascending, each attestor once.
    error SignersNotSorted(address previous, address signer);
    /// @notice `signer` is no attestor: wrong key, or the signed report differs from the one sent.
    error NotAnAttestor(address signer);
    /// @notice There is no pending NAV to confirm or promote.
    error NothingPending();
    /// @notice The pending NAV takes effect at `maturity`, or by confirmation.
    error PendingNotMature(uint256 maturity);
    /// @notice No NAV was accepted in round `round`.
    error UnknownRound(uint256 round);
    /// @notice The ripcord is pulled: this feed has no answer until it is released.
    error FeedStopped();
    /// @notice `attestor` is one already, or is none.
    error AttestorUnchanged(address attestor);
    /// @notice The comparison feed does not answer as AggregatorV3 in at most 18 decimals, or its bounds are zero.
    error InvalidComparison(address feed);
    /// @notice The attestors or the settings would not fit each other; `reason` says how.
    error InvalidSettings(string reason);

    /// @notice What a market may do at which NAV.
    /// @return newDebtNav min(accepted, pending): for new debt and removal of collateral.
    /// @return liquidationNav the NAV in force.
    function read() external view returns (uint256 newDebtNav, uint256 liquidationNav, Status status);

    /// @notice Takes a report signed by a quorum. Anybody may bring it.
    /// @dev Within bounds, and borne out by the comparison feed where there is one, it is accepted. Otherwise it becomes pending; a pending fall keeps the time since when it is
    /// pending when a later report falls too, so that reports cannot put it off.
    function submit(NavReport calldata report, bytes[] calldata signatures) external;

    /// @notice Accepts the pending NAV by the larger quorum's signatures: a fall whole, a rise as far as bounds allow.
    /// @dev The larger quorum overrides the comparison feed, which may be broken or thin.
    function confirm(bytes[] calldata signatures) external;

    /// @notice Accepts a pending fall that is older than `pendingDelay`. It is in force without this call too.
    function promote() external;

    /// @notice Stops the feed until `releaseRipcord`, whatever attestors report. Restricted.
    function pullRipcord() external;

    /// @notice Lets the feed go on, unless attestors stopped it. Restricted.
    function releaseRipcord() external;

    /// @notice Sets or, by the zero address, removes the comparison feed. Restricted.
    function setComparison(address feed, uint32 maxAge, uint16 maxDeviationBps) external;

    /// @notice Puts `successor` in the place of `retired` at once, so that there is never an attestor too few. Restricted.
    function rotateAttestor(address retired, address successor) external;

    /// @notice Admits or dismisses an attestor. Restricted.
    function setAttestor(address attestor, bool active) external;

    /// @notice Restricted.
    function setSettings(Settings calldata settings_) external;

    /// @notice Since when the NAV has been usable without a break, neither expired nor under a ripcord; seconds. The clocks of
    /// auctions start anew then.
    function usableSince() external view returns (uint256);

    function settings() external view returns (Settings memory);

    function comparison() external view returns (Comparison memory);

    /// @notice The last NAV accepted by writing; a matured pending fall is in `read` before it is here.
    function accepted() external view returns (Valuation memory);

    /// @notice The pending NAV; zero where there is none.
    function pending() external view returns (Valuation memory);

    /// @notice The round that the next report must carry.
    function nextRound() external view returns (uint32);

    function isAttestor(address account) external view returns (bool);

    function attestors() external view returns (address[] memory);

    /// @notice The EIP-712 digest that attestors sign for `submit`.
    function reportDigest(NavReport calldata report) external view returns (bytes32);

    /// @notice The EIP-712 digest that attestors sign for `confirm`.
    function confirmationDigest() external view returns (bytes32);
}
