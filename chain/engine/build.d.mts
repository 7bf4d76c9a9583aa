// Types of build.mjs, which is plain JavaScript so that it runs before anything is set up.

export interface CompileOptions {
  entry: string;
  output: string;
  trace?: boolean;
  force?: boolean;
}
/** Compiles an AssemblyScript entry with the engine's flags; false when the output was up to date. */
export function compile(options: CompileOptions): Promise<boolean>;

/** Compiles both copies of the engine and returns the paths of the modules. */
export function buildEngine(options?: {
  force?: boolean;
  log?: (line: string) => void;
}): Promise<{ engine: string; tracing: string }>;
