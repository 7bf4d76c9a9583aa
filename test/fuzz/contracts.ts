// The contracts that random blocks call: a few that are written by hand to stress what optimistic execution gets wrong,
// and any number that are put together at random. It must not know blocks or transactions.
// BLOCKHASH is left out: Hardhat's differs by design.

import type { Address } from "../../chain/src/engine/types.ts";
import { Assembler, deploying } from "./assembler.ts";
import type { Random } from "./random.ts";

/**
 * ERC-20-like. Call data: word 0 the recipient, word 1 the amount, word 2 nonzero to mint instead. Balances stand in
 * the slot of the address itself, the supply (hot, written by mints) in slot 0. Reverts when the caller has too little.
 */
export function token(): Uint8Array {
  return (
    new Assembler()
      .ops("64 CALLDATALOAD")
      .at("mint")
      .ops("JUMPI")
      // [balance] must cover the amount
      .ops("32 CALLDATALOAD CALLER SLOAD DUP2 DUP2 LT")
      .at("fail")
      .ops("JUMPI")
      // [amount, balance] -> debit the caller first, so that a transfer to oneself changes nothing
      .ops("SUB CALLER SSTORE")
      .label("credit")
      .ops("32 CALLDATALOAD 0 CALLDATALOAD SLOAD ADD 0 CALLDATALOAD SSTORE")
      .ops("32 CALLDATALOAD 0 MSTORE 0 CALLDATALOAD CALLER 0xddf2 32 0 LOG3")
      .ops("1 0 MSTORE 32 0 RETURN")
      .label("mint")
      .ops("32 CALLDATALOAD 0 SLOAD ADD 0 SSTORE")
      .at("credit")
      .ops("JUMP")
      .label("fail")
      .ops("0xbad 0 MSTORE 32 0 REVERT")
      .assemble()
  );
}

/** Adds word 1 of the call data to the slot in word 0 and logs the sum: hot where everybody takes the same slot. */
export function counter(): Uint8Array {
  return new Assembler()
    .ops("32 CALLDATALOAD 0 CALLDATALOAD SLOAD ADD DUP1 0 CALLDATALOAD SSTORE")
    .ops("0 MSTORE 0 CALLDATALOAD 32 0 LOG1 32 0 RETURN")
    .assemble();
}

/**
 * Slots 0 and 1 are always equal in committed state. With call data both grow by one; without, the contract runs wild
 * where they differ (a loop that eats all gas, or a jump to nowhere), which only a torn speculative view can see.
 */
export function pair(): Uint8Array {
  return (
    new Assembler()
      .ops("CALLDATASIZE")
      .at("grow")
      .ops("JUMPI 1 SLOAD 0 SLOAD SUB DUP1")
      .at("wild")
      .ops("JUMPI 2 SLOAD 1 ADD 2 SSTORE STOP")
      .label("grow")
      .ops("0 SLOAD 1 ADD 0 SSTORE")
      // some distance between the two writes
      .ops("0 3 SLOAD ADD 3 SSTORE")
      .ops("1 SLOAD 1 ADD 1 SSTORE STOP")
      .label("wild")
      .ops("1 AND")
      .at("loop")
      .ops("JUMPI 0xffff JUMP")
      .label("loop")
      .at("loop")
      .ops("JUMP")
      .assemble()
  );
}

/** Reads slot 0; where it is odd, reads and changes the slot in word 0 of the call data, else that in word 1. */
export function branching(): Uint8Array {
  return new Assembler()
    .ops("1 0 SLOAD AND")
    .at("odd")
    .ops("JUMPI 32 CALLDATALOAD SLOAD 3 ADD 32 CALLDATALOAD SSTORE")
    .at("end")
    .ops("JUMP")
    .label("odd")
    .ops("0 CALLDATALOAD SLOAD 7 ADD 0 CALLDATALOAD SSTORE")
    .label("end")
    .ops("0 SLOAD 1 ADD 0 SSTORE STOP")
    .assemble();
}

