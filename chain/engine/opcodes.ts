// The opcodes of the EVM and the one table of their traits: base gas, stack in and out, since which fork.
// It knows nothing of how an instruction works; dynamic gas is in gas.ts.

export const STOP: u32 = 0x00;
export const ADD: u32 = 0x01;
export const MUL: u32 = 0x02;
export const SUB: u32 = 0x03;
export const DIV: u32 = 0x04;
export const SDIV: u32 = 0x05;
export const MOD: u32 = 0x06;
export const SMOD: u32 = 0x07;
export const ADDMOD: u32 = 0x08;
export const MULMOD: u32 = 0x09;
export const EXP: u32 = 0x0a;
export const SIGNEXTEND: u32 = 0x0b;
export const LT: u32 = 0x10;
export const GT: u32 = 0x11;
export const SLT: u32 = 0x12;
export const SGT: u32 = 0x13;
export const EQ: u32 = 0x14;
export const ISZERO: u32 = 0x15;
export const AND: u32 = 0x16;
export const OR: u32 = 0x17;
export const XOR: u32 = 0x18;
export const NOT: u32 = 0x19;
export const BYTE: u32 = 0x1a;
export const SHL: u32 = 0x1b;
export const SHR: u32 = 0x1c;
export const SAR: u32 = 0x1d;
export const CLZ: u32 = 0x1e;
export const KECCAK256: u32 = 0x20;
export const ADDRESS: u32 = 0x30;
export const BALANCE: u32 = 0x31;
export const ORIGIN: u32 = 0x32;
export const CALLER: u32 = 0x33;
export const CALLVALUE: u32 = 0x34;
export const CALLDATALOAD: u32 = 0x35;
export const CALLDATASIZE: u32 = 0x36;
export const CALLDATACOPY: u32 = 0x37;
export const CODESIZE: u32 = 0x38;
export const CODECOPY: u32 = 0x39;
export const GASPRICE: u32 = 0x3a;
export const EXTCODESIZE: u32 = 0x3b;
export const EXTCODECOPY: u32 = 0x3c;
export const RETURNDATASIZE: u32 = 0x3d;
export const RETURNDATACOPY: u32 = 0x3e;
export const EXTCODEHASH: u32 = 0x3f;
export const BLOCKHASH: u32 = 0x40;
export const COINBASE: u32 = 0x41;
export const TIMESTAMP: u32 = 0x42;
export const NUMBER: u32 = 0x43;
export const PREVRANDAO: u32 = 0x44;
export const GASLIMIT: u32 = 0x45;
export const CHAINID: u32 = 0x46;
export const SELFBALANCE: u32 = 0x47;
export const BASEFEE: u32 = 0x48;
export const BLOBHASH: u32 = 0x49;
export const BLOBBASEFEE: u32 = 0x4a;
export const POP: u32 = 0x50;
export const MLOAD: u32 = 0x51;
export const MSTORE: u32 = 0x52;
export const MSTORE8: u32 = 0x53;
export const SLOAD: u32 = 0x54;
export const SSTORE: u32 = 0x55;
export const JUMP: u32 = 0x56;
export const JUMPI: u32 = 0x57;
export const PC: u32 = 0x58;
export const MSIZE: u32 = 0x59;
export const GAS: u32 = 0x5a;
export const JUMPDEST: u32 = 0x5b;
export const TLOAD: u32 = 0x5c;
export const TSTORE: u32 = 0x5d;
export const MCOPY: u32 = 0x5e;
export const PUSH0: u32 = 0x5f;
export const PUSH1: u32 = 0x60;
export const PUSH2: u32 = 0x61;
export const PUSH3: u32 = 0x62;
export const PUSH4: u32 = 0x63;
export const PUSH5: u32 = 0x64;
export const PUSH6: u32 = 0x65;
export const PUSH7: u32 = 0x66;
export const PUSH8: u32 = 0x67;
export const PUSH9: u32 = 0x68;
export const PUSH10: u32 = 0x69;
export const PUSH11: u32 = 0x6a;
export const PUSH12: u32 = 0x6b;
export const PUSH13: u32 = 0x6c;
export const PUSH14: u32 = 0x6d;
export const PUSH15: u32 = 0x6e;
export const PUSH16: u32 = 0x6f;
export const PUSH17: u32 = 0x70;
export const PUSH18: u32 = 0x71;
export const PUSH19: u32 = 0x72;
export const PUSH20: u32 = 0x73;
export const PUSH21: u32 = 0x74;
export const PUSH22: u32 = 0x75;
export const PUSH23: u32 = 0x76;
export const PUSH24: u32 = 0x77;
export const PUSH25: u32 = 0x78;
export const PUSH26: u32 = 0x79;
export const PUSH27: u32 = 0x7a;
export const PUSH28: u32 = 0x7b;
export const PUSH29: u32 = 0x7c;
export const PUSH30: u32 = 0x7d;
export const PUSH31: u32 = 0x7e;
export const PUSH32: u32 = 0x7f;
export const DUP1: u32 = 0x80;
export const DUP2: u32 = 0x81;
export const DUP3: u32 = 0x82;
export const DUP4: u32 = 0x83;
export const DUP5: u32 = 0x84;
export const DUP6: u32 = 0x85;
export const DUP7: u32 = 0x86;
export const DUP8: u32 = 0x87;
export const DUP9: u32 = 0x88;
export const DUP10: u32 = 0x89;
export const DUP11: u32 = 0x8a;
export const DUP12: u32 = 0x8b;
export const DUP13: u32 = 0x8c;
export const DUP14: u32 = 0x8d;
export const DUP15: u32 = 0x8e;
export const DUP16: u32 = 0x8f;
export const SWAP1: u32 = 0x90;
export const SWAP2: u32 = 0x91;
export const SWAP3: u32 = 0x92;
export const SWAP4: u32 = 0x93;
export const SWAP5: u32 = 0x94;
export const SWAP6: u32 = 0x95;
export const SWAP7: u32 = 0x96;
export const SWAP8: u32 = 0x97;
export const SWAP9: u32 = 0x98;
export const SWAP10: u32 = 0x99;
export const SWAP11: u32 = 0x9a;
export const SWAP12: u32 = 0x9b;
export const SWAP13: u32 = 0x9c;
export const SWAP14: u32 = 0x9d;
export const SWAP15: u32 = 0x9e;
export const SWAP16: u32 = 0x9f;
export const LOG0: u32 = 0xa0;
export const LOG1: u32 = 0xa1;
export const LOG2: u32 = 0xa2;
export const LOG3: u32 = 0xa3;
export const LOG4: u32 = 0xa4;
export const CREATE: u32 = 0xf0;
export const CALL: u32 = 0xf1;
export const CALLCODE: u32 = 0xf2;
export const RETURN: u32 = 0xf3;
export const DELEGATECALL: u32 = 0xf4;
export const CREATE2: u32 = 0xf5;
export const STATICCALL: u32 = 0xfa;
export const REVERT: u32 = 0xfd;
export const SELFDESTRUCT: u32 = 0xff;

