// Says with each page what it may load and whom it may ask: itself, the chain and the index, and nobody else. Scripts
// carry a nonce, so that nothing a stranger wrote can run.
import { type NextRequest, NextResponse } from "next/server";
import { urls } from "./server/settings.ts";

/** WalletConnect's, allowed only where a project id is set. */
const WALLET_CONNECT = [
  "https://*.walletconnect.org",
  "wss://*.walletconnect.org",
  "https://*.walletconnect.com",
];

export function proxy(request: NextRequest): NextResponse {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const policy = policyFor(nonce);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "no-referrer");
  response.headers.set("permissions-policy", "camera=(), microphone=(), geolocation=()");
  return response;
}

function policyFor(nonce: string): string {
  const { rpcUrl, indexUrl, walletConnectProjectId } = urls();
  const development = process.env.NODE_ENV === "development";
  const asked = [new URL(rpcUrl).origin, new URL(indexUrl).origin];
  if (walletConnectProjectId !== undefined) asked.push(...WALLET_CONNECT);
  if (development) asked.push("ws:");
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${asked.join(" ")}`,
    `frame-src ${walletConnectProjectId === undefined ? "'none'" : WALLET_CONNECT.join(" ")}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = { matcher: ["/((?!_next/static|ready).*)"] };
