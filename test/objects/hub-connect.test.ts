import { describe, expect, test } from "vitest";
import type { Config } from "../../src/channels/config.ts";
import { captureErrors } from "./log.ts";
import { inSeconds, sign } from "./hub-config.ts";
import { scenario, TestHub } from "./test-hub.ts";

const connecting = (hooks: NonNullable<Config["hooks"]>) => new TestHub({ config: { hooks } });

describe("who may connect", () => {
  test("SESS-11: the reply names the connection, the version and the heartbeat", async () => {
    const hub = new TestHub();
    const [one, other] = [await hub.connected(), await hub.connected()];
    expect(one.connect).toEqual({ client: expect.stringMatching(/^[\da-f-]{36}$/), version: expect.any(String), ping: 25, pong: true });
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
    const { client, connect } = await hub.connected({ token: await sign({ sub: "ann", exp: inSeconds(60), info: { age: 7 } }) });
    expect(connect).toMatchObject({ expires: true, ttl: expect.any(Number) });
    expect(connect.ttl).toBeGreaterThan(55);
    expect(connect.ttl).toBeLessThanOrEqual(60);
    await client.subscribe("open:a");
    expect(await client.ask("presence", { channel: "open:a" })).toEqual({
      presence: { [connect.client]: { user: "ann", client: connect.client, conn_info: { age: 7 } } },
    });
  });

  test("SESS-13: a token with `expire_at` 0 may run out, its connection does not", async () => {
    const { connect } = await new TestHub().connected({ token: await sign({ sub: "ann", exp: inSeconds(60), expire_at: 0 }) });
    expect(connect.expires).toBeUndefined();
  });

  test("SESS-13: ttl is never more than 365 days", async () => {
    const { connect } = await new TestHub().connected({ token: await sign({ sub: "ann", exp: inSeconds(1e9) }) });
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
    const errors = captureErrors();
    const config = { subscriptionTokens: {}, tokens: { jwksEndpoint: "JWKS" } };
    const hub = new TestHub({ config });
    expect(hub.name).toBeDefined();
    expect(errors()).toEqual([]);
  });
});

