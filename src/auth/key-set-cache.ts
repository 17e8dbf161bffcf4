import type { JSONWebKeySet } from "jose";
import { TOKEN_LIMITS } from "../shared/limits.ts";

/** A key set, and when it was read from its endpoint, in milliseconds. */
export interface StoredKeySet {
  readonly keys: JSONWebKeySet;
  readonly readAt: number;
}

/** Key sets that other isolates have read. No method fails: without a cache, each isolate reads for itself. */
export interface KeySetCache {
  get(endpoint: URL): Promise<StoredKeySet | undefined>;
  put(endpoint: URL, stored: StoredKeySet): Promise<void>;
}

const READ_AT = "X-Poorwill-Read-At";
/** Not `caches.default`: a response of the endpoint itself may be cached there under the same key. */
const NAME = "poorwill-key-sets";

/**
 * The Cache API, which the isolates of one data center share. It has no effect on workers.dev, and does not exist
 * outside the runtime.
 */
export const platformCache: KeySetCache = {
  async get(endpoint) {
    const response = await quietly(async () => (await open())?.match(endpoint));
    const readAt = Number(response?.headers.get(READ_AT));
    const keys = await quietly(() => response?.json());
    return keys === undefined || !(readAt > 0) ? undefined : { keys: keys as JSONWebKeySet, readAt };
  },

  async put(endpoint, { keys, readAt }) {
    const response = Response.json(keys, {
      headers: { [READ_AT]: String(readAt), "Cache-Control": `max-age=${TOKEN_LIMITS.keySetStale / 1000}` },
    });
    await quietly(async () => (await open())?.put(endpoint, response));
  },
};

async function open(): Promise<Cache | undefined> {
  return typeof caches === "undefined" ? undefined : caches.open(NAME);
}

async function quietly<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
