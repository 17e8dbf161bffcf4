import { describe, expect, test } from "vitest";
import type { Hooks } from "../../../src/channels/hooks.ts";
import { stopClock } from "../../support/clock.ts";
import { Backend } from "../../support/fetched-backend.ts";
import { inSeconds, sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { until } from "../../support/until.ts";

/** A hub whose backend decides about what has expired, with a clock that stands still. */
function renewed(answer: (body: Record<string, unknown>) => unknown, hooks: Hooks = {}) {
  const clock = stopClock();
  const backend = new Backend(({ body }) => answer(body));
  const endpoints = {
    refresh: { endpoint: `${backend.address}/refresh` },
    sub_refresh: { endpoint: `${backend.address}/sub_refresh` },
  };
  const connection = { pingInterval: 3_600, pong: false };
  const hub = new TestHub({ config: { proxy: endpoints, connection, hooks } });
  const expire = async (seconds: number) => {
    clock.advance(seconds * 1000);
    await hub.runAlarm();
  };
  return { backend, hub, clock, expire };
}

const token = (seconds: number, more = {}) => sign({ sub: "ann", exp: inSeconds(seconds), ...more });

describe("a connection that expires", () => {
  test("PROXY-14: the backend is asked at expiry, and the client sees no `expires` and may not refresh", async () => {
    const { backend, hub, expire } = renewed(() => ({
      result: { expire_at: inSeconds(60), info: { age: 8 }, meta: { n: 1 } },
    }));
    const { client, connect } = await hub.connected({ token: await token(60, { info: { age: 7 } }) });
    await client.subscribe("open:a");
    expect(connect.expires).toBeUndefined();
    await expire(59);
    expect(backend.asked).toEqual([]);
    await expire(1);
    expect((await backend.untilAsked("/refresh"))[0]?.body).toEqual({
      client: connect.client,
      transport: "websocket",
      protocol: "json",
      encoding: "json",
      user: "ann",
    });
    await until(async () =>
      JSON.stringify(await client.ask("presence", { channel: "open:a" })).includes('"age":8'),
    );
    await hub.sleep();
    await expire(60);
    await backend.untilAsked("/refresh", 2);
    client.send({ refresh: { token: await token(60) } });
    expect((await client.closed).code).toBe(3501);
  });

  test("PROXY-14: without a new expiry the connection does not expire any more", async () => {
    const { backend, hub, expire } = renewed(() => ({ result: {} }));
    const client = await hub.connect({ token: await token(60) });
    await expire(61);
    await backend.untilAsked("/refresh");
    await expire(1_000);
    expect(await client.codeOf("rpc", { method: "m" })).toBe(108);
    expect(backend.asked).toHaveLength(1);
  });

  test.each<[string, () => unknown]>([
    ["nothing", () => ({})],
    ["`expired`", () => ({ result: { expired: true } })],
    ["an expiry that has passed", () => ({ result: { expire_at: 1 } })],
  ])("PROXY-15: with %s the connection is closed with 3005", async (_, answer) => {
    const { hub, expire } = renewed(answer);
    const client = await hub.connect({ token: await token(60) });
    await expire(60);
    expect(await client.closed).toEqual({ code: 3005, reason: "connection expired" });
  });

  test("PROXY-15: the backend may close it with a code of its own", async () => {
    const { hub, expire } = renewed(() => ({ disconnect: { code: 4501, reason: "paid no more" } }));
    const client = await hub.connect({ token: await token(60) });
    await expire(60);
    expect(await client.closed).toEqual({ code: 4501, reason: "paid no more" });
  });

  test("PROXY-16: an empty list is no answer: the connection lives, and the backend is asked again", async () => {
    captureErrors();
    const { backend, hub, expire } = renewed(() => []);
    const client = await hub.connect({ token: await token(60) });
    await expire(60);
    await backend.untilAsked("/refresh");
    expect(await client.codeOf("rpc", { method: "m" })).toBe(108);
    await expire(61);
    await backend.untilAsked("/refresh", 2);
  });

  test("PROXY-16: a backend that cannot be asked is asked again after 60 s, after sleep too, and the connection lives", async () => {
    captureErrors();
    let answer: () => unknown = () => new Response(null, { status: 500 });
    const { backend, hub, expire } = renewed(() => answer());
    const client = await hub.connect({ token: await token(60) });
    await expire(60);
    await backend.untilAsked("/refresh");
    await hub.sleep();
    await expire(58);
    expect(backend.asked).toHaveLength(1);
    answer = () => ({ result: { expire_at: inSeconds(3_600) } });
    await expire(3);
    await backend.untilAsked("/refresh", 2);
    expect(await client.codeOf("rpc", { method: "m" })).toBe(108);
  });
});

test("PROXY-16: so is a hook that grants an expiry that is no time, and the hub keeps its alarm", async () => {
  captureErrors();
  const { hub, expire } = renewed(() => ({}), { refresh: () => ({ expireAt: Number.NaN }) });
  const client = await hub.connect({ token: await token(60) });
  await expire(60);
  await until(async () => (await hub.alarm()) !== null);
  expect(await hub.alarm()).toBeLessThanOrEqual(Date.now() + 61_000);
  expect(client.isClosed).toBe(false);
});

describe("a subscription that expires", () => {
  const subscription = (channel: string) => sign({ sub: "ann", channel, exp: inSeconds(60) });

  test("PROXY-17: the backend is asked at expiry, and the client sees no `expires` and may not refresh", async () => {
    const { backend, hub, expire } = renewed(() => ({ result: { expire_at: inSeconds(60), info: 2 } }));
    const { client, connect } = await hub.connected({ token: await token(0, { exp: undefined }) });
    const reply = await client.subscribe("open:a", { token: await subscription("open:a") });
    expect(reply.expires).toBeUndefined();
    await expire(60);
    expect((await backend.untilAsked("/sub_refresh"))[0]?.body).toMatchObject({
      client: connect.client,
      user: "ann",
      channel: "open:a",
    });
    await until(async () =>
      JSON.stringify(await client.ask("presence", { channel: "open:a" })).includes('"chan_info":2'),
    );
    await expire(60);
    await backend.untilAsked("/sub_refresh", 2);
    client.send({ sub_refresh: { channel: "open:a", token: "t" } });
    expect((await client.closed).code).toBe(3501);
  });

  test("PROXY-17: one that the server made closes the connection with 3006", async () => {
    const subs = { "open:a": { expireAt: inSeconds(60) } };
    const { backend, hub, expire } = renewed(() => ({}), { connect: () => ({ user: "ann", subs }) });
    const client = await hub.connect();
    await expire(60);
    await backend.untilAsked("/sub_refresh");
    expect((await client.closed).code).toBe(3006);
  });

  test("PROXY-17: with nothing it ends with 2501", async () => {
    const { hub, expire } = renewed(() => ({}));
    const client = await hub.connect({ token: await token(0, { exp: undefined }) });
    await client.subscribe("open:a", { token: await subscription("open:a") });
    await expire(60);
    expect(await client.push("unsubscribe")).toMatchObject({
      channel: "open:a",
      unsubscribe: { code: 2501 },
    });
  });

  test("PROXY-18: at most 100 are asked about at a time, and the others after them", async () => {
    const clock = stopClock();
    const { promise, resolve } = Promise.withResolvers<void>();
    const expireAt = inSeconds(60);
    const channels = Array.from({ length: 101 }, (_, index) => `open:${index}`);
    const asked = new Set<string>();
    const hooks: Hooks = {
      connect: () => ({
        user: "ann",
        subs: Object.fromEntries(channels.map((channel) => [channel, { expireAt }])),
      }),
      refreshSubscription: async ({ channel }) => {
        asked.add(channel);
        await promise;
        return {};
      },
    };
    const hub = new TestHub({ config: { connection: { pingInterval: 3_600, pong: false }, hooks } });
    await hub.connect();
    clock.advance(60_000);
    await hub.runAlarm();
    expect(asked.size).toBe(100);
    resolve();
    await until(() => asked.size === 101);
  });

  test("PROXY-17: a backend that cannot be asked is asked again after 60 s", async () => {
    captureErrors();
    const { backend, hub, expire } = renewed(() => new Response(null, { status: 503 }));
    const client = await hub.connect({ token: await token(0, { exp: undefined }) });
    await client.subscribe("open:a", { token: await subscription("open:a") });
    await expire(60);
    await backend.untilAsked("/sub_refresh");
    await client.publish("open:a", 1);
    await expire(61);
    await backend.untilAsked("/sub_refresh", 2);
    expect(await client.publication("open:a")).toMatchObject({ data: 1 });
  });
});
