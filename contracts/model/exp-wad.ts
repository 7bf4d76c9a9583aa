// The exponential that the contracts compute, digit for digit: the model of solady's FixedPointMathLib.expWad, and of the
// variable index that rests on it. `expWad` beside it is the mathematical value, which may differ in the last digit.
import { SECONDS_PER_YEAR } from "./debt-index.ts";
import { mulDiv, WAD } from "./fixed-point.ts";

const LN2 = 54916777467707473351141471128n; // times 2^96

/** e^x in wad, for 0 <= x < 135 in wad, as solady rounds it. Throws a RangeError elsewhere. */
export function expWadOnChain(x: bigint): bigint {
  if (x < 0n || x >= 135305999368893231589n) throw new RangeError("the exponent is not within 0 and 135 wad");
  const scaled = (x << 78n) / 5n ** 18n;
  const k = ((scaled << 96n) / LN2 + (1n << 95n)) >> 96n;
  const rest = scaled - k * LN2; // within half of ln 2 on either side of 0
  // A rational approximation of degrees 6 and 7; shifts round down as arithmetic shifts of the machine do.
  const y = (((rest + 1346386616545796478920950773328n) * rest) >> 96n) + 57155421227552351082224309758442n;
  const monic = y + rest - 94201549194550492254356042504812n;
  const p =
    (((monic * y) >> 96n) + 28719021644029726153956944680412240n) * rest +
    (4385272521454847904659076985693276n << 96n);
  let q = rest - 2855989394907223263936484059900n;
  for (const coefficient of [
    50020603652535783019961831881945n,
    -533845033583426703283633433725380n,
    3604857256930695427073651918091429n,
    -14423608567350463180887372962807573n,
    26449188498355588339934803723976023n,
  ]) {
    q = ((q * rest) >> 96n) + coefficient;
  }
  return ((p / q) * 3822833074963236453042738258902158003155416615667n) >> (195n - k);
}

/** `growIndex` to the last digit of `IndexMath.grow`: index and rate in wad, elapsed in seconds. */
export function growIndexOnChain(index: bigint, ratePerYear: bigint, elapsed: bigint): bigint {
  return mulDiv(index, expWadOnChain((ratePerYear * elapsed) / SECONDS_PER_YEAR), WAD);
}
