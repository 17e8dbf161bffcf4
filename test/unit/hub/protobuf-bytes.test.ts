import { describe, expect, test } from "vitest";
import type { PublishContext } from "../../../src/channels/hooks.ts";
import { Backend } from "../../support/fetched-backend.ts";
import type { HistoryBody, HubClient } from "../../support/hub-client.ts";
import { ask, codeOf, newChannel } from "../../support/node/api-client.ts";
import { proxied } from "../../support/node/proxied-hub.ts";
import { scenario, TestHub } from "../../support/node/test-hub.ts";
import { binary } from "../../support/protobuf-end.ts";
import { recover } from "../../support/recovering.ts";

const RAW = binary([0, 255, 10, 13, 0x80]);
const OTHER = binary([0xff]);

async function speakProtobuf(hub: TestHub): Promise<HubClient> {
  const client = await hub.open("?cf_protocol=protobuf");
  await client.ask("connect");
  return client;
}

describe("channels of any bytes", () => {
  scenario(
    "PB-12: bytes arrive as they were sent: at once, from the history, and by recovery",
    { namespace: "bytes" },
    async ({ hub, channel }) => {
      const [reader, writer] = [await speakProtobuf(hub), await speakProtobuf(hub)];
      const { epoch = "" } = await reader.subscribe(channel);
      await writer.publish(channel, RAW);
      expect(await reader.publication(channel)).toMatchObject({ data: RAW, offset: 1, info: {} });
      await reader.close(1000, "bye");
      await writer.publish(channel, OTHER);
      await writer.publish(channel, { json: 1 });
      const back = await speakProtobuf(hub);
      const { subscribe } = await recover(back, channel, 1, epoch);
      expect(subscribe).toMatchObject({
        recovered: true,
        publications: [
          { data: OTHER, offset: 2 },
          { data: { json: 1 }, offset: 3 },
        ],
      });
      const { publications } = await back.ask<HistoryBody>("history", { channel, limit: 10 });
      expect(publications.map(({ data }) => data)).toEqual([RAW, OTHER, { json: 1 }]);
    },
  );

  test("PB-12: bytes reach followers on other hubs, many in one call", async () => {
    const { channel, home } = newChannel("bytes");
    const edges = [new TestHub(), new TestHub()];
    const [writer, ...readers] = await Promise.all([home, ...edges].map(speakProtobuf));
    for (const reader of readers) await reader.subscribe(channel);
    const payloads = Array.from({ length: 20 }, (_, index) => binary([255, index]));
    const ids = writer?.send(...payloads.map((data) => ({ publish: { channel, data } }))) ?? [];
    for (const id of ids) expect((await writer?.reply(id))?.publish).toEqual({});
    for (const reader of readers)
      for (const data of payloads) expect(await reader.publication(channel)).toMatchObject({ data });
  });

  test("PB-13: a client that speaks JSON is not subscribed, and reads no history: 108", async () => {
    const hub = new TestHub();
    const client = await hub.connect();
    expect(await client.codeOf("subscribe", { channel: "bytes:a" })).toBe(108);
    expect(await client.codeOf("history", { channel: "bytes:a", limit: 1 })).toBe(108);
    const protobuf = await speakProtobuf(hub);
    await protobuf.subscribe("bytes:a");
    await client.ask("publish", { channel: "bytes:a", data: { n: 1.5 } });
    expect(await protobuf.publication("bytes:a")).toMatchObject({ data: { n: 1.5 } });
    expect(await client.ask("presence_stats", { channel: "bytes:a" })).toMatchObject({ num_clients: 1 });
  });

  test("PB-13: nor does its connect go through where that subscribes it", async () => {
    const config = { hooks: { connect: () => ({ user: "u", subs: { "bytes:a": {} } }) } };
    const hub = new TestHub({ config });
    expect(await (await hub.open()).codeOf("connect")).toBe(108);
    const client = await hub.open("?format=protobuf");
    expect(await client.ask("connect")).toMatchObject({ subs: { "bytes:a": { recoverable: true } } });
  });

  test("PB-14: the server API takes and gives any bytes in base64", async () => {
    const { channel, home } = newChannel("bytes");
    const client = await speakProtobuf(home);
    await client.subscribe(channel);
    await ask("publish", { channel, b64data: RAW.$b64, tags: { a: "b" } });
    await ask("broadcast", { channels: [channel], b64data: OTHER.$b64 });
    await ask("publish", { channel, data: [1] });
    expect(await client.publication(channel)).toEqual({ data: RAW, offset: 1, tags: { a: "b" } });
    expect(await client.publication(channel)).toMatchObject({ data: OTHER });
    expect(await client.publication(channel)).toMatchObject({ data: [1] });
    expect(await ask("history", { channel, limit: 10 })).toMatchObject({
      publications: [
        { b64data: RAW.$b64, offset: 1, tags: { a: "b" } },
        { b64data: OTHER.$b64, offset: 2 },
        { b64data: btoa("[1]"), offset: 3 },
      ],
    });
    expect(await codeOf("publish", { channel: newChannel("keep").channel, b64data: RAW.$b64 })).toBe(107);
  });

  test("PB-15: a hook is given bytes, and may publish others", async () => {
    const asked: PublishContext[] = [];
    const hub = new TestHub({
      config: {
        hooks: {
          publish: (context) => {
            asked.push(context);
            return context.bytes?.length === 1 ? { data: Uint8Array.of(1, 0xfe) } : {};
          },
        },
      },
    });
    const client = await speakProtobuf(hub);
    await client.subscribe("bytes:a");
    await client.publish("bytes:a", OTHER);
    await client.publish("bytes:a", RAW);
    expect(await client.publication("bytes:a")).toMatchObject({ data: binary([1, 0xfe]) });
    expect(await client.publication("bytes:a")).toMatchObject({ data: RAW });
    expect(asked[0]).toMatchObject({ protocol: "protobuf", bytes: Uint8Array.of(0xff), data: undefined });
    await client.ask("publish", { channel: "open:a", data: { n: 1 } });
    expect(asked.at(-1)).toMatchObject({ data: { n: 1 }, rawData: '{"n":1}' });
    expect(asked.at(-1)).not.toHaveProperty("bytes");
  });

  test("PB-15: a hook is not asked about bytes that are no JSON where they must be", async () => {
    let count = 0;
    const hub = new TestHub({ config: { hooks: { publish: () => ({ data: count++ }) } } });
    const client = await speakProtobuf(hub);
    expect(await client.codeOf("publish", { channel: "open:a", data: RAW })).toBe(107);
    expect(count).toBe(0);
  });

  test("PB-15: a backend is asked with b64data, and answers with it", async () => {
    const backend = new Backend(() => ({ result: { b64data: OTHER.$b64 } }));
    const client = await speakProtobuf(proxied(backend, ["publish"]));
    await client.subscribe("bytes:a");
    await client.publish("bytes:a", RAW);
    expect(await client.publication("bytes:a")).toMatchObject({ data: OTHER });
    expect(backend.bodies("/publish")).toEqual([
      expect.objectContaining({ protocol: "protobuf", channel: "bytes:a", b64data: RAW.$b64 }),
    ]);
    expect(await client.codeOf("publish", { channel: "open:a", data: 1 })).toBe(107);
  });
});
