// Units that the plain data of a deployment is written in.

export const HOUR = 3_600; // seconds
export const DAY = 24 * HOUR;
export const WAD = 10n ** 18n;
export const PERCENT = WAD / 100n;
