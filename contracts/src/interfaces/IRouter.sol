// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IMarket} from "./IMarket.sol";
import {IPegModule} from "./IPegModule.sol";

/// @title IRouter
/// @notice What people do in several steps, in one transaction. Acts for its caller alone: he pays, he receives, he is the
/// owner that is borrowed for and withdrawn from, whatever the arguments say. Holds nothing between calls.
/// @dev Markets, vaults and peg modules are named by the caller and trusted by him alone: a false one gets what he handed
/// over in this call and nothing else, since nothing lies here and nothing is done in anybody else's name.
interface IRouter {
    /// @notice The router is at work for somebody else, in this very call: it takes no calls from what it calls.
    error Busy(address account);
    /// @notice Nothing to do: the amount is zero, or nothing is owed.
    error ZeroAmount();
    /// @notice `vault` gives `shares`, less than the `minimum` asked for.
    error TooFewShares(uint256 shares, uint256 minimum);
    /// @notice `vault` takes `shares`, more than the `maximum` allowed for.
    error TooManyShares(uint256 shares, uint256 maximum);
    /// @notice The market handed out `received` and not `expected`.
    error InexactLoan(uint256 received, uint256 expected);

    /* BATCH */

    /// @notice Makes several calls to this router in the caller's name, all or none.
    function multicall(bytes[] calldata calls) external returns (bytes[] memory results);

    /// @notice Uses the caller's permit of `token` for this router. Where somebody brought it before, or it is outdated, this
    /// does nothing: what needs the allowance then finds it, or says that it is missing.
    function permit(IERC20Permit token, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Brings the caller's signed authorisation of this router to `market`, with the same tolerance.
    function authorise(
        IMarket market,
        bool authorised,
        uint256 nonce,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /* LENDING */

    /// @notice Deposits `assets` of the caller's into `vault`, a pool or savings, for at least `minShares`, which he receives.
    /// Needs his allowance of the vault's asset.
    function deposit(IERC4626 vault, uint256 assets, uint256 minShares) external returns (uint256 shares);

    /* DEBT */

    /// @notice Repays up to `assets` of the debt of `owner` from the caller; the largest number repays all of it. Needs the
    /// caller's allowance of the loan token.
    /// @return repaid what was taken from the caller.
    function repay(IMarket market, address owner, uint256 termsId, uint256 assets) external returns (uint256 repaid);

    /// @notice Swaps `dollars` of the caller's into at least `minValue` of pUSD by `peg` and repays his debt with it; what is
    /// not owed stays his. Needs his allowance of the dollar token and of pUSD.
    /// @dev The pUSD is minted to the caller and taken from him, so that the swap lies in his lane and not in everybody's.
    function swapInAndRepay(
        IPegModule peg,
        uint256 dollars,
        uint256 minValue,
        IMarket market,
        uint256 termsId
    ) external returns (uint256 value, uint256 repaid);

    /// @notice Withdraws up to `assets` of the caller's from `vault`, a pool or savings, for at most `maxShares`, and repays
    /// his debt with it; the largest number repays all of it. Needs his allowance of the vault's shares.
    /// @return repaid what was withdrawn and repaid.
    function withdrawAndRepay(
        IERC4626 vault,
        uint256 assets,
        uint256 maxShares,
        IMarket market,
        uint256 termsId
    ) external returns (uint256 repaid);

    /// @notice Borrows `assets` for the caller and swaps them out by `peg` into at least `minDollars`, which he receives. He
    /// has authorised this router at `market`.
    function borrowAndSwapOut(
        IMarket market,
        uint256 termsId,
        uint256 assets,
        IPegModule peg,
        uint256 minDollars
    ) external returns (uint256 dollars);

    /// @notice Borrows `assets` for the caller and deposits them into `vault` for at least `minShares`, which he receives. He
    /// has authorised this router at `market`.
    function borrowAndDeposit(
        IMarket market,
        uint256 termsId,
        uint256 assets,
        IERC4626 vault,
        uint256 minShares
    ) external returns (uint256 shares);
}
