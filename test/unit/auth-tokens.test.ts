import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { exportJWK, exportSPKI, generateKeyPair } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { createTokenVerifier, type TokenConfig } from "../../src/auth/tokens.ts";
import { TOKEN_LIMITS } from "../../src/shared/limits.ts";
import {
  bytes,
  connect,
  connected,
  HMAC,
  invalid,
  NOW,
  SECONDS,
  SECRET,
  sign,
  unsigned,
} from "../support/tokens.ts";

const OLD_SECRET = "the old secret of the test, long enough";

interface Pair {
  readonly privateKey: CryptoKey;
  readonly pem: string;
}

const pairs = new Map<string, Pair>();

function pairOf(algorithm: string): Pair {
  const pair = pairs.get(algorithm);
  if (pair === undefined) throw new Error(`no pair for ${algorithm}`);
  return pair;
}

function rsaPair(modulusLength: number) {
  return generateKeyPairSync("rsa", {
    modulusLength,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

function otherCurve(): string {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
  return String(publicKey.export({ type: "spki", format: "pem" }));
}

function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

beforeAll(async () => {
  for (const algorithm of ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]) {
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    pairs.set(algorithm, { privateKey, pem: await exportSPKI(publicKey) });
  }
});

describe("signatures", () => {
  test.each(["HS256", "HS384", "HS512"])("TOKEN-01: %s verifies with the HMAC secret", async (alg) => {
    const verifier = createTokenVerifier(HMAC);
    const token = await sign({ sub: "42" }, bytes(SECRET), { alg });
    expect(await verifier.connection(token)).toEqual(connected({ user: "42" }));
    expect(await verifier.connection(await sign({ sub: "42" }, bytes("another"), { alg }))).toEqual(
      invalid("no key verifies the signature"),
    );
  });

  test.each(["RS256", "RS384", "RS512"])("TOKEN-01: %s verifies with the RSA key", async (alg) => {
    const verifier = createTokenVerifier({ rsaPublicKey: pairOf(alg).pem });
    const token = await sign({ sub: "42" }, pairOf(alg).privateKey, { alg });
    expect(await verifier.connection(token)).toEqual(connected({ user: "42" }));
    const stranger = await generateKeyPair(alg);
    expect(await verifier.connection(await sign({ sub: "42" }, stranger.privateKey, { alg }))).toEqual(
      invalid("no key verifies the signature"),
    );
  });

  test.each(["ES256", "ES384", "ES512"])(
    "TOKEN-01: %s verifies with a key of its curve only",
    async (alg) => {
      const token = await sign({ sub: "42" }, pairOf(alg).privateKey, { alg });
      for (const curve of ["ES256", "ES384", "ES512"]) {
        const verified = await createTokenVerifier({ ecdsaPublicKey: pairOf(curve).pem }).connection(token);
        expect(verified.kind).toBe(curve === alg ? "valid" : "invalid");
      }
    },
  );

  test("TOKEN-02: a token without a signature is invalid", async () => {
    const verifier = createTokenVerifier(HMAC);
    for (const alg of ["none", "None", "NONE"]) {
      const token = unsigned({ alg }, { sub: "42" });
      expect(await verifier.connection(token)).toEqual(invalid("malformed"));
      expect(await verifier.connection(`${token}AAAA`)).toEqual(invalid("algorithm is not accepted"));
    }
  });

  test("TOKEN-02: a public key is no HMAC secret", async () => {
    const { pem } = pairOf("RS256");
    const token = await sign({ sub: "42" }, bytes(pem));
    for (const config of [{ rsaPublicKey: pem }, { rsaPublicKey: pem, hmacSecret: SECRET }]) {
      expect((await createTokenVerifier(config).connection(token)).kind).toBe("invalid");
    }
  });

  test("TOKEN-02: a key that comes with the token is not used", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const header = { alg: "ES256", jwk: await exportJWK(publicKey) };
    const verifier = createTokenVerifier({ ecdsaPublicKey: pairOf("ES256").pem });
    expect((await verifier.connection(await sign({ sub: "42" }, privateKey, header))).kind).toBe("invalid");
  });

  test("TOKEN-02: algorithms outside the list and critical extensions are invalid", async () => {
    const verifier = createTokenVerifier({ rsaPublicKey: pairOf("RS256").pem, hmacSecret: SECRET });
    const { privateKey } = await generateKeyPair("PS256");
    expect(await verifier.connection(await sign({}, privateKey, { alg: "PS256" }))).toEqual(
      invalid("algorithm is not accepted"),
    );
    for (const alg of ["toString", "__proto__", 256, null]) {
      expect((await verifier.connection(unsigned({ alg }, {}, "AAAA"))).kind).toBe("invalid");
    }
    expect(
      await verifier.connection(unsigned({ alg: "HS256", crit: ["b64"], b64: false }, {}, "AAAA")),
    ).toEqual(invalid("critical extensions"));
  });

  test("TOKEN-03: the previous secret verifies until its date", async () => {
    const token = await sign({ sub: "42" }, bytes(OLD_SECRET));
    const config = { ...HMAC, hmacPreviousSecret: OLD_SECRET };
    const until = (hmacPreviousSecretValidUntil: number) =>
      createTokenVerifier({ ...config, hmacPreviousSecretValidUntil }).connection(token, NOW);
    expect((await until(SECONDS + 1)).kind).toBe("valid");
    expect((await until(SECONDS)).kind).toBe("invalid");
    expect((await createTokenVerifier(config).connection(token, NOW)).kind).toBe("valid");
    expect((await createTokenVerifier(HMAC).connection(token, NOW)).kind).toBe("invalid");
    expect(await connect({ sub: "42" }, { ...config, hmacPreviousSecretValidUntil: 0 })).toEqual(
      connected({ user: "42" }),
    );
  });

  test("TOKEN-04: without a key every token is invalid", async () => {
    const verifier = createTokenVerifier({});
    const refused = { kind: "invalid", why: "no key is configured" };
    expect(await verifier.connection(await sign({ sub: "42" }))).toEqual(refused);
    expect(await verifier.subscription(await sign({ sub: "42", channel: "news" }))).toEqual(refused);
  });

  test("TOKEN-05: a token that is too long is invalid, and one at the limit is not", async () => {
    const of = (length: number) => sign({ sub: "42", meta: { filler: "x".repeat(length) } });
    const room = Math.floor(((TOKEN_LIMITS.length - (await of(0)).length) * 3) / 4) - 3;
    const [fits, exceeds] = [await of(room), await of(room + 8)];
    expect(fits.length).toBeGreaterThan(TOKEN_LIMITS.length - 8);
    expect(exceeds.length).toBeGreaterThan(TOKEN_LIMITS.length);
    expect((await createTokenVerifier(HMAC).connection(fits)).kind).toBe("valid");
    expect(await createTokenVerifier(HMAC).connection(exceeds)).toEqual(invalid("too long"));
  });

  test("TOKEN-05: what is no token is invalid", async () => {
    const verifier = createTokenVerifier(HMAC);
    for (const token of ["", ".", "..", "a.b.c", "a.b", "a.b.c.d", "ü.ü.ü", "{}", "null", "eyJ9.e30.AAAA"]) {
      expect(await verifier.connection(token)).toEqual(invalid("malformed"));
    }
  });

  test("TOKEN-06: a token that was changed never verifies", async () => {
    const keys: TokenConfig = {
      ...HMAC,
      rsaPublicKey: pairOf("RS256").pem,
      ecdsaPublicKey: pairOf("ES256").pem,
    };
    const verifier = createTokenVerifier(keys);
    const tokens = [
      await sign({ sub: "42", channels: ["news"] }),
      await sign({ sub: "42" }, pairOf("RS256").privateKey, { alg: "RS256" }),
      await sign({ sub: "42" }, pairOf("ES256").privateKey, { alg: "ES256" }),
    ];
    const letters = fc.constantFrom(
      ..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n\0é",
    );
    const change = fc.record({
      token: fc.constantFrom(...tokens),
      where: fc.nat(),
      removed: fc.constantFrom(0, 1, 1, 2),
      inserted: fc.array(letters, { maxLength: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ token, where, removed, inserted }) => {
        const at = where % (token.length + 1);
        const changed = token.slice(0, at) + inserted.join("") + token.slice(at + removed);
        fc.pre(changed !== token);
        expect((await verifier.connection(changed, NOW)).kind).toBe("invalid");
      }),
      { numRuns: 500 },
    );
    for (const token of tokens) expect((await verifier.connection(token, NOW)).kind).toBe("valid");
  });

  test("TOKEN-06: every other spelling of the last letter is refused", async () => {
    const token = await sign({ sub: "42" });
    for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
      const spelled = token.slice(0, -1) + letter;
      const { kind } = await createTokenVerifier(HMAC).connection(spelled);
      expect(kind).toBe(spelled === token ? "valid" : "invalid");
    }
  });
});

