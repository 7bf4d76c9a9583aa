// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IPegModule} from "../../../contracts/src/interfaces/IPegModule.sol";
import {ISavingsVault} from "../../../contracts/src/interfaces/ISavingsVault.sol";
import {IStablecoin} from "../../../contracts/src/interfaces/IStablecoin.sol";
import {ICustody} from "./ICustody.sol";
import {ILendingWorld, MARKETS, USERS} from "./ILendingWorld.sol";
import {ISurroundingsHandler} from "./ISurroundingsHandler.sol";
import {newSurroundingsHandler} from "./Make.sol";

/// @title SurroundingsTest
/// @notice The invariants of what surrounds the markets (docs/protocol.md): the peg P, savings S, surplus U, capital C and
/// backstop B, the asset's token A and its NAV N.
contract SurroundingsTest {
    uint256 private constant _LANES = 32;
    uint256 private constant _RAY = 1e27;
    uint256 private constant _SCALE = 1e12;

    ISurroundingsHandler private _handler;
    ILendingWorld private _world;

    function setUp() public {
        _handler = newSurroundingsHandler();
        _world = _handler.world();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    function invariant_P1_reserveAndRoomSumUpToCeiling() public view {
        (uint256 assets, uint256 overhang) = _world.peg().ceiling();
        (uint256 room, ) = _world.peg().room();
        require(_world.peg().reserve() + room == assets + overhang, "P1: reserve and room are not the ceiling");
        require(overhang == 0 || room == 0, "P1: room above the ceiling");
    }

    function invariant_P2_reserveCoversWhatWasMinted() public view {
        IPegModule peg = _world.peg();
        int256 minted = _world.stablecoin().supplyOf(address(peg));
        require(int256(peg.reserve() * _SCALE) >= minted, "P2: more was minted than the reserve redeems");
        _requireCustody(ICustody(address(peg)), address(_world.dollar()), peg.reserve(), "P2");
    }

    function invariant_P3_inflowStaysWithinItsCap() public view {
        (uint256 cap, ) = _world.peg().inflowCap();
        require(_handler.inflow(block.timestamp / 1 days) <= cap, "P3: more flowed in within a window than its cap");
    }

    function invariant_S1_cashCoversSavings() public view {
        ISavingsVault savings = _world.savings();
        ISavingsVault.Vesting memory v = savings.vesting();
        uint256 cash = _cashOf(ICustody(address(savings)));
        uint256 highest = uint256(v.index) + v.growth;
        require(cash * _RAY >= savings.totalSupply() * highest, "S1: cash does not cover what shares will be worth");
        _requireCustody(ICustody(address(savings)), address(_world.stablecoin()), cash, "S1");
    }

    function invariant_S2_sharesStayWithinTheirCap() public view {
        ISavingsVault savings = _world.savings();
        uint256 shares = 0;
        for (uint256 i = 0; i < USERS; ++i) shares += savings.balanceOf(_world.user(i));
        require(shares == savings.totalSupply(), "S2: shares do not sum up to the supply");
        // What still vests is paid for every share that there is room for.
        ISavingsVault.Vesting memory v = savings.vesting();
        uint256 left = uint256(v.index) + v.growth - savings.index();
        uint256 cap = shares + savings.maxMint(address(1));
        uint256 cash = _cashOf(ICustody(address(savings)));
        require(cash * _RAY >= shares * savings.index() + cap * left, "S2: growth beyond what all shares would earn");
    }

    function invariant_U1_onlyLossesAreBorne() public view {
        _requireWhole("U1");
    }

    function invariant_C1_capitalCoversWhatRises() public view {
        _requireWhole("C1");
    }

    function invariant_B1_backstopHoldsWhatItCounts() public view {
        uint256 held = _world.stablecoin().balanceOf(address(_world.backstop()));
        require(held >= _world.backstop().totalAssets(), "B1: the backstop counts more than it holds");
        uint256 queued = 0;
        for (uint256 i = 0; i < USERS; ++i) queued += _world.backstop().exitOf(_world.user(i)).shares;
        require(queued == _world.backstop().queuedShares(), "B1: what is queued does not sum up");
        uint256 kept = _world.backstop().balanceOf(address(_world.backstop()));
        require(kept == queued, "B1: the backstop does not keep what queues");
    }

    function invariant_A1_frozenNeverExceedsBalance() public view {
        uint256 balances = _world.token().balanceOf(_world.whale());
        for (uint256 i = 0; i < USERS; ++i) {
            uint256 balance = _world.token().balanceOf(_world.user(i));
            require(_world.token().getFrozenTokens(_world.user(i)) <= balance, "A1: more is frozen than is there");
            balances += balance;
        }
        for (uint256 m = 0; m < MARKETS; ++m) {
            for (uint256 lane = 0; lane < _LANES; ++lane) {
                balances += _world.token().balanceOf(_world.market(m).custodian(lane));
            }
        }
        require(balances == _world.token().totalSupply(), "A1: balances do not sum up to the supply");
        _requireWhole("A1");
    }

    function invariant_N1_navStaysWithinBounds() public view {
        _requireWhole("N1");
        (uint256 newDebt, uint256 liquidation, ) = _world.oracle().read();
        require(newDebt <= liquidation, "N1: new debt at more than liquidations follow");
    }

    function invariant_L2_facilitiesSumUpToSupply() public view {
        IStablecoin stablecoin = _world.stablecoin();
        int256 minted = stablecoin.supplyOf(_world.facility()) + stablecoin.supplyOf(address(_world.peg()));
        require(int256(stablecoin.totalSupply()) == minted, "L2: facilities do not sum up to the supply");
    }

    function invariant_L11_roundTripsNeverProfit() public view {
        _requireWhole("L11");
    }

    function _cashOf(ICustody treasury) private view returns (uint256 cash) {
        for (uint256 lane = 0; lane < _LANES; ++lane) cash += treasury.cashOf(lane);
    }

    function _requireCustody(ICustody treasury, address held, uint256 total, string memory number) private view {
        uint256 sum = 0;
        for (uint256 lane = 0; lane < _LANES; ++lane) {
            uint256 cash = treasury.cashOf(lane);
            sum += cash;
            uint256 balance = IStablecoin(held).balanceOf(treasury.custodian(lane));
            require(balance >= cash, string.concat(number, ": a custodian holds less than its lane's cash"));
        }
        require(sum == total, string.concat(number, ": the lanes' cash is not the whole"));
    }

    function _requireWhole(string memory invariant_) private view {
        string memory found = _handler.broken(invariant_);
        require(bytes(found).length == 0, found);
    }
}
