import { sessionKey } from "../auth/stream-sessions.ts";
import type { ResolvedConfig } from "../config/config.ts";
import { toBase64Url, toUtf8 } from "../shared/encodings.ts";
import type { Env } from "./env.ts";
import { secretsOf } from "./session-key.ts";

const BYTES = 12;

/**
 * Stands for a user in the log: the same until a secret changes. It is keyed with the secrets of the deployment, because
 * ids are few, and without a key whoever reads the log could try them all.
 */
export async function hashOfUser(env: Env, config: ResolvedConfig, user: string): Promise<string> {
  const key = await sessionKey([...secretsOf(env, config), env.OPERATOR_KEYS]);
  const hash = await crypto.subtle.sign("HMAC", key, toUtf8(`user in the log: ${user}`));
  return toBase64Url(new Uint8Array(hash, 0, BYTES));
}
