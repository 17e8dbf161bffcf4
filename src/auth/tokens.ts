import { REGEX_LIMITS } from "../shared/limits.ts";
import { regexProblem } from "../shared/regex/problem.ts";
import type { StandardClaims } from "./claim-schemas.ts";
import {
  type ConnectionClaims,
  type Read,
  readConnectionClaims,
  readStandardClaims,
  readSubscriptionClaims,
  type SubscriptionClaims,
} from "./claims.ts";
import type { JsonObject } from "./json.ts";
import { createKeyring, type KeyConfig, wrongOption } from "./keys.ts";
import { openToken } from "./signature.ts";

export type { SubscriptionOptions } from "./claim-schemas.ts";
export type { ConnectionClaims, SubscriptionClaims } from "./claims.ts";

/**
 * Which tokens are accepted. The keys are values; `resolveTokens` reads them from the bindings that the configuration
 * names.
 */
export interface TokenConfig extends KeyConfig {
  /** One of the token's audiences must be this. */
  audience?: string;
  /** One of the token's audiences, of 255 characters at most, must match this expression, anywhere in it unless it has `^` and `$`. */
  audienceRegex?: string;
  /** The token's issuer must be this. */
  issuer?: string;
  /** The token's issuer must match this expression, anywhere in it unless it has `^` and `$`. */
  issuerRegex?: string;
  /** The claim that holds the user id, instead of `sub`. It must then be there. */
  userIdClaim?: string;
}

/**
 * The result of verifying a token. `expired`: it is valid, but not at this time; the client gets a new one.
 * `unavailable`: the key set could not be read, so the client tries again. `why` is for the log only.
 */
export type Verified<T> =
  | { kind: "valid"; claims: T }
  | { kind: "expired" }
  | { kind: "invalid"; why: string }
  | { kind: "unavailable"; why: string };

/** Verifies tokens against one configuration. Both methods throw when a configured key cannot be imported. */
export interface TokenVerifier {
  connection(token: string, now?: Date): Promise<Verified<ConnectionClaims>>;
  subscription(token: string, now?: Date): Promise<Verified<SubscriptionClaims>>;
}

/**
 * Makes the verifier of connection and subscription tokens (JWT): HS, RS and ES with 256, 384 and 512 bits, and EdDSA
 * with a key set. It keeps its imported keys: make one per object. All verifiers of an isolate share what was read of a
 * key set.
 *
 * With no key at all every token is invalid. Tokens longer than 65,536 characters are invalid.
 *
 * @throws Error that names the option, for an empty or wrong key, a wrong expression or a wrong address. A key that
 * looks right and cannot be imported makes the first verification throw such an error.
 * @example
 * const verifier = createTokenVerifier({ hmacSecret: env.TOKEN_SECRET, audience: "chat" });
 * const verified = await verifier.connection(token);
 * if (verified.kind === "valid") greet(verified.claims.user);
 */
export function createTokenVerifier(config: TokenConfig): TokenVerifier {
  const keyring = createKeyring(config);
  const accepts = acceptance(config);

  async function verify<T>(
    token: string,
    now: Date,
    read: (payload: JsonObject, userIdClaim?: string) => Read<T>,
  ): Promise<Verified<T>> {
    const opened = await openToken(token, keyring, now);
    if (opened.kind !== "valid") return opened;
    const standard = readStandardClaims(opened.claims);
    if (standard.kind !== "valid") return standard;
    if (!accepts(standard.claims)) return { kind: "invalid", why: "the token is for or from somebody else" };
    const claims = read(opened.claims, config.userIdClaim);
    if (claims.kind === "valid" && !isInTime(standard.claims, now)) return { kind: "expired" };
    return claims;
  }

  return {
    connection: (token, now = new Date()) => verify(token, now, readConnectionClaims),
    subscription: (token, now = new Date()) => verify(token, now, readSubscriptionClaims),
  };
}

function acceptance(config: TokenConfig): (claims: StandardClaims) => boolean {
  const { audience, issuer } = config;
  const audienceRegex = compile("audienceRegex", config.audienceRegex);
  const issuerRegex = compile("issuerRegex", config.issuerRegex);
  return ({ aud, iss }) =>
    (audience === undefined || aud.includes(audience)) &&
    (audienceRegex === undefined || aud.some((member) => matches(audienceRegex, member))) &&
    (issuer === undefined || iss === issuer) &&
    (issuerRegex === undefined || (typeof iss === "string" && matches(issuerRegex, iss)));
}

function compile(option: string, source: string | undefined): RegExp | undefined {
  if (source === undefined) return undefined;
  const problem = regexProblem(source, "");
  if (problem !== undefined) throw wrongOption(option, problem);
  return new RegExp(source);
}

/** Longer texts never match: expressions were found to be fast up to this length only. */
function matches(regex: RegExp, text: string): boolean {
  return text.length <= REGEX_LIMITS.textLength && regex.test(text);
}

function isInTime({ exp, nbf }: StandardClaims, now: Date): boolean {
  const time = now.getTime() / 1000;
  return (exp === undefined || time < exp) && (nbf === undefined || nbf <= time);
}
