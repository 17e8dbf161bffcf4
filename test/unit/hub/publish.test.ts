import { describe, expect, test } from "vitest";
import type { PublishGrant } from "../../../src/channels/hooks.ts";
import type { HistoryBody } from "../../support/hub-client.ts";
import { sign } from "../../support/hub-config.ts";
import { captureErrors } from "../../support/log.ts";
import { scenario, TestHub } from "../../support/node/test-hub.ts";

const as = async (user: string, hub = new TestHub()) => hub.connect({ token: await sign({ sub: user }) });

describe("publish", () => {
  scenario(
    "SESS-46: a publication reaches every subscriber once, with who published it",
    { namespace: "open" },
    async ({ hub, channel }) => {
      const token = await sign({ sub: "ann", info: { name: "Ann" } });
      const [writer, reader] = [await hub.connected({ token }), await hub.connect()];
      await reader.subscribe(channel);
      await writer.client.publish(channel, "before");
      await writer.client.subscribe(channel, { token: await sign({ sub: "ann", channel, info: ["chan"] }) });
      await writer.client.publish(channel, { after: true });
      const info = { user: "ann", client: writer.connect.client, conn_info: { name: "Ann" } };
      expect(await reader.publication(channel)).toEqual({ data: "before", info });
      expect(await reader.publication(channel)).toEqual({
        data: { after: true },
        info: { ...info, chan_info: ["chan"] },
      });
      expect(await writer.client.publication(channel)).toMatchObject({ data: { after: true } });
      expect([...reader.unread, ...writer.client.unread]).toEqual([]);
    },
  );

  scenario(
    "SESS-46: many publications of one frame come in one frame, numbered without a gap",
    { namespace: "large" },
    async ({ hub, channel }) => {
      const [writer, reader] = [await hub.connect(), await hub.connect()];
      await reader.subscribe(channel);
      const before = reader.frames.length;
      const ids = writer.send(...Array.from({ length: 50 }, (_, n) => ({ publish: { channel, data: n } })));
      for (const id of ids) await writer.reply(id);
      for (let n = 0; n < 50; n += 1)
        expect(await reader.publication(channel)).toMatchObject({ data: n, offset: n + 1 });
      expect(reader.frames.length - before).toBe(1);
    },
  );

  test.each([
    ["no data", { channel: "open:a" }, 107],
    ["null", { channel: "open:a", data: null }, 107],
    ["a name over 255 bytes", { channel: `open:${"x".repeat(251)}`, data: 1 }, 107],
    ["a name that is not ASCII", { channel: "open:ü", data: 1 }, 107],
    ["an unknown namespace", { channel: "nowhere:a", data: 1 }, 102],
    ["a channel that nobody may publish to", { channel: "closed:a", data: 1 }, 103],
    ["a channel that anonymous users may not publish to", { channel: "users:a", data: 1 }, 103],
    ["a channel for subscribers, from outside", { channel: "members:a", data: 1 }, 103],
    ["what is no object, where objects are wanted", { channel: "objects:a", data: [] }, 107],
  ])("SESS-47: %s is an error", async (_, body, code) => {
    expect(await (await new TestHub().connect()).codeOf("publish", body)).toBe(code);
  });

  test("SESS-47: no channel closes with 3501", async () => {
    const client = await new TestHub().connect();
    client.send({ publish: { channel: "", data: 1 } });
    expect((await client.closed).code).toBe(3501);
  });

  scenario(
    "CHAN-08: only a subscriber may publish where the namespace wants it so",
    { namespace: "members" },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      expect(await client.codeOf("publish", { channel, data: 1 })).toBe(103);
      await client.subscribe(channel);
      expect(await client.codeOf("publish", { channel, data: 1 })).toBeUndefined();
      await client.ask("unsubscribe", { channel });
      expect(await client.codeOf("publish", { channel, data: 1 })).toBe(103);
    },
  );

  test.each([
    '"\\ud800"',
    "1e2",
    "12345678901234567890",
    "[[[{}]]]",
    '{"a":{"__proto__":1}}',
    "0",
    "false",
    '""',
  ])("PROTO-08: the payload %s arrives as it was sent", async (payload) => {
    const channel = `keep:${crypto.randomUUID()}`;
    const client = await new TestHub({ name: `home/${channel}` }).connect();
    await client.subscribe(channel);
    client.sendFrame(`{"publish":{"channel":"${channel}","data":${payload}},"id":70}`);
    client.sendFrame(`{"id":71, "publish":{"channel":"${channel}","data":${payload}}}`);
    for (const id of [70, 71]) expect((await client.reply(id)).publish).toEqual({});
    for (let count = 0; count < 2; count += 1) await client.publication(channel);
    const pushes = client.frames
      .flatMap((frame) => String(frame).split("\n"))
      .filter((line) => line.startsWith('{"push"'));
    const data = pushes
      .filter((line) => line.includes("pub"))
      .map((line) => line.split('"pub":{"data":')[1]?.split(',"offset"')[0]);
    expect(data).toEqual([payload, payload]);
  });

  test("SESS-50: the publish hook replaces the data, adds tags, keeps out of the history, and decides", async () => {
    captureErrors();
    const channel = `keep:${crypto.randomUUID()}`;
    const hub = new TestHub({
      name: `home/${channel}`,
      config: {
        hooks: {
          publish: ({ data, user }) => {
            if (data === "no") return { error: { code: 403, message: "no" } };
            if (data === "fail") throw new Error("/srv/x.ts");
            if (data === "strange") return { tags: { a: 1n } as never };
            if (data === "circular") return { data: 1n };
            if (data === "long") return { idempotencyKey: "k".repeat(257) };
            if (data === "half") return { version: 0.5 };
            if (data === "passing") return { skipHistory: true };
            return data === "as it is" ? undefined : { data: { user, data }, tags: { kind: "x" } };
          },
        },
      },
    });
    const client = await as("ann", hub);
    await client.subscribe(channel);
    await client.publish(channel, 1);
    expect(await client.publication(channel)).toMatchObject({
      data: { user: "ann", data: 1 },
      tags: { kind: "x" },
      offset: 1,
    });
    await client.publish(channel, "passing");
    expect(await client.publication(channel)).not.toHaveProperty("offset");
    await client.publish(channel, "as it is");
    expect(await client.publication(channel)).toMatchObject({ data: "as it is", offset: 2 });
    expect(await client.codeOf("publish", { channel, data: "no" })).toBe(403);
    for (const data of ["fail", "strange", "circular", "long", "half"])
      expect(await client.codeOf("publish", { channel, data })).toBe(100);
    expect(await client.codeOf("publish", { channel: "closed:a", data: "as it is" })).toBe(103);
    expect(await client.codeOf("publish", { channel: "closed:a", data: 1 })).toBeUndefined();
    const { publications } = await client.ask<HistoryBody>("history", { channel, limit: -1 });
    expect(publications.map(({ offset }) => offset)).toEqual([1, 2]);
  });

  scenario(
    "SESS-57: the publish hook may have each key published once, and no version after a newer one",
    { namespace: "keep", config: { hooks: { publish: ({ data }) => data as PublishGrant } } },
    async ({ hub, channel }) => {
      const client = await hub.connect();
      await client.subscribe(channel);
      const publish = (grant: PublishGrant) => client.publish(channel, grant);
      await publish({ data: "first", idempotencyKey: "k" });
      await publish({ data: "again", idempotencyKey: "k" });
      await publish({ data: "v2", version: 2, versionEpoch: "e" });
      await publish({ data: "v1", version: 1, versionEpoch: "e" });
      await publish({ data: "v1 of another", version: 1, versionEpoch: "f" });
      await publish({ data: "last" });
      const { publications } = await client.ask<HistoryBody>("history", { channel, limit: -1 });
      expect(publications?.map(({ data }) => data)).toEqual(["first", "v2", "v1 of another", "last"]);
    },
  );
});
