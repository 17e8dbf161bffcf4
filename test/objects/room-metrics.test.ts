import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { DIRECTORY_NAME } from "../../src/metrics/report.ts";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { objectName } from "../../src/rooms/name.ts";
import { REPORT_LIMITS } from "../../src/shared/limits.ts";
import { stopClock } from "../support/clock.ts";
import { captureErrors } from "../support/log.ts";
import { until } from "../support/until.ts";
import { enableDirectory } from "./observed.ts";
import { TestRoom } from "./test-room.ts";

const directory = () => env.DIRECTORY.getByName(DIRECTORY_NAME);
const echo: RoomHandler = {
  message(ws, message) {
    if (message === "fail") throw new Error("broken");
    ws.send(message);
  },
};

/** What the directory has summed up of a kind, by metric and what else its series are told apart by. */
async function countsOf({ kind }: TestRoom): Promise<Record<string, number>> {
  const samples = Object.entries(await directory().samples());
  const ofKind = samples.filter(([series]) => series.includes(`kind="${kind}"`));
  return Object.fromEntries(
    ofKind.map(([series, count]) => [
      series.replace("poorwill_room_", "").replace(`kind="${kind}"`, "").replace("{}", ""),
      count,
    ]),
  );
}

test("METRIC-04: rooms of a kind count connections, messages, errors and what kept them awake", async () => {
  captureErrors();
  const clock = stopClock();
  enableDirectory();
  const room = new TestRoom(echo);
  const [client, failing] = [await room.connect(), await room.connect()];
  client.send("four");
  expect(await client.next()).toBe("four");
  failing.send("fail");
  expect((await failing.closed).code).toBe(1011);
  await until(async () => (await room.sockets()) === 1);
  clock.advance(REPORT_LIMITS.roomInterval);
  client.send("x");
  await until(async () => (await countsOf(room)).connections === 2);
  expect(await countsOf(room)).toMatchObject({
    messages_received: 2,
    messages_received_size: 8,
    messages_sent: 1,
    messages_sent_size: 4,
    handler_errors: 1,
    wakes: 1,
    'wake_causes{,cause="connect"}': 1,
    'activity{,cause="message"}': 3,
    awake_milliseconds: REPORT_LIMITS.roomInterval,
  });
});

test("METRIC-04: ticks, alarms, requests and calls of a room are told apart", async () => {
  const clock = stopClock();
  enableDirectory();
  const room = new TestRoom({
    message() {},
    tickInterval: REPORT_LIMITS.roomInterval,
    tick() {},
    alarm() {},
    request: () => new Response(),
    calls: { count: () => 1 },
    open: (_, context) => context.setAlarm(Date.now() + REPORT_LIMITS.roomInterval + 1),
  });
  await room.connect();
  await room.request();
  await env.ROOM.getByName(objectName(room.kind, room.name)).ask({
    kind: "call",
    name: "count",
    parameters: "[]",
  });
  clock.advance(REPORT_LIMITS.roomInterval);
  await room.runAlarmOf(Date.now());
  clock.advance(1);
  await room.runAlarmOf(Date.now());
  clock.advance(REPORT_LIMITS.roomInterval);
  await room.request();
  await until(async () => (await countsOf(room)).alarms === 2);
  expect(await countsOf(room)).toMatchObject({
    ticks: 1,
    calls_taken: 1,
    'activity{,cause="alarm:tick"}': 1,
    'activity{,cause="alarm:alarm"}': 1,
    'activity{,cause="request"}': 2,
    'activity{,cause="call"}': 1,
  });
});

test("METRIC-04: rows that a room writes for its alarm are counted", async () => {
  const clock = stopClock();
  enableDirectory();
  const room = new TestRoom({ ...echo, tickInterval: REPORT_LIMITS.roomInterval, tick() {} });
  const client = await room.connect();
  for (let ticks = 0; ticks < 2; ticks += 1) {
    clock.advance(REPORT_LIMITS.roomInterval);
    await room.runAlarmOf(Date.now());
  }
  clock.advance(REPORT_LIMITS.roomInterval);
  client.send("x");
  await until(async () => (await countsOf(room)).ticks === 2);
  // For the first socket, and anew after each tick.
  expect(await countsOf(room)).toMatchObject({ rows_written: 3 });
});

test("METRIC-05: rooms of one kind add up in one row, once a minute each", async () => {
  const clock = stopClock();
  enableDirectory();
  const one = new TestRoom(echo);
  const other = new TestRoom(one.kind);
  const clients = [await one.connect(), await other.connect()];
  const speak = async () => {
    for (const client of clients) {
      client.send("x");
      await client.next();
    }
  };
  await speak();
  // What has been said until then: the message that brings the report is in the next one.
  for (const said of [2, 6]) {
    clock.advance(REPORT_LIMITS.roomInterval);
    await speak();
    await speak();
    await until(async () => (await countsOf(one)).messages_received === said);
  }
  expect(await countsOf(one)).toMatchObject({ connections: 2, wakes: 2 });
  expect((await directory().hubs({})).map(({ hub }) => hub)).not.toContain(`room/${one.kind}`);
});

test("METRIC-05: a room that falls asleep within a minute tells nothing, and none sets an alarm for it", async () => {
  const clock = stopClock();
  enableDirectory();
  const room = new TestRoom(echo);
  const client = await room.connect();
  for (let turn = 0; turn < 3; turn += 1) {
    clock.advance(REPORT_LIMITS.roomInterval / 2);
    await room.sleep();
    client.send("x");
    await client.next();
  }
  expect(await room.alarm()).toBeNull();
  expect(await countsOf(room)).toEqual({});
});

test("METRIC-05: without a directory rooms tell nothing", async () => {
  const clock = stopClock();
  const room = new TestRoom(echo);
  const client = await room.connect();
  clock.advance(REPORT_LIMITS.roomInterval);
  client.send("x");
  await client.next();
  expect(await countsOf(room)).toEqual({});
});
