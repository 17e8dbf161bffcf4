import { describe, expect, test } from "vitest";
import { createTokenVerifier, type TokenConfig } from "../../src/auth/tokens.ts";
import {
  bytes,
  type Claims,
  connect,
  connected,
  HMAC,
  invalid,
  NOW,
  SECONDS,
  sign,
  subscribe,
} from "../support/tokens.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("time", () => {
  test("TOKEN-07: exp and nbf that fail are expired", async () => {
    const expired = { kind: "expired" };
    expect(await connect({ exp: SECONDS })).toEqual(expired);
    expect(await connect({ exp: 0 })).toEqual(expired);
    expect(await connect({ nbf: SECONDS + 1 })).toEqual(expired);
    expect(await subscribe({ channel: "news", exp: SECONDS - 1 })).toEqual(expired);
    expect((await connect({ exp: SECONDS + 1, nbf: SECONDS })).kind).toBe("valid");
  });

  test("TOKEN-07: a time that is no time is invalid", async () => {
    for (const claim of ["exp", "nbf"]) {
      for (const value of ["1900000000", null, -1, {}, true]) {
        expect(await connect({ [claim]: value })).toEqual(invalid(`claim ${claim}`));
      }
    }
    expect(await connect({ expire_at: -1 })).toEqual(invalid("claim expire_at"));
    expect(await connect({ expire_at: "0" })).toEqual(invalid("claim expire_at"));
  });

  test("TOKEN-07: a token that would be invalid anyway is not called expired", async () => {
    expect((await connect({ sub: 42, exp: 1 })).kind).toBe("invalid");
    expect((await connect({ exp: 1 }, { ...HMAC, issuer: "me" })).kind).toBe("invalid");
    const forged = await sign({ exp: 1 }, bytes("another"));
    expect((await createTokenVerifier(HMAC).connection(forged, NOW)).kind).toBe("invalid");
  });

  test("TOKEN-08: a connection expires with exp, or as expire_at says", async () => {
    const exp = SECONDS + 60;
    expect(await connect({})).toEqual(connected({ expireAt: undefined }));
    expect(await connect({ exp: exp + 0.5 })).toEqual(connected({ expireAt: exp }));
    expect(await connect({ exp, expire_at: exp + 60 })).toEqual(connected({ expireAt: exp + 60 }));
    expect(await connect({ expire_at: exp })).toEqual(connected({ expireAt: exp }));
    expect(await connect({ exp, expire_at: 0 })).toEqual(connected({ expireAt: undefined }));
    expect(await connect({ exp, expire_at: null })).toEqual(connected({ expireAt: exp }));
    expect((await connect({ exp: SECONDS - 1, expire_at: 0 })).kind).toBe("expired");
  });

  test("TOKEN-08: a subscription expires with exp, or as expire_at says", async () => {
    const exp = SECONDS + 60;
    const claims = { user: "", channel: "news", client: undefined };
    const channel = "news";
    expect(await subscribe({ channel, exp })).toEqual({
      kind: "valid",
      claims: { ...claims, expireAt: exp },
    });
    const forever = await subscribe({ channel, exp, expire_at: 0 });
    expect(forever).toStrictEqual({ kind: "valid", claims });
  });
});

describe("audience and issuer", () => {
  test.each<[Partial<TokenConfig>, Claims, boolean]>([
    [{ audience: "chat" }, { aud: "chat" }, true],
    [{ audience: "chat" }, { aud: ["mail", "chat"] }, true],
    [{ audience: "chat" }, { aud: "chats" }, false],
    [{ audience: "chat" }, {}, false],
    [{ audienceRegex: "^chat-\\d+$" }, { aud: ["mail", "chat-7"] }, true],
    [{ audienceRegex: "^chat-\\d+$" }, { aud: "chat-x" }, false],
    [{ audienceRegex: "^$" }, {}, false],
    [{ issuer: "me" }, { iss: "me" }, true],
    [{ issuer: "me" }, { iss: "you" }, false],
    [{ issuer: "me" }, { iss: null }, false],
    [{ issuerRegex: "^https://[a-z]+\\.example$" }, { iss: "https://a.example" }, true],
    [{ issuerRegex: "^https://[a-z]+\\.example$" }, { iss: "https://a.example.evil" }, false],
    [{ issuerRegex: "undefined" }, {}, false],
    [{ audience: "chat", issuer: "me" }, { aud: "chat", iss: "you" }, false],
    [{}, { aud: "anything", iss: "anyone" }, true],
    [{}, { aud: 42 }, false],
    [{}, { aud: ["chat", 42] }, false],
    [{}, { iss: ["me"] }, false],
  ])("TOKEN-09: %j judges %j: %s", async (required, claims, accepted) => {
    const config = { ...HMAC, ...required };
    const kind = accepted ? "valid" : "invalid";
    expect((await connect(claims, config)).kind).toBe(kind);
    expect((await connect(claims, config)).kind).toBe(kind);
    expect((await subscribe({ ...claims, channel: "news" }, config)).kind).toBe(kind);
  });
});

test("TOKEN-32: an audience or issuer of more than 255 characters matches no expression", async () => {
  const long = { aud: "x".repeat(256), iss: "x".repeat(256) };
  const short = { aud: "x".repeat(255), iss: "x".repeat(255) };
  for (const config of [{ audienceRegex: "^x+$" }, { issuerRegex: "^x+$" }]) {
    expect((await connect(short, { ...HMAC, ...config })).kind).toBe("valid");
    expect((await connect(long, { ...HMAC, ...config })).kind).toBe("invalid");
  }
});

