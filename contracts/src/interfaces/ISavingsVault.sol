// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";

/// @title ISavingsVault
/// @notice Yield on pUSD, paid by transfer from the surplus; the vault mints nothing.
interface ISavingsVault is IERC4626 {
    struct Vesting {
        /// Assets per share at `start`, ray (27 decimals).
        uint128 index;
        /// By how much the index rises until `end`, ray.
        uint128 growth;
        uint40 start;
        uint40 end;
    }

    event YieldPaid(uint256 paid, uint256 vesting, uint256 growth, uint256 shareCap, uint256 end);
    event LossAbsorbed(uint256 loss, uint256 index);
    event ShareCapSettingsSet(uint256 minShareCap, uint256 headroomBps);

    /// @notice Only the surplus pays yield and draws losses.
    error NotTheSurplus(address caller);
    /// @notice The last payment vests until `end`: pay afterwards.
    error StillVesting(uint256 end);
    /// @notice Nothing to do: the amount is zero, or rounds to zero.
    error ZeroAmount();
    /// @notice An address is zero.
    error ZeroAddress();
    /// @notice The least cap must be one whole share or more, the headroom 1,000,000 basis points or less.
    error InvalidShareCap();
    /// @notice All was lost: the vault takes no more deposits.
    error Closed();

    /// @notice Takes `assets` from the surplus; they vest over one epoch, with what earlier payments left. Surplus only.
    function payYield(uint256 assets) external;

    /// @notice Hands up to `assets` to the surplus against a loss: unvested yield first, then the price. Surplus only.
    /// @return drawn at most what the vault has.
    function absorbLoss(uint256 assets) external returns (uint256 drawn);

    /// @notice How many shares there may be until the next payment: `minShareCap`, or the shares then and `headroomBps` of
    /// them, whichever is more; from the next payment on. Restricted.
    function setShareCap(uint256 minShareCap, uint256 headroomBps) external;

    /// @notice Assets per share now, ray.
    function index() external view returns (uint256);

    function vesting() external view returns (Vesting memory);

    /// @notice When the next yield may be paid, seconds.
    function nextPaymentAt() external view returns (uint256);
}
