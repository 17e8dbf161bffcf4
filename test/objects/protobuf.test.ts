import { describe, expect } from "vitest";
import type { HistoryBody, HubClient } from "../support/hub-client.ts";
import { binary } from "../support/protobuf-end.ts";
import { recover } from "../support/recovering.ts";
import { scenario, type TestHub } from "./test-hub.ts";

const RAW = binary([0, 255, 10, 13, 0x80]);

async function speakProtobuf(hub: TestHub): Promise<HubClient> {
  const client = await hub.open("", { "Sec-WebSocket-Protocol": "centrifuge-protobuf" });
  await client.ask("connect");
  return client;
}

describe("Protobuf on the runtime", () => {
  scenario(
    "PB-12: bytes arrive as they were sent, are stored as such, and are recovered",
    { namespace: "bytes" },
    async ({ hub, channel }) => {
      const [reader, writer] = [await speakProtobuf(hub), await speakProtobuf(hub)];
      const { epoch = "" } = await reader.subscribe(channel);
      await writer.publish(channel, RAW);
      expect(await reader.publication(channel)).toMatchObject({ data: RAW, offset: 1 });
      await reader.close(1000, "bye");
      const ids = writer.send(...[RAW, { json: 1 }, RAW].map((data) => ({ publish: { channel, data } })));
      for (const id of ids) await writer.reply(id);
      await hub.rest();
      const back = await speakProtobuf(hub);
      const { subscribe } = await recover(back, channel, 1, epoch);
      expect(subscribe).toMatchObject({
        recovered: true,
        publications: [{ data: RAW, offset: 2 }, { data: { json: 1 } }, { data: RAW, offset: 4 }],
      });
      const { publications } = await back.ask<HistoryBody>("history", { channel, limit: 10 });
      expect(publications.map(({ data }) => data)).toEqual([RAW, RAW, { json: 1 }, RAW]);
    },
  );

  scenario(
    "PB-01 PB-17: sessions of both codecs share a channel, over sleep",
    { namespace: "keep" },
    async ({ hub, channel }) => {
      const clients = [await hub.connect(), await speakProtobuf(hub)];
      for (const client of clients) await client.subscribe(channel);
      for (const [index, client] of clients.entries()) await client.publish(channel, { index });
      for (const client of clients)
        for (const index of [0, 1])
          expect(await client.publication(channel)).toMatchObject({ data: { index }, offset: index + 1 });
    },
  );
});