describe("the user", () => {
  test("TOKEN-10: sub is a string, and a token without it is an anonymous user's", async () => {
    expect(await connect({ sub: "42" })).toEqual(connected({ user: "42" }));
    expect(await connect({ sub: "" })).toEqual(connected({ user: "" }));
    expect(await connect({})).toEqual(connected({ user: "" }));
    for (const sub of [42, null, true, ["42"], {}])
      expect(await connect({ sub })).toEqual(invalid("claim sub"));
    expect(await subscribe({ sub: 42, channel: "news" })).toEqual(invalid("claim sub"));
  });

  test("TOKEN-10: the configured claim stands for sub, and must be there", async () => {
    const config = { ...HMAC, userIdClaim: "https://example.com/id" };
    const claims = { sub: "1", "https://example.com/id": "42" };
    expect(await connect(claims, config)).toEqual(connected({ user: "42" }));
    expect(await subscribe({ ...claims, channel: "news" }, config)).toEqual(connected({ user: "42" }));
    expect(await connect({ sub: "1" }, config)).toEqual(invalid("claim https://example.com/id"));
    expect(await connect({ sub: "1" }, { ...HMAC, userIdClaim: "constructor" })).toEqual(
      invalid("claim constructor"),
    );
  });
});

describe("connection tokens", () => {
  test("TOKEN-11: a connection token has no channel, a subscription token has one", async () => {
    expect(await connect({ sub: "42", channel: "news" })).toEqual(invalid("claim channel"));
    expect((await connect({ sub: "42", channel: "" })).kind).toBe("valid");
    for (const channel of [undefined, null, "", 42]) {
      expect(await subscribe({ sub: "42", channel })).toEqual(invalid("claim channel"));
    }
  });

  test("TOKEN-12: info and meta are handed on", async () => {
    const claims = { sub: "42", info: { name: "Ada" }, meta: { role: "admin" } };
    expect(await connect(claims)).toStrictEqual({
      kind: "valid",
      claims: { user: "42", expireAt: undefined, info: claims.info, meta: claims.meta, channels: {} },
    });
    for (const meta of ["admin", [], 42]) expect(await connect({ meta })).toEqual(invalid("claim meta"));
    expect(await connect({ info: 0, meta: null })).toEqual(connected({ info: 0, meta: undefined }));
  });

  test("PROTO-21: claims of 100 levels are read, deeper ones are not, in base64 too", async () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect((await connect({ info: JSON.parse(nested(99)) })).kind).toBe("valid");
    expect(await connect({ info: JSON.parse(nested(100)) })).toEqual(invalid("not a JSON object"));
    expect((await connect({ b64info: base64(nested(100)) })).kind).toBe("valid");
    expect(await connect({ b64info: base64(nested(101)) })).toEqual(invalid("claim b64info"));
  });

  test("TOKEN-13: base64 claims are UTF-8 JSON and stand before the plain ones", async () => {
    const b64info = base64('{"name":"Zoë"}');
    expect(await connect({ info: 1, b64info })).toEqual(connected({ info: { name: "Zoë" } }));
    expect(await connect({ info: 1, b64info: "" })).toEqual(connected({ info: 1 }));
    expect(await connect({ info: 1, b64info: base64("null") })).toEqual(connected({ info: null }));
    const both = { channel: "news", info: 1, b64info, data: 2, b64data: base64("[3]") };
    expect(await subscribe(both)).toEqual(connected({ info: { name: "Zoë" }, data: [3] }));
    for (const wrong of ["%", base64("{"), base64("plain"), "/w==", 42]) {
      expect(await connect({ b64info: wrong })).toEqual(invalid("claim b64info"));
      expect(await subscribe({ channel: "news", b64data: wrong })).toEqual(invalid("claim b64data"));
    }
    expect(await connect({ subs: { news: { b64data: "%" } } })).toEqual(invalid("claim subs.0.1.b64data"));
  });

  test("TOKEN-14: channels and subs are the server-side subscriptions", async () => {
    const subs = {
      "chat:1": {
        info: "i",
        b64data: base64("[1]"),
        override: { presence: { value: true }, join_leave: {} },
      },
      constructor: {},
    };
    const verified = await connect({ channels: ["news", "chat:1", "__proto__"], subs });
    if (verified.kind !== "valid") throw new Error(verified.kind);
    expect(Object.entries(verified.claims.channels)).toStrictEqual([
      ["news", {}],
      ["chat:1", { info: "i", data: [1], override: { presence: true, joinLeave: false } }],
      ["__proto__", {}],
      ["constructor", {}],
    ]);
    expect(await connect({ channels: null, subs: null })).toEqual(connected({ channels: {} }));
    for (const channels of ["news", [42], {}]) expect((await connect({ channels })).kind).toBe("invalid");
    for (const wrong of [[], "news", { news: 1 }, { news: [] }, { news: { override: { presence: true } } }]) {
      expect((await connect({ subs: wrong })).kind).toBe("invalid");
    }
  });
});

test("TOKEN-15: a subscription token gives channel, client and options", async () => {
  const flag = { value: true };
  const override = {
    presence: flag,
    join_leave: flag,
    force_push_join_leave: { value: false },
    force_recovery: flag,
    force_positioning: null,
  };
  const claims = { sub: "42", channel: "$chat:1", client: "c", info: { a: 1 }, data: "d", override };
  expect(await subscribe(claims)).toStrictEqual({
    kind: "valid",
    claims: {
      user: "42",
      channel: "$chat:1",
      client: "c",
      info: { a: 1 },
      data: "d",
      override: { presence: true, joinLeave: true, forcePushJoinLeave: false, forceRecovery: true },
    },
  });
  expect((await subscribe({ channel: "news", client: 42 })).kind).toBe("invalid");
  expect((await subscribe({ channel: "news", override: { presence: { value: 1 } } })).kind).toBe("invalid");
});
