import { evictDurableObject, listDurableObjectIds } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, onTestFinished, test } from "vitest";
import { HTTP_STREAM_LIMITS, SESSION_LIMITS } from "../../src/shared/limits.ts";
import { channelRequest, HubClient } from "../support/hub-client.ts";
import { configureHub, inSeconds, sign } from "../support/hub-config.ts";
import { StreamEnd } from "../support/stream-end.ts";
import { protobufFraming, type StreamFraming, textFraming } from "../support/stream-framing.ts";
import { until } from "../support/until.ts";
import { GATEWAY } from "./client.ts";
import { clientEnd, TestHub } from "./test-hub.ts";

const ask = (path: string, init: RequestInit = {}) =>
  exports.default.fetch(new Request(GATEWAY + path, init));
const channelIn = (namespace: string) => `${namespace}:${crypto.randomUUID()}`;

/** A session over HTTP at the home of a channel. */
async function open(
  channel: string,
  transport = "http_stream",
  connect: Record<string, unknown> = {},
  framing?: StreamFraming,
) {
  const end = new StreamEnd(ask, `/connection/${transport}?channel=${encodeURIComponent(channel)}`, framing);
  onTestFinished(() => end.close());
  const client = new HubClient(end);
  const reply = await client.ask<Record<string, unknown>>("connect", connect);
  return { end, client, reply, home: new TestHub({ name: `home/${channel}` }) };
}

const socketAt = async (channel: string) =>
  new HubClient(clientEnd(await exports.default.fetch(channelRequest(`?channel=${channel}`))));

describe.each([
  ["http_stream", "JSON", textFraming],
  ["sse", "JSON", textFraming],
  ["http_stream", "Protobuf", protobufFraming],
] as const)("HTTP-23: a session over %s that speaks %s", (transport, _, framing) => {
  test("HTTP-01 HTTP-04: does what one over WebSocket does, by commands that are posted", async () => {
    const channel = channelIn("keep");
    const { client, end, reply } = await open(channel, transport, {}, framing());
    expect(reply).toEqual({
      client: expect.any(String),
      version: expect.any(String),
      ping: 86_400,
      session: expect.any(String),
      node: `home/${channel}`,
    });
    expect(await client.subscribe(channel)).toMatchObject({ recoverable: true, positioned: true });
    await client.publish(channel, { n: 1 });
    expect(await client.publication(channel)).toMatchObject({ data: { n: 1 }, offset: 1 });
    expect(await client.ask("presence_stats", { channel })).toEqual({ num_clients: 1, num_users: 1 });
    expect(await client.ask("history", { channel, limit: 5 })).toMatchObject({ offset: 1 });
    expect(await client.codeOf("subscribe", { channel })).toBe(105);
    await until(() => end.posted.length === 5);
    expect(end.posted).toEqual([204, 204, 204, 204, 204]);
  });

  test("HTTP-10: its hub sleeps, delivers when it wakes, and knows the session", async () => {
    const channel = channelIn("keep");
    const { client, home, reply } = await open(channel, transport, {}, framing());
    await client.subscribe(channel);
    await home.sleep();
    const publisher = await socketAt(channel);
    await publisher.ask("connect");
    await publisher.publish(channel, "after sleep");
    expect(await client.publication(channel)).toMatchObject({ data: "after sleep" });
    await home.sleep();
    expect(await client.ask("presence", { channel })).toMatchObject({
      presence: { [String(reply.client)]: expect.anything() },
    });
  });

  test("HTTP-05: the Worker answers its pings, so it lives on, and posts nothing", async () => {
    const channel = channelIn("keep");
    const { client, end, home } = await open(channel, transport, {}, framing());
    await client.subscribe(channel);
    await until(() => end.posted.length === 1);
    for (let times = 0; times < 3; times += 1) {
      await home.runAlarm();
      await client.ping();
    }
    const lastPong = () =>
      home.inside((state) =>
        state.getWebSockets().map((raw) => state.getWebSocketAutoResponseTimestamp(raw)),
      );
    await until(async () => (await lastPong()).every((time) => time !== null));
    expect([client.isClosed, end.posted.length, client.unread]).toEqual([false, 1, []]);
  });

  test("HTTP-06: what the hub ends it with is told, and the stream ends", async () => {
    const channel = channelIn("open");
    configureHub(`home/${channel}`, {
      hooks: { rpc: () => ({ disconnect: { code: 4_501, reason: "enough" } }) },
    });
    const { client, end } = await open(channel, transport, {}, framing());
    client.send({ rpc: {} });
    expect(await client.closed).toEqual({ code: 4_501, reason: "enough" });
    await until(async () => (await post({ ...end.address, data: "{}" })).status === 404);
  });

  test("HTTP-06: a hub that is reset is told as 3001", async () => {
    const channel = channelIn("open");
    const { client, home } = await open(channel, transport, {}, framing());
    await home.crash();
    expect(await client.closed).toEqual({ code: 3001, reason: "shutdown" });
  });

  test("HTTP-11: when the client goes, the hub hears of it", async () => {
    const channel = channelIn("open");
    const { client, end, home } = await open(channel, transport, {}, framing());
    await client.subscribe(channel);
    end.close();
    await until(async () => (await home.sockets()) === 0);
    const other = await socketAt(channel);
    await other.ask("connect");
    expect(await other.ask("presence_stats", { channel })).toEqual({ num_clients: 0, num_users: 0 });
  });

  test("HTTP-08: hooks are told how the client is reached, and of headers that are kept", async () => {
    const channel = channelIn("open");
    const asked: unknown[] = [];
    configureHub(`home/${channel}`, {
      hooks: {
        connect: ({ transport }) => void asked.push(transport),
        rpc: ({ transport }) => void asked.push(transport),
      },
    });
    const { client } = await open(channel, transport, {}, framing());
    await client.request("rpc");
    expect(asked).toEqual([transport, transport]);
  });
});

