// The room's door: everything other rooms may use of the engine.

import { WasmEngine } from "./engine.ts";
import type { Engine, EngineOptions } from "./types.ts";

export { packMessage, packSystemCall } from "./pack.ts";
export type * from "./types.ts";

/** Starts an engine with an empty state. The calling thread owns it. */
export function createEngine(options: EngineOptions): Promise<Engine> {
  return WasmEngine.create(options);
}
