import { describe, expect, test } from "vitest";
import { API_LIMITS, CHANNEL_LIMITS } from "../../../src/shared/limits.ts";
import { stopClock } from "../../support/clock.ts";
import { captureErrors } from "../../support/log.ts";
import { ask, batch, callText, codeOf, newChannel } from "../../support/node/api-client.ts";
import { TestHub } from "../../support/node/test-hub.ts";

describe("publish", () => {
  test("API-10: a publication reaches subscribers at its home and elsewhere, with its tags", async () => {
    const { channel, home } = newChannel("keep");
    const clients = [await home.connect(), await new TestHub().connect()];
    for (const client of clients) await client.subscribe(channel);
    const result = await ask("publish", { channel, data: { text: "hello" }, tags: { kind: "greeting" } });
    expect(result).toEqual({ offset: 1, epoch: expect.stringMatching(/^\w{8}$/) });
    for (const client of clients) {
      expect(await client.publication(channel)).toEqual({
        data: { text: "hello" },
        offset: 1,
        tags: { kind: "greeting" },
      });
    }
  });

  test.each([
    ["data", (written: string) => written],
    ["b64data", (written: string) => JSON.stringify(btoa(written))],
  ])("API-10: %s is published as it was written, on one line", async (member, encode) => {
    const { channel, home } = newChannel("keep");
    const client = await home.connect();
    await client.subscribe(channel);
    const body = `{"channel":"${channel}","${member}":${encode('{"n":12345678901234567890,\n"m":1.50}')}}`;
    expect(await callText("publish", body)).toHaveProperty("result");
    await client.publication(channel);
    expect(client.frames.at(-1)).toMatch(/"n":12345678901234567890, ?"m":1\.50/);
  });

  test("API-11: without history there is no offset and no epoch; with skip_history neither", async () => {
    expect(await ask("publish", { channel: newChannel("open").channel, data: 1 })).toEqual({});
    const { channel } = newChannel("keep");
    expect(await ask("publish", { channel, data: 1, skip_history: true })).toEqual({});
    expect(await ask("history", { channel, limit: 10 })).toMatchObject({ publications: [], offset: 0 });
  });

  test.each([
    ["no channel", { data: 1 }, 107],
    ["an empty channel", { channel: "", data: 1 }, 107],
    ["a channel that is too long", { channel: `open:${"x".repeat(251)}`, data: 1 }, 107],
    ["a channel with other characters", { channel: "open:é", data: 1 }, 107],
    ["a control channel", { channel: "\0users/1", data: 1 }, 107],
    ["a channel of no configured namespace", { channel: "nowhere:a", data: 1 }, 102],
    ["no data", { channel: "open:a" }, 107],
    ["null data", { channel: "open:a", data: null }, 107],
    ["data that is no object where there must be one", { channel: "objects:a", data: [1] }, 107],
    ["base64 that is none", { channel: "open:a", b64data: "*" }, 107],
    ["base64 that is not JSON", { channel: "open:a", b64data: btoa("hello") }, 107],
    ["too much data", { channel: "open:a", data: "x".repeat(API_LIMITS.dataSize) }, 107],
    [
      "too much of it in base64",
      { channel: "open:a", b64data: btoa(`"${"x".repeat(API_LIMITS.dataSize - 1)}"`) },
      107,
    ],
    ["too many tags", { channel: "open:a", data: 1, tags: { a: "x".repeat(API_LIMITS.tagsSize) } }, 107],
    ["tags that are no text", { channel: "open:a", data: 1, tags: { a: 1 } }, 107],
    ["a version that is no number", { channel: "open:a", data: 1, version: "1" }, 107],
    [
      "an idempotency key that is too long",
      { channel: "open:a", data: 1, idempotency_key: "x".repeat(257) },
      107,
    ],
  ])("API-12: %s is an error", async (_, params, code) => {
    expect(await codeOf("publish", params)).toBe(code);
  });

  test("API-12: what is null, or not known, is as if it were not there", async () => {
    const { channel } = newChannel("keep");
    const unused = {
      b64data: null,
      tags: null,
      idempotency_key: null,
      version: null,
      delta: true,
      other: [],
    };
    expect(await ask("publish", { channel, data: 1, ...unused })).toMatchObject({ offset: 1 });
  });
});

