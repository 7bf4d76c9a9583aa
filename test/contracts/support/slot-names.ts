// Names storage slots as Solidity variables, from the layouts that solc wrote: every variable of fixed size, and mappings
// by the keys it is told of. Knows no network.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AbiCoder, keccak256, toBeHex } from "ethers";

const ARTIFACTS = join(import.meta.dirname, "../../../contracts/build/artifacts");
/** Keys of mappings by number: the terms of a position. */
const NUMBERS = [0n];

type Variable = { label: string; slot: string; type: string };
type Type = { encoding: string; numberOfBytes: string; base?: string; key?: string; value?: string } & {
  members?: Variable[];
};
type Layout = { storage: Variable[]; types: Record<string, Type> };

/** A contract at an address, and the file it is compiled from. */
export type Named = { address: string; name: string; source: string };

/** Names of `address:slot`, both lower case; what it does not know keeps its number. `keys` are words by address. */
export function slotNames(
  contracts: readonly Named[],
  keys: ReadonlyMap<string, string>,
): (key: string) => string {
  const names = new Map<string, string>();
  for (const { address, name, source } of contracts) {
    const layout = layoutOf(source);
    const add = (slot: bigint, label: string) => {
      const key = `${address.toLowerCase()}:${toBeHex(slot, 32)}`;
      const before = names.get(key);
      names.set(key, before === undefined ? `${name}.${label}` : `${before}, ${label}`);
    };
    for (const { label, slot, type } of layout.storage) expand(layout, type, BigInt(slot), label, keys, add);
  }
  return (key) => {
    const [address = "", slot = ""] = key.split(":");
    return names.get(key) ?? `${keys.get(address) ?? address} slot ${slot.replace(/^0x0+(?=.)/, "0x")}`;
  };
}

function expand(
  layout: Layout,
  typeId: string,
  slot: bigint,
  label: string,
  keys: ReadonlyMap<string, string>,
  add: (slot: bigint, label: string) => void,
): void {
  const type = layout.types[typeId];
  if (type === undefined) throw new Error(`${label}: the layout does not tell of ${typeId}`);
  const inner = (id: string, at: bigint, name: string) => expand(layout, id, at, name, keys, add);
  const size = Number(type.numberOfBytes);
  if (type.encoding === "mapping") {
    const words =
      type.key === "t_uint256"
        ? NUMBERS.map((number) => [number, String(number)] as const)
        : type.key?.startsWith("t_address") || type.key?.startsWith("t_contract")
          ? [...keys].map(([address, word]) => [BigInt(address), word] as const)
          : [];
    // Of two addresses only allowances are keyed, which nobody changes here.
    if (layout.types[type.value ?? ""]?.key?.startsWith("t_address")) return;
    for (const [word, name] of words) inner(type.value ?? "", slotOf(word, slot), `${label}[${name}]`);
  } else if (type.members !== undefined && size > 32) {
    for (const member of type.members)
      inner(member.type, slot + BigInt(member.slot), `${label}.${member.label}`);
  } else if (type.base !== undefined && type.encoding === "inplace") {
    const each = BigInt(layout.types[type.base]?.numberOfBytes ?? 0);
    const slots = (each + 31n) / 32n;
    for (let index = 0n; each >= 32n && index < BigInt(size) / (32n * slots); index++) {
      inner(type.base, slot + index * slots, `${label}[${index}]`);
    }
    if (each < 32n) add(slot, label);
  } else add(slot, label);
}

/** Solidity documentation, "Layout of State Variables in Storage": keccak256(key . slot). */
function slotOf(key: bigint, slot: bigint): bigint {
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [key, slot])));
}

const outputs = new Map<string, Record<string, Record<string, { storageLayout: Layout }>>>();

/** `source` as in "contracts/src/pool/LendingPool.sol", the contract named after its file. */
function layoutOf(source: string): Layout {
  const contract = source.replace(/^.*\/(\w+)\.sol$/, "$1");
  const artifact = readJson(join(ARTIFACTS, source, `${contract}.json`)) as {
    buildInfoId: string;
    inputSourceName: string;
  };
  let output = outputs.get(artifact.buildInfoId);
  if (output === undefined) {
    const file = join(ARTIFACTS, "build-info", `${artifact.buildInfoId}.output.json`);
    output = (readJson(file) as { output: { contracts: NonNullable<typeof output> } }).output.contracts;
    outputs.set(artifact.buildInfoId, output);
  }
  const layout = output[artifact.inputSourceName]?.[contract]?.storageLayout;
  if (layout === undefined) throw new Error(`no storage layout of ${contract}: compile the contracts`);
  return layout;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
