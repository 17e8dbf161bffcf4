import { describe, expect, test } from "vitest";
import { stopClock } from "../../support/clock.ts";
import { inSeconds, sign } from "../../support/hub-config.ts";
import { scenario, TestHub } from "../../support/node/test-hub.ts";

/** Pings are no matter here. */

const connectionToken = (claims: Record<string, unknown> = {}) =>
  sign({ sub: "ann", exp: inSeconds(60), ...claims });
const subscriptionToken = (channel: string, claims: Record<string, unknown> = {}) =>
  sign({ sub: "ann", channel, exp: inSeconds(60), ...claims });

describe("refresh", () => {
  test.each([false, true])(
    "SESS-22: a new token puts off the expiry (asleep in between: %s)",
    async (isSleepy) => {
      const clock = stopClock();
      const hub = new TestHub({ isSleepy });
      const { client, connect } = await hub.connected({ token: await connectionToken() });
      const refreshed = await client.ask("refresh", {
        token: await connectionToken({ exp: inSeconds(600) }),
      });
      expect(refreshed).toEqual({
        client: connect.client,
        version: connect.version,
        expires: true,
        ttl: 600,
      });
      await hub.pass(clock, 100);
      expect(client.isClosed).toBe(false);
      expect(await client.codeOf("rpc")).toBe(108);
    },
  );

  test("SESS-22: a new token may bring another meta, and none leaves it (asleep in between)", async () => {
    const hub = new TestHub({
      isSleepy: true,
      config: { hooks: { rpc: ({ meta }) => ({ data: meta ?? null }) } },
    });
    const client = await hub.connect({ token: await connectionToken({ meta: { level: 1 } }) });
    const metaAfter = async (claims: Record<string, unknown>) => {
      await client.ask("refresh", { token: await connectionToken(claims) });
      return (await client.ask<{ data: unknown }>("rpc", { method: "meta" })).data;
    };
    expect(await metaAfter({})).toEqual({ level: 1 });
    expect(await metaAfter({ meta: { level: 2 } })).toEqual({ level: 2 });
  });

  test("SESS-22: a token that does not run out ends the refreshing", async () => {
    const client = await new TestHub().connect({ token: await connectionToken() });
    expect(await client.ask("refresh", { token: await sign({ sub: "ann" }) })).not.toHaveProperty("expires");
  });

  test.each([
    ["an empty token", async () => "", 3501],
    ["what is no token", async () => "x", 3500],
    ["a foreign signature", () => sign({ sub: "ann" }, "other"), 3500],
    ["the token of another user", () => sign({ sub: "bob" }), 3500],
    ["a token that has run out", () => connectionToken({ exp: 1 }), 3005],
    ["a token of a connection that has run out", () => connectionToken({ expire_at: 1 }), 3005],
    ["a token with other channels", () => connectionToken({ channels: ["open:a"] }), 3010],
  ])("SESS-23: %s closes", async (_, token, code) => {
    const client = await new TestHub().connect({ token: await connectionToken() });
    client.send({ refresh: { token: await token() } });
    expect((await client.closed).code).toBe(code);
  });

  test("SESS-23: a client that came without a token closes with 3501", async () => {
    const hub = new TestHub({ config: { hooks: { connect: () => ({ user: "ann" }) } } });
    const client = await hub.connect();
    await hub.sleep();
    client.send({ refresh: { token: await connectionToken() } });
    expect((await client.closed).code).toBe(3501);
  });

  test("SESS-23: channels of the token and the personal channel are not others", async () => {
    const connection = { personalChannel: { enabled: true } };
    const token = await connectionToken({ channels: ["open:a", "open:b"] });
    const client = await new TestHub({ config: { connection } }).connect({ token });
    const again = await connectionToken({ subs: { "open:b": {}, "open:a": {} } });
    expect(await client.codeOf("refresh", { token: again })).toBeUndefined();
  });
});

