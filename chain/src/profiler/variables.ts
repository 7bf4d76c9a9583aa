// Names a storage slot as the Solidity variables that lie in it: by solc's storageLayout, and for mappings and dynamic arrays by
// the keccak-256 preimages seen while executing (keccak256PreimageTracer). Pure; it must not know where either comes from.
// Source: Solidity's documentation, "Layout of State Variables in Storage".

/** What solc tells of a type. */
interface StorageType {
  encoding: "inplace" | "mapping" | "dynamic_array" | "bytes";
  label: string;
  /** Decimal. */
  numberOfBytes: string;
  /** Of elements, keys, values. */
  base?: string;
  key?: string;
  value?: string;
  members?: readonly StorageMember[];
}

/** A variable or a struct's member: where it lies, counted from the contract's or the struct's beginning. */
interface StorageMember {
  label: string;
  /** Decimal. */
  slot: string;
  /** Bytes, from the slot's low end. */
  offset: number;
  type: string;
}

/** solc's `storageLayout` of a contract; `types` is null where it has no storage. */
export interface StorageLayout {
  storage: readonly StorageMember[];
  types: Readonly<Record<string, StorageType>> | null;
}

/** By hash; both as 0x-hex. */
export type Preimages = Readonly<Record<string, string>>;

/** A step into a variable: a member's name, or what stands in brackets, with its type as Solidity writes it. */
export type Step = { member: string } | { index: string; type: string };

/** A variable in a slot. */
export interface Variable {
  path: readonly Step[];
  /** As Solidity writes it. */
  type: string;
}

const WORD = 32n; // bytes
/** Hashes within hashes: mappings of mappings go as deep as a contract declares them. */
const DEEPEST = 8;
/** Slots from a hash to what lies behind it: an array of more elements was never filled, and others only seem to follow it. */
const FARTHEST = 2n ** 32n;

/** The variables in `slot` (0x-hex); none where it cannot be told. */
export function variablesAt(layout: StorageLayout, slot: string, preimages: Preimages): Variable[] {
  const reader = new Reader(layout.types ?? {}, layout.storage, preimages);
  return reader.at(BigInt(slot), DEEPEST).map(({ path, type }) => ({ path, type: type.label }));
}

/**
 * Variables of one slot as one text, what they share said once: `_state.positions[0xab…][0].{collateral, scaledDebt}`.
 * @param name how what stands in brackets is written; as it is by default.
 */
export function variableText(
  variables: readonly Variable[],
  name: (step: { index: string; type: string }) => string = ({ index }) => index,
): string {
  const [first, ...others] = variables.map(({ path }) => path);
  if (first === undefined) return "";
  let shared = first.length;
  for (const other of others) {
    let same = 0;
    while (same < shared && same < other.length && equal(first[same]!, other[same]!)) same++;
    shared = same;
  }
  const text = (steps: readonly Step[]) =>
    steps.map((step) => ("member" in step ? `.${step.member}` : `[${name(step)}]`)).join("");
  const head = text(first.slice(0, shared)).slice(1);
  if (others.length === 0) return head;
  const tails = [first, ...others].map((path) => text(path.slice(shared)).replace(/^\./, ""));
  return head === "" ? tails.join(", ") : `${head}.{${tails.join(", ")}}`;
}

function equal(one: Step, other: Step): boolean {
  return "member" in one
    ? "member" in other && one.member === other.member
    : "index" in other && one.index === other.index;
}

/** A variable whose type can be looked into. */
interface Place {
  path: readonly Step[];
  type: StorageType;
}

class Reader {
  readonly #types: Readonly<Record<string, StorageType>>;
  readonly #storage: readonly StorageMember[];
  readonly #hashed: readonly { hash: bigint; preimage: string }[];

