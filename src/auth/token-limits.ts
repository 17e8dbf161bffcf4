/** Limits of token verification. Times are in milliseconds. */
export const TOKEN_LIMITS = {
  /** Characters in a token. */
  length: 65_536,
  /** How long one reading of the key set may take. Clients give up on a connect after 5 s. */
  keySetTimeout: 3_000,
  /** Age at which the key set is read again. */
  keySetFresh: 600_000,
  /** Age up to which the last key set serves while the endpoint cannot be read. */
  keySetStale: 3_600_000,
  /** Pause between two readings of the key set, whatever the first one gave. */
  keySetCooldown: 10_000,
  /** Bits of an RSA key, at least (RFC 7518, 3.3). */
  rsaBits: 2_048,
} as const;