describe("idempotency keys", () => {
  test.each([false, true])(
    "API-13: a key publishes once in a channel (asleep in between: %s)",
    async (sleeps) => {
      const { channel, home } = newChannel("keep");
      const client = await new TestHub().connect();
      await client.subscribe(channel);
      const publish = () => ask("publish", { channel, data: 1, idempotency_key: "a" });
      const first = await publish();
      if (sleeps) await home.sleep();
      expect(await publish()).toEqual(first);
      expect(await ask("history", { channel, limit: 10 })).toMatchObject({ offset: 1 });
      expect(await ask("publish", { channel, data: 2, idempotency_key: "b" })).toMatchObject({ offset: 2 });
      expect((await client.publication(channel))?.data).toBe(1);
      expect((await client.publication(channel))?.data).toBe(2);
      expect(client.unread).toEqual([]);
    },
  );

  test("API-13: the same key at the same time publishes once", async () => {
    const { channel } = newChannel("keep");
    const publish = { channel, data: 1, idempotency_key: "a" };
    const replies = await batch([{ publish }, { publish }, { publish }]);
    const once = { publish: { offset: 1, epoch: expect.any(String) } };
    expect(replies).toEqual([once, once, once]);
    expect(await ask("publish", { ...publish, idempotency_key: "b" })).toMatchObject({ offset: 2 });
  });

  test("API-13: a key is another one in another channel, and works without history", async () => {
    const { channel, home } = newChannel("open");
    const client = await home.connect();
    for (const name of [channel, `${channel}/other`]) await client.subscribe(name);
    for (const name of [channel, channel, `${channel}/other`]) {
      await ask("publish", { channel: name, data: name, idempotency_key: "a" });
      await home.sleep();
    }
    expect(await client.publication(channel)).toEqual({ data: channel });
    expect(await client.publication(`${channel}/other`)).toEqual({ data: `${channel}/other` });
    expect(client.unread.filter(({ push }) => push?.pub)).toEqual([]);
  });

  test("API-14: a key is forgotten after five minutes, and the storage is given back", async () => {
    const { channel, home } = newChannel("open");
    const clock = stopClock();
    await ask("publish", { channel, data: 1, idempotency_key: "a" });
    expect(await home.rows("idempotency")).toHaveLength(1);
    clock.advance(CHANNEL_LIMITS.idempotencyAge - 1);
    await ask("publish", { channel, data: 1, idempotency_key: "b" });
    clock.advance(1);
    await home.runAlarm();
    expect((await home.rows("idempotency")).map(({ key }) => key)).toEqual(["b"]);
    clock.advance(CHANNEL_LIMITS.idempotencyAge);
    await home.runAlarm();
    expect(await home.tables()).toEqual([]);
    expect(await home.alarm()).toBeNull();
  });
});

