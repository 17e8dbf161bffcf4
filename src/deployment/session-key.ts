import { sessionKey } from "../auth/stream-sessions.ts";
import type { ResolvedConfig } from "../config/config.ts";
import type { Env } from "./env.ts";

/**
 * The key of the sessions of HTTP streams: made of the secrets that there are, because it must be the same in every
 * isolate. Where there are none, of the id of an object that is never made: whoever guesses that may make the Worker ask a
 * hub in vain, and no more, because a session is random besides.
 */
export function sessionKeyOf(env: Env, config: ResolvedConfig): Promise<CryptoKey> {
  return sessionKey(secretsOf(env, config));
}

/** What only this deployment knows. Builds that share sessions make the same of it, so nothing is added here. */
export function secretsOf(
  { HUB, API_KEY, API_KEYS }: Env,
  { tokens }: ResolvedConfig,
): readonly (string | undefined)[] {
  return [HUB.idFromName("sessions").toString(), tokens.hmacSecret, API_KEY, API_KEYS];
}
