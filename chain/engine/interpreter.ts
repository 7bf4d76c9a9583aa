// The instruction loop. Fetches an opcode, checks stack and base gas from its traits, and runs it; what needs state, frames
// or several lines of gas rules is in the files beside. It knows one running frame at a time and no transaction.
//
// After evmone's Baseline: code is padded so that operands need no bounds check, and pc, stack end and gas live in locals.
// `pc` is the address of the next byte of code; `sp` the address behind the topmost word, so operands lie at sp - 32,
// sp - 64 and so on. Case by case: `continue` goes to the next instruction, `break` leaves the frame for the reason in
// `ending`. The switch compiles to one br_table.

import { jumpTarget } from "./analysis";
import { returnStart } from "./arena";
import { isCalledOff } from "./budget";
import {
  call,
  close,
  create,
  messageGas,
  messageOutcome,
  openMessage,
  RESUME,
  returnLength,
  runningFrame,
  setOutput,
} from "./calls";
import { TRACING } from "./config";
import {
  FRAME_CALLER,
  FRAME_CODE,
  FRAME_DEPTH,
  FRAME_GAS,
  FRAME_INPUT,
  FRAME_INPUT_LENGTH,
  FRAME_MEMORY_SIZE,
  FRAME_PC,
  FRAME_SELF,
  FRAME_STACK,
  FRAME_TOP,
  FRAME_VALUE,
} from "./frame";
import { addressOf, copyPadded, loadPadded, useBytes, useRange } from "./frame-memory";
import { COPY_WORD, end, ENDED, ending, expGas, KECCAK_WORD } from "./gas";
import { traceStep } from "./host";
import { effectiveGasPrice, env, fork, setReadSite, tx } from "./journal";
import { VIEW_ADDRESS } from "./views";
import { keccak256Word } from "./keccak";
import {
  CODE_BYTES,
  CODE_LENGTH,
  ENV_BASE_FEE,
  ENV_BLOB_BASE_FEE,
  ENV_BLOCK_HASHES,
  ENV_CHAIN_ID,
  ENV_COINBASE,
  ENV_GAS_LIMIT,
  ENV_NUMBER,
  ENV_PREV_RANDAO,
  ENV_TIMESTAMP,
  HALT_BAD_JUMP,
  HALT_INVALID_OPCODE,
  HALT_OUT_OF_GAS,
  HALT_RETURN_DATA_BOUNDS,
  HALT_STACK_OVERFLOW,
  HALT_STACK_UNDERFLOW,
  OUTCOME_REVERT,
  OUTCOME_SUCCESS,
  STOPPED,
  STOPPED_CANCELLED,
  TX_BLOB_HASHES_COUNT,
  TX_BLOB_HASHES_OFFSET,
  TX_SENDER,
} from "./layout";
import * as op from "./opcodes";
import {
  balanceOf,
  codeHashOf,
  codeSizeOf,
  copyCodeOf,
  destruct,
  loadStorage,
  loadTransient,
  log,
  selfBalance,
  storeStorage,
  storeTransient,
} from "./state-access";
import * as word from "./u256";

export { precompileId } from "./addresses";

/**
 * Runs the message (layout.ts, MESSAGE_*) to its end. Returns its outcome: OUTCOME_* or HALT_*, after which gasLeft() and the
 * output hold, or STOPPED_*, after which nothing holds. Changes of a message that failed are undone.
 */
export function runMessage(message: usize): u32 {
  const opened = openMessage(message);
  return opened == RESUME ? run() : opened;
}

/** Gas left of the last message. */
export function gasLeft(): u64 {
  return messageGas;
}

/** Where the output of the last message begins: return or revert data, or the deployed code. */
export function outputStart(): usize {
  return returnStart;
}

/** Its length in bytes. */
export function outputLength(): u32 {
  return returnLength;
}

