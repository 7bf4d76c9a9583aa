// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ILiquiditySource} from "../interfaces/ILiquiditySource.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IStablecoin} from "../interfaces/IStablecoin.sol";
import {Lanes} from "../libraries/Lanes.sol";
import {OWN_LANE} from "../libraries/SignedLanes.sol";

/// @title MintFacility
/// @notice Lets one market lend newly minted pUSD. How much is bounded by that market's debt cap, in escrow per lane.
///
/// It keeps no totals of its own. What it minted less what it burned stands in the stablecoin's signed lanes, and
///   minted - burned = what borrowers owe - interest not yet paid out + losses not yet covered
/// holds by construction. `settle` closes the gap to what borrowers owe: exact, and without a slot that every interest
/// payment would write. A loss makes the gap negative, so that later interest covers it before any is paid out.
contract MintFacility is ILiquiditySource, AccessManaged {
    using SafeCast for uint256;
    using SafeCast for int256;

    IStablecoin private immutable _STABLECOIN;
    address private immutable _MARKET;

    /// @notice Who receives interest.
    address public surplus;

    event SurplusSet(address indexed surplus);
    event Settled(uint256 totalDebt, uint256 profit, uint256 shortfall);
    event ShortfallCovered(address indexed payer, uint256 assets);

    /// @notice An address in the constructor or setter is zero.
    error ZeroAddress();

    modifier onlyMarket() {
        require(msg.sender == _MARKET, NotTheMarket(msg.sender, _MARKET));
        _;
    }

    /// @param market_ the market, which is deployed after this facility: its address is computed beforehand.
    constructor(
        address authority_,
        IStablecoin stablecoin_,
        address market_,
        address surplus_
    ) AccessManaged(authority_) {
        require(address(stablecoin_) != address(0) && market_ != address(0), ZeroAddress());
        _STABLECOIN = stablecoin_;
        _MARKET = market_;
        _setSurplus(surplus_);
    }

    /* MARKET */

    /// @inheritdoc ILiquiditySource
    function lend(address owner, address receiver, uint256 assets) external onlyMarket {
        _STABLECOIN.mint(receiver, assets, Lanes.laneOf(owner));
    }

    /// @inheritdoc ILiquiditySource
    function collect(address owner, address payer, uint256 assets) external onlyMarket {
        _STABLECOIN.burn(payer, assets, Lanes.laneOf(owner));
    }

    /// @inheritdoc ILiquiditySource
    function settle(uint256 totalDebt) external onlyMarket returns (uint256 profit, uint256 lacking) {
        int256 gap = totalDebt.toInt256() - _STABLECOIN.supplyOf(address(this));
        if (gap > 0) {
            profit = gap.toUint256();
            _STABLECOIN.mint(surplus, profit, OWN_LANE);
        } else {
            lacking = (-gap).toUint256();
        }
        emit Settled(totalDebt, profit, lacking);
    }

    /// @inheritdoc ILiquiditySource
    /// @dev What it lends it mints: there is no cash, and the debt cap alone bounds it.
    function averageCash() external view onlyMarket returns (uint256) {
        return type(uint256).max;
    }

    /// @inheritdoc ILiquiditySource
    /// @dev Keeps no totals and has no lenders: a loss shows as the gap that `settle` finds.
    function recordLoss(uint256 realised, uint256) external view onlyMarket returns (uint256) {
        return realised;
    }

    /* LOSSES */

    /// @inheritdoc ILiquiditySource
    function recover(uint256 assets) external {
        _STABLECOIN.burn(msg.sender, assets, OWN_LANE);
        emit ShortfallCovered(msg.sender, assets);
    }

    /// @notice Burns `assets` of the caller's pUSD against a shortfall. Anyone may; the next checkpoint notices.
    /// @dev Beyond the shortfall it would be paid out as profit at that checkpoint: a gift to the surplus.
    function coverShortfall(uint256 assets) external {
        _STABLECOIN.burn(msg.sender, assets, OWN_LANE);
        emit ShortfallCovered(msg.sender, assets);
    }

    /* GOVERNANCE */

    /// @notice Names who receives interest. Restricted.
    function setSurplus(address surplus_) external restricted {
        _setSurplus(surplus_);
    }

    function _setSurplus(address surplus_) private {
        require(surplus_ != address(0), ZeroAddress());
        surplus = surplus_;
        emit SurplusSet(surplus_);
    }

    /* VIEWS */

    /// @inheritdoc ILiquiditySource
    function market() external view returns (address) {
        return _MARKET;
    }

    /// @notice What was minted beyond what borrowers owe now: a loss nobody has covered yet. Reads 65 slots.
    function shortfall() external view returns (uint256) {
        int256 gap = _STABLECOIN.supplyOf(address(this)) - IMarket(_MARKET).totalDebt().toInt256();
        return gap > 0 ? gap.toUint256() : 0;
    }

    /// @inheritdoc ILiquiditySource
    function asset() external view returns (address) {
        return address(_STABLECOIN);
    }
}
