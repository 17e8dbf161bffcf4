import * as v from "valibot";
import { findWrongKeys } from "../auth/keys.ts";
import type { TokenConfig } from "../auth/tokens.ts";
import { type ConfigProblems, safeRegex, seconds } from "../shared/config-error.ts";
import { defined } from "../shared/defined.ts";

/**
 * Which tokens are accepted. Keys are names of environment bindings (secrets), never keys themselves. A binding that is
 * named here must exist; one of the defaults may be absent, and then that kind of key is not accepted.
 */
export interface TokenSettings {
  /** Binding with the secret of HS256, HS384 and HS512. Default "TOKEN_HMAC_SECRET". */
  readonly hmacSecret?: string;
  /** Binding with the secret before that one. Default "TOKEN_HMAC_PREVIOUS_SECRET". */
  readonly hmacPreviousSecret?: string;
  /** Unix seconds from which the previous secret is refused. */
  readonly hmacPreviousSecretValidUntil?: number;
  /** Binding with the public key of RS256, RS384 and RS512 (PEM, SPKI). Default "TOKEN_RSA_PUBLIC_KEY". */
  readonly rsaPublicKey?: string;
  /** Binding with the public key of ES256, ES384 or ES512 (PEM, SPKI). Default "TOKEN_ECDSA_PUBLIC_KEY". */
  readonly ecdsaPublicKey?: string;
  /** Binding with the address of a JSON Web Key Set. Default "TOKEN_JWKS_ENDPOINT". */
  readonly jwksEndpoint?: string;
  /** One of the token's audiences must be this. */
  readonly audience?: string;
  /** One of the token's audiences must match this regular expression. */
  readonly audienceRegex?: string;
  /** The token's issuer must be this. */
  readonly issuer?: string;
  /** The token's issuer must match this regular expression. */
  readonly issuerRegex?: string;
  /** The claim with the user id, instead of "sub". */
  readonly userIdClaim?: string;
}

const DEFAULT_BINDINGS = {
  hmacSecret: "TOKEN_HMAC_SECRET",
  hmacPreviousSecret: "TOKEN_HMAC_PREVIOUS_SECRET",
  rsaPublicKey: "TOKEN_RSA_PUBLIC_KEY",
  ecdsaPublicKey: "TOKEN_ECDSA_PUBLIC_KEY",
  jwksEndpoint: "TOKEN_JWKS_ENDPOINT",
} as const satisfies Partial<Record<keyof TokenConfig, string>>;

type KeyName = keyof typeof DEFAULT_BINDINGS;
const KEY_NAMES = Object.keys(DEFAULT_BINDINGS) as KeyName[];

const text = v.optional(v.pipe(v.string(), v.nonEmpty()));
const regex = v.optional(v.pipe(safeRegex(""), v.nonEmpty()));

export const tokenSchema = v.strictObject({
  hmacSecret: text,
  hmacPreviousSecret: text,
  hmacPreviousSecretValidUntil: v.optional(v.pipe(seconds, v.safeInteger(), v.minValue(0))),
  rsaPublicKey: text,
  ecdsaPublicKey: text,
  jwksEndpoint: text,
  audience: text,
  audienceRegex: regex,
  issuer: text,
  issuerRegex: regex,
  userIdClaim: text,
} satisfies Record<keyof TokenSettings, v.GenericSchema>);

/** Replaces the names of bindings by their values, and adds what cannot be a key to `problems`. */
export function resolveTokens(
  settings: v.InferOutput<typeof tokenSchema>,
  env: Readonly<Record<string, unknown>>,
  path: string,
  problems: ConfigProblems,
): TokenConfig {
  const keys = KEY_NAMES.map((key) => [key, readBinding(settings[key], key, env, path, problems)] as const);
  const tokens = defined<TokenConfig>({ ...settings, ...Object.fromEntries(keys) });
  for (const { option, problem } of findWrongKeys(tokens)) {
    problems.add(
      `${path}.${option}`,
      `the environment binding ${bindingOf(settings[option], option)} ${problem}`,
    );
  }
  return tokens;
}

function bindingOf(named: string | undefined, key: KeyName): string {
  return named ?? DEFAULT_BINDINGS[key];
}

function readBinding(
  named: string | undefined,
  key: KeyName,
  env: Readonly<Record<string, unknown>>,
  path: string,
  problems: ConfigProblems,
): string | undefined {
  const binding = bindingOf(named, key);
  const value = env[binding];
  // An empty line of .dev.vars counts as absent, but a binding that the configuration names must be present.
  if ((value === undefined || value === "") && named === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  problems.add(`${path}.${key}`, `the environment binding ${binding} is missing, empty or no text`);
  return undefined;
}
