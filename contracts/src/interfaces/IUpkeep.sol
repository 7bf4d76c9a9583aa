// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IMarket} from "./IMarket.sol";

/// @title IUpkeep
/// @notice What the protocol needs done by somebody, in the form that automation networks ask for (Chainlink's
/// `checkUpkeep` and `performUpkeep`). All of it is open to anybody: this contract only knows when.
interface IUpkeep {
    enum Job {
        /// `checkpoint` of market `target`: hourly, or once utilisation has moved by a step, or once a loss is covered.
        Checkpoint,
        /// `promote` of NAV oracle `target`: a lower pending NAV has waited long enough.
        Promote,
        /// `coverLoss` by surplus `target` of facility `subject`.
        CoverLoss,
        /// `impair` in market `target` of `subject` under `termsId`: what threatens to be lost has changed.
        Impair,
        /// `distribute` of surplus `target`.
        Distribute
    }

    struct Task {
        Job job;
        address target;
        address subject;
        uint256 termsId;
    }

    /// @dev What to look after: the `checkData` of an upkeep, ABI-encoded. `owners` are looked at in every market under all
    /// `termsIds`; the surplus may be zero.
    struct Watch {
        address[] markets;
        address surplus;
        uint256[] termsIds;
        address[] owners;
    }

    event Performed(Job indexed job, address indexed target, address indexed subject, uint256 termsId);
    /// @notice A task was due but its target refused it; the others went on.
    event Refused(Job indexed job, address indexed target, address indexed subject, uint256 termsId, bytes reason);

    /// @notice None of the tasks is due any more, or all were refused.
    error NothingDone();
    /// @notice No failure: how `assess` tells what it found, and undoes it.
    error Assessed(uint256 unrealised);

    /// @notice What is due of a `Watch`, the most urgent first, at most `MAX_TASKS`. To be called, not sent: it changes nothing.
    /// @return needed whether anything is.
    /// @return performData for `performUpkeep`: an array of `Task`.
    function checkUpkeep(bytes calldata checkData) external returns (bool needed, bytes memory performData);

    /// @notice Does each task that is due now, whatever it was when it was found.
    function performUpkeep(bytes calldata performData) external;

    /// @notice Whether a task is due now; changes nothing. Reverts where its target is none.
    function isDue(Task calldata task) external returns (bool);

    /// @notice Has a market assess a position and undoes it, so that its formula stands in one place. Reverts always, with
    /// `Assessed` where the market answers.
    function assess(IMarket market, address owner, uint256 termsId) external;

    /// @notice Those of `owners` who can be liquidated in `market` now; that takes capital or a `Liquidator`, so it is no task.
    function liquidatable(
        IMarket market,
        uint256 termsId,
        address[] calldata owners
    ) external view returns (address[] memory);

    // solhint-disable-next-line func-name-mixedcase
    function MAX_TASKS() external view returns (uint256);
}
