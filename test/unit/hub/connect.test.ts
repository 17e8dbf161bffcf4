import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import { baseConfig, inSeconds, sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { TestHub } from "../../support/node/test-hub.ts";

/** Signed with a key that only the set of the configuration has. */
const UNVERIFIABLE = `${btoa('{"alg":"RS256","kid":"1"}')}.${btoa('{"sub":"ann"}')}.AAAA`.replaceAll("=", "");

const connecting = (hooks: NonNullable<Config["hooks"]>) => new TestHub({ config: { hooks } });

describe("who may connect", () => {
  test("SESS-11: the reply names the connection, the version and the heartbeat", async () => {
    const hub = new TestHub();
    const [one, other] = [await hub.connected(), await hub.connected()];
    expect(one.connect).toEqual({
      client: expect.stringMatching(/^[\da-f-]{36}$/),
      version: expect.any(String),
      ping: baseConfig.connection.pingInterval,
      pong: true,
    });
    expect(other.connect.client).not.toBe(one.connect.client);
  });

  test("SESS-12: without a token, a hook or leave for anonymous users a client is closed with 3501", async () => {
    const hub = new TestHub({ config: { connection: { allowAnonymous: false } } });
    const client = await hub.open();
    client.send({ connect: {} });
    expect(await client.closed).toEqual({ code: 3501, reason: "bad request" });
  });

  test("SESS-12: `insecure` lets everybody connect and do everything", async () => {
    const hub = new TestHub({ config: { connection: { allowAnonymous: false, insecure: true } } });
    const client = await hub.connect();
    expect(await client.codeOf("subscribe", { channel: "closed:a" })).toBeUndefined();
    expect(await client.codeOf("publish", { channel: "closed:a", data: 1 })).toBeUndefined();
    expect(await client.codeOf("subscribe", { channel: "$closed:a" })).toBe(103);
  });

  test("SESS-13: a token says who the user is, and when the connection expires", async () => {
    const hub = new TestHub();
    const { client, connect } = await hub.connected({
      token: await sign({ sub: "ann", exp: inSeconds(60), info: { age: 7 } }),
    });
    expect(connect).toMatchObject({ expires: true, ttl: expect.any(Number) });
    expect(connect.ttl).toBeGreaterThan(55);
    expect(connect.ttl).toBeLessThanOrEqual(60);
    await client.subscribe("open:a");
    expect(await client.ask("presence", { channel: "open:a" })).toEqual({
      presence: { [connect.client]: { user: "ann", client: connect.client, conn_info: { age: 7 } } },
    });
  });

  test("SESS-13: a token with `expire_at` 0 may run out, its connection does not", async () => {
    const { connect } = await new TestHub().connected({
      token: await sign({ sub: "ann", exp: inSeconds(60), expire_at: 0 }),
    });
    expect(connect.expires).toBeUndefined();
  });

  test("SESS-13: ttl is never more than 365 days", async () => {
    const { connect } = await new TestHub().connected({
      token: await sign({ sub: "ann", exp: inSeconds(1e9) }),
    });
    expect(connect.ttl).toBe(31_536_000);
  });

  test.each([
    ["a token that has run out", { exp: 1 }, 109],
    ["a token of the future", { nbf: 4e9 }, 109],
    ["a connection that has run out", { exp: 4e9, expire_at: 1 }, 110],
    ["a channel of no configured namespace", { channels: ["nowhere:a"] }, 102],
    ["a channel that cannot be", { channels: [""] }, 107],
  ])("SESS-14: %s is an error", async (_, claims, code) => {
    const client = await new TestHub().open();
    client.send({ connect: { token: await sign({ sub: "ann", ...claims }) } });
    expect((await client.reply(1)).error?.code).toBe(code);
  });

  test.each([
    ["no token at all", async () => "x"],
    ["a foreign signature", () => sign({ sub: "ann" }, "another secret")],
    ["a subscription token", () => sign({ sub: "ann", channel: "open:a" })],
    ["a user that is no text", () => sign({ sub: 7 })],
  ])("SESS-14: %s closes with 3500", async (_, token) => {
    const client = await new TestHub().open();
    client.send({ connect: { token: await token() } });
    expect(await client.closed).toEqual({ code: 3500, reason: "invalid token" });
  });

  test("SESS-14: a token that cannot be verified now is error 100", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new Error("no network"));
    onTestFinished(() => void vi.restoreAllMocks());
    const hub = new TestHub({ config: { tokens: { jwksEndpoint: "KEYS_ADDRESS" } } });
    const client = await hub.open();
    client.send({ connect: { token: UNVERIFIABLE } });
    expect((await client.reply(1)).error).toEqual({
      code: 100,
      message: "internal server error",
      temporary: true,
    });
  });
});

