// A small assembler for the fuzzer's contracts: mnemonics, constants and labels to bytecode. It must not know what the
// contracts do.

/** Opcodes of the Yellow Paper, appendix H, with those of later EIPs up to Cancun. */
const OPCODES: Readonly<Record<string, number>> = {
  STOP: 0x00,
  ADD: 0x01,
  MUL: 0x02,
  SUB: 0x03,
  DIV: 0x04,
  MOD: 0x06,
  LT: 0x10,
  GT: 0x11,
  EQ: 0x14,
  ISZERO: 0x15,
  AND: 0x16,
  OR: 0x17,
  XOR: 0x18,
  NOT: 0x19,
  SHL: 0x1b,
  SHR: 0x1c,
  KECCAK256: 0x20,
  ADDRESS: 0x30,
  BALANCE: 0x31,
  ORIGIN: 0x32,
  CALLER: 0x33,
  CALLVALUE: 0x34,
  CALLDATALOAD: 0x35,
  CALLDATASIZE: 0x36,
  CALLDATACOPY: 0x37,
  CODESIZE: 0x38,
  CODECOPY: 0x39,
  GASPRICE: 0x3a,
  EXTCODESIZE: 0x3b,
  EXTCODECOPY: 0x3c,
  RETURNDATASIZE: 0x3d,
  RETURNDATACOPY: 0x3e,
  EXTCODEHASH: 0x3f,
  COINBASE: 0x41,
  TIMESTAMP: 0x42,
  NUMBER: 0x43,
  PREVRANDAO: 0x44,
  GASLIMIT: 0x45,
  CHAINID: 0x46,
  SELFBALANCE: 0x47,
  BASEFEE: 0x48,
  BLOBHASH: 0x49,
  BLOBBASEFEE: 0x4a,
  POP: 0x50,
  MLOAD: 0x51,
  MSTORE: 0x52,
  MSTORE8: 0x53,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMP: 0x56,
  JUMPI: 0x57,
  MSIZE: 0x59,
  GAS: 0x5a,
  JUMPDEST: 0x5b,
  TLOAD: 0x5c,
  TSTORE: 0x5d,
  MCOPY: 0x5e,
  DUP1: 0x80,
  DUP2: 0x81,
  DUP6: 0x85,
  SWAP1: 0x90,
  LOG0: 0xa0,
  LOG1: 0xa1,
  LOG2: 0xa2,
  LOG3: 0xa3,
  CREATE: 0xf0,
  CALL: 0xf1,
  CALLCODE: 0xf2,
  RETURN: 0xf3,
  DELEGATECALL: 0xf4,
  CREATE2: 0xf5,
  STATICCALL: 0xfa,
  REVERT: 0xfd,
  INVALID: 0xfe,
  SELFDESTRUCT: 0xff,
};
const PUSH0 = 0x5f;

export class Assembler {
  readonly #bytes: number[] = [];
  readonly #labels = new Map<string, number>();
  readonly #references: { at: number; label: string }[] = [];
  #fresh = 0;

  /** Mnemonics, separated by spaces; decimal and 0x numbers are pushed. */
  ops(text: string): this {
    for (const token of text.split(/\s+/).filter((part) => part !== "")) {
      const opcode = OPCODES[token];
      if (opcode !== undefined) this.#bytes.push(opcode);
      else if (/^(0x[0-9a-f]+|\d+)$/.test(token)) this.push(BigInt(token));
      else throw new Error(`not an opcode or a number: ${token}`);
    }
    return this;
  }

  push(value: bigint | number): this {
    const digits = value.toString(16);
    const bytes =
      value === 0n || value === 0 ? [] : [...Buffer.from(digits.length % 2 ? `0${digits}` : digits, "hex")];
    this.#bytes.push(PUSH0 + bytes.length, ...bytes);
    return this;
  }

  /** A name that no other label has. */
  fresh(): string {
    return `#${this.#fresh++}`;
  }

  /** A place that can be jumped to. */
  label(name: string): this {
    this.#labels.set(name, this.#bytes.length);
    this.#bytes.push(0x5b);
    return this;
  }

  /** Where data begins; not a jump destination. */
  mark(name: string): this {
    this.#labels.set(name, this.#bytes.length);
    return this;
  }

  /** Pushes a label's position. */
  at(name: string): this {
    this.#bytes.push(0x61, 0, 0);
    this.#references.push({ at: this.#bytes.length - 2, label: name });
    return this;
  }

  data(bytes: Uint8Array): this {
    this.#bytes.push(...bytes);
    return this;
  }

  assemble(): Uint8Array {
    const code = Uint8Array.from(this.#bytes);
    for (const { at, label } of this.#references) {
      const target = this.#labels.get(label);
      if (target === undefined) throw new Error(`label ${label} is nowhere`);
      new DataView(code.buffer).setUint16(at, target);
    }
    return code;
  }
}

/**
 * Initcode that runs `prologue`, then deploys `runtime` with the new contract's address appended, so that no two
 * contracts share their code (EDR 0.3.8 loses code that a destroyed contract shared with another).
 */
export function deploying(runtime: Uint8Array, prologue = ""): Uint8Array {
  return new Assembler()
    .ops(prologue)
    .push(runtime.length)
    .at("runtime")
    .ops("0 CODECOPY ADDRESS")
    .push(runtime.length)
    .ops("MSTORE")
    .push(runtime.length + 32)
    .ops("0 RETURN")
    .mark("runtime")
    .data(runtime)
    .assemble();
}
