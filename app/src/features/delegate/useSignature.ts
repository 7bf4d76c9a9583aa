"use client";
// Signs a delegation without sending it, and checks one that somebody else signed.
import { pLDRAbi } from "@polder/contracts";
import { type Address, recoverTypedDataAddress } from "viem";
import { useConfig } from "wagmi";
import { getWalletClient } from "wagmi/actions";
import { useChainClient } from "../../lib/chain/client.tsx";
import { useSettings } from "../../lib/settings.tsx";
import { DELEGATION, type SignedDelegation } from "./logic.ts";

/** Seconds that a signature is good for. */
const LIFE = 7n * 86_400n;

export type SignatureIssue = "forged" | "expired" | "used";

export function useSignature(token: Address) {
  const config = useConfig();
  const client = useChainClient();
  const { chainId } = useSettings();

  const nonceOf = (account: Address) =>
    client.readContract({ address: token, abi: pLDRAbi, functionName: "nonces", args: [account] });

  const domain = async () => {
    const [, name, version, id, verifyingContract] = await client.readContract({
      address: token,
      abi: pLDRAbi,
      functionName: "eip712Domain",
    });
    return { name, version, chainId: Number(id), verifyingContract };
  };

  const sign = async (delegator: Address, delegatee: Address): Promise<SignedDelegation> => {
    const wallet = await getWalletClient(config, { account: delegator, chainId });
    const [nonce, { timestamp }] = await Promise.all([nonceOf(delegator), client.getBlock()]);
    const message = { delegatee, nonce, expiry: timestamp + LIFE };
    const signature = await wallet.signTypedData({
      account: delegator,
      domain: await domain(),
      types: DELEGATION,
      primaryType: "Delegation",
      message,
    });
    return { delegator, ...message, signature };
  };

  /** Why the token would not take it; undefined where it would. */
  const check = async (signed: SignedDelegation): Promise<SignatureIssue | undefined> => {
    const { delegator, delegatee, nonce, expiry, signature } = signed;
    const message = { delegatee, nonce, expiry };
    const [signer, current, { timestamp }] = await Promise.all([
      recoverTypedDataAddress({
        domain: await domain(),
        types: DELEGATION,
        primaryType: "Delegation",
        message,
        signature,
      }).catch(() => undefined),
      nonceOf(delegator),
      client.getBlock(),
    ]);
    if (signer?.toLowerCase() !== delegator.toLowerCase()) return "forged";
    if (expiry < timestamp) return "expired";
    return nonce === current ? undefined : "used";
  };

  return { sign, check };
}
