// The exact bigint model of the protocol's mathematics, for tests, keepers and the app. Pure; knows no chain.
export {
  debtOf,
  extinguish,
  type FixedTerms,
  fixedDebtOf,
  fixedIndex,
  growIndex,
  INDEX_ONE,
  owedFixedIndex,
  SECONDS_PER_YEAR,
  scaledForBorrow,
  scaledForFixedBorrow,
} from "./debt-index.ts";
export { expWadOnChain, growIndexOnChain } from "./exp-wad.ts";
export { expWad, mulDiv, mulDivUp, WAD } from "./fixed-point.ts";
export { LaneCash } from "./lane-cash.ts";
export { imbalanceOf, LANES, LaneEscrow, laneOf, levelled } from "./lanes.ts";
export {
  bonusAt,
  collateralValue,
  health,
  type LiquidationQuote,
  type LiquidationTerms,
  quoteLiquidation,
  quoteSale,
  seizedFor,
} from "./liquidation.ts";
export { nextRate, type RateCurve, rateMultiple, smoothedUtilisation } from "./rate.ts";
export { RAY, savingsGrowth, savingsIndex, type Vesting } from "./savings.ts";
export { LaneStock } from "./stock.ts";
export {
  assetsForRedemption,
  EPOCH,
  impairmentPerShare,
  issuePrice,
  lose,
  redemptionPrice,
  roll,
  sharesForDeposit,
  type VestingPrice,
  vestedPrice,
} from "./vesting-price.ts";
