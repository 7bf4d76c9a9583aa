// Messages: how frames open and close. CALL and CREATE families, the transaction's own message, precompiles, code deposit,
// return data. One mechanism opens and closes frames at every depth. It knows nothing of the loop that runs them.
//
// The stacks of frames lie one behind another in the arena, and so do their memories: a child's begin where its parent's
// end. Return data has one buffer, since only the last message's is ever visible.

import { create2Address, createAddress, maskAddress, precompileId } from "./addresses";
import { codeRecordSize, writeInitcodeRecord } from "./analysis";
import { framesEnd, framesStart, memoryEnd, memoryStart, returnEnd, returnStart, stackEnd, stackStart } from "./arena";
import { TRACING } from "./config";
import {
  FRAME_CALLER,
  FRAME_CHECKPOINT,
  FRAME_CODE,
  FRAME_DEPTH,
  FRAME_GAS,
  FRAME_INPUT,
  FRAME_INPUT_LENGTH,
  FRAME_KIND,
  FRAME_MEMORY,
  FRAME_MEMORY_SIZE,
  FRAME_PC,
  FRAME_SELF,
  FRAME_SIZE,
  FRAME_STACK,
  FRAME_STATIC,
  FRAME_TARGET,
  FRAME_TOP,
  FRAME_VALUE,
  FRAME_WINDOW,
  FRAME_WINDOW_LENGTH,
  MAX_DEPTH,
  STACK_SIZE,
} from "./frame";
import { addressOf, useRange } from "./frame-memory";
import {
  allButOne64th,
  CALL_STIPEND,
  CALL_VALUE,
  CODE_DEPOSIT_BYTE,
  COLD_ACCOUNT,
  COLD_ACCOUNT_SURCHARGE,
  ENDED,
  ending,
  INITCODE_WORD,
  KECCAK_WORD,
  NEW_ACCOUNT,
  WARM_ACCESS,
} from "./gas";
import { precompile, traceMessage } from "./host";
import { scratch } from "./instance";
import {
  account, balanceAtLeast, code, hasCollision, isEmpty, markCreated, nonce, setCode, setNonce, touch, transfer,
  warmAccount,
} from "./account-views";
import { checkpoint, env, fork, isStopped, revertTo } from "./journal";
import { VIEW_ADDRESS } from "./views";
import {
  CODE_BYTES,
  CODE_DELEGATE,
  CODE_DELEGATED,
  CODE_LENGTH,
  ENV_FLAG_UNLIMITED_CODE_SIZE,
  ENV_FLAGS,
  FORK_PRAGUE,
  HALT_CALL_DEPTH,
  HALT_CODE_PREFIX,
  HALT_CODE_SIZE,
  HALT_CREATE_COLLISION,
  HALT_INITCODE_SIZE,
  HALT_INSUFFICIENT_BALANCE,
  HALT_NONCE_OVERFLOW,
  HALT_OUT_OF_GAS,
  HALT_PRECOMPILE,
  HALT_STATIC_VIOLATION,
  MESSAGE_CALLER,
  MESSAGE_CODE,
  MESSAGE_GAS,
  MESSAGE_INPUT,
  MESSAGE_INPUT_LENGTH,
  MESSAGE_IS_CREATE,
  MESSAGE_PRECOMPILE,
  MESSAGE_SELF,
  MESSAGE_VALUE,
  OUTCOME_REVERT,
  OUTCOME_SUCCESS,
  STOPPED_ARENA,
} from "./layout";
import { CALL, CALLCODE, CREATE, CREATE2, DELEGATECALL, STATICCALL } from "./opcodes";
import { copy, isZero, low, saturate, setU64, zero } from "./u256";

/** In place of an outcome: go on with runningFrame, which may be the same, a child or the parent. */
export const RESUME: u32 = 256;

const MAX_CODE: u32 = 24576; // EIP-170
const MAX_INITCODE: u32 = 49152; // EIP-3860

