import { attachedSize } from "../shared/attached-size.ts";
import { PROXY_LIMITS } from "../shared/limits.ts";

/** Headers by name, in lower case. */
export type KeptHeaders = Readonly<Record<string, string>>;

/** The names that a header may have. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Headers that belong to one HTTP connection, or that the gateway sets itself. */
const NEVER_FORWARDED = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-poorwill-signature",
]);

/** Headers that a browser, the edge or a proxy vouches for: a client must not claim them. */
const VOUCHED_FOR = /^(cf-|sec-|x-forwarded|true-client-ip$|x-real-ip$|forwarded$|via$|origin$|referer$)/;

/** Whether a client's header of this name may go to a backend at all. */
export function mayForward(name: string): boolean {
  return HEADER_NAME.test(name) && !NEVER_FORWARDED.has(name.toLowerCase());
}

/** Takes the headers that are forwarded from a handshake. Undefined: they are too long to be kept. */
export function keepHeaders(headers: Headers, names: readonly string[]): KeptHeaders | undefined {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) kept[name] = value;
  }
  return isShort(kept) ? kept : undefined;
}

/**
 * Adds headers that a client sent in its connect command because a browser cannot set real ones. They replace no header
 * of the handshake, and none that a browser, the edge or a proxy vouches for. Undefined: they are too long to be kept.
 */
export function addEmulatedHeaders(
  kept: KeptHeaders,
  emulated: ReadonlyMap<string, string>,
  names: readonly string[],
): KeptHeaders | undefined {
  const added: Record<string, string> = { ...kept };
  for (const [given, value] of emulated) {
    const name = given.toLowerCase();
    const isWanted = names.includes(name) && !Object.hasOwn(kept, name) && !VOUCHED_FOR.test(name);
    if (isWanted && isValue(value)) added[name] = value;
  }
  return isShort(added) ? added : undefined;
}

function isValue(text: string): boolean {
  try {
    new Headers().set("x", text);
    return true;
  } catch {
    return false;
  }
}

function isShort(headers: KeptHeaders): boolean {
  // A socket that has not connected has no row, so what is kept of it must fit into its attachment.
  return attachedSize(Object.entries(headers).flat().join("")) <= PROXY_LIMITS.headersLength;
}
