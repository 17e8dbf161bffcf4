import { createSign, generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEPT_ADDRESSES } from "../../src/auth/jwks.ts";
import { createTokenVerifier } from "../../src/auth/tokens.ts";
import { TOKEN_LIMITS } from "../../src/shared/limits.ts";
import { SECRET } from "../support/tokens.ts";

const START = Date.parse("2026-11-23T12:00:00Z");
const after = (milliseconds: number) => new Date(START + milliseconds);

interface Issuer {
  readonly jwk: JWK;
  readonly sign: (header?: Record<string, unknown>) => Promise<string>;
}

async function createIssuer(alg: string, kid: string): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, use: "sig" },
    sign: (header = {}) =>
      new SignJWT({ sub: "42" }).setProtectedHeader({ alg, kid, ...header }).sign(privateKey),
  };
}

let server: Server;
let address: string;
let reads: number;
let status: number;
let body: string;
let hold: Promise<void> | undefined;

const publish = (...issuers: Issuer[]) => {
  body = JSON.stringify({ keys: issuers.map(({ jwk }) => jwk) });
};

beforeEach(async () => {
  [reads, status, hold] = [0, 200, undefined];
  publish();
  server = createServer(async (_request, response) => {
    reads += 1;
    await hold;
    response.writeHead(status, { "Content-Type": "application/json", Location: "/elsewhere" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys?credential=${crypto.randomUUID()}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const createVerifier = () => createTokenVerifier({ jwksEndpoint: address });

test.each(["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"])(
  "TOKEN-18: %s verifies with a key of the set",
  async (alg) => {
    const issuer = await createIssuer(alg, "a");
    publish(await createIssuer("ES256", "b"), issuer);
    const verifier = createVerifier();
    expect((await verifier.connection(await issuer.sign())).kind).toBe("valid");
    const forger = await createIssuer(alg, "a");
    expect((await verifier.connection(await forger.sign())).kind).toBe("invalid");
    expect(reads).toBe(1);
  },
);

test("TOKEN-30: verifiers of one address share its key set, as long as no other addresses take its place", async () => {
  const issuer = await createIssuer("ES256", "a");
  publish(issuer);
  const verify = async () => (await createVerifier().connection(await issuer.sign())).kind;
  expect([await verify(), await verify(), reads]).toEqual(["valid", "valid", 1]);
  const useOthers = (count: number) => {
    for (let index = 0; index < count; index += 1)
      createTokenVerifier({ jwksEndpoint: `https://keys.test/${crypto.randomUUID()}` });
  };
  useOthers(KEPT_ADDRESSES - 1);
  expect([await verify(), reads]).toEqual(["valid", 1]);
  useOthers(KEPT_ADDRESSES);
  expect([await verify(), reads]).toEqual(["valid", 2]);
});

test("TOKEN-18: a token without a key id is tried with every key that fits", async () => {
  const issuers = [await createIssuer("ES256", "a"), await createIssuer("ES256", "b")];
  publish(...issuers);
  const verifier = createVerifier();
  for (const issuer of issuers) {
    expect((await verifier.connection(await issuer.sign({ kid: undefined }))).kind).toBe("valid");
  }
  const stranger = await createIssuer("ES256", "c");
  expect((await verifier.connection(await stranger.sign({ kid: undefined }))).kind).toBe("invalid");
});

test("TOKEN-18: a secret in the set verifies nothing", async () => {
  body = JSON.stringify({ keys: [{ kty: "oct", kid: "a", k: Buffer.from("secret").toString("base64url") }] });
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "HS256", kid: "a" })
    .sign(Buffer.from("secret"));
  expect((await createVerifier().connection(token)).kind).toBe("invalid");
  expect(reads).toBe(0);
});

test("TOKEN-18: a key that is too weak verifies nothing, not even its own signature", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  body = JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "a" }] });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", kid: "a" })}.${part({ sub: "42" })}`;
  const signature = createSign("sha256").update(signed).sign(privateKey, "base64url");
  expect((await createVerifier().connection(`${signed}.${signature}`)).kind).toBe("invalid");
  expect(reads).toBe(1);
});

test("TOKEN-18: a malformed key verifies nothing, and its neighbours do", async () => {
  const [broken, sound] = [await createIssuer("RS256", "a"), await createIssuer("RS256", "b")];
  publish({ ...broken, jwk: { ...broken.jwk, n: "AQAB" } }, sound);
  const verifier = createVerifier();
  expect((await verifier.connection(await broken.sign(), after(0))).kind).toBe("invalid");
  expect((await verifier.connection(await sound.sign(), after(0))).kind).toBe("valid");
});

test("TOKEN-18: configured keys serve beside the set, and without it", async () => {
  status = 500;
  const verifier = createTokenVerifier({ jwksEndpoint: address, hmacSecret: SECRET });
  const token = await new SignJWT({}).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(SECRET));
  expect((await verifier.connection(token)).kind).toBe("valid");
  expect(reads).toBe(0);
});

