// Loaded into Ponder before all else: ends it when its launcher is gone, however that went, since the launcher holds the
// other end of its standard input.
process.stdin.once("end", () => process.exit(1)).resume();
