// What the tests of the interpreter's leaves compile: code analysis, gas rules and addresses as exports. No frame is linked.

export { codeRecordSize, jumpTarget, moveCodeRecord, writeCodeRecord, writeInitcodeRecord } from "../../../../chain/engine/analysis";
export { create2Address, createAddress, precompileId } from "../../../../chain/engine/addresses";
export { memoryGas, sstoreGas, sstoreRefund } from "../../../../chain/engine/gas";
export { setScratch } from "../../../../chain/engine/instance";