/* Scratch of this file: what a precompile reports, and the address of a contract to be. */
const PRECOMPILE_RESULT: usize = 3072; // u64 gas, u32 length
const NEW_ADDRESS: usize = 3200; // word

/** The frame whose instructions run next; 0 once the outermost has closed. */
export let runningFrame: usize = 0;
/** Bytes of return data, at returnStart. */
export let returnLength: u32 = 0;

/* The outermost message, once it has closed. */
export let messageOutcome: u32 = 0;
export let messageGas: u64 = 0;

/* What the running frame hands back when it ends by success or revert. */
let output: usize = 0;
let outputLength: u32 = 0;

/** Sets what the running frame hands back: bytes that stay in place until it closes. */
export function setOutput(start: usize, length: u32): void {
  output = start;
  outputLength = length;
}

@inline
function isCreation(kind: u32): bool {
  return kind == CREATE || kind == CREATE2;
}

@inline
function unlimitedCode(): bool {
  return (load<u32>(env(), ENV_FLAGS) & ENV_FLAG_UNLIMITED_CODE_SIZE) != 0;
}

/* OPENING */

/** Opens the transaction's own message (MESSAGE_*). Returns RESUME, or STOPPED_*. */
export function openMessage(message: usize): u32 {
  const frame = framesStart;
  if (frame + FRAME_SIZE > framesEnd || stackStart + STACK_SIZE > stackEnd) return STOPPED_ARENA;
  const creates = load<u32>(message, MESSAGE_IS_CREATE) != 0;
  const self = load<u32>(message, MESSAGE_SELF);
  store<u64>(frame, load<u64>(message, MESSAGE_GAS), FRAME_GAS);
  store<u32>(frame, <u32>stackStart, FRAME_STACK);
  store<u32>(frame, <u32>memoryStart, FRAME_MEMORY);
  store<u32>(frame, self, FRAME_SELF);
  store<u32>(frame, load<u32>(message, MESSAGE_CALLER), FRAME_CALLER);
  store<u32>(frame, self, FRAME_TARGET);
  store<u32>(frame, 0, FRAME_WINDOW);
  store<u32>(frame, 0, FRAME_WINDOW_LENGTH);
  store<u32>(frame, 0, FRAME_DEPTH);
  store<u32>(frame, 0, FRAME_STATIC);
  copy(frame + FRAME_VALUE, message + MESSAGE_VALUE);
  const input = load<u32>(message, MESSAGE_INPUT);
  const inputLength = load<u32>(message, MESSAGE_INPUT_LENGTH);
  if (creates) {
    store<u32>(frame, CREATE, FRAME_KIND);
    return openCreate(frame, input, inputLength);
  }
  store<u32>(frame, CALL, FRAME_KIND);
  store<u32>(frame, input, FRAME_INPUT);
  store<u32>(frame, inputLength, FRAME_INPUT_LENGTH);
  store<u32>(frame, load<u32>(message, MESSAGE_CODE), FRAME_CODE);
  return openCall(frame, load<u32>(message, MESSAGE_PRECOMPILE));
}

/**
 * CALL, CALLCODE, DELEGATECALL and STATICCALL: gas, address, value (the first two only), input offset and length, output
 * offset and length. `gas` is what is left after the base gas. Returns RESUME, or an outcome that ends the frame.
 */
