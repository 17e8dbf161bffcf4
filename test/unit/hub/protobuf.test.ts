import { describe, expect, test } from "vitest";
import type { Config } from "../../../src/config/config.ts";
import { stopClock } from "../../support/clock.ts";
import { type ClientEnd, type ConnectBody, channelRequest, HubClient } from "../../support/hub-client.ts";
import { objectNamed } from "../../support/node/object.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { commandFrame, ProtobufEnd } from "../../support/protobuf-end.ts";
import { recover } from "../../support/recovering.ts";

/** Opens a connection that speaks Protobuf. */
async function speakProtobuf(hub: TestHub, body: Record<string, unknown> = {}): Promise<HubClient> {
  const client = await hub.open("?cf_protocol=protobuf");
  await client.ask("connect", body);
  return client;
}

/** The same, with its socket: for what is neither a command nor a reply. */
async function openSocket(hub: TestHub): Promise<{ readonly socket: ClientEnd; readonly client: HubClient }> {
  const socket = await objectNamed(hub.name).open(channelRequest("?cf_protocol=protobuf"));
  return { socket, client: new HubClient(new ProtobufEnd(socket)) };
}

describe("sessions that speak Protobuf", () => {
  test.each([
    ["?cf_protocol=protobuf", {}],
    ["?format=protobuf", {}],
    ["", { "Sec-WebSocket-Protocol": "centrifuge-protobuf" }],
  ])("PB-01: asked for with %s %o", async (query, headers) => {
    const client = await new TestHub().open(query, headers);
    expect(await client.ask("connect")).toMatchObject({ client: expect.any(String), ping: 86_400 });
  });

  test("PB-01: share a hub and its channels with sessions that speak JSON", async () => {
    const hub = new TestHub();
    const [json, protobuf] = [await hub.connect(), await speakProtobuf(hub)];
    for (const client of [json, protobuf]) await client.subscribe("keep:shared", { join_leave: true });
    await protobuf.publish("keep:shared", { from: "protobuf" });
    await json.publish("keep:shared", { from: "json" });
    for (const client of [json, protobuf]) {
      for (const [index, from] of ["protobuf", "json"].entries())
        expect(await client.publication("keep:shared")).toMatchObject({
          ...{ data: { from }, offset: index + 1 },
          info: { client: expect.any(String) },
        });
      expect(await client.ask("presence_stats", { channel: "keep:shared" })).toMatchObject({
        num_clients: 2,
      });
    }
    const { presence } = await protobuf.ask<{ presence: object }>("presence", { channel: "keep:shared" });
    expect(Object.keys(presence)).toHaveLength(2);
    expect(await json.push("join")).toMatchObject({ channel: "keep:shared" });
    expect(await protobuf.ask("history", { channel: "keep:shared", limit: 10 })).toMatchObject({
      ...{ offset: 2, publications: [{ offset: 1 }, { offset: 2 }] },
    });
    await protobuf.close(1000, "bye");
    expect(await json.push("leave")).toMatchObject({ channel: "keep:shared" });
  });

  test("PB-09: numbers keep their digits from one to the other", async () => {
    const hub = new TestHub();
    const { socket, client: protobuf } = await openSocket(hub);
    const json = await hub.connect();
    const received: string[] = [];
    socket.addEventListener("message", ({ data }) =>
      received.push(Buffer.from(data as ArrayBuffer).toString()),
    );
    await protobuf.ask("connect");
    for (const client of [json, protobuf]) await client.subscribe("keep:digits");
    const payload = '{"n":12345678901234567890,\r\n"m":1.50}';
    const frame = commandFrame(
      '{"publish":{"channel":"keep:digits","data":{"$b64":"#"}},"id":77}'.replace("#", btoa(payload)),
    );
    protobuf.sendFrame(frame);
    await json.publication("keep:digits");
    expect(json.frames.at(-1)).toContain('"data":{"n":12345678901234567890,  "m":1.50}');
    json.sendFrame('{"publish":{"channel":"keep:digits","data":{"n":12345678901234567890}},"id":78}');
    await json.reply(78);
    await protobuf.publication("keep:digits");
    await protobuf.publication("keep:digits");
    expect(received.join()).toContain('{"n":12345678901234567890}');
  });

  test.each([
    ["no JSON", "{"],
    ["no UTF-8", '"\xff"'],
    ["too deep", "[".repeat(101) + "]".repeat(101)],
    ["nothing", ""],
  ])("PB-11: a payload that is %s is error 107, and nothing is published", async (_name, payload) => {
    const hub = new TestHub();
    const client = await speakProtobuf(hub);
    const data = { $b64: btoa(payload) };
    for (const channel of ["keep:a", "open:a", "objects:a"])
      expect(await client.codeOf("publish", { channel, data })).toBe(107);
    expect(await client.codeOf("publish", { channel: "objects:a", data: [1] })).toBe(107);
    expect(await client.ask("history", { channel: "keep:a", limit: 1 })).not.toHaveProperty("offset");
    expect(await client.codeOf("rpc", { method: "m", data: { $b64: btoa("{") } })).toBe(107);
  });

  test("PB-02: text to one of them closes with 3501, and so does Protobuf to one that speaks JSON", async () => {
    const hub = new TestHub();
    const protobuf = await hub.open("?cf_protocol=protobuf");
    protobuf.sendRaw('{"connect":{},"id":1}');
    expect(await protobuf.closed).toMatchObject({ code: 3501 });
    const json = await hub.connect();
    json.sendFrame(commandFrame('{"rpc":{"method":"m"},"id":1}'));
    expect(await json.closed).toMatchObject({ code: 3501 });
  });

  test("PB-08: what leaves together is one frame", async () => {
    const client = await speakProtobuf(new TestHub());
    const before = client.frames.length;
    const ids = client.send({ unsubscribe: { channel: "open:a" } }, { unsubscribe: { channel: "open:b" } });
    for (const id of ids) await client.reply(id);
    expect(client.frames).toHaveLength(before + 1);
  });

  test("PB-17: they stay what they are over sleep, beside others that speak JSON", async () => {
    const hub = new TestHub({ isSleepy: true });
    const [json, protobuf] = [await hub.connect(), await speakProtobuf(hub)];
    for (const client of [json, protobuf]) await client.subscribe("keep:asleep");
    await protobuf.publish("keep:asleep", 1);
    await json.publish("keep:asleep", 2);
    for (const client of [json, protobuf]) {
      expect(await client.publication("keep:asleep")).toMatchObject({ data: 1 });
      expect(await client.publication("keep:asleep")).toMatchObject({ data: 2 });
    }
  });

  test("PB-17: one comes back with its position to either, and misses nothing", async () => {
    const hub = new TestHub();
    const [json, protobuf] = [await hub.connect(), await speakProtobuf(hub)];
    const { epoch = "" } = await protobuf.subscribe("keep:back");
    await protobuf.close(1000, "bye");
    for (const data of [1, 2]) await json.publish("keep:back", data);
    for (const client of [await speakProtobuf(hub), await hub.connect()]) {
      const { subscribe } = await recover(client, "keep:back", 0, epoch);
      expect(subscribe).toMatchObject({
        recovered: true,
        publications: [{ data: 1 }, { data: 2, offset: 2 }],
      });
    }
  });
});

