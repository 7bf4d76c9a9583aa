// The contracts with one rule broken each, and the invariant that must notice. Plain data: it must not know how they are run.

export interface Mutant {
  /** By its number in docs/protocol.md. */
  invariant: string;
  /** What the broken contract does. */
  does: string;
  /** Under contracts/src. */
  file: string;
  /** Occurs once in the file. */
  from: string;
  to: string;
  /** The test that fails, in test/contracts/invariants. */
  test: { file: TestFile; name: string };
}

type TestFile =
  | "Disjointness.t.sol"
  | "LendingStates.t.sol"
  | "LendingSteps.t.sol"
  | "Repayment.t.sol"
  | "Surroundings.t.sol";

const states = (name: string) => ({ file: "LendingStates.t.sol", name }) as const;
const steps = (name: string) => ({ file: "LendingSteps.t.sol", name }) as const;
const surroundings = (name: string) => ({ file: "Surroundings.t.sol", name }) as const;

export const mutants: readonly Mutant[] = [
  {
    invariant: "L1",
    does: "counts a repayment in the payer's lane",
    file: "market/Market.sol",
    from: "_state.release(termsId, Lanes.laneOf(owner), scaled);",
    to: "_state.release(termsId, Lanes.laneOf(msg.sender), scaled);",
    test: states("invariant_L1_lanesSumUpToPositions"),
  },
  {
    invariant: "L1",
    does: "leaves transferred shares in the sender's lane",
    file: "pool/LendingPool.sol",
    from: "_shares.move(Lanes.laneOf(from), Lanes.laneOf(to), value);",
    to: "_shares.move(Lanes.laneOf(from), Lanes.laneOf(from), value);",
    test: states("invariant_L1_lanesSumUpToShares"),
  },
  {
    invariant: "L2",
    does: "burns without counting it",
    file: "token/LaneERC20.sol",
    from: "        book.subtract(lane, value);\n",
    to: "",
    test: states("invariant_L2_balancesSumUpToSupply"),
  },
  {
    invariant: "L2",
    does: "pays interest out twice",
    file: "stablecoin/MintFacility.sol",
    from: "_STABLECOIN.mint(surplus, profit, OWN_LANE);",
    to: "_STABLECOIN.mint(surplus, 2 * profit, OWN_LANE);",
    test: steps("invariant_L2_supplyIsCovered"),
  },
  {
    invariant: "L3",
    does: "frees what pays an overhang off",
    file: "libraries/LaneEscrow.sol",
    from: "            freed = amount - paid;\n",
    to: "",
    test: states("invariant_L3_usedAndFreeSumUpToCaps"),
  },
  {
    invariant: "L4",
    does: "keeps collateral in the payer's lane",
    file: "market/Market.sol",
    from: "address holder = Custody.custodianOf(address(this), lane);",
    to: "address holder = Custody.custodianOf(address(this), Lanes.laneOf(msg.sender));",
    test: states("invariant_L4_custodyCoversCollateralAndCash"),
  },
  {
    invariant: "L5",
    does: "writes a lower index at a checkpoint",
    file: "market/Checkpoints.sol",
    from: "index: k.index.toUint128(),",
    to: "index: (k.index - k.index / 1e9).toUint128(),",
    test: steps("invariant_L5_indexesNeverFall"),
  },
  {
    invariant: "L6",
    does: "judges a removal by the collateral before it",
    file: "market/Market.sol",
    from: "_requireWithinMaxLtv(position.collateral, debt);\n            position.healthCheckedAt",
    to: "_requireWithinMaxLtv(position.collateral + amount, debt);\n            position.healthCheckedAt",
    test: steps("invariant_L6_onlyTimePriceAndLawMakeUnhealthy"),
  },
  {
    invariant: "L7",
    does: "marks positions that are not in default",
    file: "market/Resolutions.sol",
    from: "        _requireInDefault(s, c, owner, termsId, position);\n        uint256 coolOffUntil",
    to: "        uint256 coolOffUntil",
    test: steps("invariant_L7_onlyLiquidatableAreLiquidated"),
  },
  {
    invariant: "L8",
    does: "hands over half as much collateral again",
    file: "market/Liquidations.sol",
    from: "Math.mulDiv(Math.mulDiv(repaid, k.quote.markup, WAD), collateral, k.value)",
    to: "Math.mulDiv(Math.mulDiv(repaid, (k.quote.markup * 3) / 2, WAD), collateral, k.value)",
    test: steps("invariant_L8_partialLiquidationImproves"),
  },
  {
    invariant: "L9",
    does: "leaves a unit of debt where all collateral went",
    file: "market/Liquidations.sol",
    from: "(repaid, scaled) = (k.quote.repay, k.position.scaledDebt);",
    to: "(repaid, scaled) = (k.quote.repay, k.position.scaledDebt - (k.quote.loss > 0 ? 1 : 0));",
    test: steps("invariant_L9_liquidationLeavesNoBareDebt"),
  },
  {
    invariant: "L9",
    does: "leaves a unit of debt where all collateral went, as the state shows it",
    file: "market/Liquidations.sol",
    from: "(repaid, scaled) = (k.quote.repay, k.position.scaledDebt);",
    to: "(repaid, scaled) = (k.quote.repay, k.position.scaledDebt - (k.quote.loss > 0 ? 1 : 0));",
    test: states("invariant_L9_noDebtWithoutCollateral"),
  },
  {
    invariant: "L10",
    does: "has lenders bear half of a loss",
    file: "pool/LendingPool.sol",
    from: "p.lose(rest - borne, shares);",
    to: "p.lose((rest - borne) / 2, shares);",
    test: states("invariant_L10_assetsCoverClaims"),
  },
  {
    invariant: "L11",
    does: "rounds debt taken on down",
    file: "market/Market.sol",
    from: "scaled = assets.toScaledUp(index);",
    to: "scaled = assets.toScaledDown(index);",
    test: steps("invariant_L11_roundTripsNeverProfit"),
  },
  {
    invariant: "L12",
    does: "lets anybody borrow for anybody",
    file: "market/Market.sol",
    from: "_requireTerms(termsId);\n        _requireAuthorised(owner);\n",
    to: "_requireTerms(termsId);\n",
    test: steps("invariant_L12_strangersCannotWorsen"),
  },
  {
    invariant: "L13",
    does: "adds collateral to the payer's position",
    file: "market/Market.sol",
    from: "Position storage position = _state.positions[owner][termsId];\n        position.collateral = (",
    to: "Position storage position = _state.positions[msg.sender][termsId];\n        position.collateral = (",
    test: steps("invariant_L13_nobodyChangesAnothersPosition"),
  },
  {
    invariant: "L14",
    does: "asks for the borrower's standing when he repays",
    file: "market/Market.sol",
    from: "require(scaledDebt > 0, NoDebt(owner, termsId));",
    to: "require(scaledDebt > 0, NoDebt(owner, termsId));\n        Loans.requireStanding(_REGISTRY, owner, Standing.BORROW);",
    test: { file: "Repayment.t.sol", name: "invariant_L14_repaymentAlwaysWorks" },
  },
  {
    invariant: "L15",
    does: "counts all loans in one slot",
    file: "market/Market.sol",
    from: "scaled = assets.toScaledUp(index);",
    to: "scaled = assets.toScaledUp(index);\n        ++_state.rebalancedAt;",
    test: { file: "Disjointness.t.sol", name: "testFuzz_L15_usersInDifferentLanesShareNothing" },
  },
  {
    invariant: "L16",
    does: "levels one unit more than there is",
    file: "libraries/LaneEscrow.sol",
    from: "uint256 level = Rebalancing.levelOf(total, lane);",
    to: "uint256 level = Rebalancing.levelOf(total + 1, lane);",
    test: steps("invariant_L16_levellingChangesNoTotal"),
  },
  {
    invariant: "P1",
    does: "makes room twice of what pays an overhang off",
    file: "stablecoin/PegModule.sol",
    from: "_room.put(_never(), lane, assets - paidOff);",
    to: "_room.put(_never(), lane, assets);",
    test: surroundings("invariant_P1_reserveAndRoomSumUpToCeiling"),
  },
  {
    invariant: "P2",
    does: "takes dollars at the feed's answer above one dollar",
    file: "stablecoin/PegModule.sol",
    from: "return Math.mulDiv(assets * _SCALE, Math.min(answer, one), one);",
    to: "return Math.mulDiv(assets * _SCALE, Math.max(answer, one), one);",
    test: surroundings("invariant_P2_reserveCoversWhatWasMinted"),
  },
  {
    invariant: "P3",
    does: "forgets the inflow cap",
    file: "stablecoin/PegModule.sol",
    from: '        _inflow.take(_refill(), lane, assets, "inflow cap");\n',
    to: "",
    test: surroundings("invariant_P3_inflowStaysWithinItsCap"),
  },
  {
    invariant: "S1",
    does: "has a payment vest on the shares there are, not on those there is room for",
    file: "savings/SavingsVault.sol",
    from: "Math.mulDiv(budget, RAY, cap);",
    to: "Math.mulDiv(budget, RAY, Math.max(shares, 1e18));",
    test: surroundings("invariant_S1_cashCoversSavings"),
  },
  {
    invariant: "S2",
    does: "opens room for shares that there are already",
    file: "savings/SavingsVault.sol",
    from: "_room.level(_never(), cap - shares);",
    to: "_room.level(_never(), cap);",
    test: surroundings("invariant_S2_sharesStayWithinTheirCap"),
  },
  {
    invariant: "U1",
    does: "has the surplus bear a unit more than was lost",
    file: "stablecoin/Surplus.sol",
    from: "_STABLECOIN.transfer(receiver, borne);",
    to: "_STABLECOIN.transfer(receiver, borne + 1);",
    test: surroundings("invariant_U1_onlyLossesAreBorne"),
  },
  {
    invariant: "C1",
    does: "raises caps without asking what covers them",
    file: "backstop/CapitalPolicy.sol",
    from: "        requireCovered();\n        emit CapRaised",
    to: "        emit CapRaised",
    test: surroundings("invariant_C1_capitalCoversWhatRises"),
  },
  {
    invariant: "B1",
    does: "goes on counting an exit that was cancelled",
    file: "backstop/Backstop.sol",
    from: "        queuedShares -= shares;\n        _transfer(address(this), msg.sender, shares);",
    to: "        _transfer(address(this), msg.sender, shares);",
    test: surroundings("invariant_B1_backstopHoldsWhatItCounts"),
  },
  {
    invariant: "A1",
    does: "moves frozen tokens by order of law and leaves them frozen",
    file: "rwa/RwaToken.sol",
    from: "        _unfreezeFor(from, amount);\n        super._update(",
    to: "        super._update(",
    test: surroundings("invariant_A1_frozenNeverExceedsBalance"),
  },
  {
    invariant: "N1",
    does: "accepts rises of twice the bound",
    file: "oracle/NavOracle.sol",
    from: "next * BPS <= current * (BPS + s.maxUpBps)",
    to: "next * BPS <= current * (BPS + 2 * s.maxUpBps)",
    test: surroundings("invariant_N1_navStaysWithinBounds"),
  },
];
