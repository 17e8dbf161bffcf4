import { expect, onTestFinished, test } from "vitest";
import { OVERVIEW_CHANNEL } from "../../src/channels/overview.ts";
import { resolveConfig } from "../../src/config/config.ts";
import { TRACE_LIMITS } from "../../src/shared/limits.ts";
import type { TraceEvent, TraceLine } from "../../src/trace/messages.ts";
import { appOf } from "../gateway/classes.ts";
import { baseNamespaces, sign } from "../support/hub-config.ts";
import { captureLines } from "../support/log.ts";
import { until } from "../support/until.ts";
import { enableUserCommands, newChannel, request } from "./api-client.ts";
import { TestHub } from "./test-hub.ts";

const OPERATOR_KEYS = JSON.stringify([
  { name: "ann", key: "tracer", methods: ["trace"] },
  { name: "tenant", key: "tenant", methods: ["trace"], channels: ["open:a"] },
  { name: "observer", key: "observer", methods: ["observe", "operate"] },
]);

const withUserCommands = appOf({}, baseNamespaces, resolveConfig({ connection: { userCommands: true } }, {}));

const ask = (order: object, key = "tracer", gateway?: typeof withUserCommands) =>
  request(
    "/api/trace",
    { headers: { "X-API-Key": key }, body: JSON.stringify(order) },
    { OPERATOR_KEYS, API_KEY: "all" },
    gateway,
  );

/** A trace that is read line by line. */
class Tracer {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #lines: TraceLine[] = [];
  #rest = "";

  constructor({ body }: Response) {
    if (body === null) throw new Error("no body");
    this.#reader = body.getReader();
    onTestFinished(() => this.#reader.cancel().catch(() => {}));
  }

  /** The next line; undefined at the end. */
  async next(): Promise<TraceLine | undefined> {
    for (;;) {
      const line = this.#lines.shift();
      if (line) return line;
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      const lines = (this.#rest + this.#decoder.decode(value, { stream: true })).split("\n");
      this.#rest = lines.pop() ?? "";
      this.#lines = lines.filter((text) => text !== "").map((text) => JSON.parse(text) as TraceLine);
    }
  }

  /** The next events, up to one that matches. */
  async until(matches: (event: TraceEvent) => boolean): Promise<TraceEvent[]> {
    const events: TraceEvent[] = [];
    for (;;) {
      const line = await this.next();
      if (line === undefined) throw new Error("the trace has ended");
      if (line.line !== "event") continue;
      events.push(line);
      if (matches(line)) return events;
    }
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }
}

async function start(order: object, ...asked: [key?: string, gateway?: typeof withUserCommands]) {
  const response = await ask(order, ...asked);
  expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "application/x-ndjson"]);
  return new Tracer(response);
}

test("TRACE-01: a trace of a channel tells what happens in it, at its home and at hubs that follow it, and nothing else", async () => {
  captureLines();
  const { channel, home } = newChannel("open");
  const edge = new TestHub();
  const near = await home.connect();
  const { client: far, connect } = await edge.connected();
  await near.subscribe(channel);
  await far.subscribe(channel);
  const tracer = await start({ channel });
  expect(await tracer.next()).toMatchObject({
    line: "start",
    target: { channel },
    payloads: false,
    rate: 100,
    hubs: [home.name, edge.name],
  });
  await far.publish(`open:${crypto.randomUUID()}`, "elsewhere");
  await far.publish(channel, "secret");
  const publications = new Map<string, TraceEvent>();
  const events = await tracer.until((event) => {
    if (event.event === "publication") publications.set(event.hub, event);
    return publications.size === 2;
  });
  const summary = events.map(({ event, hub, subscribers }) => ({ event, hub, subscribers }));
  expect(summary).toContainEqual({ event: "publish", hub: edge.name, subscribers: undefined });
  expect(summary).toContainEqual({ event: "publication", hub: edge.name, subscribers: 1 });
  for (const hub of [home, edge]) expect(publications.get(hub.name)?.from).toBe(connect.client);
  expect(new Set(events.map((event) => event.channel))).toEqual(new Set([channel]));
  expect(JSON.stringify(events)).not.toContain("secret");
});

test("TRACE-01: a hub that begins to follow the channel is traced too", async () => {
  const { channel, home } = newChannel("open");
  await (await home.connect()).subscribe(channel);
  const tracer = await start({ channel });
  await tracer.next();
  const edge = new TestHub();
  await (await edge.connect()).subscribe(channel);
  for (;;) {
    const line = await tracer.next();
    if (line?.line === "hub" && line.hub === edge.name) {
      expect(line.state).toBe("joined");
      return;
    }
  }
});

test("TRACE-02: a trace of a client begins with what the recorder knows of it, and ends when it goes", async () => {
  const hub = new TestHub({ name: "edge/weur/17" });
  const { client, connect } = await hub.connected();
  const other = await hub.connect();
  await client.subscribe("open:a");
  const tracer = await start({ client: connect.client, hub: hub.name, payloads: true });
  await other.publish("open:a", { text: "hello" });
  await client.publish("open:b", "mine");
  await client.close();
  const lines: TraceLine[] = [];
  for (let line = await tracer.next(); line; line = await tracer.next()) lines.push(line);
  expect(lines.at(-1)).toMatchObject({ line: "end", why: "client_gone" });
  const events = lines.filter((line) => line.line === "event");
  expect(new Set(events.map((event) => event.client))).toEqual(new Set([connect.client]));
  expect(events.map(({ event }) => event)).toEqual([
    ...["open", "connect", "reply", "subscribe", "reply"],
    ...["publication", "publish", "reply", "close"],
  ]);
  expect(events.map(({ data }) => data).filter((data) => data !== undefined)).toEqual([
    { text: "hello" },
    "mine",
  ]);
});

