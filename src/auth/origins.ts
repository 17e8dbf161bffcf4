import { type AllowedOrigin, parseOrigin } from "./allowed-origins.ts";

/** What decides whether a page may open a WebSocket. */
export interface OriginPolicy {
  readonly allowed: readonly AllowedOrigin[];
  /** Whether pages on localhost and pages opened from a file may connect. */
  readonly development: boolean;
}

const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Tells whether a handshake with this `Origin` header may go on.
 * A request without the header does not come from a browser page, and passes.
 */
export function isOriginAllowed(origin: string | null, requestHost: string, policy: OriginPolicy): boolean {
  const { allowed, development } = policy;
  if (origin === null || allowed.some(({ kind }) => kind === "any")) return true;
  if (origin === "null") return development || allowed.some(({ kind }) => kind === "opaque");
  const url = parseOrigin(origin);
  if (url === undefined) return false;
  if (isWebPage(url) && url.host === requestHost.toLowerCase()) return true;
  if (development && isLocal(url)) return true;
  return allowed.some((entry) => matches(entry, url));
}

function matches(entry: AllowedOrigin, { protocol, host, hostname, port }: URL): boolean {
  if (entry.kind === "origin") return protocol === entry.protocol && host === entry.host;
  if (entry.kind !== "subdomains") return false;
  return protocol === entry.protocol && port === entry.port && hostname.toLowerCase().endsWith(entry.suffix);
}

function isWebPage({ protocol }: URL): boolean {
  return protocol === "https:" || protocol === "http:";
}

function isLocal({ protocol, hostname }: URL): boolean {
  return protocol === "file:" || LOCAL_HOSTS.has(hostname) || hostname.endsWith(".localhost");
}
