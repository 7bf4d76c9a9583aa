// Runs one test of the blockchain test format on the node: imports its blocks, refuses the invalid ones, and compares
// the last block and the state. It must not know files, workers or reports.
// Format: https://ethereum.github.io/execution-spec-tests (consuming tests, blockchain tests).

import type { Address, Engine, Hardfork, Hex } from "../../chain/src/engine/types.ts";
import { InvalidBlockError } from "../../chain/src/node/errors.ts";
import { decodeBlock } from "../../chain/src/node/importer.ts";
import { createNode } from "../../chain/src/node/node.ts";
import type { ChainNode, ForkActivation, GenesisAccount } from "../../chain/src/node/types.ts";
import { bytesToHex, hexToBytes } from "../../chain/src/protocol/bytes.ts";
import type { BlockHeader } from "../../chain/src/protocol/header.ts";
import { isExpectedBlockRefusal } from "./exceptions.ts";
import type { BlockchainFixture, FixtureState } from "./fixture.ts";
import { blobScheduleOf, hardforkOf, quantity, word } from "./fixture.ts";

export interface Scope {
  /** The rules at the end of the test. */
  hardfork: Hardfork;
  timetable: ForkActivation[];
}

/** `CancunToPragueAtTime15k`: the second fork begins at that timestamp. */
const TRANSITION = /^(.+)To(.+)AtTime(\d+)k$/;

/** The timetable of the test's network, or null where a fork of it is out of scope. */
export function scopeOf({ network, config }: BlockchainFixture): Scope | null {
  const [, before, after, thousands] = TRANSITION.exec(network) ?? [];
  const steps =
    before === undefined
      ? [{ name: network, timestamp: 0n }]
      : [
          { name: before, timestamp: 0n },
          { name: after!, timestamp: BigInt(thousands!) * 1000n },
        ];
  const timetable: ForkActivation[] = [];
  for (const { name, timestamp } of steps) {
    // A blob-parameter-only fork (EIP-7892) keeps Osaka's rules.
    const hardfork = /^BPO\d+$/.test(name) ? "osaka" : hardforkOf(name);
    if (hardfork === undefined) return null;
    timetable.push({ timestamp, hardfork, blobSchedule: blobScheduleOf(config, name, hardfork) });
  }
  return { hardfork: timetable.at(-1)!.hardfork, timetable };
}

/** Why the test failed, or null where it passed. Takes the engine over for the time of the test. */
export async function runBlockchainTest(
  engine: Engine,
  fixture: BlockchainFixture,
  scope: Scope,
): Promise<string | null> {
  engine.reset();
  const node = createNode(engine, {
    chainId: quantity(fixture.config?.chainid, 1n),
    forks: scope.timetable,
    accounts: 0,
    alloc: allocOf(fixture.pre),
    genesisHeader: genesisHeaderOf(fixture),
    mining: { auto: false },
  });
  const genesisHash = fixture.genesisBlockHeader.hash;
  if (node.head.hash !== genesisHash) return `genesis hash ${node.head.hash}, expected ${genesisHash}`;
  for (const [index, { rlp, expectException }] of fixture.blocks.entries()) {
    const refusal = await refusalOf(node, rlp);
    if (refusal === null) {
      if (expectException !== undefined) return `block ${index} not refused, expected ${expectException}`;
    } else if (expectException === undefined) {
      return `block ${index} refused: ${refusal.message}`;
    } else if (!isExpectedBlockRefusal(expectException, refusal.rule)) {
      return `block ${index} refused by the rule ${refusal.rule}, expected ${expectException}`;
    }
  }
  if (node.head.hash !== fixture.lastblockhash) {
    return `the last block is ${node.head.hash}, expected ${fixture.lastblockhash}`;
  }
  return fixture.postState === undefined ? null : stateDifference(engine, fixture.postState);
}

/** null where the node took the block; other errors than the node's own are rethrown. */
async function refusalOf(node: ChainNode, rlp: Hex): Promise<InvalidBlockError | null> {
  try {
    await node.importBlock(hexToBytes(rlp));
    return null;
  } catch (error) {
    if (error instanceof InvalidBlockError) return error;
    throw error;
  }
}

function genesisHeaderOf({ genesisRLP }: BlockchainFixture): BlockHeader {
  if (genesisRLP === undefined) throw new Error("the fixture has no genesisRLP");
  return decodeBlock(hexToBytes(genesisRLP)).header;
}

function allocOf(state: FixtureState): Record<Address, GenesisAccount> {
  return Object.fromEntries(
    Object.entries(state).map(([address, { balance, nonce, code, storage }]) => [
      address.toLowerCase() as Address,
      {
        balance: quantity(balance),
        nonce: quantity(nonce),
        code,
        storage: Object.fromEntries(
          Object.entries(storage).map(([slot, value]) => [word(slot), word(value)]),
        ),
      },
    ]),
  );
}

function stateDifference(engine: Engine, expected: FixtureState): string | null {
  for (const [key, account] of Object.entries(expected)) {
    const address = key.toLowerCase() as Address;
    const values: [string, string, string][] = [
      ["balance", String(engine.getBalance(address)), String(quantity(account.balance))],
      ["nonce", String(engine.getNonce(address)), String(quantity(account.nonce))],
      ["code", bytesToHex(engine.getCode(address)), account.code],
      ...Object.entries(account.storage).map(([slot, value]): [string, string, string] => [
        `slot ${slot}`,
        engine.getStorage(address, word(slot)),
        word(value),
      ]),
    ];
    const wrong = values.find(([, have, want]) => have !== want);
    if (wrong !== undefined) return `${wrong[0]} of ${address} is ${wrong[1]}, expected ${wrong[2]}`;
  }
  return null;
}
