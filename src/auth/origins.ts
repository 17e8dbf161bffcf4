/** What decides whether a page may open a WebSocket. */
export interface OriginPolicy {
  /** Exact origins, `*.example.com` (any subdomain, any scheme), `null`, or `*` (any). */
  readonly allowed: readonly string[];
  /** Whether pages on localhost and pages opened from a file may connect. */
  readonly development: boolean;
}

const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Splits the `ALLOWED_ORIGINS` variable: entries separated by commas or blanks. */
export function parseAllowedOrigins(value: string | undefined): string[] {
  return (value ?? "").split(/[\s,]+/).filter((entry) => entry !== "");
}

/**
 * Tells whether a handshake with this `Origin` header may go on.
 * A request without the header does not come from a browser page, and passes.
 */
export function isOriginAllowed(origin: string | null, requestHost: string, policy: OriginPolicy): boolean {
  if (origin === null) return true;
  if (policy.allowed.includes("*") || policy.allowed.includes(origin)) return true;
  if (origin === "null") return policy.development;
  const url = parseOrigin(origin);
  if (url === undefined) return false;
  if (isWebPage(url) && url.host === requestHost.toLowerCase()) return true;
  if (policy.development && isLocal(url)) return true;
  return policy.allowed.some((entry) => matchesOrigin(entry, url));
}

function matchesOrigin(entry: string, url: URL): boolean {
  if (entry.startsWith("*.")) return url.hostname.endsWith(entry.slice(1).toLowerCase());
  const allowed = parseOrigin(entry);
  return allowed?.protocol === url.protocol && allowed.host === url.host;
}

function isWebPage({ protocol }: URL): boolean {
  return protocol === "https:" || protocol === "http:";
}

function isLocal({ protocol, hostname }: URL): boolean {
  return protocol === "file:" || LOCAL_HOSTS.has(hostname) || hostname.endsWith(".localhost");
}

/** Scheme, host and port. Not `URL.origin`, which is the same "null" for every scheme that is not the Web's. */
function parseOrigin(origin: string): URL | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") return undefined;
  return /^\/?$/.test(url.pathname + url.search + url.hash) ? url : undefined;
}