/**
 * Pays word 0's account the amount in word 1, then reverts when word 2 is nonzero; otherwise calls itself with word 2
 * set, so that the inner payment is undone, and pays once more.
 */
export function payer(): Uint8Array {
  const pay = "0 0 0 0 32 CALLDATALOAD 0 CALLDATALOAD GAS CALL POP";
  return new Assembler()
    .ops(pay)
    .ops("64 CALLDATALOAD")
    .at("revert")
    .ops("JUMPI 0 CALLDATALOAD 0 MSTORE 32 CALLDATALOAD 32 MSTORE 1 64 MSTORE")
    .ops("0 0 96 0 CALLVALUE ADDRESS GAS CALL POP")
    .ops(pay)
    .ops("SELFBALANCE 0 SSTORE STOP")
    .label("revert")
    .ops("0 0 REVERT")
    .assemble();
}

/**
 * Deploys with CREATE2 and the salt in word 0 a contract that destroys itself when called, and calls it when word 1 is
 * nonzero: deleted in the same transaction, it can be deployed at the same address again. The initcode takes its
 * constant from the factory's slot 0, so what is deployed changes (metamorphic).
 */
export function factory(): Uint8Array {
  const runtime = new Assembler().ops("0 SLOAD 1 ADD 0 SSTORE CALLDATASIZE ISZERO");
  runtime.at("die").ops("JUMPI STOP").label("die").ops("CALLER SELFDESTRUCT");
  const child = runtime.assemble();
  // The initcode asks its deployer (which answers a call without data) and stores the answer.
  const init = deploying(child, "32 0 0 0 0 CALLER GAS CALL POP 0 MLOAD 0 SSTORE");
  return new Assembler()
    .ops("CALLDATASIZE ISZERO")
    .at("answer")
    .ops("JUMPI 0 SLOAD 1 ADD 0 SSTORE")
    .push(init.length)
    .at("init")
    .ops("0 CODECOPY 0 CALLDATALOAD")
    .push(init.length)
    .ops("0 CALLVALUE CREATE2 DUP1 1 SSTORE")
    .ops("32 CALLDATALOAD ISZERO")
    .at("end")
    .ops("JUMPI 0 0 0 0 0 DUP6 GAS CALL POP")
    .label("end")
    .ops("STOP")
    .label("answer")
    .ops("0 SLOAD 0 MSTORE 32 0 RETURN")
    .mark("init")
    .data(init)
    .assemble();
}

export interface Surroundings {
  /** Whom random code reads, calls and pays. */
  addresses: readonly Address[];
  /** Slots below this are used; few make them hot. */
  slots: number;
}

/**
 * Random code around one accumulator on the stack: what is read flows into it, and it flows into storage, logs, calls
 * and conditions, so that one stale read shows.
 */
export function randomContract(random: Random, surroundings: Surroundings): Uint8Array {
  const code = new Assembler().ops("0 CALLDATALOAD");
  const snippets = random.between(4, 18);
  for (let i = 0; i < snippets; i++) snippet(code, random, surroundings, 0);
  code.ops(
    random.weighted([
      [4, "0 MSTORE 32 0 RETURN"],
      [4, "7 SSTORE STOP"],
      [1, "0 MSTORE 32 0 REVERT"],
    ]),
  );
  return code.assemble();
}

/** [accumulator, value] -> [accumulator * 31 + value] */
const MIX = "SWAP1 31 MUL ADD";