test("TRACE-03: a trace of a user tells of all its clients, on whatever hub they are", async () => {
  enableUserCommands();
  const user = crypto.randomUUID();
  const token = await sign({ sub: user });
  const config = { connection: { userCommands: true } };
  const hubs = [new TestHub({ config }), new TestHub({ config })];
  const clients = await Promise.all(hubs.map((hub) => hub.connect({ token })));
  const tracer = await start({ user }, "tracer", withUserCommands);
  await tracer.next();
  for (const client of clients) await client.subscribe("open:a");
  const told = await tracer.until(({ hub, event }) => hub === hubs[1]?.name && event === "reply");
  expect(new Set(told.map((event) => event.user))).toEqual(new Set([user]));
});

test("TRACE-04: nobody traces without the right, and a key for some channels only these", async () => {
  captureLines();
  const denied = { error: { code: 103, message: "permission denied" } };
  for (const key of ["all", "observer"])
    expect(await (await ask({ channel: "open:a" }, key)).json()).toEqual(denied);
  for (const order of [{ channel: "open:b" }, { user: "ann" }, { client: "x", hub: "edge/weur/0" }])
    expect(await (await ask(order, "tenant")).json()).toEqual(denied);
  expect((await ask({ channel: "open:a" }, "wrong")).status).toBe(401);
  const tracer = await start({ channel: "open:a" }, "tenant");
  expect(await tracer.next()).toMatchObject({ line: "start" });
});

test("TRACE-04: what open overviews are told is not told by a trace", async () => {
  captureLines();
  const answer = await ask({ channel: OVERVIEW_CHANNEL, payloads: true });
  expect(await answer.json()).toMatchObject({ error: { code: 102 } });
});

test("OPS-10: the line about a trace names no user of its channel", async () => {
  const log = captureLines();
  const { channel } = newChannel("open");
  await start({ channel: `${channel}#ann` });
  const lines = log().filter(({ event }) => event === "api.trace");
  expect(lines).toMatchObject([{ keyName: "ann", by: "channel", channel: `${channel}#…` }]);
});

test("TRACE-05: events over the rate are dropped at the hub, and counted", async () => {
  const { channel, home } = newChannel("open");
  const client = await home.connect();
  const tracer = await start({ channel, rate: 2 });
  await tracer.next();
  await Promise.all(Array.from({ length: 20 }, (_, index) => client.publish(channel, index)));
  let told = 0;
  let dropped = 0;
  const reading = (async () => {
    while (dropped === 0) {
      const line = await tracer.next();
      if (line?.line === "event") told += 1;
      if (line?.line === "dropped") dropped = line.count;
    }
  })();
  // A second later there is room again, and what was left out is told first.
  await until(async () => {
    await client.publish(channel, "again");
    return dropped > 0;
  });
  await reading;
  expect(told).toBeGreaterThanOrEqual(2);
  expect(dropped).toBeGreaterThan(10);
});

test("TRACE-06: a trace ends when its time is over, and says so", async () => {
  const { channel } = newChannel("open");
  const tracer = await start({ channel, seconds: 1 });
  const first = await tracer.next();
  expect(first).toMatchObject({ line: "start" });
  expect(await tracer.next()).toEqual({ line: "end", why: "time", events: 0 });
  expect(await tracer.next()).toBeUndefined();
});

test("TRACE-07: a hub takes four traces at a time, and one more when a reader has gone", async () => {
  captureLines();
  const { channel } = newChannel("open");
  const tracers = await Promise.all(Array.from({ length: TRACE_LIMITS.traces }, () => start({ channel })));
  const busy = await ask({ channel });
  expect(await busy.json()).toEqual({ error: { code: 111, message: "too many requests" } });
  await tracers[0]?.cancel();
  await until(async () => {
    const again = await ask({ channel });
    const isTaken = again.headers.get("Content-Type") === "application/x-ndjson";
    await again.body?.cancel();
    return isTaken;
  });
});

test("TRACE-07: a hub that takes no more says of a client that it does not hold only that", async () => {
  captureLines();
  const { channel, home } = newChannel("open");
  await Promise.all(Array.from({ length: TRACE_LIMITS.traces }, () => start({ channel })));
  const tracer = await start({ client: "somebody", hub: home.name });
  await tracer.next();
  expect(await tracer.next()).toMatchObject({ line: "end", why: "client_gone" });
});

test("TRACE-08: without userCommands, a directory or a namespace there is an error, and what is no order is error 107", async () => {
  captureLines();
  const codeOf = async (order: object) =>
    ((await (await ask(order)).json()) as { readonly error: { readonly code: number } }).error.code;
  expect(await codeOf({ user: "ann" })).toBe(108);
  expect(await codeOf({ client: "somebody" })).toBe(108);
  expect(await codeOf({ channel: "nowhere:a" })).toBe(102);
  for (const order of [
    ...[{}, { channel: "open:a", user: "ann" }, { channel: 7 }, { channel: "open:a", seconds: 0 }],
    ...[
      { channel: "open:a", seconds: TRACE_LIMITS.mostSeconds + 1 },
      { channel: "open:a", rate: 1.5 },
    ],
    ...[
      { channel: "open:a", rate: TRACE_LIMITS.mostRate + 1 },
      { client: "a", hub: "edge/nowhere/0" },
    ],
  ])
    expect(await codeOf(order)).toBe(107);
});
