import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Home } from "../../src/streams/home.ts";
import type { HistoryBody } from "../support/hub-client.ts";
import { sign } from "../support/hub-config.ts";
import { captureErrors } from "../support/log.ts";
import { until } from "../support/until.ts";
import { TestHub } from "./test-hub.ts";

const rename = (hub: TestHub, from: string, to: string) =>
  hub.inside(({ storage }) => void storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`));

const renameColumn = (hub: TestHub, from: string, to: string) =>
  hub.inside(({ storage }) => void storage.sql.exec(`ALTER TABLE streams RENAME COLUMN ${from} TO ${to}`));

describe("sessions", () => {
  test("STORE-01: 128 subscriptions of 255 bytes and 4 KB of info survive sleep, in a row that goes with the session", async () => {
    const hub = new TestHub({ isSleepy: true });
    const key = `open:${crypto.randomUUID()}/`;
    const channels = Array.from({ length: 128 }, (_, index) => `${key}${index}`.padEnd(255, "x"));
    const { client, connect } = await hub.connected({
      token: await sign({ sub: "ann", info: { text: "i".repeat(4_096) } }),
    });
    const ids = client.send(...channels.map((channel) => ({ subscribe: { channel } })));
    for (const id of ids) expect((await client.reply(id)).error).toBeUndefined();
    await hub.sleep();
    expect(await client.codeOf("subscribe", { channel: channels[127] })).toBe(106);
    await client.ask("unsubscribe", { channel: channels[0] });
    expect(await client.codeOf("subscribe", { channel: channels[127] })).toBe(105);
    await client.publish(channels[127] ?? "", 1);
    expect(await client.publication(channels[127] ?? "")).toMatchObject({
      info: { conn_info: { text: "i".repeat(4_096) } },
    });
    expect(await hub.rows("sessions")).toEqual([expect.objectContaining({ id: connect.client })]);
    await hub.rest();
    await client.close(1000, "bye");
    await hub.untilEmpty();
    expect(await hub.rows("sessions")).toEqual([]);
  });

  test("STORE-01: a session that has shrunk needs its row no more", async () => {
    const hub = new TestHub({ isSleepy: true });
    const client = await hub.connect();
    const channels = Array.from({ length: 60 }, (_, index) => `open:${index}`.padEnd(255, "x"));
    for (const id of client.send(...channels.map((channel) => ({ subscribe: { channel } }))))
      await client.reply(id);
    expect(await hub.rows("sessions")).toHaveLength(1);
    for (const id of client.send(...channels.map((channel) => ({ unsubscribe: { channel } }))))
      await client.reply(id);
    expect(await hub.rows("sessions")).toEqual([]);
    expect(await client.codeOf("rpc")).toBe(108);
  });

  test("STORE-02: rows of sessions that went down with the object are deleted by the next alarm", async () => {
    const hub = new TestHub();
    const client = await hub.connect({ token: await sign({ sub: "ann", info: "i".repeat(15_000) }) });
    expect(await hub.rows("sessions")).toHaveLength(1);
    await hub.crash();
    expect((await client.closed).code).toBe(1006);
    await hub.runAlarm();
    expect(await hub.tables()).toEqual([]);
    expect(await hub.alarm()).toBeNull();
  });

  test.each([
    ["of a version that is not known", { version: 99, client: "x", state: "{}" }],
    ["whose row is gone", { version: 1, client: "x", state: undefined }],
    ["that is not there", null],
    ["that cannot be read", { version: 1, client: "x", state: "{" }],
  ])(
    "STORE-03: a session with an attachment %s closes with 3001, and no other one",
    async (_, attachment) => {
      captureErrors();
      const hub = new TestHub();
      const [broken, whole] = [await hub.connect(), await hub.connect()];
      await hub.inside((state) => state.getWebSockets().at(-1)?.serializeAttachment(attachment));
      await hub.sleep();
      expect(await whole.codeOf("rpc")).toBe(108);
      expect(await broken.closed).toEqual({ code: 3001, reason: "shutdown" });
    },
  );
});

describe("streams", () => {
  test("DELIV-21: a channel without history writes nothing", async () => {
    const channel = `open:${crypto.randomUUID()}`;
    const hub = new TestHub({ name: `home/${channel}` });
    const [one, other] = [await hub.connect(), await hub.connect()];
    for (const client of [one, other]) await client.subscribe(channel, { join_leave: true });
    for (let count = 0; count < 20; count += 1) await one.publish(channel, count);
    await one.ask("presence", { channel });
    await other.close(1000, "bye");
    await one.push("leave");
    expect(await hub.tables()).toEqual([]);
  });

  test("DELIV-03: what one frame publishes is one row", async () => {
    const channel = `large:${crypto.randomUUID()}`;
    const hub = new TestHub({ name: `home/${channel}` });
    const client = await hub.connect();
    for (let frame = 0; frame < 3; frame += 1) {
      const ids = client.send(...Array.from({ length: 100 }, (_, data) => ({ publish: { channel, data } })));
      for (const id of ids) await client.reply(id);
    }
    const rows = await hub.rows("history");
    expect(rows.map(({ first, last }) => [first, last])).toEqual([
      [1, 100],
      [101, 200],
      [201, 300],
    ]);
  });

  test("STORE-06: what cannot be stored is error 100 to all who published it, and nobody hears of it", async () => {
    captureErrors();
    const channel = `keep:${crypto.randomUUID()}`;
    const hub = new TestHub({ name: `home/${channel}` });
    const [writer, reader] = [await hub.connect(), await hub.connect()];
    const { epoch } = await reader.subscribe(channel);
    await writer.publish(channel, "first");
    await rename(hub, "history", "hidden");
    const ids = writer.send(...["a", "b", "c"].map((data) => ({ publish: { channel, data } })), {
      unsubscribe: { channel },
    });
    for (const id of ids.slice(0, 3)) {
      expect((await writer.reply(id)).error).toEqual({
        code: 100,
        message: "internal server error",
        temporary: true,
      });
    }
    expect((await writer.reply(ids[3] ?? 0)).unsubscribe).toEqual({});
    await rename(hub, "hidden", "history");
    await writer.publish(channel, "second");
    expect(await reader.publication(channel)).toMatchObject({ data: "first", offset: 1 });
    expect(await reader.publication(channel)).toMatchObject({ data: "second", offset: 2 });
    await hub.sleep();
    const { publications, ...position } = await reader.ask<HistoryBody>("history", { channel, limit: -1 });
    expect(publications.map(({ data }) => data)).toEqual(["first", "second"]);
    expect(position).toEqual({ epoch, offset: 2 });
  });

  test("STORE-06: a command that cannot read is error 100, and those after it are carried out", async () => {
    captureErrors();
    const channel = `keep:${crypto.randomUUID()}`;
    const hub = new TestHub({ name: `home/${channel}` });
    const client = await hub.connect();
    await client.publish(channel, 1);
    await hub.sleep();
    await renameColumn(hub, "epoch", "hidden");
    const ids = client.send(
      { subscribe: { channel } },
      { history: { channel, limit: 1 } },
      { unsubscribe: { channel } },
    );
    const replies = await Promise.all(ids.map((id) => client.reply(id)));
    expect(replies.map(({ error }) => error?.code)).toEqual([100, 100, undefined]);
    await renameColumn(hub, "hidden", "epoch");
    expect(await client.subscribe(channel)).toMatchObject({ offset: 1 });
  });

  test("STORE-06: an epoch that could not be stored is nobody's", async () => {
    captureErrors();
    const channel = `keep:${crypto.randomUUID()}`;
    const hub = new TestHub({ name: `home/${channel}` });
    const client = await hub.connect();
    await hub.inside(({ storage }) => void storage.sql.exec("CREATE TABLE streams (unwritable TEXT)"));
    expect(await client.codeOf("subscribe", { channel })).toBe(100);
    await hub.inside(({ storage }) => void storage.sql.exec("DROP TABLE streams"));
    await client.publish(channel, 1);
    const { epoch } = await client.subscribe(channel);
    await hub.sleep();
    expect(await client.ask("history", { channel })).toMatchObject({ epoch, offset: 1 });
  });

  test("STORE-07: a flush that fails unforeseen resets the hub: nobody waits for an answer in vain", async () => {
    captureErrors();
    const hub = new TestHub();
    const client = await hub.connect();
    const flush = vi.spyOn(Home.prototype, "flush").mockImplementationOnce(() => {
      throw new Error("unforeseen");
    });
    onTestFinished(() => flush.mockRestore());
    client.send({ rpc: {} });
    expect((await client.closed).code).toBe(1006);
    await until(async () => (await hub.sockets().catch(() => 1)) === 0);
    expect((await hub.connected()).connect.client).toBeDefined();
  });
});
