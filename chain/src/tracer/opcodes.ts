// The opcodes that traces name or look at. It must not know what they cost or do.

export const KECCAK256 = 0x20;
export const BALANCE = 0x31;
export const EXTCODESIZE = 0x3b;
export const EXTCODECOPY = 0x3c;
export const EXTCODEHASH = 0x3f;
export const SLOAD = 0x54;
export const SSTORE = 0x55;
export const LOG0 = 0xa0;
export const LOG4 = 0xa4;
export const RETURN = 0xf3;
export const REVERT = 0xfd;
export const SELFDESTRUCT = 0xff;

/** Runs of names by the byte that the first has. */
const RUNS: readonly (readonly [first: number, names: string])[] = [
  [0x00, "STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND"],
  [0x10, "LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR CLZ"],
  [0x20, "KECCAK256"],
  [
    0x30,
    "ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY CODESIZE CODECOPY GASPRICE EXTCODESIZE EXTCODECOPY RETURNDATASIZE RETURNDATACOPY EXTCODEHASH",
  ],
  [
    0x40,
    "BLOCKHASH COINBASE TIMESTAMP NUMBER PREVRANDAO GASLIMIT CHAINID SELFBALANCE BASEFEE BLOBHASH BLOBBASEFEE",
  ],
  [0x50, "POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST TLOAD TSTORE MCOPY PUSH0"],
  [0xf0, "CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2"],
  [0xfa, "STATICCALL"],
  [0xfd, "REVERT"],
  [0xff, "SELFDESTRUCT"],
];

const NAMES: string[] = Array.from(
  { length: 256 },
  (_, opcode) => `opcode 0x${opcode.toString(16)} not defined`,
);
for (const [first, names] of RUNS) {
  for (const [i, name] of names.split(" ").entries()) NAMES[first + i] = name;
}
for (let n = 1; n <= 32; n++) NAMES[0x5f + n] = `PUSH${n}`;
for (let n = 1; n <= 16; n++) {
  NAMES[0x7f + n] = `DUP${n}`;
  NAMES[0x8f + n] = `SWAP${n}`;
}
for (let n = 0; n <= 4; n++) NAMES[LOG0 + n] = `LOG${n}`;
NAMES[0x44] = "DIFFICULTY"; // what geth's and Foundry's traces still call PREVRANDAO (EIP-4399)
NAMES[0xfe] = "INVALID"; // EIP-141

export function nameOf(opcode: number): string {
  return NAMES[opcode]!;
}