export function call(frame: usize, sp: usize, gas: u64, kind: u32): u32 {
  const target = sp - 64;
  const hasValue = kind == CALL || kind == CALLCODE;
  const value = sp - 96;
  const window = (hasValue ? value : target) - 32; // input offset; the other three follow below
  const pays = hasValue && !isZero(value);
  const isStatic = load<u32>(frame, FRAME_STATIC);
  if (pays && kind == CALL && isStatic != 0) return HALT_STATIC_VIOLATION;

  gas = useRange(frame, gas, window, window - 32, 0);
  if (gas == ENDED) return ending;
  gas = useRange(frame, gas, window - 64, window - 96, 0);
  if (gas == ENDED) return ending;

  maskAddress(target);
  const callee = account(target);
  let cost: u64 = warmAccount(callee) ? COLD_ACCOUNT_SURCHARGE : 0;
  if (gas < cost) return HALT_OUT_OF_GAS;
  if (isStopped()) return isStopped();
  const id = precompileId(target, fork());
  let record: usize = 0;
  if (id == 0) {
    record = code(callee);
    if (load<u32>(record, CODE_DELEGATED) != 0 && fork() >= <u32>FORK_PRAGUE) {
      // EIP-7702: one level, so the delegate's code runs even if it is a designation too. A precompile has no code.
      const delegate = account(record + CODE_DELEGATE);
      cost += warmAccount(delegate) ? COLD_ACCOUNT : WARM_ACCESS;
      if (gas < cost) return HALT_OUT_OF_GAS;
      record = code(delegate);
    }
  }
  if (pays) {
    cost += CALL_VALUE;
    if (kind == CALL && isEmpty(callee)) cost += NEW_ACCOUNT;
  }
  if (isStopped()) return isStopped();
  if (gas < cost) return HALT_OUT_OF_GAS;
  gas -= cost;

  let passed = min<u64>(saturate(sp - 32), allButOne64th(gas));
  gas -= passed;
  if (pays) passed += CALL_STIPEND;
  const child = openChild(frame, window - 96, gas, passed, kind);
  if (child == 0) return STOPPED_ARENA;

  const inputLength = <u32>low(window - 32);
  store<u32>(child, inputLength != 0 ? <u32>addressOf(frame, window) : 0, FRAME_INPUT);
  store<u32>(child, inputLength, FRAME_INPUT_LENGTH);
  store<u32>(child, <u32>low(window - 64), FRAME_WINDOW);
  store<u32>(child, <u32>low(window - 96), FRAME_WINDOW_LENGTH);
  store<u32>(child, kind == STATICCALL ? 1 : isStatic, FRAME_STATIC);
  store<u32>(child, <u32>record, FRAME_CODE);
  store<u32>(child, <u32>callee, FRAME_TARGET);
  const self = load<u32>(frame, FRAME_SELF);
  store<u32>(child, kind == CALL || kind == STATICCALL ? <u32>callee : self, FRAME_SELF);
  store<u32>(child, kind == DELEGATECALL ? load<u32>(frame, FRAME_CALLER) : self, FRAME_CALLER);
  if (hasValue) copy(child + FRAME_VALUE, value);
  else if (kind == DELEGATECALL) copy(child + FRAME_VALUE, frame + FRAME_VALUE);
  else zero(child + FRAME_VALUE);
  return openCall(child, id);
}

/**
 * CREATE and CREATE2: value, initcode offset and length, salt (CREATE2 only). `gas` is what is left after the base gas.
 * Returns RESUME, or an outcome that ends the frame.
 */
