/** Pages that may connect, as one entry of `ALLOWED_ORIGINS` says it. */
export type AllowedOrigin =
  | { readonly kind: "any" | "opaque" }
  | { readonly kind: "origin"; readonly protocol: string; readonly host: string }
  /** `suffix` begins with a dot. */
  | {
      readonly kind: "subdomains";
      readonly protocol: string;
      readonly suffix: string;
      readonly port: string;
    };

const EXPECTED =
  "expected such as https://app.example.com, https://*.example.com:8443, null or *, separated by commas or blanks";

/** Reads the `ALLOWED_ORIGINS` variable. Wrong entries allow nothing; `wrongOrigins` lists them. */
export function parseAllowedOrigins(value: string | undefined): AllowedOrigin[] {
  return entriesOf(value).flatMap((entry) => parseEntry(entry) ?? []);
}

/** A message for each entry that no page can match, or that would match too many. */
export function wrongOrigins(value: string): string[] {
  return entriesOf(value)
    .filter((entry) => parseEntry(entry) === undefined)
    .map((entry) => `"${entry}" is no origin: ${EXPECTED}`);
}

function entriesOf(value = ""): string[] {
  return value.split(/[\s,]+/).filter((entry) => entry !== "");
}

function parseEntry(entry: string): AllowedOrigin | undefined {
  if (entry === "*") return { kind: "any" };
  if (entry === "null") return { kind: "opaque" };
  const [, scheme = "https://", domain] = /^([a-z][a-z\d+.-]*:\/\/)?\*\.(.*)$/i.exec(entry) ?? [];
  const url = parseOrigin(domain === undefined ? entry : `${scheme}any.${domain}`);
  if (url === undefined || !isHost(url)) return undefined;
  const { protocol, host, port } = url;
  if (domain === undefined) return { kind: "origin", protocol, host };
  const suffix = url.hostname.toLowerCase().slice("any".length);
  // Two labels at least: `*.com` would allow everybody's pages.
  if (!/^(?:\.[^.]+){2,}$/.test(suffix)) return undefined;
  return { kind: "subdomains", protocol, suffix, port };
}

/** The URL parser accepts quotes, semicolons and stars in a host; no page has such a host. */
function isHost({ protocol, host }: URL): boolean {
  return (host === "" && protocol === "file:") || /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host);
}

/** Scheme, host and port. Not `URL.origin`, which is "null" for every scheme outside the Web, such as `capacitor:`. */
export function parseOrigin(origin: string): URL | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") return undefined;
  return /^\/?$/.test(url.pathname + url.search + url.hash) ? url : undefined;
}
