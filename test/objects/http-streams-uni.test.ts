import { listDurableObjectIds } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, onTestFinished, test } from "vitest";
import { HUB_LIMITS } from "../../src/shared/limits.ts";
import { channelRequest, HubClient } from "../support/hub-client.ts";
import { adjustHub, configureHub, inSeconds, sign } from "../support/hub-config.ts";
import { StreamReader } from "../support/stream-reader.ts";
import { until } from "../support/until.ts";
import { GATEWAY } from "./client.ts";
import { clientEnd, TestHub } from "./test-hub.ts";

const ask = (path: string, init: RequestInit = {}) =>
  exports.default.fetch(new Request(GATEWAY + path, init));
const channelIn = (namespace: string) => `${namespace}:${crypto.randomUUID()}`;

async function listen(path: string, init: RequestInit = {}): Promise<StreamReader> {
  const response = await ask(path, init);
  expect(response.status).toBe(200);
  const reader = new StreamReader(response);
  onTestFinished(() => reader.cancel());
  return reader;
}

const lines = (channel: string, body = "", headers = {}) =>
  listen(`/connection/uni_http_stream?channel=${channel}`, { method: "POST", body, headers });
const events = (channel: string, headers = {}) =>
  listen(`/connection/uni_sse?channel=${channel}`, { headers });

async function publisherAt(channel: string): Promise<HubClient> {
  const response = await exports.default.fetch(channelRequest(`?channel=${channel}`));
  const client = new HubClient(clientEnd(response));
  await client.ask("connect");
  return client;
}

describe.each([
  { name: "uni_http_stream", open: lines },
  { name: "uni_sse", open: events },
])("a listener by $name", ({ name, open }) => {
  test("HTTP-15: hears its connect, its subscription and publications, and nothing wraps them", async () => {
    const channel = channelIn("keep");
    const reader = await open(channel);
    const publisher = await publisherAt(channel);
    expect(await reader.next()).toEqual({
      connect: { client: expect.any(String), version: expect.any(String), ping: 86_400 },
    });
    expect(await reader.next()).toMatchObject({
      channel,
      subscribe: { recoverable: true, positioned: true },
    });
    await publisher.publish(channel, { n: 1 });
    expect(await reader.next()).toMatchObject({ channel, pub: { data: { n: 1 }, offset: 1 } });
  });

  test("HTTP-15: its hub sleeps, and delivers when it wakes; hooks are told how it is reached", async () => {
    const channel = channelIn("keep");
    const asked: string[] = [];
    configureHub(`home/${channel}`, { hooks: { connect: ({ transport }) => void asked.push(transport) } });
    const reader = await open(channel);
    await reader.untilSubscribed();
    const home = new TestHub({ name: `home/${channel}` });
    await home.sleep();
    await (await publisherAt(channel)).publish(channel, "hello");
    expect(await reader.next()).toMatchObject({ pub: { data: "hello" } });
    expect(asked[0]).toBe(name);
    await reader.cancel();
    await until(async () => (await home.sockets()) === 1);
  });
});

describe("coming back", () => {
  test("HTTP-17: with its last id, a listener gets what it missed in each channel, once and in order", async () => {
    const [a, b] = [channelIn("keep"), channelIn("keep")];
    const publisher = await publisherAt(a);
    const first = await events(`${a}&channel=${b}`);
    await first.untilSubscribed(2);
    await publisher.publish(a, 1);
    expect(await first.next()).toMatchObject({ pub: { data: 1 } });
    const { lastEventId } = first;
    await first.cancel();
    for (const data of [2, 3]) for (const channel of [a, b]) await publisher.publish(channel, data);
    for (const again of [
      await events(`${a}&channel=${b}`, { "Last-Event-ID": lastEventId }),
      await events(`${a}&channel=${b}&last_event_id=${lastEventId}`),
      await lines(`${a}&channel=${b}`, "", { "Last-Event-ID": lastEventId }),
    ]) {
      await until(() => again.publicationsOf(b).length === 2 && again.publicationsOf(a).length === 2);
      expect([again.publicationsOf(a), again.publicationsOf(b)]).toEqual([
        [2, 3],
        [2, 3],
      ]);
    }
  });

  test("HTTP-17: also when it was cut off before the first publication", async () => {
    const channel = channelIn("keep");
    const publisher = await publisherAt(channel);
    await publisher.publish(channel, "before");
    const first = await events(channel);
    await first.untilSubscribed();
    await first.cancel();
    await publisher.publish(channel, "missed");
    const again = await events(channel, { "Last-Event-ID": first.lastEventId });
    await until(() => again.publicationsOf(channel).length === 1);
    expect(again.publicationsOf(channel)).toEqual(["missed"]);
  });

  test("HTTP-17: with an id that is none, it is told that nothing was recovered", async () => {
    const channel = channelIn("keep");
    await (await publisherAt(channel)).publish(channel, 1);
    const reader = await events(channel, { "Last-Event-ID": "forged" });
    await reader.next();
    expect(await reader.next()).toMatchObject({ subscribe: { was_recovering: true, offset: 1 } });
    expect(reader.publicationsOf(channel)).toEqual([]);
  });
});

