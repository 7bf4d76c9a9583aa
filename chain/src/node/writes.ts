// Changing the newest state without a transaction. It must not know who asks.

import type { Engine } from "../engine/types.ts";
import { hexToBytes } from "../protocol/bytes.ts";
import type { WriteRecord } from "../store/records.ts";

export function applyWrite(engine: Engine, write: WriteRecord): void {
  switch (write.kind) {
    case "balance":
      engine.setBalance(write.address, write.value);
      break;
    case "nonce":
      engine.setNonce(write.address, write.value);
      break;
    case "code":
      engine.setCode(write.address, hexToBytes(write.code));
      break;
    case "storage":
      engine.setStorage(write.address, write.slot, write.value);
      break;
  }
}
