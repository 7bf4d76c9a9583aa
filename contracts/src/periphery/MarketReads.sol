// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {INavOracle} from "../interfaces/INavOracle.sol";
import {ILendingPool} from "../interfaces/ILendingPool.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {WAD} from "../libraries/IndexMath.sol";

/// @title MarketReads
/// @notice What the periphery works out from a market's views: values at any NAV, the NAV at which a position turns
/// unhealthy, utilisation. Reads, knows no storage.
library MarketReads {
    using Math for uint256;

    /// @dev value = collateral * nav * up / down, in the loan token's smallest unit.
    struct Scale {
        uint256 up;
        uint256 down;
    }

    function scaleOf(IMarket market) internal view returns (Scale memory) {
        uint256 decimals = IERC20Metadata(market.collateralToken()).decimals();
        return
            Scale({
                up: 10 ** IERC20Metadata(market.loanToken()).decimals(),
                down: 10 ** (decimals + INavOracle(market.oracle()).decimals())
            });
    }

    /// @notice The value of `collateral` at `nav`, rounded down, as the market computes it.
    function valueAt(Scale memory scale, uint256 collateral, uint256 nav) internal pure returns (uint256) {
        return collateral.mulDiv(nav * scale.up, scale.down);
    }

    /// @notice The least NAV at which a position is healthy, exactly; 0 without debt, the largest number without collateral.
    function leastHealthyNav(
        Scale memory scale,
        uint256 collateral,
        uint256 debt,
        uint256 lltv
    ) internal pure returns (uint256) {
        if (debt == 0) return 0;
        if (collateral == 0) return type(uint256).max;
        uint256 value = debt.mulDiv(WAD, lltv, Math.Rounding.Ceil);
        return value.mulDiv(scale.down, collateral * scale.up, Math.Rounding.Ceil);
    }

    /// @notice The least collateral whose value at `nav`, times `ltv`, covers `debt`, exactly; the largest number without a NAV.
    function leastHealthyCollateral(
        Scale memory scale,
        uint256 nav,
        uint256 debt,
        uint256 ltv
    ) internal pure returns (uint256) {
        if (nav == 0) return type(uint256).max;
        uint256 value = debt.mulDiv(WAD, ltv, Math.Rounding.Ceil);
        return value.mulDiv(scale.down, nav * scale.up, Math.Rounding.Ceil);
    }

    /// @notice Whether loans come from a lenders' pool; else they are minted, within the debt cap.
    function isPooled(address source) internal view returns (bool) {
        (bool ok, bytes memory data) = source.staticcall(abi.encodeCall(ILendingPool.totalCash, ()));
        return ok && data.length == 32;
    }

    /// @notice Utilisation now, wad: of a pool debt against debt and cash, else debt against the debt cap; 1 at most.
    function utilisation(IMarket market) internal view returns (uint256) {
        address source = market.source();
        uint256 debt = market.totalDebt();
        uint256 lendable;
        if (isPooled(source)) {
            lendable = debt + ILendingPool(source).totalCash();
        } else {
            (uint256 cap, ) = market.debtCap();
            lendable = cap.mulDiv(market.borrowIndex(), WAD);
        }
        return lendable == 0 ? 0 : debt.mulDiv(WAD, lendable).min(WAD);
    }
}
