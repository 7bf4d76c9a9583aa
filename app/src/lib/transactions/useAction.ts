"use client";
// The way of every action: check the network, simulate, allow (permit or approve), sign, follow to the end. Knows no
// action: features say what is to be called, in which words, and what it changes.
import type { QueryKey } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import {
  type Abi,
  type Address,
  encodeFunctionData,
  erc20Abi,
  type Hash,
  type Hex,
  type PublicClient,
  parseSignature,
  type WalletClient,
} from "viem";
import { useConfig, useConnection } from "wagmi";
import { getWalletClient } from "wagmi/actions";
import { useChainClient } from "../chain/client.tsx";
import { isAnother, readGenesis } from "../chain/head.ts";
import { type ArgumentFormat, explain, type Failure, failure } from "../errors.ts";
import { useSettings } from "../settings.tsx";
import { type Eip1193, genesisOf } from "../wallet/genesis.ts";
import { useTransactionStore } from "./TransactionsProvider.tsx";

export type Call = {
  address: Address;
  abi: Abi | readonly unknown[];
  functionName: string;
  args: readonly unknown[];
};

/** A signed permit, as `IRouter.permit` takes it. */
export type Permit = { token: Address; value: bigint; deadline: bigint; v: number; r: Hex; s: Hex };

export type Allowance = {
  token: Address;
  spender: Address;
  /** At least so much; exactly this is granted where it lacks. */
  amount: bigint;
  /**
   * The call that brings a permit along, in place of an approval in a transaction of its own. Leave it out where the
   * token has none, or the user prefers to approve. The permit is for this call's contract.
   */
  withPermit?: (permit: Permit) => Call;
};

export type ActionRequest = {
  /** In words, with amounts and units: `Supply 50 pUSD`. */
  title: string;
  call: Call;
  allowance?: Allowance;
  /** Keys of `lib/chain/keys.ts` that it changes. */
  invalidates: readonly QueryKey[];
  /** Units for the arguments of custom errors. */
  format?: ArgumentFormat;
};

/** Where a state is one of several transactions in a row: which, of how many, and its title. */
export type Part = { number: number; of: number; title: string };

export type ActionState = ActionStep & { part?: Part };

type ActionStep =
  | { step: "idle" }
  | { step: "checking" }
  /** Waits for the wallet: to sign a permit, to send an approval, to send the action itself. */
  | { step: "permit" }
  | { step: "approve" }
  | { step: "sign" }
  | { step: "pending"; hash: Hash; approval: boolean }
  | { step: "confirmed"; hash: Hash; block: string }
  | { step: "failed"; failure: Failure; hash?: Hash };

/** Seconds that a permit may be used for, from the chain's newest block on. */
const PERMIT_LIFE = 1_200n;
/** An estimate is of the second it was asked in; one that lands later may write more slots. Tenths. */
const GAS_ROOM = 14n;

/** One action at a time; `busy` from the first check until it is in a block. */
export function useAction() {
  const config = useConfig();
  const client = useChainClient();
  const store = useTransactionStore();
  const { chainId, record } = useSettings();
  const { address, chainId: walletChain, isConnected } = useConnection();
  const [state, setState] = useState<ActionState>({ step: "idle" });

  // What a wallet was refused for is past once it has moved.
  useEffect(() => {
    if (walletChain !== chainId) return;
    setState((now) =>
      now.step === "failed" && now.failure.kind === "wrongNetwork" ? { step: "idle" } : now,
    );
  }, [walletChain, chainId]);

  const run = useCallback(
    /** Several follow each other: all are simulated before the first is signed, and the first that fails ends it. */
    async (...requests: readonly ActionRequest[]): Promise<ActionState> => {
      let part: Part | undefined;
      const show = (step: ActionStep): ActionState => {
        const next = part === undefined ? step : { ...step, part };
        setState(next);
        return next;
      };
      if (!isConnected || address === undefined)
        return show({ step: "failed", failure: failure("notConnected") });
      if (walletChain !== chainId) return show({ step: "failed", failure: failure("wrongNetwork") });
      let current = requests[0];
      try {
        show({ step: "checking" });
        const wallet = await getWalletClient(config, { account: address, chainId });
        const context: Context = { client, wallet, account: address, store, setState: show };
        const elsewhere = await differs(context, record?.genesisHash);
        if (elsewhere !== undefined) return show({ step: "failed", failure: failure(elsewhere) });
        await simulate(context, requests);
        let done: ActionStep = { step: "idle" };
        for (const [i, request] of requests.entries()) {
          current = request;
          if (requests.length > 1) part = { number: i + 1, of: requests.length, title: request.title };
          done = await perform(context, request);
          if (done.step !== "confirmed") break;
        }
        return show(done);
      } catch (error) {
        return show({ step: "failed", failure: await explain(error, current?.format) });
      }
    },
    [address, chainId, client, config, isConnected, record, store, walletChain],
  );

  const reset = useCallback(() => setState({ step: "idle" }), []);
  const busy = !["idle", "confirmed", "failed"].includes(state.step);
  return { state, busy, run, reset };
}

type Context = {
  client: PublicClient;
  wallet: WalletClient;
  account: Address;
  store: ReturnType<typeof useTransactionStore>;
  setState(state: ActionStep): void;
};

/**
 * Whose block 0 is not the recorded one. Where nothing is deployed every call succeeds, so that no simulation would tell.
 */
