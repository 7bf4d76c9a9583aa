// Signs NAV reports and confirmations as attestors do (EIP-712) and orders the signatures as the oracle wants them.
import type { AbstractSigner, TypedDataDomain } from "ethers";
import type { AnyContract } from "./contract.ts";

export type NavReport = {
  round: number;
  /** Per whole token, in the oracle's decimals. */
  nav: bigint;
  /** When the assets were valued, seconds. */
  navDate: number;
  ripcord: boolean;
};

const reportTypes = {
  NavReport: [
    { name: "round", type: "uint32" },
    { name: "nav", type: "uint128" },
    { name: "navDate", type: "uint64" },
    { name: "ripcord", type: "bool" },
  ],
};
const confirmationTypes = {
  NavConfirmation: [
    { name: "round", type: "uint32" },
    { name: "nav", type: "uint128" },
    { name: "navDate", type: "uint64" },
  ],
};

/** Signatures of `report` by each of `attestors`, sorted by signer. */
export async function signReport(
  oracle: AnyContract,
  attestors: readonly AbstractSigner[],
  report: NavReport,
): Promise<string[]> {
  return signSorted(oracle, attestors, reportTypes, report);
}

/** Signatures that confirm the oracle's pending NAV, sorted by signer. Throws where nothing is pending. */
export async function signConfirmation(
  oracle: AnyContract,
  attestors: readonly AbstractSigner[],
): Promise<string[]> {
  const { nav, navDate, round } = await oracle.pending();
  if (nav === 0n) throw new Error("no NAV is pending: there is nothing to confirm");
  return signSorted(oracle, attestors, confirmationTypes, { round, nav, navDate });
}

async function signSorted(
  oracle: AnyContract,
  attestors: readonly AbstractSigner[],
  types: Record<string, { name: string; type: string }[]>,
  message: Record<string, unknown>,
): Promise<string[]> {
  const { name, version, chainId, verifyingContract } = await oracle.eip712Domain();
  const domain: TypedDataDomain = { name, version, chainId, verifyingContract };
  const signed = await Promise.all(
    attestors.map(async (attestor) => ({
      signer: BigInt(await attestor.getAddress()),
      signature: await attestor.signTypedData(domain, types, message),
    })),
  );
  return signed.sort((a, b) => (a.signer < b.signer ? -1 : 1)).map(({ signature }) => signature);
}