/** Runs frames until the outermost has closed. */
function run(): u32 {
  // One turn per frame that begins or goes on.
  while (runningFrame != 0) {
    const frame = runningFrame;
    const code = <usize>load<u32>(frame, FRAME_CODE);
    const stack = <usize>load<u32>(frame, FRAME_STACK);
    let pc = <usize>load<u32>(frame, FRAME_PC);
    let sp = <usize>load<u32>(frame, FRAME_TOP);
    let gas = load<u64>(frame, FRAME_GAS);

    while (true) {
      const opcode = <u32>load<u8>(pc);
      if (TRACING) {
        traceStep(frame, <u32>(pc - load<u32>(code, CODE_BYTES)), opcode, gas, <u32>sp, load<u32>(frame, FRAME_DEPTH));
      }
      const trait = op.traitOf(opcode);
      if (!op.fitsStack(trait, <u32>(sp - stack))) {
        end(stackFault(trait, <u32>(sp - stack)));
        break;
      }
      if (gas < op.baseGas(trait)) {
        end(HALT_OUT_OF_GAS);
        break;
      }
      gas -= op.baseGas(trait);
      pc++;

      switch (opcode) {
        case op.STOP:
          setOutput(0, 0);
          end(OUTCOME_SUCCESS);
          break;

        /* ARITHMETIC */

        case op.ADD:
          sp -= 32;
          word.add(sp - 32, sp, sp - 32);
          continue;
        case op.MUL:
          sp -= 32;
          word.mul(sp - 32, sp, sp - 32);
          continue;
        case op.SUB:
          sp -= 32;
          word.sub(sp - 32, sp, sp - 32);
          continue;
        case op.DIV:
          sp -= 32;
          word.div(sp - 32, sp, sp - 32);
          continue;
        case op.SDIV:
          sp -= 32;
          word.sdiv(sp - 32, sp, sp - 32);
          continue;
        case op.MOD:
          sp -= 32;
          word.mod(sp - 32, sp, sp - 32);
          continue;
        case op.SMOD:
          sp -= 32;
          word.smod(sp - 32, sp, sp - 32);
          continue;
        case op.ADDMOD:
          sp -= 64;
          word.addmod(sp - 32, sp + 32, sp, sp - 32);
          continue;
        case op.MULMOD:
          sp -= 64;
          word.mulmod(sp - 32, sp + 32, sp, sp - 32);
          continue;
        case op.EXP: {
          sp -= 32;
          const cost = expGas(word.byteLength(sp - 32));
          if (gas < cost) {
            end(HALT_OUT_OF_GAS);
            break;
          }
          gas -= cost;
          word.exp(sp - 32, sp, sp - 32);
          continue;
        }
        case op.SIGNEXTEND:
          sp -= 32;
          word.signextend(sp - 32, sp, sp - 32);
          continue;

        /* COMPARISON AND BITS */

        case op.LT:
          sp -= 32;
          word.setU64(sp - 32, u64(word.lt(sp, sp - 32)));
          continue;
        case op.GT:
          sp -= 32;
          word.setU64(sp - 32, u64(word.gt(sp, sp - 32)));
          continue;
        case op.SLT:
          sp -= 32;
          word.setU64(sp - 32, u64(word.slt(sp, sp - 32)));
          continue;
        case op.SGT:
          sp -= 32;
          word.setU64(sp - 32, u64(word.sgt(sp, sp - 32)));
          continue;
        case op.EQ:
          sp -= 32;
          word.setU64(sp - 32, u64(word.eq(sp, sp - 32)));
          continue;
        case op.ISZERO:
          word.setU64(sp - 32, u64(word.isZero(sp - 32)));
          continue;
        case op.AND:
          sp -= 32;
          word.and(sp - 32, sp, sp - 32);
          continue;
        case op.OR:
          sp -= 32;
          word.or(sp - 32, sp, sp - 32);
          continue;
        case op.XOR:
          sp -= 32;
          word.xor(sp - 32, sp, sp - 32);
          continue;
        case op.NOT:
          word.not(sp - 32, sp - 32);
          continue;
        case op.BYTE:
          sp -= 32;
          word.byteAt(sp - 32, sp, sp - 32);
          continue;
        case op.SHL:
          sp -= 32;
          word.shl(sp - 32, sp, sp - 32);
          continue;
        case op.SHR:
          sp -= 32;
          word.shr(sp - 32, sp, sp - 32);
          continue;
        case op.SAR:
          sp -= 32;
          word.sar(sp - 32, sp, sp - 32);
          continue;
        case op.CLZ:
          if (fork() < op.firstFork(trait)) {
            end(HALT_INVALID_OPCODE);
            break;
          }
          word.clz(sp - 32, sp - 32);
          continue;

        case op.KECCAK256: {
          sp -= 32;
          gas = useRange(frame, gas, sp, sp - 32, KECCAK_WORD);
          if (gas == ENDED) break;
          const length = <u32>word.low(sp - 32);
          // Of nothing the address does not matter, but it must be one.
          keccak256Word(sp - 32, length != 0 ? addressOf(frame, sp) : 0, length);
          continue;
        }

        /* ENVIRONMENT */

        case op.ADDRESS:
          word.copy(sp, <usize>load<u32>(frame, FRAME_SELF) + VIEW_ADDRESS);
          sp += 32;
          continue;
        case op.BALANCE:
          noteSite(code, pc);
          gas = balanceOf(sp, gas);
          if (gas == ENDED) break;
          continue;
        case op.ORIGIN:
          word.copy(sp, tx() + TX_SENDER);
          sp += 32;
          continue;
        case op.CALLER:
          word.copy(sp, <usize>load<u32>(frame, FRAME_CALLER) + VIEW_ADDRESS);
          sp += 32;
          continue;
        case op.CALLVALUE:
          word.copy(sp, frame + FRAME_VALUE);
          sp += 32;
          continue;
        case op.CALLDATALOAD: {
          const length = load<u32>(frame, FRAME_INPUT_LENGTH);
          loadPadded(sp - 32, load<u32>(frame, FRAME_INPUT), length, word.saturate(sp - 32));
          continue;
        }
        case op.CALLDATASIZE:
          word.setU64(sp, load<u32>(frame, FRAME_INPUT_LENGTH));
          sp += 32;
          continue;
        case op.CALLDATACOPY:
          sp -= 96;
          gas = copyToMemory(frame, gas, sp, load<u32>(frame, FRAME_INPUT), load<u32>(frame, FRAME_INPUT_LENGTH));
          if (gas == ENDED) break;
          continue;
        case op.CODESIZE:
          word.setU64(sp, load<u32>(code, CODE_LENGTH));
          sp += 32;
          continue;
        case op.CODECOPY:
          sp -= 96;
          gas = copyToMemory(frame, gas, sp, load<u32>(code, CODE_BYTES), load<u32>(code, CODE_LENGTH));
          if (gas == ENDED) break;
          continue;
        case op.GASPRICE:
          word.copy(sp, effectiveGasPrice());
          sp += 32;
          continue;
        case op.EXTCODESIZE:
          noteSite(code, pc);
          gas = codeSizeOf(sp, gas);
          if (gas == ENDED) break;
          continue;
        case op.EXTCODECOPY:
          noteSite(code, pc);
          gas = copyCodeOf(frame, sp, gas);
          if (gas == ENDED) break;
          sp -= 128;
          continue;
        case op.RETURNDATASIZE:
          word.setU64(sp, returnLength);
          sp += 32;
          continue;
        case op.RETURNDATACOPY: {
          sp -= 96;
          // Unlike the other sources this one is never padded (EIP-211).
          const offset = word.saturate(sp + 32);
          if (offset > returnLength || word.saturate(sp) > returnLength - offset) {
            end(HALT_RETURN_DATA_BOUNDS);
            break;
          }
          gas = copyToMemory(frame, gas, sp, returnStart, returnLength);
          if (gas == ENDED) break;
          continue;
        }
        case op.EXTCODEHASH:
          noteSite(code, pc);
          gas = codeHashOf(sp, gas);
          if (gas == ENDED) break;
          continue;

        /* BLOCK */

        case op.BLOCKHASH:
          blockHash(sp - 32);
          continue;
        case op.COINBASE:
          word.copy(sp, env() + ENV_COINBASE);
          sp += 32;
          continue;
        case op.TIMESTAMP:
          word.setU64(sp, load<u64>(env(), ENV_TIMESTAMP));
          sp += 32;
          continue;
        case op.NUMBER:
          word.setU64(sp, load<u64>(env(), ENV_NUMBER));
          sp += 32;
          continue;
        case op.PREVRANDAO:
          word.copy(sp, env() + ENV_PREV_RANDAO);
          sp += 32;
          continue;
        case op.GASLIMIT:
          word.setU64(sp, load<u64>(env(), ENV_GAS_LIMIT));
          sp += 32;
          continue;
        case op.CHAINID:
          word.copy(sp, env() + ENV_CHAIN_ID);
          sp += 32;
          continue;
        case op.SELFBALANCE:
          noteSite(code, pc);
          gas = selfBalance(frame, sp, gas);
          if (gas == ENDED) break;
          sp += 32;
          continue;
        case op.BASEFEE:
          word.copy(sp, env() + ENV_BASE_FEE);
          sp += 32;
          continue;
        case op.BLOBHASH:
          blobHash(sp - 32);
          continue;
        case op.BLOBBASEFEE:
          word.copy(sp, env() + ENV_BLOB_BASE_FEE);
          sp += 32;
          continue;

        /* STACK, MEMORY, STORAGE, FLOW */

        case op.POP:
          sp -= 32;
          continue;
        case op.MLOAD:
          gas = useBytes(frame, gas, word.saturate(sp - 32), 32);
          if (gas == ENDED) break;
          word.loadBE(sp - 32, addressOf(frame, sp - 32));
          continue;
        case op.MSTORE:
          sp -= 64;
          gas = useBytes(frame, gas, word.saturate(sp + 32), 32);
          if (gas == ENDED) break;
          word.storeBE(addressOf(frame, sp + 32), sp);
          continue;
        case op.MSTORE8:
          sp -= 64;
          gas = useBytes(frame, gas, word.saturate(sp + 32), 1);
          if (gas == ENDED) break;
          store<u8>(addressOf(frame, sp + 32), load<u8>(sp));
          continue;
        case op.SLOAD:
          noteSite(code, pc);
          gas = loadStorage(frame, sp, gas);
          if (gas == ENDED) break;
          continue;
        case op.SSTORE:
          noteSite(code, pc);
          gas = storeStorage(frame, sp, gas);
          if (gas == ENDED) break;
          sp -= 64;
          continue;
        case op.JUMP: {
          if (isCalledOff()) {
            end(STOPPED_CANCELLED);
            break;
          }
          sp -= 32;
          const target = jumpTarget(code, sp);
          if (target == 0) {
            end(HALT_BAD_JUMP);
            break;
          }
          pc = target;
          continue;
        }
        case op.JUMPI: {
          sp -= 64;
          if (word.isZero(sp)) continue;
          if (isCalledOff()) {
            end(STOPPED_CANCELLED);
            break;
          }
          const target = jumpTarget(code, sp + 32);
          if (target == 0) {
            end(HALT_BAD_JUMP);
            break;
          }
          pc = target;
          continue;
        }
        case op.PC:
          word.setU64(sp, pc - 1 - load<u32>(code, CODE_BYTES));
          sp += 32;
          continue;
        case op.MSIZE:
          word.setU64(sp, load<u32>(frame, FRAME_MEMORY_SIZE));
          sp += 32;
          continue;
        case op.GAS:
          word.setU64(sp, gas);
          sp += 32;
          continue;
        case op.JUMPDEST:
          continue;
        case op.TLOAD:
          gas = loadTransient(frame, sp, gas);
          continue;
        case op.TSTORE:
          gas = storeTransient(frame, sp, gas);
          if (gas == ENDED) break;
          sp -= 64;
          continue;
        case op.MCOPY:
          sp -= 96;
          gas = copyWithinMemory(frame, gas, sp);
          if (gas == ENDED) break;
          continue;

        case op.PUSH0:
          word.zero(sp);
          sp += 32;
          continue;
        case op.PUSH1:
          word.setU64(sp, load<u8>(pc));
          sp += 32;
          pc += 1;
          continue;
        case op.PUSH2:
          word.loadBytes(sp, pc, 2);
          sp += 32;
          pc += 2;
          continue;
        case op.PUSH3:
          word.loadBytes(sp, pc, 3);
          sp += 32;
          pc += 3;
          continue;
        case op.PUSH4:
          word.loadBytes(sp, pc, 4);
          sp += 32;
          pc += 4;
          continue;
        case op.PUSH5:
        case op.PUSH6:
        case op.PUSH7:
        case op.PUSH8:
        case op.PUSH9:
        case op.PUSH10:
        case op.PUSH11:
        case op.PUSH12:
        case op.PUSH13:
        case op.PUSH14:
        case op.PUSH15:
        case op.PUSH16:
        case op.PUSH17:
        case op.PUSH18:
        case op.PUSH19:
        case op.PUSH20:
        case op.PUSH21:
        case op.PUSH22:
        case op.PUSH23:
        case op.PUSH24:
        case op.PUSH25:
        case op.PUSH26:
        case op.PUSH27:
        case op.PUSH28:
        case op.PUSH29:
        case op.PUSH30:
        case op.PUSH31:
          push(sp, pc, opcode - op.PUSH0);
          sp += 32;
          pc += opcode - op.PUSH0;
          continue;
        case op.PUSH32:
          word.loadBE(sp, pc);
          sp += 32;
          pc += 32;
          continue;

        case op.DUP1:
        case op.DUP2:
        case op.DUP3:
        case op.DUP4:
        case op.DUP5:
        case op.DUP6:
        case op.DUP7:
        case op.DUP8:
        case op.DUP9:
        case op.DUP10:
        case op.DUP11:
        case op.DUP12:
        case op.DUP13:
        case op.DUP14:
        case op.DUP15:
        case op.DUP16:
          word.copy(sp, sp - ((opcode - op.DUP1 + 1) << 5));
          sp += 32;
          continue;

        case op.SWAP1:
        case op.SWAP2:
        case op.SWAP3:
        case op.SWAP4:
        case op.SWAP5:
        case op.SWAP6:
        case op.SWAP7:
        case op.SWAP8:
        case op.SWAP9:
        case op.SWAP10:
        case op.SWAP11:
        case op.SWAP12:
        case op.SWAP13:
        case op.SWAP14:
        case op.SWAP15:
        case op.SWAP16:
          swap(sp - 32, sp - ((opcode - op.SWAP1 + 2) << 5));
          continue;

        case op.LOG0:
        case op.LOG1:
        case op.LOG2:
        case op.LOG3:
        case op.LOG4:
          gas = log(frame, sp, gas, opcode - op.LOG0);
          if (gas == ENDED) break;
          sp -= (opcode - op.LOG0 + 2) << 5;
          continue;

        /* MESSAGES: break, since the frame may change; `ending` says RESUME if all is well */

        case op.CREATE:
        case op.CREATE2:
          noteSite(code, pc);
          store<u32>(frame, <u32>pc, FRAME_PC);
          end(create(frame, sp, gas, opcode));
          break;
        case op.CALL:
        case op.CALLCODE:
        case op.DELEGATECALL:
        case op.STATICCALL:
          noteSite(code, pc);
          store<u32>(frame, <u32>pc, FRAME_PC);
          end(call(frame, sp, gas, opcode));
          break;
        case op.RETURN:
        case op.REVERT: {
          gas = useRange(frame, gas, sp - 32, sp - 64, 0);
          if (gas == ENDED) break;
          const length = <u32>word.low(sp - 64);
          setOutput(length != 0 ? addressOf(frame, sp - 32) : 0, length);
          end(opcode == op.RETURN ? OUTCOME_SUCCESS : OUTCOME_REVERT);
          break;
        }
        case op.SELFDESTRUCT:
          noteSite(code, pc);
          gas = destruct(frame, sp, gas);
          if (gas == ENDED) break;
          setOutput(0, 0);
          end(OUTCOME_SUCCESS);
          break;

        default:
          end(HALT_INVALID_OPCODE);
          break;
      }
      break;
    }

    // Calls have already stored the frame's gas, and may have closed a child.
    let outcome = ending;
    if (outcome == RESUME) continue;
    if (outcome < <u32>STOPPED) {
      store<u64>(frame, gas, FRAME_GAS);
      outcome = close(frame, outcome);
    }
    if (outcome != RESUME) return outcome;
  }
  return messageOutcome;
}

