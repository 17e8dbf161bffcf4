import type { TokenSettings } from "../../src/config/tokens.ts";
import { defined } from "../../src/shared/defined.ts";
import type { Source } from "./source.ts";
import type { Variable } from "./variables.ts";

/** Keys of tokens: where a Centrifugo configuration has one, our setting that names its secret, and the end of its name. */
export const TOKEN_KEYS = [
  ["hmac_secret_key", "hmacSecret", "HMAC_SECRET"],
  ["hmac_previous_secret_key", "hmacPreviousSecret", "HMAC_PREVIOUS_SECRET"],
  ["rsa_public_key", "rsaPublicKey", "RSA_PUBLIC_KEY"],
  ["ecdsa_public_key", "ecdsaPublicKey", "ECDSA_PUBLIC_KEY"],
  ["jwks_public_endpoint", "jwksEndpoint", "JWKS_ENDPOINT"],
] as const satisfies readonly (readonly [string, keyof TokenSettings, string])[];

/** What tokens must say: the same settings under other names. */
export const TOKEN_CLAIMS = {
  audience: "audience",
  audience_regex: "audienceRegex",
  issuer: "issuer",
  issuer_regex: "issuerRegex",
  user_id_claim: "userIdClaim",
} as const satisfies Record<string, keyof TokenSettings>;

export interface Tokens {
  readonly settings: TokenSettings;
  readonly secrets: readonly Variable[];
}

/** The keys of connection tokens have the names that the gateway looks for by itself. */
export function readConnectionTokens(source: Source): Tokens {
  const secrets = readKeys(source, "client.token", "TOKEN_");
  return {
    settings: readClaims(source.section("client.token")),
    secrets: secrets.map(({ secret }) => secret),
  };
}

/** Undefined where subscription tokens are like connection tokens. */
export function readSubscriptionTokens(source: Source): Tokens | undefined {
  const path = "client.subscription_token";
  if (!source.flag(`${path}.enabled`)) {
    source.value(path);
    return undefined;
  }
  const secrets = readKeys(source, path, "SUBSCRIPTION_TOKEN_");
  const names = Object.fromEntries(secrets.map(({ setting, secret }) => [setting, secret.name]));
  return {
    settings: { ...names, ...readClaims(source.section(path)) },
    secrets: secrets.map(({ secret }) => secret),
  };
}

function readKeys(source: Source, path: string, prefix: string) {
  return TOKEN_KEYS.flatMap(([key, setting, name]) => {
    const value = source.text(`${path}.${key}`);
    const secret: Variable = {
      name: prefix + name,
      from: `${path}.${key}`,
      isSecret: true,
      value: value ?? "",
    };
    return value === undefined ? [] : [{ setting, secret }];
  });
}

function readClaims(token: Source): TokenSettings {
  const claims = Object.entries(TOKEN_CLAIMS).map(([key, setting]) => [setting, token.text(key)] as const);
  return defined<TokenSettings>({
    ...Object.fromEntries(claims),
    hmacPreviousSecretValidUntil: token.number("hmac_previous_secret_key_valid_until") || undefined,
  });
}
