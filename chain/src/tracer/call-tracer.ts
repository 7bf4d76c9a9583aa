// geth's callTracer: the tree of messages of an execution, with what each gave or why it failed.
// It only listens; it must not know blocks or JSON-RPC.

import type {
  Address,
  ExecutionResult,
  Hash,
  Hex,
  TraceMessageBegin,
  TraceMessageEnd,
  TraceState,
  TraceStep,
} from "../engine/types.ts";
import { HALT_WORDS, knownRevert } from "../node/outcome.ts";
import type { Tracer, TraceSubject } from "../node/types.ts";
import { bigintToWord, bytesToHex } from "../protocol/bytes.ts";
import type { TraceBudget } from "./budget.ts";
import { LOG0, LOG4, nameOf, SELFDESTRUCT } from "./opcodes.ts";
import { addressOf } from "./words.ts";

export interface CallTracerOptions {
  onlyTopCall?: boolean;
  withLog?: boolean;
}

export interface CallLog {
  address: Address;
  topics: Hash[];
  data: Hex;
  /** Among the transaction's logs. */
  index: Hex;
  /** How many calls the message had made before. */
  position: Hex;
}

export interface CallFrame {
  type: TraceMessageBegin["kind"] | "SELFDESTRUCT";
  from: Address;
  /** Absent of a creation that failed. */
  to?: Address;
  /** Absent of STATICCALL. */
  value?: Hex;
  gas: Hex;
  gasUsed: Hex;
  input: Hex;
  output?: Hex;
  error?: string;
  revertReason?: string;
  calls?: CallFrame[];
  logs?: CallLog[];
}

/** Characters of a frame's fixed part, and of a log's. */
const FRAME = 250;
const LOG = 400;

const hex = (value: bigint | number): Hex => `0x${value.toString(16)}`;

export class CallTracer implements Tracer<CallFrame> {
  readonly #options: CallTracerOptions;
  readonly #budget: TraceBudget;
  readonly #subject: TraceSubject;
  /** Messages that run, the outermost first. */
  readonly #open: CallFrame[] = [];
  #top: CallFrame | null = null;
  #opcode = 0;
  /** A LOG or SELFDESTRUCT that has begun: whether it succeeds shows in what comes next. */
  #begun: ((step?: TraceStep) => void) | null = null;

  constructor(options: CallTracerOptions, subject: TraceSubject, budget: TraceBudget) {
    this.#options = options;
    this.#budget = budget;
    this.#subject = subject;
  }

  onStep(step: TraceStep, state: TraceState): void {
    if (this.#skips(step.depth)) return;
    const { opcode } = step;
    this.#begun?.(step);
    this.#begun = null;
    this.#opcode = opcode;
    // Nearly every step ends here.
    if (opcode < LOG0 || (opcode > LOG4 && opcode !== SELFDESTRUCT)) return;
    const frame = this.#open.at(-1)!;
    if (opcode === SELFDESTRUCT && step.stackHeight >= 1 && !this.#options.onlyTopCall) {
      const { self } = step;
      const to = addressOf(step.peek(0));
      const value = hex(state.getBalance(self));
      this.#begun = () => {
        this.#budget.spend(FRAME);
        const none = { gas: "0x0", gasUsed: "0x0", input: "0x" } as const;
        addCall(frame, { type: "SELFDESTRUCT", from: self, to, value, ...none });
      };
    } else if (this.#options.withLog && opcode <= LOG4) {
      this.#begun = this.#beginLog(step, frame);
    }
  }

  onMessageBegin(message: TraceMessageBegin): void {
    const { kind, depth, from, to, gas, value, input } = message;
    if (this.#skips(depth)) return;
    this.#budget.spend(FRAME + 2 * input.length);
    const frame: CallFrame = {
      type: kind,
      from,
      to,
      ...(kind === "STATICCALL" ? {} : { value: hex(value) }),
      gas: hex(gas),
      gasUsed: "0x0",
      input: bytesToHex(input),
    };
    const parent = this.#open.at(-1);
    if (parent) addCall(parent, frame);
    else this.#top = frame;
    this.#open.push(frame);
  }

  onMessageEnd({ depth, halt, gasLeft, output }: TraceMessageEnd): void {
    if (this.#skips(depth)) return;
    const frame = this.#open.pop()!;
    if (!halt) this.#begun?.();
    this.#begun = null;
    frame.gasUsed = hex(Number(frame.gas) - gasLeft);
    if (output.length > 0 && (!halt || halt === "revert")) {
      this.#budget.spend(2 * output.length);
      frame.output = bytesToHex(output);
    }
    if (!halt) return;
    frame.error =
      halt === "invalid-opcode" ? `${HALT_WORDS[halt]}: ${nameOf(this.#opcode)}` : HALT_WORDS[halt];
    if (frame.type === "CREATE" || frame.type === "CREATE2") delete frame.to;
    const known = halt === "revert" ? knownRevert(output) : null;
    if (known) frame.revertReason = known.words;
    dropLogs(frame);
  }

  /** The outermost frame shows the whole transaction's gas, fees for its data included. */
  result({ gasUsed }: ExecutionResult): CallFrame {
    numberLogs(this.#top!, 0);
    return { ...this.#top!, gas: hex(this.#subject.gas), gasUsed: hex(gasUsed) };
  }

  #skips(depth: number): boolean {
    return depth > 0 && this.#options.onlyTopCall === true;
  }

  /** Its memory is read when the next step shows that it was paid for. */
  #beginLog(step: TraceStep, frame: CallFrame): ((next?: TraceStep) => void) | null {
    const count = step.opcode - LOG0;
    if (step.stackHeight < count + 2) return null;
    const offset = Number(step.peek(0));
    const length = Number(step.peek(1));
    const topics = Array.from({ length: count }, (_, i) => bigintToWord(step.peek(2 + i)));
    const address = step.self;
    return (next) => {
      this.#budget.spend(LOG + 2 * length);
      const data = next && length > 0 ? bytesToHex(next.memory(offset, length)) : "0x";
      frame.logs ??= [];
      frame.logs.push({ address, topics, data, index: "0x0", position: hex(frame.calls?.length ?? 0) });
    };
  }
}

function addCall(frame: CallFrame, call: CallFrame): void {
  frame.calls ??= [];
  frame.calls.push(call);
}

/** What a failed message logged is undone, and what the messages in it logged. */
function dropLogs(frame: CallFrame): void {
  delete frame.logs;
  for (const call of frame.calls ?? []) dropLogs(call);
}

/** Numbers what is left in the order in which it was logged, from `next` on. Returns the number that follows. */
function numberLogs(frame: CallFrame, next: number): number {
  const { logs = [], calls = [] } = frame;
  let number = next;
  let log = 0;
  for (let position = 0; position <= calls.length; position++) {
    for (; log < logs.length && Number(logs[log]!.position) === position; log++) {
      logs[log]!.index = hex(number++);
    }
    const call = calls[position];
    if (call) number = numberLogs(call, number);
  }
  return number;
}
