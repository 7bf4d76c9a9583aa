// The room's door: everything other rooms may use of the engine.

export type * from "./types.ts";
