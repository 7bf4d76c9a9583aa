// The ABIs of all contracts and the words of their errors, for what is decoded rarely: a failure, a stranger's calldata.
// Half a megabyte that no page should load to be seen; pages import by name what they call.
import * as contracts from "@polder/contracts";

export const dynamic = "force-static";

export function GET(): Response {
  const { errorWords } = contracts;
  const abis = Object.fromEntries(Object.entries(contracts).filter(([name]) => name.endsWith("Abi")));
  return Response.json({ abis, errorWords });
}
