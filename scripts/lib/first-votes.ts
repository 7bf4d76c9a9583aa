// Lets the first holders of PLDR on a development chain delegate as the plain data says. By signature, since most of them hold
// nothing to pay for a transaction with.
import { Signature, type Signer } from "ethers";
import { type AnyContract, sent } from "../../contracts/deployment/contract.ts";
import { developmentVoters } from "../../contracts/deployment/voters.ts";
import type { Connection } from "./connection.ts";

const DELEGATION = {
  Delegation: [
    { name: "delegatee", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "expiry", type: "uint256" },
  ],
};
const NEVER = 2n ** 256n - 1n;

/** Each voter's own signature, sent by `payer`. Throws where a voter names a delegate that is none of the voters. */
export async function delegateFirstVotes(
  connection: Pick<Connection, "wallet">,
  payer: Signer,
  token: AnyContract,
): Promise<void> {
  const { name, version, chainId, verifyingContract } = await token.eip712Domain();
  const domain = { name, version, chainId, verifyingContract };
  for (const { account, delegate } of developmentVoters) {
    if (delegate === undefined) continue;
    const named = developmentVoters.find(({ key }) => key === delegate);
    if (named === undefined) throw new Error(`no voter "${delegate}" to delegate to`);
    const holder = connection.wallet(account);
    const message = {
      delegatee: connection.wallet(named.account).address,
      nonce: await token.nonces(holder.address),
      expiry: NEVER,
    };
    const { v, r, s } = Signature.from(await holder.signTypedData(domain, DELEGATION, message));
    const { delegatee, nonce, expiry } = message;
    await sent((token.connect(payer) as AnyContract).delegateBySig(delegatee, nonce, expiry, v, r, s));
  }
}