function snippet(code: Assembler, random: Random, around: Surroundings, depth: number): void {
  const slot = () => slotExpression(code, random, around);
  const address = () => addressExpression(code, random, around);
  const kind = random.weighted<string>(SNIPPETS.filter(([, name]) => depth < 2 || !NESTING.has(name)));
  switch (kind) {
    case "sload":
      slot();
      code.ops(`SLOAD ${MIX}`);
      return;
    case "sstore":
      code.ops(random.pick(["DUP1", "DUP1 1 AND", "0", "1", "CALLER"]));
      slot();
      code.ops("SSTORE");
      return;
    case "increment":
      slot();
      code.ops("DUP1 SLOAD 1 ADD SWAP1 SSTORE");
      return;
    case "silent store":
      slot();
      code.ops("DUP1 SLOAD SWAP1 SSTORE");
      return;
    case "transient":
      code.ops(`DUP1 3 TSTORE 3 TLOAD ${random.pick(["1", "2", "3"])} TLOAD ADD ${MIX}`);
      return;
    case "balance":
      if (random.chance(0.3)) code.ops(`SELFBALANCE ${MIX}`);
      else {
        address();
        code.ops(`BALANCE ${MIX}`);
      }
      return;
    case "extcode":
      address();
      code.ops(`${random.pick(["EXTCODEHASH", "EXTCODESIZE"])} ${MIX}`);
      return;
    case "extcodecopy":
      code.ops("32 0 0");
      address();
      code.ops(`EXTCODECOPY 0 MLOAD ${MIX}`);
      return;
    case "environment":
      code.ops(`${random.pick(ENVIRONMENT)} ${MIX}`);
      return;
    case "gas":
      code.ops(`GAS ${MIX}`);
      return;
    case "call":
      call(code, random, around);
      return;
    case "create":
      create(code, random, around);
      return;
    case "log": {
      const topics = random.below(4);
      code.ops(`DUP1 0 MSTORE${" DUP1".repeat(topics)} ${random.pick(["32", "0", "7"])} 0 LOG${topics}`);
      return;
    }
    case "memory":
      code.ops(
        `DUP1 ${random.pick(["64", "320", "4096"])} MSTORE 96 ${random.pick(["0", "33"])} KECCAK256 ${MIX}`,
      );
      return;
    case "loop": {
      // As many turns as a slot says, at most 15.
      const [begin, end] = [code.fresh(), code.fresh()];
      slot();
      code
        .ops("SLOAD 15 AND")
        .label(begin)
        .ops("DUP1 ISZERO")
        .at(end)
        .ops("JUMPI 1 SWAP1 SUB SWAP1 31 MUL 7 ADD SWAP1");
      code.at(begin).ops("JUMP").label(end).ops("POP");
      return;
    }
    case "skip": {
      const end = code.fresh();
      code
        .ops(`DUP1 ${random.pick(["1", "2", "3", "16"])} AND`)
        .at(end)
        .ops("JUMPI");
      const count = random.between(1, 3);
      for (let i = 0; i < count; i++) snippet(code, random, around, depth + 1);
      code.label(end);
      return;
    }
    case "stop": {
      // Ends in one of the ways a call can end, where enough bits of the accumulator are zero.
      const end = code.fresh();
      code
        .ops(`DUP1 ${random.pick(["7", "15", "31"])} AND`)
        .at(end)
        .ops("JUMPI");
      const way = random.below(5);
      if (way === 0) code.ops("0 0 REVERT");
      else if (way === 1) code.ops("INVALID");
      else if (way === 2) code.ops("STOP");
      else {
        if (random.chance(0.3)) code.ops("ADDRESS");
        else address();
        code.ops("SELFDESTRUCT");
      }
      code.label(end);
      return;
    }
    default:
      throw new Error(`no such snippet: ${kind}`);
  }
}

const SNIPPETS: readonly (readonly [number, string])[] = [
  [16, "sload"],
  [14, "sstore"],
  [12, "increment"],
  [3, "silent store"],
  [4, "transient"],
  [6, "balance"],
  [4, "extcode"],
  [1, "extcodecopy"],
  [5, "environment"],
  [2, "gas"],
  [12, "call"],
  [5, "create"],
  [5, "log"],
  [3, "memory"],
  [3, "loop"],
  [8, "skip"],
  [4, "stop"],
];
const NESTING = new Set(["skip"]);

const ENVIRONMENT = [
  "CALLER",
  "ORIGIN",
  "CALLVALUE",
  "TIMESTAMP",
  "NUMBER",
  "COINBASE",
  "PREVRANDAO",
  "GASLIMIT",
  "CHAINID",
  "BASEFEE",
  "GASPRICE",
  "ADDRESS",
  "CODESIZE",
  "CALLDATASIZE",
  "RETURNDATASIZE",
];