/** Tells the journal which instruction is about to read state. `pc` is already past it. */
@inline
function noteSite(code: usize, pc: usize): void {
  setReadSite(code, <u32>(pc - 1 - load<u32>(code, CODE_BYTES)));
}

/** What is wrong when a stack of `height` bytes does not fit the trait. */
function stackFault(trait: u64, height: u32): u32 {
  if (op.isUndefined(trait)) return HALT_INVALID_OPCODE;
  return op.underflows(trait, height) ? HALT_STACK_UNDERFLOW : HALT_STACK_OVERFLOW;
}

/** The less common PUSHes: `n` bytes of operand at `pc`. */
function push(dst: usize, pc: usize, n: u32): void {
  word.loadBytes(dst, pc, n);
}

@inline
function swap(a: usize, b: usize): void {
  for (let i: usize = 0; i < 32; i += 8) {
    const limb = load<u64>(a + i);
    store<u64>(a + i, load<u64>(b + i));
    store<u64>(b + i, limb);
  }
}

/**
 * CALLDATACOPY and its like: copies from the `length` bytes at `src`, zeros behind them. The operands, memory offset, source
 * offset and length, lie at sp + 64, sp + 32 and sp. Returns the gas left, or ENDED.
 */
function copyToMemory(frame: usize, gas: u64, sp: usize, src: usize, length: u32): u64 {
  gas = useRange(frame, gas, sp + 64, sp, COPY_WORD);
  if (gas == ENDED) return ENDED;
  const size = <u32>word.low(sp);
  if (size != 0) copyPadded(addressOf(frame, sp + 64), src, length, word.saturate(sp + 32), size);
  return gas;
}