export function create(frame: usize, sp: usize, gas: u64, kind: u32): u32 {
  if (load<u32>(frame, FRAME_STATIC)) return HALT_STATIC_VIOLATION;
  const offset = sp - 64;
  const size = sp - 96;
  gas = useRange(frame, gas, offset, size, kind == CREATE2 ? INITCODE_WORD + KECCAK_WORD : INITCODE_WORD);
  if (gas == ENDED) return ending;
  const length = <u32>low(size);
  if (length > MAX_INITCODE && !unlimitedCode()) return HALT_INITCODE_SIZE;
  const initcode = length != 0 ? addressOf(frame, offset) : 0;

  const self = <usize>load<u32>(frame, FRAME_SELF);
  const address = scratch + NEW_ADDRESS;
  const count = nonce(self);
  if (kind == CREATE2) create2Address(address, self + VIEW_ADDRESS, sp - 128, initcode, length);
  else createAddress(address, self + VIEW_ADDRESS, count);

  const passed = allButOne64th(gas);
  const child = openChild(frame, kind == CREATE2 ? sp - 128 : size, gas - passed, passed, kind);
  if (child == 0) return STOPPED_ARENA;
  store<u32>(child, 0, FRAME_STATIC);
  store<u32>(child, <u32>self, FRAME_CALLER);
  store<u32>(child, 0, FRAME_WINDOW);
  store<u32>(child, 0, FRAME_WINDOW_LENGTH);
  copy(child + FRAME_VALUE, sp - 32);
  const created = account(address);
  store<u32>(child, <u32>created, FRAME_SELF);
  store<u32>(child, <u32>created, FRAME_TARGET);
  if (isStopped()) return isStopped();
  if (TRACING) {
    // A refusal is told with the initcode; openCreate() takes it from there again.
    store<u32>(child, <u32>initcode, FRAME_INPUT);
    store<u32>(child, length, FRAME_INPUT_LENGTH);
  }
  const refusal = refusalOf(child, self);
  if (refusal != OUTCOME_SUCCESS) return refuse(child, refusal);
  if (count == u64.MAX_VALUE) return refuse(child, HALT_NONCE_OVERFLOW); // EIP-2681
  setNonce(self, count + 1);
  return openCreate(child, initcode, length);
}

/**
 * Takes the frame behind `frame`, whose stack shrinks to `top` and whose gas to `gas`. The child's stack and memory begin
 * where the parent's end. Returns 0 when the arena has no room for a frame or a full stack.
 */
function openChild(frame: usize, top: usize, gas: u64, passed: u64, kind: u32): usize {
  const child = frame + FRAME_SIZE;
  if (child + FRAME_SIZE > framesEnd || <u64>top + STACK_SIZE > <u64>stackEnd) return 0;
  store<u64>(frame, gas, FRAME_GAS);
  store<u32>(frame, <u32>top, FRAME_TOP);
  store<u64>(child, passed, FRAME_GAS);
  store<u32>(child, <u32>top, FRAME_STACK);
  store<u32>(child, load<u32>(frame, FRAME_MEMORY) + load<u32>(frame, FRAME_MEMORY_SIZE), FRAME_MEMORY);
  store<u32>(child, load<u32>(frame, FRAME_DEPTH) + 1, FRAME_DEPTH);
  store<u32>(child, kind, FRAME_KIND);
  return child;
}

/** Why the message may not even begin: too deep, or its `payer` cannot pay the value. OUTCOME_SUCCESS if it may. */
function refusalOf(frame: usize, payer: usize): u32 {
  if (load<u32>(frame, FRAME_DEPTH) > <u32>MAX_DEPTH) return HALT_CALL_DEPTH;
  if (load<u32>(frame, FRAME_KIND) == DELEGATECALL) return OUTCOME_SUCCESS; // shows its parent's value but moves none
  const value = frame + FRAME_VALUE;
  return isZero(value) || balanceAtLeast(payer, value) ? OUTCOME_SUCCESS : HALT_INSUFFICIENT_BALANCE;
}

/** Turns the message down: its gas goes back, there is no return data. */
function refuse(frame: usize, outcome: u32): u32 {
  if (TRACING) traceBegin(frame, load<u32>(frame, FRAME_INPUT), load<u32>(frame, FRAME_INPUT_LENGTH));
  returnLength = 0;
  setOutput(0, 0);
  return pop(frame, outcome);
}

