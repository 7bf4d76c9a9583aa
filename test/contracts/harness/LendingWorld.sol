// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {DevelopmentDollar} from "../../../contracts/development/DevelopmentDollar.sol";
import {DevelopmentFeed} from "../../../contracts/development/DevelopmentFeed.sol";
import {Backstop} from "../../../contracts/src/backstop/Backstop.sol";
import {CapitalPolicy} from "../../../contracts/src/backstop/CapitalPolicy.sol";
import {IBackstop} from "../../../contracts/src/interfaces/IBackstop.sol";
import {ICapitalPolicy} from "../../../contracts/src/interfaces/ICapitalPolicy.sol";
import {ILendingPool} from "../../../contracts/src/interfaces/ILendingPool.sol";
import {IRwaToken} from "../../../contracts/src/interfaces/IRwaToken.sol";
import {ISavingsVault} from "../../../contracts/src/interfaces/ISavingsVault.sol";
import {ISurplus} from "../../../contracts/src/interfaces/ISurplus.sol";
import {IEligibilityRegistry} from "../../../contracts/src/interfaces/IEligibilityRegistry.sol";
import {ILiquiditySource} from "../../../contracts/src/interfaces/ILiquiditySource.sol";
import {IMarket} from "../../../contracts/src/interfaces/IMarket.sol";
import {INavOracle} from "../../../contracts/src/interfaces/INavOracle.sol";
import {IPegModule} from "../../../contracts/src/interfaces/IPegModule.sol";
import {IRateModel} from "../../../contracts/src/interfaces/IRateModel.sol";
import {IStablecoin} from "../../../contracts/src/interfaces/IStablecoin.sol";
import {ITermsRegistry} from "../../../contracts/src/interfaces/ITermsRegistry.sol";
import {LiquidationMath} from "../../../contracts/src/libraries/LiquidationMath.sol";
import {AdaptiveRateModel} from "../../../contracts/src/market/AdaptiveRateModel.sol";
import {Market} from "../../../contracts/src/market/Market.sol";
import {NavOracle} from "../../../contracts/src/oracle/NavOracle.sol";
import {LendingPool} from "../../../contracts/src/pool/LendingPool.sol";
import {EligibilityRegistry} from "../../../contracts/src/rwa/EligibilityRegistry.sol";
import {RwaToken} from "../../../contracts/src/rwa/RwaToken.sol";
import {TermsRegistry} from "../../../contracts/src/rwa/TermsRegistry.sol";
import {SavingsVault} from "../../../contracts/src/savings/SavingsVault.sol";
import {MintFacility} from "../../../contracts/src/stablecoin/MintFacility.sol";
import {PegModule} from "../../../contracts/src/stablecoin/PegModule.sol";
import {Stablecoin} from "../../../contracts/src/stablecoin/Stablecoin.sol";
import {Surplus} from "../../../contracts/src/stablecoin/Surplus.sol";
import {
    FIRST_NAV,
    IDollar,
    IDollarFeed,
    ILendingWorld,
    MARKETS,
    TERMS,
    TERMS_CAP,
    USERS
} from "../invariants/ILendingWorld.sol";
import {VM} from "../invariants/Vm.sol";

// Getters are named as in the interface.
// solhint-disable immutable-vars-naming