describe("pings of Protobuf", () => {
  const PING_INTERVAL = 100;
  const beating = (connection: Config["connection"] = {}): TestHub =>
    new TestHub({ config: { connection: { pingInterval: PING_INTERVAL, ...connection } } });

  test("PB-16: ask for no answer, and a client that gives none stays", async () => {
    const clock = stopClock();
    const hub = beating();
    const client = await hub.open("?format=protobuf");
    const { ping, pong = false } = await client.ask<ConnectBody>("connect");
    expect([ping, pong]).toEqual([PING_INTERVAL, false]);
    for (let count = 0; count < 5; count += 1) {
      await hub.pass(clock, PING_INTERVAL);
      await client.ping();
    }
    expect(client.isClosed).toBe(false);
  });

  test("PB-16: with protobufPong they do, and one that gives none is closed with 3012", async () => {
    const clock = stopClock();
    const hub = beating({ protobufPong: true });
    const [silent, alive] = [await hub.open("?format=protobuf"), await hub.open("?format=protobuf")];
    for (const client of [silent, alive])
      expect(await client.ask<ConnectBody>("connect")).toMatchObject({ pong: true });
    for (let count = 0; count < 4; count += 1) {
      await hub.pass(clock, PING_INTERVAL);
      await alive.ping();
      alive.sendFrame("{}");
      // It must be remembered over sleep: nobody has answered for the hub.
      await hub.sleep();
    }
    expect(await silent.closed).toMatchObject({ code: 3012 });
    expect(alive.isClosed).toBe(false);
  });

  test("PB-16: without pongs at all, protobufPong asks for none", async () => {
    const client = await beating({ pong: false, protobufPong: true }).open("?format=protobuf");
    expect(await client.ask("connect")).not.toHaveProperty("pong");
  });
});