describe("configuration", () => {
  test.each<TokenConfig>([
    { hmacSecret: "" },
    { hmacPreviousSecret: "" },
    { hmacSecret: "secret".padEnd(31, "x") },
    { hmacPreviousSecret: "secret".padEnd(31, "x") },
    { rsaPublicKey: "" },
    { ecdsaPublicKey: "" },
    { jwksEndpoint: "" },
    { jwksEndpoint: "not an address" },
    { jwksEndpoint: "https://{{tenant}}.example/keys" },
    { jwksEndpoint: "file:///keys?secret" },
    { audienceRegex: "(secret" },
    { audienceRegex: "^(a+)+$" },
    { issuerRegex: "(?P<secret>x)" },
  ])("TOKEN-16: %j throws at once and names the option", (config) => {
    const [option, value] = Object.entries(config)[0] ?? [];
    expect(() => createTokenVerifier(config)).toThrow(`token option ${option} `);
    if (value !== "") expect(() => createTokenVerifier(config)).not.toThrow(/secret|not an address/);
  });

  test.each<TokenConfig>([
    { rsaPublicKey: "secret" },
    { rsaPublicKey: rsaPair(2048).privateKey },
    { rsaPublicKey: rsaPair(2048).publicKey.slice(0, 200) },
    { rsaPublicKey: rsaPair(2048).publicKey.replaceAll("\n", "\\n") },
    { ecdsaPublicKey: "secret" },
  ])("TOKEN-16: what is no public key in PEM throws at once and is not shown (%#)", (config) => {
    const [, value = ""] = Object.entries(config)[0] ?? [];
    const error = errorOf(() => createTokenVerifier({ ...HMAC, ...config }));
    expect(error).toMatch(/^Error: token option (rsa|ecdsa)PublicKey [^\n]{10,80}$/);
    expect(error).not.toContain(value);
  });

  test("TOKEN-16: a key that cannot be imported throws at the first token and is not shown", async () => {
    const wrong: TokenConfig[] = [
      { rsaPublicKey: pairOf("ES256").pem },
      { rsaPublicKey: rsaPair(1024).publicKey },
      { rsaPublicKey: rsaPair(TOKEN_LIMITS.rsaBits - 1).publicKey },
      { ecdsaPublicKey: pairOf("RS256").pem },
      { ecdsaPublicKey: otherCurve() },
      { ecdsaPublicKey: "-----BEGIN PUBLIC KEY-----\nsecret\n-----END PUBLIC KEY-----" },
    ];
    const token = await sign({ sub: "42" });
    for (const config of wrong) {
      const [, value = ""] = Object.entries(config)[0] ?? [];
      const error = await createTokenVerifier({ ...HMAC, ...config })
        .connection(token)
        .catch(String);
      expect(error).toMatch(/^Error: token option (rsa|ecdsa)PublicKey [^\n]{10,80}$/);
      expect(error).not.toContain(value);
    }
  });

  test("TOKEN-16: a PEM between blanks is read", async () => {
    const verifier = createTokenVerifier({ ecdsaPublicKey: `\n ${pairOf("ES256").pem}\n\n` });
    const token = await sign({ sub: "42" }, pairOf("ES256").privateKey, { alg: "ES256" });
    expect((await verifier.connection(token)).kind).toBe("valid");
  });
});

test("TOKEN-17: keys are imported once, not per token", async () => {
  const imported: unknown[] = [];
  const importKey = crypto.subtle.importKey;
  crypto.subtle.importKey = (...input: unknown[]) => {
    imported.push(input[0]);
    return Reflect.apply(importKey, crypto.subtle, input);
  };
  try {
    const verifier = createTokenVerifier({ ...HMAC, ecdsaPublicKey: pairOf("ES256").pem });
    const token = await sign({ sub: "42" }, pairOf("ES256").privateKey, { alg: "ES256" });
    await verifier.connection(token);
    const first = imported.length;
    expect(first).toBeGreaterThan(0);
    for (let round = 0; round < 5; round += 1) await verifier.connection(token);
    expect(imported).toHaveLength(first);
  } finally {
    crypto.subtle.importKey = importKey;
  }
});
