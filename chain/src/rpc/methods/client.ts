// Who the node is: versions, chain id, capabilities, and the metadata by which Hardhat's and Foundry's tools know it.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { quantity } from "../encode.ts";
import { method } from "../method.ts";
import { anything, data, required } from "../parameters.ts";

export const clientMethods = [
  method("web3_clientVersion", [], ({ clientVersion }) => clientVersion),
  method("web3_sha3", [required("data", data)], (_context, bytes) => {
    return `0x${Buffer.from(keccak_256(Buffer.from(bytes.slice(2), "hex"))).toString("hex")}`;
  }),
  method("net_version", [], ({ node }) => node.chainId.toString()),
  method("net_listening", [], () => true),
  method("net_peerCount", [], () => "0x0"),
  method("eth_chainId", [], ({ node }) => quantity(node.chainId)),
  method("eth_syncing", [], () => false),
  method("eth_mining", [], ({ node }) => node.info().mining.auto),
  method("eth_hashrate", [], () => "0x0"),
  method("eth_protocolVersion", [], () => "0x41"),

  /** What a router may ask of this node: everything from genesis on, but proofs of the newest state only. */
  method("eth_capabilities", [], ({ node }) => {
    const { hash, header } = node.head;
    const all = { disabled: false, oldestBlock: "0x0" };
    return {
      head: { number: quantity(header.number), hash },
      state: all,
      tx: all,
      logs: all,
      receipts: all,
      blocks: all,
      stateproofs: { disabled: false, oldestBlock: quantity(header.number) },
    };
  }),

  method(["hardhat_metadata", "anvil_metadata"], [], ({ node, clientVersion }) => ({
    clientVersion,
    chainId: Number(node.chainId),
    instanceId: node.info().instanceId,
    latestBlockNumber: Number(node.head.header.number),
    latestBlockHash: node.head.hash,
  })),
  method("anvil_nodeInfo", [], async ({ node }) => {
    const info = node.info();
    const { hash, header } = node.head;
    return {
      currentBlockNumber: quantity(header.number),
      currentBlockTimestamp: Number(header.timestamp),
      currentBlockHash: hash,
      hardFork: info.hardfork,
      transactionOrder: info.mining.order === "priority" ? "fees" : "fifo",
      environment: {
        baseFee: quantity(header.baseFeePerGas),
        chainId: Number(info.chainId),
        gasLimit: quantity(info.blockGasLimit),
        gasPrice: quantity(await node.gasPrice()),
      },
      forkConfig: { forkUrl: null, forkBlockNumber: null, forkRetryBackoff: null },
    };
  }),
  /** Whether blocks are announced in the terminal is the CLI's affair; it sees this call pass. */
  method("hardhat_setLoggingEnabled", [required("enabled", anything)], () => true),
  /** Hardhat's own stack traces; ours will come from the profiler. false: not taken. */
  method(
    "hardhat_addCompilationResult",
    [required("solcVersion", anything), required("input", anything), required("output", anything)],
    () => false,
  ),
];