describe("expiry", () => {
  test.each([false, true])(
    "SESS-24: a connection that nobody refreshed closes with 3005 after its delay (asleep: %s)",
    async (isSleepy) => {
      const clock = stopClock();
      const hub = new TestHub({ isSleepy });
      const client = await hub.connect({ token: await connectionToken() });
      await hub.pass(clock, 83);
      expect(client.isClosed).toBe(false);
      await hub.pass(clock, 2);
      expect(await client.closed).toEqual({ code: 3005, reason: "connection expired" });
    },
  );

  test("SESS-24: a connection that the hook let in for a while ends as well", async () => {
    const clock = stopClock();
    const hub = new TestHub({
      config: { hooks: { connect: () => ({ user: "u", expireAt: inSeconds(60) }) } },
    });
    const client = await hub.connect();
    await hub.pass(clock, 86);
    expect((await client.closed).code).toBe(3005);
  });

  scenario(
    "SESS-25: a subscription that nobody refreshed ends with 2501, and the connection goes on",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const clock = stopClock();
      const { client, connect } = await hub.connected({ token: await sign({ sub: "ann" }) });
      await hub.pass(clock, 20);
      expect(await client.subscribe(channel, { token: await subscriptionToken(channel) })).toMatchObject({
        expires: true,
        ttl: 60,
      });
      await hub.pass(clock, 83);
      expect(client.unread).toEqual([]);
      await hub.pass(clock, 2);
      expect(await client.push("unsubscribe")).toEqual({
        channel,
        unsubscribe: { code: 2501, reason: "subscription expired" },
      });
      const present = await client.ask<{ presence: object }>("presence", { channel });
      expect(present.presence).not.toHaveProperty(connect.client);
      expect(await client.codeOf("subscribe", { channel })).toBeUndefined();
    },
  );

  test("SESS-25: a server-side subscription that has run out closes with 3006", async () => {
    const clock = stopClock();
    const subs = { "open:expiring": { expireAt: inSeconds(60) } };
    const hub = new TestHub({
      isSleepy: true,
      config: { hooks: { connect: () => ({ user: "u", subs }) } },
    });
    const client = await hub.connect();
    await hub.pass(clock, 86);
    expect(await client.closed).toEqual({ code: 3006, reason: "subscription expired" });
  });
});

describe("sub_refresh", () => {
  scenario(
    "SESS-26: a new token puts off the expiry of the subscription",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const clock = stopClock();
      const client = await hub.connect({ token: await sign({ sub: "ann" }) });
      await client.subscribe(channel, { token: await subscriptionToken(channel) });
      const token = await subscriptionToken(channel, { exp: inSeconds(600), info: { fresh: true } });
      expect(await client.ask("sub_refresh", { channel, token })).toEqual({ expires: true, ttl: 600 });
      await hub.pass(clock, 100);
      await client.publish(channel, 1);
      expect(await client.publication(channel)).toMatchObject({ info: { chan_info: { fresh: true } } });
    },
  );

  test.each([
    ["a channel that is not subscribed to", "open:other", () => subscriptionToken("open:other"), 103],
    ["no token", "open:a", async () => "", 107],
    ["a foreign signature", "open:a", () => sign({ sub: "ann", channel: "open:a" }, "other"), 103],
  ])("SESS-27: %s is an error", async (_, channel, token, code) => {
    const client = await new TestHub().connect({ token: await sign({ sub: "ann" }) });
    await client.subscribe("open:a", { token: await subscriptionToken("open:a") });
    expect(await client.codeOf("sub_refresh", { channel, token: await token() })).toBe(code);
  });

  test.each([
    ["no channel", "", async () => "x", 3501],
    ["a token that has run out", "open:a", () => subscriptionToken("open:a", { exp: 1 }), 3006],
    [
      "a token of a subscription that has run out",
      "open:a",
      () => subscriptionToken("open:a", { expire_at: 1 }),
      3006,
    ],
    ["the token of another user", "open:a", () => subscriptionToken("open:a", { sub: "bob" }), 3500],
    ["the token of another channel", "open:a", () => subscriptionToken("open:b"), 3500],
  ])("SESS-27: %s closes", async (_, channel, token, code) => {
    const client = await new TestHub().connect({ token: await sign({ sub: "ann" }) });
    await client.subscribe("open:a", { token: await subscriptionToken("open:a") });
    client.send({ sub_refresh: { channel, token: await token() } });
    expect((await client.closed).code).toBe(code);
  });

  test("SESS-27: a subscription that ends while its token is verified does not come back", async () => {
    const clock = stopClock();
    const channel = "open:ending";
    const hub = new TestHub();
    const client = await hub.connect({ token: await sign({ sub: "ann" }) });
    await client.subscribe(channel, { token: await subscriptionToken(channel) });
    const token = await subscriptionToken(channel, { exp: inSeconds(600) });
    clock.advance(86_000);
    const [[id = 0]] = await Promise.all([client.send({ sub_refresh: { channel, token } }), hub.runAlarm()]);
    const reply = await client.reply(id);
    const isThere =
      (await client.ask<{ num_clients: number }>("presence_stats", { channel })).num_clients === 1;
    expect(isThere).toBe(reply.error === undefined);
  });
});