const post = (body: unknown, init: RequestInit = {}) =>
  ask("/emulation", {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...init,
  });
const errorOf = async (response: Response) =>
  ((await response.json()) as { readonly error: { readonly code: string } }).error.code;

describe("what is posted", () => {
  test("HTTP-07: a session that was never made is 404, and no object is made or woken", async () => {
    const before = (await listDurableObjectIds(env.HUB)).length;
    const channel = channelIn("open");
    const { end } = await open(channel);
    const { session } = end.address;
    for (const [given, node] of [
      [crypto.randomUUID(), "home/open:a"],
      [session, `home/${channelIn("open")}`],
      [session, "edge/local/63"],
      ["", ""],
    ]) {
      const response = await post({ session: given, node, data: '{"rpc":{},"id":1}' });
      expect([response.status, await errorOf(response)]).toEqual([404, "unknown_session"]);
    }
    expect((await listDurableObjectIds(env.HUB)).length).toBe(before + 1);
  });

  test("HTTP-04: a session that has ended is 404, and its hub is not woken further", async () => {
    const { end, client, home } = await open(channelIn("open"));
    const { address } = end;
    end.close();
    await client.closed;
    await until(async () => (await home.sockets()) === 0);
    expect((await post({ ...address, data: "{}" })).status).toBe(404);
  });

  test("HTTP-04: bodies that are none are 400, and those that are too long 413", async () => {
    const { end } = await open(channelIn("open"));
    for (const body of [
      "",
      "x",
      "[]",
      "null",
      "1",
      '{"session":"a","node":"b"}',
      { ...end.address, data: {} },
    ]) {
      const response = await post(body);
      expect([body, response.status]).toEqual([body, 400]);
      expect(await errorOf(response)).toBe("bad_emulation");
    }
    const { messageSize } = SESSION_LIMITS;
    const command = (length: number) => `{"rpc":{"data":"${"x".repeat(length - 26)}"},"id":9}`;
    expect(command(messageSize)).toHaveLength(messageSize);
    expect((await post({ ...end.address, data: command(messageSize) })).status).toBe(204);
    expect((await post({ ...end.address, data: command(messageSize + 1) })).status).toBe(413);
    expect((await post("x".repeat(3 * messageSize))).status).toBe(413);
  });

  test("HTTP-04: commands that cannot be read end the session with 3501, as over WebSocket", async () => {
    const { end, client } = await open(channelIn("open"));
    expect((await post({ ...end.address, data: "what?" })).status).toBe(204);
    expect(await client.closed).toEqual({ code: 3501, reason: "bad request" });
  });

  test("HTTP-04: before the connect is through, nothing but a session's own is taken", async () => {
    const hub = new TestHub();
    expect(await env.HUB.getByName(hub.name).emulate("nobody", "{}")).toBe(false);
  });
});