async function differs(
  { client, wallet }: Context,
  recorded: string | undefined,
): Promise<"restarted" | "walletElsewhere" | undefined> {
  const [page, own] = await Promise.all([
    readGenesis(client),
    genesisOf(wallet as Eip1193).catch(() => undefined),
  ]);
  if (isAnother(page, recorded)) return "restarted";
  return isAnother(own, recorded) ? "walletElsewhere" : undefined;
}

async function lacksAllowance(client: PublicClient, owner: Address, { token, spender, amount }: Allowance) {
  const granted = await client.readContract({
    address: token,
    abi: erc20Abi,
    functionName: "allowance",
    args: [owner, spender],
  });
  return granted < amount;
}

function approvalOf({ token, spender, amount }: Allowance): Call {
  return { address: token, abi: erc20Abi, functionName: "approve", args: [spender, amount] };
}

/** Allows where that lacks, then sends. */
async function perform(context: Context, request: ActionRequest): Promise<ActionStep> {
  const { client, account, setState } = context;
  const { allowance } = request;
  let call = request.call;
  if (allowance !== undefined && (await lacksAllowance(client, account, allowance))) {
    if (allowance.withPermit !== undefined) {
      setState({ step: "permit" });
      call = allowance.withPermit(await signPermit(context, allowance));
    } else {
      const approval = await send(context, approvalOf(allowance), { ...request, invalidates: [] }, true);
      if (approval.step !== "confirmed") return approval;
    }
  }
  return send(context, call, request, false);
}

/** Throws what the contracts would say, before anything is signed. An approval that lacks is simulated before its call. */
async function simulate({ client, account }: Context, requests: readonly ActionRequest[]) {
  const steps: Call[][] = await Promise.all(
    requests.map(async ({ call, allowance }) =>
      allowance !== undefined && (await lacksAllowance(client, account, allowance))
        ? [approvalOf(allowance), call]
        : [call],
    ),
  );
  const calls = steps.flat().map((call) => ({ account, to: call.address, data: dataOf(call) }));
  const [only] = calls;
  if (calls.length === 1 && only !== undefined) {
    await client.call(only);
    return;
  }
  const blocks = await client.simulateBlocks({ blocks: [{ calls }] }).catch(
    () => undefined, // a node without eth_simulateV1: each estimate tells, once what it needs is in a block
  );
  const failed = blocks?.[0]?.calls.find(({ status }) => status === "failure");
  if (failed !== undefined) throw Object.assign(new Error("reverted"), { data: failed.data });
}

async function signPermit(
  { client, wallet, account }: Context,
  { token, spender, amount }: Allowance,
): Promise<Permit> {
  const contract = { address: token, abi: PERMIT_ABI } as const;
  const [nonce, [, name, version, chainId, verifyingContract], { timestamp }] = await Promise.all([
    client.readContract({ ...contract, functionName: "nonces", args: [account] }),
    client.readContract({ ...contract, functionName: "eip712Domain" }),
    client.getBlock(),
  ]);
  const deadline = timestamp + PERMIT_LIFE;
  const signature = await wallet.signTypedData({
    account,
    domain: { name, version, chainId: Number(chainId), verifyingContract },
    types: {
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    message: { owner: account, spender, value: amount, nonce, deadline },
  });
  const { r, s, yParity } = parseSignature(signature);
  return { token, value: amount, deadline, v: 27 + yParity, r, s };
}

/** Sends a call, writes it down and follows it to its end. */
async function send(
  { client, wallet, account, store, setState }: Context,
  call: Call,
  { title, invalidates, format }: Pick<ActionRequest, "title" | "invalidates" | "format">,
  approval: boolean,
): Promise<ActionStep> {
  const target = { to: call.address, data: dataOf(call) };
  const gas = await client.estimateGas({ account, ...target });
  const [nonce, { timestamp }] = await Promise.all([
    client.getTransactionCount({ address: account, blockTag: "pending" }),
    client.getBlock(),
  ]);
  setState({ step: approval ? "approve" : "sign" });
  const hash = await wallet.sendTransaction({
    account,
    chain: wallet.chain,
    ...target,
    gas: (gas * GAS_ROOM) / 10n,
  });
  // At once: whatever falls silent now, it was sent.
  store.add(
    {
      hash,
      account,
      nonce,
      title: approval ? `${title}: approval` : title,
      status: "pending",
      sentAt: Number(timestamp),
      invalidates,
    },
    format,
  );
  setState({ step: "pending", hash, approval });
  const outcome = await store.outcome(hash);
  return outcome.status === "confirmed"
    ? { step: "confirmed", hash, block: outcome.block ?? "" }
    : { step: "failed", hash, failure: outcome.failure ?? failure("unknown") };
}

function dataOf({ abi, functionName, args }: Call): Hex {
  return encodeFunctionData({ abi: abi as Abi, functionName, args });
}

const PERMIT_ABI = [
  {
    type: "function",
    name: "nonces",
    stateMutability: "view",
    inputs: [{ name: "owner", type: "address" }],
    outputs: [{ type: "uint256" }],
  },
  {
    type: "function",
    name: "eip712Domain",
    stateMutability: "view",
    inputs: [],
    outputs: [
      { name: "fields", type: "bytes1" },
      { name: "name", type: "string" },
      { name: "version", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
      { name: "salt", type: "bytes32" },
      { name: "extensions", type: "uint256[]" },
    ],
  },
] as const;
