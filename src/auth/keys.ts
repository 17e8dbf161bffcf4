import { type CompactJWSHeaderParameters, importSPKI } from "jose";
import { TOKEN_LIMITS } from "../shared/limits.ts";
import { payloadBytes } from "../shared/payload-size.ts";
import { remoteKeysOf } from "./jwks.ts";

/** The keys that tokens may be signed with. Each option is a value, not the name of a binding. */
export interface KeyConfig {
  /** Secret of HS256, HS384 and HS512, of 32 bytes or more. */
  hmacSecret?: string;
  /** The secret before `hmacSecret`, so that its tokens outlive a rotation. */
  hmacPreviousSecret?: string;
  /** Unix seconds from which `hmacPreviousSecret` is refused. Absent: never. */
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
const PEM = /^-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----$/;
const NO_RSA_KEY = "is not an RSA public key in PEM (SPKI)";
const NO_ECDSA_KEY = "is not a P-256, P-384 or P-521 public key in PEM (SPKI)";
const SOURCES = [
  "hmacSecret",
  "hmacPreviousSecret",
  "rsaPublicKey",
  "ecdsaPublicKey",
  "jwksEndpoint",
] as const;

/** An option whose value cannot be a key, and why. */
export interface WrongKey {
  readonly option: (typeof SOURCES)[number];
  readonly problem: string;
}

/** Finds wrong keys by their text alone: nothing is imported or fetched. */
export function findWrongKeys(config: KeyConfig): WrongKey[] {
  return SOURCES.flatMap((option) => {
    const value = config[option];
    const problem = value === undefined ? undefined : problemOf(option, value);
    return problem === undefined ? [] : [{ option, problem }];
  });
}

/** Throws for a key that `findWrongKeys` finds; `candidates` throws for one that cannot be imported. */
export function createKeyring(config: KeyConfig): Keyring {
  const [wrong] = findWrongKeys(config);
  if (wrong) throw wrongOption(wrong.option, wrong.problem);
  const remote = config.jwksEndpoint === undefined ? undefined : remoteKeysOf(config.jwksEndpoint);
  let configured: ConfiguredKey[] | undefined;

  async function* candidates(header: CompactJWSHeaderParameters, now: Date): AsyncGenerator<CryptoKey> {
    // The keys are kept, not their promise: a promise never settles when its request ends early.
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
  if (keys.length === 0) throw wrongOption("rsaPublicKey", NO_RSA_KEY);
  if (keys.some(({ key }) => modulusLength(key) < TOKEN_LIMITS.rsaBits)) {
    throw wrongOption("rsaPublicKey", `has fewer than ${TOKEN_LIMITS.rsaBits} bits`);
  }
  return keys;
}

async function importEcdsa(pem: string | undefined): Promise<ConfiguredKey[]> {
  if (pem === undefined) return [];
  const keys = await importPublicKey(pem, ECDSA_ALGORITHMS);
  if (keys.length === 0) throw wrongOption("ecdsaPublicKey", NO_ECDSA_KEY);
  return keys;
}

/** Imports a key for each algorithm that it fits. */
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

/**
 * Why a text cannot be a key. Whether a key has the right kind is known only after its import, which is asynchronous.
 */
function problemOf(option: WrongKey["option"], value: string): string | undefined {
  if (value === "") return "is empty";
  if (option === "hmacSecret" || option === "hmacPreviousSecret") return secretProblem(value);
  if (option === "rsaPublicKey") return PEM.test(value.trim()) ? undefined : NO_RSA_KEY;
  if (option === "ecdsaPublicKey") return PEM.test(value.trim()) ? undefined : NO_ECDSA_KEY;
  if (option !== "jwksEndpoint") return undefined;
  if (value.includes("{{")) return "is a template, and must be one address";
  // Not `URL.parse`: the command line runs this on Node 20 too.
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? undefined
    : "is not an http(s) URL";
}

/** Why an HMAC secret is too weak, or undefined: a short one can be guessed from any token that it has signed. */
export function secretProblem(secret: string): string | undefined {
  const isLong = payloadBytes(secret) >= TOKEN_LIMITS.secretBytes;
  return isLong ? undefined : `has fewer than ${TOKEN_LIMITS.secretBytes} bytes`;
}

/** An error of the configuration. It names the option and never holds its value, which may be a secret. */
export function wrongOption(option: string, problem: string): Error {
  return new Error(`token option ${option} ${problem}`);
}