describe("what is refused", () => {
  const stream = (body: string, init: RequestInit = {}) =>
    ask("/connection/http_stream", { method: "POST", body, ...init });

  test("HTTP-13: a wrong token is told in the stream, and no object is made for it", async () => {
    const before = (await listDurableObjectIds(env.HUB)).length;
    const channel = channelIn("open");
    const path = `/connection/http_stream?channel=${channel}`;
    const connect = (token: string) => JSON.stringify({ connect: { token }, id: 7 });
    const said = async (token: string) => {
      const response = await ask(path, { method: "POST", body: connect(token) });
      return [response.status, await response.text()];
    };
    expect(await said("wrong")).toEqual([
      200,
      '{"push":{"disconnect":{"code":3500,"reason":"invalid token"}}}\n',
    ]);
    expect(await said(await sign({ sub: "ann", exp: inSeconds(-10) }))).toEqual([
      200,
      '{"id":7,"error":{"code":109,"message":"token expired"}}\n',
    ]);
    expect((await listDurableObjectIds(env.HUB)).length).toBe(before);
    const { client } = await open(channel, "http_stream", { token: await sign({ sub: "ann" }) });
    await client.subscribe(channel);
    expect(await client.ask("presence_stats", { channel })).toEqual({ num_clients: 1, num_users: 1 });
  });

  test("HTTP-13: what does not begin with a connect is told 3501, and reaches no hub", async () => {
    const before = (await listDurableObjectIds(env.HUB)).length;
    for (const body of ["what?", "{}", '{"rpc":{},"id":1}']) {
      const response = await stream(body);
      expect(await response.text()).toBe('{"push":{"disconnect":{"code":3501,"reason":"bad request"}}}\n');
    }
    expect((await listDurableObjectIds(env.HUB)).length).toBe(before);
  });

  test("HTTP-13: no commands are 400, too many bytes 413, another method 405 with those that are taken", async () => {
    expect(await errorOf(await stream(""))).toBe("no_commands");
    expect(await errorOf(await ask("/connection/sse"))).toBe("no_commands");
    expect((await stream("x".repeat(SESSION_LIMITS.messageSize + 1))).status).toBe(413);
    for (const [path, method, allowed] of [
      ["/connection/http_stream", "GET", "POST"],
      ["/connection/sse", "PUT", "GET, POST"],
      ["/emulation", "GET", "POST"],
    ] as const) {
      const response = await ask(path, { method });
      expect([response.status, response.headers.get("Allow")]).toEqual([405, allowed]);
    }
  });

  test("HTTP-08: an upgrade of a client's own is never taken for a stream", async () => {
    const client = await socketAt(channelIn("open"));
    const { connect } = await client.request("connect");
    expect(connect).toMatchObject({ pong: true });
    expect(connect).not.toHaveProperty("session");
    for (const path of ["/http_stream/abc", "/connection/http_stream/abc"]) {
      const response = await ask(path, { headers: { Upgrade: "websocket" } });
      expect(response.status).toBe(404);
    }
  });
});

