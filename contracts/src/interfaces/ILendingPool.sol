// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ILiquiditySource} from "./ILiquiditySource.sol";

/// @title ILendingPool
/// @notice The lenders' pool of one market: an ERC-4626 vault whose assets are its cash and what borrowers owe. Shares cost
/// the issue price and bring the redemption price, which is never above it (`VestingPrice`). So `convertToShares`,
/// `previewDeposit` and `previewMint` are at the one, `convertToAssets`, `previewRedeem` and `previewWithdraw` at the other.
interface ILendingPool is IERC4626, ILiquiditySource {
    /// @notice A checkpoint promised `profit` to the shares, vesting from now for `duration` seconds, after `fee` for the
    /// surplus as `feeShares`. Prices in ray.
    event Rolled(uint256 base, uint256 unvested, uint256 duration, uint256 fee, uint256 feeShares);
    /// @notice Losses changed the price; of the realised one, surplus and backstop bore `borne`. Prices in ray.
    event LossRecorded(
        uint256 realised,
        uint256 unrealised,
        uint256 borne,
        uint256 base,
        uint256 unvested,
        uint256 impairment
    );
    event Recovered(address indexed payer, uint256 assets);
    event SupplyCapRaised(uint256 shares, uint256 newCap);
    event SupplyCapCut(uint256 shares, uint256 newCap);
    event ReserveSet(address indexed surplus, uint256 reserveFactor);

    /// @notice Nothing to do: the amount is zero, or rounds to zero.
    error ZeroAmount();
    error ZeroAddress();
    /// @notice Losses took nearly all that a share was worth: the pool takes no deposits any more.
    error PoolClosed();
    /// @notice The token delivered another amount than asked for, such as one with a fee on transfer.
    error InexactTransfer(uint256 received, uint256 expected);
    /// @notice The reserve factor is wad and `limit` at most.
    error ReserveFactorTooHigh(uint256 reserveFactor, uint256 limit);

    /// @notice The stablecoin that lenders deposit and borrowers owe; payers approve this pool.
    function asset() external view override(IERC4626, ILiquiditySource) returns (address);

    /// @notice Raises the cap on shares. Restricted.
    function raiseSupplyCap(uint256 shares) external;

    /// @notice Cuts the cap on shares; what is supplied already stays until withdrawn. Restricted.
    function cutSupplyCap(uint256 shares) external;

    /// @notice Names who receives the reserve's part of profit, and how much of it, wad. Restricted.
    function setReserve(address surplus, uint256 reserveFactor) external;

    /// @notice What a share costs, and what it brings now, both ray.
    function prices() external view returns (uint256 issue, uint256 redemption);

    /// @notice The stored price: see `VestingPrice`.
    function price()
        external
        view
        returns (uint256 base, uint256 unvested, uint256 impairment, uint256 since, uint256 duration, uint256 rolledAt);

    /// @notice One lane: its cash, the shares of its holders, its free part of the supply cap.
    function laneOf(uint256 lane) external view returns (uint256 cash, uint256 shares, uint256 freeCap);

    /// @notice Reads 32 slots.
    function totalCash() external view returns (uint256);

    /// @notice The cap on shares, and by how much a cut left them above it.
    function supplyCap() external view returns (uint256 cap, uint256 overhang);

    /// @notice Who receives the reserve's part of profit, and how much of it, wad.
    function reserve() external view returns (address surplus, uint256 reserveFactor);

    /// @notice The custodian that holds the cash of `lane`.
    function custodian(uint256 lane) external view returns (address);
}
