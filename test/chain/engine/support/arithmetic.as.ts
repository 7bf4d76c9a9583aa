// What the tests of the engine's arithmetic compile: its functions as exports, on a memory that the test owns.
// Nothing of the EVM is linked.

export * from "../../../../chain/engine/u256";
export { keccak256, keccak256Word } from "../../../../chain/engine/keccak";
export { setScratch } from "../../../../chain/engine/instance";
