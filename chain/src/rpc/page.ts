// What a person sees who opens the node's address in a browser. Plain words, no scripts, nothing to click that acts.

import type { Run } from "./envelope.ts";

/** @param url under which the reader reached us */
export async function renderPage(run: Run, url: string): Promise<string> {
  const outcomes = await run(
    ["web3_clientVersion", "eth_chainId", "eth_blockNumber"].map((method) => ({ method, params: [] })),
  );
  const [version, chainId, height] = outcomes.map((outcome) => ("result" in outcome ? outcome.result : "?"));
  const rows = [
    ["Client", String(version)],
    ["Chain id", String(Number(chainId))],
    ["Newest block", String(Number(height))],
    ["JSON-RPC over HTTP", url],
    ["JSON-RPC over WebSocket", url.replace(/^http/, "ws")],
  ] as const;
  const table = rows
    .map(([name, value]) => `<tr><th>${escapeHtml(name)}<td><code>${escapeHtml(value)}</code>`)
    .join("\n");
  const example = `curl ${url} -H 'content-type: application/json' \\
  -d '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}'`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Polder devchain</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem; color: #0b2533 }
th { text-align: left; font-weight: 500; padding-right: 2rem } code, pre { font-variant-numeric: tabular-nums }
pre { background: #eef3f5; padding: 1rem; overflow-x: auto }
@media (prefers-color-scheme: dark) { body { background: #08202c; color: #e6eef2 } pre { background: #0f2e3d } }
</style>
<h1>Polder devchain</h1>
<p>A local, parallel Ethereum chain for development. Its accounts are public: never send real funds to them.</p>
<table>
${table}
</table>
<p>Wallets and tools connect with the address above. A first request:</p>
<pre>${escapeHtml(example)}</pre>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
