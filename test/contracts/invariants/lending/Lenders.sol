// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC4626} from "@openzeppelin/contracts/interfaces/IERC4626.sol";
import {ILendingPool} from "../../../../contracts/src/interfaces/ILendingPool.sol";
import {VM} from "../Vm.sol";
import {Watch} from "./Watch.sol";

/// @title Lenders
/// @notice What lenders of the pool, savers and holders of pUSD do.
abstract contract Lenders is Watch {
    /// @notice Goes into the pool or out of it, by assets or by shares.
    function lend(uint256 who, uint256 how, uint256 amount) external {
        if (how % 4 == 0) _deposit(who, amount);
        else if (how % 4 == 1) _mint(who, amount);
        else if (how % 4 == 2) _withdraw(who, amount);
        else _redeem(who, amount);
    }

    /// @notice Goes into savings or out of them.
    function saving(uint256 who, uint256 how, uint256 amount) external {
        if (how % 2 == 0) _save(who, amount);
        else _unsave(who, amount);
    }

    /// @notice Hands something to somebody else, or where nobody asked for it.
    function give(uint256 who, uint256 how, uint256 to, uint256 amount) external {
        if (how % 4 == 0) _donate(who, to, amount);
        else _transfer(who, to, amount);
    }

    function _deposit(uint256 who, uint256 amount) private {
        address lender = _person(who);
        uint256 assets = _bound(amount, 1, world.stablecoin().balanceOf(lender) / 2);
        bytes memory call = abi.encodeCall(IERC4626.deposit, (assets, lender));
        _act("deposit", lender, address(world.pool()), call, _apart());
    }

    function _mint(uint256 who, uint256 shares) private {
        address lender = _person(who);
        bytes memory call = abi.encodeCall(IERC4626.mint, (_bound(shares, 1, 10_000e18), lender));
        _act("mint", lender, address(world.pool()), call, _apart());
    }

    function _withdraw(uint256 who, uint256 amount) private {
        address lender = _person(who);
        uint256 assets = _bound(amount, 1, world.pool().maxWithdraw(lender));
        bytes memory call = abi.encodeCall(IERC4626.withdraw, (assets, lender, lender));
        _act("withdraw", lender, address(world.pool()), call, _apart());
    }

    function _redeem(uint256 who, uint256 amount) private {
        address lender = _person(who);
        uint256 shares = _bound(amount, 1, world.pool().balanceOf(lender));
        bytes memory call = abi.encodeCall(IERC4626.redeem, (shares, lender, lender));
        _act("redeem", lender, address(world.pool()), call, _apart());
    }

    /// @notice Of pUSD, or of shares of the pool.
    function _transfer(uint256 from, uint256 to, uint256 amount) private {
        address sender = _person(from);
        IERC20 what = amount % 2 == 0 ? IERC20(world.stablecoin()) : IERC20(world.pool());
        bytes memory call = abi.encodeCall(
            IERC20.transfer,
            (_person(to), _bound(amount, 0, what.balanceOf(sender) / 4))
        );
        _act("transfer", sender, address(what), call, _apart());
    }

    /// @notice Puts pUSD where none was asked for: at the pool itself or at one of its custodians.
    function _donate(uint256 who, uint256 lane, uint256 amount) private {
        address donor = _person(who);
        ILendingPool pool = world.pool();
        address to = lane % 33 == 32 ? address(pool) : pool.custodian(lane % 33);
        bytes memory call = abi.encodeCall(IERC20.transfer, (to, _bound(amount, 1, 100e18)));
        _act("donate", donor, address(world.stablecoin()), call, _apart());
    }

    function _save(uint256 who, uint256 amount) private {
        address saver = _person(who);
        uint256 assets = _bound(amount, 1, world.stablecoin().balanceOf(saver) / 4);
        bytes memory call = abi.encodeCall(IERC4626.deposit, (assets, saver));
        _act("save", saver, address(world.savings()), call, _apart());
    }

    function _unsave(uint256 who, uint256 amount) private {
        address saver = _person(who);
        uint256 shares = _bound(amount, 1, world.savings().balanceOf(saver));
        bytes memory call = abi.encodeCall(IERC4626.redeem, (shares, saver, saver));
        _act("unsave", saver, address(world.savings()), call, _apart());
    }

    /// @notice Goes in by deposit or mint and out by redeem or withdraw within the second.
    function visit(uint256 who, uint256 how, uint256 amount) external {
        address lender = _person(who);
        ILendingPool pool = world.pool();
        uint256 cash = world.stablecoin().balanceOf(lender);
        uint256 shares = pool.balanceOf(lender);
        uint256 size = _bound(amount, 1, cash / 2);
        VM.startPrank(lender);
        bool entered;
        if (how % 2 == 0) {
            try pool.mint(size, lender) {
                entered = true;
            } catch {}
        } else {
            try pool.deposit(size, lender) {
                entered = true;
            } catch {}
        }
        if (entered) {
            uint256 gained = pool.balanceOf(lender) - shares;
            if ((how / 2) % 2 == 0) {
                try pool.withdraw(pool.previewRedeem(gained), lender, lender) {
                    ++done["visit"];
                } catch {}
            } else {
                try pool.redeem(gained, lender, lender) {
                    ++done["visit"];
                } catch {}
            }
        }
        VM.stopPrank();
        bool richer = world.stablecoin().balanceOf(lender) > cash && pool.balanceOf(lender) >= shares;
        if (richer) _break("L11", "in and out of the pool: has more pUSD than before");
    }
}
