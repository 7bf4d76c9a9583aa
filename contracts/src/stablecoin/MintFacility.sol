// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ILiquiditySource} from "../interfaces/ILiquiditySource.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IStablecoin} from "../interfaces/IStablecoin.sol";
import {ISurplus} from "../interfaces/ISurplus.sol";
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
    /// @dev What threatens to be lost in all positions together.
    uint256 private _unrealised;

    event SurplusSet(address indexed surplus);
    event Settled(uint256 totalDebt, uint256 profit, uint256 shortfall);
    /// @notice The market lost `realised`, of which surplus, backstop and savers bore `borne` at once.
    event LossRecorded(uint256 realised, uint256 unrealised, uint256 borne);
    event Recovered(address indexed payer, uint256 assets);

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
    /// @dev Nothing is paid out on debt that threatens to be lost.
    function settle(uint256 totalDebt) external onlyMarket returns (uint256 profit, uint256 lacking) {
        int256 gap = totalDebt.toInt256() - _STABLECOIN.supplyOf(address(this));
        if (gap > 0) {
            profit = Math.saturatingSub(gap.toUint256(), _unrealised);
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
    /// @dev The surplus and what stands behind it bear a realised loss in the same call, so that no saver leaves in between.
    /// Where they cannot, it shows as the gap that `settle` finds. Nothing there may hold up a liquidation.
    function recordLoss(uint256 realised, uint256 unrealised) external onlyMarket returns (uint256 uncovered) {
        _unrealised = unrealised;
        if (realised == 0) return 0;
        uint256 borne = 0;
        if (surplus.code.length > 0) {
            // solhint-disable-next-line no-empty-blocks
            try ISurplus(surplus).bearLoss(realised, address(this)) {} catch {}
            borne = Math.min(_STABLECOIN.balanceOf(address(this)), realised);
            _STABLECOIN.burn(address(this), borne, OWN_LANE);
        }
        emit LossRecorded(realised, unrealised, borne);
        return realised - borne;
    }

    /* LOSSES */

    /// @inheritdoc ILiquiditySource
    /// @dev Burns pUSD; the next checkpoint notices. Beyond the shortfall it is paid out as profit at that checkpoint: a gift to
    /// the surplus.
    function recover(uint256 assets) external {
        _STABLECOIN.burn(msg.sender, assets, OWN_LANE);
        emit Recovered(msg.sender, assets);
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
