// How this folder asks a node: by an EIP-1193 request function, such as a wallet's or a viem client's. Knows no URL.
import {
  type Abi,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  decodeFunctionResult,
  encodeFunctionData,
  type Hex,
  numberToHex,
} from "viem";

/** EIP-1193: anything with `request`. */
export type Rpc = {
  // biome-ignore lint/suspicious/noExplicitAny: clients type their methods each in its own way
  request(args: any): Promise<any>;
};

export type Block = bigint | "latest";

export type Log = { address: Address; topics: [] | [Hex, ...Hex[]]; data: Hex };

/** How many requests are under way at once: more would wait in a browser, and flood a public node. */
const AT_ONCE = 24;

export function blockTag(block: Block): string {
  return block === "latest" ? block : numberToHex(block);
}

/** What a view answers. Throws where it reverts. */
export async function view<
  const abi extends Abi,
  name extends ContractFunctionName<abi, "view" | "pure">,
  const args extends ContractFunctionArgs<abi, "view" | "pure", name>,
>(
  rpc: Rpc,
  call: { address: Address; abi: abi; functionName: name; args?: args; block?: Block },
): Promise<ContractFunctionReturnType<abi, "view" | "pure", name, args>> {
  const { address, block = "latest" } = call;
  const data = encodeFunctionData(call as unknown as Parameters<typeof encodeFunctionData>[0]);
  const result: Hex = await rpc.request({
    method: "eth_call",
    params: [{ to: address, data }, blockTag(block)],
  });
  const decoded = decodeFunctionResult({ ...call, data: result } as unknown as Parameters<
    typeof decodeFunctionResult
  >[0]);
  return decoded as ContractFunctionReturnType<abi, "view" | "pure", name, args>;
}

/** `work` on each of `items`, some at once, answers in their order. */
export async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return results;
}

/** The block's number and time. */
export async function blockAt(
  rpc: Rpc,
  block: Block = "latest",
): Promise<{ number: bigint; timestamp: bigint }> {
  const found = await rpc.request({ method: "eth_getBlockByNumber", params: [blockTag(block), false] });
  if (!found) throw new Error(`the node has no block ${block}`);
  return { number: BigInt(found.number), timestamp: BigInt(found.timestamp) };
}
