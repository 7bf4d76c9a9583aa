// Slots named as variables, on a layout as solc writes it, small enough to work out by hand.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type StorageLayout, variablesAt, variableText } from "../../../chain/src/profiler/variables.ts";

const inplace = (label: string, bytes: number) => ({
  encoding: "inplace" as const,
  label,
  numberOfBytes: `${bytes}`,
});
const at = (label: string, slot: number, offset: number, type: string) => ({
  label,
  slot: `${slot}`,
  offset,
  type,
});
const mapping = (key: string, value: string, label: string) => ({
  encoding: "mapping" as const,
  label,
  numberOfBytes: "32",
  key,
  value,
});

/*
 * struct Account { uint128 used; uint128 free; uint256 since; }
 * address owner; bool closed;                                    // 0
 * Account[3] lanes;                                              // 1 to 6
 * mapping(address => mapping(int256 => Account)) positions;      // 7
 * Account[] queue;                                               // 8
 * uint64[6] rates;                                               // 9 and 10
 * mapping(string => uint256) names;                              // 11
 * mapping(bytes4 => Account[]) books;                            // 12
 */
const layout: StorageLayout = {
  storage: [
    at("owner", 0, 0, "t_address"),
    at("closed", 0, 20, "t_bool"),
    at("lanes", 1, 0, "t_lanes"),
    at("positions", 7, 0, "t_positions"),
    at("queue", 8, 0, "t_queue"),
    at("rates", 9, 0, "t_rates"),
    at("names", 11, 0, "t_names"),
    at("books", 12, 0, "t_books"),
  ],
  types: {
    t_address: inplace("address", 20),
    t_bool: inplace("bool", 1),
    t_bytes4: inplace("bytes4", 4),
    t_int256: inplace("int256", 32),
    t_string: { encoding: "bytes", label: "string", numberOfBytes: "32" },
    t_uint64: inplace("uint64", 8),
    t_uint128: inplace("uint128", 16),
    t_uint256: inplace("uint256", 32),
    t_account: {
      ...inplace("struct Account", 64),
      members: [
        at("used", 0, 0, "t_uint128"),
        at("free", 0, 16, "t_uint128"),
        at("since", 1, 0, "t_uint256"),
      ],
    },
    t_lanes: { ...inplace("struct Account[3]", 192), base: "t_account" },
    t_rates: { ...inplace("uint64[6]", 64), base: "t_uint64" },
    t_queue: {
      encoding: "dynamic_array",
      label: "struct Account[]",
      numberOfBytes: "32",
      base: "t_account",
    },
    t_byNumber: mapping("t_int256", "t_account", "mapping(int256 => struct Account)"),
    t_positions: mapping("t_address", "t_byNumber", "mapping(address => mapping(int256 => struct Account))"),
    t_names: mapping("t_string", "t_uint256", "mapping(string => uint256)"),
    t_books: mapping("t_bytes4", "t_queue", "mapping(bytes4 => struct Account[])"),
  },
};

const word = (value: bigint) => BigInt.asUintN(256, value).toString(16).padStart(64, "0");

/** What was hashed while executing. */
class Hashes {
  readonly preimages: Record<string, string> = {};

  /** Hashes 0x-less hex; gives the hash as a number. */
  of(hex: string): bigint {
    const hash = Buffer.from(keccak_256(Buffer.from(hex, "hex"))).toString("hex");
    this.preimages[`0x${hash}`] = `0x${hex}`;
    return BigInt(`0x${hash}`);
  }
}

function named(slot: bigint, { preimages }: Hashes): string {
  return variableText(variablesAt(layout, `0x${word(slot)}`, preimages));
}

const ALICE = "a1".repeat(20);

describe("variables", () => {
  it("names what is declared: packed, in structs, in arrays", () => {
    const none = new Hashes();
    assert.equal(named(0n, none), "owner, closed");
    assert.equal(named(3n, none), "lanes[1].{used, free}");
    assert.equal(named(6n, none), "lanes[2].since");
    assert.equal(named(10n, none), "rates[4..7]");
    assert.equal(named(8n, none), "queue");
    assert.equal(named(99n, none), "");
  });

  it("follows mappings and dynamic arrays by what was hashed", () => {
    const hashes = new Hashes();
    const outer = hashes.of(`${word(BigInt(`0x${ALICE}`))}${word(7n)}`);
    const inner = hashes.of(`${word(-2n)}${word(outer)}`);
    assert.equal(named(inner, hashes), `positions[0x${ALICE}][-2].{used, free}`);
    assert.equal(named(inner + 1n, hashes), `positions[0x${ALICE}][-2].since`);
    assert.equal(named(inner + 2n, hashes), "");
    assert.equal(named(hashes.of(word(8n)) + 5n, hashes), "queue[2].since");
    const utf8 = Buffer.from("so").toString("hex");
    assert.equal(named(hashes.of(`${utf8}${word(11n)}`), hashes), 'names["so"]');
    const book = hashes.of(`${"12345678".padEnd(64, "0")}${word(12n)}`);
    assert.equal(named(hashes.of(word(book)), hashes), "books[0x12345678][0].{used, free}");
  });

  it("names nothing by what was hashed for another reason", () => {
    const hashes = new Hashes();
    // A digest whose last word is no variable's slot, one that is a plain variable's, and an array far from its beginning.
    assert.equal(named(hashes.of(`${word(1n)}${word(500n)}`), hashes), "");
    assert.equal(named(hashes.of(`${word(1n)}${word(0n)}`), hashes), "");
    assert.equal(named(hashes.of(word(8n)) + 2n ** 40n, hashes), "");
    assert.equal(named(hashes.of("00"), hashes), "");
  });

  it("writes keys as it is told to", () => {
    const hashes = new Hashes();
    const outer = hashes.of(`${word(BigInt(`0x${ALICE}`))}${word(7n)}`);
    const slot = hashes.of(`${word(5n)}${word(outer)}`);
    const variables = variablesAt(layout, `0x${word(slot)}`, hashes.preimages);
    const short = ({ index, type }: { index: string; type: string }) =>
      type === "address" ? "Alice" : index;
    assert.equal(variableText(variables, short), "positions[Alice][5].{used, free}");
    assert.deepEqual(
      variables.map(({ type }) => type),
      ["uint128", "uint128"],
    );
  });
});
