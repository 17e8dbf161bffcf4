import { type CompactJWSHeaderParameters, createLocalJWKSet, errors, type JSONWebKeySet } from "jose";
import { BodyTooLarge, readBody } from "../shared/body.ts";
import { TOKEN_LIMITS } from "../shared/limits.ts";
import { withTimeout } from "../shared/timeout.ts";
import { type KeySetCache, platformCache } from "./key-set-cache.ts";

/** The key of a token cannot be looked up now; a later attempt may succeed. */
export class KeysUnavailable extends Error {}

/** The keys that an endpoint publishes. */
export interface RemoteKeys {
  /** All keys that fit the header. Throws {@link KeysUnavailable} when they cannot be looked up now. */
  find(header: CompactJWSHeaderParameters, now: Date): Promise<CryptoKey[]>;
}

class UnexpectedStatus extends Error {}

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** Addresses whose keys an isolate keeps. A configuration names two at most. */
export const KEPT_ADDRESSES = 16;

const byAddress = new Map<string, RemoteKeys>();

/** The keys of an address, which all objects of an isolate share: an object that wakes reads nothing again. */
export function remoteKeysOf(address: string): RemoteKeys {
  const keys = byAddress.get(address) ?? createRemoteKeys(new URL(address), platformCache);
  byAddress.delete(address);
  byAddress.set(address, keys);
  const [oldest] = byAddress.keys();
  if (byAddress.size > KEPT_ADDRESSES && oldest !== undefined) byAddress.delete(oldest);
  return keys;
}

/**
 * Reads and keeps the key set of an endpoint. A token with an unknown key is refused only by a set that was read after
 * the token came: the issuer may have changed its keys since an earlier reading.
 */
export function createRemoteKeys(endpoint: URL, cache: KeySetCache): RemoteKeys {
  // Not jose's createRemoteJWKSet (6.2): it reads once for each token while the endpoint is down or, on Workers, while
  // a reading is under way, and it does not fall back on an old set when the endpoint is down.
  let keySet: KeySet | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure = "the key set was not read yet";
  let reading: Promise<void> | undefined;

  function take(keys: JSONWebKeySet, time: number): void {
    keySet = createLocalJWKSet(keys);
    readAt = time;
    triedAt = Math.max(triedAt, time);
    failure = "the key set may have changed, and is read again after a pause";
  }

  /** Takes the set of another isolate, if it was read later than ours. */
  async function takeCached(time: number): Promise<void> {
    const stored = await cache.get(endpoint);
    if (stored === undefined || stored.readAt <= readAt || stored.readAt > time) return;
    try {
      take(stored.keys, stored.readAt);
    } catch {}
  }

  async function read(time: number, age: number): Promise<void> {
    try {
      await takeCached(time);
      if (time - readAt < age) return;
      triedAt = time;
      const keys = await fetchKeySet(endpoint);
      take(keys, time);
      void cache.put(endpoint, { keys, readAt: time });
    } catch (error) {
      failure = `the key set could not be read: ${reasonOf(error)}`;
    }
  }

  /**
   * Reads the set again unless it is younger than `age` (milliseconds) or the pause between two readings is not over.
   */
  async function refresh(time: number, age: number): Promise<void> {
    if (reading === undefined && time - triedAt < TOKEN_LIMITS.keySetCooldown) return;
    reading ??= read(time, age);
    const shared = reading;
    // Another object may have begun the reading: if that object is gone, it never ends.
    await withTimeout(shared, TOKEN_LIMITS.keySetWait).catch(() => undefined);
    if (reading === shared) reading = undefined;
  }

  async function look(header: CompactJWSHeaderParameters, time: number): Promise<CryptoKey[]> {
    if (keySet === undefined || time - readAt >= TOKEN_LIMITS.keySetStale) return [];
    return fittingKeys(keySet, header);
  }

  async function find(header: CompactJWSHeaderParameters, now: Date): Promise<CryptoKey[]> {
    const time = now.getTime();
    if (time - readAt >= TOKEN_LIMITS.keySetFresh) await refresh(time, TOKEN_LIMITS.keySetFresh);
    const known = await look(header, time);
    if (known.length > 0) return known;
    if (readAt < time) await refresh(time, TOKEN_LIMITS.keySetCooldown);
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
  return JSON.parse(await readBody(response, TOKEN_LIMITS.keySetSize)) as JSONWebKeySet;
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

/**
 * Why a reading failed, in our own words: messages of fetch and of parsers may hold the address, a credential or what
 * was read.
 */
function reasonOf(error: unknown): string {
  if (error instanceof UnexpectedStatus) return error.message;
  if (error instanceof BodyTooLarge) return `the answer has more than ${TOKEN_LIMITS.keySetSize} bytes`;
  if (error instanceof SyntaxError) return "the answer is no JSON";
  if (error instanceof errors.JOSEError) return "the answer is no key set";
  if (error instanceof Error && error.name === "TimeoutError")
    return `no answer within ${TOKEN_LIMITS.keySetTimeout / 1000} s`;
  return "the endpoint cannot be reached";
}
