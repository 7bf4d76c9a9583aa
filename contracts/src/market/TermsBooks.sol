// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IMarket} from "../interfaces/IMarket.sol";
import {LaneEscrow} from "../libraries/LaneEscrow.sol";
import {LinearDebt} from "../libraries/LinearDebt.sol";
import {MarketState} from "./MarketState.sol";

/// @title TermsBooks
/// @notice Where debt under disclosed terms is counted besides, or instead: under the cap of the terms, and if their rate is fixed
/// in the fixed books in the place of the variable ones. Linked: the market's variable rate does not pay for its code.
library TermsBooks {
    using LaneEscrow for LaneEscrow.Book;
    using LinearDebt for LinearDebt.Lane;

    /// @return fixedRate whether it is counted in full; else it belongs into the variable books too.
    function take(
        MarketState storage s,
        uint256 termsId,
        uint256 lane,
        uint256 scaled
    ) external returns (bool fixedRate) {
        IMarket.AdoptedTerms memory t = s.terms[termsId];
        s.termsDebt[termsId].take(lane, scaled);
        if (!t.fixedRate) return false;
        s.linearDebt[lane].add(scaled, t.ratePerYear, t.start);
        s.fixedDebt.take(lane, scaled);
        return true;
    }

    /// @return fixedRate as in `take`.
    function release(
        MarketState storage s,
        uint256 termsId,
        uint256 lane,
        uint256 scaled
    ) external returns (bool fixedRate) {
        IMarket.AdoptedTerms memory t = s.terms[termsId];
        s.termsDebt[termsId].release(lane, scaled);
        if (!t.fixedRate) return false;
        s.linearDebt[lane].subtract(scaled, t.ratePerYear, t.start);
        s.fixedDebt.release(lane, scaled);
        return true;
    }
}
