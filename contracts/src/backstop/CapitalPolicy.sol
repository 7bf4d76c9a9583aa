// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBackstop} from "../interfaces/IBackstop.sol";
import {ICapitalPolicy} from "../interfaces/ICapitalPolicy.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {IPegModule} from "../interfaces/IPegModule.sol";

/// @title CapitalPolicy
/// @notice required = sum(ceil(cap * weight)) must not exceed surplus + backstop capital, checked when a cap rises and when
/// capital leaves. Caps rise through this contract alone where it alone holds that right. Never called on a user's path
/// but by exits from the backstop.
contract CapitalPolicy is ICapitalPolicy, AccessManaged {
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_EXPOSURES = 16;

    IERC20 private immutable _STABLECOIN;
    address private immutable _SURPLUS;
    IBackstop private immutable _BACKSTOP;

    Exposure[] private _exposures;

    constructor(
        address authority_,
        IERC20 stablecoin_,
        address surplus_,
        IBackstop backstop_
    ) AccessManaged(authority_) {
        require(
            address(stablecoin_) != address(0) && surplus_ != address(0) && address(backstop_) != address(0),
            ZeroAddress()
        );
        _STABLECOIN = stablecoin_;
        _SURPLUS = surplus_;
        _BACKSTOP = backstop_;
    }

    /* GOVERNANCE */

    /// @inheritdoc ICapitalPolicy
    /// @dev A heavier weight may leave the caps uncovered: they cannot rise and no capital leaves until they are.
    function setExposure(address target, Kind kind, uint16 weightBps) external restricted {
        require(target != address(0), ZeroAddress());
        require(kind != Kind.None && weightBps > 0 && weightBps <= BPS, InvalidExposure());
        uint256 i = _find(target);
        Exposure memory exposure = Exposure({target: target, kind: kind, weightBps: weightBps});
        if (i == _exposures.length) {
            require(i < MAX_EXPOSURES, TooManyExposures(MAX_EXPOSURES));
            _exposures.push(exposure);
        } else {
            require(_exposures[i].kind == kind, NotListed(target, kind));
            _exposures[i] = exposure;
        }
        emit ExposureSet(target, kind, weightBps);
    }

    /// @inheritdoc ICapitalPolicy
    function removeExposure(address target) external restricted {
        uint256 cap = capOf(target);
        require(cap == 0, StillExposed(target, cap));
        _exposures[_find(target)] = _exposures[_exposures.length - 1];
        _exposures.pop();
        emit ExposureRemoved(target);
    }

    /// @inheritdoc ICapitalPolicy
    function raiseDebtCap(address market, uint256 scaled) external restricted {
        _requireListed(market, Kind.Market);
        IMarket(market).raiseDebtCap(scaled);
        _requireCoveredAfter(market, scaled);
    }

    /// @inheritdoc ICapitalPolicy
    function raiseCeiling(address peg, uint256 assets) external restricted {
        _requireListed(peg, Kind.Peg);
        IPegModule(peg).raiseCeiling(assets);
        _requireCoveredAfter(peg, assets);
    }

    /* VIEWS */

    /// @inheritdoc ICapitalPolicy
    function requireCovered() public view {
        (uint256 needed, uint256 there) = (requiredCapital(), capital());
        require(needed <= there, NotCovered(needed, there));
    }

    /// @inheritdoc ICapitalPolicy
    function requiredCapital() public view returns (uint256 total) {
        for (uint256 i = 0; i < _exposures.length; ++i) {
            Exposure memory exposure = _exposures[i];
            total += Math.mulDiv(_capOf(exposure), exposure.weightBps, BPS, Math.Rounding.Ceil);
        }
    }

    /// @inheritdoc ICapitalPolicy
    /// @dev The surplus is its balance: nobody can lower it but by its own rules, and what is given to it is capital.
    function capital() public view returns (uint256) {
        return _STABLECOIN.balanceOf(_SURPLUS) + _BACKSTOP.capital();
    }

    /// @inheritdoc ICapitalPolicy
    function excess() external view returns (uint256) {
        return Math.saturatingSub(capital(), requiredCapital());
    }

    /// @inheritdoc ICapitalPolicy
    function exposures() external view returns (Exposure[] memory) {
        return _exposures;
    }

    /// @inheritdoc ICapitalPolicy
    function capOf(address target) public view returns (uint256) {
        uint256 i = _find(target);
        require(i < _exposures.length, NotListed(target, Kind.None));
        return _capOf(_exposures[i]);
    }

    /* INTERNAL */

    function _capOf(Exposure memory exposure) private view returns (uint256) {
        if (exposure.kind == Kind.Peg) return IPegModule(exposure.target).exposureCap();
        return IMarket(exposure.target).exposureCap();
    }

    function _requireCoveredAfter(address target, uint256 amount) private {
        requireCovered();
        emit CapRaised(target, amount, requiredCapital(), capital());
    }

    function _requireListed(address target, Kind kind) private view {
        uint256 i = _find(target);
        require(i < _exposures.length && _exposures[i].kind == kind, NotListed(target, kind));
    }

    /// @dev The place of `target` in the list, its length where it is not there.
    function _find(address target) private view returns (uint256 i) {
        for (i = 0; i < _exposures.length; ++i) {
            if (_exposures[i].target == target) break;
        }
    }
}
