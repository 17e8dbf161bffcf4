import { type CompactJWSHeaderParameters, createLocalJWKSet, errors, type JSONWebKeySet } from "jose";
import { TOKEN_LIMITS } from "../limits.ts";

/** The key that a token needs cannot be known now, and may be known later. */
export class KeysUnavailable extends Error {}

/** The keys that an endpoint publishes. */
export interface RemoteKeys {
  /** Every key that fits the header. Throws {@link KeysUnavailable} when that cannot be told now. */
  find(header: CompactJWSHeaderParameters, now: Date): Promise<CryptoKey[]>;
}

class UnexpectedStatus extends Error {}

type KeySet = ReturnType<typeof createLocalJWKSet>;

/**
 * Reads and keeps the key set of an endpoint. No token is refused for an unknown key by a set that was read before
 * the token came: the issuer may have changed its keys since.
 */
export function createRemoteKeys(endpoint: URL): RemoteKeys {
  // jose's createRemoteJWKSet (6.2) reads once per token while the endpoint is down or, on Workers, while a reading
  // is under way; and it serves nothing from its last set when that is old and the endpoint is down.
  let keySet: KeySet | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure = "the key set was not read yet";
  let reading: Promise<void> | undefined;

  async function read(time: number): Promise<void> {
    triedAt = time;
    try {
      keySet = createLocalJWKSet(await fetchKeySet(endpoint));
      readAt = time;
      failure = "the key set may have changed, and is read again after a pause";
    } catch (error) {
      failure = `the key set could not be read: ${reasonOf(error)}`;
    } finally {
      reading = undefined;
    }
  }

  async function refresh(time: number): Promise<void> {
    if (reading === undefined && time - triedAt < TOKEN_LIMITS.keySetCooldown) return;
    reading ??= read(time);
    return reading;
  }

  async function look(header: CompactJWSHeaderParameters, time: number): Promise<CryptoKey[]> {
    if (keySet === undefined || time - readAt >= TOKEN_LIMITS.keySetStale) return [];
    return fittingKeys(keySet, header);
  }

  async function find(header: CompactJWSHeaderParameters, now: Date): Promise<CryptoKey[]> {
    const time = now.getTime();
    if (time - readAt >= TOKEN_LIMITS.keySetFresh) await refresh(time);
    const known = await look(header, time);
    if (known.length > 0) return known;
    if (readAt < time) await refresh(time);
    const found = await look(header, time);
    if (found.length === 0 && readAt < time) throw new KeysUnavailable(failure);
    return found;
  }

  return { find };
}

async function fetchKeySet(endpoint: URL): Promise<JSONWebKeySet> {
  const response = await fetch(endpoint, {
    headers: { Accept: "application/jwk-set+json, application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(TOKEN_LIMITS.keySetTimeout),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new UnexpectedStatus(`status ${response.status}`);
  }
  return response.json();
}

async function fittingKeys(keySet: KeySet, header: CompactJWSHeaderParameters): Promise<CryptoKey[]> {
  try {
    return [await keySet(header)];
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) return [];
    const keys: CryptoKey[] = [];
    for await (const key of error) keys.push(key);
    return keys;
  }
}

/** Messages of fetch and of parsers may hold the address, a credential or what was read: they are told of in our words. */
function reasonOf(error: unknown): string {
  if (error instanceof UnexpectedStatus) return error.message;
  if (error instanceof SyntaxError) return "the answer is no JSON";
  if (error instanceof errors.JOSEError) return "the answer is no key set";
  if (error instanceof Error && error.name === "TimeoutError")
    return `no answer within ${TOKEN_LIMITS.keySetTimeout / 1000} s`;
  return "the endpoint cannot be reached";
}
