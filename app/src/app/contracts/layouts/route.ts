// Where the variables of the contracts lie in storage, for pages that name what transactions waited for.
import layouts from "@polder/contracts/layouts" with { type: "json" };

export const dynamic = "force-static";

export function GET(): Response {
  return Response.json(layouts);
}
