// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

/// @title IPegModule
/// @notice Swaps a dollar token and pUSD one to one, less a fee. Amounts called `assets` are in units of the dollar token,
/// `value` in units of pUSD (18 decimals).
interface IPegModule {
    /// @dev Why nothing flows in. Swapping out never stops.
    enum InflowStatus {
        Open,
        Stopped,
        FeedStale,
        FeedOutOfBounds
    }

    struct Fees {
        uint16 inBps;
        uint16 outBps;
    }

    struct FeedSettings {
        /// AggregatorV3: US dollars per whole token.
        address feed;
        /// How far from one dollar the feed may be for tokens to be taken, basis points.
        uint16 maxDeviationBps;
        /// Age of an answer, in seconds, from which it is not used.
        uint32 staleAfter;
    }

    event SwappedIn(address indexed payer, address indexed receiver, uint256 assets, uint256 value, uint256 fee);
    event SwappedOut(address indexed payer, address indexed receiver, uint256 value, uint256 assets);
    event FeesSettled(uint256 value);
    event FeesSet(Fees fees);
    event FeedSet(FeedSettings settings);
    event CeilingSet(uint256 ceiling, uint256 overhang);
    event InflowCapSet(uint256 cap);
    event InflowStopSet(bool stopped);

    /// @notice No dollars are taken now (`IPegModule.InflowStatus`); pUSD is still redeemed.
    error InflowNotOpen(InflowStatus status);
    /// @notice The swap gives `out`, less than the `minimum` asked for.
    error SwapBelowMinimum(uint256 out, uint256 minimum);
    /// @notice Fees may be `limit` basis points at most.
    error FeeTooHigh(uint256 limit);
    /// @notice The feed's settings contradict each other: a deviation below 100%, an age above 0, a feed that answers.
    error InvalidFeedSettings();
    /// @notice A dollar token with more than 18 decimals cannot be swapped exactly.
    error TooManyDecimals(uint8 decimals);
    /// @notice The ceiling is `ceiling`, so it cannot be cut by `cut`.
    error CutBeyondCeiling(uint256 cut, uint256 ceiling);
    /// @notice The cap is `cap`: `raiseInflowCap` goes up and `cutInflowCap` down.
    error WrongDirection(uint256 cap);
    /// @notice Nothing to do: the amount is zero, or rounds to zero.
    error ZeroAmount();
    /// @notice An address is zero.
    error ZeroAddress();

    /// @notice Takes `assets` from the caller and mints pUSD to `receiver`, in the receiver's lane.
    /// @return value minted: assets at what the feed says, one dollar at most, less the fee, which rounds up.
    function swapIn(uint256 assets, uint256 minValue, address receiver) external returns (uint256 value);

    /// @notice Burns `value` of the caller's pUSD, by its allowance to this contract, and pays `receiver`, in his lane.
    /// @return assets paid: value less the fee, rounded down. Never stopped.
    function swapOut(uint256 value, uint256 minAssets, address receiver) external returns (uint256 assets);

    /// @notice Mints to the surplus what the reserve is worth by the feed beyond what was minted: fees and roundings. Anyone may.
    /// @return value minted.
    function settleFees() external returns (uint256 value);

    /// @notice Sets the fees, each at most 1%. Restricted.
    function setFees(Fees calldata fees) external;

    /// @notice Names the feed and its bounds. Restricted.
    function setFeed(FeedSettings calldata settings) external;

    /// @notice Raises by `assets` what the reserve may grow to. Restricted, to the capital policy.
    function raiseCeiling(uint256 assets) external;

    /// @notice Cuts by `assets` what the reserve may grow to; where the reserve is above, redemption pays the overhang off
    /// before there is room again. Restricted.
    function cutCeiling(uint256 assets) external;

    /// @notice Raises what may flow in per window, all lanes together. Restricted.
    function raiseInflowCap(uint256 cap) external;

    /// @notice Cuts what may flow in per window, in the running one too. Restricted.
    function cutInflowCap(uint256 cap) external;

    /// @notice Stops or resumes taking dollars. Restricted.
    function stopInflow() external;
    function resumeInflow() external;

    function stablecoin() external view returns (address);
    function asset() external view returns (address);
    function surplus() external view returns (address);
    function fees() external view returns (Fees memory);
    function feed() external view returns (FeedSettings memory);
    function inflowStatus() external view returns (InflowStatus);

    /// @notice What a swap gives now, fees deducted, whatever the caps say. Swapping in reverts where the feed has none taken.
    function previewSwapIn(uint256 assets) external view returns (uint256 value);
    function previewSwapOut(uint256 value) external view returns (uint256 assets);

    /// @notice What the module counts as its reserve. Reads 32 slots.
    function reserve() external view returns (uint256 assets);

    /// @notice What may still flow in: until the ceiling, and in the running window. Reads 64 slots.
    function room() external view returns (uint256 untilCeiling, uint256 inWindow);

    function ceiling() external view returns (uint256 assets, uint256 overhang);

    /// @notice Cap per window and the window's length in seconds.
    function inflowCap() external view returns (uint256 assets, uint256 window);

    /// @notice What the module may come to owe, in pUSD: for the capital policy.
    function exposureCap() external view returns (uint256 value);
}