/** MCOPY (EIP-5656): destination, source and length at sp + 64, sp + 32 and sp. Ranges may overlap. */
function copyWithinMemory(frame: usize, gas: u64, sp: usize): u64 {
  gas = useRange(frame, gas, sp + 64, sp, COPY_WORD);
  if (gas == ENDED) return ENDED;
  gas = useRange(frame, gas, sp + 32, sp, 0);
  if (gas == ENDED) return ENDED;
  const size = <usize>word.low(sp);
  if (size != 0) memory.copy(addressOf(frame, sp + 64), addressOf(frame, sp + 32), size);
  return gas;
}

/** BLOCKHASH: the number in the word becomes the hash of that block, or zero if it is not one of the last 256. */
function blockHash(number: usize): void {
  const wanted = word.saturate(number);
  const current = load<u64>(env(), ENV_NUMBER);
  if (wanted >= current || current - wanted > 256) word.zero(number);
  else word.copy(number, env() + ENV_BLOCK_HASHES + (<usize>(wanted & 255) << 5));
}

/** BLOBHASH (EIP-4844): the index in the word becomes the transaction's blob hash there, or zero. */
function blobHash(index: usize): void {
  const wanted = word.saturate(index);
  if (wanted >= load<u32>(tx(), TX_BLOB_HASHES_COUNT)) word.zero(index);
  else word.copy(index, tx() + load<u32>(tx(), TX_BLOB_HASHES_OFFSET) + (<usize>wanted << 5));
}