  constructor(
    types: Readonly<Record<string, StorageType>>,
    storage: readonly StorageMember[],
    preimages: Preimages,
  ) {
    this.#types = types;
    this.#storage = storage;
    this.#hashed = Object.entries(preimages)
      .map(([hash, preimage]) => ({ hash: BigInt(hash), preimage: preimage.slice(2) }))
      .filter(({ preimage }) => preimage.length >= 2 * Number(WORD));
  }

  /** What lies in `slot`; containers too, of which that slot is the root. */
  at(slot: bigint, depth: number): Place[] {
    const declared = this.#members(this.#storage, slot, []);
    if (declared.length > 0 || depth === 0) return declared;
    for (const { hash, preimage } of this.#hashed) {
      if (slot < hash || slot - hash >= FARTHEST) continue;
      const found = this.#behind(preimage, slot - hash, depth);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** What lies `slots` behind the hash of `preimage`: a mapping's value, or an array's elements. */
  #behind(preimage: string, slots: bigint, depth: number): Place[] {
    const key = preimage.slice(0, -64);
    const root = BigInt(`0x${preimage.slice(-64)}`);
    const encoding = key === "" ? "dynamic_array" : "mapping";
    const container = this.at(root, depth - 1).find(({ type }) => type.encoding === encoding);
    if (container === undefined) return [];
    const { path, type } = container;
    if (type.encoding === "mapping") {
      const value = this.#type(type.value);
      const keyType = this.#type(type.key);
      if (slots >= slotsOf(value)) return [];
      return this.#inside(value, slots, [
        ...path,
        { index: keyText(key, keyType.label), type: keyType.label },
      ]);
    }
    return this.#elements(this.#type(type.base), slots, path);
  }

  #members(members: readonly StorageMember[], slot: bigint, path: readonly Step[]): Place[] {
    return members.flatMap(({ label, slot: begin, type: id }) => {
      const type = this.#type(id);
      const slots = slot - BigInt(begin);
      if (slots < 0n || slots >= slotsOf(type)) return [];
      return this.#inside(type, slots, [...path, { member: label }]);
    });
  }

  #inside(type: StorageType, slots: bigint, path: readonly Step[]): Place[] {
    if (type.members !== undefined) return this.#members(type.members, slots, path);
    if (type.encoding === "inplace" && type.base !== undefined)
      return this.#elements(this.#type(type.base), slots, path);
    return [{ path, type }];
  }

  #elements(element: StorageType, slots: bigint, path: readonly Step[]): Place[] {
    const bytes = BigInt(element.numberOfBytes);
    const index = (value: bigint | string): Step => ({ index: `${value}`, type: "uint256" });
    if (bytes >= WORD) {
      const each = slotsOf(element);
      return this.#inside(element, slots % each, [...path, index(slots / each)]);
    }
    const perSlot = WORD / bytes;
    const first = slots * perSlot;
    return [{ path: [...path, index(`${first}..${first + perSlot - 1n}`)], type: element }];
  }

  #type(id: string | undefined): StorageType {
    const type = id === undefined ? undefined : this.#types[id];
    if (type === undefined) throw new Error(`the storage layout does not tell the type ${id}`);
    return type;
  }
}

function slotsOf({ numberOfBytes }: StorageType): bigint {
  return (BigInt(numberOfBytes) + WORD - 1n) / WORD;
}

/** A mapping's key as it was hashed: value types padded to a word, bytes and strings as they are. */
function keyText(hex: string, type: string): string {
  if (type === "string") return JSON.stringify(new TextDecoder().decode(bytesOf(hex)));
  if (type === "bytes") return `0x${hex}`;
  const value = BigInt(`0x${hex}`);
  if (type === "address" || type.startsWith("contract ")) return `0x${hex.slice(-40)}`;
  if (type === "bool") return value === 0n ? "false" : "true";
  const bytes = /^bytes(\d+)$/.exec(type)?.[1];
  if (bytes !== undefined) return `0x${hex.slice(0, 2 * Number(bytes))}`;
  if (type.startsWith("int")) return `${BigInt.asIntN(256, value)}`;
  return `${value}`;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
