import { KiB } from "./units.ts";

/** Limits of JSON that comes from outside. */
export const JSON_LIMITS = {
  /** Levels of lists and objects in one another: as many as the strictest usual parsers take. */
  depth: 100,
} as const;

/** Limits of regular expressions of the configuration. */
export const REGEX_LIMITS = {
  /** Steps of the matcher that an expression may need for a text, at most; one that may need more is refused. */
  steps: 4_000_000,
  /** Characters of such a text: a channel's name is no longer, and an audience or issuer that is longer matches nothing. */
  textLength: 255,
} as const;

/** Limits of token verification. Times are in milliseconds. */
export const TOKEN_LIMITS = {
  /** Characters in a token. */
  length: 65_536,
  /** Bytes of a key set, at most. */
  keySetSize: 256 * KiB,
  /** How long one reading of the key set may take. Clients give up on a connect after 5 s. */
  keySetTimeout: 3_000,
  /** How long an object waits for a reading that another object has begun. */
  keySetWait: 4_000,
  /** Age at which the key set is read again. */
  keySetFresh: 600_000,
  /** Age up to which the last key set serves while the endpoint cannot be read. */
  keySetStale: 3_600_000,
  /** Pause between two readings of the key set, whether or not the first one succeeded. */
  keySetCooldown: 10_000,
  /** Bytes of a secret that tokens, or requests to a backend, are signed with, at least (RFC 7518, 3.2). */
  secretBytes: 32,
  /** Bits of an RSA key, at least (RFC 7518, 3.3). */
  rsaBits: 2_048,
} as const;