/// @title LendingWorld
/// @notice The real contracts of one collateral with two markets, one that mints and one that lenders fill, and what bears
/// their losses. Who makes it administers it. Nothing here acts: handlers do.
contract LendingWorld is ILendingWorld {
    uint256 private constant _ATTESTORS = 4;
    uint256 private constant _FIRST_KEY = 0xA77E57;

    AccessManager public immutable manager;
    IStablecoin public immutable stablecoin;
    IEligibilityRegistry public immutable registry;
    ITermsRegistry public immutable termsRegistry;
    IRwaToken public immutable token;
    INavOracle public immutable oracle;
    ISurplus public immutable surplus;
    ISavingsVault public immutable savings;
    IBackstop public immutable backstop;
    ICapitalPolicy public immutable policy;
    IDollar public immutable dollar;
    IDollarFeed public immutable dollarFeed;
    IPegModule public immutable peg;
    address public immutable facility;
    ILendingPool public immutable pool;
    IMarket[MARKETS] public market;
    address[USERS] public user;
    address public immutable whale;

    constructor(address administrator) {
        user = [
            address(0x10021),
            address(0x10022),
            address(0x20022),
            address(0x10029),
            address(0x1003F),
            address(0x10028)
        ];
        whale = address(0x10060);
        manager = new AccessManager(address(this));
        address authority = address(manager);
        stablecoin = new Stablecoin(authority);
        registry = new EligibilityRegistry(authority);
        termsRegistry = new TermsRegistry(authority);
        token = new RwaToken(authority, registry, "Bills", "BILL", 18);
        oracle = new NavOracle(authority, "BILL / USD", 8, _attestors(), _oracleSettings());
        surplus = new Surplus(authority, stablecoin);
        savings = new SavingsVault(authority, stablecoin, address(surplus), 1 days, 100_000e18, 2_500);
        backstop = new Backstop(authority, stablecoin, address(surplus), 10 days, 2 days, 1 days);
        policy = new CapitalPolicy(authority, stablecoin, address(surplus), backstop);
        surplus.setOutlets(address(savings), address(backstop), address(policy));
        surplus.setShares(5_000, 2_500);

        backstop.setPolicy(address(policy));
        dollar = IDollar(address(new DevelopmentDollar()));
        dollarFeed = IDollarFeed(address(new DevelopmentFeed()));
        dollarFeed.say(1e8, block.timestamp);
        peg = _peg();

        IRateModel rateModel = new AdaptiveRateModel(_curve());
        facility = address(new MintFacility(authority, stablecoin, _nextButOne(), address(surplus)));
        market[0] = _market(ILiquiditySource(facility), rateModel, 0, 0);
        address second = _nextButOne();
        pool = new LendingPool(
            authority,
            IERC20Metadata(address(stablecoin)),
            second,
            "Lenders of BILL",
            "lpBILL",
            address(surplus),
            0.1e18
        );
        market[1] = _market(pool, rateModel, 1 days, 2 days);

        _openMarkets();
        _people();
        manager.grantRole(manager.ADMIN_ROLE(), address(policy), 0);
        manager.grantRole(manager.ADMIN_ROLE(), administrator, 0);
    }

    function _openMarkets() private {
        stablecoin.addFacility(facility);
        stablecoin.addFacility(address(peg));
        peg.raiseCeiling(1_000_000e6);
        peg.raiseInflowCap(200_000e6);
        policy.setExposure(address(peg), ICapitalPolicy.Kind.Peg, 10);
        policy.setExposure(address(market[0]), ICapitalPolicy.Kind.Market, 10);
        for (uint256 m = 0; m < MARKETS; ++m) {
            registry.admitCustodians(address(market[m]));
            market[m].raiseDebtCap(m == 0 ? 20_000_000e18 : 1_000_000e18);
            _publish(m);
        }
        pool.raiseSupplyCap(2_000_000e18);
    }

    /* PEOPLE */

    function _people() private {
        _admit(whale);
        _report(FIRST_NAV);
        for (uint256 i = 0; i < USERS; ++i) _admit(user[i]);
        VM.startPrank(whale);
        market[0].addCollateral(whale, 0, 200_000e18);
        market[0].borrow(whale, 0, 10_000_000e18, whale);
        for (uint256 i = 0; i < USERS; ++i) stablecoin.transfer(user[i], 200_000e18);
        VM.stopPrank();
    }

    function _admit(address person) private {
        registry.setPerson(person, IEligibilityRegistry.Tier.Liquidator, 528, type(uint64).max);
        token.mint(person, person == whale ? 200_000e18 : 20_000e18);
        VM.startPrank(person);
        for (uint256 m = 0; m < MARKETS; ++m) {
            token.approve(address(market[m]), type(uint256).max);
            stablecoin.approve(address(market[m].source()), type(uint256).max);
        }
        stablecoin.approve(address(savings), type(uint256).max);
        stablecoin.approve(address(backstop), type(uint256).max);
        stablecoin.approve(address(peg), type(uint256).max);
        dollar.mint(person, 200_000e6);
        dollar.approve(address(peg), type(uint256).max);
        VM.stopPrank();
    }

    /* NAV */

    /// @notice Reports `nav` and, where that leaves it pending, has the larger quorum confirm it. Reverts where it is too early.
    function report(uint256 nav) external {
        _report(nav);
    }

    /// @notice Reports `nav` by the smaller quorum, which may leave it pending.
    function suggest(uint256 nav) external {
        _submit(nav, 3);
    }

    function _report(uint256 nav) private {
        _submit(nav, _ATTESTORS);
        if (oracle.pending().nav > 0) oracle.confirm(_signed(oracle.confirmationDigest(), _ATTESTORS));
    }

    function _submit(uint256 nav, uint256 quorum) private {
        INavOracle.NavReport memory r = INavOracle.NavReport({
            round: oracle.nextRound(),
            nav: uint128(nav),
            navDate: uint64(block.timestamp),
            ripcord: false
        });
        oracle.submit(r, _signed(oracle.reportDigest(r), quorum));
    }

    /// @dev Signatures come sorted by signer.
    function _signed(bytes32 digest, uint256 quorum) private pure returns (bytes[] memory signatures) {
        signatures = new bytes[](quorum);
        address last = address(0);
        for (uint256 i = 0; i < quorum; ++i) {
            uint256 next = 0;
            address lowest = address(type(uint160).max);
            for (uint256 a = 0; a < _ATTESTORS; ++a) {
                address candidate = VM.addr(_FIRST_KEY + a);
                if (candidate > last && candidate < lowest) (next, lowest) = (_FIRST_KEY + a, candidate);
            }
            (uint8 v, bytes32 r, bytes32 s) = VM.sign(next, digest);
            signatures[i] = abi.encodePacked(r, s, v);
            last = lowest;
        }
    }

    function _attestors() private pure returns (address[] memory found) {
        found = new address[](_ATTESTORS);
        for (uint256 i = 0; i < _ATTESTORS; ++i) found[i] = VM.addr(_FIRST_KEY + i);
    }

    /* PARTS */

    /// @notice The number of the terms `kind` of market `m`: 0 its own, 1 published variable ones, 2 fixed ones.
    function termsId(uint256 m, uint256 kind) public pure returns (uint256) {
        return kind == 0 ? 0 : m * 2 + kind;
    }

    function _publish(uint256 m) private {
        ITermsRegistry.Terms memory t;
        t.market = address(market[m]);
        t.openUntil = uint40(block.timestamp + 3_650 days);
        t.cap = uint128(TERMS_CAP);
        t.documentHash = keccak256("variable");
        termsRegistry.publish(t, "");
        t.rateKind = ITermsRegistry.RateKind.Fixed;
        t.openUntil = uint40(block.timestamp + 12 days);
        t.maturity = uint40(block.timestamp + 20 days);
        t.gracePeriod = 3 days;
        t.ratePerYear = 0.9e18;
        t.penaltyPerYear = 0.5e18;
        t.documentHash = keccak256("fixed");
        termsRegistry.publish(t, "");
        for (uint256 kind = 1; kind < TERMS; ++kind) market[m].adoptTerms(termsId(m, kind));
    }

    function _market(
        ILiquiditySource source,
        IRateModel rateModel,
        uint32 saleWindow,
        uint32 auctionDuration
    ) private returns (IMarket) {
        Market.Setup memory s;
        s.authority = address(manager);
        s.collateralToken = IERC20Metadata(address(token));
        s.source = source;
        s.oracle = oracle;
        s.registry = registry;
        s.termsRegistry = termsRegistry;
        s.rateModel = rateModel;
        s.initialRatePerYear = 0.2e18;
        s.parameters = IMarket.Parameters({
            maxLtv: 0.8e18,
            liquidation: LiquidationMath.Terms({
                lltv: 0.85e18,
                targetHealth: 1.05e18,
                minBonus: 0.02e18,
                maxBonus: 0.08e18,
                healthForMaxBonus: 0.9e18,
                minDebt: 100e18
            }),
            coolOff: 60,
            saleWindow: saleWindow,
            auctionDuration: auctionDuration,
            auctionStart: auctionDuration == 0 ? 0 : 0.98e18,
            auctionEnd: auctionDuration == 0 ? 0 : 1.1e18
        });
        return new Market(s);
    }

    /// @dev A source names its market before that exists: it is the creation after its own.
    function _nextButOne() private view returns (address) {
        return VM.computeCreateAddress(address(this), VM.getNonce(address(this)) + 1);
    }

    function _peg() private returns (IPegModule) {
        PegModule.Setup memory s;
        s.authority = address(manager);
        s.stablecoin = stablecoin;
        s.asset = IERC20Metadata(address(dollar));
        s.surplus = address(surplus);
        s.window = 1 days;
        s.fees = IPegModule.Fees({inBps: 10, outBps: 20});
        s.feed = IPegModule.FeedSettings({feed: address(dollarFeed), maxDeviationBps: 50, staleAfter: 365 days});
        return new PegModule(s);
    }

    function _curve() private pure returns (AdaptiveRateModel.Curve memory) {
        return
            AdaptiveRateModel.Curve({
                target: 0.85e18,
                multipleAtZero: 0.5e18,
                multipleAtFull: 4e18,
                speed: uint64(0.1e18) / 1 days,
                minRateAtTarget: 0.05e18,
                maxRateAtTarget: 0.4e18
            });
    }

    function _oracleSettings() private pure returns (INavOracle.Settings memory) {
        return
            INavOracle.Settings({
                staleAfter: 73 hours,
                expiredAfter: 168 hours,
                pendingDelay: 12 hours,
                minInterval: 1 hours,
                maxUpBps: 200,
                maxDownBps: 400,
                quorum: 3,
                confirmQuorum: 4
            });
    }
}