/** Begins a call whose frame is complete but for the state it starts from. `id` is its precompile or 0. */
function openCall(frame: usize, id: u32): u32 {
  const kind = load<u32>(frame, FRAME_KIND);
  const self = <usize>load<u32>(frame, FRAME_SELF);
  const caller = <usize>load<u32>(frame, FRAME_CALLER);
  const refusal = refusalOf(frame, caller);
  if (refusal != OUTCOME_SUCCESS) return refuse(frame, refusal);

  store<u32>(frame, checkpoint(), FRAME_CHECKPOINT);
  if (kind == CALL) {
    touch(self);
    if (!isZero(frame + FRAME_VALUE)) transfer(caller, self, frame + FRAME_VALUE);
  }
  begin(frame);
  if (isStopped()) return isStopped();
  if (id != 0) return runPrecompile(frame, id);
  const record = load<u32>(frame, FRAME_CODE);
  if (load<u32>(record, CODE_LENGTH) == 0) return close(frame, OUTCOME_SUCCESS);
  store<u32>(frame, load<u32>(record, CODE_BYTES), FRAME_PC);
  return RESUME;
}

/**
 * Begins a creation by the `length` bytes of initcode. The created account is warm from here on even if the creation fails;
 * everything else is undone with the frame.
 */
function openCreate(frame: usize, initcode: usize, length: u32): u32 {
  const self = <usize>load<u32>(frame, FRAME_SELF);
  const caller = <usize>load<u32>(frame, FRAME_CALLER);
  const value = frame + FRAME_VALUE;
  store<u32>(frame, 0, FRAME_INPUT);
  store<u32>(frame, 0, FRAME_INPUT_LENGTH);
  warmAccount(self);

  // The analysed initcode takes the place where the memory would begin.
  const record = (<usize>load<u32>(frame, FRAME_MEMORY) + 31) & ~31;
  const after = ((<u64>record + codeRecordSize(length) + 31) & ~31);
  if (after > <u64>memoryEnd) return STOPPED_ARENA;
  writeInitcodeRecord(record, initcode, length);
  store<u32>(frame, <u32>record, FRAME_CODE);
  store<u32>(frame, <u32>after, FRAME_MEMORY);
  store<u32>(frame, load<u32>(record, CODE_BYTES), FRAME_PC);

  store<u32>(frame, checkpoint(), FRAME_CHECKPOINT);
  const collides = hasCollision(self);
  if (!collides) {
    markCreated(self);
    setNonce(self, 1); // EIP-161
    if (!isZero(value)) transfer(caller, self, value);
  }
  begin(frame);
  if (isStopped()) return isStopped();
  return collides ? close(frame, HALT_CREATE_COLLISION) : RESUME;
}

/** Makes the frame the running one, with an empty stack, memory and return data. */
function begin(frame: usize): void {
  store<u32>(frame, load<u32>(frame, FRAME_STACK), FRAME_TOP);
  store<u32>(frame, 0, FRAME_MEMORY_SIZE);
  returnLength = 0;
  setOutput(0, 0);
  runningFrame = frame;
  if (!TRACING) return;
  if (isCreation(load<u32>(frame, FRAME_KIND))) {
    const record = load<u32>(frame, FRAME_CODE);
    traceBegin(frame, load<u32>(record, CODE_BYTES), load<u32>(record, CODE_LENGTH));
  } else {
    traceBegin(frame, load<u32>(frame, FRAME_INPUT), load<u32>(frame, FRAME_INPUT_LENGTH));
  }
}

/** Tells the host that a message begins, and its calldata or initcode. */
function traceBegin(frame: usize, input: usize, length: u32): void {
  traceMessage(frame, load<u32>(frame, FRAME_DEPTH), -1, load<u64>(frame, FRAME_GAS), input, length);
}

/** Runs the precompile `id` in place of code; its output lands where return data is kept. */
function runPrecompile(frame: usize, id: u32): u32 {
  const gas = load<u64>(frame, FRAME_GAS);
  const result = scratch + PRECOMPILE_RESULT;
  const capacity = <u32>(returnEnd - returnStart);
  const input = load<u32>(frame, FRAME_INPUT);
  const inputLength = load<u32>(frame, FRAME_INPUT_LENGTH);
  const status = precompile(id, input, inputLength, gas, fork(), returnStart, capacity, result);
  if (status > 1) return STOPPED_ARENA;
  const used = load<u64>(result);
  if (status == 0 || used > gas) return close(frame, HALT_PRECOMPILE);
  store<u64>(frame, gas - used, FRAME_GAS);
  setOutput(returnStart, load<u32>(result, 8));
  return close(frame, OUTCOME_SUCCESS);
}

