/** Bits of `Standing` (contracts/src/libraries/Standing.sol). */
export const STANDING = { known: 1n, valid: 2n, frozen: 4n, hold: 8n, borrow: 16n, liquidate: 32n } as const;