describe("slow clients", () => {
  test("HTTP-09: one for whom too much waits is cut, and its hub hears 3008", async () => {
    const channel = channelIn("large");
    configureHub(`home/${channel}`, { connection: { commandRate: { perSecond: 100_000, burst: 100_000 } } });
    const response = await ask(`/connection/http_stream?channel=${channel}`, {
      method: "POST",
      body: `{"connect":{},"id":1}\n{"subscribe":{"channel":"${channel}"},"id":2}`,
    });
    const home = new TestHub({ name: `home/${channel}` });
    const publisher = await socketAt(channel);
    await publisher.ask("connect");
    const data = "x".repeat(60_000);
    let published = 0;
    for (; (await home.sockets()) === 2; published += 1) await publisher.publish(channel, data);
    const { queueSize } = SESSION_LIMITS;
    expect(published * data.length).toBeGreaterThan(queueSize);
    expect(published * data.length).toBeLessThan(HTTP_STREAM_LIMITS.backpressure);
    // What it had not taken is dropped, at the end of a line.
    const text = await response.text();
    expect(text === "" || text.endsWith("\n")).toBe(true);
  });
});

describe("what is posted in Protobuf", () => {
  const binaryPost = (path: string, body: BodyInit) =>
    ask(path, { method: "POST", body, headers: { "Content-Type": "application/octet-stream" } });
  const openBinary = () => open(channelIn("open"), "http_stream", {}, protobufFraming());
  const { envelope, frame } = protobufFraming();

  test("HTTP-23: what is no EmulationRequest is 400, however it is broken, and ends nobody", async () => {
    const { end, client } = await openBinary();
    const whole = new Uint8Array(envelope(end.address, frame('{"rpc":{},"id":9}')) as Uint8Array);
    // Cut off before its data, it is a whole one without any.
    const envelopeLength = new Uint8Array(envelope(end.address, new ArrayBuffer(0)) as Uint8Array).length;
    for (let length = 1; length < whole.length; length += 1) {
      if (length === envelopeLength) continue;
      const { status } = await binaryPost("/emulation", whole.slice(0, length));
      expect([length, [400, 404].includes(status)]).toEqual([length, true]);
    }
    for (const bytes of [
      [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f],
      [0x0a, ...new Array(11).fill(0xff)],
      [0x08, 0x01],
      [0x0b],
      [0x0a, 0x01, 0xff],
      [...new TextEncoder().encode(JSON.stringify({ ...end.address, data: "{}" }))],
    ]) {
      const response = await binaryPost("/emulation", Uint8Array.from(bytes));
      expect([response.status, await errorOf(response)]).toEqual([400, "bad_emulation"]);
    }
    expect((await post(String.fromCharCode(...whole))).status).toBe(400);
    await client.request("rpc");
    expect(client.isClosed).toBe(false);
  });

  test("HTTP-23: what is longer than a message may be is 413, with its envelope or without", async () => {
    const { end } = await openBinary();
    const { messageSize } = SESSION_LIMITS;
    for (const size of [messageSize + 1, 3 * messageSize]) {
      const body = envelope(end.address, new ArrayBuffer(size));
      expect((await binaryPost("/emulation", body)).status).toBe(413);
    }
    expect((await binaryPost("/connection/http_stream", new ArrayBuffer(messageSize + 1))).status).toBe(413);
  });

  test.each([
    ["none", []],
    ["cut off", [9, 8, 1]],
    ["without end", new Array(12).fill(0xff)],
    ["of another wire type", [2, 0x0d, 1]],
    ["JSON", [...new TextEncoder().encode('{"rpc":{},"id":1}')]],
  ])("HTTP-23: commands that are %s end the session with 3501, as over WebSocket", async (_, commands) => {
    const { end, client } = await openBinary();
    expect(
      (await binaryPost("/emulation", envelope(end.address, Uint8Array.from(commands).buffer))).status,
    ).toBe(204);
    expect(await client.closed).toEqual({ code: 3501, reason: "bad request" });
  });

  test("HTTP-23: JSON that is posted to a session of Protobuf ends it with 3501", async () => {
    const { end, client } = await openBinary();
    expect((await post({ ...end.address, data: '{"rpc":{},"id":1}' })).status).toBe(204);
    expect(await client.closed).toEqual({ code: 3501, reason: "bad request" });
  });

  test("HTTP-13 HTTP-23: what does not begin with a connect, and a wrong token, are told in messages, and reach no hub", async () => {
    const before = (await listDurableObjectIds(env.HUB)).length;
    for (const [commands, code] of [
      ['{"rpc":{},"id":1}', 3501],
      ['{"connect":{"token":"wrong"},"id":1}', 3500],
    ] as const) {
      const response = await binaryPost("/connection/http_stream", frame(commands));
      expect([response.status, response.headers.get("Content-Type")]).toEqual([
        200,
        "application/octet-stream",
      ]);
      const [line = ""] = protobufFraming().read(new Uint8Array(await response.arrayBuffer()));
      expect(JSON.parse(line)).toMatchObject({ push: { disconnect: { code } } });
    }
    const junk = await binaryPost("/connection/http_stream", Uint8Array.of(0xff, 0xff));
    expect(protobufFraming().read(new Uint8Array(await junk.arrayBuffer()))).toHaveLength(1);
    expect((await binaryPost("/connection/http_stream", "")).status).toBe(400);
    expect((await listDurableObjectIds(env.HUB)).length).toBe(before);
  });
});

