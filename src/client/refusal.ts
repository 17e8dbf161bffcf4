import type { Target } from "./connection.ts";

export interface Refusal {
  readonly text: string;
  /** Whether trying again is of no use. */
  readonly isFinal: boolean;
}

const UPGRADE_REQUIRED = 426;

/**
 * Why the gateway refused a connection. Browsers hide the answer to a failed handshake, so the same address is asked
 * once more over HTTP. Undefined when the address is not on this page's own gateway, or has nothing against it.
 */
export async function askWhyRefused({ url, protocols }: Target): Promise<Refusal | undefined> {
  const address = URL.parse(url.replace(/^ws/, "http"));
  if (address?.origin !== location.origin) return undefined;
  const response = await fetch(address).catch(() => undefined);
  if (!response || response.ok) return undefined;
  if (response.status === UPGRADE_REQUIRED) return blameSubprotocols(protocols);
  const body: unknown = await response.json().catch(() => undefined);
  const text = `${response.status}: ${readMessage(body) ?? response.statusText}`;
  return { text, isFinal: response.status < 500 };
}

/** To plain HTTP, 426 is the answer of an address where all is well: what is left are the subprotocols. */
function blameSubprotocols(protocols: readonly string[]): Refusal | undefined {
  if (protocols.length === 0) return undefined;
  return { text: `this room speaks none of the subprotocols: ${protocols.join(", ")}`, isFinal: true };
}

function readMessage(body: unknown): string | undefined {
  const { error } = (body ?? {}) as { error?: { message?: unknown } };
  return typeof error?.message === "string" ? error.message : undefined;
}
