// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Stablecoin} from "../../../contracts/src/stablecoin/Stablecoin.sol";

/// @title CountingStablecoin
/// @notice pUSD that counts its transfers in one slot, which all users then share: what the disjointness test must find.
contract CountingStablecoin is Stablecoin {
    uint256 public transfers;

    constructor(address authority_) Stablecoin(authority_) {}

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        ++transfers;
    }
}