describe("versions", () => {
  test.each([false, true])(
    "API-15: no version is published after itself or a newer one (asleep in between: %s)",
    async (sleeps) => {
      const { channel, home } = newChannel("keep");
      const publish = async (version: number, version_epoch = "") => {
        if (sleeps) await home.sleep();
        return (await ask("publish", { channel, data: version, version, version_epoch })).offset;
      };
      expect(await publish(3)).toBe(1);
      expect(await publish(3)).toBe(1);
      expect(await publish(2)).toBe(1);
      expect(await publish(4)).toBe(2);
      expect(await publish(1, "another epoch")).toBe(3);
      expect(await publish(1, "another epoch")).toBe(3);
      expect(await ask("publish", { channel, data: "of no version" })).toMatchObject({ offset: 4 });
      const { publications } = await ask("history", { channel, limit: 10 });
      expect((publications as { data: unknown }[]).map(({ data }) => data)).toEqual([
        3,
        4,
        1,
        "of no version",
      ]);
    },
  );

  test("API-15: versions of one request are compared with each other", async () => {
    const { channel } = newChannel("keep");
    const commands = [2, 1, 3].map((version) => ({ publish: { channel, data: version, version } }));
    const replies = await batch(commands);
    expect((replies as { publish: { offset?: number } }[]).map(({ publish }) => publish.offset)).toEqual([
      1, 1, 2,
    ]);
    expect(await ask("history", { channel })).toMatchObject({ offset: 2 });
  });

  test("API-15: a version without an epoch is of whatever epoch the last one was", async () => {
    const { channel } = newChannel("keep");
    const publish = (version: number, version_epoch?: string) =>
      ask("publish", { channel, data: 1, version, version_epoch });
    expect(await publish(5, "a")).toMatchObject({ offset: 1 });
    expect(await publish(5)).toMatchObject({ offset: 1 });
    expect(await publish(6)).toMatchObject({ offset: 2 });
  });

  test("API-15: a version that is not stored is none", async () => {
    const { channel } = newChannel("keep");
    await ask("publish", { channel, data: 1, version: 9, skip_history: true });
    expect(await ask("publish", { channel, data: 2, version: 9 })).toMatchObject({ offset: 1 });
  });

  test("API-15: what a newer version keeps back is acknowledged when that one is stored", async () => {
    const errors = captureErrors();
    const { channel, home } = newChannel("keep");
    await ask("publish", { channel, data: 0 });
    await home.inside(({ storage }) => void storage.sql.exec("ALTER TABLE history RENAME TO elsewhere"));
    const publish = { channel, data: 1, version: 5 };
    const internal = { error: { code: 100, message: "internal server error" } };
    const keyed = { ...publish, idempotency_key: "a" };
    expect(await batch([{ publish }, { publish: keyed }])).toEqual([internal, internal]);
    await home.inside(({ storage }) => void storage.sql.exec("ALTER TABLE elsewhere RENAME TO history"));
    expect(await ask("publish", keyed)).toMatchObject({ offset: 2 });
    expect(errors().map(({ event }) => event)).toEqual(["home.store_failed"]);
  });

  test("API-15: a version goes with its stream", async () => {
    const { channel, home } = newChannel("brief");
    const clock = stopClock();
    await ask("publish", { channel, data: 1, version: 7 });
    expect(await home.rows("publication_versions")).toHaveLength(1);
    for (let run = 0; run < 20 && (await home.alarm()) !== null; run += 1) {
      clock.advance(3_600_000);
      await home.runAlarm();
    }
    expect(await home.tables()).toEqual([]);
    expect(await ask("publish", { channel, data: 1, version: 1 })).toMatchObject({ offset: 1 });
  });
});

describe("broadcast", () => {
  test("API-16: a broadcast answers for each channel in order", async () => {
    const [one, other, silent] = [newChannel("keep"), newChannel("keep"), newChannel("open")];
    const channels = [one.channel, "nowhere:a", other.channel, "", silent.channel];
    const { responses } = await ask("broadcast", { channels, data: 1 });
    const stored = { result: { offset: 1, epoch: expect.any(String) } };
    expect(responses).toEqual([
      stored,
      { error: { code: 102, message: "unknown channel" } },
      stored,
      { error: { code: 107, message: "bad request" } },
      { result: {} },
    ]);
  });

  test.each([
    ["no channels", { data: 1 }],
    ["an empty list", { channels: [], data: 1 }],
    ["channels that are no text", { channels: [1], data: 1 }],
    ["too many channels", { channels: Array(API_LIMITS.broadcastChannels + 1).fill("open:a"), data: 1 }],
  ])("API-16: a broadcast with %s is an error", async (_, params) => {
    expect(await codeOf("broadcast", params)).toBe(107);
  });

  test("API-16: a broadcast without data is an error for each channel", async () => {
    const { responses } = await ask("broadcast", { channels: ["open:a", "open:b"] });
    expect(responses).toEqual(Array(2).fill({ error: { code: 107, message: "bad request" } }));
  });
});
