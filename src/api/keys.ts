import { toUtf8 } from "../shared/encodings.ts";
import { type Access, accessWith, rightsOf, tokenAccess } from "./access.ts";
import { type ApiKey, type KeyBindings, readKeys } from "./key-list.ts";
import { issueToken, keyOfToken } from "./operator-token.ts";

/** The keys of a gateway's server API. They are read again when the environment has others. */
export class ApiKeys {
  #bindings: KeyBindings = {};
  #keys: readonly ApiKey[] = [];

  /** What the sender of a request may do; undefined when its key or its operator token is missing or unknown. */
  async accessOf(request: Request, bindings: KeyBindings): Promise<Access | undefined> {
    const keys = this.#read(bindings);
    const { headers, url } = request;
    const authorization = headers.get("Authorization") ?? "";
    const header = headers.get("X-API-Key") ?? /^apikey\s+(.*)$/i.exec(authorization)?.[1]?.trim();
    if (header !== undefined) return withToken(await keyOf(header, keys));
    const token = /^bearer\s+(.*)$/i.exec(authorization)?.[1]?.trim();
    const key =
      token === undefined
        ? await keyOf(new URL(url).searchParams.get("api_key") ?? "", keys)
        : await keyOfToken(token, keys, Date.now());
    return key && (token === undefined ? accessWith(key) : tokenAccess(key));
  }

  #read(bindings: KeyBindings): readonly ApiKey[] {
    const { API_KEY, API_KEYS, OPERATOR_KEYS } = this.#bindings;
    const isSame =
      bindings.API_KEY === API_KEY &&
      bindings.API_KEYS === API_KEYS &&
      bindings.OPERATOR_KEYS === OPERATOR_KEYS;
    if (!isSame) {
      this.#bindings = bindings;
      this.#keys = readKeys(bindings);
    }
    return this.#keys;
  }
}

/** The access of a key that came in a header: only from there may it be exchanged, because URLs are recorded. */
function withToken(key: ApiKey | undefined): Access | undefined {
  if (key === undefined) return undefined;
  const access = accessWith(key);
  return rightsOf(key).length === 0 ? access : { ...access, issueToken: (now) => issueToken(key, now) };
}

async function keyOf(sent: string, keys: readonly ApiKey[]): Promise<ApiKey | undefined> {
  if (sent === "") return undefined;
  const digest = await digestOf(sent);
  let found: ApiKey | undefined;
  // Every key is compared, and each one whole: the time that this takes tells nothing about the keys.
  for (const key of keys) if (isSame(digest, await digestOf(key.key))) found = key;
  return found;
}

async function digestOf(key: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", toUtf8(key)));
}

/** Digests have the same length, so a comparison always takes the same time. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  let difference = 0;
  for (let index = 0; index < one.length; index += 1) difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  return difference === 0;
}