test("HTTP-12: pages of allowed origins may read every answer, and are told so beforehand", async () => {
  const origin = "http://localhost:3000";
  const preflight = await ask("/emulation", {
    method: "OPTIONS",
    headers: { Origin: origin, "Access-Control-Request-Headers": "content-type,x-a" },
  });
  expect([preflight.status, Object.fromEntries(preflight.headers)]).toEqual([
    204,
    {
      "access-control-allow-credentials": "true",
      "access-control-allow-headers": "content-type,x-a",
      "access-control-allow-methods": "POST",
      "access-control-allow-origin": origin,
      "access-control-max-age": "7200",
      vary: "Origin",
    },
  ]);
  for (const path of ["/connection/http_stream", "/connection/sse", "/emulation"]) {
    const refused = await ask(path, { method: "POST", headers: { Origin: origin } });
    expect([refused.status, refused.headers.get("Access-Control-Allow-Origin")]).toEqual([400, origin]);
    for (const method of ["OPTIONS", "POST"]) {
      const foreign = await ask(path, { method, headers: { Origin: "https://evil.test" } });
      expect([foreign.status, foreign.headers.get("Access-Control-Allow-Origin")]).toEqual([403, null]);
    }
  }
});

test("HTTP-12: what a browser sends for another site without naming it, as for a link, is refused", async () => {
  const path = `/connection/sse?cf_connect=${encodeURIComponent('{"connect":{},"id":1}')}`;
  const statusFrom = async (site: string) => {
    const response = await ask(path, { headers: { "Sec-Fetch-Site": site } });
    await response.body?.cancel();
    return response.status;
  };
  expect(await Promise.all(["cross-site", "same-site", "same-origin", "none"].map(statusFrom))).toEqual([
    403, 403, 200, 200,
  ]);
});

test("HTTP-04: a user command of the server API reaches a session by its name", async () => {
  const channel = channelIn("open");
  const { end, home } = await open(channel);
  const { session } = end.address;
  const tags = await home.inside((state) => state.getWebSockets().map((raw) => state.getTags(raw)));
  expect(tags).toEqual([[session]]);
  await evictDurableObject(env.HUB.getByName(home.name));
  expect((await post({ ...end.address, data: '{"rpc":{},"id":3}' })).status).toBe(204);
});
