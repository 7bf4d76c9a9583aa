// eth_feeHistory: base fees, fullness and paid tips of a run of blocks. A pure function of stored blocks.

import { blobBaseFee } from "../protocol/fees.ts";
import { ChainError } from "./errors.ts";
import type { StoredBlock } from "./history.ts";
import { rulesAt } from "./options.ts";
import { maxBlobGas } from "./producer.ts";
import type { FeeHistory, ForkActivation } from "./types.ts";

/** geth's limit. */
export const MAX_FEE_HISTORY_BLOCKS = 1_024;

/** `blocks` oldest first; `next` are the fees of the block after the last. */
export function feeHistoryOf(
  blocks: readonly StoredBlock[],
  next: { baseFeePerGas: bigint; blobBaseFee: bigint },
  forks: readonly ForkActivation[],
  percentiles?: readonly number[],
): FeeHistory {
  percentiles?.forEach((percentile, i) => {
    if (!(percentile >= 0 && percentile <= 100) || (i > 0 && percentile < percentiles[i - 1]!)) {
      throw new ChainError(
        "invalid-input",
        `invalid reward percentile ${percentile}: give numbers from 0 to 100 in rising order`,
      );
    }
  });
  return {
    oldestBlock: blocks[0]?.header.number ?? 0n,
    baseFeePerGas: [...blocks.map(({ header }) => header.baseFeePerGas), next.baseFeePerGas],
    gasUsedRatio: blocks.map(({ header }) => Number(header.gasUsed) / Number(header.gasLimit)),
    baseFeePerBlobGas: [
      ...blocks.map(({ header }) =>
        blobBaseFee(header.excessBlobGas, rulesAt(forks, header.timestamp).blobSchedule),
      ),
      next.blobBaseFee,
    ],
    blobGasUsedRatio: blocks.map(
      ({ header }) =>
        Number(header.blobGasUsed) / Number(maxBlobGas(rulesAt(forks, header.timestamp).blobSchedule)),
    ),
    ...(percentiles ? { reward: blocks.map((block) => rewards(block, percentiles)) } : {}),
  };
}

/** The tips, weighted by gas, at each percentile of the block's gas; wei per gas. */
function rewards({ header, results }: StoredBlock, percentiles: readonly number[]): bigint[] {
  if (results.length === 0) return percentiles.map(() => 0n);
  const tips = results
    .map(({ effectiveGasPrice, gasUsed }) => ({ tip: effectiveGasPrice - header.baseFeePerGas, gasUsed }))
    .sort((a, b) => (a.tip < b.tip ? -1 : a.tip > b.tip ? 1 : 0));
  let at = 0;
  let sum = tips[0]!.gasUsed;
  return percentiles.map((percentile) => {
    const threshold = (header.gasUsed * BigInt(Math.floor(percentile * 1_000))) / 100_000n;
    while (sum < threshold && at < tips.length - 1) sum += tips[++at]!.gasUsed;
    return tips[at]!.tip;
  });
}
