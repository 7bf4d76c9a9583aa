// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IMarket} from "../interfaces/IMarket.sol";
import {ITermsRegistry} from "../interfaces/ITermsRegistry.sol";
import {WAD} from "../libraries/IndexMath.sol";
import {LaneEscrow} from "../libraries/LaneEscrow.sol";
import {LiquidationMath} from "../libraries/LiquidationMath.sol";
import {Checkpoints} from "./Checkpoints.sol";
import {Loans} from "./Loans.sol";
import {MarketConfig, MarketState} from "./MarketState.sol";

/// @title MarketSettings
/// @notice What governance sets, the terms that a market takes over, and what owners sign or consent to. Linked: the market calls
/// it by delegatecall, and asks who may.
library MarketSettings {
    using LaneEscrow for LaneEscrow.Book;
    using SafeCast for uint256;

    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant AUTHORISATION_TYPEHASH = keccak256(
        "Authorisation(address owner,address operator,bool authorised,uint256 nonce,uint256 deadline)"
    );
    uint256 private constant MIN_RAMP = 7 days;
    uint256 private constant MAX_RAMP = 365 days;
    /// @dev Bounds of what an auction may ask for, wad: from half of the value to twice as much.
    uint256 private constant MIN_MARKUP = 0.5e18;
    uint256 private constant MAX_MARKUP = 2e18;

    /* CAPS */

    function raiseDebtCap(MarketState storage s, uint256 scaled) external {
        s.variableDebt.raise(scaled);
        emit IMarket.DebtCapRaised(scaled, s.variableDebt.cap);
    }

    function cutDebtCap(MarketState storage s, uint256 scaled) external {
        s.variableDebt.cut(scaled);
        emit IMarket.DebtCapCut(scaled, s.variableDebt.cap);
    }

    /* PARAMETERS */

    /// @dev Starts where the last ramp has got to, so that the value never jumps.
    function rampLltv(MarketState storage s, uint256 maxBonus, uint64 target, uint32 duration) external {
        require(duration >= MIN_RAMP && duration <= MAX_RAMP, IMarket.RampDuration(duration, MIN_RAMP, MAX_RAMP));
        require(target > 0, IMarket.InvalidParameters("lltv is zero"));
        require(target * (WAD + maxBonus) <= WAD * WAD, IMarket.InvalidParameters("lltv * (1 + maxBonus) above 1"));
        IMarket.Controls memory k = s.controls;
        k.lltvFrom = uint64(Loans.lltvNow(k));
        k.lltvTo = target;
        k.rampStart = uint40(block.timestamp);
        k.rampEnd = uint40(block.timestamp + duration);
        s.controls = k;
        emit IMarket.LltvRamp(k.lltvFrom, target, k.rampStart, k.rampEnd);
    }

    /// @dev What the mathematics of `LiquidationMath` takes for granted.
    function requireConsistent(IMarket.Parameters memory p) external pure {
        LiquidationMath.Terms memory terms = p.liquidation;
        require(p.maxLtv > 0 && p.maxLtv < terms.lltv, IMarket.InvalidParameters("maxLtv must be below lltv"));
        require(
            terms.minBonus > 0 && terms.minBonus <= terms.maxBonus,
            IMarket.InvalidParameters("minBonus, then maxBonus")
        );
        require(
            terms.lltv * (WAD + terms.maxBonus) <= WAD * WAD,
            IMarket.InvalidParameters("lltv * (1 + maxBonus) above 1")
        );
        require(terms.targetHealth > WAD, IMarket.InvalidParameters("targetHealth must be above 1"));
        require(
            terms.healthForMaxBonus > 0 && terms.healthForMaxBonus < WAD,
            IMarket.InvalidParameters("healthForMaxBonus between 0 and 1")
        );
        if (p.auctionDuration == 0) {
            require(p.auctionStart == 0 && p.auctionEnd == 0, IMarket.InvalidParameters("an auction of no time"));
        } else {
            require(
                p.auctionStart >= MIN_MARKUP && p.auctionStart <= p.auctionEnd && p.auctionEnd <= MAX_MARKUP,
                IMarket.InvalidParameters("auctionStart, then auctionEnd, within 0.5 and 2")
            );
        }
    }

    /* TERMS */

    function adoptTerms(MarketState storage s, MarketConfig memory c, uint256 termsId) external {
        ITermsRegistry.Terms memory t = c.termsRegistry.termsOf(termsId);
        require(c.termsRegistry.isOpen(termsId, address(this)), IMarket.TermsNotOpen(termsId));
        require(s.terms[termsId].start == 0, IMarket.TermsKnown(termsId));
        IMarket.AdoptedTerms memory adopted = IMarket.AdoptedTerms({
            fixedRate: t.rateKind == ITermsRegistry.RateKind.Fixed,
            start: uint40(block.timestamp),
            maturity: t.maturity,
            gracePeriod: t.gracePeriod,
            ratePerYear: t.ratePerYear,
            penaltyPerYear: t.penaltyPerYear,
            marginPerYear: t.marginPerYear
        });
        s.terms[termsId] = adopted;
        s.termsDebt[termsId].raise(t.cap);
        if (adopted.fixedRate) s.controls.hasFixedTerms = true;
        emit IMarket.TermsAdopted(termsId, adopted, t.cap);
    }

    /// @dev Debt is taken on while terms are open, and at a fixed rate only above the variable one by their margin: else whoever
    /// borrows would leave the lenders the worse rate.
    function requireOpen(MarketState storage s, ITermsRegistry registry, uint256 termsId) external view {
        require(registry.isOpen(termsId, address(this)), IMarket.TermsNotOpen(termsId));
        IMarket.AdoptedTerms memory t = s.terms[termsId];
        if (!t.fixedRate) return;
        uint256 needed = uint256(s.accrual.ratePerYear) + t.marginPerYear;
        require(t.ratePerYear >= needed, IMarket.BelowVariableRate(t.ratePerYear, needed));
    }

    /* OWNERS */

    function setConsent(
        MarketState storage s,
        MarketConfig memory c,
        uint256 termsId,
        uint64 lltv,
        uint64 bonus
    ) external {
        // Its collateral must pay the bonus on all debt throughout the band, as the market's own bonus.
        bool revoked = lltv == 0 && bonus == 0;
        bool valid = lltv > 0 && lltv < c.liquidation.lltv && c.liquidation.lltv * (WAD + bonus) <= WAD * WAD;
        require(revoked || valid, IMarket.InvalidConsent(lltv, bonus));
        s.consents[msg.sender][termsId] = IMarket.Consent({lltv: lltv, bonus: bonus});
        emit IMarket.ConsentSet(msg.sender, termsId, lltv, bonus);
    }

    function setAuthorisationWithSig(
        MarketState storage s,
        IMarket.Authorisation memory a,
        bytes memory signature
    ) external {
        uint256 nonce = s.authorisationNonces[a.owner];
        require(
            a.nonce == nonce && block.timestamp <= a.deadline,
            IMarket.AuthorisationOutdated(a.nonce, nonce, a.deadline)
        );
        bytes32 digest = MessageHashUtils.toTypedDataHash(
            keccak256(
                abi.encode(DOMAIN_TYPEHASH, keccak256("Polder Market"), keccak256("1"), block.chainid, address(this))
            ),
            keccak256(abi.encode(AUTHORISATION_TYPEHASH, a.owner, a.operator, a.authorised, a.nonce, a.deadline))
        );
        require(
            SignatureChecker.isValidSignatureNow(a.owner, digest, signature),
            IMarket.AuthorisationNotSigned(a.owner)
        );
        s.authorisationNonces[a.owner] = nonce + 1;
        s.authorised[a.owner][a.operator] = a.authorised;
        emit IMarket.AuthorisationSet(a.owner, a.operator, a.authorised);
    }
}