describe("the connect hook", () => {
  test("SESS-15 CORR-02: the hook says who the user is, and gets what the client sent", async () => {
    let asked: unknown;
    const hub = connecting({
      connect: (context) => {
        asked = context;
        return {
          user: "bob",
          info: { n: 1 },
          data: { hello: "bob" },
          meta: { secret: 1 },
          expireAt: inSeconds(60),
        };
      },
    });
    const { connect } = await hub.connected({ data: { nick: "b" }, name: "js", version: "5" });
    expect(asked).toEqual({
      client: connect.client,
      data: { nick: "b" },
      rawData: '{"nick":"b"}',
      name: "js",
      version: "5",
      protocol: "json",
      transport: "websocket",
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
    });
    expect(connect).toEqual({
      client: expect.any(String),
      version: expect.any(String),
      data: { hello: "bob" },
      ping: baseConfig.connection.pingInterval,
      pong: true,
    });
  });

  test("SESS-15: a hook without an opinion leaves it to the configuration", async () => {
    expect((await connecting({ connect: () => undefined }).connected()).connect.client).toBeDefined();
  });

  test("SESS-15: a token goes before the hook", async () => {
    const hub = connecting({ connect: () => ({ error: { code: 400, message: "no" } }) });
    expect((await hub.connected({ token: await sign({ sub: "ann" }) })).connect.client).toBeDefined();
  });

  test.each([
    ["returns", (answer: object) => answer],
    ["throws", (answer: object) => Promise.reject(answer)],
  ])("SESS-16: an error that the hook %s reaches the client, and the connection is dead", async (_, give) => {
    const hub = connecting({
      connect: async () => give({ error: { code: 1000, message: "not today", temporary: true } }) as never,
    });
    const client = await hub.open();
    client.send({ connect: {} }, { rpc: {} });
    expect(await client.reply(1)).toEqual({
      id: 1,
      error: { code: 1000, message: "not today", temporary: true },
    });
    client.send({ rpc: {} });
    expect((await client.closed).code).toBe(3501);
  });

  test("SESS-16: a disconnect of the hook closes with its code and reason", async () => {
    const hub = connecting({ connect: () => ({ disconnect: { code: 4500, reason: "go away" } }) });
    const client = await hub.open();
    client.send({ connect: {} });
    expect(await client.closed).toEqual({ code: 4500, reason: "go away" });
  });

  test.each([
    [
      "fails",
      () => {
        throw new Error("/srv/app/secret.ts: at line 7");
      },
    ],
    ["returns text", () => "yes"],
    ["names no user", () => ({})],
    ["grants an expiry that is no time", () => ({ user: "u", expireAt: Number.NaN })],
    ["subscribes until a time that is none", () => ({ user: "u", subs: { "open:a": { expireAt: "soon" } } })],
    ["refuses with a code that is not its own", () => ({ error: { code: 99, message: "x" } })],
    ["disconnects with a reason that reads as JSON", () => ({ disconnect: { code: 4000, reason: "42" } })],
  ])("SESS-16: a hook that %s gets the client error 100, without details", async (_, hook) => {
    captureErrors();
    const client = await connecting({ connect: hook as never }).open();
    client.send({ connect: {} });
    expect(await client.reply(1)).toEqual({
      id: 1,
      error: { code: 100, message: "internal server error", temporary: true },
    });
  });

  test("SESS-16: a grant that cannot be written closes with 3004", async () => {
    captureErrors();
    const client = await connecting({ connect: () => ({ user: "u", info: 1n }) }).open();
    client.send({ connect: {} });
    expect((await client.closed).code).toBe(3004);
  });

  test("SESS-17: an expired grant is error 110", async () => {
    const client = await connecting({ connect: () => ({ user: "u", expireAt: 1 }) }).open();
    client.send({ connect: {} });
    expect((await client.reply(1)).error?.code).toBe(110);
  });
});
