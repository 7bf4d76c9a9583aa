// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IStablecoin} from "../interfaces/IStablecoin.sol";
import {SignedLanes} from "../libraries/SignedLanes.sol";
import {LaneERC20} from "../token/LaneERC20.sol";

/// @title Stablecoin
/// @notice pUSD. Its supply is the sum of signed lanes, 33 per minting facility.
///
/// Hot slots: `_balances[holder]`, and per mint or burn `_supply[facility].lanes[lane]` of the borrower's lane. Written by
/// governance only: `_status`, `_facilities`.
contract Stablecoin is LaneERC20, AccessManaged, IStablecoin {
    using SignedLanes for SignedLanes.Book;
    using SafeCast for int256;

    /// @dev `totalSupply()` reads 33 slots for each.
    uint256 private constant MAX_FACILITIES = 16;

    mapping(address facility => SignedLanes.Book) private _supply;
    mapping(address facility => FacilityStatus) private _status;
    address[] private _facilities;

    constructor(address authority_) LaneERC20("Polder USD", "pUSD", 18) AccessManaged(authority_) {}

    /* FACILITIES */

    /// @inheritdoc IStablecoin
    function mint(address to, uint256 value, uint256 lane) external {
        FacilityStatus status = _status[msg.sender];
        require(status == FacilityStatus.Active, NotAFacility(msg.sender, status));
        _mint(_supply[msg.sender], lane, to, value);
    }

    /// @inheritdoc IStablecoin
    function burn(address from, uint256 value, uint256 lane) external {
        FacilityStatus status = _status[msg.sender];
        require(status != FacilityStatus.None, NotAFacility(msg.sender, status));
        if (from != msg.sender) _spendAllowance(from, msg.sender, value);
        _burn(_supply[msg.sender], lane, from, value);
    }

    /* GOVERNANCE */

    /// @inheritdoc IStablecoin
    function addFacility(address facility) external restricted {
        require(_status[facility] == FacilityStatus.None, FacilityKnown(facility));
        require(_facilities.length < MAX_FACILITIES, TooManyFacilities(MAX_FACILITIES));
        _status[facility] = FacilityStatus.Active;
        _facilities.push(facility);
        emit FacilityAdded(facility);
    }

    /// @inheritdoc IStablecoin
    function retireFacility(address facility) external restricted {
        FacilityStatus status = _status[facility];
        require(status == FacilityStatus.Active, NotAFacility(facility, status));
        _status[facility] = FacilityStatus.Retired;
        emit FacilityRetired(facility);
    }

    /* VIEWS */

    /// @inheritdoc IERC20
    /// @dev Reads 33 slots per facility: for people and indexers, never called on a hot path.
    function totalSupply() external view returns (uint256) {
        int256 total = 0;
        for (uint256 i = 0; i < _facilities.length; ++i) total += _supply[_facilities[i]].sum();
        return total.toUint256();
    }

    /// @inheritdoc IStablecoin
    function supplyOf(address facility) external view returns (int256) {
        return _supply[facility].sum();
    }

    /// @inheritdoc IStablecoin
    function supplyLane(address facility, uint256 lane) external view returns (int256) {
        return _supply[facility].lanes[lane];
    }

    /// @inheritdoc IStablecoin
    function statusOf(address facility) external view returns (FacilityStatus) {
        return _status[facility];
    }

    /// @inheritdoc IStablecoin
    function facilities() external view returns (address[] memory) {
        return _facilities;
    }
}