/* CLOSING */

/**
 * Closes the frame, which ended by `outcome` (below STOPPED) with the gas left in FRAME_GAS and its output set: deposits
 * code, undoes what failed, hands gas, return data and success to the parent. Returns RESUME, or STOPPED_*.
 */
export function close(frame: usize, outcome: u32): u32 {
  const creation = isCreation(load<u32>(frame, FRAME_KIND));
  if (creation && outcome == OUTCOME_SUCCESS) {
    outcome = deposit(frame);
    if (isStopped()) return isStopped();
  }
  if (outcome != OUTCOME_SUCCESS) revertTo(load<u32>(frame, FRAME_CHECKPOINT));
  if (outcome > <u32>OUTCOME_REVERT) {
    store<u64>(frame, 0, FRAME_GAS);
    outputLength = 0;
  }

  // A creation returns data only when it reverts; the outermost one also shows the deployed code.
  const hidden = creation && outcome == OUTCOME_SUCCESS && load<u32>(frame, FRAME_DEPTH) != 0;
  const length = hidden ? <u32>0 : outputLength;
  if (length > <u32>(returnEnd - returnStart)) return STOPPED_ARENA;
  if (length != 0 && output != returnStart) memory.copy(returnStart, output, length);
  returnLength = length;
  return pop(frame, outcome);
}

/** Pays for and sets the created account's code, the frame's output. Returns the outcome. */
function deposit(frame: usize): u32 {
  if (outputLength == 0) return OUTCOME_SUCCESS;
  if (load<u8>(output) == 0xef) return HALT_CODE_PREFIX; // EIP-3541
  if (outputLength > MAX_CODE && !unlimitedCode()) return HALT_CODE_SIZE;
  const gas = load<u64>(frame, FRAME_GAS);
  const cost = CODE_DEPOSIT_BYTE * <u64>outputLength;
  if (gas < cost) return HALT_OUT_OF_GAS;
  store<u64>(frame, gas - cost, FRAME_GAS);
  setCode(load<u32>(frame, FRAME_SELF), output, outputLength);
  return OUTCOME_SUCCESS;
}

/** Leaves the frame for its parent, which gets the gas, the return data's window and a result word. */
function pop(frame: usize, outcome: u32): u32 {
  const depth = load<u32>(frame, FRAME_DEPTH);
  const gas = load<u64>(frame, FRAME_GAS);
  if (TRACING) traceMessage(frame, depth, <i32>outcome, gas, output, outputLength);
  if (depth == 0) {
    messageOutcome = outcome;
    messageGas = gas;
    runningFrame = 0;
    return RESUME;
  }

  const parent = frame - FRAME_SIZE;
  store<u64>(parent, load<u64>(parent, FRAME_GAS) + gas, FRAME_GAS);
  const filled = min<u32>(load<u32>(frame, FRAME_WINDOW_LENGTH), returnLength);
  if (filled != 0) {
    memory.copy(load<u32>(parent, FRAME_MEMORY) + load<u32>(frame, FRAME_WINDOW), returnStart, filled);
  }
  const top = load<u32>(parent, FRAME_TOP);
  if (outcome == OUTCOME_SUCCESS && isCreation(load<u32>(frame, FRAME_KIND))) {
    copy(top, <usize>load<u32>(frame, FRAME_SELF) + VIEW_ADDRESS);
  } else {
    setU64(top, u64(outcome == OUTCOME_SUCCESS));
  }
  store<u32>(parent, top + 32, FRAME_TOP);
  runningFrame = parent;
  return RESUME;
}
