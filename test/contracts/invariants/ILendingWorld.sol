// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IBackstop} from "../../../contracts/src/interfaces/IBackstop.sol";
import {ICapitalPolicy} from "../../../contracts/src/interfaces/ICapitalPolicy.sol";
import {IEligibilityRegistry} from "../../../contracts/src/interfaces/IEligibilityRegistry.sol";
import {ILendingPool} from "../../../contracts/src/interfaces/ILendingPool.sol";
import {IMarket} from "../../../contracts/src/interfaces/IMarket.sol";
import {INavOracle} from "../../../contracts/src/interfaces/INavOracle.sol";
import {IPegModule} from "../../../contracts/src/interfaces/IPegModule.sol";
import {IRwaToken} from "../../../contracts/src/interfaces/IRwaToken.sol";
import {ISavingsVault} from "../../../contracts/src/interfaces/ISavingsVault.sol";
import {IStablecoin} from "../../../contracts/src/interfaces/IStablecoin.sol";
import {ISurplus} from "../../../contracts/src/interfaces/ISurplus.sol";

/// @dev Users of a lending world; markets: the one that mints, then the one of the pool; terms of each market: its own variable
/// rate, published variable ones, fixed ones.
uint256 constant USERS = 6;
uint256 constant MARKETS = 2;
uint256 constant TERMS = 3;
/// @dev Of each published terms, in scaled debt.
uint256 constant TERMS_CAP = 300_000e18;
/// @dev 8 decimals.
uint256 constant FIRST_NAV = 100e8;

interface IDollar is IERC20 {
    function mint(address to, uint256 amount) external;
}

interface IDollarFeed {
    function say(int256 answer, uint256 updatedAt) external;
}

/// @title ILendingWorld
/// @notice The real contracts of one collateral with two markets, and what bears their losses: `LendingWorld`, seen without its
/// code, so that a test compiles within seconds.
interface ILendingWorld {
    function stablecoin() external view returns (IStablecoin);

    function registry() external view returns (IEligibilityRegistry);

    function token() external view returns (IRwaToken);

    function oracle() external view returns (INavOracle);

    function surplus() external view returns (ISurplus);

    function savings() external view returns (ISavingsVault);

    function backstop() external view returns (IBackstop);

    function policy() external view returns (ICapitalPolicy);

    /// @notice A dollar token of 6 decimals and its feed, which anybody may mint and set, and the module that swaps it: fees of 10
    /// and 20 basis points, a window of a day.
    function dollar() external view returns (IDollar);

    function dollarFeed() external view returns (IDollarFeed);

    function peg() external view returns (IPegModule);

    /// @notice The mint facility of the first market.
    function facility() external view returns (address);

    function pool() external view returns (ILendingPool);

    function market(uint256 m) external view returns (IMarket);

    /// @notice Eligible for everything, in lanes 1, 2, 2, 9, 31 and 8: two share one, two are neighbours. Each holds 20,000 of
    /// the token, 200,000 pUSD and as many dollars, approved wherever they may go.
    function user(uint256 i) external view returns (address);

    /// @notice In lane 0. Borrowed a lot of pUSD at first, and pays whatever has to be paid.
    function whale() external view returns (address);

    /// @notice The number of the terms `kind` of market `m`.
    function termsId(uint256 m, uint256 kind) external view returns (uint256);

    /// @notice Reports `nav` and, where that leaves it pending, has the larger quorum confirm it. Reverts where it is too early.
    function report(uint256 nav) external;

    /// @notice Reports `nav` by the smaller quorum, which may leave it pending.
    function suggest(uint256 nav) external;
}