test("TOKEN-19: tokens that come together share one reading of the set", async () => {
  const issuer = await createIssuer("ES256", "a");
  publish(issuer);
  const [verifier, token] = [createVerifier(), await issuer.sign()];
  const verified = await Promise.all(Array.from({ length: 50 }, () => verifier.connection(token, after(0))));
  expect(new Set(verified.map(({ kind }) => kind))).toEqual(new Set(["valid"]));
  expect(reads).toBe(1);
});

test("TOKEN-20: an unknown key is looked for again, once per pause, and only then refused", async () => {
  const [old, fresh] = [await createIssuer("ES256", "old"), await createIssuer("ES256", "fresh")];
  publish(old);
  const verifier = createVerifier();
  expect((await verifier.connection(await fresh.sign(), after(0))).kind).toBe("invalid");
  publish(old, fresh);
  for (let moment = 1; moment < TOKEN_LIMITS.keySetCooldown; moment += 1_000) {
    expect((await verifier.connection(await fresh.sign(), after(moment))).kind).toBe("unavailable");
    expect((await verifier.connection(await old.sign(), after(moment))).kind).toBe("valid");
  }
  expect(reads).toBe(1);
  expect((await verifier.connection(await fresh.sign(), after(TOKEN_LIMITS.keySetCooldown))).kind).toBe(
    "valid",
  );
  expect(reads).toBe(2);
});

test("TOKEN-21: the set is read again when it is old, and a key that is gone is refused", async () => {
  const issuer = await createIssuer("ES256", "a");
  publish(issuer);
  const [verifier, token] = [createVerifier(), await issuer.sign()];
  await verifier.connection(token, after(0));
  publish();
  expect((await verifier.connection(token, after(TOKEN_LIMITS.keySetFresh - 1))).kind).toBe("valid");
  expect((await verifier.connection(token, after(TOKEN_LIMITS.keySetFresh))).kind).toBe("invalid");
  expect(reads).toBe(2);
});

test("TOKEN-21: while the endpoint is down the last set serves until it is too old", async () => {
  const issuer = await createIssuer("ES256", "a");
  publish(issuer);
  const [verifier, token] = [createVerifier(), await issuer.sign()];
  await verifier.connection(token, after(0));
  status = 503;
  expect((await verifier.connection(token, after(TOKEN_LIMITS.keySetStale - 1))).kind).toBe("valid");
  expect((await verifier.connection(token, after(TOKEN_LIMITS.keySetStale))).kind).toBe("unavailable");
  status = 200;
  const later = TOKEN_LIMITS.keySetStale + TOKEN_LIMITS.keySetCooldown;
  expect((await verifier.connection(token, after(later))).kind).toBe("valid");
});

test.each<[string, () => void, string]>([
  ["an error", () => ([status, body] = [503, "{}"]), "status 503"],
  ["a redirect", () => ([status] = [302]), "status 302"],
  ["no JSON", () => ([body] = ["<html>"]), "read: the answer is no JSON"],
  ["no key set", () => ([body] = ['{"keys":{}}']), "read: the answer is no key set"],
  [
    "too long an answer",
    () => ([body] = [" ".repeat(TOKEN_LIMITS.keySetSize + 1)]),
    `read: the answer has more than ${TOKEN_LIMITS.keySetSize} bytes`,
  ],
  ["no connection", () => void server.close(), "read: the endpoint cannot be reached"],
])(
  "TOKEN-22: %s from the endpoint is temporary, and asked about once per pause",
  async (_name, fail, why) => {
    const issuer = await createIssuer("ES256", "a");
    publish(issuer);
    fail();
    const [verifier, token] = [createVerifier(), await issuer.sign()];
    const unavailable = { kind: "unavailable", why: expect.stringContaining(why) };
    expect(await verifier.connection(token, after(0))).toEqual(unavailable);
    const verified = await verifier.connection(token, after(TOKEN_LIMITS.keySetCooldown - 1));
    expect(verified).toEqual(unavailable);
    expect(JSON.stringify(verified)).not.toMatch(/credential|127\.0/);
    expect(reads).toBeLessThan(2);
  },
);

test("TOKEN-22: an endpoint that does not answer is given up, and may come back", async () => {
  const issuer = await createIssuer("ES256", "a");
  publish(issuer);
  const [verifier, token] = [createVerifier(), await issuer.sign()];
  const released = Promise.withResolvers<void>();
  hold = released.promise;
  const verified = await verifier.connection(token, after(0));
  expect(verified).toEqual({
    kind: "unavailable",
    why: expect.stringContaining("read: no answer within 3 s"),
  });
  released.resolve();
  expect((await verifier.connection(token, after(TOKEN_LIMITS.keySetCooldown))).kind).toBe("valid");
});
