// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBackstop} from "../interfaces/IBackstop.sol";
import {ICapitalPolicy} from "../interfaces/ICapitalPolicy.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {INavOracle} from "../interfaces/INavOracle.sol";
import {ISavingsVault} from "../interfaces/ISavingsVault.sol";
import {ISurplus} from "../interfaces/ISurplus.sol";
import {IUpkeep} from "../interfaces/IUpkeep.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {MintFacility} from "../stablecoin/MintFacility.sol";
import {MarketReads} from "./MarketReads.sol";

/// @title Upkeep
/// @notice Knows when the protocol needs a call that anybody may make. No storage, no rights, no tokens: who names false
/// targets has them called by a contract that is nobody.
contract Upkeep is IUpkeep {
    using Math for uint256;
    using MarketReads for IMarket;

    /// @inheritdoc IUpkeep
    uint256 public constant MAX_TASKS = 8;

    /// @dev A checkpoint is due after this time, or once it would move the averaged utilisation by the step, wad.
    uint256 private constant INTERVAL = 1 hours;
    uint256 private constant UTILISATION_STEP = 0.05e18;
    /// @dev An impairment is assessed again once it is off by more than this part of the position's debt, basis points.
    uint256 private constant IMPAIRMENT_STEP_BPS = 100;
    uint256 private constant BPS = 10_000;
    /// @dev Below one whole pUSD a distribution is not worth its gas.
    uint256 private constant LEAST_DISTRIBUTION = 1e18;

    struct List {
        Task[] tasks;
        uint256 length;
    }

    /* AUTOMATION */

    /// @inheritdoc IUpkeep
    function checkUpkeep(bytes calldata checkData) external returns (bool, bytes memory) {
        Watch memory watch = abi.decode(checkData, (Watch));
        List memory due = List({tasks: new Task[](MAX_TASKS), length: 0});
        for (uint256 i = 0; i < watch.markets.length; ++i) {
            // A market that does not answer costs its own tasks alone.
            try this.targetsOf(IMarket(watch.markets[i])) returns (address oracle, address source) {
                _add(due, Job.Promote, oracle, address(0), 0);
                if (watch.surplus != address(0)) _add(due, Job.CoverLoss, watch.surplus, source, 0);
                _add(due, Job.Checkpoint, watch.markets[i], address(0), 0);
                // solhint-disable-next-line no-empty-blocks
            } catch {}
        }
        for (uint256 i = 0; i < watch.markets.length; ++i) {
            for (uint256 j = 0; j < watch.termsIds.length; ++j) {
                for (uint256 k = 0; k < watch.owners.length; ++k) {
                    _add(due, Job.Impair, watch.markets[i], watch.owners[k], watch.termsIds[j]);
                }
            }
        }
        if (watch.surplus != address(0)) _add(due, Job.Distribute, watch.surplus, address(0), 0);

        uint256 length = due.length;
        Task[] memory tasks = due.tasks;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(tasks, length)
        }
        return (length > 0, abi.encode(tasks));
    }

    /// @inheritdoc IUpkeep
    function performUpkeep(bytes calldata performData) external {
        Task[] memory tasks = abi.decode(performData, (Task[]));
        uint256 done = 0;
        for (uint256 i = 0; i < tasks.length; ++i) {
            Task memory task = tasks[i];
            if (!_isDue(task)) continue;
            // solhint-disable-next-line avoid-low-level-calls
            (bool success, bytes memory result) = task.target.call(_callOf(task));
            if (success) {
                ++done;
                emit Performed(task.job, task.target, task.subject, task.termsId);
            } else {
                emit Refused(task.job, task.target, task.subject, task.termsId, result);
            }
        }
        require(done > 0, NothingDone());
    }

    /* WHAT IS DUE */

    /// @inheritdoc IUpkeep
    function isDue(Task calldata task) external returns (bool) {
        if (task.job == Job.Checkpoint) return _checkpointDue(IMarket(task.target));
        if (task.job == Job.Promote) return _promoteDue(INavOracle(task.target));
        if (task.job == Job.CoverLoss) return _coverDue(ISurplus(task.target), MintFacility(task.subject));
        if (task.job == Job.Impair) return _impairDue(IMarket(task.target), task.subject, task.termsId);
        return _distributeDue(ISurplus(task.target));
    }

    /// @inheritdoc IUpkeep
    function assess(IMarket market, address owner, uint256 termsId) external {
        revert Assessed(market.impair(owner, termsId));
    }

    /// @inheritdoc IUpkeep
    function liquidatable(
        IMarket market,
        uint256 termsId,
        address[] calldata owners
    ) external view returns (address[] memory found) {
        found = new address[](owners.length);
        uint256 count = 0;
        for (uint256 i = 0; i < owners.length; ++i) {
            try market.liquidationQuote(owners[i], termsId) returns (LiquidationMath.Quote memory, uint256) {
                found[count] = owners[i];
                ++count;
                // solhint-disable-next-line no-empty-blocks
            } catch {} // not liquidatable
        }
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(found, count)
        }
    }

    /// @notice The contracts that a market's tasks are at.
    function targetsOf(IMarket market) external view returns (address oracle, address source) {
        return (market.oracle(), market.source());
    }

    /* INTERNAL */

    function _add(List memory due, Job job, address target, address subject, uint256 termsId) private {
        if (due.length == MAX_TASKS) return;
        Task memory task = Task({job: job, target: target, subject: subject, termsId: termsId});
        if (!_isDue(task) || _contains(due, task)) return;
        due.tasks[due.length] = task;
        ++due.length;
    }

    /// @dev Two markets may share an oracle.
    function _contains(List memory due, Task memory task) private pure returns (bool) {
        bytes32 hash = keccak256(abi.encode(task));
        for (uint256 i = 0; i < due.length; ++i) if (keccak256(abi.encode(due.tasks[i])) == hash) return true;
        return false;
    }

    /// @dev False where the target cannot say.
    function _isDue(Task memory task) private returns (bool) {
        try this.isDue(task) returns (bool due) {
            return due;
        } catch {
            return false;
        }
    }

    function _callOf(Task memory task) private pure returns (bytes memory) {
        if (task.job == Job.Checkpoint) return abi.encodeCall(IMarket.checkpoint, ());
        if (task.job == Job.Promote) return abi.encodeCall(INavOracle.promote, ());
        if (task.job == Job.CoverLoss) return abi.encodeCall(ISurplus.coverLoss, (task.subject));
        if (task.job == Job.Impair) return abi.encodeCall(IMarket.impair, (task.subject, task.termsId));
        return abi.encodeCall(ISurplus.distribute, ());
    }

    /// @dev What a checkpoint would make of utilisation, were the stretch since the last one as it is now: an hour's average.
    function _checkpointDue(IMarket market) private view returns (bool) {
        uint256 elapsed = block.timestamp - market.accrual().timestamp;
        if (elapsed >= INTERVAL) return true;
        if (elapsed == 0) return false;
        (, bool lossNotCovered) = market.newDebtStops();
        if (lossNotCovered && _shortfallOf(market.source()) == 0) return true;
        uint256 before = market.rateState().utilisation;
        uint256 current = market.utilisation();
        uint256 moved = current > before ? current - before : before - current;
        return moved * elapsed >= UTILISATION_STEP * INTERVAL;
    }

    function _promoteDue(INavOracle oracle) private view returns (bool) {
        INavOracle.Valuation memory next = oracle.pending();
        if (next.nav == 0 || next.nav >= oracle.accepted().nav) return false;
        return block.timestamp >= uint256(next.since) + oracle.settings().pendingDelay;
    }

    /// @dev There is a loss, and somebody who can bear some of it.
    function _coverDue(ISurplus surplus, MintFacility facility) private view returns (bool) {
        (address savings, address backstop, ) = surplus.outlets();
        if (facility.shortfall() == 0) return false;
        if (IERC20(facility.asset()).balanceOf(address(surplus)) > 0) return true;
        return IBackstop(backstop).totalAssets() > 0 || ISavingsVault(savings).totalAssets() > 0;
    }

    /// @dev Something threatens to be lost that did not, or no longer, or by a step more or less.
    function _impairDue(IMarket market, address owner, uint256 termsId) private returns (bool) {
        uint256 assessed = market.impairmentOf(owner, termsId);
        try this.assess(market, owner, termsId) {
            return false;
        } catch (bytes memory reason) {
            if (bytes4(reason) != Assessed.selector || reason.length != 36) return false; // no usable NAV
            uint256 unrealised;
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                unrealised := mload(add(reason, 36))
            }
            if (unrealised == 0 || assessed == 0) return unrealised != assessed;
            uint256 off = unrealised > assessed ? unrealised - assessed : assessed - unrealised;
            return off * BPS > market.debtOf(owner, termsId) * IMPAIRMENT_STEP_BPS;
        }
    }

    function _distributeDue(ISurplus surplus) private view returns (bool) {
        (address savings, , address policy) = surplus.outlets();
        ISavingsVault vault = ISavingsVault(savings);
        if (block.timestamp < vault.nextPaymentAt() || vault.index() == 0) return false;
        uint256 balance = IERC20(vault.asset()).balanceOf(address(surplus));
        return balance.min(ICapitalPolicy(policy).excess()) >= LEAST_DISTRIBUTION;
    }

    /// @dev Of a source that mints; lenders of a pool bear losses themselves.
    function _shortfallOf(address source) private view returns (uint256) {
        return MarketReads.isPooled(source) ? 0 : MintFacility(source).shortfall();
    }
}
