// Turns what a contract or a node says into a sentence for people, with the words that the contracts themselves give.
import { Interface, isError } from "ethers";
import { loadArtifact, loadErrorWords } from "../../contracts/artifacts.ts";
import { governanceNames } from "../../contracts/deployment/governance.ts";
import { marketNames, sourceNames } from "../../contracts/deployment/market.ts";
import { sharedNames } from "../../contracts/deployment/protocol.ts";

const KNOWN = [marketNames, sourceNames, sharedNames, governanceNames].flatMap((names) =>
  Object.values(names),
);

/** Why a call failed: the custom error with its arguments and its words where there is one. */
export function explain(error: unknown): string {
  const data = isError(error, "CALL_EXCEPTION") ? error.data : null;
  return explainRevert(data ?? "0x") ?? (error instanceof Error ? error.message : String(error));
}

/** The custom error that revert `data` holds, with its words; undefined where none of ours does. */
export function explainRevert(data: string): string | undefined {
  if (data === "0x") return undefined;
  for (const each of interfaces()) {
    const parsed = each.parseError(data);
    if (parsed === null) continue;
    const words = loadErrorWords()[parsed.signature];
    const call = `${parsed.name}(${parsed.args.join(", ")})`;
    return words === undefined ? call : `${call}: ${words}`;
  }
  return undefined;
}

let known: Interface[] | undefined;

/** Read once: a keeper explains many refusals. */
function interfaces(): Interface[] {
  known ??= KNOWN.map((name) => new Interface(JSON.stringify(loadArtifact(name).abi)));
  return known;
}
