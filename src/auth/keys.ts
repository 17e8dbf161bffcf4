import { type CompactJWSHeaderParameters, importSPKI } from "jose";
import { TOKEN_LIMITS } from "../limits.ts";
import { createRemoteKeys } from "./jwks.ts";

/** Where the keys that tokens may be signed with come from. Everything is a value, not the name of a binding. */
export interface KeyConfig {
  /** Secret of HS256, HS384 and HS512. */
  hmacSecret?: string;
  /** The secret before `hmacSecret`, so that its tokens outlive a rotation. */
  hmacPreviousSecret?: string;
  /** Unix seconds from which `hmacPreviousSecret` is refused. Absent: it is accepted without end. */
  hmacPreviousSecretValidUntil?: number;
  /** Public key of RS256, RS384 and RS512: PEM, SPKI, 2,048 bits or more. */
  rsaPublicKey?: string;
  /** Public key of ES256, ES384 or ES512, as its curve says: PEM, SPKI. */
  ecdsaPublicKey?: string;
  /** Address of a JSON Web Key Set, for RS, ES and EdDSA. */
  jwksEndpoint?: string;
}

/** All keys that a configuration gives. */
export interface Keyring {
  readonly isEmpty: boolean;
  /** The keys that a token with this header may be signed with, most likely first. */
  candidates(header: CompactJWSHeaderParameters, now: Date): AsyncIterable<CryptoKey>;
}

interface ConfiguredKey {
  readonly algorithm: string;
  readonly key: CryptoKey;
  readonly validUntil: number;
}

const HMAC_HASHES = { HS256: "SHA-256", HS384: "SHA-384", HS512: "SHA-512" };
const RSA_ALGORITHMS = ["RS256", "RS384", "RS512"];
const ECDSA_ALGORITHMS = ["ES256", "ES384", "ES512"];
const SOURCES = [
  "hmacSecret",
  "hmacPreviousSecret",
  "rsaPublicKey",
  "ecdsaPublicKey",
  "jwksEndpoint",
] as const;

/** Throws for a configuration that is wrong at sight; `candidates` throws for a key that cannot be imported. */
export function createKeyring(config: KeyConfig): Keyring {
  for (const option of SOURCES) if (config[option] === "") throw wrongOption(option, "is empty");
  const remote =
    config.jwksEndpoint === undefined ? undefined : createRemoteKeys(endpointOf(config.jwksEndpoint));
  let configured: ConfiguredKey[] | undefined;

  async function* candidates(header: CompactJWSHeaderParameters, now: Date): AsyncGenerator<CryptoKey> {
    // The keys are kept, not the promise of them: a promise of a request that ended early never settles.
    configured ??= await importKeys(config);
    for (const { algorithm, key, validUntil } of configured) {
      if (algorithm === header.alg && now.getTime() < validUntil * 1000) yield key;
    }
    if (remote !== undefined && !Object.hasOwn(HMAC_HASHES, header.alg))
      yield* await remote.find(header, now);
  }

  return { isEmpty: SOURCES.every((option) => config[option] === undefined), candidates };
}

async function importKeys(config: KeyConfig): Promise<ConfiguredKey[]> {
  const never = Number.POSITIVE_INFINITY;
  const keys = await Promise.all([
    importSecret(config.hmacSecret, never),
    importSecret(config.hmacPreviousSecret, config.hmacPreviousSecretValidUntil ?? never),
    importRsa(config.rsaPublicKey),
    importEcdsa(config.ecdsaPublicKey),
  ]);
  return keys.flat();
}

async function importSecret(secret: string | undefined, validUntil: number): Promise<ConfiguredKey[]> {
  if (secret === undefined) return [];
  const bytes = new TextEncoder().encode(secret);
  return Promise.all(
    Object.entries(HMAC_HASHES).map(async ([algorithm, hash]) => ({
      algorithm,
      key: await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash }, false, ["verify"]),
      validUntil,
    })),
  );
}

async function importRsa(pem: string | undefined): Promise<ConfiguredKey[]> {
  if (pem === undefined) return [];
  const keys = await importPublicKey(pem, RSA_ALGORITHMS);
  if (keys.length === 0) throw wrongOption("rsaPublicKey", "is not an RSA public key in PEM (SPKI)");
  if (keys.some(({ key }) => modulusLength(key) < TOKEN_LIMITS.rsaBits)) {
    throw wrongOption("rsaPublicKey", `has fewer than ${TOKEN_LIMITS.rsaBits} bits`);
  }
  return keys;
}

async function importEcdsa(pem: string | undefined): Promise<ConfiguredKey[]> {
  if (pem === undefined) return [];
  const keys = await importPublicKey(pem, ECDSA_ALGORITHMS);
  if (keys.length === 0)
    throw wrongOption("ecdsaPublicKey", "is not a P-256, P-384 or P-521 public key in PEM (SPKI)");
  return keys;
}

/** The key once for every algorithm that it fits. */
async function importPublicKey(pem: string, algorithms: readonly string[]): Promise<ConfiguredKey[]> {
  const imports = algorithms.map(async (algorithm) => ({
    algorithm,
    key: await importSPKI(pem.trim(), algorithm),
    validUntil: Number.POSITIVE_INFINITY,
  }));
  const results = await Promise.allSettled(imports);
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

function modulusLength({ algorithm }: CryptoKey): number {
  return "modulusLength" in algorithm ? Number(algorithm.modulusLength) : 0;
}

function endpointOf(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    throw wrongOption("jwksEndpoint", "is not an http(s) URL");
  return url;
}

/** An error of the configuration. It names the option and never holds its value, which may be a secret. */
export function wrongOption(option: string, problem: string): Error {
  return new Error(`token option ${option} ${problem}`);
}
