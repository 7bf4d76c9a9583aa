// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

/// @title IBackstop
/// @notice First-loss capital in pUSD. Whoever leaves queues, bears losses until he is out, and takes his part within a
/// window: `withdraw` and `redeem` of ERC-4626 work on what is claimable.
interface IBackstop is IERC4626 {
    struct Exit {
        uint128 shares;
        /// Seconds; claimable from then on, until the window closes.
        uint40 claimableFrom;
    }

    event ExitRequested(address indexed owner, uint256 shares, uint256 claimableFrom, uint256 claimableUntil);
    event ExitCancelled(address indexed owner, uint256 shares);
    event PremiumPaid(uint256 paid, uint256 vesting, uint256 end);
    event LossDrawn(uint256 loss, uint256 capitalLeft);
    event PolicySet(address indexed policy);

    /// @notice Only the surplus pays premiums and draws losses.
    error NotTheSurplus(address caller);
    /// @notice Nothing to do: the amount is zero.
    error ZeroAmount();
    /// @notice An address is zero.
    error ZeroAddress();
    /// @notice Nobody holds shares that a premium could go to.
    error NoShares();

    /// @notice Queues `shares` of the caller. What is queued no longer covers any cap, so this is refused while caps need it.
    /// A further request puts all that is queued on the new date.
    function requestExit(uint256 shares) external;

    /// @notice Takes all of the caller's queued shares back out of the queue.
    function cancelExit() external;

    /// @notice Takes a premium from the surplus; it vests over one epoch. Surplus only.
    function payPremium(uint256 assets) external;

    /// @notice Hands up to `assets` to the surplus against a loss: unvested premium first, then the price. Surplus only.
    function drawLoss(uint256 assets) external returns (uint256 drawn);

    /// @notice Names the capital policy that exits are checked against. Restricted.
    function setPolicy(address policy) external;

    function exitOf(address owner) external view returns (Exit memory);
    function policy() external view returns (address);
    function queuedShares() external view returns (uint256);

    /// @notice What stands behind the caps: vested assets of the shares that are not queued, rounded down.
    function capital() external view returns (uint256);
}
