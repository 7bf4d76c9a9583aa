// Code records: a bytecode once analysed, as one contiguous block of its layout.ts header, the padded code and the bitmap of
// jump destinations. It knows which byte is an instruction and nothing of what instructions do.

import {
  CODE_BYTES,
  CODE_DELEGATE,
  CODE_DELEGATED,
  CODE_HASH,
  CODE_JUMPDESTS,
  CODE_LENGTH,
  CODE_RECORD_SIZE,
} from "./layout";
import { JUMPDEST, PUSH1, PUSH32 } from "./opcodes";
import { keccak256Word } from "./keccak";
import { loadBytes, saturate, zero } from "./u256";

/** Zero bytes behind the code: the operand of a last PUSH32, then STOP. */
const PADDING: u32 = 33;
/** Bytes of an EIP-7702 designation, 0xef0100 || address. */
const DESIGNATION_LENGTH: u32 = 23;

@inline
function paddedLength(length: u32): u32 {
  return (length + PADDING + 7) & ~7;
}

/** Bytes of the record of a code of `length` bytes, a multiple of 8. */
export function codeRecordSize(length: u32): u32 {
  return CODE_RECORD_SIZE + paddedLength(length) + (((length + 63) >> 6) << 3);
}

/**
 * Writes the record of the `length` bytes at `bytes` to `dst`, which is 8-aligned, has room for codeRecordSize(length) bytes
 * and does not overlap the source. The record is bound to its address.
 */
export function writeCodeRecord(dst: usize, bytes: usize, length: u32): void {
  analyse(dst, bytes, length);
  keccak256Word(dst + CODE_HASH, bytes, length);
  if (length == DESIGNATION_LENGTH && (load<u32>(bytes) & 0xffffff) == 0x0001ef) {
    store<u32>(dst, 1, CODE_DELEGATED);
    loadBytes(dst + CODE_DELEGATE, bytes + 3, 20);
  }
}

/** The same for initcode, which nobody asks for its hash: that stays zero. An initcode is never a designation. */
export function writeInitcodeRecord(dst: usize, bytes: usize, length: u32): void {
  analyse(dst, bytes, length);
  zero(dst + CODE_HASH);
}

/** Copies the record at `src` to `dst`, 8-aligned and apart from it, and binds the copy to its address. */
export function moveCodeRecord(dst: usize, src: usize): void {
  memory.copy(dst, src, codeRecordSize(load<u32>(src, CODE_LENGTH)));
  bind(dst, load<u32>(src, CODE_LENGTH));
}

/**
 * Address of the instruction that a jump to the word at `destination` continues with, or 0 when it is no JUMPDEST of the
 * code (Yellow Paper, 9.4.3).
 */
@inline
export function jumpTarget(record: usize, destination: usize): usize {
  const offset = saturate(destination);
  if (offset >= load<u32>(record, CODE_LENGTH)) return 0;
  const at = <usize>offset;
  const bits = <u32>load<u8>(<usize>load<u32>(record, CODE_JUMPDESTS) + (at >> 3));
  return select<usize>(<usize>load<u32>(record, CODE_BYTES) + at, 0, (bits >> (<u32>at & 7)) & 1);
}

function bind(record: usize, length: u32): void {
  const code = record + CODE_RECORD_SIZE;
  store<u32>(record, <u32>code, CODE_BYTES);
  store<u32>(record, <u32>code + paddedLength(length), CODE_JUMPDESTS);
}

/** Everything but the hash and the delegation. */
function analyse(record: usize, bytes: usize, length: u32): void {
  store<u32>(record, length, CODE_LENGTH);
  store<u32>(record, 0, CODE_DELEGATED);
  zero(record + CODE_DELEGATE);
  bind(record, length);
  const code = record + CODE_RECORD_SIZE;
  const end = code + length;
  const jumpdests = code + paddedLength(length);
  if (length != 0) memory.copy(code, bytes, length);
  memory.fill(end, 0, record + codeRecordSize(length) - end);

  let pc: usize = 0;
  while (pc < length) {
    const opcode = <u32>load<u8>(code + pc);
    if (opcode == JUMPDEST) {
      const byte = jumpdests + (pc >> 3);
      store<u8>(byte, load<u8>(byte) | (<u8>1 << (<u8>pc & 7)));
    } else if (opcode - PUSH1 <= PUSH32 - PUSH1) {
      pc += opcode - PUSH1 + 1; // operands are no instructions
    }
    pc++;
  }
}
