// A call frame: the plain struct in which one running message keeps what the interpreter does not hold in locals.
// Plain constants, so that the tracing host can read a frame too. It must hold no code and know no rule of the EVM.

export const FRAME_GAS = 0; // u64, gas left, while the frame does not run
export const FRAME_PC = 8; // u32, address of the next instruction, while the frame does not run
export const FRAME_TOP = 12; // u32, address behind the topmost stack word, while the frame does not run
export const FRAME_STACK = 16; // u32, address of the lowest stack word
export const FRAME_MEMORY = 20; // u32, address of the memory
export const FRAME_MEMORY_SIZE = 24; // u32, bytes, a multiple of 32
export const FRAME_CODE = 28; // u32, code record that runs
export const FRAME_SELF = 32; // u32, account view (it begins with its address, a word): ADDRESS
export const FRAME_CALLER = 36; // u32, account view: CALLER
export const FRAME_TARGET = 40; // u32, account view that was asked for code, before an EIP-7702 delegation is followed
export const FRAME_INPUT = 44; // u32, address of the calldata
export const FRAME_INPUT_LENGTH = 48; // u32, bytes, zero for creations
export const FRAME_WINDOW = 52; // u32, offset in the parent's memory where return data goes
export const FRAME_WINDOW_LENGTH = 56; // u32, bytes at most
export const FRAME_CHECKPOINT = 60; // u32, journal mark to go back to on failure
export const FRAME_KIND = 64; // u32, the opcode that opened the frame; CALL or CREATE for a transaction's own
export const FRAME_DEPTH = 68; // u32, zero for a transaction's own frame
export const FRAME_STATIC = 72; // u32, 1 when state must not change (EIP-214)
export const FRAME_VALUE = 80; // word, wei: CALLVALUE
export const FRAME_SIZE = 112;

/** Depth of the innermost frame that may run (Yellow Paper, 9.4.2). */
export const MAX_DEPTH = 1024;
/** Bytes an arena must give to frames so that no transaction runs out of them: one more is opened only to be refused. */
export const FRAMES_SIZE = (MAX_DEPTH + 2) * FRAME_SIZE;
/** Bytes of one frame's full stack. */
export const STACK_SIZE = 1024 * 32;