describe("the connect hook", () => {
  test("SESS-15: the hook says who the user is, and gets what the client sent", async () => {
    let asked: unknown;
    const hub = connecting({
      connect: (context) => {
        asked = context;
        return { user: "bob", info: { n: 1 }, data: { hello: "bob" }, meta: { secret: 1 }, expireAt: inSeconds(60) };
      },
    });
    const { connect } = await hub.connected({ data: { nick: "b" }, name: "js", version: "5" });
    expect(asked).toEqual({ client: connect.client, data: { nick: "b" }, name: "js", version: "5" });
    expect(connect).toEqual({ client: expect.any(String), version: expect.any(String), data: { hello: "bob" }, ping: 25, pong: true });
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
    const hub = connecting({ connect: async () => give({ error: { code: 1000, message: "not today", temporary: true } }) as never });
    const client = await hub.open();
    client.send({ connect: {} }, { rpc: {} });
    expect(await client.reply(1)).toEqual({ id: 1, error: { code: 1000, message: "not today", temporary: true } });
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
    ["fails", () => { throw new Error("/srv/app/secret.ts: at line 7"); }],
    ["returns text", () => "yes"],
    ["names no user", () => ({})],
    ["refuses with a code that is not its own", () => ({ error: { code: 109, message: "x" } })],
    ["disconnects with a reason that reads as JSON", () => ({ disconnect: { code: 4000, reason: "42" } })],
  ])("SESS-16: a hook that %s gets the client error 100, without details", async (_, hook) => {
    captureErrors();
    const client = await connecting({ connect: hook as never }).open();
    client.send({ connect: {} });
    expect(await client.reply(1)).toEqual({ id: 1, error: { code: 100, message: "internal server error", temporary: true } });
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

describe("limits of connecting", () => {
  test("SESS-18: one connection too many of a user closes with 3504", async () => {
    const hub = new TestHub({ config: { connection: { userConnectionLimit: 2 } } });
    const token = await sign({ sub: "ann" });
    const first = await hub.connect({ token });
    await hub.connect({ token });
    await hub.connect({ token: await sign({ sub: "bob" }) });
    await hub.sleep();
    const late = await hub.open();
    late.send({ connect: { token } });
    expect(await late.closed).toEqual({ code: 3504, reason: "connection limit" });
    await first.close(1000, "bye");
    expect((await hub.connected({ token })).connect.client).toBeDefined();
  });

  test("SESS-18: connections that come at the same time count too", async () => {
    const hub = new TestHub({ config: { connection: { userConnectionLimit: 1 } } });
    const token = await sign({ sub: "ann", channels: [`keep:${crypto.randomUUID()}`] });
    const clients = [await hub.open(), await hub.open(), await hub.open()];
    for (const client of clients) client.send({ connect: { token } });
    const ends = await Promise.all(
      clients.map((client) => Promise.race([client.reply(1).then(() => 0, () => 3504), client.closed.then(({ code }) => code)])),
    );
    expect(ends.sort()).toEqual([0, 3504, 3504]);
  });

  test("SESS-18: anonymous users are not counted", async () => {
    const hub = new TestHub({ config: { connection: { userConnectionLimit: 1 } } });
    await hub.connect();
    expect((await hub.connected()).connect.client).toBeDefined();
  });

  test("SESS-19: more server-side channels than a session may have close with 3505", async () => {
    const hub = new TestHub({ config: { connection: { channelLimit: 2 } } });
    const client = await hub.open();
    client.send({ connect: { token: await sign({ sub: "ann", channels: ["open:a", "open:b", "open:c"] }) } });
    expect(await client.closed).toEqual({ code: 3505, reason: "channel limit" });
  });
});

describe("server-side subscriptions", () => {
  scenario("SESS-20: token channels are in the reply, with their position, and hear what is published", { namespace: "keep" }, async ({ hub, channel }) => {
    const { client, connect } = await hub.connected({ token: await sign({ sub: "ann", subs: { [channel]: { info: 7, data: { d: 1 } } } }) });
    expect(connect.subs).toEqual({ [channel]: { recoverable: true, positioned: true, epoch: expect.any(String), data: { d: 1 } } });
    await client.publish(channel, 1);
    expect(await client.publication(channel)).toEqual({
      data: 1,
      offset: 1,
      info: { user: "ann", client: connect.client, chan_info: 7 },
    });
    expect(await client.codeOf("subscribe", { channel })).toBe(105);
  });

  scenario("SESS-20: they recover by the positions of the connect command", { namespace: "keep" }, async ({ hub, channel }) => {
    const token = await sign({ sub: "ann", channels: [channel] });
    const first = await hub.connected({ token });
    const { epoch = "" } = first.connect.subs?.[channel] ?? {};
    const writer = await hub.connect();
    await first.client.close(1000, "bye");
    await writer.publish(channel, 1);
    await writer.publish(channel, 2);
    const again = await hub.connected({ token, subs: { [channel]: { recover: true, offset: 1, epoch } } });
    expect(again.connect.subs?.[channel]).toEqual({
      ...{ recoverable: true, positioned: true, epoch, offset: 1, recovered: true, was_recovering: true },
      publications: [{ data: 2, offset: 2, info: expect.any(Object) }],
    });
    const lost = await hub.connected({ token, subs: { [channel]: { recover: true, offset: 1, epoch: "other" } } });
    expect(lost.connect.subs?.[channel]).toEqual({ recoverable: true, positioned: true, epoch, offset: 2, was_recovering: true });
  });

  test("SESS-20: a subscription of the hook is entered as one of a token", async () => {
    const channel = `closed:${crypto.randomUUID()}`;
    const hub = connecting({ connect: () => ({ user: "u", subs: { [channel]: { data: 1 } } }) });
    expect((await hub.connected()).connect.subs).toEqual({ [channel]: { data: 1 } });
  });

  test.each([
    ["", "ann", "#ann"],
    ["dialog", "ann", "dialog:#ann"],
    ["", "", undefined],
  ])("SESS-21: with a personal channel in namespace %j, the user %j is in %s", async (namespace, user, channel) => {
    const hub = new TestHub({ config: { connection: { personalChannel: { enabled: true, namespace } } } });
    const { connect } = await hub.connected({ token: await sign({ sub: user }) });
    expect(Object.keys(connect.subs ?? {})).toEqual(channel === undefined ? [] : [channel]);
  });
});
