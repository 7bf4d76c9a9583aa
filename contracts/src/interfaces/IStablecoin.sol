// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IStablecoin
/// @notice pUSD as its minting facilities see it.
interface IStablecoin is IERC20 {
    enum FacilityStatus {
        None,
        Active,
        Retired
    }

    event FacilityAdded(address indexed facility);
    event FacilityRetired(address indexed facility);

    /// @notice `caller` is no facility that may do this; governance adds facilities.
    error NotAFacility(address caller, FacilityStatus status);
    /// @notice `facility` was added before; a retired facility stays retired.
    error FacilityKnown(address facility);
    /// @notice Only `limit` facilities are allowed, so that `totalSupply()` stays readable.
    error TooManyFacilities(uint256 limit);

    /// @notice Mints `value` to `to`, counted in `lane` of the calling facility, which must be active.
    function mint(address to, uint256 value, uint256 lane) external;

    /// @notice Burns `value` from `from`, counted in `lane` of the calling facility. Spends `from`'s allowance to the
    /// facility unless it burns its own. A retired facility may still burn: repayment is never blocked.
    function burn(address from, uint256 value, uint256 lane) external;

    /// @notice Lets `facility` mint. Restricted.
    function addFacility(address facility) external;

    /// @notice Ends `facility`'s right to mint, for good; it may still burn. Restricted.
    function retireFacility(address facility) external;

    /// @notice What `facility` minted less what it burned. Reads 33 slots.
    function supplyOf(address facility) external view returns (int256);

    /// @notice One signed lane of `supplyOf(facility)`; lane 32 is the facility's own.
    function supplyLane(address facility, uint256 lane) external view returns (int256);

    function statusOf(address facility) external view returns (FacilityStatus);

    function facilities() external view returns (address[] memory);
}
