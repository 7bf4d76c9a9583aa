// What the tests of tries, receipts and RLP compile: their functions as exports, on a memory that the test owns.
// Nothing of execution is linked.

export * from "../../../../chain/engine/trie";
export * from "../../../../chain/engine/ordered-trie";
export * from "../../../../chain/engine/receipt";
export * from "../../../../chain/engine/rlp";
export { allocate, useFreeLists } from "../../../../chain/engine/memory";
export { setScratch } from "../../../../chain/engine/instance";
