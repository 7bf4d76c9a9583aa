// Permits (ERC-2612) and signed authorisations of a market, as wallets sign them.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { Signature } from "ethers";
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { ethers } from "./network.ts";

const field = (declaration: string) => {
  const [type, name] = declaration.split(" ") as [string, string];
  return { type, name };
};

export type Permit = { deadline: bigint; v: number; r: string; s: string };

/** `owner` lets `spender` have `value` of `token`, for ever. `version` of the token's EIP-712 domain. */
export async function signPermit(
  token: AnyContract,
  owner: HardhatEthersSigner,
  spender: AnyContract,
  value: bigint,
  version = "1",
): Promise<Permit> {
  const { chainId } = await ethers.provider.getNetwork();
  const deadline = ethers.MaxUint256;
  const signature = await owner.signTypedData(
    { name: await token.name(), version, chainId, verifyingContract: String(token.target) },
    {
      Permit: ["address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline"].map(
        field,
      ),
    },
    { owner: owner.address, spender: spender.target, value, nonce: await token.nonces(owner), deadline },
  );
  const { v, r, s } = Signature.from(signature);
  return { deadline, v, r, s };
}

/** `owner` lets `operator` act for him at `market`, or no longer. */
export async function signAuthorisation(
  market: AnyContract,
  owner: HardhatEthersSigner,
  operator: AnyContract,
  { authorised, nonce, deadline }: { authorised: boolean; nonce: bigint; deadline: bigint },
): Promise<string> {
  const { chainId } = await ethers.provider.getNetwork();
  return owner.signTypedData(
    { name: "Polder Market", version: "1", chainId, verifyingContract: String(market.target) },
    {
      Authorisation: [
        "address owner",
        "address operator",
        "bool authorised",
        "uint256 nonce",
        "uint256 deadline",
      ].map(field),
    },
    { owner: owner.address, operator: operator.target, authorised, nonce, deadline },
  );
}