describe("tokens", () => {
  test("HTTP-16: a token comes as a header, in the address, or in the connect request; channels of its own too", async () => {
    const [channel, own, closed] = [channelIn("keep"), channelIn("keep"), `$${channelIn("closed")}`];
    const token = await sign({ sub: "ann", channels: [own] });
    const subs = JSON.stringify({
      token,
      subs: { [closed]: { token: await sign({ sub: "ann", channel: closed }) } },
    });
    for (const reader of [
      await lines(channel, "", { Authorization: `Bearer ${token}` }),
      await events(`${channel}&token=${token}`),
      await lines(channel, subs),
    ]) {
      expect(await reader.next()).toMatchObject({ connect: { subs: { [own]: { recoverable: true } } } });
      expect(await reader.next()).toMatchObject({ channel, subscribe: {} });
    }
    const reader = await lines(channel, subs);
    await reader.untilSubscribed(2);
    expect(reader.subscribed).toEqual([channel, closed]);
  });

  test("HTTP-16: a channel that is refused is unsubscribed, and the others go on", async () => {
    const [channel, closed] = [channelIn("keep"), `$${channelIn("closed")}`];
    const reader = await events(`${closed}&channel=${channel}`);
    await reader.next();
    expect(await reader.next()).toEqual({
      channel: closed,
      unsubscribe: { code: 2000, reason: "permission denied" },
    });
    expect(await reader.next()).toMatchObject({ channel, subscribe: {} });
  });

  test("HTTP-18: what is refused for good is a status, before any object is asked for a wrong token", async () => {
    const before = (await listDurableObjectIds(env.HUB)).length;
    const refusedWith = async (path: string, init: RequestInit = {}) => {
      const response = await ask(`/connection/uni_sse${path}`, init);
      return [response.status, await response.json()];
    };
    const expired = await sign({ sub: "ann", exp: inSeconds(-10) });
    expect(await refusedWith("?token=wrong")).toEqual([
      401,
      {
        error: { code: "token_refused", message: expect.any(String) },
        disconnect: { code: 3500, reason: "invalid token" },
      },
    ]);
    expect(await refusedWith(`?token=${expired}`)).toMatchObject([401, { disconnect: { code: 3005 } }]);
    expect(await refusedWith("?cf_connect=what")).toMatchObject([
      400,
      { error: { code: "bad_connect_request" } },
    ]);
    const many = Array.from({ length: 129 }, (_, index) => `channel=open:${index}`).join("&");
    expect(await refusedWith(`?${many}`)).toMatchObject([400, { error: { code: "too_many_channels" } }]);
    expect((await listDurableObjectIds(env.HUB)).length).toBe(before);
    const channel = channelIn("open");
    const close = { code: 4_500, reason: "banned" };
    configureHub(`home/${channel}`, { hooks: { connect: () => ({ disconnect: close }) } });
    expect(await refusedWith(`?channel=${channel}`)).toMatchObject([
      403,
      { error: { code: "connect_refused" }, disconnect: close },
    ]);
    await until(async () => (await new TestHub({ name: `home/${channel}` }).sockets()) === 0);
    const error = { code: 1_000, message: "banned" };
    const other = channelIn("open");
    configureHub(`home/${other}`, { hooks: { connect: () => ({ error }) } });
    expect(await refusedWith(`?channel=${other}`)).toMatchObject([403, { disconnect: { code: 3507 } }]);
  });

  test("HTTP-18: what passes is a stream that ends, so that an EventSource comes back, when it is told to", async () => {
    const channel = channelIn("open");
    configureHub(`home/${channel}`, { hooks: { connect: () => Promise.reject(new Error("down")) } });
    const broken = await ask(`/connection/uni_sse?channel=${channel}`);
    expect([broken.status, await broken.text()]).toEqual([
      200,
      'retry: 1000\n\ndata: {"disconnect":{"code":3004,"reason":"internal server error"}}\n\n',
    ]);
    for (let index = 0; index < HUB_LIMITS.edgeHubs; index += 1)
      adjustHub(`edge/local/${index}`, { capacity: 0 });
    onTestFinished(() => {
      for (let index = 0; index < HUB_LIMITS.edgeHubs; index += 1)
        adjustHub(`edge/local/${index}`, { capacity: HUB_LIMITS.sockets });
    });
    const full = await ask("/connection/uni_sse");
    expect([full.status, await full.text()]).toEqual([
      200,
      'retry: 5000\n\ndata: {"disconnect":{"code":3013,"reason":"too many requests"}}\n\n',
    ]);
    expect((await ask("/connection/uni_http_stream", { method: "POST" })).status).toBe(503);
  });
});