/*
 * A trait, from the lowest bit: base gas (16 bits), bytes of stack that must be there (16), how many bytes more may be there
 * (16), first fork (16, FORK_*). Height h is right when h - least <= more, unsigned: underflow and overflow in one
 * comparison. An undefined opcode asks for more than any stack holds.
 */
const LEAST: u64 = 32 << 16;
const MORE: u64 = 32 << 32;

const ANY: u64 = 1024 * MORE; // takes nothing, gives nothing
const TAKES: u64 = LEAST - MORE; // per word that must be on the stack
const GROWS: u64 = 0 - MORE; // the stack is one word higher afterwards
const OSAKA: u64 = 2 << 48; // FORK_OSAKA
const NONE: u64 = 0xffff << 16;

// Tiers of gas (Yellow Paper, appendix G). Where gas depends on operands or state, this is the part that is always due.
const BASE: u64 = 2;
const VERY_LOW: u64 = 3;
const LOW: u64 = 5;
const MID: u64 = 8;
const HIGH: u64 = 10;
const WARM: u64 = 100; // EIP-2929
const LOG_TOPIC: u64 = 375;

const TRAITS: usize = memory.data<u64>([
  /* 00 */ ANY, // STOP
  VERY_LOW + ANY + 2 * TAKES, // ADD
  LOW + ANY + 2 * TAKES, // MUL
  VERY_LOW + ANY + 2 * TAKES, // SUB
  LOW + ANY + 2 * TAKES, // DIV
  LOW + ANY + 2 * TAKES, // SDIV
  LOW + ANY + 2 * TAKES, // MOD
  LOW + ANY + 2 * TAKES, // SMOD
  MID + ANY + 3 * TAKES, // ADDMOD
  MID + ANY + 3 * TAKES, // MULMOD
  HIGH + ANY + 2 * TAKES, // EXP
  LOW + ANY + 2 * TAKES, // SIGNEXTEND
  NONE, NONE, NONE, NONE,
  /* 10 */ VERY_LOW + ANY + 2 * TAKES, // LT
  VERY_LOW + ANY + 2 * TAKES, // GT
  VERY_LOW + ANY + 2 * TAKES, // SLT
  VERY_LOW + ANY + 2 * TAKES, // SGT
  VERY_LOW + ANY + 2 * TAKES, // EQ
  VERY_LOW + ANY + TAKES, // ISZERO
  VERY_LOW + ANY + 2 * TAKES, // AND
  VERY_LOW + ANY + 2 * TAKES, // OR
  VERY_LOW + ANY + 2 * TAKES, // XOR
  VERY_LOW + ANY + TAKES, // NOT
  VERY_LOW + ANY + 2 * TAKES, // BYTE
  VERY_LOW + ANY + 2 * TAKES, // SHL
  VERY_LOW + ANY + 2 * TAKES, // SHR
  VERY_LOW + ANY + 2 * TAKES, // SAR
  LOW + ANY + TAKES + OSAKA, // CLZ (EIP-7939)
  NONE,
  /* 20 */ 30 + ANY + 2 * TAKES, // KECCAK256
  NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
  /* 30 */ BASE + ANY + GROWS, // ADDRESS
  WARM + ANY + TAKES, // BALANCE
  BASE + ANY + GROWS, // ORIGIN
  BASE + ANY + GROWS, // CALLER
  BASE + ANY + GROWS, // CALLVALUE
  VERY_LOW + ANY + TAKES, // CALLDATALOAD
  BASE + ANY + GROWS, // CALLDATASIZE
  VERY_LOW + ANY + 3 * TAKES, // CALLDATACOPY
  BASE + ANY + GROWS, // CODESIZE
  VERY_LOW + ANY + 3 * TAKES, // CODECOPY
  BASE + ANY + GROWS, // GASPRICE
  WARM + ANY + TAKES, // EXTCODESIZE
  WARM + ANY + 4 * TAKES, // EXTCODECOPY
  BASE + ANY + GROWS, // RETURNDATASIZE
  VERY_LOW + ANY + 3 * TAKES, // RETURNDATACOPY
  WARM + ANY + TAKES, // EXTCODEHASH
  /* 40 */ 20 + ANY + TAKES, // BLOCKHASH
  BASE + ANY + GROWS, // COINBASE
  BASE + ANY + GROWS, // TIMESTAMP
  BASE + ANY + GROWS, // NUMBER
  BASE + ANY + GROWS, // PREVRANDAO (EIP-4399)
  BASE + ANY + GROWS, // GASLIMIT
  BASE + ANY + GROWS, // CHAINID
  LOW + ANY + GROWS, // SELFBALANCE
  BASE + ANY + GROWS, // BASEFEE
  VERY_LOW + ANY + TAKES, // BLOBHASH (EIP-4844)
  BASE + ANY + GROWS, // BLOBBASEFEE (EIP-7516)
  NONE, NONE, NONE, NONE, NONE,
  /* 50 */ BASE + ANY + TAKES, // POP
  VERY_LOW + ANY + TAKES, // MLOAD
  VERY_LOW + ANY + 2 * TAKES, // MSTORE
  VERY_LOW + ANY + 2 * TAKES, // MSTORE8
  WARM + ANY + TAKES, // SLOAD
  ANY + 2 * TAKES, // SSTORE: all of it is dynamic (EIP-2200)
  MID + ANY + TAKES, // JUMP
  HIGH + ANY + 2 * TAKES, // JUMPI
  BASE + ANY + GROWS, // PC
  BASE + ANY + GROWS, // MSIZE
  BASE + ANY + GROWS, // GAS
  1 + ANY, // JUMPDEST
  WARM + ANY + TAKES, // TLOAD (EIP-1153)
  WARM + ANY + 2 * TAKES, // TSTORE
  VERY_LOW + ANY + 3 * TAKES, // MCOPY (EIP-5656)
  BASE + ANY + GROWS, // PUSH0 (EIP-3855)
  /* 60 */ VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, // PUSH1 to 4
  VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS,
  VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS,
  VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS,
  /* 70 */ VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, // PUSH17 to 20
  VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS,
  VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS,
  VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS, VERY_LOW + ANY + GROWS,
  /* 80 */ VERY_LOW + ANY + TAKES + GROWS, // DUP1
  VERY_LOW + ANY + 2 * TAKES + GROWS,
  VERY_LOW + ANY + 3 * TAKES + GROWS,
  VERY_LOW + ANY + 4 * TAKES + GROWS,
  VERY_LOW + ANY + 5 * TAKES + GROWS,
  VERY_LOW + ANY + 6 * TAKES + GROWS,
  VERY_LOW + ANY + 7 * TAKES + GROWS,
  VERY_LOW + ANY + 8 * TAKES + GROWS,
  VERY_LOW + ANY + 9 * TAKES + GROWS,
  VERY_LOW + ANY + 10 * TAKES + GROWS,
  VERY_LOW + ANY + 11 * TAKES + GROWS,
  VERY_LOW + ANY + 12 * TAKES + GROWS,
  VERY_LOW + ANY + 13 * TAKES + GROWS,
  VERY_LOW + ANY + 14 * TAKES + GROWS,
  VERY_LOW + ANY + 15 * TAKES + GROWS,
  VERY_LOW + ANY + 16 * TAKES + GROWS, // DUP16
  /* 90 */ VERY_LOW + ANY + 2 * TAKES, // SWAP1
  VERY_LOW + ANY + 3 * TAKES,
  VERY_LOW + ANY + 4 * TAKES,
  VERY_LOW + ANY + 5 * TAKES,
  VERY_LOW + ANY + 6 * TAKES,
  VERY_LOW + ANY + 7 * TAKES,
  VERY_LOW + ANY + 8 * TAKES,
  VERY_LOW + ANY + 9 * TAKES,
  VERY_LOW + ANY + 10 * TAKES,
  VERY_LOW + ANY + 11 * TAKES,
  VERY_LOW + ANY + 12 * TAKES,
  VERY_LOW + ANY + 13 * TAKES,
  VERY_LOW + ANY + 14 * TAKES,
  VERY_LOW + ANY + 15 * TAKES,
  VERY_LOW + ANY + 16 * TAKES,
  VERY_LOW + ANY + 17 * TAKES, // SWAP16
  /* a0 */ LOG_TOPIC + ANY + 2 * TAKES, // LOG0
  2 * LOG_TOPIC + ANY + 3 * TAKES,
  3 * LOG_TOPIC + ANY + 4 * TAKES,
  4 * LOG_TOPIC + ANY + 5 * TAKES,
  5 * LOG_TOPIC + ANY + 6 * TAKES, // LOG4
  NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
  /* b0 */ NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
  /* c0 */ NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
  /* d0 */ NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
  /* e0 */ NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
  /* f0 */ 32000 + ANY + 3 * TAKES, // CREATE
  WARM + ANY + 7 * TAKES, // CALL
  WARM + ANY + 7 * TAKES, // CALLCODE
  ANY + 2 * TAKES, // RETURN
  WARM + ANY + 6 * TAKES, // DELEGATECALL
  32000 + ANY + 4 * TAKES, // CREATE2
  NONE, NONE, NONE, NONE,
  WARM + ANY + 6 * TAKES, // STATICCALL
  NONE, NONE,
  ANY + 2 * TAKES, // REVERT
  NONE, // fe, INVALID for ever (EIP-141)
  5000 + ANY + TAKES, // SELFDESTRUCT
]);

@inline
export function traitOf(opcode: u32): u64 {
  return load<u64>(TRAITS + (<usize>opcode << 3));
}

/** Gas that is due whatever the operands are. */
@inline
export function baseGas(trait: u64): u64 {
  return trait & 0xffff;
}

/** Whether a stack of `height` bytes has the operands and leaves room for the result. */
@inline
export function fitsStack(trait: u64, height: u32): bool {
  return height - (<u32>(trait >> 16) & 0xffff) <= (<u32>(trait >> 32) & 0xffff);
}

/** First fork that knows the opcode (FORK_*). Only opcodes newer than Cancun need to ask. */
@inline
export function firstFork(trait: u64): u32 {
  return <u32>(trait >> 48);
}

/** Whether no fork defines the opcode. */
@inline
export function isUndefined(trait: u64): bool {
  return trait == NONE;
}

/** Whether a stack of `height` bytes lacks operands. */
@inline
export function underflows(trait: u64, height: u32): bool {
  return height < (<u32>(trait >> 16) & 0xffff);
}
