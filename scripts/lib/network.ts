// The networks of hardhat.config.ts, with what the keystore says of them. Loaded only where one is named: Hardhat takes a
// second to start.

export type Network = { name: string; url: string; chainId: number | undefined };

/** The HTTP network `name`. Throws where the configuration has none of that name. */
export async function networkOf(name: string): Promise<Network> {
  const { default: hre } = await import("hardhat");
  const known = Object.entries(hre.config.networks);
  const found = hre.config.networks[name];
  if (found?.type !== "http") {
    const names = known.filter(([, { type }]) => type === "http").map(([each]) => each);
    throw new Error(`no HTTP network "${name}" in hardhat.config.ts: one of ${names.join(", ")}`);
  }
  return { name, url: await found.url.getUrl(), chainId: found.chainId };
}
