// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {IBackstop} from "../../../../contracts/src/interfaces/IBackstop.sol";
import {ICapitalPolicy} from "../../../../contracts/src/interfaces/ICapitalPolicy.sol";
import {ISavingsVault} from "../../../../contracts/src/interfaces/ISavingsVault.sol";
import {ISurplus} from "../../../../contracts/src/interfaces/ISurplus.sol";
import {Acting} from "../Acting.sol";
import {VM} from "../Vm.sol";

/// @title Savers
/// @notice Savers, who stands behind losses, and the surplus between them.
abstract contract Savers is Acting {
    function save(uint256 who, uint256 how, uint256 amount) external {
        address saver = _person(who);
        uint256 assets = _bound(amount, 1, world.stablecoin().balanceOf(saver) / 2);
        bytes memory call =
            how % 2 == 0
                ? abi.encodeCall(IERC4626.deposit, (assets, saver))
                : abi.encodeCall(IERC4626.mint, (assets, saver));
        _call("save", saver, address(world.savings()), call);
    }

    function unsave(uint256 who, uint256 how, uint256 amount) external {
        address saver = _person(who);
        ISavingsVault savings = world.savings();
        bytes memory call =
            how % 2 == 0
                ? abi.encodeCall(IERC4626.withdraw, (_bound(amount, 1, savings.maxWithdraw(saver)), saver, saver))
                : abi.encodeCall(IERC4626.redeem, (_bound(amount, 1, savings.balanceOf(saver)), saver, saver));
        _call("unsave", saver, address(savings), call);
    }

    /// @notice Into savings and out of them within the second.
    function visitSavings(uint256 who, uint256 how, uint256 amount) external {
        address saver = _person(who);
        ISavingsVault savings = world.savings();
        uint256 cash = world.stablecoin().balanceOf(saver);
        uint256 shares = savings.balanceOf(saver);
        VM.startPrank(saver);
        if (how % 2 == 0) {
            try savings.deposit(_bound(amount, 1, cash / 2), saver) {} catch {}
        } else {
            try savings.mint(_bound(amount, 1, cash / 2), saver) {} catch {}
        }
        uint256 gained = savings.balanceOf(saver) - shares;
        if (gained > 0) {
            try savings.redeem(gained, saver, saver) {
                ++done["visitSavings"];
            } catch {}
        }
        VM.stopPrank();
        bool richer = world.stablecoin().balanceOf(saver) > cash && savings.balanceOf(saver) >= shares;
        if (richer) _break("L11", "in and out of savings: has more pUSD than before");
    }

    function back(uint256 who, uint256 amount) external {
        _back(_person(who), amount);
    }

    function _back(address person, uint256 amount) private {
        uint256 assets = _bound(amount, 1, world.stablecoin().balanceOf(person) / 2);
        bytes memory call = abi.encodeCall(IERC4626.deposit, (assets, person));
        _call("back", person, address(world.backstop()), call);
    }

    function leave(uint256 who, uint256 how, uint256 amount) external {
        address person = _person(who);
        IBackstop backstop = world.backstop();
        if (how % 4 == 0) {
            _back(person, amount);
            _queue(person, amount % (1 + backstop.balanceOf(person) / 8));
            _call("cancelExit", person, address(backstop), abi.encodeCall(IBackstop.cancelExit, ()));
            return;
        }
        if (how % 4 < 3) _queue(person, amount);
        if (how % 4 == 1) return;
        // What queues is claimable ten days later.
        if (how % 4 == 2) VM.warp(block.timestamp + 10 days);
        uint256 shares = _bound(amount, 1, backstop.maxRedeem(person));
        _call("leave", person, address(backstop), abi.encodeCall(IERC4626.redeem, (shares, person, person)));
    }

    function _queue(address person, uint256 amount) private {
        IBackstop backstop = world.backstop();
        bytes memory call = abi.encodeCall(IBackstop.requestExit, (_bound(amount, 1, backstop.balanceOf(person))));
        (bool ok, ) = _call("requestExit", person, address(backstop), call);
        if (ok && !_isCovered()) _break("C1", "shares queued to leave that the caps need");
    }

    function distribute(uint256 who) external {
        bool covered = _isCovered();
        (bool ok, ) = _call(
            "distribute",
            _person(who),
            address(world.surplus()),
            abi.encodeCall(ISurplus.distribute, ())
        );
        if (ok && covered && !_isCovered()) _break("C1", "the surplus paid out what the caps need");
    }

    /// @notice The whale gives the surplus something, as interest does.
    function earn(uint256 amount) external {
        bytes memory call = abi.encodeCall(IERC20.transfer, (address(world.surplus()), _bound(amount, 1, 50_000e18)));
        _call("earn", world.whale(), address(world.stablecoin()), call);
    }

    /// @notice A loss of the facility, as a liquidation books it.
    function lose(uint256 amount) external {
        address facility = world.facility();
        uint256 before = world.stablecoin().balanceOf(facility);
        uint256 loss = _bound(amount, 1, 30_000e18);
        bytes memory call = abi.encodeCall(ISurplus.bearLoss, (loss, facility));
        (bool ok, ) = _call("lose", facility, address(world.surplus()), call);
        if (ok && world.stablecoin().balanceOf(facility) > before + loss) _break("U1", "more borne than was lost");
    }

    /// @notice Raises a cap by way of the policy.
    function raiseCap(uint256 what, uint256 amount) external {
        bytes memory call =
            what % 2 == 0
                ? abi.encodeCall(
                    ICapitalPolicy.raiseDebtCap,
                    (address(world.market(0)), _bound(amount, 1, 50_000_000e18))
                )
                : abi.encodeCall(ICapitalPolicy.raiseCeiling, (address(world.peg()), _bound(amount, 1, 50_000_000e6)));
        (bool ok, ) = _call("raiseCap", address(this), address(world.policy()), call);
        if (ok && !_isCovered()) _break("C1", "a cap rose beyond what capital covers");
    }

    function _isCovered() private view returns (bool) {
        return world.policy().capital() >= world.policy().requiredCapital();
    }
}
