// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {ICustody} from "./ICustody.sol";
import {ILendingHandler} from "./ILendingHandler.sol";
import {ILendingPool} from "../../../contracts/src/interfaces/ILendingPool.sol";
import {IMarket} from "../../../contracts/src/interfaces/IMarket.sol";
import {IStablecoin} from "../../../contracts/src/interfaces/IStablecoin.sol";
import {ILendingWorld, MARKETS, TERMS, TERMS_CAP, USERS} from "./ILendingWorld.sol";
import {newLendingHandler} from "./Make.sol";

/// @title LendingStatesTest
/// @notice Invariants L1 to L4, L9 and L10 (docs/protocol.md): what holds of every state that acts of everybody lead to.
contract LendingStatesTest {
    uint256 private constant _LANES = 32;
    uint256 private constant _RAY = 1e27;

    ILendingHandler private _handler;
    ILendingWorld private _world;

    function setUp() public {
        _handler = newLendingHandler(false);
        _world = _handler.world();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_L1_lanesSumUpToPositions() public view {
        for (uint256 m = 0; m < MARKETS; ++m) {
            uint256[_LANES] memory collateral;
            uint256[_LANES] memory variable_;
            uint256[_LANES] memory fixed_;
            for (uint256 kind = 0; kind < TERMS; ++kind) {
                uint256[_LANES] memory ofTerms;
                for (uint256 i = 0; i <= USERS; ++i) {
                    address owner = _personAt(i);
                    uint256 lane = uint160(owner) % _LANES;
                    IMarket.Position memory p = _world.market(m).positionOf(owner, _world.termsId(m, kind));
                    collateral[lane] += p.collateral;
                    ofTerms[lane] += p.scaledDebt;
                }
                for (uint256 lane = 0; lane < _LANES; ++lane) {
                    if (kind == 2) fixed_[lane] += ofTerms[lane];
                    else variable_[lane] += ofTerms[lane];
                    if (kind == 0) continue;
                    (uint256 used, ) = _world.market(m).termsLaneOf(_world.termsId(m, kind), lane);
                    require(used == ofTerms[lane], "L1: a lane's debt under terms is not that of its positions");
                }
            }
            for (uint256 lane = 0; lane < _LANES; ++lane) {
                (uint256 used, , uint256 held, ) = _world.market(m).laneOf(lane);
                (uint256 usedFixed, , ) = _world.market(m).fixedLaneOf(lane);
                require(used == variable_[lane], "L1: a lane's variable debt is not that of its positions");
                require(usedFixed == fixed_[lane], "L1: a lane's fixed debt is not that of its positions");
                require(held == collateral[lane], "L1: a lane's collateral is not that of its positions");
            }
        }
    }

    function invariant_L1_lanesSumUpToShares() public view {
        ILendingPool pool = _world.pool();
        uint256[_LANES] memory shares;
        for (uint256 i = 0; i <= USERS; ++i) {
            shares[uint160(_personAt(i)) % _LANES] += pool.balanceOf(_personAt(i));
        }
        shares[uint160(address(_world.surplus())) % _LANES] += pool.balanceOf(address(_world.surplus()));
        for (uint256 lane = 0; lane < _LANES; ++lane) {
            (, uint256 used, ) = pool.laneOf(lane);
            require(used == shares[lane], "L1: a lane's shares are not those of its holders");
        }
    }

    function invariant_L2_balancesSumUpToSupply() public view {
        IStablecoin stablecoin = _world.stablecoin();
        uint256 balances = 0;
        for (uint256 i = 0; i <= USERS; ++i) balances += stablecoin.balanceOf(_personAt(i));
        for (uint256 lane = 0; lane < _LANES; ++lane) {
            balances += stablecoin.balanceOf(_world.pool().custodian(lane));
            balances += stablecoin.balanceOf(ICustody(address(_world.savings())).custodian(lane));
        }
        balances += stablecoin.balanceOf(address(_world.pool())) + stablecoin.balanceOf(address(_world.savings()));
        balances += stablecoin.balanceOf(address(_world.surplus())) + stablecoin.balanceOf(address(_world.backstop()));
        balances += stablecoin.balanceOf(_world.facility());
        int256 lanes = 0;
        address[] memory facilities = stablecoin.facilities();
        for (uint256 f = 0; f < facilities.length; ++f) {
            for (uint256 lane = 0; lane <= _LANES; ++lane) lanes += stablecoin.supplyLane(facilities[f], lane);
        }
        require(int256(balances) == lanes, "L2: balances do not sum up to what facilities minted");
        require(stablecoin.totalSupply() == balances, "L2: balances do not sum up to the supply");
    }

    function invariant_L3_usedAndFreeSumUpToCaps() public view {
        for (uint256 m = 0; m < MARKETS; ++m) {
            IMarket market = _world.market(m);
            uint256[4] memory sums;
            for (uint256 lane = 0; lane < _LANES; ++lane) {
                (uint256 used, uint256 free, , ) = market.laneOf(lane);
                (uint256 usedFixed, uint256 freeFixed, ) = market.fixedLaneOf(lane);
                (sums[0], sums[1]) = (sums[0] + used, sums[1] + free);
                (sums[2], sums[3]) = (sums[2] + usedFixed, sums[3] + freeFixed);
            }
            (uint256 cap, uint256 overhang) = market.debtCap();
            _requireEscrow(sums[0], sums[1], cap, overhang);
            (cap, overhang) = market.fixedDebtCap();
            _requireEscrow(sums[2], sums[3], cap, overhang);
            for (uint256 kind = 1; kind < TERMS; ++kind) {
                uint256 sum = 0;
                for (uint256 lane = 0; lane < _LANES; ++lane) {
                    (uint256 used, uint256 free) = market.termsLaneOf(_world.termsId(m, kind), lane);
                    sum += used + free;
                }
                require(sum == TERMS_CAP, "L3: used and free under terms do not sum up to their cap");
            }
        }
        (uint256 shares, uint256 unused) = (0, 0);
        for (uint256 lane = 0; lane < _LANES; ++lane) {
            (, uint256 used, uint256 free) = _world.pool().laneOf(lane);
            (shares, unused) = (shares + used, unused + free);
        }
        (uint256 supplyCap, uint256 beyond) = _world.pool().supplyCap();
        _requireEscrow(shares, unused, supplyCap, beyond);
    }

    function invariant_L4_custodyCoversCollateralAndCash() public view {
        for (uint256 lane = 0; lane < _LANES; ++lane) {
            for (uint256 m = 0; m < MARKETS; ++m) {
                (, , uint256 collateral, ) = _world.market(m).laneOf(lane);
                uint256 held = _world.token().balanceOf(_world.market(m).custodian(lane));
                require(held >= collateral, "L4: a custodian holds less than its lane's collateral");
            }
            (uint256 cash, , ) = _world.pool().laneOf(lane);
            uint256 balance = _world.stablecoin().balanceOf(_world.pool().custodian(lane));
            require(balance >= cash, "L4: a custodian holds less than its lane's cash");
        }
    }

    function invariant_L9_noDebtWithoutCollateral() public view {
        for (uint256 m = 0; m < MARKETS; ++m) {
            for (uint256 i = 0; i <= USERS; ++i) {
                for (uint256 kind = 0; kind < TERMS; ++kind) {
                    address owner = _personAt(i);
                    IMarket.Position memory p = _world.market(m).positionOf(owner, _world.termsId(m, kind));
                    require(
                        p.scaledDebt == 0 || p.collateral > 0 || _handler.seized(m, owner, kind),
                        "L9: debt without collateral, which nobody seized by law"
                    );
                }
            }
        }
    }

    function invariant_L10_assetsCoverClaims() public view {
        ILendingPool pool = _world.pool();
        uint256 assets = pool.totalCash() + _world.market(1).totalDebt();
        (uint256 issue, uint256 redemption) = pool.prices();
        require(assets * _RAY >= pool.totalSupply() * issue, "L10: cash and debt do not cover the shares");
        require(redemption <= issue, "L10: a share is redeemed for more than one is issued for");
    }

    function _requireEscrow(uint256 used, uint256 free, uint256 cap, uint256 overhang) private pure {
        require(used + free == cap + overhang, "L3: used and free do not sum up to the cap");
        require(overhang == 0 || free == 0, "L3: something is free above the cap");
    }

    function _personAt(uint256 i) private view returns (address) {
        return i < USERS ? _world.user(i) : _world.whale();
    }
}