/** Leaves a slot on the stack: fixed, from the call data, from the accumulator, or the caller's own. */
function slotExpression(code: Assembler, random: Random, { slots }: Surroundings): void {
  const way = random.below(10);
  if (way < 5) code.push(random.below(slots));
  else if (way < 7) code.ops("32 CALLDATALOAD").push(slots).ops("SWAP1 MOD");
  else if (way < 8) code.ops("DUP1").push(slots).ops("SWAP1 MOD");
  else code.ops("CALLER");
}

function addressExpression(code: Assembler, random: Random, { addresses }: Surroundings): void {
  const way = random.below(12);
  if (way === 0) code.ops("CALLER");
  else if (way === 1) code.ops("COINBASE");
  else if (way === 2) code.ops("ADDRESS");
  else if (way < 5) code.ops("64 CALLDATALOAD");
  else code.push(BigInt(random.pick(addresses)));
}

function call(code: Assembler, random: Random, around: Surroundings): void {
  const kind = random.weighted([
    [10, "CALL"],
    [2, "DELEGATECALL"],
    [2, "STATICCALL"],
    [1, "CALLCODE"],
  ]);
  // The accumulator and our own parameters are the callee's.
  code.ops("DUP1 0 MSTORE 64 32 32 CALLDATACOPY");
  code.ops(`${random.pick(["32", "0"])} 96 ${random.pick(["96", "64", "0"])} 0`);
  if (kind === "CALL" || kind === "CALLCODE") {
    code.ops(
      random.weighted([
        [6, "0"],
        [3, "1"],
        [1, "SELFBALANCE"],
        [1, "2 SELFBALANCE DIV"],
        [1, "1 SELFBALANCE ADD"],
        [1, "CALLVALUE"],
      ]),
    );
  }
  if (random.chance(0.1)) code.push(random.between(1, 9));
  else addressExpression(code, random, around);
  code.ops(random.pick(["GAS", "GAS", "2 GAS DIV", "30000", "100000", "2300"]));
  code.ops(`${kind} ${MIX} 96 MLOAD ${MIX}`);
}

function create(code: Assembler, random: Random, around: Surroundings): void {
  const init = initcode(random, around);
  const [begin, end] = [code.fresh(), code.fresh()];
  code.push(init.length).at(begin).ops("0 CODECOPY");
  const value = random.weighted([
    [4, "0"],
    [2, "1"],
    [1, "SELFBALANCE"],
  ]);
  if (random.chance(0.5))
    code
      .ops(random.pick(["0", "1", "DUP1 1 AND"]))
      .push(init.length)
      .ops(`0 ${value} CREATE2`);
  else code.push(init.length).ops(`0 ${value} CREATE`);
  // Call what was created, sometimes, then take its address into the accumulator.
  if (random.chance(0.6)) code.ops("0 0 0 0 0 DUP6 GAS CALL POP");
  code.ops(MIX);
  code.at(end).ops("JUMP").mark(begin).data(init).label(end);
}

/** Code that runs at a creation: deploys, fails, destroys itself at once or leaves nothing. */
export function initcode(random: Random, around: Surroundings): Uint8Array {
  const kind = random.below(8);
  const code = new Assembler();
  if (kind < 3) {
    const runtime = new Assembler().ops("0 SLOAD 1 ADD 0 SSTORE");
    if (kind === 0) runtime.push(BigInt(random.pick(around.addresses))).ops("SELFDESTRUCT");
    else runtime.ops("STOP");
    return deploying(runtime.assemble());
  }
  if (kind === 3) return code.ops("1 0 SSTORE 0 0 REVERT").assemble();
  if (kind === 4) return code.ops("ORIGIN SELFDESTRUCT").assemble();
  if (kind === 5) return code.ops("ADDRESS SELFDESTRUCT").assemble();
  if (kind === 6) return code.ops("5 1 SSTORE 0 0 RETURN").assemble();
  return code.ops("0xef 0 MSTORE8 1 0 RETURN").assemble(); // EIP-3541
}
