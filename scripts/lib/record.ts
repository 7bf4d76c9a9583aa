// Whether a recorded deployment is on the chain that a node keeps: a development chain begins anew under the same id.
import type { DeploymentRecord } from "../../contracts/deployment/record.ts";
import type { Connection } from "./connection.ts";

/** Throws where the node keeps another chain than the one deployed to. */
export async function requireDeployedHere(
  { provider, chainId }: Connection,
  { genesisHash }: DeploymentRecord,
): Promise<void> {
  const genesis = await provider.getBlock(0);
  if (genesis?.hash === genesisHash) return;
  throw new Error(
    `chain ${chainId} began anew since the deployment that is recorded: deploy again with \`npm run deploy\``,
  );
}
