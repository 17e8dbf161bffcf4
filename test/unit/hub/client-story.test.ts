import { expect, test } from "vitest";
import { RECORDER_LIMITS } from "../../../src/shared/limits.ts";
import type { RecordedEvent } from "../../../src/trace/messages.ts";
import { sign } from "../../support/hub-config.ts";
import { captureLines } from "../../support/log.ts";
import { TestHub } from "../../support/node/test-hub.ts";

/** The stories among log lines. */
function stories(lines: readonly Record<string, unknown>[]) {
  return lines.filter(({ event }) => event === "hub.client_story") as unknown as {
    readonly client: string;
    readonly events: readonly RecordedEvent[];
    readonly cut: number;
    readonly since: string;
    readonly untold: number;
  }[];
}

/** A frame that cannot be read: the client is closed with 3501. */
const UNREADABLE = "{";

test("REC-01: the story of a client that ends badly is one line: what it did, what it was answered, what it was sent", async () => {
  const lines = captureLines();
  const hub = new TestHub();
  const { client, connect } = await hub.connected();
  const other = await hub.connect();
  await client.subscribe("open:a");
  expect(await client.codeOf("subscribe", { channel: "closed:a" })).toBe(103);
  for (const data of [1, 2, 3]) await other.ask("publish", { channel: "open:a", data });
  client.sendRaw(UNREADABLE);
  await client.closed;
  const [story, ...more] = stories(lines());
  expect(more).toEqual([]);
  expect(story).toMatchObject({ client: connect.client, code: 3501, since: "open", cut: 0, untold: 0 });
  expect(story?.events.map(({ at, ...event }) => event)).toEqual([
    { event: "open" },
    { event: "connect", id: 1 },
    { event: "reply", id: 1 },
    { event: "subscribe", id: 2, channel: "open:a" },
    { event: "reply", id: 2, channel: "open:a" },
    { event: "subscribe", id: 3, channel: "closed:a" },
    { event: "error", id: 3, channel: "closed:a", code: 103 },
    { event: "close", code: 3501, pushes: 3 },
  ]);
  const times = story?.events.map(({ at }) => at) ?? [];
  expect(times).toEqual([...times].sort((one, next) => one - next));
});

test("REC-01: who leaves, or is sent away, has no story; `storyCodes` says who has one", async () => {
  const lines = captureLines();
  const hub = new TestHub();
  await (await hub.connect()).close(1000);
  await hub.rest();
  expect(stories(lines())).toEqual([]);
  const curious = new TestHub({ config: { operations: { storyCodes: [1000] } } });
  const [leaving, broken] = [await curious.connect(), await curious.connect()];
  await leaving.close(1000);
  broken.sendRaw(UNREADABLE);
  await broken.closed;
  await curious.rest();
  expect(stories(lines())).toMatchObject([{ code: 1000 }]);
});

test("REC-02: after sleep, a story says that what was before it is gone", async () => {
  const lines = captureLines();
  const hub = new TestHub();
  const client = await hub.connect();
  await hub.sleep();
  await client.subscribe("open:a");
  client.sendRaw(UNREADABLE);
  await client.closed;
  expect(stories(lines())).toMatchObject([
    { since: "woke", cut: 0, events: [{ event: "subscribe" }, { event: "reply" }, { event: "close" }] },
  ]);
});

test("REC-03: a story holds no token, no payload, and no user", async () => {
  const lines = captureLines();
  const hub = new TestHub();
  const token = await sign({ sub: "secretive" });
  const { client } = await hub.connected({ token, data: { word: "hush" } });
  await client.ask("subscribe", { channel: "open:a#secretive", data: { word: "hush" } });
  await client.ask("publish", { channel: "open:a", data: { word: "hush" } });
  await client.codeOf("rpc", { method: "whisper", data: { word: "hush" } });
  client.sendRaw(UNREADABLE);
  await client.closed;
  const text = JSON.stringify(lines());
  expect(text).toContain("open:a#…");
  expect(text).toContain("whisper");
  for (const secret of ["secretive", "hush", token]) expect(text).not.toContain(secret);
});

test("REC-04: a line has at most 16 KiB of events, the newest of them, and counts what came before", async () => {
  const lines = captureLines();
  const hub = new TestHub();
  const client = await hub.connect();
  // Other clients, so that the recorder has room for more events than a line.
  for (let count = 0; count < 8; count += 1) await hub.connect();
  const channel = `open:${"é".repeat(200)}`;
  for (let round = 0; round < 100; round += 1) await client.codeOf("publish", { channel, data: round });
  client.sendRaw(UNREADABLE);
  await client.closed;
  const [story] = stories(lines());
  const events = story?.events ?? [];
  expect(new TextEncoder().encode(JSON.stringify(events)).byteLength).toBeLessThanOrEqual(
    RECORDER_LIMITS.storySize + 1,
  );
  expect(events.at(-1)).toMatchObject({ event: "close" });
  expect(story?.cut).toBeGreaterThan(100);
  expect(events.length + (story?.cut ?? 0)).toBe(204);
});

test("REC-05: of many that end badly at once, a few have a line, and the next one counts the others", async () => {
  const lines = captureLines();
  const hub = new TestHub({ config: { operations: { storyCodes: [3501] } } });
  const count = RECORDER_LIMITS.stories + 5;
  for (let index = 0; index < count; index += 1) {
    const client = await hub.connect();
    client.sendRaw(UNREADABLE);
    await client.closed;
  }
  expect(stories(lines()).length).toBeGreaterThanOrEqual(RECORDER_LIMITS.stories);
  expect(stories(lines()).length).toBeLessThan(count);
});

test("REC-08: `flightRecorder: false` remembers nothing, and tells no stories", async () => {
  const lines = captureLines();
  const hub = new TestHub({ config: { operations: { flightRecorder: false } } });
  const client = await hub.connect();
  client.sendRaw(UNREADABLE);
  await client.closed;
  expect(stories(lines())).toEqual([]);
});
