import { SignJWT } from "jose";
import { secretProblem } from "../../src/auth/keys.ts";
import { checkChannelName, parseChannel } from "../../src/channels/names.ts";
import { TOKEN_LIMITS } from "../../src/shared/limits.ts";
import { UsageError } from "../usage-error.ts";

/** What a token is to say. */
export interface TokenWish {
  readonly user: string;
  /** Absent: a connection token. Otherwise a subscription token for this channel. */
  readonly channel?: string | undefined;
  /** Seconds until it expires. */
  readonly ttl: number;
  /** Shown to others, as JSON. */
  readonly info?: unknown;
}

/** A token, and what it says. */
export interface SignedToken {
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The claims of a connection or subscription token, as `src/auth/claims.ts` reads them. */
export function claimsOf({ user, channel, ttl, info }: TokenWish, now: Date): SignedToken["claims"] {
  if (channel !== undefined) checkChannel(channel);
  const issued = Math.floor(now.getTime() / 1000);
  return {
    sub: user,
    ...(channel === undefined ? {} : { channel }),
    ...(info === undefined ? {} : { info }),
    iat: issued,
    exp: issued + ttl,
  };
}

/** @throws UsageError for a channel that cannot be, or a token that is too long. */
export async function signToken(wish: TokenWish, secret: string, now = new Date()): Promise<SignedToken> {
  const claims = claimsOf(wish, now);
  const key = new TextEncoder().encode(secret);
  const token = await new SignJWT(claims).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(key);
  if (token.length > TOKEN_LIMITS.length) {
    throw new UsageError(`the token has more than ${TOKEN_LIMITS.length} characters: --info is too long`);
  }
  return { token, claims };
}

/**
 * The secret with this name: of the environment, or else of `.dev.vars` or `.env`.
 *
 * @throws UsageError where there is none, or one that the gateway refuses.
 */
export function secretNamed(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  devVars: Readonly<Record<string, string>> | undefined,
): string {
  const secret = environment[name] || devVars?.[name];
  if (!secret) {
    const looked =
      devVars === undefined ? "there is no .dev.vars or .env here" : "it is not in .dev.vars or .env either";
    throw new UsageError(
      `there is no secret: ${name} is not in the environment, and ${looked}. Make one: openssl rand -base64 32`,
    );
  }
  const problem = secretProblem(secret);
  if (problem !== undefined) {
    throw new UsageError(
      `${name} ${problem}, and the gateway would not start with it. Make one: openssl rand -base64 32`,
    );
  }
  return secret;
}

/** A namespace may have an expression of its own for names that are not ASCII: only what no channel can have is wrong. */
function checkChannel(channel: string): void {
  const check = checkChannelName(parseChannel(channel), /^/u);
  if (check !== "ok") throw new UsageError(`--channel: the name is ${check}`);
}
