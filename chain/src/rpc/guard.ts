// Who may talk to a node that signs for unlocked accounts: no web page, unless it was let in by name. Host is checked
// against DNS rebinding, Origin against cross-site requests, Content-Type because a form can post text/plain without a
// preflight. It knows nothing of JSON-RPC.

import { isIP } from "node:net";

export interface GuardOptions {
  /** The address listened on. */
  host: string;
  /** Further names under which clients reach us. */
  allowedHosts?: readonly string[];
  /** Origins of web pages that are let in, such as http://localhost:3000; "*" lets every page in. */
  allowedOrigins?: readonly string[];
}

export interface Guard {
  /** null when fine, otherwise words for the client. `header` is the Host header. */
  refuseHost(header: string | undefined): string | null;
  /** The same of the Origin header; programs send none. */
  refuseOrigin(header: string | undefined): string | null;
  /** The same of the Content-Type header of a POST. */
  refuseContentType(header: string | undefined): string | null;
}

/** Browser extensions (wallets) are programs that the user installed, not pages; their origin can't be forged by one. */
const EXTENSION = /^(chrome|moz|safari-web)-extension:\/\//;
const JSON_TYPES = new Set(["application/json", "application/json-rpc", "application/jsonrequest"]);

export function createGuard(options: GuardOptions): Guard {
  const hosts = new Set(
    ["localhost", options.host, ...(options.allowedHosts ?? [])].map((host) => host.toLowerCase()),
  );
  const origins = new Set(
    (options.allowedOrigins ?? []).map((origin) => origin.toLowerCase().replace(/\/$/, "")),
  );

  return {
    refuseHost(header) {
      if (header === undefined) return "a Host header is needed";
      const name = hostName(header);
      // Rebinding needs a name under the attacker's control: an address in its place is harmless.
      if (name !== null && (hosts.has(name) || isIP(name) !== 0 || name.endsWith(".localhost"))) return null;
      return `host ${header} is not served here (against DNS rebinding); start the node with --allow-host ${name ?? "NAME"}`;
    },
    refuseOrigin(header) {
      if (header === undefined || origins.has("*") || EXTENSION.test(header)) return null;
      if (origins.has(header.toLowerCase())) return null;
      return `origin ${header} is not allowed; start the node with --allow-origin ${header === "null" ? '"*"' : header}`;
    },
    refuseContentType(header) {
      const type = header?.split(";")[0]?.trim().toLowerCase();
      if (type !== undefined && JSON_TYPES.has(type)) return null;
      return `content type ${header ?? "(none)"} is not supported; send application/json`;
    },
  };
}

/** The lower-case name or address of a Host header, without port and brackets; null when it is no such thing. */
function hostName(header: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]/@\s]+))(?::\d+)?$/i.exec(header.trim());
  return (match?.[1] ?? match?.[2])?.toLowerCase().replace(/\.$/, "") ?? null;
}
